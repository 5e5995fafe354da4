"""The few date expressions that each database spells in its own way.

The day of a moment is the reader's: both databases are told the zone by one parameter, :data:`ZONE`, given when a
report runs (``UTC`` where it is not), and both know every zone's rules. SQLite has no zones of its own, so
:mod:`crm_store.local_days` gives it a function, which is asked only where the zone is not UTC: that is called for every row."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, bindparam, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from crm_store.base import UtcDateTime

ZONE = "report_zone"
"""The parameter that holds the reader's zone, an IANA name."""

TODAY: Any = bindparam("report_today", type_=Date())
PERIOD_FIRST: Any = bindparam("report_first", type_=Date())
PERIOD_EVE: Any = bindparam("report_eve", type_=Date())
PERIOD_LAST: Any = bindparam("report_last", type_=Date())
AS_OF: Any = bindparam("report_as_of", type_=Date())
PERIOD_START: Any = bindparam("report_start", type_=UtcDateTime())
AFTER_TODAY: Any = bindparam("report_after_today", type_=UtcDateTime())
"""The day a report is made; the first day of its period, the one before it and the last; the day that a state at the end
of the period is of (its last day, or today while it runs); the first moment of the period (:data:`EVER` where it has
none) and the first after the day the report is made. All are given when the report runs (see
:mod:`crm_store.reports.selecting`)."""

EVER = datetime(1, 1, 1, tzinfo=UTC)


class local_day(FunctionElement[date]):
    """The day of a moment in a zone: ``local_day(moment, zone)``."""

    type = Date()
    inherit_cache = True
    name = "local_day"


def day_of(moment: Any) -> ColumnElement[date]:
    """The reader's day of a moment."""
    return local_day(moment, bindparam(ZONE, "UTC", String()))


class days_from(FunctionElement[int]):
    """Whole days from the first day to the second."""

    type = Integer()
    inherit_cache = True
    name = "days_from"


def days_between(first: Any, second: Any) -> ColumnElement[int]:
    """Whole days of the reader from the first moment or day to the second; negative when the second is earlier."""
    return days_from(_as_day(first), _as_day(second))


class minutes_between(FunctionElement[int]):
    """Whole minutes from the first moment to the second."""

    type = Integer()
    inherit_cache = True
    name = "minutes_between"


@compiles(local_day, "sqlite")
def _local_day_sqlite(element: local_day, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, zone = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"CASE {zone} WHEN 'UTC' THEN substr({moment}, 1, 10) ELSE local_day({moment}, {zone}) END"


@compiles(local_day, "postgresql")
def _local_day_postgresql(element: local_day, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, zone = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(({moment}) at time zone cast({zone} as text))::date"


@compiles(days_from, "sqlite")
def _days_sqlite(element: days_from, compiler: SQLCompiler, **kwargs: Any) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"cast(julianday({second}) - julianday({first}) as integer)"


@compiles(days_from, "postgresql")
def _days_postgresql(element: days_from, compiler: SQLCompiler, **kwargs: Any) -> str:
    first, second = (compiler.process(cast(clause, Date), **kwargs) for clause in element.clauses)
    return f"(({second}) - ({first}))"


@compiles(minutes_between, "sqlite")
def _minutes_sqlite(element: minutes_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(cast(round((julianday({second}) - julianday({first})) * 86400) as integer) / 60)"


@compiles(minutes_between, "postgresql")
def _minutes_postgresql(element: minutes_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"(cast(round(extract(epoch from (({second}) - ({first})))) as bigint) / 60)"


def _as_day(clause: Any) -> Any:
    return clause if isinstance(clause.type, Date) else day_of(clause)
