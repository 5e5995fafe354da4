"""The statements that make everything that names one row name another: built once for each kind of row, because a merge runs
some forty of them and building one takes longer than running it on the few rows of an account.

They re-point rows whoever's they are, and so belong within :meth:`~crm_store.access.ScopedSession.raw`."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from crm_store.changes.merge_rules import Move, settle_clash
from crm_store.models import ChangeLine, ItemStatus, Merged, ProposalItem
from crm_store.passages_fulltext import is_sqlite
from crm_store.references import Reference, references, table_of, unique_with

Dropped = tuple[Table, dict[str, Any]]
"""A row that the survivor had already, as it was."""
_PAGE = 5_000
_AUDIT = ((table_of(ChangeLine), ("before", "after", "evidence")), (table_of(ProposalItem), ("changes", "evidence")))
"""The audit and the proposals hold ids inside their JSON."""


@dataclass(frozen=True)
class Rewritten:
    """``replaced`` are the rows (table, column, ids) that named the one row alone, ``originals`` those (table, id, column,
    value) that named both, as they were."""

    replaced: Sequence[tuple[str, str, Sequence[str]]]
    originals: Sequence[tuple[str, str, str, Any]]

    @property
    def tables(self) -> set[str]:
        return {name for name, *_ in self.replaced} | {name for name, *_ in self.originals}


@dataclass(frozen=True)
class _Reference:
    """Where rows may name one row: ``named`` finds them, ``move`` re-points them, and each of ``clashes`` finds pairs of
    which only one can name the survivor."""

    table: Table
    column: str
    named: ColumnElement[bool]
    clashes: tuple[Select[Any], ...] = ()

    @functools.cached_property
    def move(self) -> ReturningUpdate[Any]:
        moved = update(self.table).where(self.named).values({self.column: bindparam("new_id")})
        return moved.returning(self.table.c.id)


def repoint(session: Session, entity: str, item_id: str, old: str, new: str) -> tuple[list[Move], list[Dropped]]:
    """Every row that names ``old`` names ``new`` then. ``item_id`` is the proposal's own item, which keeps naming both."""
    moves: list[Move] = []
    dropped: list[Dropped] = []
    named = {"old_id": old, "new_id": new}
    for place in sorted(session.execute(_used(entity), {"old_id": old}).scalars()):
        each = _references(entity)[place]
        for clash in each.clashes:
            for mine, theirs in _pairs(session, each.table, clash, named):
                gone, more = settle_clash(session, each.table, mine, theirs)
                moves += more
                session.execute(delete(each.table).where(each.table.c.id == gone["id"]))
                dropped.append((each.table, gone))
        moves.append(Move(each.table, each.column, old, new, session.execute(each.move, named).scalars().all()))
    waiting = session.execute(_also_merging(), {**named, "own_item": item_id}).scalars().all()
    return [*moves, Move(table_of(ProposalItem), "other_id", old, new, waiting)], dropped


