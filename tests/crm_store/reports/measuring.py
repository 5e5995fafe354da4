"""One report over rows made by hand, for the tests of single measures."""

from datetime import UTC, date, datetime
from typing import Any

from crm_store.access import Scope
from crm_store.reports import ReportResult, ReportSettings, ReportSpec, run
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
