"""One report compiled to SQL: the rows that count, and their sums by group, currency and day of the rate.

The database adds up whole minor units; what differs only in currency or in the day inside a bucket is joined here,
so that no amount passes through a float and no database needs to know a fiscal year."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Date, case, func, literal, null, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.expression import ColumnClause
from sqlalchemy.sql.visitors import replacement_traverse

from crm_store.errors import Invalid
from crm_store.reports.catalogue import Each, Quantity, Ratio
from crm_store.reports.groups import Group, buckets_of
from crm_store.reports.measures import Measure, Sums
from crm_store.reports.money import Rates
from crm_store.reports.periods import Days, bucket
from crm_store.reports.selecting import Selection, spanning
from crm_store.reports.tally import Keys, Tally


@dataclass(frozen=True)
class Query(Selection):
    """What a selection's rows add up to."""

    def tally(self, rates: Rates) -> Tally:
        for place, group in enumerate(self.groups):
            if spanning(group):
                return self._by_bucket(rates, place, group)
        tally = Tally()
        days = {id(m.rate_day): m.rate_day for m in self._money}
        one_pass = len(days) == 1 and not self.repeats and not self._plain  # the amounts are counted as they are added up
        if not one_pass:
            self._count(tally)
        for day in days.values():
            self._add_money(tally, rates, day, counting=one_pass)
        each: dict[int, list[tuple[int, Each]]] = {}
        for place, measure in enumerate(self.measures):
            if measure.listed:
                self._list(tally, place, measure, rates)
            elif isinstance(measure.of, Each):
                each.setdefault(id(measure.of.key), []).append((place, measure.of))
        for of_one_key in each.values():
            self._each(tally, of_one_key)
        return tally

    def _by_bucket(self, rates: Rates, place: int, group: Group) -> Tally:
        """A span of days stands in every month it touches, so each month is a report of its own."""
        days = self.days
        buckets = buckets_of(days, group.unit, self.settings)
        if not buckets:
            raise Invalid(
                f"{self.subject.nouns.capitalize()} by {group.title} need a period with a first and a last day."
            )
        others = replace(self, groups=(*self.groups[:place], *self.groups[place + 1 :]))
        whole = others.tally(rates)
        tally = Tally(missing=whole.missing, converted=whole.converted)
        for key, label in buckets:
            if group.field.past and date.fromisoformat(key) > self.today:
                continue
            here = bucket(date.fromisoformat(key), group.unit, self.settings)
            assert here.since is not None
            assert here.until is not None
            assert days.since is not None
            assert days.until is not None
            here = Days(max(here.since, days.since), min(here.until, days.until))
            tally.take(replace(others, period=(group.field, here)).tally(rates), place, key, label, self.measures)
        return tally

    @property
    def _money(self) -> list[Measure]:
        return [measure for measure in self.measures if measure.money and not measure.listed]

    def _of_line(self, value: Any, money: bool) -> Any:
        """An amount of the row, or of its line where lines are what the report is split by."""
        if not money or not (line := self._line_amount):
            return value
        whole = next(one.value for one in self.subject.quantities if one.name == self.subject.amount)
        return line[0] if value is whole else _instead(value, whole, line[0])

    @property
    def _line_amount(self) -> tuple[Any, Any] | None:
        return next((group.field.amount for group in self.groups if group.field.amount is not None), None)

    def _money_columns(self, rate_day: Any) -> list[ColumnElement[Any]]:
        line = self._line_amount
        currency = self.subject.currency if line is None else line[1]
        own = self.subject.rate_day if rate_day is None else rate_day
        day = case((currency == self.settings.currency, sql_cast(null(), Date)), else_=own)
        return [currency.label("currency"), day.label("rate_day")]

    @property
    def _plain(self) -> list[tuple[int, Quantity | Ratio]]:
        """What is added up without being converted."""
        return [
            (place, m.of)
            for place, m in enumerate(self.measures)
            if isinstance(m.of, Quantity | Ratio) and not m.money and not m.listed
        ]

    def _count(self, tally: Tally) -> None:
        plain = self._plain
        values = [column for place, of in plain for column in self._values(place, of)]
        inner = self.joined(select(self.subject.id.label("id"), *self.group_columns(), *values)).subquery()
        kept, ranked = self.grouped(inner)
        number = func.count(inner.c.id.distinct()) if self.repeats else func.count(inner.c.id)
        sums = [column for place, of in plain for column in _sums(inner, place, of)]
        for row in self.execute(select(*kept, *ranked, number.label("number"), *sums).group_by(*kept)):
            here = self._counted(tally, row)
            for place, of in plain:
                _take(here[place], row, place, of, Fraction(1))

    def _counted(self, tally: Tally, row: Any) -> list[Sums]:
        """Add a row's number to its group."""
        keys, labels, ranks = self.named(row)
        here = tally.at(keys, labels, self.measures)
        tally.counts[keys] += row.number
        tally.ranks[keys] = min(tally.ranks.get(keys, ranks), ranks)
        for place, measure in enumerate(self.measures):
            if measure.of is None:
                here[place].number += row.number
        return here

    def _add_money(self, tally: Tally, rates: Rates, rate_day: Any, *, counting: bool) -> None:
        """The amounts that are converted at the rate of ``rate_day``; ``counting`` counts the rows on the way."""
        money = [
            (place, m.of)
            for place, m in enumerate(self.measures)
            if isinstance(m.of, Quantity | Ratio) and m.money and not m.listed and m.rate_day is rate_day
        ]
        noted = any(m.money for m in self.measures[: money[0][0]])
        values = [column for place, of in money for column in self._values(place, of)]
        identity = [self.subject.id.label("id")] if counting else []
        inner = self.joined(
            select(*identity, *self.group_columns(), *self._money_columns(rate_day), *values)
        ).subquery()
        kept, ranked = self.grouped(inner, "currency", "rate_day")
        sums = [column for place, of in money for column in _sums(inner, place, of)]
        if counting:
            sums.append(func.count(inner.c.id).label("number"))
        for row in self.execute(select(*kept, *ranked, *sums).group_by(*kept)):
            keys, labels, _ = self.named(row)
            here = self._counted(tally, row) if counting else tally.at(keys, labels, self.measures)
            factor = rates.factor(row.currency, row.rate_day)
            for order, (place, of) in enumerate(money):
                number, amount = _amount(row, place, of)
                if factor is not None:
                    _take(here[place], row, place, of, factor)
                    self._note_converted(tally, row.currency, number)
                elif number and order == 0 and not noted:
                    tally.note_missing(row.currency, amount, number)

    def _each(self, tally: Tally, measures: list[tuple[int, Each]]) -> None:
        """Measures of one key, in one pass."""
        key = measures[0][1].key
        flags = [(literal(1) if of.if_ is None else of.if_).label(f"f{place}") for place, of in measures]
        inner = self.joined(
            select(self.subject.id.label("id"), key.label("key"), *flags, *self.group_columns()).where(key.is_not(None))
        ).subquery()
        kept, ranked = self.grouped(inner, "key")
        times = [
            func.count(case((inner.c[f"f{place}"] == 1, inner.c.id)).distinct()).label(f"f{place}")
            if self.repeats
            else func.sum(inner.c[f"f{place}"]).label(f"f{place}")
            for place, _ in measures
        ]
        for row in self.execute(select(*kept, *ranked, *times).group_by(*kept)):
            keys, labels, _ = self.named(row)
            here = tally.at(keys, labels, self.measures)
            for place, _ in measures:
                each = here[place].each
                each[row.key] = each.get(row.key, 0) + int(getattr(row, f"f{place}"))

    def _values(self, place: int, of: Quantity | Ratio) -> list[ColumnElement[Any]]:
        if isinstance(of, Ratio):
            top, bottom = (self._of_line(value, of.money) for value in (of.top, of.bottom))
            return [top.label(f"t{place}"), bottom.label(f"b{place}")]
        return [self._of_line(of.value, of.unit == "money").label(f"q{place}")]

    def _list(self, tally: Tally, place: int, measure: Measure, rates: Rates) -> None:
        assert isinstance(measure.of, Quantity)
        value = self._of_line(measure.of.value, measure.money)
        columns = [
            value.label("value"),
            *self.group_columns(),
            *(self._money_columns(measure.rate_day) if measure.money else []),
        ]
        noted = any(m.money for m in self.measures[:place])
        for row in self.execute(self.joined(select(*columns)).where(value.is_not(None))):
            keys, labels, _ = self.named(row)
            factor = rates.factor(row.currency, row.rate_day) if measure.money else Fraction(1)
            here = tally.at(keys, labels, self.measures)
            if factor is not None:
                here[place].listed.append(Fraction(row.value) * factor)
                if measure.money:
                    self._note_converted(tally, row.currency, 1)
            elif not noted:
                tally.note_missing(row.currency, int(row.value) // measure.of.divisor, 1)

    def _note_converted(self, tally: Tally, currency: str, number: int) -> None:
        if number and currency != self.settings.currency:
            tally.converted.add(currency)


def _sums(inner: Any, place: int, of: Quantity | Ratio) -> list[Any]:
    if isinstance(of, Ratio):
        return [func.sum(inner.c[f"{letter}{place}"]).label(f"{letter}{place}") for letter in "tb"]
    value = inner.c[f"q{place}"]
    return [
        func.count(value).label(f"n{place}"),
        func.sum(value).label(f"s{place}"),
        func.min(value).label(f"m{place}"),
        func.max(value).label(f"x{place}"),
    ]


def _take(sums: Sums, row: Any, place: int, of: Quantity | Ratio, factor: Fraction) -> None:
    if isinstance(of, Ratio):
        sums.total += Fraction(getattr(row, f"t{place}") or 0) * factor
        sums.bottom += Fraction(getattr(row, f"b{place}") or 0) * factor
    elif number := getattr(row, f"n{place}"):
        total, low, high = (Fraction(getattr(row, f"{letter}{place}")) * factor for letter in "smx")
        sums.take(number, total, low, high)


def _amount(row: Any, place: int, of: Quantity | Ratio) -> tuple[int, int]:
    """How many amounts there are, and their sum."""
    if isinstance(of, Ratio):
        return int(bool(getattr(row, f"b{place}"))), int(getattr(row, f"b{place}") or 0)
    return getattr(row, f"n{place}"), int(getattr(row, f"s{place}") or 0) // of.divisor


def _instead(value: Any, column: Any, other: Any) -> Any:
    """The expression with ``other`` for ``column``: a weighted amount by product is the line's."""

    def replaced(part: Any, **_: Any) -> Any:
        return other if isinstance(part, ColumnClause) and part.shares_lineage(column.expression) else None

    changed: Any = replacement_traverse
    return changed(value, {}, replaced)


__all__ = ["Keys", "Query", "Tally"]
