"""Taking an erased person out of what this machine holds beside the record: the local workspace's messages and files."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot.local.forgetting import forget
from crm_store.access import ScopedSession
from crm_store.changes import read_proposal
from crm_store.errors import CrmError
from crm_store.people import Caller
from crm_store.people_data.subject import subject_of, terms_of
from crm_store.people_data.terms import Terms
from crm_store.store import Store


def terms_to_forget(
    store: Store, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None
) -> tuple[Terms, ...]:
    """The words that name whom a proposal would erase, read before it is confirmed; they are never kept."""
    with store.read(caller.scope) as session:
        try:
            items = read_proposal(session, proposal_id).items
            asked = [item for item in items if item_ids is None or item.id in item_ids]
            ids = [item.entity_id for item in asked if item.action == "erase" and item.status == "open"]
            return tuple(_terms(session, row_id) for row_id in ids)
        except CrmError:  # confirming it says what is wrong
            return ()


def _terms(session: ScopedSession, contact_id: str) -> Terms:
    return terms_of(session, subject_of(session, contact_id))


def forget_locally(home: Path, people: tuple[Terms, ...]) -> int:
    """Rewrite what the local workspace in this home keeps; returns how many documents changed."""
    return sum(
        forget(home / "workspace", partial(_without, terms), partial(_names, terms))
        for terms in people
    )


def _without(terms: Terms, document: str) -> str:
    return json.dumps(terms.redact_json(json.loads(document)))


def _names(terms: Terms, text: str) -> bool:
    return terms.redact(text) != text
