"""Proposals, the changes they became, and what was said of suggestions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.base import Base, ByAccount, ByPerson


class ItemStatus(StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    REJECTED = "rejected"
    REPLACED = "replaced"


class Proposal(Base, ByPerson):
    """Writes that wait for a person's word. ``origin`` says where it was asked: slack, cli, meeting, import."""

    __tablename__ = "proposal"
    summary: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(16))
    thread_id: Mapped[str | None] = mapped_column(String(200), index=True)
    dedupe_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    items: Mapped[list["ProposalItem"]] = relationship(
        lazy="raise", order_by="ProposalItem.position", back_populates="proposal"
    )


class ProposalItem(Base, ByPerson):
    """One row to create, update or delete, or to merge with the row ``other_id``, which goes. ``changes`` maps a field
    to ``{"old", "new"}`` in JSON form."""

    __tablename__ = "proposal_item"
    __table_args__ = (
        Index("ix_proposal_item_row", "entity_id"),
        Index("ix_proposal_item_status", "status"),
    )
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    position: Mapped[int]
    action: Mapped[str] = mapped_column(String(8))  # create | update | delete | merge
    entity: Mapped[str] = mapped_column(String(24))
    entity_id: Mapped[str] = mapped_column(String(36))
    other_id: Mapped[str | None] = mapped_column(String(36))
    base_version: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(300))
    changes: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(8), default=ItemStatus.OPEN)

    proposal: Mapped[Proposal] = relationship(lazy="raise", back_populates="items")


class Change(Base, ByPerson):
    """One confirmed write: who, when, from where, and what it undid if it is an undo."""

    __tablename__ = "change"
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    summary: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    undo_of: Mapped[str | None] = mapped_column(String(36), unique=True)

    lines: Mapped[list["ChangeLine"]] = relationship(lazy="raise", order_by="ChangeLine.position", viewonly=True)


class ChangeLine(Base, ByAccount):
    """What one change did to one row: whole values before and after, field by field."""

    __tablename__ = "change_line"
    __table_args__ = (
        Index("ix_change_line_row", "entity", "entity_id"),
        UniqueConstraint("item_id"),
    )
    change_id: Mapped[str] = mapped_column(ForeignKey("change.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("proposal_item.id"))
    position: Mapped[int]
    action: Mapped[str] = mapped_column(String(8))
    entity: Mapped[str] = mapped_column(String(24))
    entity_id: Mapped[str] = mapped_column(String(36))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    version_after: Mapped[int | None]


class Merged(Base, ByAccount):
    """A row that became part of another one: ``lost_id`` is found as ``kept_id``, and so is its number in the system it
    was imported from, so that a later import updates the row that was kept. ``lost`` is the row as it was and ``undoing``
    what else an undo needs (see :mod:`crm_store.changes.merging`); an undo takes the line away."""

    __tablename__ = "merged"
    __table_args__ = (
        UniqueConstraint("entity", "lost_id"),
        Index("ix_merged_external", "entity", "external_source", "external_id"),
    )
    entity: Mapped[str] = mapped_column(String(24))
    lost_id: Mapped[str] = mapped_column(String(36))
    kept_id: Mapped[str] = mapped_column(String(36), index=True)
    external_source: Mapped[str | None] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(128))
    at: Mapped[datetime]
    change_id: Mapped[str | None] = mapped_column(String(36), index=True)
    lost: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    undoing: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)


class SuggestionEvent(Base, ByPerson):
    """What happened to a suggested next action: shown, done, snoozed or not useful, with every factor of its score."""

    __tablename__ = "suggestion_event"
    __table_args__ = (
        Index("ix_suggestion_event_lookup", "person_id", "rule", "subject_id", "at"),
        Index("ix_suggestion_event_subject", "subject_id"),
    )
    rule: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(36))
    event: Mapped[str] = mapped_column(String(16))  # shown | done | snoozed | not_useful
    until: Mapped[date | None]
    at: Mapped[datetime]
    factors: Mapped[dict[str, Any]] = mapped_column(default=dict)
