"""Campaigns and whom they reached."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base, ByAccount, External


class Campaign(Base, External):
    """A marketing campaign; everyone in the company may see it, but not whom it reached."""

    __tablename__ = "campaign"
    __table_args__ = (Index("ix_campaign_external", "external_source", "external_id", unique=True),)
    name: Mapped[str] = mapped_column(String(160))
    channel: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="completed")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    budget_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))


class CampaignMember(Base, External, ByAccount):
    __tablename__ = "campaign_member"
    __table_args__ = (
        UniqueConstraint("campaign_id", "contact_id"),
        Index("ix_campaign_member_external", "external_source", "external_id", unique=True),
    )
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    status: Mapped[str] = mapped_column(String(16), default="sent")  # sent | opened | responded | unsubscribed
    at: Mapped[datetime]
