"""Reads the times that a sales person's message names.

A wrong date is worse than none: words that may be something else ("may", "March said", "the first call") are
read as times only where their neighbours leave no doubt, and a time that can be two keeps both.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.agent.embedded.reading import (
    bounds,
    clock,
    dates,
    day_parts,
    durations,
    endings,
    feasts,
    fiscal,
    nearby,
    periods,
    portions,
    ranges,
    recurrence,
    weekdays,
    windows,
    zones,
)
from bot.agent.embedded.reading.calendars import DAY, day_of
from bot.agent.embedded.reading.clock import instant
from bot.agent.embedded.reading.context_checks import believable, looks_back
from bot.agent.embedded.reading.grammar import Grammar, Node
from bot.agent.embedded.reading.recurrence import first_after
from bot.agent.embedded.reading.spans import Span
from bot.agent.embedded.reading.tokens import Token, tokenise
from bot.agent.embedded.reading.values import (
    Bound,
    Clock,
    ClockRange,
    Context,
    Every,
    Grain,
    Interval,
    Length,
    PartOfDay,
    Prefer,
    Value,
    When,
)

RULES = [
    *dates.RULES,
    *endings.RULES,
    *weekdays.RULES,
    *periods.RULES,
    *fiscal.RULES,
    *feasts.RULES,
    *durations.RULES,
    *clock.RULES,
    *day_parts.RULES,
    *recurrence.RULES,
    *zones.RULES,
    *bounds.RULES,
    *nearby.RULES,
    *windows.RULES,
    *ranges.RULES,
    *portions.RULES,
]
_GRAMMAR = Grammar(RULES)
# A Slack message holds at most 40,000 characters; what a person means by a date is not in the tail of a paste.
_LONGEST = 12_000

Kind = Literal["date", "datetime", "range", "duration", "time", "recurrence"]


@dataclass(frozen=True)
class TimeReading:
    """One time that a message names.

    ``kind`` ``date`` is one day and ``datetime`` one instant: ``start`` is it, and ``end`` is None.
    ``range``: ``start`` is included and ``end`` excluded (half-open); either is None when that side is unbounded.
    ``duration``: ``length`` says how long; no start. ``time``: a time of day without a day; ``start`` is that
    time today, ``end`` set for a stretch. ``recurrence``: ``every`` says how often; ``start`` is the first day of it.

    Instants are aware, in the zone of the ``now`` that was passed. ``granularity`` is the size of what was named.
    ``bound`` keeps the word that bounded a range: with ``by``, ``until`` and ``before`` the start is None, with
    ``after`` and ``from`` the end; ``since`` and ``trailing`` run through today. ``ambiguous`` holds every other
    way to read it; when it is not empty, ask before writing.
    """

    kind: Kind
    start: date | datetime | None
    end: date | datetime | None
    granularity: Grain
    span: Span
    ambiguous: tuple[Interval, ...] = ()
    bound: Bound = ""
    length: Length | None = None
    every: Every | None = None

    @property
    def last_day(self) -> date | None:
        """The day a deadline falls on: the day itself, or the last day of a range; None without an end."""
        if self.kind in ("date", "datetime"):
            return self.start.date() if isinstance(self.start, datetime) else self.start
        if isinstance(self.end, datetime):
            return (self.end - timedelta(microseconds=1)).date()
        return None if self.end is None else self.end - DAY


def read_times(
    text: str,
    now: datetime,
    *,
    week_start: int = 0,
    fiscal_year_start_month: int = 1,
    prefer: Prefer = "future",
    day_first: bool = True,
) -> list[TimeReading]:
    """The times in ``text``, in order, none overlapping another; the longest reading of a stretch wins.

    ``now`` must be aware, in the zone of the person who wrote. ``week_start`` 0 is Monday. ``prefer`` settles a
    time whose year or week was not said. Never raises on any text.

    Raises:
        ValueError: ``now`` is naive, or a setting is outside its range.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware: pass the time in the person's zone")
    if not (0 <= week_start <= 6 and 1 <= fiscal_year_start_month <= 12):
        raise ValueError("week_start must be 0 to 6 and fiscal_year_start_month 1 to 12")
    context = Context(now, week_start, fiscal_year_start_month, prefer, day_first)
    tokens = tokenise(text[:_LONGEST], context)
    nodes = [node for node in _GRAMMAR.parse(tokens, context) if believable(node, tokens)]
    nodes.sort(key=lambda node: (tokens[node.start].start - tokens[node.end - 1].end, node.start, _rank(node.value)))
    taken = [False] * len(tokens)
    readings: list[TimeReading] = []
    for node in nodes:
        if any(taken[node.start : node.end]):
            continue
        reading = _reading(node, tokens, text, context)
        if reading is not None:
            taken[node.start : node.end] = [True] * (node.end - node.start)
            readings.append(reading)
    return sorted(readings, key=lambda reading: reading.span.start)


