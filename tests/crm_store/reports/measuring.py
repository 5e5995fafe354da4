"""One report over rows made by hand, for the tests of single measures."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from crm_store.access import Scope, ScopedSession
from crm_store.models import Deal, Stage
from crm_store.reports import ReportResult, ReportSettings, ReportSpec, run
from crm_store.reports.history import DealState, changed_timelines
from crm_store.store import Store

TODAY = date(2026, 11, 20)
EVERYTHING = Scope.system("test")


def at(month: int, day: int, hour: int = 12, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def asked(store: Store, subject: str, *measures: str, scope: Scope = EVERYTHING, **spec: Any) -> ReportResult:
    with store.read(scope) as session:
        given = ReportSpec.model_validate({"subject": subject, "measures": measures or ("count",)} | spec)
        return run(session, given, TODAY, ReportSettings())


def total(store: Store, subject: str, *measures: str, **spec: Any) -> tuple[int | float | None, ...]:
    return asked(store, subject, *measures, **spec).total.values


def by(
    store: Store, subject: str, group: str, *measures: str, **spec: Any
) -> dict[str, tuple[int | float | None, ...]]:
    """The rows of a report with one group, by its label."""
    result = asked(store, subject, *measures, group_by=[group], **spec)
    return {row.labels[0]: row.values for row in result.rows}


def deals_at(session: ScopedSession, moment: datetime) -> list[DealState]:
    """Every deal as it was at ``moment``, from what changed since; what did not is as it is."""
    statuses = {row.id: row.status for row in session.execute(select(Stage.id, Stage.status))}
    changed = {one.now.id: one.at(moment, statuses) for one in changed_timelines(session, moment)}
    same = (
        DealState(*(getattr(row, name) for name in DealState._fields))
        for row in session.scalars(select(Deal))
        if row.id not in changed
    )
    return [*same, *(state for state in changed.values() if state is not None)]
