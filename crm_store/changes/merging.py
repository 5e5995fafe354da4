"""Making two rows one, and two of them again.

Everything that names the row that goes is re-pointed in a few statements per table, whoever's it is: the caller has seen
and locked both rows through their scope before, and a colleague's proposal must not be left naming a row that is not there.
What is needed to take it back exactly is kept with the line in ``merged``: which rows were moved (their ids, packed), which
were dropped because the survivor had the same, and what was added. Rows that came to the survivor later stay with it.
"""

import base64
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes.merge_rules import Move, keep_withdrawals, settle_team
from crm_store.changes.repointing import pages, replace, repoint, rewrite
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
    Merged,
    ProposalItem,
)
from crm_store.passages_fulltext import acl_token, is_sqlite, mark_lines, move_lines
from crm_store.references import read_again, table_of

JOB_KIND = "index_merged"
_FOLLOW_THE_CONTACT = tuple(table_of(model) for model in (Consent, CampaignMember, FieldHistory, ChangeLine))


def merge(
    session: ScopedSession, item: ProposalItem, kept: Account | Contact, lost: Account | Contact, change_id: str, now: datetime
) -> None:  # fmt: skip
    """Give everything that is ``lost``'s to ``kept`` and delete ``lost``. Both were read and locked by the caller."""
    entity = item.entity
    session.flush()
    row = {column.name: as_json(getattr(lost, column.name)) for column in table_of(type(lost)).columns}
    added: list[tuple[Table, str]] = []
    with session.raw("merge"):
        if isinstance(kept, Contact) and isinstance(lost, Contact):
            added = keep_withdrawals(session, kept, lost, now)
        moves, dropped = repoint(session, entity, item.id, lost.id, kept.id)
        if isinstance(kept, Contact) and isinstance(lost, Contact):
            moves += _with_contact(session, moves, kept, lost)
            accounts = [each for each in {kept.account_id, lost.account_id} if each]
            owners = [each for each in {kept.owner_id, lost.owner_id} if each]
            rewritten = rewrite(session, lost.id, kept.id, accounts, owners)
        else:
            assert isinstance(kept, Account)  # of the same kind as the one that goes
            moves += settle_team(session, kept, moves)
            if is_sqlite(session):
                move_lines(session, acl_token(lost.id, None), acl_token(kept.id, None))
            rewritten = rewrite(session, lost.id, kept.id, [kept.id])
        session.expunge(lost)
        table = table_of(type(lost))
        session.execute(delete(table).where(table.c.id == lost.id))
        session.add(
            Merged(
                id=new_id(), entity=entity, lost_id=lost.id, kept_id=kept.id, external_source=lost.external_source,
                external_id=lost.external_id, at=now, change_id=change_id, lost=row,
                account_id=kept.id if isinstance(kept, Account) else kept.account_id, owner_id=kept.owner_id,
                undoing={
                    "kept": kept.id,
                    "moves": [_packed_move(move) for move in moves if move.ids],
                    "dropped": [{"table": table.name, "row": _stored(gone)} for table, gone in dropped],
                    "added": [{"table": table.name, "id": id_} for table, id_ in added],
                    "rewritten": [
                        {"table": name, "column": column, "ids": pack(ids)} for name, column, ids in rewritten.replaced
                    ],
                    "originals": [list(each) for each in rewritten.originals],
                },
            )
        )  # fmt: skip
    written = {move.table for move in moves if move.ids} | {table for table, _ in dropped} | {each[0] for each in added}
    read_again(session, written | {Merged.metadata.tables[name] for name in rewritten.tables})
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
            for page in pages(unpack(each["ids"])):
                still = (there.c.id.in_(page), column.is_not_distinct_from(each["new"]))
                session.execute(update(there).where(*still).values({column.name: each["old"]}))
        for each in undoing["dropped"]:
            there = tables[each["table"]]
            session.execute(insert(there).values(**restored(there.c, each["row"])))
        for each in undoing["rewritten"]:
            replace(session, tables[each["table"]], each["column"], kept_id, lost_id, unpack(each["ids"]))
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


def _with_contact(session: Session, moved: Sequence[Move], kept: Contact, lost: Contact) -> Iterable[Move]:
    """Rows that belong to a contact alone are seen by those who see the contact."""
    found: list[Move] = []
    for move in moved:
        if move.table not in _FOLLOW_THE_CONTACT or not move.ids or move.column in ("account_id", "owner_id"):
            continue
        for column, new in (("account_id", kept.account_id), ("owner_id", kept.owner_id)):
            held = move.table.c[column]
            for page in pages(move.ids):
                was: dict[str | None, list[str]] = {}
                for id_, old in session.execute(select(move.table.c.id, held).where(move.table.c.id.in_(page))):
                    was.setdefault(old, []).append(id_)
                for old, ids in was.items():
                    if old != new:
                        session.execute(update(move.table).where(move.table.c.id.in_(ids)).values({column: new}))
                        found.append(Move(move.table, column, old, new, ids))
    return found


# How rows and ids are kept.


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
