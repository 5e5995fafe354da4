"""What every generated row is made of: keys in the order they were made, moments and days as both databases spell them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

Value = str | int | bool | None
Row = tuple[Value, ...]

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""A Friday; the generated company is as it was then."""
TODAY = NOW.date()
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW_S = int((NOW - EPOCH).total_seconds())
DAY_S = 86_400
CURRENCIES = ("EUR", "EUR", "EUR", "EUR", "USD", "USD", "GBP")


@dataclass(frozen=True)
class Size:
    """How many of each; what is not given follows from the accounts."""

    deals: int
    interactions: int
    orders: int
    cases: int

    @property
    def accounts(self) -> int:
        return max(40, self.deals // 5)

    @property
    def contacts(self) -> int:
        return self.accounts * 3

    def scaled(self, scale: float) -> "Size":
        return Size(
            *(max(1, round(number * scale)) for number in (self.deals, self.interactions, self.orders, self.cases))
        )


@dataclass(frozen=True)
class Batch:
    """Rows of one table, every one with these columns."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


class Keys:
    """UUIDv7-shaped keys of one table, ascending, the same for the same seed."""

    def __init__(self, seed: int, table: int) -> None:
        self._random = random.Random(f"{seed}:{table}")
        self._table = table
        self._number = 0

    def __call__(self) -> str:
        self._number += 1
        made = f"{0x0193_0000_0000 + self._number:012x}"
        tail = self._random.getrandbits(48)
        return f"{made[:8]}-{made[8:]}-7{self._table:03x}-8{self._number & 0xFFF:03x}-{tail:012x}"


def moment(seconds: int) -> str:
    """A moment in UTC, spelt so that SQLite sorts it and a PostgreSQL session in UTC reads it."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.000000")


def day(seconds: int) -> str:
    return (EPOCH + timedelta(seconds=seconds)).date().isoformat()


def in_days(days: int, start: date = TODAY) -> str:
    return (start + timedelta(days=days)).isoformat()


def working(chance: random.Random, days_ago: float) -> int:
    """A moment of a working hour about so many days ago, not after :data:`NOW`."""
    seconds = NOW_S - int(days_ago * DAY_S)
    midnight = seconds - seconds % DAY_S
    weekday = (midnight // DAY_S + 3) % 7
    if weekday > 4:
        midnight -= (weekday - 4) * DAY_S
    found = midnight + chance.randrange(8 * 3600, 18 * 3600)
    return found if found < NOW_S else found - DAY_S


def edited(created: str, updated: str | None = None) -> tuple[Value, ...]:
    """The values of :data:`EDITED`."""
    return (1, created, updated or created)


EDITED = ("version", "created_at", "updated_at")


def pieces(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """``rows`` in lists of at most ``size``."""
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) >= size:
            yield held
            held = []
    if held:
        yield held
