"""Rules for single days: named, counted from today, or written as figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.agent.embedded.reading.calendars import (
    DAY,
    day_of,
    day_of_month,
    month_day,
    moved,
    settled,
    single_day,
)
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import (
    Context,
    Length,
    MonthName,
    Number,
    Ordinal,
    Value,
    WeekdayName,
    When,
)

# Ordinals in words up to here mostly count things ("the second call").
_LAST_COUNTED = 13
# "Friday 7-6" is a date only when such a Friday is near.
_NEAR_DAYS = 31
_OFFSETS: Mapping[str, int] = MappingProxyType({"today": 0, "tomorrow": 1, "yesterday": -1})


def _offset(days: int) -> Rule:
    word = next(word for word, offset in _OFFSETS.items() if offset == days)
    return Rule(word, lambda c: single_day(c.today + timedelta(days=days)))


def _month_day(context: Context, month: MonthName, day: Ordinal | Number, year: Number | None) -> Value | None:
    number = day.value if isinstance(day, Ordinal) else whole(day)
    try:
        if year is not None:
            return single_day(date(whole(year), month.number, number))
        date(2024, month.number, number)
    except ValueError:
        return None
    return settled(month_day(month.number, number), context)


def _day_month(context: Context, day: Ordinal | Number, month: MonthName, year: Number | None) -> Value | None:
    return _month_day(context, month, day, year)


def _two_figure_year(context: Context, day: Ordinal | Number, month: MonthName, year: Number) -> Value | None:
    number = whole(year)
    if number < 20:
        return None
    return _month_day(context, month, day, Number(year.value + (2000 if number < 70 else 1900)))


def _year_first(context: Context, year: Number, month: MonthName, day: Number | Ordinal) -> Value | None:
    return _month_day(context, month, day, year)


def _bare_ordinal(context: Context, day: Ordinal) -> Value | None:
    """ "The 21st". "The third" in words is a day only where a range leaves no doubt."""
    if not 1 <= day.value <= 31:
        return None
    found = settled(day_of_month(day.value), context)
    if found is None:
        return None
    return replace(found, needs="range" if day.in_words and day.value < _LAST_COUNTED else "name")


def _day_in(_context: Context, day: Ordinal, span: When) -> Value | None:
    if span.start is None or span.grain != "month":
        return None
    try:
        return single_day(day_of(span.start).replace(day=day.value))
    except ValueError:
        return None


def _shift(context: Context, length: Length, sign: int, day: When | None = None) -> Value | None:
    """A length away from now, or from a day. Whole days give a day, hours and minutes an instant."""
    try:
        if day is None:
            if length.seconds:
                moment = moved(context.now, length, sign)
                return When(moment, None, "minute")
            return single_day(day_of(moved(context.today, length, sign)))
        if day.start is None or length.seconds:
            return None
        others = [day_of(moved(day_of(other.start), length, sign)) for other in day.others if other.start is not None]
        return single_day(day_of(moved(day_of(day.start), length, sign)), others)
    except (ValueError, OverflowError):
        return None


def _now(context: Context) -> Value:
    return When(context.now, None, "minute")


def _bare_now(context: Context) -> Value:
    return When(context.now, None, "minute", needs="range")


def _only_in_range(value: Value | None) -> Value | None:
    return replace(value, needs="range") if isinstance(value, When) else None


def _dotted(context: Context, number: Number) -> Value | None:
    """ "On 22.4": day and month with a point between, in the person's order where both are possible."""
    first, point, second = str(number.value).partition(".")
    if not point or len(first) > 2 or len(second) > 2:
        return None
    low, high = int(first), int(second)
    for day, month in ((low, high), (high, low)) if context.day_first else ((high, low), (low, high)):
        found = _month_day(context, MonthName(month, ""), Number(Decimal(day)), None) if 1 <= month <= 12 else None
        if isinstance(found, When):
            return replace(found, needs="name")
    return None


def _dashed(context: Context, first: Number, second: Number) -> Value | None:
    """ "On 4-22": day and month with a dash between."""
    low, high = whole(first), whole(second)
    for day, month in ((low, high), (high, low)) if context.day_first else ((high, low), (low, high)):
        found = _month_day(context, MonthName(month, ""), Number(Decimal(day)), None) if 1 <= month <= 12 else None
        if isinstance(found, When):
            return replace(found, needs="name")
    return None


def _weekday_dashed(context: Context, weekday: WeekdayName, first: Number, second: Number) -> Value | None:
    """ "Friday 7-6" is a date when one of its readings is such a weekday; otherwise it may be hours."""
    for one, other in ((first, second), (second, first)):
        found = _month_day(context, MonthName(whole(one), ""), other, None) if 1 <= whole(one) <= 12 else None
        if not isinstance(found, When) or not isinstance(found.start, date):
            continue
        if found.start.weekday() == weekday.number and abs((found.start - context.today).days) <= _NEAR_DAYS:
            return found
    return None


def _weekday_dotted(context: Context, weekday: WeekdayName, number: Number) -> Value | None:
    first, point, second = str(number.value).partition(".")
    if not point or len(first) > 2 or len(second) > 2:
        return None
    return _weekday_dashed(context, weekday, Number(Decimal(int(first))), Number(Decimal(int(second))))


