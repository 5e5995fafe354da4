"""Fields that only managers see: where they are empty, and what cannot be written around that.

A session whose scope hides fields works on connections of its own (see :class:`~crm_store.store.Store`), on which
temporary views stand before the tables under the tables' own names, with nothing in the hidden columns. Whatever a session
reads, by entity, alias, aggregate, order or textual SQL, therefore reads nothing there; row-level security still holds below
a view. The earlier values of a hidden field, and what the audit and the proposals say of it, are left out the same way, and so
is what managers themselves asked for and were shown. Only the writes of a session name the tables, by their schema.

What people wrote in words (notes, transcripts, summaries of their own proposals) is theirs and stays as they wrote it. A
field hides itself alone: an amount's currency, and the amounts of a deal's lines and orders, are fields of their own.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Engine, Table, event, func, inspect, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause

from crm_store.base import Base
from crm_store.errors import NotPermitted, StoreUnavailable

KEPT = "is kept by your managers; ask one of them"
_AUDIT: Mapping[str, tuple[str, ...]] = {
    "change_line": ("before", "after"), "proposal_item": ("changes",), "merged": ("lost",),
}  # fmt: skip
"""Where rows are kept as JSON objects whose keys are fields of the row's ``entity``."""
_OF_A_PERSON = ("change", "proposal", "proposal_item", "conversation_turn", "suggestion_event")
_SECURITY_INVOKER_SINCE = 150_000
ON_TABLES: Mapping[str | None, str | None] = {None: None}
"""The schema translation that names a table by its schema, so that no view stands before it."""


def hidden_columns(hidden: Iterable[str]) -> dict[str, frozenset[str]]:
    """The hidden columns by table, from names such as ``deal.amount_minor``."""
    found: dict[str, frozenset[str]] = {}
    for name in hidden:
        table, _, column = name.partition(".")
        found[table] = found.get(table, frozenset()) | {column}
    return found


