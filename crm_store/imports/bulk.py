"""Many rows in one go: prepared tuples straight to the driver, which sends them in one pipeline on PostgreSQL.

Only for the importer's own sessions, whose scope is everything: such a session hands out its connection. SQLAlchemy's own
bulk insert costs twice what SQLite needs to write the rows. ``COPY`` would be faster still, but not into tables with row-level
security.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import repeat
from operator import is_, itemgetter
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from crm_store.base import Base, UtcDateTime

Values = Mapping[str, Any]
_Converter = Callable[[Any], Any]


def insert_rows(session: Session, model: type[Base], rows: Sequence[Values]) -> None:
    """Insert all at once. A column that a row does not name gets its default, or nothing.

    :raises sqlalchemy.exc.IntegrityError: or another database error, when one of the rows is refused; then none is in.
    """
    if not rows:
        return
    connection = session.connection()
    table = model.__mapper__.local_table
    assert isinstance(table, Table)
    given = set(rows[0])
    names = [column.name for column in table.columns if column.name in given]
    try:
        if any(map(len(given).__ne__, map(len, rows))):
            raise KeyError
        cells = list(zip(*map(itemgetter(*names), rows), strict=True))
    except KeyError:  # rows of differing columns
        given = given.union(*rows)
        names = [column.name for column in table.columns if column.name in given]
        cells = [tuple(row.get(name, default) for row in rows) for name in names for default in [_default(table, name)]]
    for column in table.columns:
        if column.name not in given and (default := _default(table, column.name)) is not None:
            names.append(column.name)
            cells.append((default,) * len(rows))
    columns = [
        _converted(each, _converter(table, name, connection.dialect)) for name, each in zip(names, cells, strict=True)
    ]
    quote = connection.dialect.identifier_preparer.quote
    into = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"INSERT INTO {into} VALUES ({', '.join([mark] * len(names))})"
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _converted(cells: Sequence[Any], convert: _Converter | None) -> Sequence[Any]:
    if convert is None:
        return cells
    if all(map(is_, cells, repeat(cells[0]))):  # a default, or the moment of the import
        return (convert(cells[0]),) * len(cells)
    return list(map(convert, cells))


def _default(table: Table, name: str) -> Any:
    """What a row gets that does not name the column; keys are always named."""
    default = table.columns[name].default
    match default:
        case ScalarElementColumnDefault():
            return default.arg
        case CallableColumnDefault() if not table.columns[name].primary_key:
            make: Any = default.arg
            return make(None)
    return None


def _converter(table: Table, name: str, dialect: Dialect) -> _Converter | None:
    kind = table.columns[name].type
    if isinstance(kind, UtcDateTime) and dialect.name == "sqlite":
        return _sqlite_time
    return kind.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=65_536)
def _sqlite_time(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it, in a fifth of the time; the columns of a row, and the rows of a day, often hold the same."""
    if value is None:
        return None
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(" ", "microseconds")[:26]
