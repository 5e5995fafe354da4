"""Many keys in one parameter: JSON on SQLite, an array on PostgreSQL.

SQLAlchemy's ``in_`` writes a parameter for every key and the whole statement anew each time, and a database reads it anew
and takes a few tens of thousands at most; one statement for a thousand keys after the other costs more than their rows."""

import json
from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, SelectBase, String, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Keys(TypeDecorator[list[str]]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else json.dumps(value)


class _Condition(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """It is a condition by itself; as a value it would be compared with 1 on SQLite, which takes no index then."""
        return self


class _Among(_Condition):
    inherit_cache = True
    name = "among"


class _AmongThose(_Condition):
    inherit_cache = True
    name = "among_those"


def among(column: ColumnElement[Any] | Any, keys: Collection[str]) -> ColumnElement[bool]:
    """That the value of ``column`` is one of ``keys``, of which there may be any number."""
    return _Among(column, bindparam(None, sorted(keys), _Keys(), unique=True))


def among_those(column: ColumnElement[Any] | Any, keys: SelectBase) -> ColumnElement[bool]:
    """That the value of ``column`` is one of the few that ``keys`` selects. PostgreSQL looks each up; told ``IN``, it may read
    the whole table instead, because it cannot tell that they are few."""
    return _AmongThose(column, keys.scalar_subquery())


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, keys = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, keys = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} = ANY ({keys})"


@compiles(_AmongThose, "sqlite")
def _in_those(element: _AmongThose, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, keys = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} IN {keys}"


@compiles(_AmongThose, "postgresql")
def _any_of_those(element: _AmongThose, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, keys = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} = ANY (ARRAY{keys})"
