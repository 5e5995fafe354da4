"""What the fields that a company added hold, row by row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from crm_store.access import ScopedSession
from crm_store.custom_fields import Definition, definitions
from crm_store.custom_fields.holders import holder
from crm_store.errors import NotVisible
from crm_store.models import Account, Case, Order

MOST_NUMBERED = 6


@dataclass(frozen=True, slots=True)
class CustomFacts:
    """One row's custom values in their stored form, by name; ``fields`` are all that its kind of row can hold, ``at`` is when
    the row was last changed."""

    row_id: str
    title: str
    account: str | None
    currency: str | None
    fields: tuple[Definition, ...]
    values: Mapping[str, Any]
    at: datetime

    @property
    def filled(self) -> tuple[tuple[Definition, Any], ...]:
        return tuple((each, self.values[each.name]) for each in self.fields if each.name in self.values)


def custom_of(session: ScopedSession, entity: str, row_id: str) -> CustomFacts:
    """:raises NotVisible: when the row is not there or may not be seen."""
    found = customs_of(session, entity, [row_id])
    if not found:
        raise NotVisible(f"I can't find that {entity} among the records you can see.")
    return found[0]


def customs_of(session: ScopedSession, entity: str, row_ids: Collection[str]) -> tuple[CustomFacts, ...]:
    """The custom values of these rows, by title; what may not be seen is left out."""
    model = holder(entity).model
    title = next(getattr(model, name) for name in ("name", "subject", "number") if hasattr(model, name))
    currency = model.currency if hasattr(model, "currency") else None
    own = (model.id, title, model.custom, model.updated_at, *(() if currency is None else (currency,)))
    if model is Account:
        statement = select(*own).where(model.id.in_(list(row_ids)))
    else:
        statement = select(*own, Account.name.label("account")).outerjoin(Account, Account.id == model.account_id)
        statement = statement.where(model.id.in_(list(row_ids)))
    fields = definitions(session, entity)
    return tuple(
        CustomFacts(
            row.id, row[1], getattr(row, "account", None), getattr(row, "currency", None), fields, dict(row.custom), row.updated_at
        )
        for row in session.execute(statement.order_by(title, model.id))
    )


def numbered(session: ScopedSession, entity: str, text: str) -> tuple[tuple[str, str], ...]:
    """Cases and orders (ids and titles) whose id or number is ``text``, or whose subject has it; at most six."""
    model: Any = {"case": Case, "order": Order}[entity]
    alike = [model.id == text, func.lower(model.number) == text.lower()]
    if model is Case:
        alike.append(Case.subject.icontains(text, autoescape=True))
    title = model.subject if model is Case else model.number
    found = session.execute(select(model.id, title, model.number).where(or_(*alike)).limit(MOST_NUMBERED))
    rows = [(row.id, f"{row[1]} ({row.number})" if model is Case else row.number, row.number) for row in found]
    exact = [row for row in rows if text.lower() in (row[0], row[2].lower())]
    return tuple((id_, told) for id_, told, _ in exact or rows)
