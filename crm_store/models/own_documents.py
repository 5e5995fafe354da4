"""The company's own documents: policies, price and product sheets, playbooks. Everyone in the company may read them.

They are kept apart from the passages of customers (:mod:`crm_store.models.passages`), whose every row has its readers.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base


class OwnDocument(Base):
    """A file as it was imported. ``folder`` is where the folder lies that was imported (only its name, for what an earlier version
    imported) and ``path`` the file within it; ``at`` is when the file was last changed and ``digest`` tells whether it was
    since."""

    __tablename__ = "own_document"
    __table_args__ = (UniqueConstraint("folder", "path"),)
    folder: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    imported_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))


class OwnPassage(Base):
    """A block of such a document under its heading. ``terms`` are the stems of its words and of its headings, each between
    spaces; ``vector`` is float32, little endian."""

    __tablename__ = "own_passage"
    __table_args__ = (Index("ix_own_passage_document", "document_id", "ordinal", unique=True),)
    document_id: Mapped[str] = mapped_column(ForeignKey("own_document.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    section: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
