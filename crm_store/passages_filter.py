"""What a search of passages is about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from crm_store.models import Document, Interaction, Participant


@dataclass(frozen=True)
class Filter:
    """What a search is about; None means anything. Times are aware, ``since`` included and ``until`` not."""

    account_ids: frozenset[str] | None = None
    contact_ids: frozenset[str] | None = None
    deal_ids: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


def of_talks(filter_: Filter) -> list[ColumnElement[bool]]:
    """What the filter says of an interaction's document: with whom it was, and on which deal; nothing where it says neither."""
    found: list[ColumnElement[bool]] = []
    if filter_.contact_ids is not None:
        with_them = select(Participant.interaction_id).where(Participant.contact_id.in_(sorted(filter_.contact_ids)))
        found.append(Document.source_id.in_(with_them))
    if filter_.deal_ids is not None:
        on_deal = select(Interaction.id).where(Interaction.deal_id.in_(sorted(filter_.deal_ids)))
        found.append(Document.source_id.in_(on_deal))
    return [Document.source == "interaction", *found] if found else []
