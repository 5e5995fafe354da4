"""Rules for lengths of time: "30 minutes", "half an hour", "a couple of days", "two and a half weeks"."""

from dataclasses import replace
from decimal import Decimal

from bot.agent.embedded.reading.calendars import UNIT_LENGTH
from bot.agent.embedded.reading.grammar import Rule
from bot.agent.embedded.reading.values import Context, Length, Number, Unit, Value

# "A few" and "several" are read as three, as in the public test sets for this; the reading says it is approximate.
FEW = 3
_HALVES: dict[str, Length] = {
    "minute": Length(seconds=30),
    "hour": Length(seconds=1800),
    "day": Length(seconds=43_200),
    "week": Length(days=3, seconds=43_200),
    "month": Length(days=15),
    "quarter": Length(days=45),
    "year": Length(months=6, unit="year"),
    "decade": Length(months=60),
}


def _times(number: Decimal, unit: Unit) -> Length | None:
    base = UNIT_LENGTH[unit.name]
    if number > 100_000:
        return None
    whole = int(number)
    rest = number - whole
    length = Length(base.months * whole, base.days * whole, base.seconds * whole, base.business_days * whole)
    if not rest:
        return length
    if rest == Decimal("0.5") and unit.name in _HALVES:
        return replace(length.plus(_HALVES[unit.name]), unit=unit.name)
    if base.months and rest * base.months == int(rest * base.months):
        return replace(length.plus(Length(months=int(rest * base.months))), unit=unit.name)
    if base.months or base.business_days:
        return length.plus(Length(days=int(rest * base.months * 30)))
    return length.plus(Length(seconds=int(rest * (base.days * 86_400 + base.seconds))))


def _counted(_context: Context, number: Number, unit: Unit) -> Value | None:
    length = _times(number.value, unit) if number.value > 0 else None
    return length and replace(length, unit=unit.name)


def _one(_context: Context, unit: Unit) -> Value | None:
    return None if unit.plural else _times(Decimal(1), unit)


def _several(_context: Context, unit: Unit) -> Value | None:
    return _times(Decimal(FEW), unit) if unit.plural else None


def _half(_context: Context, unit: Unit) -> Value | None:
    return _HALVES.get(unit.name)


def _and_half(_context: Context, number: Number, unit: Unit) -> Value | None:
    return _times(number.value + Decimal("0.5"), unit)


def _business(_context: Context, number: Number, unit: Unit) -> Value | None:
    """ "Three working days"; "8 business hours" and "2 business weeks" are hours and weeks."""
    if unit.name == "day":
        return Length(business_days=int(number.value)) if number.value < 1000 else None
    return _counted(_context, number, unit) if unit.name in ("hour", "week") else None


def _one_business(context: Context, unit: Unit) -> Value | None:
    return None if unit.plural or unit.name == "second" else _business(context, Number(Decimal(1)), unit)


def _sum(first: Length, second: Length) -> Length | None:
    """ "3 days 4 hours"; hours come last, so that "an hour and a quarter" is no hour and three months."""
    differ = first.total_seconds != second.total_seconds
    return first.plus(second) if differ and (second.seconds or not first.seconds) else None


def _quarters(unit: Unit, count: int) -> Value | None:
    return None if unit.plural else _times(Decimal(count) / 4, unit)


def _and_quarter(_context: Context, number: Number, unit: Unit) -> Value | None:
    return _times(number.value + Decimal("0.25"), unit)


def _up_to(_context: Context, least: Number, most: Length) -> Value | None:
    """ "2 to 3 weeks": the longer, which is what may be counted on."""
    base = UNIT_LENGTH.get(most.unit)
    return most if base is not None and least.value * base.total_seconds < most.total_seconds else None


RULES: list[Rule] = [
    Rule("<number> <unit>", _counted),
    Rule("<number> of the? <unit>", lambda c, n, u: _counted(c, n, u) if u.plural else None),
    Rule("<number> fiscal|financial|calendar <unit>", _counted),
    Rule("<number> more|full|whole|additional|extra <unit>", _counted),
    Rule("a|an|one|another <unit>", _one),
    Rule("an? additional|extra|further <unit>", _one),
    Rule("another|additional|extra|further <length>", lambda _, n: n),
    Rule("an additional|extra <length>", lambda _, n: n),
    Rule("<unit> long", _one),
    Rule("<length> long", lambda _, n: n),
    Rule("<unit> and a half", lambda _, u: None if u.plural else _times(Decimal("1.5"), u)),
    Rule("half of a|an <unit>", _half),
    Rule("<number> of a|an <unit>", lambda _, n, u: _times(n.value, u) if n.value < 1 and not u.plural else None),
    Rule("a|one business|working|calendar|work <unit>", _one_business),
    *(Rule(f"{unit}long", lambda _, u=unit: UNIT_LENGTH[u]) for unit in ("day", "week", "month", "year")),
    Rule("a? few|several|some <unit>", _several),
    Rule("a? few more <unit>", _several),
    Rule("half a|an? <unit>", _half),
    Rule("a half <unit>", _half),
    Rule("a|an <unit> and a? half", lambda _, u: _times(Decimal("1.5"), u)),
    Rule("<number> <unit> and a? half", _and_half),
    Rule("a|an <unit> and a quarter", lambda _, u: _quarters(u, 5)),
    Rule("<number> <unit> and a quarter", _and_quarter),
    Rule("three quarters of a|an <unit>", lambda _, u: _quarters(u, 3)),
    Rule("a? quarter of? a|an <unit>", lambda _, u: _quarters(u, 1)),
    Rule("a? quarter <unit>", lambda _, u: _quarters(u, 1) if u.name == "hour" else None),
    Rule("<number> business|working|work <unit>", _business),
    Rule("three quarter|quarters <unit>", lambda _, u: _quarters(u, 3) if u.name == "hour" else None),
    Rule("<length> ,? and? <length>", lambda _, a, b: _sum(a, b)),
    Rule("<count> -|to|or <length>", _up_to),
    Rule("between <count> and <length>", _up_to),
    Rule("all|full|whole|entire <unit>", _one),
    Rule("the whole|entire|full <unit>", _one),
    Rule("a whole|full|entire <unit>", _one),
]
