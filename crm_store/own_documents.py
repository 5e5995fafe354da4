"""Keeping and finding the company's own documents. Everyone reads them; only a system scope writes them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select, update

from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.errors import NotVisible
from crm_store.models import OwnDocument, OwnPassage

LONGEST_FOLDER, LONGEST_PATH = 120, 300
"""Characters that the two names of a document may have."""
_PAGE = 500
"""Names in one statement."""


@dataclass(frozen=True, slots=True)
class NewOwnPassage:
    """``terms`` are stems of words; ``vector`` is float32, little endian."""

    section: str
    text: str
    terms: Sequence[str]
    vector: bytes


@dataclass(frozen=True, slots=True)
class NewOwnDocument:
    folder: str
    path: str
    title: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class OwnDocumentFacts:
    folder: str
    path: str
    title: str
    at: datetime
    imported_at: datetime
    digest: str
    passages: int


@dataclass(frozen=True, slots=True)
class OwnPassageFacts:
    """``title`` and ``at`` are the document's."""

    id: str
    document_id: str
    title: str
    path: str
    section: str
    text: str
    at: datetime
    ordinal: int


def keep_own_document(
    session: ScopedSession, document: NewOwnDocument, passages: Sequence[NewOwnPassage], *, model: str, now: datetime
) -> bool:
    """Keep a file, instead of what it said before; returns whether it was known already."""
    its = select(OwnDocument).where(OwnDocument.folder == document.folder, OwnDocument.path == document.path)
    row = session.scalars(its).one_or_none()
    known = row is not None
    if row is None:
        row = OwnDocument(id=new_id(), folder=document.folder, path=document.path)
        session.add(row)
    row.title, row.at, row.digest, row.imported_at = document.title, document.at, document.digest, now
    session.flush()
    session.execute(delete(OwnPassage).where(OwnPassage.document_id == row.id))
    for ordinal, one in enumerate(passages):
        session.add(
            OwnPassage(
                document_id=row.id, ordinal=ordinal, section=one.section[:300], text=one.text, model=model, vector=one.vector,
                terms=f" {' '.join(dict.fromkeys(one.terms))} ",
            )
        )  # fmt: skip
    session.flush()
    return known


def drop_own_documents(session: ScopedSession, folder: str, paths: Collection[str]) -> int:
    """Forget these files of a folder; returns how many there were."""
    its = select(OwnDocument).where(OwnDocument.folder == folder, OwnDocument.path.in_(sorted(paths)))
    rows = list(session.scalars(its))
    for row in rows:
        session.execute(delete(OwnPassage).where(OwnPassage.document_id == row.id))
        session.delete(row)
    session.flush()
    return len(rows)


def own_documents(session: ScopedSession) -> tuple[OwnDocumentFacts, ...]:
    """Every document, by folder and path."""
    statement = (
        select(OwnDocument, func.count(OwnPassage.id))
        .outerjoin(OwnPassage, OwnPassage.document_id == OwnDocument.id)
        .group_by(OwnDocument.id)
        .order_by(OwnDocument.folder, OwnDocument.path)
    )
    return tuple(
        OwnDocumentFacts(row.folder, row.path, row.title, row.at, row.imported_at, row.digest, count)
        for row, count in session.execute(statement)
    )


def own_passages(session: ScopedSession, ids: Collection[str]) -> tuple[OwnPassageFacts, ...]:
    """The passages of these ids, in no particular order; what is gone is left out."""
    statement = (
        select(OwnPassage, OwnDocument)
        .join(OwnDocument, OwnDocument.id == OwnPassage.document_id)
        .where(OwnPassage.id.in_(sorted(ids)))
    )
    return tuple(_facts(passage, document) for passage, document in session.execute(statement))