def _pairs(
    session: Session, table: Table, clash: Select[Any], named: dict[str, str]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of the survivor's and of the other's that cannot both be the survivor's."""
    names = table.c.keys()
    for row in session.execute(clash, named).all():
        yield dict(zip(names, row[: len(names)], strict=True)), dict(zip(names, row[len(names) :], strict=True))


@functools.cache
def _references(entity: str) -> tuple[_Reference, ...]:
    """Every reference to a row of that kind; the last has rows that were merged into the one that goes found as the one that
    is kept."""
    chain = table_of(Merged)
    passed_on = and_(chain.c.entity == entity, chain.c.kept_id == bindparam("old_id"))
    named = [(each, each.column == bindparam("old_id")) for each in references(entity)]
    return (
        *(
            _Reference(
                each.table,
                each.column.name,
                where if each.kind is None else where & (each.kind == entity),
                tuple(_clashes(each, entity)),
            )
            for each, where in named
        ),
        _Reference(chain, "kept_id", passed_on),
    )


@functools.cache
def _used(entity: str) -> CompoundSelect[Any]:
    """The places of the references that name the row at all: most rows are named by half of the tables."""
    return union_all(
        *(
            select(literal(place).label("place")).where(select(each.table.c.id).where(each.named).exists())
            for place, each in enumerate(_references(entity))
        )
    )


@functools.cache
def _also_merging() -> ReturningUpdate[Any]:
    """Colleagues' proposals to merge the same row, which find the two to be one already."""
    items = table_of(ProposalItem)
    waiting = (
        items.c.other_id == bindparam("old_id"),
        items.c.status == ItemStatus.OPEN,
        items.c.id != bindparam("own_item"),
    )
    return update(items).where(*waiting).values(other_id=bindparam("new_id")).returning(items.c.id)


def _clashes(reference: Reference, entity: str) -> Iterator[Select[Any]]:
    for others in unique_with(reference.column):
        mine, theirs = reference.table.alias(), reference.table.alias()
        same = [theirs.c[each.name] == mine.c[each.name] for each in others]
        pairs = (
            select(mine, theirs)
            .join(theirs, theirs.c[reference.column.name] == bindparam("old_id"))
            .where(mine.c[reference.column.name] == bindparam("new_id"), *same)
        )
        if reference.kind is not None:
            pairs = pairs.where(mine.c[reference.kind.name] == entity, theirs.c[reference.kind.name] == entity)
        yield pairs


def rewrite(session: Session, old: str, new: str, accounts: Sequence[str], owners: Sequence[str] = ()) -> Rewritten:
    """Name the one row instead of the other in the JSON of open proposals and of the audit of these accounts, and of what
    belongs to these owners and to no account."""
    replaced: list[tuple[str, str, Sequence[str]]] = []
    originals: list[tuple[str, str, str, Any]] = []
    given = {"old_id": old, "new_id": new, "accounts": accounts} | ({"owners": owners} if owners else {})
    for (table, columns), naming in zip(_AUDIT, _naming(bool(owners)), strict=True):
        found = session.execute(naming, given).all()
        for place, column in enumerate(columns):
            only = [row.id for row in found if row[1 + 2 * place] and not row[2 + 2 * place]]
            both = [row.id for row in found if row[1 + 2 * place] and row[2 + 2 * place]]
            for page in pages(both):
                whole = select(table.c.id, table.c[column]).where(table.c.id.in_(page))
                originals += [(table.name, id_, column, value) for id_, value in session.execute(whole)]
            if found:
                replace(session, table, column, old, new, [*only, *both])
            if only:
                replaced.append((table.name, column, only))
    return Rewritten(replaced, originals)


@functools.cache
def _naming(loose: bool) -> tuple[Select[Any], ...]:
    """For each of the two tables the rows that name the one row, and for each column whether it does and whether it names
    the other as well."""
    lines, items = table_of(ChangeLine).c, table_of(ProposalItem).c
    there: ColumnElement[bool] = lines.account_id.in_(bindparam("accounts", expanding=True))
    if loose:
        there = there | (lines.account_id.is_(None) & lines.owner_id.in_(bindparam("owners", expanding=True)))
    about = (there, items.id.in_(select(lines.item_id).where(there)) | (items.status == ItemStatus.OPEN))
    found = []
    for (table, columns), where in zip(_AUDIT, about, strict=True):
        texts = [cast(table.c[column], Text) for column in columns]
        names = [[text.contains(bindparam(name)) for name in ("old_id", "new_id")] for text in texts]
        found.append(
            select(table.c.id, *(each for pair in names for each in pair)).where(
                where, or_(*(pair[0] for pair in names))
            )
        )
    return tuple(found)


def replace(session: Session, table: Table, column: str, old: str, new: str, ids: Sequence[str]) -> None:
    """Name the one row instead of the other in the JSON of these rows."""
    replaced: ColumnElement[Any] = func.replace(cast(table.c[column], Text), old, new)
    if not is_sqlite(session):
        replaced = cast(replaced, table.c[column].type)
    for page in pages(ids):
        session.execute(update(table).where(table.c.id.in_(page)).values({column: replaced}))


def pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PAGE):
        yield ids[start : start + _PAGE]
