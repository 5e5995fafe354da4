"""One report compiled to SQL: the rows that count, and their sums by group, currency and day of the rate.

The database adds up whole minor units; what differs only in currency or in the day inside a bucket is joined here,
so that no amount passes through a float and no database needs to know a fiscal year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, case, func, null, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from crm_store.reports.catalogue import Quantity, Ratio, Subject
from crm_store.reports.filters import Compiled
from crm_store.reports.groups import Group
from crm_store.reports.measures import Measure, Sums
from crm_store.reports.money import Rates
from crm_store.reports.periods import ReportSettings

Keys = tuple[str | None, ...]


@dataclass
class Tally:
    """Everything added up: ``sums[keys][i]`` is measure ``i``, ``counts`` the rows of each group."""

    counts: dict[Keys, int] = field(default_factory=dict)
    sums: dict[Keys, list[Sums]] = field(default_factory=dict)
    labels: dict[Keys, tuple[str, ...]] = field(default_factory=dict)
    ranks: dict[Keys, tuple[int, ...]] = field(default_factory=dict)
    missing: dict[str, tuple[int, int]] = field(default_factory=dict)
    converted: set[str] = field(default_factory=set)

    def at(self, keys: Keys, labels: tuple[str, ...], measures: Sequence[Measure]) -> list[Sums]:
        self.labels.setdefault(keys, labels)
        self.counts.setdefault(keys, 0)
        return self.sums.setdefault(keys, [Sums() for _ in measures])


@dataclass(frozen=True)
class Query:
    """The rows of one report: subject, condition, groups."""

    session: Session
    subject: Subject
    where: tuple[Compiled, ...]
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]
    today: date
    settings: ReportSettings

    def ids(self, most: int) -> tuple[str, ...]:
        model = self.subject.model
        found = self._joined(select(model.id)).order_by(model.id).limit(most)
        return tuple(self.session.scalars(found.distinct() if self._repeats else found))

    def tally(self, rates: Rates) -> Tally:
        tally = Tally()
        self._count(tally)
        if any(measure.money and not measure.listed for measure in self.measures):
            self._add_money(tally, rates)
        for place, measure in enumerate(self.measures):
            if measure.listed:
                self._list(tally, place, measure, rates)
        return tally

    @property
    def _repeats(self) -> bool:
        """A row may stand in several groups, as a deal does by product."""
        return any(group.field.amount is not None for group in self.groups)

    def _joined(self, statement: Select[Any]) -> Select[Any]:
        needed: list[str] = []
        asked: Iterable[str] = (
            *(need for part in self.where for need in sorted(part.needs)),
            *(need for group in self.groups for need in group.field.needs),
            *(need for measure in self.measures if measure.of is not None for need in measure.of.needs),
        )
        for name in asked:
            chain = [name]
            while after := self.subject.joins[chain[0]].after:
                chain.insert(0, after)
            needed += [link for link in chain if link not in needed]
        statement = statement.select_from(self.subject.model)
        for name in needed:
            statement = statement.outerjoin(self.subject.joins[name].target, self.subject.joins[name].on)
        return statement.where(*(part.where for part in self.where))

    def _group_columns(self) -> list[ColumnElement[Any]]:
        columns: list[ColumnElement[Any]] = []
        for place, group in enumerate(self.groups):
            columns.append(group.key.label(f"k{place}"))
            columns.append((group.key if group.label is None else group.label).label(f"l{place}"))
            columns.append((null() if group.rank is None else group.rank).label(f"r{place}"))
        return columns

    def _value(self, of: Quantity) -> Any:
        if of.unit == "money" and of.name == self.subject.amount and (line := self._line_amount):
            return line[0]
        return of.on(self.today)

    @property
    def _line_amount(self) -> tuple[Any, Any] | None:
        return next((group.field.amount for group in self.groups if group.field.amount is not None), None)

    def _money_columns(self) -> list[ColumnElement[Any]]:
        line = self._line_amount
        currency = self.subject.currency if line is None else line[1]
        day = case((currency == self.settings.currency, sql_cast(null(), Date)), else_=self.subject.rate_day)
        return [currency.label("currency"), day.label("rate_day")]

    def _keys(self, row: Any) -> tuple[Keys, tuple[str, ...], tuple[int, ...]]:
        named = [
            group.named(getattr(row, f"k{place}"), getattr(row, f"l{place}"), self.settings)
            for place, group in enumerate(self.groups)
        ]
        ranks = tuple(getattr(row, f"r{place}") or 0 for place in range(len(self.groups)))
        return tuple(key for key, _ in named), tuple(label for _, label in named), ranks

    def _outer(self, inner: Any, *names: str) -> tuple[list[Any], list[Any]]:
        keep = [f"{letter}{place}" for place in range(len(self.groups)) for letter in "kl"] + list(names)
        ranked = [func.min(inner.c[f"r{place}"]).label(f"r{place}") for place in range(len(self.groups))]
        return [inner.c[name] for name in keep], ranked

    def _count(self, tally: Tally) -> None:
        model = self.subject.model
        inner_columns: list[ColumnElement[Any]] = [model.id.label("id"), *self._group_columns()]
        plain = [
            (place, m) for place, m in enumerate(self.measures) if m.of is not None and not m.money and not m.listed
        ]
        for place, measure in plain:
            of = measure.of
            if isinstance(of, Ratio):
                inner_columns += [of.top.label(f"t{place}"), of.bottom.label(f"b{place}")]
            elif of is not None:
                inner_columns.append(self._value(of).label(f"q{place}"))
        inner = self._joined(select(*inner_columns)).subquery()
        kept, ranked = self._outer(inner)
        number = func.count(inner.c.id.distinct()) if self._repeats else func.count(inner.c.id)
        sums: list[Any] = []
        for place, measure in plain:
            if isinstance(measure.of, Ratio):
                sums += [
                    func.sum(inner.c[f"t{place}"]).label(f"t{place}"),
                    func.sum(inner.c[f"b{place}"]).label(f"b{place}"),
                ]
            else:
                sums += _four(inner, place)
        for row in self.session.execute(select(*kept, *ranked, number.label("number"), *sums).group_by(*kept)):
            keys, labels, ranks = self._keys(row)
            here = tally.at(keys, labels, self.measures)
            tally.counts[keys] += row.number
            tally.ranks[keys] = ranks
            for place, measure in enumerate(self.measures):
                if measure.of is None:
                    here[place].number += row.number
            for place, measure in plain:
                if isinstance(measure.of, Ratio):
                    here[place].total += Fraction(getattr(row, f"t{place}") or 0)
                    here[place].bottom += Fraction(getattr(row, f"b{place}") or 0)
                else:
                    _take(here[place], row, place, Fraction(1))

    def _add_money(self, tally: Tally, rates: Rates) -> None:
        money = [(place, m) for place, m in enumerate(self.measures) if m.money and not m.listed]
        values = [self._value(m.of).label(f"q{place}") for place, m in money if isinstance(m.of, Quantity)]
        inner = self._joined(select(*self._group_columns(), *self._money_columns(), *values)).subquery()
        kept, ranked = self._outer(inner, "currency", "rate_day")
        sums = [column for place, _ in money for column in _four(inner, place)]
        for row in self.session.execute(select(*kept, *ranked, *sums).group_by(*kept)):
            keys, labels, _ = self._keys(row)
            here = tally.at(keys, labels, self.measures)
            factor = rates.factor(row.currency, row.rate_day)
            for order, (place, measure) in enumerate(money):
                number = getattr(row, f"n{place}")
                if factor is not None:
                    _take(here[place], row, place, factor)
                    self._note_converted(tally, row.currency, number)
                elif number and order == 0 and isinstance(measure.of, Quantity):
                    self._note_missing(
                        tally, row.currency, int(getattr(row, f"s{place}")) // measure.of.divisor, number
                    )

    def _list(self, tally: Tally, place: int, measure: Measure, rates: Rates) -> None:
        assert isinstance(measure.of, Quantity)
        value = self._value(measure.of)
        columns = [value.label("value"), *self._group_columns(), *(self._money_columns() if measure.money else [])]
        noted = any(m.money for m in self.measures[:place])
        for row in self.session.execute(self._joined(select(*columns)).where(value.is_not(None))):
            keys, labels, _ = self._keys(row)
            factor = rates.factor(row.currency, row.rate_day) if measure.money else Fraction(1)
            here = tally.at(keys, labels, self.measures)
            if factor is not None:
                here[place].listed.append(Fraction(row.value) * factor)
                if measure.money:
                    self._note_converted(tally, row.currency, 1)
            elif not noted:
                self._note_missing(tally, row.currency, int(row.value) // measure.of.divisor, 1)

    def _note_converted(self, tally: Tally, currency: str, number: int) -> None:
        if number and currency != self.settings.currency:
            tally.converted.add(currency)

    def _note_missing(self, tally: Tally, currency: str | None, amount: int, number: int) -> None:
        before = tally.missing.get(currency or "", (0, 0))
        tally.missing[currency or ""] = (before[0] + amount, before[1] + number)


def _four(inner: Any, place: int) -> list[Any]:
    value = inner.c[f"q{place}"]
    return [
        func.count(value).label(f"n{place}"),
        func.sum(value).label(f"s{place}"),
        func.min(value).label(f"m{place}"),
        func.max(value).label(f"x{place}"),
    ]


def _take(sums: Sums, row: Any, place: int, factor: Fraction) -> None:
    number = getattr(row, f"n{place}")
    if number:
        total, low, high = (Fraction(getattr(row, f"{letter}{place}")) * factor for letter in "smx")
        sums.take(number, total, low, high)


__all__ = ["Keys", "Query", "Tally"]
