"""Making two rows one, and two of them again.

Everything that names the row that goes is re-pointed in a few statements per table, whoever's it is: the caller has seen
and locked both rows through their scope before, and a colleague's proposal must not be left naming a row that is not there.
What is needed to take it back exactly is kept with the line in ``merged``: which rows were moved (their ids, packed), which
were dropped because the survivor had the same, and what was added. Rows that came to the survivor later stay with it.
"""

import base64
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes.merge_rules import Move, keep_withdrawals, settle_clash, settle_team
from crm_store.changes.rows import as_json, restored
from crm_store.errors import Conflict
from crm_store.jobs import enqueue
from crm_store.models import (
    Account,
    CampaignMember,
    ChangeLine,
    Chunk,
    Consent,
    Contact,
    FieldHistory,
    ItemStatus,
    Merged,
    ProposalItem,
)
from crm_store.passages_fulltext import acl_token, is_sqlite, mark_lines, move_lines
from crm_store.references import Reference, read_again, references, table_of, unique_with

JOB_KIND = "index_merged"
_PAGE = 5_000
_FOLLOW_THE_CONTACT = tuple(table_of(model) for model in (Consent, CampaignMember, FieldHistory, ChangeLine))
_AUDIT = (("change_line", ("before", "after", "evidence")), ("proposal_item", ("changes", "evidence")))


def merge(
    session: ScopedSession, item: ProposalItem, kept: Account | Contact, lost: Account | Contact, change_id: str, now: datetime
) -> None:  # fmt: skip
    """Give everything that is ``lost``'s to ``kept`` and delete ``lost``. Both were read and locked by the caller."""
    entity = item.entity
    session.flush()
    with session.raw("merge"):
        moves: list[Move] = []
        dropped: list[tuple[Table, dict[str, Any]]] = []
        row = _row(session, table_of(type(lost)), lost.id)
        added: list[tuple[Table, str]] = []
        if isinstance(kept, Contact) and isinstance(lost, Contact):
            added = keep_withdrawals(session, kept, lost, now)
        for reference in references(entity):
            for gone in _clashing(session, reference, entity, kept.id, lost.id, moves):
                dropped.append((reference.table, gone))
            moves.append(_move(session, reference, entity, lost.id, kept.id))
        moves += [_chain(session, entity, lost.id, kept.id), _also_merging(session, item, lost.id, kept.id)]
        if isinstance(kept, Contact) and isinstance(lost, Contact):
            moves += _with_contact(session, moves, kept, lost)
        elif isinstance(kept, Account):
            moves += settle_team(session, kept, moves)
            if is_sqlite(session):
                move_lines(session, acl_token(lost.id, None), acl_token(kept.id, None))
        rewritten, originals = _rewrite(session, _places(kept, lost), lost.id, kept.id)
        session.expunge(lost)
        table = table_of(type(lost))
        session.execute(delete(table).where(table.c.id == lost.id))
    session.add(
        Merged(
            id=new_id(), entity=entity, lost_id=lost.id, kept_id=kept.id, external_source=lost.external_source,
            external_id=lost.external_id, at=now, change_id=change_id, lost=_stored(row),
            account_id=kept.id if isinstance(kept, Account) else kept.account_id, owner_id=kept.owner_id,
            undoing={
                "kept": kept.id,
                "moves": [_packed_move(move) for move in moves if move.ids],
                "dropped": [{"table": table.name, "row": _stored(gone)} for table, gone in dropped],
                "added": [{"table": table.name, "id": id_} for table, id_ in added],
                "rewritten": [{"table": name, "column": column, "ids": pack(ids)} for name, column, ids in rewritten],
                "originals": [list(each) for each in originals],
            },
        )
    )  # fmt: skip
    session.flush()
    read_again(session)
    _index_later(session, entity, kept.id, lost.id, change_id, now)