def _in_year(_context: Context, day: When, year: Number) -> Value | None:
    """A day of the year, the year said after it: "5/7, 2027", "Christmas 2027"."""
    if day.cycle is None or day.cycle.step != "year":
        return None
    try:
        found = day.cycle.at(date(whole(year), 1, 1))
    except ValueError:
        return None
    if found is None:
        return None
    return When(
        found.start,
        found.end,
        "day",
        others=tuple(o for o in day.others if o.start and day_of(o.start).year == whole(year)),
    )


def _in_that_year(context: Context, day: When, year: When) -> Value | None:
    """ "January 1st next year"."""
    if year.grain != "year" or year.start is None:
        return None
    return _in_year(context, day, Number(Decimal(day_of(year.start).year)))


def _on_figure(context: Context, number: Number) -> Value | None:
    """ "On 15": small figures after "on" are mostly no days."""
    return None if number.in_words or whole(number) < _LAST_COUNTED else _bare_ordinal(context, Ordinal(whole(number)))


def _first_of_year(_context: Context, span: When) -> Value | None:
    return single_day(day_of(span.start)) if span.grain in ("year", "quarter") and span.start is not None else None


RULES: list[Rule] = [
    *(_offset(days) for days in _OFFSETS.values()),
    Rule("right now", _now),
    Rule("now", _bare_now),
    Rule("as of now", _now),
    Rule("the? day after tomorrow", lambda c: single_day(c.today + 2 * DAY)),
    Rule("the? day before yesterday", lambda c: single_day(c.today - 2 * DAY)),
    Rule("the? day before <when>", lambda _, w: None if w.start is None else single_day(day_of(w.start) - DAY)),
    Rule("the? day after <when>", lambda _, w: None if w.start is None else single_day(day_of(w.end or w.start))),
    Rule("the? next|following day", lambda c: single_day(c.today + DAY)),
    Rule("this day", lambda c: single_day(c.today)),
    Rule("<month> the? <ordinal> ,? of? <year>?", _month_day),
    Rule("<month> ,? <small> ,? of? <year>?", _month_day),
    Rule("<month> /|- <small>", lambda c, m, d: _month_day(c, m, d, None)),
    Rule("<month> - <small> - <year>", _month_day),
    Rule("<month> - <year> - <small>", lambda c, m, y, d: _month_day(c, m, d, y)),
    Rule("the? <ordinal> day? of? -? <month> ,? of|in? <year>?", _day_month),
    Rule("<small> of? -? /? <month> -? /? ,? of|in? <year>?", _day_month),
    Rule("<small>  - <month> - <two>", _two_figure_year),
    Rule("<small> of? <month> ,? of? '? <two>", _two_figure_year),
    Rule("the? <ordinal> of? <month> ,? of? '? <two>", _two_figure_year),
    Rule("the <small>", lambda c, n: _only_in_range(_bare_ordinal(c, Ordinal(whole(n))))),
    Rule("on <number>", _dotted),
    Rule("on <small> - <small>", _dashed),
    Rule("on <small>", _on_figure),
    Rule("the? first of <period>", _first_of_year),
    Rule("on? <weekday> ,? <small> - <small>", _weekday_dashed),
    Rule("on? <weekday> ,? <number>", _weekday_dotted),
    Rule("<month> <small> ,? ' <two>", lambda c, m, d, y: _two_figure_year(c, d, m, y)),
    Rule("<month> <ordinal> ,? ' <two>", lambda c, m, d, y: _two_figure_year(c, d, m, y)),
    Rule("<year> -|/ <month> -|/ <small>", _year_first),
    Rule("<year> <month> <small>", _year_first),
    Rule("the <ordinal>", _bare_ordinal),
    Rule("on the? <ordinal>", _bare_ordinal),
    Rule("the? <ordinal> day? of|in? <period>", _day_in),
    Rule("in <length>", lambda c, n: _shift(c, n, 1)),
    Rule("in <length> time", lambda c, n: _shift(c, n, 1)),
    Rule("<length> from now|today", lambda c, n: _shift(c, n, 1)),
    Rule(
        "in about|around|roughly|approximately|approx|circa|maybe|say|some|exactly <length>",
        lambda c, n: _shift(c, n, 1),
    ),
    Rule("in <length> or so", lambda c, n: _shift(c, n, 1)),
    Rule("<length> later|hence|out", lambda c, n: _shift(c, n, 1)),
    Rule("<length> in|into the future", lambda c, n: _shift(c, n, 1)),
    Rule("<length> ago|back", lambda c, n: _shift(c, n, -1)),
    Rule("<length> or so ago|back", lambda c, n: _shift(c, n, -1)),
    Rule("<length> from|after|on|following <day>", lambda c, n, d: _shift(c, n, 1, d)),
    Rule("<length> before <day>", lambda c, n, d: _shift(c, n, -1, d)),
    Rule("<length> prior to <day>", lambda c, n, d: _shift(c, n, -1, d)),
    Rule("<day> ,? of|in? <year>", _in_year),
    Rule("<day> ,? of|in? <period>", _in_that_year),
    Rule("<period> <day>", lambda c, p, d: _in_that_year(c, d, p)),
    Rule("on <day>", lambda _, d: d),
]
