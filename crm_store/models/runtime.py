"""What keeps the service honest across crashes: jobs, received events, conversations."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base, ByPerson


class Job(Base):
    """Work to do once. ``key`` is unique; ``fence`` goes up with every claim so that a worker that lost its lease
    cannot write; ``progress`` is committed together with the step it describes."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_ready", "status", "kind", "run_at"),)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(8), default="ready")  # ready | running | done | dead
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=8)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportRun(Base):
    """An import of one set of files: how far it came, so that one that was killed goes on where it stopped.
    ``digest`` is of the files and the choices made for them."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_digest", "digest", "started_at"),)
    source: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class ImportBatch(Base):
    """A batch that an unfinished import has written, with what there is to tell of it; gone when the import ends.
    ``step`` and ``place`` say how far into what it reaches."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("run_id", "position"),)
    run_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"))
    position: Mapped[int]
    step: Mapped[str] = mapped_column(String(300))
    place: Mapped[int]
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)


class InboundEvent(Base):
    """An event that was received, written before it is acknowledged; the unique pair makes a retry harmless."""

    __tablename__ = "inbound_event"
    __table_args__ = (UniqueConstraint("source", "event_id"),)
    source: Mapped[str] = mapped_column(String(24))
    event_id: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ConversationTurn(Base, ByPerson):
    """One question and what was answered, with what it was about, so that "and her boss?" can be understood."""

    __tablename__ = "conversation_turn"
    __table_args__ = (Index("ix_conversation_turn_thread", "person_id", "thread_id", "at"),)
    thread_id: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict)
