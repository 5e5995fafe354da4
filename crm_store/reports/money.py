"""Several currencies to one, exactly: fractions until the end, rounded half-even once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from crm_store.currencies import decimals
from crm_store.models import ExchangeRate

MILLION = 1_000_000


def converted(minor: int, factor: Fraction) -> int:
    """An amount at a rate, in whole minor units: half-even, as ``round(minor * factor)``, which takes ten times as long."""
    whole, rest = divmod(minor * factor.numerator, factor.denominator)
    twice = 2 * rest
    return whole + (twice > factor.denominator or (twice == factor.denominator and whole % 2))


def sums_converted(amounts: Select[Any, Any], factors: Mapping[str, Fraction]) -> Select[Any]:
    """Per currency of ``amounts``, which selects a ``currency`` and an ``amount`` (minor units): the currency, the sum of the
    amounts, the sum of each of them :func:`converted` (of a currency that has a factor), how many rows and how many that
    have an amount.

    The product of an amount and a factor can be more than the 64 bits that a database has. Written as whole and part,
    ``factor = whole + part / scale``, an amount of ``times * scale + rest`` is ``amount * whole + times * part +
    rest * part / scale``, in which only the last is a fraction, and no product is larger than ``scale`` squared."""
    scale = lcm(*(factor.denominator for factor in factors.values()))
    currency = amounts.selected_columns.currency
    both = {name: divmod(factor.numerator * (scale // factor.denominator), scale) for name, factor in factors.items()}
    ways = (_by_currency(currency, {name: parts[place] for name, parts in both.items()}) for place in (0, 1))
    one = amounts.add_columns(*(way.label(name) for way, name in zip(ways, ("whole", "part"), strict=True))).subquery()
    amount, whole, part = one.c.amount, one.c.whole, one.c.part
    unit = literal(scale, BigInteger)
    product = (amount % unit) * part
    floor, rest = amount * whole + (amount // unit) * part + product // unit, func.abs(product % unit)
    up = or_(2 * rest > unit, and_(2 * rest == unit, floor % 2 != 0))
    nearest = floor + case((up, case((product < 0, -1), else_=1)), else_=0)
    number = func.count(func.nullif(amount, 0))
    sums = select(one.c.currency, func.sum(amount), func.sum(nearest), func.count(), number)
    return sums.group_by(one.c.currency)


def _by_currency(currency: Any, values: Mapping[str, int]) -> ColumnElement[int]:
    if not values:
        return literal(None, BigInteger)
    return case({name: literal(value, BigInteger) for name, value in values.items()}, value=currency)


class Rates:
    """The dated rates into one reporting currency: the newest row that is not after a day."""

    def __init__(self, base: str, rows: list[tuple[str, date, int]]) -> None:
        self.base = base
        self._rows: dict[str, list[tuple[date, int]]] = defaultdict(list)
        for currency, on, millionths in sorted(rows):
            self._rows[currency].append((on, millionths))
        self._since: dict[tuple[str, date], date | None] = {}

    @classmethod
    def load(cls, session: Session, base: str) -> "Rates":
        found = session.execute(
            select(ExchangeRate.currency, ExchangeRate.on, ExchangeRate.rate_millionths).where(
                ExchangeRate.base == base
            )
        )
        return cls(base, [(currency, on, rate) for currency, on, rate in found])

    def factors(self, day: date) -> dict[str, Fraction]:
        """The factor of every other currency that has a rate on ``day``."""
        known = {currency: self.factor(currency, day) for currency in sorted(self._rows) if currency != self.base}
        return {currency: factor for currency, factor in known.items() if factor is not None}

    def since(self, currency: str | None, day: date | None) -> date | None:
        """The first day of the rate that holds for ``currency`` on ``day``; None where it needs none, or has none."""
        if day is None or currency is None or currency == self.base:
            return None
        if (currency, day) not in self._since:
            rows = self._rows.get(currency, [])
            place = bisect_right(rows, day, key=lambda row: row[0])
            self._since[currency, day] = rows[place - 1][0] if place else None
        return self._since[currency, day]

    def factor(self, currency: str | None, day: date | None) -> Fraction | None:
        """What one minor unit of ``currency`` is in minor units of the reporting currency on ``day``; None without a
        rate, or without a currency."""
        if currency == self.base:
            return Fraction(1)
        rows = self._rows.get(currency or "")
        if not rows or day is None or currency is None:
            return None
        place = bisect_right(rows, day, key=lambda row: row[0])
        if place == 0:
            return None
        return Fraction(rows[place - 1][1], MILLION) * Fraction(10) ** (decimals(self.base) - decimals(currency))
