"""By when: days named in a sentence, counted from the day of the meeting."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.agent.embedded.reading.times import read_times

_LEADING = re.compile(
    r"[\s,(]*(?:\b(?:by|before|until|till|on|at|in|for|from|due|latest|around|within|no later than|this|the)\s+)*$",
    re.IGNORECASE,
)
_AFTER_EVENT = re.compile(r"^\s*(?:after|before|from)\s+(?:the|that|this|our|we|you|it|i)\b", re.IGNORECASE)
_FARTHEST_DAYS = 550


@dataclass(frozen=True, slots=True)
class Due:
    """``start`` and ``end`` are where the words of the date stand, with the preposition before them."""

    day: date
    start: int
    end: int


def due_in(text: str, at: datetime) -> Due | None:
    """The last day that a sentence sets a thing to be done by; None when it names none that lies ahead. ``at`` is the
    meeting's time in its own zone."""
    found: Due | None = None
    for reading in read_times(text, at, prefer="future"):
        if reading.kind not in ("date", "datetime", "range") or reading.bound in ("since", "trailing"):
            continue
        day = reading.last_day or (reading.start if isinstance(reading.start, date) else None)
        if isinstance(day, datetime):
            day = day.date()
        if (
            day is None
            or not 0 <= (day - at.date()).days <= _FARTHEST_DAYS
            or _AFTER_EVENT.match(text[reading.span.end :])
        ):
            continue
        if reading.granularity in ("year", "decade", "half"):
            continue
        if reading.granularity in ("week", "fortnight") and day.weekday() > 4:
            day -= timedelta(days=day.weekday() - 4)  # "next week" ends with its last working day
        lead = _LEADING.search(text[: reading.span.start])
        start = lead.start() if lead else reading.span.start
        if found is None:
            found = Due(day, start, reading.span.end)
        elif start <= found.end + 1 or not text[found.end : reading.span.start].strip(" ,"):
            found = Due(
                day if day > found.day and reading.granularity == "day" else found.day, found.start, reading.span.end
            )
    return found


def without_due(text: str, due: Due | None) -> str:
    """The text without the words of the date."""
    if due is None:
        return text
    left = f"{text[: due.start].rstrip(' ,')} {text[due.end :].lstrip(' ')}"
    return re.sub(r"\(\s*\)|\s\)", "", left).strip(" ,.;:-–(")
