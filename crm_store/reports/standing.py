"""Where a period stands: closed against quota, and what is still open by forecast category."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.access import scope_of
from crm_store.masking import refuse_figures
from crm_store.models import Person, Quota
from crm_store.reports.money import Rates
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.result import ReportResult, Unconverted
from crm_store.reports.rollup import rolled_up
from crm_store.reports.run import run
from crm_store.reports.spec import AllOf, Condition, Filter, ReportSpec, Span

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
    refuse_figures(scope_of(session).hidden, "deal.amount_minor")
    period = Span(since=days.since, until=days.until)

    def report(*conditions: Condition, group: tuple[str, ...] = (), within: Span | None = period) -> ReportResult:
        kept: list[Filter] = list(conditions)
        if owner_ids is not None:
            kept.append(Condition(field="owner", op="in", value=tuple(sorted(owner_ids)), said=said))
        spec = ReportSpec(measures=("sum", "count"), filter=AllOf(all_of=tuple(kept)), group_by=group, period=within)
        return run(session, spec, today, settings)

    is_open = Condition(field="status", op="eq", value="open")
    won = report(Condition(field="status", op="eq", value="won"), group=("owner",))
    lost = report(Condition(field="status", op="eq", value="lost"))
    still = report(is_open, group=("forecast_category",))
    overdue = report(is_open, Condition(field="close_date", op="lt", value=today.isoformat()), within=None)
    by_category = {row.keys[0]: (int(row.values[0] or 0), int(row.values[1] or 0)) for row in still.rows}
    commit, best = by_category.pop("commit", (0, 0)), by_category.pop("best_case", (0, 0))
    by_category.pop("omitted", None)
    rest = (sum(amount for amount, _ in by_category.values()), sum(number for _, number in by_category.values()))
    quotas = _quotas(session, days, settings.currency, owner_ids)
    people = {row.keys[0] or "": (row.labels[0], int(row.values[0] or 0)) for row in won.rows}
    names = {
        row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(quotas))))
    }
    managers = rolled_up(session, quotas)
    part_of_another = frozenset().union(*managers.values())
    total_quota = sum(amount for person, amount in quotas.items() if person not in part_of_another)
    by_owner = [
        (key, people[key][0] if key in people else names.get(key, "?"), people.get(key, ("", 0))[1], quotas.get(key, 0))
        for key in sorted(set(people) | (set(quotas) - set(managers)))
    ]
    return Standing(
        days,
        settings.currency,
        total_quota,
        int(won.total.values[0] or 0),
        won.count,
        int(lost.total.values[0] or 0),
        lost.count,
        *commit,
        *best,
        *rest,
        int(overdue.total.values[0] or 0),
        overdue.count,
        tuple(sorted(by_owner, key=lambda one: (-one[2], one[1]))),
        (*won.unconverted, *still.unconverted),
        won.described,
    )


def _quotas(session: Session, days: Days, currency: str, owner_ids: Collection[str] | None) -> dict[str, int]:
    """Each person's quota of the period: quotas inside it in full, others by the share of their days that lie in it."""
    if days.since is None or days.until is None:
        return {}
    statement = select(Quota.person_id, Quota.starts, Quota.ends, Quota.amount_minor, Quota.currency)
    statement = statement.where(Quota.starts <= days.until, Quota.ends >= days.since)
    if owner_ids is not None:
        statement = statement.where(Quota.person_id.in_(sorted(owner_ids)))
    rates = Rates.load(session, currency)
    exact: dict[str, Fraction] = {}
    for row in session.execute(statement):
        factor = rates.factor(row.currency, row.starts)
        if factor is not None:
            shared = (min(row.ends, days.until) - max(row.starts, days.since)).days + 1
            part = Fraction(shared, (row.ends - row.starts).days + 1)
            exact[row.person_id] = exact.get(row.person_id, Fraction(0)) + row.amount_minor * factor * part
    return {person: round(amount) for person, amount in exact.items()}
