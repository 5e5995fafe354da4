"""Where a period stands: closed against quota, and what is still open by forecast category."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Date, and_, case, cast, func, null, or_, select
from sqlalchemy.orm import Session

from crm_store.access import scope_of
from crm_store.masking import read_by, refuse_figures
from crm_store.models import Deal, DealStatus, Person, Quota
from crm_store.reports.counted import counted_sentence
from crm_store.reports.filters import within
from crm_store.reports.money import Rates
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.result import Unconverted
from crm_store.reports.rollup import rolled_up
from crm_store.reports.spec import AllOf, Condition
from crm_store.reports.sql import ZONE
from crm_store.reports.subjects import field_named
from crm_store.reports.subjects.deals import DEAL_RATE_DAY, DEALS

COVERAGE_TARGET = 3.0


@dataclass(frozen=True)
class Standing:
    """Amounts in minor units of ``currency``. ``commit``, ``best_case`` and ``pipeline`` are open deals due in the
    period, each without the others; ``coverage`` is all of them against what is left to the quota, None where
    nothing is left or there is no quota. ``overdue_minor`` is open with a close date that has passed, and counted
    in its category when due in the period."""

    days: Days
    currency: str
    quota_minor: int
    won_minor: int
    won_deals: int
    lost_minor: int
    lost_deals: int
    commit_minor: int
    commit_deals: int
    best_case_minor: int
    best_case_deals: int
    pipeline_minor: int
    pipeline_deals: int
    overdue_minor: int
    overdue_deals: int
    won_by_owner: tuple[tuple[str, str, int, int], ...]
    unconverted: tuple[Unconverted, ...]
    counted: str

    @property
    def open_minor(self) -> int:
        return self.commit_minor + self.best_case_minor + self.pipeline_minor

    @property
    def left_minor(self) -> int:
        return max(self.quota_minor - self.won_minor, 0)

    @property
    def coverage(self) -> float | None:
        return (
            float(round(Fraction(self.open_minor, self.left_minor), 1))
            if self.quota_minor and self.left_minor
            else None
        )


def standing(
    session: Session,
    days: Days,
    today: date,
    settings: ReportSettings,
    owner_ids: Collection[str] | None = None,
    said: str | None = None,
) -> Standing:
    """The standing of a closed period for these owners (``said`` is who they are, in words), or for everyone
    visible. ``won_by_owner`` holds (id, name, amount, quota) for everyone with either; a manager whose quota is the
    team's is there only with deals of their own."""
    rates = Rates.load(session, settings.currency)
    parts = list(_parts(session, days, today, settings, owner_ids, rates))
    won = [part for part in parts if part.status == DealStatus.WON and part.inside]
    lost = [part for part in parts if part.status == DealStatus.LOST and part.inside]
    still = [part for part in parts if part.status == DealStatus.OPEN and part.inside]
    overdue = [part for part in parts if part.late]
    by_category = {category: _added(of) for category, of in _split((part.category, part) for part in still).items()}
    commit, best = by_category.pop("commit", (0, 0)), by_category.pop("best_case", (0, 0))
    by_category.pop("omitted", None)
    rest = (sum(amount for amount, _ in by_category.values()), sum(number for _, number in by_category.values()))
    people = {owner: _added(of)[0] for owner, of in _split((part.owner_id, part) for part in won).items()}
    quotas = _quotas(session, days, rates, owner_ids)
    managers = rolled_up(session, quotas)
    part_of_another = frozenset().union(*managers.values())
    total_quota = sum(amount for person, amount in quotas.items() if person not in part_of_another)
    return Standing(
        days,
        settings.currency,
        total_quota,
        *_added(won),
        *_added(lost),
        *commit,
        *best,
        *rest,
        *_added(overdue),
        _by_owner(session, people, quotas, managers),
        (*_lacking(won), *_lacking(still)),
        _described(session, days, today, settings, owner_ids, said),
    )


class _Part(NamedTuple):
    """Deals of one status, owner (where they were won) and category (where they are open), whose amounts are in one currency
    and convert at one rate; ``inside`` are due in the period, ``late`` open and overdue. ``amount`` is exact, in minor units
    of the reporting currency, and None without a rate; ``given`` are minor units of their own, and ``amounts`` how many
    deals have one."""

    owner_id: str | None
    status: str
    category: str | None
    inside: bool
    late: bool
    currency: str | None
    deals: int
    amounts: int
    given: int
    amount: Fraction | None


