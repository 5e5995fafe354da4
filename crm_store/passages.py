"""Keeping and finding the text that can be searched.

Writing: :func:`keep_document` replaces a document's chunks and its lines in the full-text index in the caller's
transaction; vectors may follow later (:mod:`crm_store.passages_vectors`), so that a large import is found by its words at
once.

Reading: everything takes the caller's scoped session and a :class:`Filter`. The full-text half is FTS5 on SQLite, where the
accounts a person may see are tokens of an indexed column (joining to the row instead is fifty times slower), and a
generated ``tsvector`` on PostgreSQL. Whatever either finds is read again through the scope.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.models import Account, Chunk, Document, Interaction
from crm_store.passages_filter import Filter as Filter  # part of what this module is asked with
from crm_store.passages_filter import of_talks
from crm_store.passages_fulltext import acl_token, add_lines, best, drop_lines, is_sqlite, search_terms

MOST_ACL_TOKENS = 1_000
"""Of so many accounts, naming each costs as much as looking deeper than them (100 ms at 500,000 passages)."""
_NAMED = 80
"""Each of n named accounts makes looking at each of their passages slower, so that naming them takes as long as looking through
everybody's when n squared is so many times the number of all accounts (400 of 2,000, measured)."""
MOST_FETCHED = 40_000
"""How deep a full-text search that cannot be narrowed looks for what may be seen."""
_PAGE = 500
"""Ids in one statement."""


@dataclass(frozen=True)
class NewChunk:
    """A block of a document before it is kept; ``vector`` is float32 little endian, or None to embed it later."""

    ordinal: int
    text: str
    speaker: str | None
    at: datetime
    vector: bytes | None = None


@dataclass(frozen=True)
class NewDocument:
    """A searchable text and whose it is. ``source`` and ``source_id`` name its row."""

    source: str
    source_id: str
    kind: str
    title: str
    header: str
    at: datetime
    account_id: str | None
    owner_id: str | None
    digest: str


@dataclass(frozen=True)
class StoredPassage:
    """A chunk with what it belongs to."""

    chunk_id: str
    document_id: str
    source: str
    source_id: str
    kind: str
    title: str
    header: str
    text: str
    speaker: str | None
    at: datetime
    ordinal: int
    url: str | None


def keep_document(session: ScopedSession, document: NewDocument, chunks: Sequence[NewChunk], model: str) -> list[str]:
    """Replace a document's chunks, unless its digest says that nothing changed; returns the chunk ids that went."""
    return keep_documents(session, [(document, chunks)], model)


def keep_documents(
    session: ScopedSession, documents: Sequence[tuple[NewDocument, Sequence[NewChunk]]], model: str
) -> list[str]:
    """Replace the chunks of several rows of one source, a page at a time, where they changed; returns the chunk ids that went."""
    source = {document.source for document, _ in documents}
    ids = [document.source_id for document, _ in documents]
    known = select(Document).where(Document.source.in_(source), Document.source_id.in_(ids))
    rows = {(row.source, row.source_id): row for row in session.scalars(known)}
    same = {(row.source, row.source_id, row.digest) for row in rows.values()}
    changed = [
        (document, chunks, rows.get((document.source, document.source_id)))
        for document, chunks in documents
        if (document.source, document.source_id, document.digest) not in same
    ]
    gone = [id_ for _, _, row in changed if row is not None for id_ in drop_chunks(session, row.id)]
    new: list[Chunk] = []
    for document, chunks, row in changed:
        if row is None:
            row = Document(id=new_id())
            session.add(row)
        for name, value in vars(document).items():
            setattr(row, name, value)
        new += [
            Chunk(
                id=f"{row.id}:{chunk.ordinal}", document_id=row.id, ordinal=chunk.ordinal, header=document.header,
                text=chunk.text, speaker=chunk.speaker, at=chunk.at, model=model, vector=chunk.vector,
                account_id=document.account_id, owner_id=document.owner_id,
            )
            for chunk in chunks
        ]  # fmt: skip
    session.flush()
    session.add_all(new)
    session.flush()
    if is_sqlite(session):
        add_lines(session, [(acl_token(one.account_id, one.owner_id), one.id, f"{one.header}\n{one.text}") for one in new])
    return gone


def drop_document(session: ScopedSession, source: str, source_id: str) -> list[str]:
    """Forget a row's passages; returns the chunk ids that went, for the vector index to drop too."""
    its = select(Document).where(Document.source == source, Document.source_id == source_id)
    row = session.scalars(its).one_or_none()
    if row is None:
        return []
    gone = drop_chunks(session, row.id)
    session.delete(row)
    session.flush()
    return gone


def lock_sources(session: ScopedSession, source: str, source_ids: Iterable[str]) -> None:
    """Let no other transaction write the passages of these rows until this one ends. SQLite has one writer anyway."""
    if not is_sqlite(session):
        for source_id in sorted(source_ids):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{source}:{source_id}", 0))))


def drop_chunks(session: ScopedSession, document_id: str) -> list[str]:
    ids = list(session.scalars(select(Chunk.id).where(Chunk.document_id == document_id)))
    if ids and is_sqlite(session):
        drop_lines(session, ids)
    session.execute(delete(Chunk).where(Chunk.document_id == document_id).execution_options(synchronize_session=False))
    session.expire_all()
    return ids


def ids_of(session: Session, source: str, source_id: str) -> list[str]:
    """The chunk ids of one row in reading order."""
    its = _document(Document.source == source, Document.source_id == source_id)
    return list(session.scalars(select(Chunk.id).where(its).order_by(Chunk.ordinal)))


