"""From database rows to measures: exact fractions while adding up, one rounding at the end."""

from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import Any

from crm_store.errors import Invalid
from crm_store.reports.catalogue import Each, Function, Quantity, Ratio, Subject, Unit
from crm_store.reports.result import ColumnKind, ReportColumn
from crm_store.reports.subjects import measure_named

_PLACES: dict[Unit, int] = {"money": 0, "percent": 1, "points": 1, "score": 2, "days": 1, "minutes": 1, "number": 2}
_HOW = {"sum": "", "average": "average ", "median": "median ", "smallest": "smallest ", "largest": "largest "}


@dataclass(frozen=True)
class Measure:
    """``of`` is None for a count."""

    name: str
    of: Quantity | Ratio | Each | None
    function: Function = "sum"

    @property
    def money(self) -> bool:
        """Made of amounts that are converted before they are added up."""
        return (isinstance(self.of, Quantity) and self.of.unit == "money") or (
            isinstance(self.of, Ratio) and self.of.money
        )

    def reads(self) -> tuple[Any, ...]:
        """The expressions it is made of."""
        match self.of:
            case None:
                return ()
            case Quantity(value=value):
                return (value,)
            case Ratio(top=top, bottom=bottom):
                return (top, bottom)
            case Each(key=key, if_=counted):
                return (key, counted)

    @property
    def rate_day(self) -> Any:
        """The day of the exchange rate, where it is not the subject's."""
        return self.of.rate_day if isinstance(self.of, Quantity) else None

    @property
    def listed(self) -> bool:
        """Needs every row's value; the others are added up by the database."""
        return isinstance(self.of, Quantity) and self.function == "median"

    @property
    def lower_is_better(self) -> bool:
        return self.of is not None and self.of.lower_is_better

    @property
    def additive(self) -> bool:
        return self.of is None or (isinstance(self.of, Quantity) and self.function == "sum")

    def column(self, subject: Subject, currency: str) -> ReportColumn:
        if self.of is None:
            return ReportColumn(name=self.name, title=subject.nouns, kind="number", unit=subject.nouns)
        how = _HOW[self.function] if isinstance(self.of, Quantity) else ""
        kind: ColumnKind = self.of.unit
        unit = (
            currency if self.of.unit == "money" else self.of.shown_title if self.of.unit == "number" else self.of.unit
        )
        return ReportColumn(
            name=self.name, title=f"{how}{self.of.shown_title}", kind=kind, unit=unit, meaning=self.of.meaning
        )


def measure(subject: Subject, name: str) -> Measure:
    """:raises Invalid: names the measures there are."""
    found = measure_named(subject, name)
    if isinstance(found, tuple):
        return Measure(name, found[0], found[1])
    return Measure(name, found)


def time_basis(subject: Subject, measures: tuple[Measure, ...], given: str | None) -> str:
    """The date field that the period is of: the one that was given, the one that the measures need, or the subject's.

    :raises Invalid: when a measure needs another one than was given.
    """
    for one in measures:
        needed = "" if one.of is None else one.of.day
        if needed and given not in (None, needed):
            raise Invalid(f"{one.name!r} goes by {needed!r}; leave out the date field, or give that one.")
        given = given or needed or None
    return given or subject.day


@dataclass
class Sums:
    """What is known of one measure in one group; ``listed`` only for medians, ``bottom`` only for ratios, ``each`` (how
    many rows of each key) only for those."""

    number: int = 0
    total: Fraction = Fraction(0)
    low: Fraction | None = None
    high: Fraction | None = None
    bottom: Fraction = Fraction(0)
    listed: list[Fraction] = field(default_factory=list)
    each: dict[str, int] = field(default_factory=dict)

    def take(self, number: int, total: Fraction, low: Fraction | None = None, high: Fraction | None = None) -> None:
        """``low`` and ``high`` bound the values taken, where they were asked for."""
        self.number += number
        self.total += total
        if low is not None:
            self.low = low if self.low is None else min(self.low, low)
        if high is not None:
            self.high = high if self.high is None else max(self.high, high)

    def merge(self, other: "Sums") -> None:
        self.take(other.number, other.total, other.low, other.high)
        self.bottom += other.bottom
        self.listed += other.listed
        for key, times in other.each.items():
            self.each[key] = self.each.get(key, 0) + times

    def result(self, measure: Measure) -> int | float | None:
        of = measure.of
        if of is None:
            return self.number
        if isinstance(of, Ratio):
            return None if self.bottom <= 0 else _rounded(100 * self.total / self.bottom, of.unit)
        if isinstance(of, Each):
            return self._each(of.times)
        value = self._quantity(measure.function)
        if value is None:
            return 0 if measure.function == "sum" else None
        return _rounded(value / of.divisor, of.unit)

    def _each(self, times: int) -> int | float | None:
        if not times:
            return len(self.each)
        reached = sum(1 for number in self.each.values() if number >= times)
        return _rounded(Fraction(100 * reached, len(self.each)), "percent") if self.each else None

    def _quantity(self, function: Function) -> Fraction | None:
        match function:
            case "sum":
                return self.total if self.number else None
            case "average":
                return self.total / self.number if self.number else None
            case "smallest":
                return self.low
            case "largest":
                return self.high
            case "median":
                return median(self.listed) if self.listed else None


def _rounded(value: Fraction, unit: Unit) -> int | float:
    """Half-even, once; amounts to whole minor units."""
    if unit == "money":
        return round(value)
    short = round(value, _PLACES[unit])
    return int(short) if short.denominator == 1 else float(short)


def share_of(part: int | float | None, whole: int | float | None) -> float | None:
    """In percent, one decimal; None where there is nothing to share."""
    if not part or not whole:
        return 0.0 if whole else None
    return float(round(Fraction(part) / Fraction(whole) * 100, 1))


def check_share(measures: tuple[Measure, ...]) -> None:
    if not measures[0].additive:
        raise Invalid(f"A share of the total needs a count or a sum first; {measures[0].name!r} is neither.")
