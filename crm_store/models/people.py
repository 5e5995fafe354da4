"""People who use Rapport, their teams and what is expected of them. Everyone in the company may see these."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base, ByPerson, Edited, External


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


class Team(Base, External):
    __tablename__ = "team"
    __table_args__ = (Index("ix_team_external", "external_source", "external_id", unique=True),)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", use_alter=True))


class Person(Base, Edited, External):
    """A member of the sales organisation. ``email`` is stored in lower case and is how Slack users are matched."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_external", "external_source", "external_id", unique=True),)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    role: Mapped[str] = mapped_column(String(16), default=Role.REP)
    title: Mapped[str | None] = mapped_column(String(120))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    active: Mapped[bool] = mapped_column(default=True)


class Quota(Base, ByPerson):
    """What a person is to close between ``starts`` and ``ends`` (both included), in minor units."""

    __tablename__ = "quota"
    __table_args__ = (UniqueConstraint("person_id", "starts", "ends"),)
    starts: Mapped[date]
    ends: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class ExchangeRate(Base):
    """One unit of ``currency`` in ``base`` from ``on`` until the next dated row; ``rate`` is in millionths."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "base", "on"),)
    currency: Mapped[str] = mapped_column(String(3))
    base: Mapped[str] = mapped_column(String(3))
    on: Mapped[date]
    rate_millionths: Mapped[int]


class SlackIdentity(Base):
    """Which person a Slack user is, found by e-mail once and kept until the e-mail changes."""

    __tablename__ = "slack_identity"
    __table_args__ = (UniqueConstraint("slack_team_id", "slack_user_id"),)
    slack_team_id: Mapped[str] = mapped_column(String(32))
    slack_user_id: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    seen_at: Mapped[datetime]
