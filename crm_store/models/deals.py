"""Pipelines, stages, deals, who plays which part in them, and every earlier value of their fields."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.base import Base, ByAccount, Edited, External


class DealStatus(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class ForecastCategory(StrEnum):
    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    OMITTED = "omitted"
    CLOSED = "closed"


class ContactRole(StrEnum):
    CHAMPION = "champion"
    ECONOMIC_BUYER = "economic_buyer"
    DECISION_MAKER = "decision_maker"
    INFLUENCER = "influencer"
    TECHNICAL_EVALUATOR = "technical_evaluator"
    LEGAL = "legal"
    PROCUREMENT = "procurement"
    USER = "user"
    BLOCKER = "blocker"
    OTHER = "other"


class Pipeline(Base, External):
    __tablename__ = "pipeline"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0)


class Stage(Base, External):
    """A step of a pipeline. ``status`` says whether a deal in it is open, won or lost; ``probability`` is in percent."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("pipeline_id", "name"),)
    pipeline_id: Mapped[str] = mapped_column(ForeignKey("pipeline.id"))
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    status: Mapped[str] = mapped_column(String(8), default=DealStatus.OPEN)
    probability: Mapped[int] = mapped_column(default=0)


class Deal(Base, Edited, External, ByAccount):
    """Something we try to sell. ``status`` follows the stage; ``closed_at`` is when it was won or lost."""

    __tablename__ = "deal"
    __table_args__ = (
        Index("ix_deal_external", "external_source", "external_id", unique=True),
        Index("ix_deal_status_close", "status", "close_date"),
        Index("ix_deal_status_closed", "status", "closed_at", "account_id"),
        Index("ix_deal_owner_status", "owner_id", "status", "close_date"),
        Index("ix_deal_updated", "updated_at"),
        Index("ix_deal_created", "created_at"),
        Index("ix_deal_closed", "closed_at"),
    )
    name: Mapped[str] = mapped_column(String(200), index=True)
    pipeline_id: Mapped[str] = mapped_column(ForeignKey("pipeline.id"))
    stage_id: Mapped[str] = mapped_column(ForeignKey("stage.id"), index=True)
    status: Mapped[str] = mapped_column(String(8), default=DealStatus.OPEN)
    kind: Mapped[str] = mapped_column(String(16), default="new")  # new | renewal | expansion
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    close_date: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    forecast_category: Mapped[str] = mapped_column(String(16), default=ForecastCategory.PIPELINE)
    next_step: Mapped[str | None] = mapped_column(String(300))
    next_step_due: Mapped[date | None]
    lost_reason: Mapped[str | None] = mapped_column(String(120))
    competitor: Mapped[str | None] = mapped_column(String(120))
    source: Mapped[str | None] = mapped_column(String(80))
    stage_entered_at: Mapped[datetime]
    description: Mapped[str | None] = mapped_column(Text)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)

    stage: Mapped[Stage] = relationship(lazy="raise", viewonly=True)
    contacts: Mapped[list["DealContact"]] = relationship(lazy="raise", viewonly=True)


class DealContact(Base, ByAccount):
    """The part a contact plays in a deal."""

    __tablename__ = "deal_contact"
    __table_args__ = (UniqueConstraint("deal_id", "contact_id", "role"),)
    deal_id: Mapped[str] = mapped_column(ForeignKey("deal.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    role: Mapped[str] = mapped_column(String(24), default=ContactRole.OTHER)


class DealLine(Base, External, ByAccount):
    """A product on a deal; ``amount_minor`` is the line's total."""

    __tablename__ = "deal_line"
    __table_args__ = (Index("ix_deal_line_external", "external_source", "external_id", unique=True),)
    deal_id: Mapped[str] = mapped_column(ForeignKey("deal.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class FieldHistory(Base, ByAccount):
    """One change of one field, from the first value on (``old`` is None then). Values are in their JSON form."""

    __tablename__ = "field_history"
    __table_args__ = (
        Index("ix_field_history_row", "entity", "entity_id", "field", "at"),
        Index("ix_field_history_at", "entity", "field", "at"),
    )
    entity: Mapped[str] = mapped_column(String(24))
    entity_id: Mapped[str] = mapped_column(String(36))
    field: Mapped[str] = mapped_column(String(40))
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    change_id: Mapped[str | None] = mapped_column(String(36))
