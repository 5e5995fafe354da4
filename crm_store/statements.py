"""Which statements a scoped session refuses, because SQLAlchemy would run them unfiltered."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import FromStatement
from sqlalchemy.orm.session import ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ColumnClause, TextClause
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import AliasedReturnsRows, Join, Select, SelectBase, TableClause, TextualSelect

from crm_store.base import Base, ByAccount, ByPerson
from crm_store.errors import NoScope
from crm_store.models import Account, AccountMember, ImportBatch, ImportRun, InboundEvent, Job

GUARDED_TABLES = frozenset(
    mapper.local_table
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, ByAccount | ByPerson | Account | AccountMember)
)
OF_THE_SERVICE = (ImportBatch, ImportRun, InboundEvent, Job)
"""What only system scopes read; a person's session may leave a job behind."""
_FILTERED_TABLES = GUARDED_TABLES | {
    mapper.local_table for mapper in Base.registry.mappers if mapper.class_ in OF_THE_SERVICE
}
_OPEN_TABLES = frozenset(Base.metadata.tables.values()) - _FILTERED_TABLES
_WHOSE = frozenset({"account_id", "owner_id", "person_id"})
"""The columns that decide who sees a row."""
_HARMLESS = re.compile(r"\*|\d+|[A-Za-z_]\w*(\.[A-Za-z_]\w*)?")
"""Literal columns that can only name what the statement already selects from."""
_SETTINGS = ("set_config", "current_setting")
_TEXT = "Textual SQL cannot be filtered by the scope; write the query with the mapped classes."
BY_KEY = "Rows cannot be inserted or written by key around the scope; add or change objects of this session."
_MOVE = "A bulk update cannot move rows to another account or person; change the objects one by one."
_UNNAMED = "An expression alone is not filtered by the scope; name what it reads with select_from()."
_FULL = "A full join cannot be filtered by the scope; join from one side."


def refuse_what_goes_around(statement: Any) -> None:
    for element in visitors.iterate(statement):
        _refuse_text(element)
        if isinstance(element, FunctionElement) and getattr(element, "name", "").lower() in _SETTINGS:
            raise NoScope("Settings of the database say whom it works for; only the session itself sets them.")
        if isinstance(element, ColumnClause) and "parententity" not in element._annotations:
            _refuse_guarded(element.table)
        elif isinstance(element, Join):
            _refuse_join(element.full, element.left, element.right)
        elif isinstance(element, Select):
            for source in (*element._raw_columns, *element._from_obj):
                _refuse_guarded(source)
            if element is not statement and unfiltered(element):
                raise NoScope(_UNNAMED)
            for target, _, _, flags in element._setup_joins:
                _refuse_join(bool(flags["full"]), target)
        elif isinstance(element, UpdateBase):
            if element is not statement:
                raise NoScope(BY_KEY)
            _refuse_guarded(element.table)


def unfiltered(statement: Select[Any]) -> list[Any]:
    """The entities that a select reads only inside expressions such as ``case`` or a window, where SQLAlchemy does not
    see that they have to be filtered; naming them with ``select_from`` shows it."""
    joined = [target for target, *_ in statement._setup_joins]
    named = {entity for source in (*statement._from_obj, *joined) for entity in _entities(source)}
    named.add(statement._propagate_attrs.get("plugin_subject"))  # the first entity of the first expression, if any
    columns = statement._raw_columns
    named |= {column._annotations["parententity"] for column in columns if "parententity" in column._annotations}
    read = {entity: None for column in columns for entity in _entities(column)}
    return [entity for entity in read if entity not in named and entity.mapper.local_table in _FILTERED_TABLES]


def _entities(element: Any) -> Iterator[Any]:
    """The entities that an expression reads itself, not within a select of its own."""
    if "parententity" in getattr(element, "_annotations", ()):
        yield element._annotations["parententity"]
    if not isinstance(element, SelectBase | AliasedReturnsRows):
        for child in element.get_children():
            yield from _entities(child)


def _refuse_text(element: Any) -> None:
    textual = isinstance(element, TextClause | TextualSelect | FromStatement)
    textual = textual or any(
        getattr(element, name, ()) for name in ("_prefixes", "_suffixes", "_hints", "_statement_hints")
    )
    literal = isinstance(element, ColumnClause) and element.is_literal and not _HARMLESS.fullmatch(element.name)
    if textual or literal:
        raise NoScope(_TEXT)


def _refuse_join(full: bool, *sides: Any) -> None:
    if full:
        raise NoScope(_FULL)
    for side in sides:
        _refuse_guarded(side)


def _refuse_guarded(source: Any) -> None:
    """Refuse a table that is named as a table and not through its mapped class, aliased or not."""
    if source is None or "parententity" in getattr(source, "_annotations", ()):
        return
    if isinstance(source, AliasedReturnsRows):
        _refuse_guarded(source.element)
    elif isinstance(source, TableClause) and source not in _OPEN_TABLES:
        raise NoScope(f"The table {source.name} cannot be filtered by the scope; use its mapped class.")


def refuse_unfiltered_write(state: ORMExecuteState, statement: UpdateBase) -> None:
    """SQLAlchemy filters no insert, and no update whose rows are named by their keys in the parameters."""
    guarded = state.bind_mapper is not None and state.bind_mapper.local_table in GUARDED_TABLES
    if state.is_insert and (guarded or getattr(statement, "select", None) is not None):
        raise NoScope(BY_KEY)
    if state.is_update and guarded:
        if state.parameters:
            raise NoScope(BY_KEY)
        set_here: Any = getattr(statement, "_values", None) or {}
        if {getattr(column, "key", column) for column in set_here} & _WHOSE:
            raise NoScope(_MOVE)
