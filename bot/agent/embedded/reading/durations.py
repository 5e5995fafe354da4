"""Rules for lengths of time: "30 minutes", "half an hour", "a couple of days", "two and a half weeks"."""

from dataclasses import replace
from decimal import Decimal

from bot.agent.embedded.reading.calendars import UNIT_LENGTH
from bot.agent.embedded.reading.grammar import Rule
from bot.agent.embedded.reading.values import Context, Length, Number, Unit, Value

# "A few" and "several" are read as three, as in the public test sets for this; the reading says it is approximate.
_FEW = 3
_HALVES: dict[str, Length] = {
    "minute": Length(seconds=30),
    "hour": Length(seconds=1800),
    "day": Length(seconds=43_200),
    "week": Length(days=3, seconds=43_200),
    "month": Length(days=15),
    "quarter": Length(days=45),
    "year": Length(months=6),
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
        return length.plus(_HALVES[unit.name])
    if base.months or base.business_days:
        return length.plus(Length(days=int(rest * base.months * 30)))
    return length.plus(Length(seconds=int(rest * (base.days * 86_400 + base.seconds))))


def _counted(_context: Context, number: Number, unit: Unit) -> Value | None:
    length = _times(number.value, unit) if number.value > 0 else None
    return length and replace(length, unit=unit.name)


def _one(_context: Context, unit: Unit) -> Value | None:
    return None if unit.plural else _times(Decimal(1), unit)


def _several(_context: Context, unit: Unit) -> Value | None:
    return _times(Decimal(_FEW), unit) if unit.plural else None


def _half(_context: Context, unit: Unit) -> Value | None:
    return _HALVES.get(unit.name)


def _and_half(_context: Context, number: Number, unit: Unit) -> Value | None:
    return _times(number.value + Decimal("0.5"), unit)


def _business(_context: Context, number: Number, unit: Unit) -> Value | None:
    return Length(business_days=int(number.value)) if unit.name == "day" and number.value < 1000 else None


RULES: list[Rule] = [
    Rule("<number> <unit>", _counted),
    Rule("<number> of? the? <unit>", _counted),
    Rule("<number> more|full|whole|additional|extra <unit>", _counted),
    Rule("a|an|one|another <unit>", _one),
    Rule("a? few|several|some <unit>", _several),
    Rule("a? few more <unit>", _several),
    Rule("half a|an? <unit>", _half),
    Rule("a half <unit>", _half),
    Rule("a|an <unit> and a? half", lambda _, u: _times(Decimal("1.5"), u)),
    Rule("<number> <unit> and a? half", _and_half),
    Rule("three quarters of an hour", lambda _: Length(seconds=2700)),
    Rule("a? quarter of? an hour", lambda _: Length(seconds=900)),
    Rule("<number> business|working <unit>", _business),
    Rule("<length> ,? and? <length>", lambda _, a, b: a.plus(b) if a.total_seconds != b.total_seconds else None),
    Rule("all|full|whole|entire <unit>", _one),
    Rule("the whole|entire|full <unit>", _one),
    Rule("a whole|full|entire <unit>", _one),
]