def _parts(
    session: Session,
    days: Days,
    today: date,
    settings: ReportSettings,
    owner_ids: Collection[str] | None,
    rates: Rates,
) -> Iterator[_Part]:
    """All that a standing is made of, in one pass over the deals."""
    inside = within(field_named(DEALS, "close_date"), days, settings)
    late = and_(Deal.status == DealStatus.OPEN, Deal.close_date.is_not(None), Deal.close_date < today)
    rate_day = case((Deal.currency == settings.currency, cast(null(), Date)), else_=DEAL_RATE_DAY)
    columns = {
        "owner_id": case((Deal.status == DealStatus.WON, Deal.owner_id)), "status": Deal.status,
        "category": case((Deal.status == DealStatus.OPEN, Deal.forecast_category)), "inside": inside, "late": late,
        "currency": Deal.currency, "rate_day": rate_day,
    }  # fmt: skip
    hidden = scope_of(session).hidden
    for name in sorted(read_by((*columns.values(), Deal.amount_minor), hidden)):
        refuse_figures(hidden, name)
    of_these = [] if owner_ids is None else [Deal.owner_id.in_(sorted(owner_ids))]
    inner = (
        select(*(column.label(name) for name, column in columns.items()), Deal.amount_minor.label("amount"))
        .where(or_(and_(Deal.status.in_(tuple(DealStatus)), inside), late), *of_these)
        .subquery()
    )
    keys = [inner.c[name] for name in columns]
    sums = select(*keys, func.count(), func.count(inner.c.amount), func.sum(inner.c.amount)).group_by(*keys)
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for *known, currency, day, deals, amounts, given in session.execute(sums, {ZONE: str(settings.zone)}):
        pot = found[*known, currency, rates.since(currency, day)]
        for place, value in enumerate((deals, amounts, given or 0)):
            pot[place] += int(value)
    for (*known, currency, day), (deals, amounts, given) in found.items():
        factor = rates.factor(currency, day)
        owner_id, status, category, inside, late = known
        amount = None if factor is None else given * factor
        yield _Part(owner_id, status, category, inside, late, currency, deals, amounts, given, amount)


def _split(parts: Iterable[tuple[str | None, _Part]]) -> dict[str, list[_Part]]:
    found: dict[str, list[_Part]] = defaultdict(list)
    for key, part in parts:
        found[key or ""].append(part)
    return found


def _added(parts: Iterable[_Part]) -> tuple[int, int]:
    """The amount of what has a rate, and how many deals there are."""
    there = list(parts)
    return round(sum((part.amount or Fraction(0) for part in there), Fraction(0))), sum(part.deals for part in there)


def _lacking(parts: Iterable[_Part]) -> Iterator[Unconverted]:
    for currency, of in sorted(_split((part.currency, part) for part in parts if part.amount is None).items()):
        if number := sum(part.amounts for part in of):
            yield Unconverted(currency=currency, amount_minor=sum(part.given for part in of), count=number)


def _by_owner(
    session: Session, won: dict[str, int], quotas: dict[str, int], managers: Collection[str]
) -> tuple[tuple[str, str, int, int], ...]:
    people = set(won) | (set(quotas) - set(managers))
    known = select(Person.id, Person.name).where(Person.id.in_(sorted(people)))
    names = {row.id: row.name for row in session.execute(known)} | {"": "no owner"}
    found = [(key, names.get(key, "?"), won.get(key, 0), quotas.get(key, 0)) for key in sorted(people)]
    return tuple(sorted(found, key=lambda one: (-one[2], one[1])))


def _described(
    session: Session,
    days: Days,
    today: date,
    settings: ReportSettings,
    owner_ids: Collection[str] | None,
    said: str | None,
) -> str:
    """What the amount that was won counts, in words."""
    of = [] if owner_ids is None else [Condition(field="owner", op="in", value=tuple(sorted(owner_ids)), said=said)]
    tree = AllOf(all_of=(Condition(field="status", op="eq", value="won"), *of))
    return counted_sentence(session, DEALS, tree, field_named(DEALS, DEALS.day), days, today, settings)


def _quotas(session: Session, days: Days, rates: Rates, owner_ids: Collection[str] | None) -> dict[str, int]:
    """Each person's quota of the period: quotas inside it in full, others by the share of their days that lie in it."""
    if days.since is None or days.until is None:
        return {}
    statement = select(Quota.person_id, Quota.starts, Quota.ends, Quota.amount_minor, Quota.currency)
    statement = statement.where(Quota.starts <= days.until, Quota.ends >= days.since)
    if owner_ids is not None:
        statement = statement.where(Quota.person_id.in_(sorted(owner_ids)))
    exact: dict[str, Fraction] = {}
    for row in session.execute(statement):
        factor = rates.factor(row.currency, row.starts)
        if factor is not None:
            shared = (min(row.ends, days.until) - max(row.starts, days.since)).days + 1
            part = Fraction(shared, (row.ends - row.starts).days + 1)
            exact[row.person_id] = exact.get(row.person_id, Fraction(0)) + row.amount_minor * factor * part
    return {person: round(amount) for person, amount in exact.items()}
