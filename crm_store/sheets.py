"""A row as a sheet of labelled lines: what a citation opens where the source is a record and not a text."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from crm_store.base import Base
from crm_store.changes.fields import ENTITIES
from crm_store.currencies import amount_text
from crm_store.custom_fields import definitions, from_history, value_text
from crm_store.custom_fields.holders import HOLDERS
from crm_store.models import (
    Account,
    Case,
    Contact,
    Deal,
    FieldHistory,
    Order,
    OrderLine,
    Person,
    Pipeline,
    Product,
    Stage,
    Subscription,
    SurveyResponse,
    Task,
)

KINDS: dict[str, type[Base]] = {
    "account": Account,
    "case": Case,
    "contact": Contact,
    "deal": Deal,
    "order": Order,
    "subscription": Subscription,
    "survey": SurveyResponse,
    "task": Task,
}
_NAMED: dict[str, type[Base]] = {
    "account_id": Account, "contact_id": Contact, "deal_id": Deal, "owner_id": Person, "pipeline_id": Pipeline,
    "product_id": Product, "renewal_deal_id": Deal, "stage_id": Stage,
}  # fmt: skip
_LEFT_OUT = {
    "id",
    "version",
    "external_source",
    "external_id",
    "custom",
    "created_at",
    "updated_at",
    "source_id",
    "case_id",
}
MOST_HISTORY = 20


@dataclass(frozen=True)
class Sheet:
    """``lines`` are labels and values; a value is a plain string, a day or a time."""

    kind: str
    id: str
    title: str
    at: datetime
    account: str | None
    lines: tuple[tuple[str, str], ...]


def read_sheet(session: Session, kind: str, row_id: str) -> Sheet | None:
    """The row of this kind and id, or None when it does not exist or may not be seen."""
    model = KINDS.get(kind)
    row: Any = session.get(model, row_id) if model is not None else None
    if row is None:
        return None
    lines = [
        (_label(kind, name), _text(session, row, name, value))
        for name in inspect(type(row)).columns.keys()  # noqa: SIM118  (a column collection is no mapping)
        if name not in _LEFT_OUT and (value := getattr(row, name)) not in (None, "", False)
    ]
    if kind in HOLDERS:
        lines += [
            (each.label, value_text(each, row.custom[each.name], getattr(row, "currency", None)))
            for each in definitions(session, kind)
            if each.name in row.custom
        ]
    if isinstance(row, Order):
        lines += _order_lines(session, row)
    if isinstance(row, Deal):
        lines += _history(session, row)
    title = next(
        (str(getattr(row, name)) for name in ("name", "title", "subject", "number") if getattr(row, name, None)), kind
    )
    account = session.get(Account, row.account_id) if getattr(row, "account_id", None) else None
    return Sheet(kind, row.id, title, _at(row), account.name if account is not None else None, tuple(lines))


def _label(kind: str, name: str) -> str:
    spec = ENTITIES[kind].fields.get(name) if kind in ENTITIES else None
    return (
        spec.label
        if spec is not None
        else name.removesuffix("_id").removesuffix("_minor").replace("_", " ").capitalize()
    )


def _text(session: Session, row: Any, name: str, value: Any) -> str:
    if name in _NAMED:
        named: Any = session.get(_NAMED[name], value)
        return str(named.name) if named is not None else "not visible to you"
    if name.endswith("_minor"):
        return amount_text(value, getattr(row, "currency", None) or "").strip()
    if isinstance(value, datetime):
        return f"{value:%d %b %Y, %H:%M} UTC"
    if isinstance(value, date):
        return f"{value:%d %b %Y}"
    return (
        "yes"
        if value is True
        else str(value).replace("_", " ")
        if name in ("status", "kind", "forecast_category")
        else str(value)
    )


def _order_lines(session: Session, order: Order) -> list[tuple[str, str]]:
    statement = (
        select(OrderLine, Product.name)
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id == order.id)
    )
    return [
        (f"{line.quantity} x {name}", amount_text(line.amount_minor, line.currency))
        for line, name in session.execute(statement)
    ]


def _history(session: Session, deal: Deal) -> list[tuple[str, str]]:
    statement = (
        select(FieldHistory)
        .where(FieldHistory.entity == "deal", FieldHistory.entity_id == deal.id, FieldHistory.old.is_not(None))
        .order_by(FieldHistory.at.desc())
        .limit(MOST_HISTORY)
    )
    found = []
    added = {each.key: each for each in definitions(session, "deal", removed=True)}
    for line in session.scalars(statement):
        if (definition := added.get(line.field)) is not None:
            was, became = (
                value_text(definition, from_history(definition, value), deal.currency) or "—"
                for value in (line.old, line.new)
            )
            found.append((f"{line.at:%d %b %Y}", f"{definition.label}: {was} → {became}"))
            continue
        old, new = (_stored(session, deal, line.field, value) for value in (line.old, line.new))
        found.append((f"{line.at:%d %b %Y}", f"{_label('deal', line.field)}: {old} → {new}"))
    return found


def _stored(session: Session, deal: Deal, name: str, value: str | None) -> str:
    if value is None:
        return "—"
    if name.endswith("_minor"):
        return _text(session, deal, name, int(value))
    if name.endswith("_date"):
        return _text(session, deal, name, date.fromisoformat(value))
    return _text(session, deal, name, value)


def _at(row: Any) -> datetime:
    for name in ("updated_at", "at", "opened_at"):
        if isinstance(getattr(row, name, None), datetime):
            found: datetime = getattr(row, name)
            return found
    return datetime.combine(date.min, time(), UTC)
