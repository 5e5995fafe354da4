"""The vectors of passages, beside their text: written after it, and read page by page to build the vector index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession
from crm_store.models import Chunk, Document
from crm_store.passages import Filter, permitted

VECTORS = 4_000
"""Vectors held at once while all are read: six megabytes of the default model's."""
_PAGE = 500
"""Ids in one statement."""


@dataclass(frozen=True)
class StoredVector:
    """A chunk as the vector index takes it: its vector, whose it is, of what kind, and of when."""

    id: str
    vector: bytes
    account_id: str | None
    owner_id: str | None
    kind: str
    at: datetime


def ids_without_vectors(session: Session, model: str) -> list[str]:
    """Chunks that this model has not embedded yet, newest first. It reads through all chunks, so ask it once and not for
    every batch."""
    statement = select(Chunk.id).where(or_(Chunk.vector.is_(None), Chunk.model != model))
    return list(session.scalars(statement.order_by(Chunk.at.desc())))


def to_embed(session: Session, ids: Sequence[str], model: str) -> list[tuple[str, str, str]]:
    """Id, header and text of those of ``ids``, a thousand at the most, that this model still has not embedded."""
    statement = select(Chunk.id, Chunk.header, Chunk.text).where(Chunk.id.in_(ids))
    missing = statement.where(or_(Chunk.vector.is_(None), Chunk.model != model))
    return [(id_, header, text_) for id_, header, text_ in session.execute(missing)]


def keep_vectors(session: ScopedSession, vectors: Iterable[tuple[str, str, bytes]], model: str) -> None:
    """Write the vectors of chunks, given by id and text; a chunk whose text is another by now keeps its own. Only for the
    indexer, whose scope is everything: the rows are written past the session's own filter."""
    assert session.scope.everything
    same = (
        update(Chunk)
        .where(Chunk.id == bindparam("its_id"), Chunk.text == bindparam("its_text"))
        .values(vector=bindparam("its_vector"), model=model)
    )
    rows = [{"its_id": id_, "its_text": text_, "its_vector": vector} for id_, text_, vector in vectors]
    if rows:
        session.flush()
        session.connection().execute(same, rows)  # many rows in one statement, which the ORM does by key only


def vectors(session: Session, filter_: Filter, ids: Sequence[str], model: str) -> list[tuple[str, bytes]]:
    """Ids and vectors of those of ``ids`` that the filter permits and this model embedded."""
    statement = _with_vectors(filter_, model)
    pages = [statement.where(Chunk.id.in_(ids[start : start + _PAGE])) for start in range(0, len(ids), _PAGE)]
    return [(str(row[0]), bytes(row[1])) for page in pages for row in session.execute(page)]


def permitted_vectors(session: Session, filter_: Filter, model: str) -> Iterator[list[tuple[str, bytes]]]:
    """Ids and vectors of all chunks that the filter permits and this model embedded, so many at a time as memory holds easily."""
    found = session.execute(_with_vectors(filter_, model).execution_options(yield_per=VECTORS))
    for page in found.partitions():
        yield [(str(row[0]), bytes(row[1])) for row in page]


def _with_vectors(filter_: Filter, model: str) -> Select[Any]:
    return permitted(filter_, Chunk.id, Chunk.vector).where(Chunk.vector.is_not(None), Chunk.model == model)


def all_vectors(session: Session, model: str, after: str = "", limit: int = 2_000) -> list[StoredVector]:
    """One page of vectors in id order, for building the vector index."""
    statement = _embedded(model).where(Chunk.id > after).order_by(Chunk.id).limit(limit)
    return [StoredVector(*row) for row in session.execute(statement)]


def vectors_of(session: Session, source: str, source_id: str, model: str) -> list[StoredVector]:
    """Those of one row's chunks that this model has embedded."""
    its = (Document.source == source, Document.source_id == source_id)
    return [StoredVector(*row) for row in session.execute(_embedded(model).where(*its))]


def vectors_among(session: Session, ids: Sequence[str], model: str) -> list[StoredVector]:
    """Those of ``ids``, a thousand at the most, that this model has embedded."""
    return [StoredVector(*row) for row in session.execute(_embedded(model).where(Chunk.id.in_(ids)))]


def _embedded(model: str) -> Select[Any]:
    columns: tuple[Any, ...] = (Chunk.id, Chunk.vector, Chunk.account_id, Chunk.owner_id, Document.kind, Chunk.at)
    joined: Select[Any] = select(*columns).join(Document, Document.id == Chunk.document_id)
    return joined.where(Chunk.vector.is_not(None), Chunk.model == model)


def count_vectors(session: Session, model: str) -> int:
    return session.scalar(select(func.count(Chunk.id)).where(Chunk.vector.is_not(None), Chunk.model == model)) or 0
