"""Rules for whole periods: weeks, months, quarters, years, seasons and feasts."""

from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.calendars import (
    DAY,
    day_of,
    month_cycle,
    moved,
    period,
    settled,
    step,
    year_of,
)
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import (
    Context,
    Grain,
    Interval,
    Length,
    MonthName,
    Needs,
    Number,
    Ordinal,
    Unit,
    Value,
    When,
)

_MONTHS_LONG: dict[Grain, int] = {"month": 1, "quarter": 3, "half": 6}
_GRAINS: dict[str, Grain] = {
    name: name for name in ("weekend", "week", "fortnight", "month", "quarter", "half", "year", "decade")
}
# Words that are also names or verbs; alone they are months only after a preposition.
_SHAKY_MONTHS = frozenset(("may", "march", "mar"))
_NAME_MONTHS = frozenset(("april", "june", "august", "jan", "jun", "aug", "apr", "dec", "sep"))


def relative(context: Context, unit: Unit, count: int) -> Value | None:
    """The period ``count`` steps from the one we are in; "next weekend" is the one after the coming one."""
    grain = _GRAINS.get(unit.name)
    if grain is None or unit.plural:
        return None
    found = period(step(context.today, grain, count), grain, context)
    return When(found.start, found.end, grain)


def _same_of_last_year(context: Context, unit: Unit, year: Unit) -> Value | None:
    """ "The same quarter last year"."""
    found = relative(context, unit, 0)
    if year.name != "year" or year.plural or not isinstance(found, When) or found.start is None:
        return None
    grain = _GRAINS[unit.name]
    before = period(day_of(found.start) - relativedelta(years=1), grain, context)
    return When(before.start, before.end, grain)


def _month(context: Context, month: MonthName) -> Value | None:
    found = settled(month_cycle(month.number), context)
    if found is None:
        return None
    word = month.word.lower().rstrip(".")
    needs: Needs = "preposition" if word in _SHAKY_MONTHS else "name" if word in _NAME_MONTHS else ""
    return When(found.start, found.end, "month", others=found.others, needs=needs, cycle=found.cycle)


def _month_of_year(_context: Context, month: MonthName, year: Number) -> Value | None:
    start = date(whole(year), month.number, 1)
    return When(start, start + relativedelta(months=1), "month")


def _month_short_year(context: Context, month: MonthName, year: Number) -> Value | None:
    number = whole(year)
    return _month_of_year(context, month, Number(year.value + (2000 if number < 70 else 1900))) if number > 31 else None


def _month_apostrophe_year(context: Context, month: MonthName, year: Number) -> Value | None:
    return _month_of_year(context, month, Number(year.value + (2000 if year.value < 70 else 1900)))


def _month_in(_context: Context, month: MonthName, year: When) -> Value | None:
    if year.grain != "year" or year.start is None:
        return None
    start = date(day_of(year.start).year, month.number, 1)
    return When(start, start + relativedelta(months=1), "month")


def _month_toward(context: Context, month: MonthName, way: int) -> Value | None:
    """ "Next March" and "last March" are the nearest whole ones; next year's is another reading when they differ."""
    today = context.today
    year = today.year
    start = date(year, month.number, 1)
    if way > 0 and start <= today:
        start += relativedelta(years=1)
    if way < 0 and start + relativedelta(months=1) > today:
        start -= relativedelta(years=1)
    other = date(year + way, month.number, 1)
    others = (Interval(other, other + relativedelta(months=1), "month"),) if way and other != start else ()
    return When(start, start + relativedelta(months=1), "month", others=others)


def _this_month_name(context: Context, month: MonthName) -> Value | None:
    start = date(context.today.year, month.number, 1)
    return When(start, start + relativedelta(months=1), "month")


def _year(context: Context, year: Number) -> Value | None:
    found = year_of(whole(year), Context(context.now, context.week_start, 1, context.prefer, context.day_first))
    return When(found.start, found.end, "year", needs="preposition")


