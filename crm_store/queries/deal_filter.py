"""Which deals a list is of, and what is told of each from the rows around it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from operator import ge, le
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, union_all

from crm_store.models import Contact, Deal, DealContact, Direction, FieldHistory, Interaction
from crm_store.reports.amounts import compared
from crm_store.reports.subjects.deals import DEAL_RATE_DAY


@dataclass(frozen=True, slots=True)
class DealFilter:
    """What a deal must be to be listed; an empty field asks for nothing. Both ends of a period are included."""

    deal_ids: frozenset[str] | None = None
    owner_ids: frozenset[str] | None = None
    status: str | None = None
    account_id: str | None = None
    stage_ids: frozenset[str] | None = None
    forecast_category: str | None = None
    closing_since: date | None = None
    closing_until: date | None = None
    untouched_since: datetime | None = None
    min_amount_minor: int | None = None
    max_amount_minor: int | None = None
    amounts_in: str | None = None
    """The currency that the limits are in and amounts are converted to; without one each is taken in its own."""
    without_next_step: bool = False
    without_role: str | None = None
    """A part that nobody who is still there plays on the deal."""
    competitor: str | None = None
    kind: str | None = None
    pushed_since: datetime | None = None
    pushed_until: datetime | None = None
    """Moments between which the close date moved later; the second is excluded."""


def _last(now: datetime, *of: ColumnElement[bool]) -> Select[Any]:
    return select(func.max(Interaction.at).label("at")).where(
        *of, Interaction.at <= now, Interaction.direction != Direction.INTERNAL
    )


def _on(deal: Any) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """What counts as contact on a deal: an interaction on it, or on its account and tied to no deal. Asked for one after
    the other each is a step in an index; asked for with "or" they would be a walk through all of them."""
    return (Interaction.deal_id == deal.id,), (Interaction.account_id == deal.account_id, Interaction.deal_id.is_(None))


def touched(deal: Any, now: datetime) -> Any:
    """The last contact on a deal up to ``now``; ``deal`` is the entity, or the columns of a subquery of it."""
    newest = union_all(*(_last(now, *of).correlate(_source(deal)) for of in _on(deal))).subquery("touch")
    return select(func.max(newest.c.at)).correlate(_source(deal)).scalar_subquery()


def _amount(test: Callable[[Any, Any], Any], limit: int, currency: str | None) -> ColumnElement[bool]:
    if currency is None:
        own: ColumnElement[bool] = test(Deal.amount_minor, limit)
        return own
    return compared(Deal.amount_minor, Deal.currency, DEAL_RATE_DAY, test, limit, currency, currency)


def _source(deal: Any) -> Any:
    """What the columns of ``deal`` are of: the entity itself, or the subquery that they were read in."""
    return deal if deal is Deal else deal.id.table


def _untouched_since(since: datetime, now: datetime) -> list[ColumnElement[bool]]:
    """No contact from ``since`` to ``now``, and made before."""
    when = (Interaction.at >= since, Interaction.at <= now, Interaction.direction != Direction.INTERNAL)
    touches = (select(Interaction.at).where(*of, *when).correlate(Deal) for of in _on(Deal))
    return [Deal.created_at < since, *(not_(one.exists()) for one in touches)]


def _moved_later(deal: Any) -> tuple[ColumnElement[bool], ...]:
    """What of the field history is a close date of this deal that moved later."""
    return (
        FieldHistory.entity == "deal",
        FieldHistory.entity_id == deal.id,
        FieldHistory.field == "close_date",
        FieldHistory.old.is_not(None),
        FieldHistory.new > FieldHistory.old,
    )


def pushes(deal: Any) -> Any:
    """How often the close date of a deal moved later; ``deal`` as in :func:`touched`."""
    return select(func.count(FieldHistory.id)).where(*_moved_later(deal)).correlate(_source(deal)).scalar_subquery()


def _pushed(since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    when = [FieldHistory.at >= since] if since is not None else []
    when += [FieldHistory.at < until] if until is not None else []
    return select(FieldHistory.id).where(*_moved_later(Deal), *when).correlate(Deal).exists()


def _played(role: str) -> ColumnElement[bool]:
    on = (DealContact.deal_id == Deal.id, DealContact.role == role, Contact.left_on.is_(None))
    return select(DealContact.id).join(Contact, Contact.id == DealContact.contact_id).where(*on).correlate(Deal).exists()


def conditions(wanted: DealFilter, now: datetime) -> list[ColumnElement[bool]]:
    """What the filter asks of a deal."""
    found: list[ColumnElement[bool]] = []
    if wanted.deal_ids is not None:
        found.append(Deal.id.in_(sorted(wanted.deal_ids)))
    if wanted.owner_ids is not None:
        found.append(Deal.owner_id.in_(sorted(wanted.owner_ids)))
    if wanted.status:
        found.append(Deal.status == wanted.status)
    if wanted.account_id:
        found.append(Deal.account_id == wanted.account_id)
    if wanted.stage_ids is not None:
        found.append(Deal.stage_id.in_(sorted(wanted.stage_ids)))
    if wanted.forecast_category:
        found.append(Deal.forecast_category == wanted.forecast_category)
    if wanted.closing_since:
        found.append(Deal.close_date >= wanted.closing_since)
    if wanted.closing_until:
        found.append(Deal.close_date <= wanted.closing_until)
    if wanted.min_amount_minor is not None:
        found.append(_amount(ge, wanted.min_amount_minor, wanted.amounts_in))
    if wanted.max_amount_minor is not None:
        found.append(_amount(le, wanted.max_amount_minor, wanted.amounts_in))
    if wanted.without_next_step:
        found.append(or_(Deal.next_step.is_(None), func.trim(Deal.next_step) == ""))
    if wanted.without_role:
        found.append(not_(_played(wanted.without_role)))
    if wanted.competitor:
        found.append(func.lower(Deal.competitor).contains(wanted.competitor.lower(), autoescape=True))
    if wanted.kind:
        found.append(Deal.kind == wanted.kind)
    if wanted.pushed_since is not None or wanted.pushed_until is not None:
        found.append(_pushed(wanted.pushed_since, wanted.pushed_until))
    if wanted.untouched_since is not None:
        found += _untouched_since(wanted.untouched_since, now)
    return found
