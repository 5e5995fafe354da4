"""A merge as a draft and in words."""

from bot.wording import join, plural
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.duplicates.moving import Moving, moving, name_of

_NOUNS = {
    "contacts": "contact", "deals": "deal", "conversations": "conversation", "tasks": "task", "orders": "order", "cases": "case",
    "roles": "deal role",
}  # fmt: skip


def merge_draft(session: ScopedSession, kind: str, kept_id: str, lost_id: str) -> tuple[Draft, str]:
    """The draft and its summary.

    :raises NotVisible: when either of the two may not be seen.
    """
    kept, lost = name_of(session, kind, kept_id), name_of(session, kind, lost_id)
    if kept == lost:
        kept, lost = (name_of(session, kind, row_id, fully=True) for row_id in (kept_id, lost_id))
    told = moved_words(moving(session, kind, lost_id))
    label = f"Merge {lost} into {kept}"
    evidence = {"kind": "rule", "text": f"From {lost} to {kept}: {told}.", "citation": None}
    return Draft("merge", kind, {}, kept_id, label, (evidence,), lost_id), f"{label}: {told}"


def moved_words(found: Moving) -> str:
    """ "3 contacts, 2 deals and 41 conversations move", or that nothing does."""
    parts = [plural(count, _NOUNS[name]) for name, count in found.counts.items() if count]
    return f"{join(parts)} {'moves' if sum(found.counts.values()) == 1 else 'move'}" if parts else "nothing else moves"
