"""Days where the reader is, for SQLite, which knows no time zones: a function that its connections are given."""

import functools
import sqlite3
from datetime import datetime
from zoneinfo import ZoneInfo

_DAY = len("2026-09-30")


def local_day(moment: str | None, zone: str) -> str | None:
    """The ISO day of a stored UTC moment in a zone, through every change of its clocks; a day stays as it is."""
    if moment is None:
        return None
    if len(moment) == _DAY:
        return moment
    return str(datetime.fromisoformat(moment + "+00:00").astimezone(_zone(zone)))[:_DAY]


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def register(connection: sqlite3.Connection) -> None:
    """Let statements on this connection say ``local_day(moment, zone)``."""
    connection.create_function("local_day", 2, local_day, deterministic=True)


__all__ = ["local_day", "register"]
