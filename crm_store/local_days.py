"""Days where the reader is, for SQLite, which knows no time zones: a function that its connections are given."""

import functools
import sqlite3
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_DAY = len("2026-09-30")


def local_day(moment: str | None, zone: str) -> str | None:
    """The ISO day of a stored UTC moment in a zone, through every change of its clocks; a day stays as it is."""
    if moment is None:
        return None
    if zone == "UTC" or len(moment) == _DAY:
        return moment[:_DAY]
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(_zone(zone)).date().isoformat()


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def register(connection: sqlite3.Connection) -> None:
    """Let statements on this connection say ``local_day(moment, zone)``."""
    connection.create_function("local_day", 2, local_day, deterministic=True)


__all__ = ["local_day", "register"]
