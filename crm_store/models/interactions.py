"""What happened between us and them on every channel, and what is still to be done."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.base import Base, ByAccount, Edited, External


class Channel(StrEnum):
    CALL = "call"
    MEETING = "meeting"
    EMAIL = "email"
    CHAT = "chat"
    SOCIAL = "social"
    EVENT = "event"
    NOTE = "note"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


_MEETING = text(f"channel = '{Channel.MEETING}'")


class Interaction(Base, Edited, External, ByAccount):
    """One contact on one channel. ``body`` is the text as it was written or said; ``turns`` holds a transcript's
    turns as ``{"speaker", "offset_s", "text"}`` when there is one. ``owner_id`` is who of us took part."""

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_external", "external_source", "external_id", unique=True),
        Index("ix_interaction_account_at", "account_id", "at"),
        Index("ix_interaction_account_deal_at", "account_id", "deal_id", "at", "direction", "owner_id"),
        Index("ix_interaction_deal_at", "deal_id", "at", "direction", "account_id", "owner_id"),
        Index("ix_interaction_owner_at", "owner_id", "at"),
        Index("ix_interaction_at", "at"),
        Index("ix_interaction_id_at", "id", "at", unique=True),
        Index("ix_interaction_meeting", "owner_id", "at", sqlite_where=_MEETING, postgresql_where=_MEETING),
    )
    channel: Mapped[str] = mapped_column(String(16))
    direction: Mapped[str] = mapped_column(String(16), default=Direction.OUTBOUND)
    at: Mapped[datetime]
    duration_s: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text, default="")
    turns: Mapped[list[Any]] = mapped_column(default=list)
    outcome: Mapped[str | None] = mapped_column(String(300))
    deal_id: Mapped[str | None] = mapped_column(ForeignKey("deal.id"))
    url: Mapped[str | None] = mapped_column(String(500))
    # without an index of their own, which would be the beginning of those above
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    participants: Mapped[list["Participant"]] = relationship(lazy="raise", viewonly=True)


class Participant(Base, ByAccount):
    """Who took part: one of us (``person_id``), one of them (``contact_id``), or a name nobody could match. ``at`` is
    the interaction's own time, which the database keeps equal: who was silent since when is asked of every contact."""

    __tablename__ = "participant"
    __table_args__ = (
        ForeignKeyConstraint(("interaction_id", "at"), ("interaction.id", "interaction.at"), onupdate="CASCADE"),
        Index("ix_participant_contact_at", "contact_id", "at"),
        Index("ix_participant_person_at", "person_id", "at"),
    )
    interaction_id: Mapped[str] = mapped_column(String(36), index=True)
    at: Mapped[datetime]
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str | None] = mapped_column(String(160))
    part: Mapped[str] = mapped_column(String(16), default="attendee")  # sender | recipient | attendee


class Task(Base, Edited, External, ByAccount):
    """Something to do. ``kind`` promise: we told the customer we would; ``source_id`` is the interaction it came from."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_external", "external_source", "external_id", unique=True),
        Index("ix_task_owner_due", "owner_id", "status", "due"),
    )
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(16), default="task")  # task | promise
    status: Mapped[str] = mapped_column(String(8), default="open")  # open | done
    due: Mapped[date | None]
    done_at: Mapped[datetime | None]
    deal_id: Mapped[str | None] = mapped_column(ForeignKey("deal.id"), index=True)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("interaction.id"))
