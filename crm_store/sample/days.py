"""Days of the sample, all counted from the day it is loaded, and how they are written in its texts."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

OPENS, CLOSES = 8 * 60, 17 * 60 + 30  # minutes of the working day, local
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOSING_LENGTH = 44  # a greeting formula, a name or a title: a block of such lines is a signature
_SLOT = re.compile(r"\{(on|month|weekday|quarter|iso):([+-]?\d+)\}")


@dataclass(frozen=True)
class ThisWeek:
    """The ``n``-th day of the current week, Monday being 0, but never after the day of loading."""

    n: int


@dataclass(frozen=True)
class Exactly:
    """So many calendar days from the day of loading, on a weekend too."""

    days: int


@dataclass(frozen=True)
class MonthEnd:
    """The last day of the month ``ahead`` months after the current one."""

    ahead: int = 0


@dataclass(frozen=True)
class QuarterEnd:
    """The last day of the quarter ``ahead`` quarters after the current one."""

    ahead: int = 0


When = int | ThisWeek | Exactly | MonthEnd | QuarterEnd


def month_end(day: date, ahead: int = 0) -> date:
    """The last day of the month ``ahead`` months after that of ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def quarter_start(day: date, ahead: int = 0) -> date:
    """The first day of the quarter ``ahead`` quarters after that of ``day``."""
    year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 + ahead, 4)
    return date(year, quarter * 3 + 1, 1)


def workday(day: date, forward: bool) -> date:
    """``day``, or the nearest working day after (``forward``) or before it."""
    step = timedelta(days=1 if forward else -1)
    while day.weekday() >= 5:
        day += step
    return day


def resolve(when: When, today: date) -> date:
    """The day meant: plain offsets land on working days, the past backwards and the future forwards."""
    match when:
        case int():
            return workday(today + timedelta(days=when), forward=when > 0)
        case Exactly(days):
            return today + timedelta(days=days)
        case ThisWeek(n):
            return min(today - timedelta(days=today.weekday()) + timedelta(days=n), today)
        case MonthEnd(ahead):
            return month_end(today, ahead)
        case QuarterEnd(ahead):
            return quarter_start(today, ahead + 1) - timedelta(days=1)


def moment(day: date, zone: str, today: date, random: Random) -> datetime:
    """A time in the working hours of ``zone`` on ``day``; on the day of loading only the early morning has passed."""
    latest = OPENS + 40 if day >= today else CLOSES
    minute = random.randrange(OPENS, latest, 5)
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return local.astimezone(UTC)


def spoken(text: str, today: date) -> str:
    """``text`` with its day slots filled: ``{on:+30}`` is "3 June"; also month, weekday, quarter and iso."""

    def fill(match: re.Match[str]) -> str:
        kind, offset = match.group(1), int(match.group(2))
        day = workday(today + timedelta(days=offset), forward=offset > 0)
        match kind:
            case "on":
                return written(day)
            case "month":
                return _MONTHS[day.month - 1]
            case "weekday":
                return _WEEKDAYS[day.weekday()]
            case "quarter":
                return f"Q{(day.month - 1) // 3 + 1}"
            case _:
                return day.isoformat()

    return _SLOT.sub(fill, text)


def written(day: date) -> str:
    """The day as people write it, "3 June"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def paragraphs(text: str) -> str:
    """``text`` with the line breaks of the source undone; an empty line and a closing's line break stay."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines()]
        closing = len(lines) > 1 and all(len(line) <= _CLOSING_LENGTH for line in lines)
        blocks.append(("\n" if closing else " ").join(lines))
    return "\n\n".join(blocks)
