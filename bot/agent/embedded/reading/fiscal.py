"""Rules for quarters, halves and fiscal years."""

from datetime import date

from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.calendars import (
    day_of,
    settled,
    year_of,
)
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.periods import relative
from bot.agent.embedded.reading.values import (
    Context,
    Cycle,
    Interval,
    Number,
    Ordinal,
    Value,
    When,
)


def quarter_in(_context: Context, number: Number | Ordinal, year: When, months: int = 3) -> Value | None:
    if year.grain != "year" or year.start is None:
        return None
    count = number.value if isinstance(number, Ordinal) else whole(number)
    if not 1 <= count <= 12 // months:
        return None
    start = day_of(year.start) + relativedelta(months=months * (count - 1))
    return When(start, start + relativedelta(months=months), "quarter" if months == 3 else "half")


def _fiscal_year(context: Context, year: Number) -> Value | None:
    number = whole(year)
    if not (number < 100 or 1900 <= number < 2100):
        return None
    found = year_of(number + 2000 if number < 100 else number, context)
    return When(found.start, found.end, "year")


def _part_of_year(context: Context, number: int, year: int, months: int) -> Interval:
    start = day_of(year_of(year, context).start or context.today) + relativedelta(months=months * (number - 1))
    return Interval(start, start + relativedelta(months=months), "quarter" if months == 3 else "half")


def _quarter(context: Context, number: Number | Ordinal, year: Number | None, months: int = 3) -> Value | None:
    count = number.value if isinstance(number, Ordinal) else whole(number)
    if not 1 <= count <= 12 // months:
        return None
    if year is not None:
        named = whole(year)
        if not (named < 100 or 1900 <= named < 2100):
            return None
        found = _part_of_year(context, count, named + 2000 if named < 100 else named, months)
        return When(found.start, found.end, found.grain)

    def at(anchor: date) -> Interval | None:
        return _part_of_year(context, count, anchor.year, months)

    return settled(Cycle("year", at), context)


def _half(context: Context, number: Number | Ordinal, year: Number | None) -> Value | None:
    return _quarter(context, number, year, 6)


def _quarters_between(context: Context, first: Number, last: Number, year: Number | None) -> Value | None:
    """ "Q3/Q4": from the one to the other, of the same year."""
    if whole(first) >= whole(last):
        return None
    end = _quarter(context, last, year)
    if not isinstance(end, When) or end.start is None:
        return None
    start = day_of(end.start) - relativedelta(months=3 * (whole(last) - whole(first)))
    return When(start, end.end, "quarter", "between")


RULES: list[Rule] = [
    Rule("fy '? <number>", _fiscal_year),
    Rule("fiscal|financial year? <year>", _fiscal_year),
    Rule("q <small> -|/|, ? of? '? fy? <year>?", lambda c, n, y: _quarter(c, n, y)),
    Rule("q <small> of? -|/|'|fy? '? <number>", _quarter),
    Rule("q <small> of? -|/|,? fy? <year>?", _quarter),
    Rule("<year> -|,? q <small>", lambda c, y, q: _quarter(c, q, y)),
    Rule("q <small> of|in? <period>", quarter_in),
    Rule("fy '? <number> q <small>", lambda c, y, q: _quarter(c, q, y)),
    Rule("<small> q '? <number>", _quarter),
    Rule("q <small> /|- q? <small> ,? of? <year>?", _quarters_between),
    Rule("this|current fiscal|financial <unit>", lambda c, u: relative(c, u, 0)),
    Rule("the? next|coming fiscal|financial <unit>", lambda c, u: relative(c, u, 1)),
    Rule("the? last|past|prior fiscal|financial <unit>", lambda c, u: relative(c, u, -1)),
    Rule("<small> h '? <year>", _half),
    Rule("the? <ordinal> quarter of? <year>?", _quarter),
    Rule("the? <ordinal> half of? <year>", _half),
    Rule("h <small> of? -|/|,? '? fy? <year>?", _half),
    Rule("h <small> of? <period>", lambda c, n, p: quarter_in(c, n, p, 6)),
    Rule("<year> -? h <small>", lambda c, y, h: _half(c, h, y)),
    Rule("the? <ordinal> half of|in <period>", lambda c, o, p: quarter_in(c, o, p, 6)),
    Rule("<period> <ordinal> quarter", lambda c, p, o: quarter_in(c, o, p)),
    Rule("<period> q <small>", lambda c, p, n: quarter_in(c, n, p)),
]
