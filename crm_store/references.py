"""Which columns of which tables name a row, read from the mapped tables: a new table is covered by being mapped.

Two kinds: foreign keys to the row's table, and pairs of columns such as ``entity`` and ``entity_id`` in which the
first says of what kind the row is.
"""

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Column, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Session, object_mapper

from crm_store.base import Base
from crm_store.models import Change, Document, Proposal

_ITS_OWN_TEXT = frozenset({Document.__table__.c.source_id})
"""A row's searchable text is not handed on: it is made anew from the rows that are there."""


@dataclass(frozen=True)
class Reference:
    """``column`` holds ids of the entity; where ``kind`` is given, only in lines whose ``kind`` column names the entity."""

    table: Table
    column: Column[str]
    kind: Column[str] | None = None


def table_of(model: type[Base]) -> Table:
    """The table behind a mapped class, for statements that run inside ``session.raw()``."""
    return cast(Table, model.__table__)


@functools.cache
def references(entity: str) -> tuple[Reference, ...]:
    """Every column that may name an ``account`` or a ``contact``."""
    return tuple(_found(entity))


def read_again(session: Session, tables: Collection[Table] | None = None) -> None:
    """Have the rows that a session holds, of these tables or of all, read again after such statements. A proposal and a
    change in hand stay as they are: what is decided with them goes on."""
    for row in list(session):
        if not isinstance(row, Proposal | Change) and (tables is None or object_mapper(row).local_table in tables):
            session.expire(row)


def _found(entity: str) -> Iterator[Reference]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            targets = {key.target_fullname for key in column.foreign_keys}
            if f"{entity}.id" in targets:
                yield Reference(table, column)
            elif not targets and column.name.endswith("_id") and column not in _ITS_OWN_TEXT:
                kind = table.columns.get(column.name.removesuffix("_id"))
                if kind is not None and isinstance(kind.type, String):
                    yield Reference(table, column, kind)


def unique_with(column: Column[str]) -> Iterator[list[Column[object]]]:
    """The other columns of each unique constraint that the column is part of."""
    for held in (*column.table.constraints, *column.table.indexes):
        if isinstance(held, UniqueConstraint) or (isinstance(held, Index) and held.unique):
            columns = list(held.columns)
            if column in columns and len(columns) > 1:
                yield [each for each in columns if each is not column]
