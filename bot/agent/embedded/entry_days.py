"""When something happened, by the days that a log entry names."""

import re
from datetime import date, datetime, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.sentence import Mark, Sentence

_RECENT = timedelta(days=120)
"""A day of the year before is meant only when it is no longer ago than this."""
_AGO = re.compile(r"(?i)\b(?:min|mins|minutes?|moments?|secs?|seconds?) ago$")
_A_WEEKDAY = re.compile(r"(?:on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b(?! (?:next|week)\b)")


def just_past(mark: Mark, today: date) -> date | None:
    """The day of the year before that "17 November" means, said some days later of what happened; None where it is none."""
    start = mark.time.start if mark.time is not None else None
    if start is None or mark.time is None or mark.time.kind not in ("date", "datetime") or re.search(r"\d{4}|(?i:next|this|coming)", mark.text) or not re.search(r"\d", mark.text):
        return None
    before = slots.year_before(slots.day_of(start))
    return before if today - _RECENT <= before <= today < slots.day_of(start) else None


def bare_weekday(head: Sentence) -> bool:
    """Whether the only day of a head is a weekday, which may be the last one as well as the next."""
    days = [mark.text.lower() for mark in head.of("DATE")]
    return len(days) == 1 and re.fullmatch(r"(?:on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?", days[0]) is not None


def when(head: Sentence, today: date) -> str | None:
    """When it happened, as an ISO day or time; only a time that is not after today is when something happened."""
    for mark in head.of("DATE"):
        if mark.time is None or mark.time.start is None:
            continue
        start = mark.time.start
        day = slots.day_of(start)
        if mark.time.kind == "range" and mark.time.last_day is not None and mark.time.last_day > day:
            continue  # some day of a week or a month is no day
        if mark.time.kind in ("date", "datetime") and _A_WEEKDAY.match(mark.text.lower()) and day > today:
            clock = isinstance(start, datetime) and re.search(r"\d", mark.text) is not None
            return (start - timedelta(days=7)).isoformat() if clock else (day - timedelta(days=7)).isoformat()
        if day > today and (earlier := just_past(mark, today)) is not None:
            return earlier.isoformat()
        if day > today or _AGO.search(mark.text):
            continue
        return start.isoformat() if isinstance(start, datetime) else day.isoformat()
    return None