def split(session: ScopedSession, entity: str, kept_id: str, merge_id: str, change_id: str, now: datetime) -> None:
    """Take the merge back that the change ``merge_id`` made. What was added to the survivor since stays there.

    :raises Conflict: when the row that went cannot be made again; nothing is written then.
    """
    line = session.scalars(select(Merged).where(Merged.change_id == merge_id)).one_or_none()
    if line is not None and line.undoing.get("kept") != line.kept_id and line.lost:
        raise Conflict("The record was merged into another one since; undo that merge first, then this one.")
    if line is None or not line.lost:
        raise Conflict(
            "What that merge kept for taking it back is not there any more (somebody's data was erased), so I left "
            "everything as it is."
        )
    tables, lost_id, undoing = Merged.metadata.tables, line.lost_id, line.undoing
    with session.raw("taking a merge back"):
        table = tables[entity]
        session.execute(insert(table).values(**restored(table.c, line.lost)))
        for each in undoing["added"]:
            there = tables[each["table"]]
            session.execute(delete(there).where(there.c.id == each["id"]))
        for each in reversed(undoing["moves"]):
            there = tables[each["table"]]
            column = there.c[each["column"]]
            for page in _pages(unpack(each["ids"])):
                still = (there.c.id.in_(page), column.is_not_distinct_from(each["new"]))
                session.execute(update(there).where(*still).values({column.name: each["old"]}))
        for each in undoing["dropped"]:
            there = tables[each["table"]]
            session.execute(insert(there).values(**restored(there.c, each["row"])))
        for each in undoing["rewritten"]:
            for page in _pages(unpack(each["ids"])):
                _replace(session, tables[each["table"]], each["column"], kept_id, lost_id, page)
        for name, row_id, column_name, was in undoing["originals"]:
            there = tables[name]
            session.execute(update(there).where(there.c.id == row_id).values({column_name: was}))
        if entity == "account" and is_sqlite(session):
            chunks = table_of(Chunk)
            back = list(session.scalars(select(chunks.c.id).where(chunks.c.account_id == lost_id)))
            mark_lines(session, back, acl_token(lost_id, None))
    session.delete(line)
    session.flush()
    read_again(session)
    _index_later(session, entity, kept_id, lost_id, change_id, now)


def _index_later(session: Session, entity: str, kept_id: str, lost_id: str, change_id: str, now: datetime) -> None:
    """The passages name the account and the people; those of both rows are looked at again after this transaction."""
    for row_id in (kept_id, lost_id):
        key = f"{JOB_KIND}:{entity}:{row_id}:{change_id}"
        enqueue(session, JOB_KIND, key, {"entity": entity, "id": row_id}, now=now)


# Re-pointing.


def _names(reference: Reference, entity: str, row_id: str) -> ColumnElement[bool]:
    named = reference.column == row_id
    return named if reference.kind is None else named & (reference.kind == entity)


def _move(session: Session, reference: Reference, entity: str, old: str, new: str) -> Move:
    statement = update(reference.table).where(_names(reference, entity, old)).values({reference.column.name: new})
    ids = session.execute(statement.returning(reference.table.c.id)).scalars().all()
    return Move(reference.table, reference.column.name, old, new, list(ids))


def _chain(session: Session, entity: str, old: str, new: str) -> Move:
    """Rows that were merged into the one that goes are found as the one that is kept."""
    table = table_of(Merged)
    statement = update(table).where(table.c.entity == entity, table.c.kept_id == old).values(kept_id=new)
    return Move(table, "kept_id", old, new, list(session.execute(statement.returning(table.c.id)).scalars()))


def _also_merging(session: Session, item: ProposalItem, old: str, new: str) -> Move:
    """Colleagues' proposals to merge the same row, which find the two to be one already."""
    table = table_of(ProposalItem)
    waiting = (table.c.other_id == old, table.c.status == ItemStatus.OPEN, table.c.id != item.id)
    statement = update(table).where(*waiting).values(other_id=new).returning(table.c.id)
    return Move(table, "other_id", old, new, list(session.execute(statement).scalars()))


def _clashing(
    session: Session, reference: Reference, entity: str, kept_id: str, lost_id: str, moves: list[Move]
) -> Iterator[dict[str, Any]]:
    """Rows that the survivor has already: one of each two is dropped and returned as it was."""
    table = reference.table
    for others in unique_with(reference.column):
        mine, theirs = table.alias(), table.alias()
        same = [theirs.c[each.name] == mine.c[each.name] for each in others]
        pairs = (
            select(mine.c.id, theirs.c.id)
            .join(theirs, theirs.c[reference.column.name] == lost_id)
            .where(mine.c[reference.column.name] == kept_id, *same)
        )
        if reference.kind is not None:
            pairs = pairs.where(mine.c[reference.kind.name] == entity, theirs.c[reference.kind.name] == entity)
        for kept_row, lost_row in session.execute(pairs).all():
            gone, more = settle_clash(session, table, _row(session, table, kept_row), _row(session, table, lost_row))
            moves += more
            session.execute(delete(table).where(table.c.id == gone["id"]))
            yield gone