def _rank(value: Value) -> int:
    """Which of two readings of the same words counts: "2027-Q2" is a quarter before it is a stretch from 2027 to Q2."""
    if isinstance(value, When) and value.bound == "between":
        return 2
    return next(
        (
            rank
            for rank, kind in enumerate((Every, When, Length, ClockRange, Clock, PartOfDay))
            if isinstance(value, kind)
        ),
        9,
    )


def _reading(node: Node, tokens: list[Token], text: str, context: Context) -> TimeReading | None:
    last = node.end - 1
    while last > node.start and tokens[last].word in (",", "of", "in", "/", "-", "'"):
        last -= 1
    span = Span.of(text, tokens[node.start].start, tokens[last].end)
    match node.value:
        case When() as found:
            if looks_back(node, tokens) and isinstance(found.start, date):
                back = context.today - (day_of(found.start) - context.today)
                found = When(back, context.today + DAY, "day", "trailing")
            return _of_when(found, span)
        case Length() as length:
            return TimeReading("duration", None, None, _length_grain(length), span, length=length)
        case Clock() as said:
            read = _of_clock(said, span, context)
            return replace(read, bound=_clock_bound(node, tokens)) if read.kind == "time" else read
        case ClockRange(start, end):
            first, stop = instant(context.today, start, context), instant(context.today, end, context)
            return TimeReading("time", first, stop if stop > first else stop + DAY, "hour", span)
        case PartOfDay() as part:
            first = instant(context.today, Clock(part.start_hour), context)
            return TimeReading("time", first, first + timedelta(hours=part.end_hour - part.start_hour), "part", span)
        case Every() as every:
            return TimeReading(
                "recurrence", first_after(every, context), None, _EVERY_GRAIN.get(every.unit, "day"), span, every=every
            )
    return None


_CLOCK_BOUNDS: dict[str, Bound] = {
    "by": "by",
    "until": "until",
    "before": "before",
    "after": "after",
    "from": "from",
    "since": "since",
}
_CLOCK_COMPARISONS: dict[str, Bound] = {"later": "by", "earlier": "from"}


def _clock_bound(node: Node, tokens: list[Token]) -> Bound:
    """What the words before a time of day make of it: "not before 3pm", "no later than 5pm", "by noon"."""
    words = ["", "", "", *(token.word for token in tokens[max(0, node.start - 3) : node.start])][-3:]
    denied = words[1] in ("not", "no", "never") or words[1].endswith("n't")
    if words[2] == "than" and words[0] in ("no", "not"):
        return _CLOCK_COMPARISONS.get(words[1], "")
    if words[2] == "before" and denied:
        return "from"
    return _CLOCK_BOUNDS.get(words[2], "")


_EVERY_GRAIN: dict[str, Grain] = {
    "minute": "minute",
    "hour": "hour",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}


def _of_when(found: When, span: Span) -> TimeReading | None:
    if found.start is None and found.end is None:
        return None
    others = tuple(other for other in dict.fromkeys(found.others) if other != found.interval)
    if isinstance(found.start, datetime) and found.end is None and found.bound == "":
        return TimeReading("datetime", found.start, None, "minute", span, others)
    if (
        found.grain == "day"
        and found.bound in ("", "end")
        and isinstance(found.start, date)
        and found.end == found.start + DAY
    ):
        return TimeReading(
            "date", found.start, None, "day", span, tuple(Interval(o.start, None, o.grain) for o in others), found.bound
        )
    return TimeReading("range", found.start, found.end, found.grain, span, others, found.bound)


def _of_clock(said: Clock, span: Span, context: Context) -> TimeReading:
    chosen = clock.on_day(context, When(context.today, context.today + DAY, "day"), said)
    assert isinstance(chosen, When)
    return TimeReading("time", chosen.start, None, "minute", span, chosen.others)


def _length_grain(length: Length) -> Grain:
    if length.seconds:
        return "minute" if length.seconds % 3600 else "hour"
    if length.months:
        return "year" if length.months % 12 == 0 and not length.days else "month"
    return "week" if length.days and length.days % 7 == 0 else "day"


__all__ = ["RULES", "Kind", "TimeReading", "read_times"]
