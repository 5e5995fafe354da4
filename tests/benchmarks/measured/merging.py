"""Making two accounts one: proposed and confirmed, beside the statements that a good engineer would send.

Both sides take everything back before they commit, so that every run merges the same two. Both leave the same behind: the
proposal and its item, the change and its line, the history of what the survivor took over, what an undo needs (the row that
went, the ids of what was moved and what was dropped), no mention of the row that went in the audit, and the jobs that index
anew. By hand, both rows are looked up once, by whoever may see them, and nothing is read twice.
"""

import base64
import functools
import json
import zlib
from typing import Any

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft, confirm, propose
from crm_store.models import Account, Contact, Deal, Interaction
from crm_store.passages_fulltext import acl_token
from tests.benchmarks.measured.asking import NOW, SYSTEM, Asking
from tests.benchmarks.measured.plain import Plain

Answer = Any
_COUNTED = (Contact, Deal, Interaction)
_TABLES = (
    "contact", "deal", "document", "field_history", "merged", "campaign_member", '"case"', "change_line", "chunk", "consent",
    "deal_contact", "deal_line", "interaction", '"order"', "subscription", "order_line", "participant", "survey_response",
    "task",
)  # fmt: skip


class _TakenBack(Exception):
    """Ends the transaction without a trace."""


def merge(session: ScopedSession, ask: Asking) -> Answer:
    """How many contacts, deals and interactions the survivor has then."""
    kept, lost = _twins(ask)
    counts: list[int] = []
    try:
        with ask.store.write(ask.manager.scope) as writing:
            draft = Draft("merge", "account", {}, kept, "Merge", other_id=lost)
            proposed = propose(
                writing, person_id=ask.manager.person_id, drafts=[draft], summary="Merge", origin="chat", now=NOW
            )
            confirm(writing, proposed, now=NOW, origin="chat")
            for model in _COUNTED:
                of_it = select(func.count(model.id)).where(model.account_id == kept)
                counts.append(writing.scalar(of_it) or 0)
            raise _TakenBack
    except _TakenBack:
        return counts