def _decade(_context: Context, number: Number) -> Value | None:
    year = whole(number)
    if year % 10 or not (1900 <= year < 2100 or 20 <= year < 100):
        return None
    start = date(year if year > 100 else 1900 + year, 1, 1)
    return When(start, start + relativedelta(years=10), "decade")


def _named_year(_context: Context, year: Number) -> Value | None:
    number = whole(year)
    start = date(number, 1, 1)
    return When(start, date(number + 1, 1, 1), "year")


def _calendar_year(_context: Context, year: Number) -> Value | None:
    number = whole(year)
    if not (10 <= number < 100 or 1900 <= number < 2100):
        return None
    start = date(number + 2000 if number < 100 else number, 1, 1)
    return When(start, start + relativedelta(years=1), "year")


def _spoken_year(_context: Context, century: Number, rest: Number) -> Value | None:
    if not (century.in_words and rest.in_words and whole(century) in (19, 20) and whole(rest) >= 10):
        return None
    return Number(century.value * 100 + rest.value, True)


def _spoken_low_year(_context: Context, century: Number, rest: Number) -> Value | None:
    if not (century.in_words and whole(century) in (19, 20) and whole(rest) < 10):
        return None
    return Number(century.value * 100 + rest.value, True)


def _nth_in(context: Context, nth: Ordinal, unit: Unit, span: When) -> Value | None:
    """ "The third week of 2027", "the second quarter of next year". Week one holds the year's first Thursday."""
    if span.start is None or span.end is None or unit.plural:
        return None
    start = day_of(span.start)
    grain = _GRAINS.get(unit.name)
    if unit.name == "day" and 1 <= nth.value <= 366:
        day = start + timedelta(days=nth.value - 1)
        return When(day, day + DAY, "day") if day < day_of(span.end) else None
    if grain in _MONTHS_LONG and span.grain in ("year", "quarter", "half") and grain != span.grain:
        months = _MONTHS_LONG[grain]
        first = start + relativedelta(months=months * (nth.value - 1))
        return When(first, first + relativedelta(months=months), grain) if first < day_of(span.end) else None
    if grain == "week" and span.grain in ("month", "quarter", "year"):
        first = day_of(period(start + timedelta(days=3), "week", context).start or start)
        if first + timedelta(days=3) < start:
            first += timedelta(weeks=1)
        first += timedelta(weeks=nth.value - 1)
        return When(first, first + timedelta(weeks=1), "week")
    return None


def _last_in(context: Context, unit: Unit, span: When) -> Value | None:
    grain = _GRAINS.get(unit.name)
    if span.end is None or unit.plural:
        return None
    last = day_of(span.end) - DAY
    if unit.name == "day":
        return When(last, last + DAY, "day")
    if grain is None or grain == span.grain:
        return None
    found = period(last, grain, context)
    if grain == "week" and found.start is not None and day_of(found.start) + 3 * DAY > last:
        found = period(last - 7 * DAY, grain, context)
    return When(found.start, found.end, grain)


def _last_but_one(context: Context, unit: Unit, span: When) -> Value | None:
    last = _last_in(context, unit, span)
    if not isinstance(last, When) or last.start is None:
        return None
    before = day_of(last.start) - DAY
    if unit.name == "day":
        return When(before, last.start, "day")
    found = period(before, last.grain, context)
    return When(found.start, found.end, last.grain)


def _first_length(_context: Context, length: Length, span: When) -> Value | None:
    if span.start is None or span.end is None or length.seconds:
        return None
    end = moved(day_of(span.start), length, 1)
    return When(span.start, end, "day") if day_of(end) <= day_of(span.end) else None


def _last_length(_context: Context, length: Length, span: When) -> Value | None:
    if span.start is None or span.end is None or length.seconds:
        return None
    start = moved(day_of(span.end), length, -1)
    return When(start, span.end, "day") if day_of(start) >= day_of(span.start) else None


def _week_of(context: Context, day: When) -> Value | None:
    if day.start is None or day.grain != "day":
        return None
    found = period(day_of(day.start), "week", context)
    others = tuple(period(day_of(other.start), "week", context) for other in day.others if other.start is not None)
    return When(found.start, found.end, "week", others=tuple(other for other in others if other != found))


