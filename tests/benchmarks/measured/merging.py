"""Making two accounts one: proposed and confirmed, beside the statements that a good engineer would send.

Both sides take everything back before they commit, so that every run merges the same two. The statements by hand move what
names the account, drop what the survivor has already, keep the ids of what was moved and delete the account; they write
no proposal, no audit and no job.
"""

from typing import Any

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.changes import Draft, confirm, propose
from crm_store.models import Account, Contact, Deal, Interaction
from crm_store.passages_fulltext import acl_token
from tests.benchmarks.measured.asking import NOW, Asking
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
    kept, lost = _twins(session, ask)
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
    mine = "SELECT id FROM account WHERE owner_id = :me ORDER BY name, id LIMIT 2"
    kept, lost = (row[0] for row in db.rows(mine, me=ask.rep.person_id))
    db.rows(
        "DELETE FROM account_member WHERE account_id = :lost AND person_id IN "
        "(SELECT person_id FROM account_member WHERE account_id = :kept) RETURNING id, person_id", lost=lost, kept=kept,
    )  # fmt: skip
    for table in ("account_member", *_TABLES):
        db.rows(f"UPDATE {table} SET account_id = :kept WHERE account_id = :lost RETURNING id", kept=kept, lost=lost)
    for table, kind, column in (
        ("field_history", "entity", "entity_id"), ("proposal_item", "entity", "entity_id"),
        ("change_line", "entity", "entity_id"), ("suggestion_event", "subject", "subject_id"),
    ):  # fmt: skip
        db.rows(
            f"UPDATE {table} SET {column} = :kept WHERE {kind} = 'account' AND {column} = :lost RETURNING id",
            kept=kept, lost=lost,
        )  # fmt: skip
    if db.sqlite:
        db.cursor.execute(
            "UPDATE chunk_fts SET acl = ? WHERE rowid IN (SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?)",
            (acl_token(kept, None), f'{{acl}} : ("{acl_token(lost, None)}")'),
        )
    db.rows("DELETE FROM account WHERE id = :lost RETURNING id", lost=lost)
    return [
        db.rows(f"SELECT count(*) FROM {model.__tablename__} WHERE account_id = :kept", kept=kept)[0][0]
        for model in _COUNTED
    ]


def _twins(session: ScopedSession, ask: Asking) -> tuple[str, str]:
    """The first two of the rep's accounts."""
    mine = select(Account.id).where(Account.owner_id == ask.rep.person_id).order_by(Account.name, Account.id).limit(2)
    kept, lost = session.scalars(mine).all()
    return kept, lost
