"""Running a report: spec in, rows, total and the sentence of what was counted out."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from crm_store.errors import Invalid
from crm_store.reports.aggregate import Keys, Query, Tally
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.counted import counted_sentence, unconverted_words, value_text
from crm_store.reports.filters import Compiled, compile_filter, within
from crm_store.reports.groups import Group, buckets_of, group_named
from crm_store.reports.measures import Measure, Sums, check_share, measure, share_of
from crm_store.reports.money import Rates
from crm_store.reports.periods import Days, ReportSettings, bucket, compared_with, resolve
from crm_store.reports.result import ReportColumn, ReportResult, ReportRow, Unconverted
from crm_store.reports.spec import ReportSpec
from crm_store.reports.subjects import field_named, subject_named

MOST_IDS = 1_000


def run(session: Session, spec: ReportSpec, today: date, settings: ReportSettings) -> ReportResult:
    """Answer ``spec`` from the rows that ``session`` may see.

    Amounts are in ``settings.currency``, converted by the newest rate that is not after the row's own day; what has
    no rate is in ``unconverted`` and in no sum. Days of moments are UTC days.

    :raises crm_store.errors.Invalid: for a field, measure or period that does not exist, naming those that do.
    """
    report = _Report(session, spec, today, settings)
    return report.result()


def drill_down(
    session: Session, spec: ReportSpec, today: date, settings: ReportSettings, keys: Keys, most: int = MOST_IDS
) -> tuple[str, ...]:
    """The ids of the rows behind one group of the report, ``keys`` being its :attr:`ReportRow.keys`."""
    return _Report(session, spec, today, settings).ids_of(keys, most)


class _Report:
    def __init__(self, session: Session, spec: ReportSpec, today: date, settings: ReportSettings) -> None:
        self._session, self._spec, self._today, self._settings = session, spec, today, settings
        self._subject: Subject = subject_named(spec.subject)
        self._day: Field = field_named(self._subject, spec.date_field or self._subject.day)
        if not self._day.is_date:
            raise Invalid(f"{self._day.name!r} is not a date, so it cannot be the time basis.")
        self._measures: tuple[Measure, ...] = tuple(measure(self._subject, name) for name in spec.measures)
        self._groups: tuple[Group, ...] = tuple(group_named(self._subject, name, self._day) for name in spec.group_by)
        self._days: Days | None = None if spec.period is None else resolve(spec.period, today, settings)
        self._filter: tuple[Compiled, ...] = (
            () if spec.filter is None else (compile_filter(spec.filter, self._subject, today, settings),)
        )
        self._rates = Rates.load(session, settings.currency)
        if spec.share:
            check_share(self._measures)
        self._check_order()

    def result(self) -> ReportResult:
        tally = self._query(self._days, self._groups).tally(self._rates)
        total = self._total(tally, self._days)
        before, before_total, compared = self._before()
        self._fill(tally)
        columns = tuple(one.column(self._subject, self._settings.currency) for one in self._measures)
        rows = [self._row(keys, sums, tally, before) for keys, sums in tally.sums.items() if self._groups]
        rows = [row for row in rows if tally.counts[row.keys] >= self._spec.at_least]
        if self._spec.share:
            whole = total[0].result(self._measures[0])
            rows = [row.model_copy(update={"share": share_of(row.values[0], whole)}) for row in rows]
        rows = self._ordered(rows, tally)
        kept = rows[: self._spec.limit] if self._spec.limit else rows
        total_values = tuple(sums.result(one) for sums, one in zip(total, self._measures, strict=True))
        missing = tuple(
            Unconverted(currency=currency, amount_minor=amount, count=number)
            for currency, (amount, number) in sorted(tally.missing.items())
        )
        return ReportResult(
            group_columns=tuple(ReportColumn(name=g.name, title=g.title, kind="text", unit="") for g in self._groups),
            columns=columns,
            rows=tuple(kept),
            total=ReportRow(keys=(), labels=(), values=total_values, previous=before_total),
            count=self._number(tally),
            described=self._described(),
            counted=self._counted(columns, total_values, missing),
            since=None if self._days is None else self._days.since,
            until=None if self._days is None else self._days.until,
            compared=compared,
            more=len(rows) - len(kept),
            ids=self._query(self._days, ()).ids(MOST_IDS) if self._spec.drill_down else (),
            unconverted=missing,
            converted=tuple(sorted(tally.converted)),
        )

    def ids_of(self, keys: Keys, most: int) -> tuple[str, ...]:
        if len(keys) != len(self._groups):
            raise Invalid(f"This report is split by {len(self._groups)} fields; give as many keys.")
        extra = []
        for group, key in zip(self._groups, keys, strict=True):
            needs = frozenset(group.field.needs)
            if group.unit and key is not None:
                days = bucket(date.fromisoformat(key), group.unit, self._settings)
                extra.append(Compiled(within(group.field, days), needs))
            elif key is None:
                extra.append(
                    Compiled(
                        group.key.is_(None) | (group.key == "") if not group.field.is_date else group.key.is_(None),
                        needs,
                    )
                )
            else:
                value = {"true": True, "false": False}.get(key, key) if group.field.kind == "flag" else key
                extra.append(Compiled(group.key == value, needs))
        return self._query(self._days, self._groups, tuple(extra)).ids(most)

    def _query(self, days: Days | None, groups: tuple[Group, ...], extra: tuple[Compiled, ...] = ()) -> Query:
        period = () if days is None else (Compiled(within(self._day, days), frozenset(self._day.needs)),)
        return Query(
            self._session,
            self._subject,
            (*self._filter, *period, *extra),
            groups,
            self._measures,
            self._today,
            self._settings,
        )

    def _total(self, tally: Tally, days: Days | None) -> list[Sums]:
        """The groups together, or counted anew where a row may stand in several of them."""
        if any(group.field.amount is not None for group in self._groups):
            tally = self._query(days, ()).tally(self._rates)
        together = [Sums() for _ in self._measures]
        for sums in tally.sums.values():
            for whole, part in zip(together, sums, strict=True):
                whole.merge(part)
        return together

    def _number(self, tally: Tally) -> int:
        if any(group.field.amount is not None for group in self._groups):
            return sum(self._query(self._days, ()).tally(self._rates).counts.values())
        return sum(tally.counts.values())

    def _before(self) -> tuple[Tally | None, tuple[int | float | None, ...] | None, str | None]:
        if self._spec.compare is None or self._spec.period is None:
            return None, None, None
        days = compared_with(self._spec.compare, self._spec.period, self._today, self._settings)
        tally = self._query(days, self._groups).tally(self._rates)
        total = self._total(tally, days)
        return tally, tuple(s.result(m) for s, m in zip(total, self._measures, strict=True)), days.words()

    def _row(self, keys: Keys, sums: list[Sums], tally: Tally, before: Tally | None) -> ReportRow:
        previous = None
        if before is not None and not any(group.unit for group in self._groups):
            there = before.sums.get(keys, [Sums() for _ in self._measures])
            previous = tuple(s.result(m) for s, m in zip(there, self._measures, strict=True))
        values = tuple(s.result(m) for s, m in zip(sums, self._measures, strict=True))
        return ReportRow(keys=keys, labels=tally.labels[keys], values=values, previous=previous)

    def _fill(self, tally: Tally) -> None:
        """An empty month is a zero, not a gap."""
        if (
            len(self._groups) != 1
            or not self._groups[0].unit
            or self._days is None
            or self._groups[0].field is not self._day
        ):
            return
        for key, label in buckets_of(self._days, self._groups[0].unit, self._settings):
            tally.at((key,), (label,), self._measures)

    def _check_order(self) -> None:
        names = (*self._spec.measures, *self._spec.group_by)
        if self._spec.order is not None and self._spec.order.by not in names:
            raise Invalid(f"Order by one of {', '.join(names)}, not {self._spec.order.by!r}.")

    def _ordered(self, rows: Sequence[ReportRow], tally: Tally) -> list[ReportRow]:
        order = self._spec.order
        if order is None and self._groups and (self._groups[0].unit or self._groups[0].rank is not None):
            if self._groups[0].unit:
                return sorted(rows, key=lambda row: tuple(key or "" for key in row.keys))
            return sorted(rows, key=lambda row: (tally.ranks.get(row.keys, (0,))[0], row.labels))
        by, descending = (order.by, order.descending) if order is not None else (self._spec.measures[0], True)
        rows = sorted(rows, key=lambda row: (row.labels, tuple(key or "" for key in row.keys)))
        if by in self._spec.measures:
            place = self._spec.measures.index(by)
            sign = -1 if descending else 1
            return sorted(rows, key=lambda row: (row.values[place] is None, sign * (row.values[place] or 0)))
        place = self._spec.group_by.index(by)
        time = bool(self._groups[place].unit)
        return sorted(
            rows, key=lambda row: row.keys[place] or "" if time else row.labels[place].lower(), reverse=descending
        )

    def _counted(
        self,
        columns: tuple[ReportColumn, ...],
        values: tuple[int | float | None, ...],
        missing: tuple[Unconverted, ...],
    ) -> str:
        figures = [value_text(value, column) for column, value in zip(columns, values, strict=True)]
        told = " and ".join((", ".join(figures[:-1]), figures[-1])) if len(figures) > 1 else figures[0]
        tail = f"; {unconverted_words(missing)}" if missing else ""
        return f"{self._described()}: {told}{tail}"

    def _described(self) -> str:
        return counted_sentence(
            self._session, self._subject, self._spec.filter, self._day, self._days, self._today, self._settings
        )
