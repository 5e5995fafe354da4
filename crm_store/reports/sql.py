"""The few date expressions that each database spells in its own way."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, cast, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class day_of(FunctionElement[date]):
    """The UTC day of a moment."""

    type = Date()
    inherit_cache = True
    name = "day_of"


class days_between(FunctionElement[int]):
    """Whole UTC days from the first moment or day to the second; negative when the second is earlier."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


class minutes_between(FunctionElement[int]):
    """Whole minutes from the first moment to the second."""

    type = Integer()
    inherit_cache = True
    name = "minutes_between"


@compiles(day_of, "sqlite")
def _day_of_sqlite(element: day_of, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"date({compiler.process(element.clauses, **kwargs)})"


@compiles(day_of, "postgresql")
def _day_of_postgresql(element: day_of, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"(({compiler.process(element.clauses, **kwargs)}) at time zone 'UTC')::date"


@compiles(days_between, "sqlite")
def _days_sqlite(element: days_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"cast(julianday(date({second})) - julianday(date({first})) as integer)"


@compiles(days_between, "postgresql")
def _days_postgresql(element: days_between, compiler: SQLCompiler, **kwargs: Any) -> str:
    first, second = (compiler.process(_as_day(clause), **kwargs) for clause in element.clauses)
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
    return cast(clause, Date) if isinstance(clause.type, Date) else day_of(clause)


def the_day(day: date) -> Any:
    """``day`` as a value for :class:`days_between`."""
    return literal(day, Date())
