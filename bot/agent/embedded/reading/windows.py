"""Rules for stretches measured from now: trailing, leading, so far and what is left.

A stretch that runs up to now includes today and ends tomorrow, its end being excluded.
"""

from datetime import datetime
from decimal import Decimal

from bot.agent.embedded.reading.calendars import CALENDAR_UNITS, DAY, UNIT_LENGTH, away, day_of, moved, period
from bot.agent.embedded.reading.durations import FEW
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.portions import portion
from bot.agent.embedded.reading.values import Context, Grain, Length, Number, Unit, Value, When

_TO_DATE: dict[str, Grain] = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}


def _trailing(context: Context, length: Length) -> Value | None:
    """ "The past 90 days": the day 90 days ago up to and including today; hours and minutes run up to now.

    Quarters are counted whole, as reports do: "the last two quarters" ends where this one begins.
    """
    try:
        if length.seconds:
            return When(moved(context.now, length, -1), context.now, "minute", "trailing")
        if length.unit == "quarter":
            this = period(context.today, "quarter", context)
            assert this.start is not None
            return When(moved(this.start, length, -1), this.start, "quarter")
        return When(day_of(moved(context.today, length, -1)), context.today + DAY, "day", "trailing")
    except (ValueError, OverflowError):
        return None


def _leading(context: Context, length: Length) -> Value | None:
    """ "The next two weeks": from tomorrow; hours and minutes from now."""
    try:
        if length.seconds:
            return When(context.now, moved(context.now, length, 1), "minute", "leading")
        if length.unit == "quarter":
            after = period(context.today, "quarter", context).end
            assert after is not None
            return When(after, moved(after, length, 1), "quarter")
        start = context.today + DAY
        if length.business_days:
            while start.weekday() > 4:
                start += DAY
        return When(start, day_of(moved(context.today, length, 1)) + DAY, "day", "leading")
    except (ValueError, OverflowError):
        return None


def _within(context: Context, length: Length) -> Value | None:
    """ "Within 3 days": from now to that day, which belongs to it."""
    try:
        if length.seconds:
            return When(context.now, moved(context.now, length, 1), "minute", "leading")
        return When(context.today, day_of(moved(context.today, length, 1)) + DAY, "day", "leading")
    except (ValueError, OverflowError):
        return None


def _few(context: Context, unit: Unit, sign: int) -> Value | None:
    """ "The coming weeks", "in recent months": as many as "a few" is."""
    if not unit.plural or unit.name in ("second", "minute", "weekend"):
        return None
    base = UNIT_LENGTH[unit.name]
    length = Length(FEW * base.months, FEW * base.days, FEW * base.seconds, FEW * base.business_days)
    return _leading(context, length) if sign > 0 else _trailing(context, length)


def _hour(context: Context, unit: Unit, sign: int) -> Value | None:
    if unit.plural or unit.name != "hour":
        return None
    return _leading(context, Length(seconds=3600)) if sign > 0 else _trailing(context, Length(seconds=3600))