def permitted(filter_: Filter, *columns: Any) -> Select[Any]:
    """A select over the chunks of a filter; the session adds the scope."""
    statement: Select[Any] = select(*(columns or (Chunk.id,)))
    about: list[ColumnElement[bool]] = []
    if filter_.account_ids is not None:
        about.append(Chunk.account_id.in_(sorted(filter_.account_ids)))
    if talks := of_talks(filter_):
        about.append(_document(*talks))
    if filter_.kinds is not None:
        its = select(Document.id).where(Document.id == Chunk.document_id, Document.kind.in_(sorted(filter_.kinds)))
        about.append(its.exists())  # looked up for each chunk, since a kind has many documents
    if filter_.since is not None:
        about.append(Chunk.at >= filter_.since)
    if filter_.until is not None:
        about.append(Chunk.at < filter_.until)
    return statement.where(*about)


def _document(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Chunk.document_id.in_(select(Document.id).where(*conditions))


def permitted_count(session: ScopedSession, filter_: Filter, most: int) -> int:
    """How many chunks the filter permits, counted up to ``most``."""
    statement = permitted(filter_)
    about = [statement]
    if filter_.account_ids is None and not session.scope.everything:
        # The scope alone is a question about every chunk; of whoever sees few accounts, only theirs are looked at.
        ids = list(session.scalars(select(Account.id).limit(_PAGE)))
        if len(ids) < _PAGE:
            about = [statement.where(Chunk.account_id.in_(ids)), statement.where(Chunk.account_id.is_(None))]
    return min(most, sum(len(session.scalars(one.limit(most)).all()) for one in about))


def permitted_among(session: Session, filter_: Filter, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), _PAGE):
        page = permitted(filter_).where(Chunk.id.in_(ids[start : start + _PAGE]))
        found.update(str(id_) for id_ in session.scalars(page))
    return found


def lexical(session: ScopedSession, filter_: Filter, query: str, limit: int) -> list[tuple[str, float]]:
    """The best permitted chunks by the words of ``query``: id and score, a higher one is better."""
    terms = search_terms(query)
    if not terms:
        return []
    words = " OR ".join(f'"{term}"' for term in terms)
    if is_sqlite(session):
        acl = _acl(session, filter_)
        match = f"{{acl}} : ({acl}) AND {{body}} : ({words})" if acl else f"{{body}} : ({words})"
        narrowed = acl is None or filter_ != Filter(account_ids=filter_.account_ids)
    else:
        match, narrowed = words, filter_ != Filter()
    fetch = limit * 10 if narrowed else limit
    allowed, checked = set[str](), set[str]()
    while True:
        found = best(session, match, fetch) if is_sqlite(session) else session.full_text(match, fetch)
        unchecked = [id_ for id_, _ in found if id_ not in checked]
        for start in range(0, len(unchecked), _PAGE):
            if len(allowed) >= limit:
                break  # they come best first
            allowed |= permitted_among(session, filter_, unchecked[start : start + _PAGE])
            checked.update(unchecked[start : start + _PAGE])
        if len(allowed) >= limit or len(found) < fetch or fetch >= MOST_FETCHED:
            return [(id_, score) for id_, score in found if id_ in allowed][:limit]
        deep_enough = fetch * limit * 5 // (4 * len(allowed)) if allowed else MOST_FETCHED
        fetch = min(max(fetch * 2, deep_enough), fetch * 8, MOST_FETCHED)


def _acl(session: ScopedSession, filter_: Filter) -> str | None:
    """Whose passages to look in, as full-text tokens; None where that is no narrowing or they are too many."""
    tokens = _tokens(session, filter_)
    return None if tokens is None else " OR ".join(f'"{token}"' for token in tokens) or '"nothing"'


def _tokens(session: ScopedSession, filter_: Filter) -> list[str] | None:
    if filter_.account_ids is not None:
        few = len(filter_.account_ids) <= MOST_ACL_TOKENS
        return [acl_token(id_, None) for id_ in sorted(filter_.account_ids)] if few else None
    if talks := of_talks(filter_):
        whose = select(Document.account_id, Document.owner_id).where(*talks).distinct().limit(MOST_ACL_TOKENS + 1)
        found = {acl_token(account_id, owner_id) for account_id, owner_id in session.execute(whose)}
        return sorted(found) if len(found) <= MOST_ACL_TOKENS else None
    scope = session.scope
    if scope.everything:
        return None
    ids, owners = list(session.scalars(select(Account.id).limit(MOST_ACL_TOKENS + 1))), sorted(scope.owner_ids or ())
    with session.raw("how many accounts there are, of which no name is shown"):
        every = session.scalar(select(func.count(Account.id))) or 0
    if len(ids) + len(owners) > MOST_ACL_TOKENS or len(ids) ** 2 > _NAMED * every:
        return None
    return [acl_token(id_, None) for id_ in ids] + [acl_token(None, id_) for id_ in owners]


def passages(session: Session, ids: Sequence[str]) -> list[StoredPassage]:
    """The chunks of these ids that the session's scope lets through, in no particular order."""
    columns: tuple[Any, ...] = (
        Chunk.id, Chunk.document_id, Document.source, Document.source_id, Document.kind, Document.title, Chunk.header, Chunk.text,
        Chunk.speaker, Chunk.at, Chunk.ordinal, Interaction.url,
    )  # fmt: skip
    joined = (
        select(*columns)
        .join(Document, Document.id == Chunk.document_id)
        .outerjoin(Interaction, Interaction.id == Document.source_id)
    )
    pages = [joined.where(Chunk.id.in_(ids[start : start + _PAGE])) for start in range(0, len(ids), _PAGE)]
    return [StoredPassage(*row) for page in pages for row in session.execute(page)]
