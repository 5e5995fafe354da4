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


class Rates:
    """The dated rates into one reporting currency: the newest row that is not after a day."""

    def __init__(self, base: str, rows: list[tuple[str, date, int]]) -> None:
        self.base = base
        self._rows: dict[str, list[tuple[date, int]]] = defaultdict(list)
        for currency, on, millionths in sorted(rows):
            self._rows[currency].append((on, millionths))

    @classmethod
    def load(cls, session: Session, base: str) -> "Rates":
        found = session.execute(
            select(ExchangeRate.currency, ExchangeRate.on, ExchangeRate.rate_millionths).where(
                ExchangeRate.base == base
            )
        )
        return cls(base, [(currency, on, rate) for currency, on, rate in found])

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
