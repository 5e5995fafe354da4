"""The rows that a report counts, as a select within the session's scope: the joins it needs, its conditions, what its
groups are split by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Result, ScalarSelect, Select, Subquery, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from crm_store.errors import Invalid
from crm_store.listed import among
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.filters import Compiled, within
from crm_store.reports.groups import Group
from crm_store.reports.measures import Measure
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.sql import (
    AFTER_TODAY,
    AS_OF,
    EVER,
    PERIOD_EVE,
    PERIOD_FIRST,
    PERIOD_LAST,
    PERIOD_START,
    TODAY,
    ZONE,
)
from crm_store.reports.tally import Keys

_SECOND_DAY = date.min + timedelta(days=1)


@dataclass(frozen=True)
class Selection:
    """The rows of one report: subject, condition, the field that lies in the period, groups.

    :raises Invalid: when the subject's measures need a period and there is none.
    """

    session: Session
    subject: Subject
    where: tuple[Compiled, ...]
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]
    today: date
    settings: ReportSettings
    period: tuple[Field, Days] | None = None

    def __post_init__(self) -> None:
        if self.subject.period and (self.days.since is None or self.days.until is None):
            raise Invalid(f"{self.subject.period} Give a period with a first and a last day.")

    @property
    def days(self) -> Days:
        return Days(None, None) if self.period is None else self.period[1]

    @property
    def adds_up(self) -> bool:
        """Whether the groups together are the whole: no row stands in several of them."""
        return not any(group.field.amount is not None or group.field.apart or spanning(group) for group in self.groups)

    def ids(self, most: int) -> tuple[str, ...]:
        found = self.joined(select(self.subject.id.label("id"))).order_by("id").limit(most)
        several = self.repeats or isinstance(self.subject.model, FromClause)
        return tuple(row.id for row in self.execute(found.distinct() if several else found))

    def execute(self, statement: Select[Any]) -> Result[Any]:
        first, last = self.days.since or date.min, self.days.until or max(self.today, self.days.since or self.today)
        return self.session.execute(
            statement,
            {
                ZONE: str(self.settings.zone),
                TODAY.key: self.today,
                AFTER_TODAY.key: self.settings.midnight(self.today + timedelta(days=1)),
                PERIOD_FIRST.key: first,
                PERIOD_EVE.key: max(first, _SECOND_DAY) - timedelta(days=1),
                PERIOD_START.key: EVER if self.days.since is None else self.settings.midnight(first),
                PERIOD_LAST.key: last,
                AS_OF.key: min(last, self.today) if first <= self.today else last,
            },
        )

    @property
    def repeats(self) -> bool:
        """Several rows may be one: a deal by product stands there once for each."""
        return self.subject.repeats or any(group.field.amount is not None for group in self.groups)

    @cached_property
    def _conditions(self) -> tuple[Compiled, ...]:
        found = list(self.where)
        if self.period is not None:
            field, days = self.period
            found.append(Compiled(within(field, days, self.settings), frozenset(field.needs)))
        if self.subject.only is not None:
            found.append(Compiled(self.subject.only))
        if self.subject.narrowed is not None:

            def distinct(value: ColumnElement[Any]) -> frozenset[Any]:
                return frozenset(row.value for row in self.execute(self._from(select(value.label("value")), found)))

            split = frozenset(group.field.name for group in self.groups)
            found.append(Compiled(self.subject.narrowed(self.session, distinct, split)))
        return tuple(found)

    def joined(self, statement: Select[Any]) -> Select[Any]:
        return self._from(
            statement,
            self._conditions,
            *(need for group in self.groups if not self.named_after(group) for need in group.field.needs),
            *(need for measure in self.measures if measure.of is not None for need in measure.of.needs),
        )

    def rows_with(self, statement: Select[Any]) -> Subquery:
        """The report's rows with these columns, for sums over them. A database puts a column's expression wherever a sum names
        the column; what is looked up for each row would then be looked up for each sum, which ``offset`` prevents."""
        looked_up = any(isinstance(part, ScalarSelect) for part in visitors.iterate(statement))
        rows = self.joined(statement)
        return (rows.offset(0) if looked_up else rows).subquery()

    def _from(self, statement: Select[Any], conditions: Iterable[Compiled], *needs: str) -> Select[Any]:
        conditions = tuple(conditions)
        needed: list[str] = []
        for name in (*self.subject.always, *(n for part in conditions for n in sorted(part.needs)), *needs):
            chain = [name]
            while after := self.subject.joins[chain[0]].after:
                chain.insert(0, after)
            needed += [link for link in chain if link not in needed]
        statement = statement.select_from(self.subject.model)
        for name in needed:
            statement = statement.outerjoin(self.subject.joins[name].target, self.subject.joins[name].on)
        return statement.where(*(part.where for part in conditions))

    def group_columns(self, *, ranked: bool = True) -> list[ColumnElement[Any]]:
        """For each group its key, its label where that is another, and with ``ranked`` its rank where it has one."""
        columns: list[ColumnElement[Any]] = []
        for place, group in enumerate(self.groups):
            columns.append(group.key.label(f"k{place}"))
            if group.label is not None and not self.named_after(group):
                columns.append(group.label.label(f"l{place}"))
            if ranked and group.rank is not None:
                columns.append(group.rank.label(f"r{place}"))
        return columns

    def named_after(self, group: Group) -> bool:
        """Whether the names of its groups are looked up when the rows are added up: joined, they would be looked up for every
        row. The key must be the row's own."""
        field = group.field
        own = field.named is not None and field.label is not None and not group.unit
        return own and getattr(field.key, "class_", None) is self.subject.model

    def names(self, place: int, keys: Iterable[str]) -> dict[str, str]:
        """How the keys of a group that is named afterwards read."""
        known = self.groups[place].field.named
        assert known is not None
        key, name = known
        found = self.session.execute(select(key, name).where(among(key, list(keys))))
        return {each: str(shown) for each, shown in found if shown is not None}

    def grouped(self, inner: Any) -> tuple[list[Any], list[Any]]:
        """The keys and labels to group by, and the lowest ranks, of a subquery with :meth:`group_columns`."""
        keep = [
            inner.c[name] for place in range(len(self.groups)) for name in (f"k{place}", f"l{place}") if name in inner.c
        ]
        return keep, [
            func.min(inner.c[f"r{place}"]) for place, group in enumerate(self.groups) if group.rank is not None
        ]

    def named(self, group: Sequence[Any]) -> tuple[Keys, tuple[str, ...]]:
        """The keys of a group, and how they read, from its keys and labels in the database."""
        given = tuple(group)
        known = self._names.get(given)
        if known is None:
            values, named = iter(given), []
            for one in self.groups:
                key = next(values)
                shown = key if one.label is None or self.named_after(one) else next(values)
                named.append(one.named(key, shown, self.settings))
            known = self._names[given] = tuple(key for key, _ in named), tuple(label for _, label in named)
        return known

    @cached_property
    def _names(self) -> dict[tuple[Any, ...], tuple[Keys, tuple[str, ...]]]:
        return {}

    def ranked(self, lowest: Sequence[Any]) -> tuple[int, ...]:
        """The rank of each group, from the ranks that there are."""
        values = iter(lowest)
        return tuple(0 if one.rank is None else next(values) or 0 for one in self.groups)


def spanning(group: Group) -> bool:
    """Split by the months that a span of days touches."""
    return bool(group.unit) and group.field.ends is not None
