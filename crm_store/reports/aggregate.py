"""One report compiled to SQL: the rows that count, and their sums by group, currency and day of the rate.

The database adds up whole minor units; what differs only in currency or in the day inside a bucket is joined here,
so that no amount passes through a float and no database needs to know a fiscal year."""

from collections.abc import Iterable
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
from crm_store.reports.pots import Pot, amount_of, least, plus, sums_of, take, ways_of
from crm_store.reports.selecting import Selection, spanning
from crm_store.reports.tally import Keys, Tally


@dataclass(frozen=True)
class Query(Selection):
    """What a selection's rows add up to."""

    def tally(self, rates: Rates) -> Tally:
        for place, group in enumerate(self.groups):
            if spanning(group):
                return self._by_bucket(rates, place, group)
        tally = self._added_up(rates)
        for place, group in enumerate(self.groups):
            if self.named_after(group):
                tally.name(place, self.names(place, {key for keys in tally.sums if (key := keys[place]) is not None}))
        return tally

    def _added_up(self, rates: Rates) -> Tally:
        tally = Tally()
        days = {id(m.rate_day): m.rate_day for m in self._money}
        one_pass = (
            len(days) == 1 and not self.repeats and not self._plain
        )  # the amounts are counted as they are added up
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
    def _plain(self) -> list[tuple[int, Measure]]:
        """What is added up without being converted."""
        return [
            (place, m)
            for place, m in enumerate(self.measures)
            if isinstance(m.of, Quantity | Ratio) and not m.money and not m.listed
        ]

    def _count(self, tally: Tally) -> None:
        plain = self._plain
        values = [column for place, one in plain for column in self._values(place, one)]
        inner = self.rows_with(select(self.subject.id.label("id"), *self.group_columns(), *values))
        number = func.count(inner.c.id.distinct()) if self.repeats else func.count()
        for pot in self._pots(inner, [], plain, [number], None):
            here = self._counted(tally, pot)
            at = pot.first + 1
            for place, one in plain:
                at = take(here[place], one, pot.values, at, Fraction(1))

    def _add_money(self, tally: Tally, rates: Rates, rate_day: Any, *, counting: bool) -> None:
        """The amounts that are converted at the rate of ``rate_day``; ``counting`` counts the rows on the way."""
        money = [
            (place, m)
            for place, m in enumerate(self.measures)
            if isinstance(m.of, Quantity | Ratio) and m.money and not m.listed and m.rate_day is rate_day
        ]
        noted = any(m.money for m in self.measures[: money[0][0]])
        values = [column for place, one in money for column in self._values(place, one)]
        inner = self.rows_with(select(*self.group_columns(), *self._money_columns(rate_day), *values))
        number = [func.count()] if counting else []
        for pot in self._pots(inner, [inner.c.currency, inner.c.rate_day], money, number, rates):
            here = self._counted(tally, pot) if counting else tally.at(pot.keys, pot.labels, self.measures)
            factor = rates.factor(pot.currency, pot.day)
            at = pot.first + len(number)
            for order, (place, one) in enumerate(money):
                many, amount = amount_of(pot.values, at, one)
                if factor is not None:
                    self._note_converted(tally, pot.currency, many)
                    at = take(here[place], one, pot.values, at, factor)
                    continue
                at += len(ways_of(one))
                if many and order == 0 and not noted:
                    tally.note_missing(pot.currency, amount, many)

    def _pots(
        self, inner: Any, dated: list[Any], measures: list[tuple[int, Measure]], number: list[Any], rates: Rates | None
    ) -> Iterable[Pot]:
        """The sums of a statement, those of one group and one rate together: a rate holds for many days, and a month has
        many."""
        kept, ranked = self.grouped(inner)
        split = [*kept, *dated]
        sums = [column for place, one in measures for column in sums_of(inner, place, one)]
        ways = [
            *(least for _ in ranked),
            *(plus for _ in number),
            *(way for _, one in measures for way in ways_of(one)),
        ]
        width, first = len(kept), len(split)
        pots: dict[tuple[Any, ...], Pot] = {}
        for row in self.execute(select(*split, *ranked, *number, *sums).select_from(inner).group_by(*split)):
            keys, labels = self.named(row[:width])
            currency = row[width] if rates else None
            day = rates.since(currency, row[width + 1]) if rates else None
            found = pots.get((keys, currency, day))
            if found is None:
                pots[keys, currency, day] = Pot(keys, labels, currency, day, list(row[first:]), len(ranked))
            else:
                found.values = [
                    way(one, other) for way, one, other in zip(ways, found.values, row[first:], strict=True)
                ]
        return pots.values()

    def _counted(self, tally: Tally, pot: Pot) -> list[Sums]:
        """Add a pot's rows to their group."""
        here = tally.at(pot.keys, pot.labels, self.measures)
        ranks, number = self.ranked(pot.values), pot.values[pot.first]
        tally.counts[pot.keys] += number
        tally.ranks[pot.keys] = min(tally.ranks.get(pot.keys, ranks), ranks)
        for place, measure in enumerate(self.measures):
            if measure.of is None:
                here[place].number += number
        return here

    def _each(self, tally: Tally, measures: list[tuple[int, Each]]) -> None:
        """Measures of one key, in one pass."""
        key = measures[0][1].key
        flags = [(literal(1) if of.if_ is None else of.if_).label(f"f{place}") for place, of in measures]
        inner = self.rows_with(
            select(self.subject.id.label("id"), key.label("key"), *flags, *self.group_columns()).where(key.is_not(None))
        )
        kept, _ = self.grouped(inner)
        times = [
            func.count(case((inner.c[f"f{place}"] == 1, inner.c.id)).distinct()).label(f"f{place}")
            if self.repeats
            else func.sum(inner.c[f"f{place}"]).label(f"f{place}")
            for place, _ in measures
        ]
        for row in self.execute(select(*kept, inner.c.key, *times).group_by(*kept, inner.c.key)):
            here = tally.at(*self.named(row[: len(kept)]), self.measures)
            for place, _ in measures:
                each = here[place].each
                each[row.key] = each.get(row.key, 0) + int(getattr(row, f"f{place}"))

    def _values(self, place: int, measure: Measure) -> list[ColumnElement[Any]]:
        of = measure.of
        assert isinstance(of, Quantity | Ratio)
        if isinstance(of, Ratio):
            top, bottom = (self._of_line(value, of.money) for value in (of.top, of.bottom))
            return [top.label(f"t{place}"), bottom.label(f"b{place}")]
        return [self._of_line(of.value, of.unit == "money").label(f"q{place}")]

    def _list(self, tally: Tally, place: int, measure: Measure, rates: Rates) -> None:
        assert isinstance(measure.of, Quantity)
        value = self._of_line(measure.of.value, measure.money)
        groups = self.group_columns(ranked=False)
        money = self._money_columns(measure.rate_day) if measure.money else []
        noted = any(m.money for m in self.measures[:place])
        for row in self.execute(self.joined(select(*groups, *money, value.label("value"))).where(value.is_not(None))):
            factor = rates.factor(row.currency, row.rate_day) if measure.money else Fraction(1)
            here = tally.at(*self.named(row[: len(groups)]), self.measures)
            if factor is not None:
                here[place].listed.append(Fraction(row.value) * factor)
                if measure.money:
                    self._note_converted(tally, row.currency, 1)
            elif not noted:
                tally.note_missing(row.currency, int(row.value) // measure.of.divisor, 1)

    def _note_converted(self, tally: Tally, currency: str | None, number: int) -> None:
        if number and currency and currency != self.settings.currency:
            tally.converted.add(currency)


def _instead(value: Any, column: Any, other: Any) -> Any:
    """The expression with ``other`` for ``column``: a weighted amount by product is the line's."""

    def replaced(part: Any, **_: Any) -> Any:
        return other if isinstance(part, ColumnClause) and part.shares_lineage(column.expression) else None

    changed: Any = replacement_traverse
    return changed(value, {}, replaced)


__all__ = ["Keys", "Query", "Tally"]