def _and_half(context: Context, unit: Unit, sign: int) -> Value | None:
    """ "The past year and a half"."""
    base = UNIT_LENGTH[unit.name]
    if unit.plural or base.months * 3 % 2:
        return None
    length = Length(base.months * 3 // 2, 0, base.seconds * 3 // 2 + base.days * 129_600)
    if not base.months:
        return None
    return _leading(context, length) if sign > 0 else _trailing(context, length)


def _or_two(context: Context, unit: Unit) -> Value | None:
    """ "In a week or two"."""
    if unit.plural:
        return None
    base = UNIT_LENGTH[unit.name]
    return _in_to(
        context, Number(Decimal(1)), Length(2 * base.months, 2 * base.days, 0, 2 * base.business_days, unit.name)
    )


def _next_or_two(context: Context, unit: Unit) -> Value | None:
    base = UNIT_LENGTH[unit.name]
    return None if unit.plural or base.seconds else _leading(context, Length(2 * base.months, 2 * base.days))


def _in_to(context: Context, least: Number, most: Length) -> Value | None:
    """ "In 2 to 3 weeks": from the earlier day to the later, which belongs to it."""
    if most.seconds or not most.unit or least.value != whole(least):
        return None
    base, count = UNIT_LENGTH[most.unit], whole(least)
    low = Length(base.months * count, base.days * count, 0, base.business_days * count)
    first, last = away(context, low, 1), away(context, most, 1)
    if first.start is None or last.start is None or first.start >= last.start:
        return None
    return When(first.start, last.end, "day", "between")


def _for_from(_context: Context, length: Length, start: When) -> Value | None:
    """ "Three months from January": whole months may start with a month, anything with a day."""
    if start.start is None or length.seconds or not (start.grain == "day" or (length.months and not length.days)):
        return None
    if isinstance(start.start, datetime):
        return None
    try:
        return When(day_of(start.start), day_of(moved(day_of(start.start), length, 1)), "day")
    except (ValueError, OverflowError):
        return None


def _to_date(context: Context, grain: Grain) -> Value | None:
    found = period(context.today, grain, context)
    return When(found.start, context.today + DAY, grain, "trailing")


def _so_far(context: Context, span: When) -> Value | None:
    if span.start is None or span.end is None or day_of(span.start) > context.today:
        return None
    if day_of(span.end) <= context.today:
        return portion(span, "early")
    return When(span.start, context.today + DAY, span.grain, "trailing")


def _unit_to_date(context: Context, unit: Unit) -> Value | None:
    grain = CALENDAR_UNITS.get(unit.name)
    return None if grain is None else _to_date(context, grain)


def _rest(context: Context, span: When) -> Value | None:
    if span.start is None or span.end is None:
        return None
    if day_of(span.start) > context.today:
        return portion(span, "late")
    return When(context.today, span.end, span.grain, "rest") if context.today < day_of(span.end) else None


def _rest_unit(context: Context, unit: Unit) -> Value | None:
    if unit.name == "day":
        midnight = datetime.combine(context.today + DAY, datetime.min.time(), context.zone)
        return When(context.now, midnight, "hour", "rest")
    grain = CALENDAR_UNITS.get(unit.name)
    if grain is None:
        return None
    found = period(context.today, grain, context)
    return _rest(context, When(found.start, found.end, found.grain))


def _length(number: Number, unit: Unit) -> Length:
    base, count = UNIT_LENGTH[unit.name], whole(number)
    return Length(base.months * count, base.days * count, base.seconds * count, base.business_days * count)


RULES: list[Rule] = [
    Rule("less than <length> ago", _trailing),
    Rule("in less than <length>", _within),
    Rule("in under <length>", _within),
    Rule("inside of? <length>", _within),
    Rule("within the <unit>", lambda c, u: _hour(c, u, 1)),
    Rule("the? past|last <length>", _trailing),
    Rule("over|in|during|for the? past|last <length>", _trailing),
    Rule("over|in|during|for|within the? past <unit>", lambda c, u: _trailing(c, UNIT_LENGTH[u.name])),
    Rule("<number> past|last <unit>", lambda c, n, u: _trailing(c, _length(n, u))),
    Rule("the? next|coming <length>", _leading),
    Rule("over|in|during|for the? next|coming <length>", _leading),
    Rule("within the? next|coming? <length>", _within),
    Rule("within the? next|coming <unit>", lambda c, u: None if u.plural else _within(c, UNIT_LENGTH[u.name])),
    Rule("within|over|in the? last|past|prior <length>", _trailing),
    Rule("in? the? next|coming <count> -|to|or <length>", lambda c, _, n: _leading(c, n)),
    Rule("over|for|during the? next|coming <count> -|to|or <length>", lambda c, _, n: _leading(c, n)),
    Rule("over|in|during|for? the? next|coming <unit>", lambda c, u: _few(c, u, 1) or _hour(c, u, 1)),
    Rule("over|in|during|for|within? the? last|past|recent <unit>", lambda c, u: _few(c, u, -1) or _hour(c, u, -1)),
    Rule("over|in|during|for? the? next|coming <unit> and a half", lambda c, u: _and_half(c, u, 1)),
    Rule("over|in|during|for? the? last|past <unit> and a half", lambda c, u: _and_half(c, u, -1)),
    Rule("in a|an|one <unit> or two", _or_two),
    Rule("in? the next|coming <unit> or two", _next_or_two),
    Rule("for? <length> ,? from|starting|beginning on|from|in? <when>", _for_from),
    Rule("trailing <length>", _trailing),
    Rule("ltm|ttm", lambda c: _trailing(c, Length(months=12))),
    Rule("in <number> to|-|or <length>", _in_to),
    Rule("<number> next|coming <unit>", lambda c, n, u: _leading(c, _length(n, u))),
    *(Rule(letters, lambda c, g=grain: _to_date(c, g)) for letters, grain in _TO_DATE.items()),
    Rule("the? <unit> to date", _unit_to_date),
    Rule("<period> to date", _so_far),
    Rule("so far <period>", _so_far),
    Rule("<period> so far", _so_far),
    Rule("the? rest|remainder|balance of? <period>", _rest),
    Rule("the? rest|remainder|balance of? the|my|our|current? <unit>", _rest_unit),
    Rule("later in? <period>", _rest),
    Rule("later in the <unit>", _rest_unit),
    Rule("earlier in? <period>", _so_far),
]
