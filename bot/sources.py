"""Opening the source behind a citation, as the person who asks may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_store import own_documents, sheets, texts
from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import Chunk, Document
from crm_store.own_documents import OwnPassageFacts
from crm_store.texts import SourceText

_NOWHERE = "I can't find that source among the records you can see."


@dataclass(frozen=True)
class OpenedSource:
    """A row's whole text, or its fields. ``passages`` are speaker (or label) and words in reading order."""

    id: str
    kind: str
    title: str
    at: datetime
    about: str
    passages: tuple[tuple[str | None, str], ...]


def open_source(session: ScopedSession, citation_id: str) -> OpenedSource:
    """The text that a citation quotes. ``citation_id`` is ``source:row id``, or a passage's own id.

    :raises NotVisible: when there is none, or this person may not see it; the two read the same.
    """
    source, _, row_id = citation_id.partition(":")
    if source == "own":
        return _opened_own(citation_id, own_documents.own_document_of(session, row_id))
    if source not in texts.SOURCES and source not in sheets.KINDS:
        chunk = session.get(Chunk, citation_id)
        document = session.get(Document, chunk.document_id) if chunk is not None else None
        if document is None:
            raise NotVisible(_NOWHERE)
        source, row_id = document.source, document.source_id
    found = texts.read_texts(session, source, [row_id]) if source in texts.SOURCES else []
    if found:
        return _opened(found[0])
    sheet = sheets.read_sheet(session, source, row_id)
    if sheet is None:
        raise NotVisible(_NOWHERE)
    passages = tuple((label, value) for label, value in sheet.lines)
    return OpenedSource(f"{sheet.kind}:{sheet.id}", sheet.kind, sheet.title, sheet.at, sheet.account or "", passages)


def _opened_own(citation_id: str, passages: Sequence[OwnPassageFacts]) -> OpenedSource:
    first = passages[0]
    lines = tuple((one.section or None, one.text) for one in passages)
    return OpenedSource(citation_id, "document", first.title, first.at, first.path, lines)


def _opened(text: SourceText) -> OpenedSource:
    about = " · ".join(part for part in (text.account, text.deal, ", ".join(text.people)) if part)
    passages = tuple((speaker, said) for speaker, _, said in text.turns) or ((text.author, text.body),)
    return OpenedSource(f"{text.source}:{text.id}", text.kind, text.title, text.at, about, passages)