def mask(engine: Engine, hidden: frozenset[str]) -> None:
    """Have every new connection of an engine see nothing in the hidden columns."""

    @event.listens_for(engine, "connect")
    def _stand_before(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        schema, options = "main", ""
        if engine.dialect.name == "postgresql":
            cursor.execute("SELECT current_schema(), current_setting('server_version_num')::int")
            schema, version = cursor.fetchone()
            options = " WITH (security_invoker)" if version >= _SECURITY_INVOKER_SINCE else ""
        try:
            for statement in _views(hidden, engine.dialect, schema, options):
                cursor.execute(statement)
        except engine.dialect.loaded_dbapi.Error as error:
            raise StoreUnavailable(
                f"The fields of RAPPORT_MANAGER_FIELDS cannot be hidden ({str(error).strip().splitlines()[0]}). On PostgreSQL the "
                "role needs the TEMPORARY privilege on the database."
            ) from error
        cursor.close()
        connection.commit()


def check(connection: Connection) -> None:
    """Refuse a PostgreSQL connection that lost its views, as one does behind a pooler that hands out another per transaction.

    :raises StoreUnavailable: says so.
    """
    if connection.dialect.name != "postgresql":
        return
    if connection.scalar(select(func.to_regclass("pg_temp.field_history"))) is None:
        raise StoreUnavailable(
            "RAPPORT_MANAGER_FIELDS needs database connections that last; give the pooler session mode, or connect without it."
        )


def _views(hidden: frozenset[str], dialect: Dialect, schema: str, options: str) -> list[str]:
    quote = dialect.identifier_preparer.quote
    columns, made = hidden_columns(hidden), []
    for name in sorted({*columns, *_AUDIT, *_OF_A_PERSON, "field_history"}):
        table = Base.metadata.tables[name]
        shown = (f"{_shown(column, columns, dialect)} AS {quote(column.name)}" for column in table.columns)
        where = " AND ".join(_rows(table, columns, schema, dialect))
        made.append(
            f"CREATE TEMPORARY VIEW {quote(name)}{options} AS SELECT {', '.join(shown)} "
            f"FROM {quote(schema)}.{quote(name)} AS t" + (f" WHERE {where}" if where else "")
        )
    return made


def _shown(column: Column[Any], columns: Mapping[str, frozenset[str]], dialect: Dialect) -> str:
    table, own = column.table.name, f"t.{dialect.identifier_preparer.quote(column.name)}"
    if column.name in columns.get(table, ()):
        return f"CAST(NULL AS {column.type.compile(dialect)})"
    if column.name in _AUDIT.get(table, ()):
        return _without(own, columns, dialect)
    if (table, column.name) == ("merged", "undoing"):  # holds whole rows, and is of use to whoever may undo alone
        nothing = "CAST('{}' AS json)" if dialect.name == "postgresql" else "'{}'"
        return f"CASE WHEN t.entity IN ({_listed(columns)}) THEN {nothing} ELSE {own} END"
    return own


def _without(own: str, columns: Mapping[str, frozenset[str]], dialect: Dialect) -> str:
    """The object without the hidden fields of its entity."""
    cases = ""
    for entity, fields in sorted(columns.items()):
        if dialect.name == "postgresql":
            less = f"CAST(CAST({own} AS jsonb) - ARRAY[{_listed(fields)}] AS json)"
        else:
            paths = (f"$.{each}" for each in fields)
            less = f"json_remove({own}, {_listed(paths)})"
        cases += f" WHEN {_listed([entity])} THEN {less}"
    return f"CASE t.entity{cases} ELSE {own} END"


def _rows(table: Table, columns: Mapping[str, frozenset[str]], schema: str, dialect: Dialect) -> Iterable[str]:
    if table.name == "field_history":
        for entity, fields in sorted(columns.items()):
            yield f"NOT (t.entity = {_listed([entity])} AND t.field IN ({_listed(fields)}))"
    if table.name in _OF_A_PERSON:
        people = f"{dialect.identifier_preparer.quote(schema)}.person"
        yield f"t.person_id NOT IN (SELECT p.id FROM {people} AS p WHERE p.role <> 'rep')"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


# What a session whose scope hides fields may not write.


def guard(session: Session, connection: Connection, hidden: frozenset[str]) -> None:
    """Refuse to flush rows in which a hidden field is set, and the removal of rows that keep something in one, which
    ``connection`` reads from the tables themselves.

    :raises NotPermitted: names the field.
    """
    columns = hidden_columns(hidden)
    for row in (*session.new, *session.dirty):
        for name in columns.get(row.__tablename__, ()):
            state = inspect(row)
            added = state.attrs[name].history.added
            if added and (state.persistent or added[0] is not None):
                raise NotPermitted(_kept(row.__tablename__, name))
    for row in session.deleted:
        table = Base.metadata.tables[row.__tablename__]
        names = sorted(columns.get(table.name, ()))
        if names:
            found = connection.execute(select(*(table.c[name] for name in names)).where(table.c.id == row.id)).first()
            if found is not None and any(value is not None for value in found):
                raise NotPermitted(f"This {table.name} holds something that {KEPT} to remove it.")


def refuse(hidden: frozenset[str], entity: str, names: Collection[str], *, whole: bool = False) -> None:
    """Refuse to write fields that are hidden; ``whole`` refuses any row that has hidden fields, as a merge needs them all.

    :raises NotPermitted: names the field.
    """
    fields = hidden_columns(hidden).get(entity, frozenset())
    named = sorted(fields if whole else fields & set(names))
    if named:
        raise NotPermitted(_kept(entity, named[0]))


def _kept(entity: str, name: str) -> str:
    return f"The {words(f'{entity}.{name}')} {KEPT} to change it."


def words(name: str) -> str:
    """How a field is said: ``deal.amount_minor`` is the amount of a deal."""
    entity, _, column = name.partition(".")
    return f"{column.removesuffix('_minor').replace('_', ' ')} of {'an' if entity[0] in 'aio' else 'a'} {entity}"


def withheld(name: str) -> str:
    return f"the {words(name)} is only shown to managers"


def refuse_figures(hidden: frozenset[str], name: str) -> None:
    """Refuse figures that would be wrong without a hidden field.

    :raises NotPermitted: names it.
    """
    if name in hidden:
        said = withheld(name)
        raise NotPermitted(f"{said[0].upper()}{said[1:]}, so I cannot work this out for you; ask one of them.")


def read_by(expressions: Iterable[Any], hidden: frozenset[str]) -> frozenset[str]:
    """Which hidden fields some expressions read, through whatever alias or subquery."""
    found: set[str] = set()
    for expression in expressions if hidden else ():
        for element in visitors.iterate(_clause(expression)) if expression is not None else ():
            for base in element.base_columns if isinstance(element, ColumnClause) else ():
                if isinstance(base, ColumnClause):
                    found.add(f"{getattr(base.table, 'name', '')}.{base.name}")
                else:  # worked out in a subquery
                    found |= read_by((base,), hidden)
    return hidden & found


def _clause(expression: Any) -> Any:
    return expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
