"""What groups of rows add up to before it is converted: the sums of one group and one rate, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func

from crm_store.reports.catalogue import Function, Quantity, Ratio
from crm_store.reports.measures import Measure, Sums
from crm_store.reports.tally import Keys

Way = Callable[[Any, Any], Any]


@dataclass(slots=True)
class Pot:
    """What rows of one group and one rate add up to: their lowest ranks, then (from ``first``) their number, where they
    are counted, and the sums of each measure. ``day`` is the first day of the rate."""

    keys: Keys
    labels: tuple[str, ...]
    currency: str | None
    day: date | None
    values: list[Any]
    first: int


def plus(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, float) or isinstance(other, float):
        return Fraction(one) + Fraction(other)
    return one + other


def least(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else min(one, other)


def most(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else max(one, other)


_EXTREMES: dict[Function, tuple[Any, Way]] = {"smallest": (func.min, least), "largest": (func.max, most)}


def sums_of(inner: Any, place: int, measure: Measure) -> list[Any]:
    """What the database works out of a measure: how many, their sum and the extreme that is asked for; of a ratio, both
    sums."""
    if isinstance(measure.of, Ratio):
        return [func.sum(inner.c[f"{letter}{place}"]) for letter in "tb"]
    value = inner.c[f"q{place}"]
    extreme = [_EXTREMES[measure.function][0](value)] if measure.function in _EXTREMES else []
    return [func.count(value), func.sum(value), *extreme]


def ways_of(measure: Measure) -> list[Way]:
    """How two values of each of a measure's sums are put together."""
    extreme = [_EXTREMES[measure.function][1]] if measure.function in _EXTREMES else []
    return [plus, plus, *(extreme if isinstance(measure.of, Quantity) else ())]


def take(sums: Sums, measure: Measure, values: list[Any], at: int, factor: Fraction) -> int:
    """Take a measure's values, which begin at ``at``; returns where they end."""
    after = at + len(ways_of(measure))
    if isinstance(measure.of, Ratio):
        sums.total += Fraction(values[at] or 0) * factor
        sums.bottom += Fraction(values[at + 1] or 0) * factor
    elif values[at]:
        total, *extreme = (Fraction(value) * factor for value in values[at + 1 : after])
        sums.take(values[at], total, *(extreme * 2))
    return after


def amount_of(values: list[Any], at: int, measure: Measure) -> tuple[int, int]:
    """How many amounts there are, and their sum."""
    if isinstance(measure.of, Ratio):
        return int(bool(values[at + 1])), int(values[at + 1] or 0)
    assert isinstance(measure.of, Quantity)
    return values[at], int(values[at + 1] or 0) // measure.of.divisor
