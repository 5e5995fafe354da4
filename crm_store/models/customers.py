"""Accounts, the people at them, and who of us works with them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.base import Base, ByAccount, Edited, External


class AccountKind(StrEnum):
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    PARTNER = "partner"
    INFLUENCER = "influencer"
    FORMER = "former"


class Account(Base, Edited, External):
    """An organisation we have, want or had a relationship with."""

    __tablename__ = "account"
    __table_args__ = (
        Index("ix_account_external", "external_source", "external_id", unique=True),
        Index("ix_account_updated", "updated_at"),
    )
    name: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(16), default=AccountKind.PROSPECT)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    domain: Mapped[str | None] = mapped_column(String(200), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    industry: Mapped[str | None] = mapped_column(String(80))
    employees: Mapped[int | None]
    annual_revenue_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    street: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(80))
    region: Mapped[str | None] = mapped_column(String(80))
    country: Mapped[str | None] = mapped_column(String(80))
    description: Mapped[str | None] = mapped_column(Text)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)

    contacts: Mapped[list["Contact"]] = relationship(back_populates="account", lazy="raise", viewonly=True)


class AccountMember(Base):
    """The account team: the owner, the owners of its deals, and whoever else was added. Access follows from it."""

    __tablename__ = "account_member"
    __table_args__ = (
        UniqueConstraint("account_id", "person_id"),
        Index("ix_account_member_person_account", "person_id", "account_id"),
    )
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(16), default="owner")  # owner | deal | added


_LEFT = text("left_on IS NOT NULL")


class Contact(Base, Edited, External, ByAccount):
    """An individual. ``left_on`` is set when they no longer work at the account."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_external", "external_source", "external_id", unique=True),
        Index("ix_contact_updated", "updated_at"),
        Index("ix_contact_left", "left_on", sqlite_where=_LEFT, postgresql_where=_LEFT),
    )
    name: Mapped[str] = mapped_column(String(160), index=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str | None] = mapped_column(String(120))
    source: Mapped[str | None] = mapped_column(String(80))  # where the lead came from
    lifecycle: Mapped[str] = mapped_column(
        String(24), default="lead"
    )  # lead | qualified | opportunity | customer | advocate
    is_advocate: Mapped[bool] = mapped_column(default=False)
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]
    born_on: Mapped[date | None]
    description: Mapped[str | None] = mapped_column(Text)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)

    account: Mapped[Account | None] = relationship(back_populates="contacts", lazy="raise", viewonly=True)


RETRACTED = "retracted"
"""The status of a line of the consent ledger that takes back a mistaken one where nothing stood before: it reads like no line."""


class Consent(Base, ByAccount):
    """One line of the consent ledger; the newest per contact, channel and purpose counts, and none is ever changed."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_lookup", "contact_id", "channel", "purpose", "at"),)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"))
    channel: Mapped[str] = mapped_column(String(16))  # email | phone | sms | social | post
    purpose: Mapped[str] = mapped_column(String(16))  # marketing | service
    status: Mapped[str] = mapped_column(String(16))  # granted | withdrawn | retracted
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(200))
