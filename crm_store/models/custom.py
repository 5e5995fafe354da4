"""Fields a company adds to the record, defined once; their values are in the ``custom`` column of each row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base


class CustomKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"


class CustomField(Base):
    """``name`` is the key in ``custom`` and in a report; ``choices`` are the values a choice may have, in their order.
    Money is in minor units of the row's own currency. A field that was removed is shown and asked for nowhere; its
    values stay in the rows, and its name stays taken, until they are purged."""

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("entity", "name"),)
    entity: Mapped[str] = mapped_column(String(24))  # account | contact | deal | order | case
    name: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(8))
    choices: Mapped[list[Any]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
