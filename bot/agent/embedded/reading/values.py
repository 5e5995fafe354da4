"""The typed values that words of time are built up from, smallest to largest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

Grain = Literal[
    "minute",
    "hour",
    "part",
    "day",
    "weekend",
    "week",
    "fortnight",
    "month",
    "season",
    "quarter",
    "half",
    "year",
    "decade",
]
Bound = Literal["", "before", "after", "by", "until", "since", "from", "between", "trailing", "leading", "rest", "end"]
Prefer = Literal["future", "past"]
Moment = date | datetime


class Value:
    """Anything a stretch of words can stand for."""


@dataclass(frozen=True)
class Number(Value):
    value: Decimal
    in_words: bool = False


@dataclass(frozen=True)
class Ordinal(Value):
    value: int
    in_words: bool = False


@dataclass(frozen=True)
class MonthName(Value):
    number: int
    word: str


@dataclass(frozen=True)
class WeekdayName(Value):
    number: int
    word: str


@dataclass(frozen=True)
class Unit(Value):
    name: str
    plural: bool = False


@dataclass(frozen=True)
class Length(Value):
    """A length of time. Months and days are kept apart because a month has no fixed number of days."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    business_days: int = 0
    unit: str = field(default="", compare=False)

    def plus(self, other: "Length") -> "Length":
        return Length(
            self.months + other.months,
            self.days + other.days,
            self.seconds + other.seconds,
            self.business_days + other.business_days,
        )

    @property
    def total_seconds(self) -> int:
        """Seconds, a year (and its fractions, when years were said) counted as 365 days, any other month as 30."""
        if self.unit == "year":
            return self.months * 365 * 86_400 // 12 + self.days * 86_400 + self.seconds
        years, months = divmod(self.months, 12)
        return (years * 365 + months * 30 + self.days + self.business_days) * 86_400 + self.seconds


@dataclass(frozen=True)
class Interval:
    """``start`` included, ``end`` excluded; None is unbounded. An instant has no end."""

    start: Moment | None
    end: Moment | None
    grain: Grain


@dataclass(frozen=True)
class Cycle:
    """A time named without its year (or week, or month): ``at(day)`` is its instance in the day's own step."""

    step: Literal["week", "month", "year"]
    at: Callable[[date], Interval | None]


Needs = Literal["", "preposition", "name", "range"]
"""What must stand beside words that are also something else, before they are taken for a time."""


@dataclass(frozen=True)
class When(Value):
    """A time settled on the calendar."""

    start: Moment | None
    end: Moment | None
    grain: Grain
    bound: Bound = ""
    others: tuple[Interval, ...] = ()
    needs: Needs = ""
    cycle: Cycle | None = field(default=None, compare=False)

    @property
    def interval(self) -> Interval:
        return Interval(self.start, self.end, self.grain)


@dataclass(frozen=True)
class Clock(Value):
    """A time of day. ``open`` says that neither am nor pm was said and both are possible."""

    hour: int
    minute: int = 0
    second: int = 0
    open: bool = False
    zone: str | None = None
    bare: bool = False


@dataclass(frozen=True)
class ClockRange(Value):
    start: Clock
    end: Clock


@dataclass(frozen=True)
class PartOfDay(Value):
    start_hour: int
    end_hour: int
    name: str
    plural: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Every(Value):
    """A recurrence: every ``interval`` ``unit``s, on these weekdays (Monday is 0), at this time.

    A monthly one may fall on a day of the month (``day``), or on the ``nth`` of its weekday (-1 is the last); 0 is unsaid.
    """

    unit: Literal["minute", "hour", "day", "weekday", "week", "month", "quarter", "year"]
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    clock: Clock | None = None
    day: int = 0
    nth: int = 0


@dataclass(frozen=True)
class Context:
    """What the words are read against. ``today`` is the date of ``now`` in the person's own zone."""

    now: datetime
    week_start: int
    fiscal_start: int
    prefer: Prefer
    day_first: bool

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> tzinfo:
        zone = self.now.tzinfo
        assert zone is not None
        return zone
