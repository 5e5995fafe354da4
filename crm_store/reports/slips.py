"""Slips: how often a close date moved later, from when to when, by how many days, and who moved it.

A slip is a recorded change of a deal's close date to a later day; a first date, and a date set by the act of closing,
are none. Dates that moved earlier are counted beside them as ``pulled_in``."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from crm_store.models import Deal, FieldHistory
from crm_store.reports.money import Rates
from crm_store.reports.periods import ReportSettings


@dataclass(frozen=True)
class Slip:
    """One change of a close date by ``days`` (negative when it moved earlier); ``by_id`` is who changed it, None where
    an import did."""

    at: datetime
    by_id: str | None
    before: date
    after: date

    @property
    def days(self) -> int:
        return (self.after - self.before).days


@dataclass(frozen=True)
class SlippedDeal:
    """A deal whose date moved later at least once. ``amount_minor`` is in the reporting currency, None without a
    rate; ``slips`` are oldest first and hold the moves to an earlier day as well."""

    deal_id: str
    deal: str
    account_id: str | None
    owner_id: str | None
    status: str
    amount_minor: int | None
    slips: tuple[Slip, ...]

    @property
    def pushed(self) -> tuple[Slip, ...]:
        return tuple(slip for slip in self.slips if slip.days > 0)

    @property
    def times(self) -> int:
        return len(self.pushed)

    @property
    def pulled_in(self) -> int:
        return len(self.slips) - self.times

    @property
    def days(self) -> int:
        """From the first date to the last, what was pulled in again taken off."""
        return (self.last - self.first).days

    @property
    def first(self) -> date:
        return self.slips[0].before

    @property
    def last(self) -> date:
        return self.slips[-1].after


@dataclass(frozen=True)
class Slipper:
    """How often a person moved close dates later, of how many deals, and by how many days together."""

    person_id: str | None
    times: int
    deals: int
    days: int


@dataclass(frozen=True)
class Slips:
    """Most slipped first: by how often, then by how many days. ``changed_by`` are the people who moved the dates and
    ``owned_by`` the owners of the deals, both by how often."""

    currency: str
    deals: tuple[SlippedDeal, ...]
    changed_by: tuple[Slipper, ...]
    owned_by: tuple[Slipper, ...]

    @property
    def times(self) -> int:
        return sum(deal.times for deal in self.deals)

    @property
    def days(self) -> int:
        return sum(slip.days for deal in self.deals for slip in deal.pushed)


def slips(
    session: Session,
    settings: ReportSettings,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    owner_ids: Collection[str] | None = None,
    by_ids: Collection[str] | None = None,
    account_id: str | None = None,
    deal_ids: Collection[str] | None = None,
    open_only: bool = False,
    at_least: int = 1,
) -> Slips:
    """The slips recorded from ``since`` up to and without ``until`` (aware) in the deals that ``session`` may see.

    ``owner_ids`` are the deals' owners now and ``by_ids`` those who moved the dates; ``at_least`` keeps deals that
    slipped so often in that time.
    """
    conditions = _conditions(since, until, owner_ids, by_ids, account_id, deal_ids, open_only)
    columns = (FieldHistory.at, FieldHistory.by_id, FieldHistory.old, FieldHistory.new)
    about = (Deal.id, Deal.name, Deal.account_id, Deal.owner_id, Deal.status, Deal.amount_minor, Deal.currency)
    found = session.execute(
        select(*about, Deal.close_date, *columns)
        .join(Deal, Deal.id == FieldHistory.entity_id)
        .where(*conditions)
        .order_by(FieldHistory.at, FieldHistory.id)
    )
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        rows[row.id].append(row)
    rates = Rates.load(session, settings.currency)
    deals = [deal for group in rows.values() if (deal := _deal(group, rates)).times >= max(at_least, 1)]
    deals.sort(key=lambda deal: (-deal.times, -deal.days, deal.deal, deal.deal_id))
    changed = [(slip.by_id, deal.deal_id, slip.days) for deal in deals for slip in deal.pushed]
    owned = [(deal.owner_id, deal.deal_id, slip.days) for deal in deals for slip in deal.pushed]
    return Slips(settings.currency, tuple(deals), _people(changed), _people(owned))


def _conditions(
    since: datetime | None,
    until: datetime | None,
    owner_ids: Collection[str] | None,
    by_ids: Collection[str] | None,
    account_id: str | None,
    deal_ids: Collection[str] | None,
    open_only: bool,
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        FieldHistory.entity == "deal",
        FieldHistory.field == "close_date",
        and_(FieldHistory.old.is_not(None), FieldHistory.new.is_not(None), FieldHistory.old != FieldHistory.new),
        or_(Deal.status == "open", Deal.closed_at.is_(None), Deal.closed_at != FieldHistory.at),
    ]
    if since is not None:
        found.append(FieldHistory.at >= since)
    if until is not None:
        found.append(FieldHistory.at < until)
    if owner_ids is not None:
        found.append(Deal.owner_id.in_(sorted(owner_ids)))
    if by_ids is not None:
        found.append(FieldHistory.by_id.in_(sorted(by_ids)))
    if account_id is not None:
        found.append(Deal.account_id == account_id)
    if deal_ids is not None:
        found.append(Deal.id.in_(sorted(deal_ids)))
    if open_only:
        found.append(Deal.status == "open")
    return found


def _deal(rows: Sequence[Any], rates: Rates) -> SlippedDeal:
    one = rows[0]
    factor = rates.factor(one.currency, one.close_date)
    amount = 0 if not one.amount_minor else None if factor is None else round(one.amount_minor * factor)
    changes = tuple(Slip(r.at, r.by_id, date.fromisoformat(r.old), date.fromisoformat(r.new)) for r in rows)
    return SlippedDeal(one.id, one.name, one.account_id, one.owner_id, one.status, amount, changes)


def _people(slipped: Iterable[tuple[str | None, str, int]]) -> tuple[Slipper, ...]:
    found: dict[str | None, list[tuple[str, int]]] = defaultdict(list)
    for person, deal, days in slipped:
        found[person].append((deal, days))
    people = [
        Slipper(person, len(each), len({deal for deal, _ in each}), sum(days for _, days in each))
        for person, each in found.items()
    ]
    return tuple(sorted(people, key=lambda one: (-one.times, -one.days, one.person_id or "")))


__all__ = ["Slip", "SlippedDeal", "Slipper", "Slips", "slips"]
