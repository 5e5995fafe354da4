"""The vectors of passages, beside their text: written after it, and read page by page to build the vector index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from crm_store.models import Chunk, Document


@dataclass(frozen=True)
class StoredVector:
    """A chunk as the vector index takes it: its vector, whose it is, of what kind, and of when."""

    id: str
    vector: bytes
    account_id: str | None
    owner_id: str | None
    kind: str
    at: datetime


def without_vectors(session: Session, model: str, limit: int) -> list[tuple[str, str, str]]:
    """Chunks that this model has not embedded yet: id, header and text, newest first."""
    statement = select(Chunk.id, Chunk.header, Chunk.text).where(or_(Chunk.vector.is_(None), Chunk.model != model))
    return [
        (id_, header, text_) for id_, header, text_ in session.execute(statement.order_by(Chunk.at.desc()).limit(limit))
    ]


def count_without_vectors(session: Session, model: str) -> int:
    statement = select(func.count(Chunk.id)).where(or_(Chunk.vector.is_(None), Chunk.model != model))
    return session.scalar(statement) or 0


def keep_vectors(session: Session, vectors: Iterable[tuple[str, str, bytes]], model: str) -> None:
    """Write the vectors of chunks, given by id and text; a chunk whose text is another by now keeps its own."""
    for chunk_id, embedded, vector in vectors:
        same = update(Chunk).where(Chunk.id == chunk_id, Chunk.text == embedded).values(vector=vector, model=model)
        session.execute(same.execution_options(synchronize_session=False))


def all_vectors(session: Session, model: str, after: str = "", limit: int = 2_000) -> list[StoredVector]:
    """One page of vectors in id order, for building the vector index."""
    statement = _embedded(model).where(Chunk.id > after).order_by(Chunk.id).limit(limit)
    return [StoredVector(*row) for row in session.execute(statement)]


def vectors_of(session: Session, source: str, source_id: str, model: str) -> list[StoredVector]:
    """Those of one row's chunks that this model has embedded."""
    its = (Document.source == source, Document.source_id == source_id)
    return [StoredVector(*row) for row in session.execute(_embedded(model).where(*its))]


def _embedded(model: str) -> Select[Any]:
    columns: tuple[Any, ...] = (Chunk.id, Chunk.vector, Chunk.account_id, Chunk.owner_id, Document.kind, Chunk.at)
    joined: Select[Any] = select(*columns).join(Document, Document.id == Chunk.document_id)
    return joined.where(Chunk.vector.is_not(None), Chunk.model == model)


def count_vectors(session: Session, model: str) -> int:
    return session.scalar(select(func.count(Chunk.id)).where(Chunk.vector.is_not(None), Chunk.model == model)) or 0
