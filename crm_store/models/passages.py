"""The text that can be searched: documents, their chunks and each chunk's vector.

The relational store is the truth; the vector index holds ids, vectors and coarse metadata only, and is rebuilt
from here without embedding anything again.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base, ByAccount


class Document(Base, ByAccount):
    """A searchable text. ``source`` and ``source_id`` name its row: interaction, case, account, survey, file."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_source", "source", "source_id", unique=True),)
    source: Mapped[str] = mapped_column(String(24))
    source_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300))
    header: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))


class Chunk(Base, ByAccount):
    """A block of a document. ``id`` is ``{document_id}:{ordinal}``; ``vector`` is float32, little endian, None until it is embedded.

    The full-text index over ``header`` and ``text`` (FTS5 on SQLite, a generated ``tsvector`` on PostgreSQL) is made
    by the migrations and kept by :mod:`crm_store.passages_fulltext`."""

    __tablename__ = "chunk"
    __table_args__ = (Index("ix_chunk_document", "document_id", "ordinal"),)
    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    header: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    speaker: Mapped[str | None] = mapped_column(String(160))
    at: Mapped[datetime]
    model: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
