"""The only write path: propose -> confirm -> apply -> undo.

A proposal holds, field by field, what would change from what to what, and the evidence. Confirming it checks access
and the current values again, writes everything or nothing, keeps the history of tracked fields, records who changed
what, when and from where, and enqueues the indexing, all in the caller's transaction. Two confirms make one change. Undoing
restores exactly what was there, unless somebody changed it since.
"""

from crm_store.changes.apply import confirm, reject
from crm_store.changes.fields import ENTITIES, Entity, Field
from crm_store.changes.propose import Draft, edit, permitted, propose
from crm_store.changes.read import (
    ReadItem,
    ReadProposal,
    change_summary,
    latest_change,
    open_proposals,
    read_proposal,
)
from crm_store.changes.undo import undo

__all__ = [
    "ENTITIES",
    "Draft",
    "Entity",
    "Field",
    "ReadItem",
    "ReadProposal",
    "change_summary",
    "confirm",
    "edit",
    "latest_change",
    "open_proposals",
    "permitted",
    "propose",
    "read_proposal",
    "reject",
    "undo",
]
