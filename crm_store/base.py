"""What every table shares: keys, times, versions and who may see a row.

Keys are UUIDv7 in their 36 character form, so that they sort by the time of creation and can be shown in a
link. Times are aware and in UTC; a naive one is refused. Money is an integer in the currency's minor unit
beside an ISO 4217 code, because SQLite's ``Numeric`` is a float.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils import uuid7


def new_id() -> str:
    """A fresh UUIDv7 in its 36 character form."""
    return str(uuid7())


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database; SQLite would drop the offset without it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Lists hold thousands of times, so each is read in one step."""
        return _from_text if dialect.name == "sqlite" else _from_driver


def _from_text(value: str | None) -> datetime | None:
    """A time as SQLite keeps it, in UTC without saying so."""
    return None if value is None else datetime.fromisoformat(value + "+00:00")  # replace() takes longer than the parsing


def _from_driver(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: Mapping[Any, Any] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)


class Edited:
    """A row people edit: ``version`` goes up by one with every write and guards against lost updates."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class External:
    """Where an imported row came from; ``external_id`` is unique within its ``external_source``."""

    external_source: Mapped[str | None] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(128))


class ByAccount:
    """Seen by whoever is on the account's team; without an account, by the owner and those above them."""

    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)


class ByPerson:
    """Seen by the person it belongs to and by those who see that person's records."""

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
