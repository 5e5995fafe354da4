"""Which rows the searchable documents come from."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from crm_store.access import ScopedSession
from crm_store.models import Account, Document


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """``source`` is the kind of row (interaction, case, survey, account…) and ``source_id`` its id."""

    source: str
    source_id: str
    account_id: str | None
    account: str | None


def sources_of(session: ScopedSession, document_ids: Iterable[str]) -> dict[str, DocumentSource]:
    """The row behind each document, by the document's id; documents that may not be seen are left out."""
    wanted = sorted(set(document_ids))
    if not wanted:
        return {}
    statement = (
        select(Document.id, Document.source, Document.source_id, Document.account_id, Account.name)
        .outerjoin(Account, Account.id == Document.account_id)
        .where(Document.id.in_(wanted))
    )
    return {row[0]: DocumentSource(row[1], row[2], row[3], row[4]) for row in session.execute(statement)}
