"""Rules for stretches of time: from one time to another, bounded on one side, trailing, leading, early, mid and late.

Every end is excluded. "Between Monday and Thursday" therefore ends on Friday: the day that was named belongs to it.
A stretch that runs up to now ("since Monday", "the past 90 days", "year to date") includes today and ends tomorrow.
"""

from dataclasses import replace
from datetime import date, datetime

from bot.agent.embedded.reading.calendars import (
    DAY,
    away,
    day_of,
    day_of_month,
    end_of,
    following,
    instances,
    month_day,
    preceding,
    settled,
)
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import (
    Context,
    Interval,
    Moment,
    MonthName,
    Number,
    Ordinal,
    Value,
    When,
)


def _between(_context: Context, first: When, second: When) -> Value | None:
    """From one time to another. A part that was left unsaid comes from the other side, and they stay in order."""
    if first.start is None or second.start is None:
        return None
    start: Interval = first.interval
    end: Interval = second.interval
    if first.cycle is not None and second.cycle is not None and first.cycle.step == second.cycle.step == "year":
        start = preceding(first.cycle, day_of(second.start)) or start
    elif second.cycle is not None and (
        first.cycle is None or second.cycle.step != "year" or first.cycle.step == "year"
    ):
        end = following(second.cycle, day_of(start.start or first.start)) or end
    elif first.cycle is not None and second.cycle is None:
        start = preceding(first.cycle, day_of(second.start)) or start
    if start.start is None or end.start is None or not _ordered(start.start, end.start):
        return None
    if isinstance(start.start, datetime) != isinstance(end.start, datetime):
        return When(day_of(start.start), day_of(end.start) + DAY, "day", "between")
    return When(start.start, end_of(end), end.grain, "between")


def _ordered(start: Moment, end: Moment) -> bool:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start < end
    return day_of(start) < day_of(end)


def _days_in_month(
    context: Context, first: Number | Ordinal, last: Number | Ordinal, month: MonthName, year: Number | None
) -> Value | None:
    low, high = _number(first), _number(last)
    if low >= high:
        return None
    try:
        if year is not None:
            start, end = date(whole(year), month.number, low), date(whole(year), month.number, high)
            return When(start, end + DAY, "day", "between")
        date(2024, month.number, high)
    except ValueError:
        return None
    cycle = month_day(month.number, high)
    ahead = [
        one
        for one in instances(cycle, context.today)
        if (one.start and day_of(one.start) >= context.today) == (context.prefer == "future")
    ]
    if not ahead:
        return None
    chosen = ahead[0] if context.prefer == "future" else ahead[-1]
    assert chosen.start is not None
    end = day_of(chosen.start)
    return When(end.replace(day=low), end + DAY, "day", "between")


def _month_days(
    context: Context, month: MonthName, first: Number | Ordinal, last: Number | Ordinal, year: Number | None
) -> Value | None:
    return _days_in_month(context, first, last, month, year)


def _neighbouring_days(
    context: Context, month: MonthName, first: Number, last: Number, year: Number | None
) -> Value | None:
    """ "Dec 5 and 6": one stretch only when no day lies between."""
    return _days_in_month(context, first, last, month, year) if whole(last) == whole(first) + 1 else None


def _days_in(_context: Context, first: Number | Ordinal, last: Number | Ordinal, span: When) -> Value | None:
    if span.grain != "month" or span.start is None or _number(first) >= _number(last):
        return None
    try:
        start, end = day_of(span.start).replace(day=_number(first)), day_of(span.start).replace(day=_number(last))
    except ValueError:
        return None
    return When(start, end + DAY, "day", "between")


def _number(value: Number | Ordinal) -> int:
    return value.value if isinstance(value, Ordinal) else whole(value)


def _between_in(context: Context, span: When, first: When, second: When) -> Value | None:
    """ "Next week between Wednesday and Friday": weekdays belong to the week that was named."""
    if span.start is None or span.grain not in ("week", "month"):
        return None
    inside = [(one.cycle and following(one.cycle, day_of(span.start))) or one.interval for one in (first, second)]
    start, end = (When(one.start, one.end, one.grain) for one in inside)
    return _between(context, start, end)


def _days_between(context: Context, first: Ordinal, last: Ordinal) -> Value | None:
    """ "Between the 21st and 23rd": of the month in which the second comes next."""
    if not 1 <= first.value < last.value <= 31:
        return None
    end = settled(day_of_month(last.value), context)
    if end is None or end.start is None or end.end is None:
        return None
    return When(day_of(end.start).replace(day=first.value), end.end, "day", "between")


def _years(_context: Context, first: Number, last: Number) -> Value | None:
    if whole(first) >= whole(last):
        return None
    return When(date(whole(first), 1, 1), date(whole(last) + 1, 1, 1), "year", "between")


def _between_days(first: When, last: When) -> Value | None:
    return When(first.start, last.end, "day", "between")


RULES: list[Rule] = [
    Rule("from? <when> ,? to|until|through|thru|- <when>", _between),
    Rule("from <when> ,? up to <when>", _between),
    Rule("in? <when> through|thru <when>", _between),
    Rule("between <when> and|-|through|to <when>", _between),
    Rule("starting|beginning on|from? <when> ,? to|until|through|and? ending? on? <when>", _between),
    Rule("from? <small> to|-|until|through <small> of? <month> ,? of|in? <year>?", _days_in_month),
    Rule("between <small> and|- <small> of? <month> ,? of|in? <year>?", _days_in_month),
    Rule("between|from <month> <ordinal> to|-|until|through|and the? <ordinal> ,? of|in? <year>?", _month_days),
    Rule(
        "from|between? the? <ordinal> to|-|until|through|and the? <ordinal> of? <month> ,? of|in? <year>?",
        _days_in_month,
    ),
    Rule("<month> <small> -|to|until|through <small> ,? of|in? <year>?", _month_days),
    Rule("<month> <small> and|& <small> ,? of|in? <year>?", _neighbouring_days),
    Rule("from|between <month> <small> to|-|until|through|and <small> ,? of|in? <year>?", _month_days),
    Rule("<month> the? <ordinal> -|to|until|through the? <ordinal> ,? of|in? <year>?", _month_days),
    Rule("from? <small> to|-|until|through <small> of? <period>", _days_in),
    Rule(
        "from|between? <small> to|-|until|and <month> <small> ,? <year>?",
        lambda c, a, m, b, y: _days_in_month(c, a, b, m, y),
    ),
    Rule("between <small> and|- <small> of? <period>", _days_in),
    Rule("between|from the? <ordinal> and|-|to|until the? <ordinal> of? <period>", _days_in),
    Rule("<period> ,? from <when> to|until|through|- <when>", _between_in),
    Rule("<period> ,? between <when> and|- <when>", _between_in),
    Rule("on|in|for|during|over <bounded>", lambda _, b: b if b.bound == "between" else None),
    Rule("between|from the? <ordinal> and|to|until|through|- the? <ordinal>", _days_between),
    Rule("<month> from|between <small> and|to|until|- <small>", lambda c, m, a, b: _days_in_month(c, a, b, m, None)),
    Rule("from? <year> -|to|through|until <year>", _years),
    Rule("between <year> -|to|and|through|until <year>", _years),
    Rule("due <day>", lambda _, w: w),
    Rule("less than <length> after|from <day>", lambda c, n, d: _between_days(d, away(c, n, 1, d))),
    Rule(
        "in|during|over|throughout|across|within the? <period>",
        lambda _, p: replace(p, needs="") if p.grain != "day" else None,
    ),
]