def own_document_of(session: ScopedSession, passage_id: str) -> tuple[OwnPassageFacts, ...]:
    """All passages of the document that a passage is of, in reading order.

    :raises NotVisible: when there is none.
    """
    document = select(OwnPassage.document_id).where(OwnPassage.id == passage_id).scalar_subquery()
    statement = (
        select(OwnPassage, OwnDocument)
        .join(OwnDocument, OwnDocument.id == OwnPassage.document_id)
        .where(OwnPassage.document_id == document)
        .order_by(OwnPassage.ordinal)
    )
    found = tuple(_facts(passage, row) for passage, row in session.execute(statement))
    if not found:
        raise NotVisible("I can't find that source among the records you can see.")
    return found


def place_own_documents(session: ScopedSession, name: str, folder: str, paths: Collection[str]) -> None:
    """Say of documents that are kept under their folder's bare ``name``, as earlier versions did, which ``folder`` they lie in:
    those of ``paths`` that it has not yet."""
    there = set(session.scalars(select(OwnDocument.path).where(OwnDocument.folder == folder)))
    wanted = sorted(set(paths) - there)
    for start in range(0, len(wanted), _PAGE):
        its = (OwnDocument.folder == name, OwnDocument.path.in_(wanted[start : start + _PAGE]))
        session.execute(update(OwnDocument).where(*its).values(folder=folder).execution_options(synchronize_session=False))


def own_passages_to_embed(session: ScopedSession, model: str, most: int) -> tuple[OwnPassageFacts, ...]:
    """Up to ``most`` passages that this model did not embed."""
    statement = (
        select(OwnPassage, OwnDocument)
        .join(OwnDocument, OwnDocument.id == OwnPassage.document_id)
        .where(OwnPassage.model != model)
        .order_by(OwnPassage.document_id, OwnPassage.ordinal)
        .limit(most)
    )
    return tuple(_facts(passage, document) for passage, document in session.execute(statement))


def keep_own_vectors(session: ScopedSession, made: Sequence[tuple[str, str, bytes]], model: str) -> None:
    """Give passages their vectors of this model: id, the words that were embedded and the vector. A passage that says
    something else by now keeps what it has."""
    for id_, text, vector in made:
        its = (OwnPassage.id == id_, OwnPassage.text == text)
        session.execute(update(OwnPassage).where(*its).values(model=model, vector=vector))


def count_own_to_embed(session: ScopedSession, model: str) -> int:
    """How many passages this model did not embed."""
    return session.scalar(select(func.count(OwnPassage.id)).where(OwnPassage.model != model)) or 0


def own_vectors(session: ScopedSession, model: str) -> list[tuple[str, bytes]]:
    """Ids and vectors of all passages that this model embedded."""
    statement = select(OwnPassage.id, OwnPassage.vector).where(OwnPassage.model == model)
    return [(id_, bytes(vector)) for id_, vector in session.execute(statement)]


def own_passages_with(session: ScopedSession, terms: Sequence[str]) -> list[tuple[str, tuple[bool, ...]]]:
    """The passages with any of these stems: id, and for each stem whether it is in it."""
    if not terms:
        return []
    held = [func.coalesce(case((OwnPassage.terms.contains(f" {term} ", autoescape=True), 1), else_=0), 0) for term in terms]
    anywhere = sum(held[1:], held[0]) if len(held) > 1 else held[0]
    rows = session.execute(select(OwnPassage.id, *held).where(anywhere > 0))
    return [(str(row[0]), tuple(bool(each) for each in row[1:])) for row in rows]


def count_own_passages(session: ScopedSession) -> int:
    return session.scalar(select(func.count(OwnPassage.id))) or 0


def _facts(passage: OwnPassage, document: OwnDocument) -> OwnPassageFacts:
    return OwnPassageFacts(
        passage.id, document.id, document.title, document.path, passage.section, passage.text, document.at, passage.ordinal
    )


def own_terms(session: ScopedSession) -> tuple[frozenset[str], ...]:
    """The stems of each passage's words and of its headings, in no particular order."""
    return tuple(frozenset(terms.split()) for terms in session.scalars(select(OwnPassage.terms)))
