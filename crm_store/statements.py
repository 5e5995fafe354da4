"""Which statements a scoped session refuses, because SQLAlchemy would run them unfiltered."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import FromStatement
from sqlalchemy.orm.session import ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import Case, ColumnClause, TextClause
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
FILTERED_NAMES = tuple(sorted(str(table) for table in _FILTERED_TABLES))
_OPEN_TABLES = frozenset(Base.metadata.tables.values()) - _FILTERED_TABLES
_WHOSE = frozenset({"account_id", "owner_id", "person_id"})
"""The columns that decide who sees a row."""
_HARMLESS = re.compile(r"\*|\d+|[A-Za-z_]\w*(\.[A-Za-z_]\w*)?")
"""Literal columns that can only name what the statement already selects from."""
MOST_EXAMINED = 1_000
"""Statements of different structure that are remembered; an answer takes one of some hundreds."""
_SETTINGS = ("set_config", "current_setting")
_TEXT = "Textual SQL cannot be filtered by the scope; write the query with the mapped classes."
BY_KEY = "Rows cannot be inserted or written by key around the scope; add or change objects of this session."
_MOVE = "A bulk update cannot move rows to another account or person; change the objects one by one."
_UNNAMED = "An expression alone is not filtered by the scope; name what it reads with select_from()."
_FULL = "A full join cannot be filtered by the scope; join from one side."


class Examined:
    """Which statements were looked at and let through. Those of one structure are run as the same SQL by SQLAlchemy, whose
    key for that tells them apart: every word and table is in it, and no value. What was refused, or has no key, is looked
    at every time."""

    def __init__(self) -> None:
        self._passed: set[Any] = set()

    def unnamed(self, statement: Any) -> list[Any]:
        """The entities that a select reads without naming them (see :func:`unfiltered`).

        :raises NoScope: for what goes around the scope.
        """
        key = statement._generate_cache_key()
        if key is not None and key.key in self._passed:
            return []
        refuse_what_goes_around(statement)
        found = unfiltered(statement) if isinstance(statement, Select) else []
        if key is not None and not found:
            if len(self._passed) >= MOST_EXAMINED:
                self._passed.clear()
            self._passed.add(key.key)
        return found


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
            if element is not statement and _escapes(element):
                raise NoScope(_UNNAMED)
            for target, _, _, flags in element._setup_joins:
                _refuse_join(bool(flags["full"]), target)
        elif isinstance(element, UpdateBase):
            if element is not statement:
                raise NoScope(BY_KEY)
            _refuse_guarded(element.table)


def unfiltered(statement: Select[Any]) -> list[Any]:
    """The entities that a select reads only inside expressions such as ``case`` or a window, where SQLAlchemy does not
    see that they have to be filtered; naming them with ``select_from`` shows it. It sees by itself the one entity of a
    statement that names and reads no other."""
    joined = [target for target, *_ in statement._setup_joins]
    columns = statement._raw_columns
    named = {entity for source in (*statement._from_obj, *joined) for entity in _entities(source)}
    named |= {column._annotations["parententity"] for column in columns if "parententity" in column._annotations}
    read = {entity: None for column in columns for entity in _entities(column)}
    missing = [entity for entity in read if entity not in named and entity.mapper.local_table in _FILTERED_TABLES]
    alone = not named and not joined and not statement._from_obj and list(read) == missing
    return [] if alone and missing == [statement._propagate_attrs.get("plugin_subject")] else missing


def _escapes(inner: Select[Any]) -> bool:
    """Whether a select within a statement reads what nobody can name for it any more. The first entity of its first
    expression is filtered, unless that is a ``case``, of which SQLAlchemy takes the entity from its parts."""
    missing = unfiltered(inner)
    conditional = any(isinstance(part, Case) for column in inner._raw_columns for part in visitors.iterate(column))
    return bool(missing) and (conditional or missing != [inner._propagate_attrs.get("plugin_subject")])


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