def _with_contact(session: Session, moved: Sequence[Move], kept: Contact, lost: Contact) -> Iterable[Move]:
    """Rows that belong to a contact alone are seen by those who see the contact."""
    found: list[Move] = []
    for move in moved:
        if move.table not in _FOLLOW_THE_CONTACT or not move.ids or move.column in ("account_id", "owner_id"):
            continue
        for column, new in (("account_id", kept.account_id), ("owner_id", kept.owner_id)):
            held = move.table.c[column]
            for page in _pages(move.ids):
                was: dict[str | None, list[str]] = {}
                for id_, old in session.execute(select(move.table.c.id, held).where(move.table.c.id.in_(page))):
                    was.setdefault(old, []).append(id_)
                for old, ids in was.items():
                    if old != new:
                        session.execute(update(move.table).where(move.table.c.id.in_(ids)).values({column: new}))
                        found.append(Move(move.table, column, old, new, ids))
    return found


# The audit and the proposals hold ids inside their JSON.


def _places(kept: Account | Contact, lost: Account | Contact) -> ColumnElement[bool]:
    """The lines of the audit that may name the row that goes."""
    lines = table_of(ChangeLine).c
    if isinstance(kept, Account):
        return lines.account_id == kept.id
    assert isinstance(lost, Contact)  # of the same kind as the one that is kept
    accounts = [each for each in {kept.account_id, lost.account_id} if each]
    owners = [each for each in {kept.owner_id, lost.owner_id} if each]
    return lines.account_id.in_(accounts) | (lines.account_id.is_(None) & lines.owner_id.in_(owners))


def _rewrite(
    session: Session, places: ColumnElement[bool], old: str, new: str
) -> tuple[list[tuple[str, str, list[str]]], list[tuple[str, str, str, Any]]]:
    """Name the survivor in the JSON of the audit and of proposals. Returns what was replaced (table, column, ids), and
    what named both rows as it was (table, id, column, value)."""
    tables = Merged.metadata.tables
    lines, items = tables[ChangeLine.__tablename__], tables[ProposalItem.__tablename__]
    decided = select(lines.c.item_id).where(places)
    waiting = items.c.status == ItemStatus.OPEN
    about = {"change_line": places, "proposal_item": items.c.id.in_(decided) | waiting}
    rewritten: list[tuple[str, str, list[str]]] = []
    originals: list[tuple[str, str, str, Any]] = []
    for name, columns in _AUDIT:
        table = tables[name]
        for column in columns:
            naming = select(table.c.id, cast(table.c[column], Text).contains(new)).where(
                about[name], cast(table.c[column], Text).contains(old)
            )
            found = session.execute(naming).all()
            both = [id_ for id_, also in found if also]
            only = [id_ for id_, also in found if not also]
            for page in _pages(both):
                whole = select(table.c.id, table.c[column]).where(table.c.id.in_(page))
                originals += [(name, id_, column, value) for id_, value in session.execute(whole)]
            for page in _pages([*only, *both]):
                _replace(session, table, column, old, new, page)
            if only:
                rewritten.append((name, column, only))
    return rewritten, originals


def _replace(session: Session, table: Table, column: str, old: str, new: str, ids: Sequence[str]) -> None:
    replaced: ColumnElement[Any] = func.replace(cast(table.c[column], Text), old, new)
    if not is_sqlite(session):
        replaced = cast(replaced, table.c[column].type)
    session.execute(update(table).where(table.c.id.in_(ids)).values({column: replaced}))


# How rows and ids are kept.


def _row(session: Session, table: Table, row_id: str) -> dict[str, Any]:
    return dict(session.execute(select(table).where(table.c.id == row_id)).mappings().one())


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    return {name: as_json(value) for name, value in row.items()}


def _packed_move(move: Move) -> dict[str, Any]:
    return {
        "table": move.table.name, "column": move.column, "old": move.old, "new": move.new, "ids": pack(move.ids),
    }  # fmt: skip


def pack(ids: Sequence[str]) -> str:
    """Ids as one short text: a merge may move a hundred thousand rows."""
    return base64.b85encode(zlib.compress("\n".join(ids).encode())).decode()


def unpack(packed: str) -> list[str]:
    return zlib.decompress(base64.b85decode(packed)).decode().splitlines()


def _pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PAGE):
        yield ids[start : start + _PAGE]
