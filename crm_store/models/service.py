"""Support cases and what customers say of us when asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base, ByAccount, Edited, External


class Case(Base, Edited, External, ByAccount):
    """A support case. ``satisfaction`` is 1 to 5, asked after closing."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_external", "external_source", "external_id", unique=True),)
    number: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(300))
    description: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), default="open")  # open | waiting | closed
    priority: Mapped[str] = mapped_column(String(16), default="normal")  # low | normal | high | urgent
    opened_at: Mapped[datetime]
    first_response_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    satisfaction: Mapped[int | None]
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SurveyResponse(Base, External, ByAccount):
    """One answer: NPS 0 to 10, CSAT 1 to 5."""

    __tablename__ = "survey_response"
    __table_args__ = (Index("ix_survey_response_external", "external_source", "external_id", unique=True),)
    kind: Mapped[str] = mapped_column(String(8))  # nps | csat
    score: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case.id"))
