"""Custom values inside SQL: each kind with the type it sorts, compares and adds up as, on both databases.

A value is taken out as text and cast, in each database's own words. A row without the key has NULL. Numbers are added up
as whole ten-thousandths, so that no sum passes through a float.
"""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from crm_store.custom_fields.definitions import Definition
from crm_store.custom_fields.values import PLACES
from crm_store.models import CustomKind

SCALE: int = 10**PLACES


class json_day(FunctionElement[date]):
    """A day held as ISO text."""

    type = Date()
    inherit_cache = True
    name = "json_day"


class json_integer(FunctionElement[int]):
    """A whole number of up to 64 bits."""

    type = BigInteger()
    inherit_cache = True
    name = "json_integer"


class json_number(FunctionElement[float]):
    """A number with a point."""

    type = Float()
    inherit_cache = True
    name = "json_number"


class json_scaled(FunctionElement[int]):
    """A number as whole ten-thousandths."""

    type = BigInteger()
    inherit_cache = True
    name = "json_scaled"


def value_of(definition: Definition, column: Any) -> Any:
    """The field's value in ``column`` (a model's ``custom``), NULL where there is none."""
    found = column[definition.name]
    match definition.kind:
        case CustomKind.DATE:
            return json_day(found.as_string())
        case CustomKind.MONEY:
            return json_integer(found.as_string())
        case CustomKind.NUMBER:
            return json_number(found.as_string())
        case CustomKind.FLAG:
            return found.as_boolean()
        case _:
            return found.as_string()


def scaled_value_of(definition: Definition, column: Any) -> Any:
    """A number field's value times :data:`SCALE`, exactly."""
    return json_scaled(column[definition.name].as_string())


def _only(element: FunctionElement[Any], compiler: SQLCompiler, **kwargs: Any) -> str:
    return compiler.process(element.clauses, **kwargs)


@compiles(json_day, "sqlite")
def _day_sqlite(element: json_day, compiler: SQLCompiler, **kwargs: Any) -> str:
    return _only(element, compiler, **kwargs)


@compiles(json_integer, "sqlite")
def _integer_sqlite(element: json_integer, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST({_only(element, compiler, **kwargs)} AS INTEGER)"


@compiles(json_number, "sqlite")
def _number_sqlite(element: json_number, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST({_only(element, compiler, **kwargs)} AS REAL)"


@compiles(json_scaled, "sqlite")
def _scaled_sqlite(element: json_scaled, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST(round(CAST({_only(element, compiler, **kwargs)} AS REAL) * {SCALE}) AS INTEGER)"


@compiles(json_day, "postgresql")
def _day_postgresql(element: json_day, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST({_only(element, compiler, **kwargs)} AS DATE)"


@compiles(json_integer, "postgresql")
def _integer_postgresql(element: json_integer, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST({_only(element, compiler, **kwargs)} AS BIGINT)"


@compiles(json_number, "postgresql")
def _number_postgresql(element: json_number, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST({_only(element, compiler, **kwargs)} AS NUMERIC)"


@compiles(json_scaled, "postgresql")
def _scaled_postgresql(element: json_scaled, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST(CAST({_only(element, compiler, **kwargs)} AS NUMERIC) * {SCALE} AS BIGINT)"