def _week_number(context: Context, number: Number, year: Number | None) -> Value | None:
    try:
        start = date.fromisocalendar(whole(year) if year is not None else context.today.year, whole(number), 1)
    except ValueError:
        return None
    return When(start, start + timedelta(weeks=1), "week")


RULES: list[Rule] = [
    Rule("this|same <unit>", lambda c, u: relative(c, u, 0)),
    Rule("the current|same <unit>", lambda c, u: relative(c, u, 0)),
    Rule("the? same|this <unit> last <unit>", _same_of_last_year),
    Rule("the? same|this <unit> of|in|from the? last <unit>", _same_of_last_year),
    Rule("the? next|coming <unit>", lambda c, u: relative(c, u, 1)),
    Rule("the? last|past|prior <unit>", lambda c, u: relative(c, u, -1)),
    Rule("the? <unit> after the next", lambda c, u: relative(c, u, 2)),
    Rule("the? <unit> after next", lambda c, u: relative(c, u, 2)),
    Rule("the? <unit> before last", lambda c, u: relative(c, u, -2)),
    Rule("next next <unit>", lambda c, u: relative(c, u, 2)),
    Rule("the <unit>", lambda c, u: relative(c, u, 0) and _needy(relative(c, u, 0))),
    Rule("weekend", lambda c: relative(c, Unit("weekend"), 0)),
    Rule("<month>", _month),
    Rule("<month> ,? of? <year>", _month_of_year),
    Rule("<month> /|- <year>", _month_of_year),
    Rule("<month> of? ' <two>", _month_apostrophe_year),
    Rule("<month> of? <two>", _month_short_year),
    Rule("<year> -? ,? <month>", lambda c, y, m: _month_of_year(c, m, y)),
    Rule("<month> of|in|, <period>", _month_in),
    Rule("<month> <period>", _month_in),
    Rule("next|coming <month>", lambda c, m: _month_toward(c, m, 1)),
    Rule("last|past|prior <month>", lambda c, m: _month_toward(c, m, -1)),
    Rule("this <month>", _this_month_name),
    Rule("<year>", _year),
    Rule("the? calendar? year of? <year>", _named_year),
    Rule("this|current calendar year", lambda c: relative(c, Unit("year"), 0)),
    Rule("the? <number> s", _decade),
    Rule("<two> <two>", _spoken_year),
    Rule("this half", lambda c: relative(c, Unit("half"), 0)),
    Rule("next half", lambda c: relative(c, Unit("half"), 1)),
    Rule("last half", lambda c: relative(c, Unit("half"), -1)),
    Rule("the? <ordinal> <unit> of|in|from? <period>", _nth_in),
    Rule("the? last|final <unit> of|in <period>", _last_in),
    Rule("the? second to last <unit> of|in <period>", _last_but_one),
    Rule("week <small> of|in <period>", lambda c, n, p: _nth_in(c, Ordinal(whole(n)), Unit("week"), p)),
    Rule("<period> ,? in <month>", lambda c, p, m: _month_in(c, m, p)),
    Rule("the? month of <period>", lambda _, p: replace(p, needs="") if p.grain == "month" else None),
    Rule("<two> zero|oh|o <two>", _spoken_low_year),
    Rule("the? first <length> of|in <period>", _first_length),
    Rule("the? last|final <length> of|in <period>", _last_length),
    Rule("the? week of|commencing|beginning|starting of|on? <day>", _week_of),
    Rule("week <number> ,? of? <year>?", _week_number),
    Rule("calendar|iso|cal week|wk|w <number> ,? of? <year>?", _week_number),
    Rule("cw|kw <number> ,? of? <year>?", _week_number),
    Rule("w / c <day>", _week_of),
    Rule("cy '? <number>", _calendar_year),
    Rule("w <number> ,? of? <year>?", _week_number),
    Rule("<year> -? w <number>", lambda c, y, n: _week_number(c, n, y)),
]


def _needy(value: Value | None) -> Value | None:
    if not isinstance(value, When):
        return None
    return When(value.start, value.end, value.grain, needs="preposition")