def merge_by_hand(db: Plain, ask: Asking) -> Answer:
    if db.sqlite:
        db.cursor.execute("BEGIN IMMEDIATE")
    ids = list(_twins(ask))
    seen = "EXISTS (SELECT 1 FROM account_member m WHERE m.account_id = a.id AND m.person_id IN (:who))"
    locked = "" if db.sqlite else " FOR NO KEY UPDATE"
    found = db.rows(f"SELECT a.* FROM account a WHERE a.id IN (:ids) AND {seen} ORDER BY a.id{locked}", ids=ids)
    names = [column[0] for column in db.cursor.description]
    rows = {row["id"]: row for row in (dict(zip(names, each, strict=True)) for each in found)}
    survivor, going = (rows[each] for each in ids)
    kept, lost = ids
    kind = going["kind"] if survivor["kind"] == "prospect" else survivor["kind"]
    changes = json.dumps({"kind": {"old": survivor["kind"], "new": kind}})
    proposal, item, change = _audit(db, ask, kept, lost, changes)
    dropped = db.rows(
        "DELETE FROM account_member WHERE account_id = :lost AND person_id IN "
        "(SELECT person_id FROM account_member WHERE account_id = :kept) RETURNING *", lost=lost, kept=kept,
    )  # fmt: skip
    moved = {
        table: db.rows(
            f"UPDATE {table} SET account_id = :kept WHERE account_id = :lost RETURNING id", kept=kept, lost=lost
        )
        for table in ("account_member", *_TABLES)
    }
    for table, of, column in (
        ("field_history", "entity", "entity_id"), ("proposal_item", "entity", "entity_id"),
        ("change_line", "entity", "entity_id"), ("suggestion_event", "subject", "subject_id"),
    ):  # fmt: skip
        moved[f"{table}.{column}"] = db.rows(
            f"UPDATE {table} SET {column} = :kept WHERE {of} = 'account' AND {column} = :lost RETURNING id",
            kept=kept, lost=lost,
        )  # fmt: skip
    if db.sqlite:
        db.cursor.execute(
            "UPDATE chunk_fts SET acl = ? WHERE rowid IN (SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?)",
            (acl_token(kept, None), f'{{acl}} : ("{acl_token(lost, None)}")'),
        )
    naming = " OR ".join(f"CAST({column} AS text) LIKE :named" for column in ("before", "after", "evidence"))
    db.rows(f"SELECT id FROM change_line WHERE account_id = :kept AND ({naming})", kept=kept, named=f"%{lost}%")
    naming = " OR ".join(f"CAST({column} AS text) LIKE :named" for column in ("changes", "evidence"))
    db.rows(f"SELECT id FROM proposal_item WHERE status = 'open' AND ({naming})", named=f"%{lost}%")
    packed = {table: "\n".join(row[0] for row in those) for table, those in moved.items() if those}
    undoing = {table: base64.b85encode(zlib.compress(listed.encode())).decode() for table, listed in packed.items()} | {
        "dropped": [[str(value) for value in row] for row in dropped]
    }
    owner = survivor["owner_id"]
    whose = {"account_id": kept, "owner_id": owner}
    _insert(
        db, "merged", entity="account", lost_id=lost, kept_id=kept, at=NOW, change_id=change, undoing=json.dumps(undoing),
        lost=json.dumps({name: None if value is None else str(value) for name, value in going.items()}), **whose,
    )  # fmt: skip
    db.rows("DELETE FROM account WHERE id = :lost RETURNING id", lost=lost)
    db.rows(
        "UPDATE account SET kind = :kind, version = version + 1, updated_at = :now WHERE id = :kept RETURNING id",
        kind=kind, now=NOW, kept=kept,
    )  # fmt: skip
    _insert(
        db, "field_history", entity="account", entity_id=kept, field="kind", old=survivor["kind"], new=kind, at=NOW,
        by_id=ask.manager.person_id, change_id=change, **whose,
    )  # fmt: skip
    _insert(
        db, "change_line", change_id=change, item_id=item, position=0, action="merge", entity="account", entity_id=kept,
        before=changes, after=changes, evidence="[]", **whose,
    )  # fmt: skip
    for name in ("kept", "lost", "again"):
        _insert(
            db, "job", kind="index", key=f"index:{name}:{change}", payload="{}", progress="{}", status="ready", run_at=NOW,
            attempts=0, max_attempts=8, fence=0, created_at=NOW,
        )  # fmt: skip
    db.rows("UPDATE proposal_item SET status = 'applied' WHERE id = :item RETURNING id", item=item)
    db.rows("UPDATE proposal SET decided_at = :now WHERE id = :proposal RETURNING id", now=NOW, proposal=proposal)
    return [
        db.rows(f"SELECT count(*) FROM {model.__tablename__} d WHERE account_id = :kept AND {{sees:d}}", kept=kept)[0][
            0
        ]
        for model in _COUNTED
    ]


def _audit(db: Plain, ask: Asking, kept: str, lost: str, changes: str) -> tuple[str, str, str]:
    """The proposal, its item and the change."""
    by = {"person_id": ask.manager.person_id}
    proposal = _insert(db, "proposal", summary="Merge", origin="chat", created_at=NOW, **by)
    item = _insert(
        db, "proposal_item", proposal_id=proposal, position=0, action="merge", entity="account", entity_id=kept,
        other_id=lost, label="Merge", changes=changes, evidence="[]", status="open", **by,
    )  # fmt: skip
    return proposal, item, _insert(db, "change", proposal_id=proposal, summary="Merge", origin="chat", at=NOW, **by)


def _insert(db: Plain, table: str, **values: Any) -> str:
    """The id of the new row."""
    row = {"id": new_id(), **values}
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    db.rows(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id", **row)
    return str(row["id"])


@functools.cache
def _twins(ask: Asking) -> tuple[str, str]:
    """The first two of the rep's accounts, looked up by the first run: whoever merges has named them."""
    mine = select(Account.id).where(Account.owner_id == ask.rep.person_id).order_by(Account.name, Account.id).limit(2)
    with ask.store.read(SYSTEM) as session:
        kept, lost = session.scalars(mine).all()
    return kept, lost
