"""Several currencies to one, exactly: fractions until the end, rounded half-even once."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.currencies import decimals
from crm_store.models import ExchangeRate

MILLION = 1_000_000


def converted(minor: int, factor: Fraction) -> int:
    """An amount at a rate, in whole minor units: half-even, as ``round(minor * factor)``, which takes ten times as long."""
    whole, rest = divmod(minor * factor.numerator, factor.denominator)
    twice = 2 * rest
    return whole + (twice > factor.denominator or (twice == factor.denominator and whole % 2))


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
