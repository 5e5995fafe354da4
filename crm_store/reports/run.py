"""Running a report: spec in, rows, total and the sentence of what was counted out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from crm_store.access import scope_of
from crm_store.errors import Invalid
from crm_store.masking import read_by, withheld
from crm_store.reports.aggregate import Keys, Query, Tally
from crm_store.reports.catalogue import Field, Subject
from crm_store.reports.counted import counted_sentence, told
from crm_store.reports.custom import with_custom
from crm_store.reports.extremes import little_is_good, standing_out
from crm_store.reports.figures import kept_words
from crm_store.reports.filters import Compiled, amount_fields, compile_filter, currency_of, within
from crm_store.reports.groups import Group, group_named
from crm_store.reports.measures import Measure, Sums, check_share, measure, share_of, time_basis
from crm_store.reports.money import Rates
from crm_store.reports.period_names import compared_with, resolve
from crm_store.reports.periods import Days, ReportSettings, bucket
from crm_store.reports.result import Kept, ReportColumn, ReportResult, ReportRow, Unconverted
from crm_store.reports.rows import Values, aligned, compared, fill, ordered, results, rows_of
from crm_store.reports.spec import ReportSpec
from crm_store.reports.subjects import field_named, subject_named

MOST_IDS = 1_000


def run(session: Session, spec: ReportSpec, today: date, settings: ReportSettings) -> ReportResult:
    """Answer ``spec`` from the rows that ``session`` may see.

    Amounts are in ``settings.currency``, converted by the newest rate that is not after the row's own day; what has
    no rate is in ``unconverted`` and in no sum. Days of moments are those of ``settings.zone``.

    :raises crm_store.errors.Invalid: for a field, measure or period that does not exist, naming those that do.
    """
    report = _Report(session, spec, today, settings)
    return report.result()


def drill_down(
    session: Session, spec: ReportSpec, today: date, settings: ReportSettings, keys: Keys, most: int = MOST_IDS
) -> tuple[str, ...]:
    """The ids of the rows behind one group of the report, ``keys`` being its :attr:`ReportRow.keys`."""
    report = _Report(session, spec, today, settings)
    return () if report.withheld else report.ids_of(keys, most)


class _Report:
    def __init__(self, session: Session, spec: ReportSpec, today: date, settings: ReportSettings) -> None:
        self._session, self._spec, self._today, self._settings = session, spec, today, settings
        self._subject: Subject = with_custom(session, subject_named(spec.subject))
        self._measures: tuple[Measure, ...] = tuple(measure(self._subject, name) for name in spec.measures)
        self._day: Field = field_named(self._subject, time_basis(self._subject, self._measures, spec.date_field))
        if not self._day.is_date:
            raise Invalid(f"{self._day.name!r} is not a date, so it cannot be the time basis.")
        self._groups: tuple[Group, ...] = tuple(group_named(self._subject, name, self._day) for name in spec.group_by)
        self._days: Days | None = None if spec.period is None else resolve(spec.period, today, settings)
        self._earlier: Days | None = (
            None
            if spec.compare is None or spec.period is None
            else compared_with(spec.compare, spec.period, today, settings)
        )
        self._filter: tuple[Compiled, ...] = (
            () if spec.filter is None else (compile_filter(spec.filter, self._subject, today, settings),)
        )
        self._rates = Rates.load(session, settings.currency)
        if spec.share:
            check_share(self._measures)
        self._check_order()

    def result(self) -> ReportResult:
        return self._withheld() if self.withheld else self._answered()

    @property
    def withheld(self) -> frozenset[str]:
        """The fields it reads that this person does not see."""
        return read_by(self._expressions(), scope_of(self._session).hidden)

    def _expressions(self) -> Iterator[Any]:
        """What the figures and the choice of rows are made of."""
        for one in self._measures:
            yield from one.reads()
            if one.money:
                yield self._subject.currency
        for field in (self._day, *(group.field for group in self._groups)):
            yield from (field.key, field.label, *(field.amount or ()))
        yield from (one.where for one in self._filter)

    def _withheld(self) -> ReportResult:
        """No figure at all: one without the hidden values would read as if there were none."""
        described = self._described()
        said = "; ".join(withheld(name) for name in sorted(self.withheld))
        return ReportResult(
            group_columns=tuple(ReportColumn(name=g.name, title=g.title, kind="text", unit="") for g in self._groups),
            columns=tuple(one.column(self._subject, self._settings.currency) for one in self._measures),
            rows=(),
            total=ReportRow(keys=(), labels=(), values=(None,) * len(self._measures)),
            count=0,
            described=described,
            counted=f"{described}: not counted; {said}",
            withheld=said,
        )

    def _answered(self) -> ReportResult:
        tally = self._query(self._days, self._groups).tally(self._rates)
        whole = self._whole(self._days) if self._repeats else tally
        total = self._total(whole)
        fill(tally, self._groups, self._day, self._days, self._measures, self._settings)
        before, before_total = self._before()
        columns = tuple(one.column(self._subject, self._settings.currency) for one in self._measures)
        matches = aligned(self._groups, self._day, self._days, self._earlier, self._settings)
        rows = rows_of(tally, before, matches, self._groups, self._measures)
        rows = [row for row in rows if tally.counts[row.keys] >= self._spec.at_least]
        if self._spec.share:
            rows = [row.model_copy(update={"share": share_of(row.values[0], total[0])}) for row in rows]
        rows = ordered(rows, tally, self._groups, self._spec)
        rows, found = self._kept(rows, columns)
        kept = rows[: self._spec.limit] if self._spec.limit else rows
        first = ReportRow(keys=(), labels=(), values=total)
        missing = tuple(
            Unconverted(currency=currency, amount_minor=amount, count=number)
            for currency, (amount, number) in sorted((tally.missing | whole.missing).items())
        )
        result = ReportResult(
            group_columns=tuple(ReportColumn(name=g.name, title=g.title, kind="text", unit="") for g in self._groups),
            columns=columns,
            rows=tuple(kept),
            total=first if before_total is None else compared(first, before_total),
            count=sum(whole.counts.values()),
            described=self._described(),
            counted="",
            since=None if self._days is None else self._days.since,
            until=None if self._days is None else self._days.until,
            compared=None if self._earlier is None else self._earlier.words(),
            more=len(rows) - len(kept),
            kept=found,
            ids=self._query(self._days, ()).ids(MOST_IDS) if self._spec.drill_down else (),
            unconverted=missing,
            uncompared=self._uncompared(),
            converted=tuple(sorted(tally.converted)),
        )
        return result.model_copy(
            update={"counted": told(result, self._spec, self._subject.nouns, scope_of(self._session))}
        )

    def _uncompared(self) -> tuple[Unconverted, ...]:
        """The rows that would count if their amount were large or small enough, which no rate can tell."""
        tree = self._spec.filter
        amounts = [
            field for field in amount_fields(tree, self._subject) if currency_of(field, self._subject)[0] is not None
        ]
        if tree is None or not amounts:
            return ()
        perhaps = compile_filter(tree, self._subject, self._today, self._settings, unknown=True)
        surely = self._filter[0]
        field = amounts[0]
        currency = currency_of(field, self._subject)[0]
        open_ = Compiled(and_(perhaps.where, not_(surely.where)), perhaps.needs | frozenset(field.needs))
        columns = (currency.label("currency"), func.sum(field.key).label("amount"), func.count().label("number"))
        query = replace(self._query(self._days, ()), where=(open_,), measures=())
        rows = query.execute(query.joined(select(*columns)).group_by(currency))
        found = (
            Unconverted(currency=row.currency or "", amount_minor=int(row.amount), count=row.number) for row in rows
        )
        return tuple(sorted(found, key=lambda one: one.currency))

    def ids_of(self, keys: Keys, most: int) -> tuple[str, ...]:
        if len(keys) != len(self._groups):
            raise Invalid(f"This report is split by {len(self._groups)} fields; give as many keys.")
        extra, period = [], self._days
        for group, key in zip(self._groups, keys, strict=True):
            needs = frozenset(group.field.needs)
            if (group.unit or group.field.is_date) and key is not None:
                days = bucket(date.fromisoformat(key), group.unit or "day", self._settings)
                period = period if group.field.ends is None else days
                extra.append(Compiled(within(group.field, days, self._settings), needs))
            elif key is None:
                nothing = group.key.is_(None)
                if group.field.kind in ("text", "choice"):
                    nothing |= group.key == ""
                extra.append(Compiled(nothing, needs))
            else:
                extra.append(Compiled(group.key == _value(group.field, key), needs))
        return self._query(period, self._groups, tuple(extra)).ids(most)

    def _query(self, days: Days | None, groups: tuple[Group, ...], extra: tuple[Compiled, ...] = ()) -> Query:
        return Query(
            self._session,
            self._subject,
            (*self._filter, *extra),
            groups,
            self._measures,
            self._today,
            self._settings,
            None if days is None else (self._day, days),
        )

    @property
    def _repeats(self) -> bool:
        """A row may stand in several groups, so that the whole is not their sum."""
        return not self._query(self._days, self._groups).adds_up

    def _whole(self, days: Days | None) -> Tally:
        return self._query(days, ()).tally(self._rates)

    def _total(self, tally: Tally) -> Values:
        together = [Sums() for _ in self._measures]
        for sums in tally.sums.values():
            for whole, part in zip(together, sums, strict=True):
                whole.merge(part)
        return results(together, self._measures)

    def _before(self) -> tuple[Tally | None, Values | None]:
        if self._earlier is None:
            return None, None
        tally = self._query(self._earlier, self._groups).tally(self._rates)
        return tally, self._total(self._whole(self._earlier) if self._repeats else tally)

    def _kept(self, rows: list[ReportRow], columns: tuple[ReportColumn, ...]) -> tuple[list[ReportRow], Kept | None]:
        keep = self._spec.keep
        if keep is None:
            return rows, None
        place = 0 if keep.measure is None else self._spec.measures.index(keep.measure)
        one = self._measures[place]
        little = one.lower_is_better or little_is_good(one.name, columns[place].kind)
        rows = [row for row in rows if not self._yet_to_begin(row)]
        running = frozenset(at for at, row in enumerate(rows) if one.additive and self._still_runs(row))
        found = standing_out(keep, [row.values[place] for row in rows], lower_is_better=little, unfinished=running)
        chosen = [rows[at] for at in sorted(found.places)]
        if self._spec.order is None and keep.rule in ("highest", "lowest", "best", "worst"):
            low = keep.rule == "lowest" or keep.rule == ("best" if little else "worst")
            chosen.sort(key=lambda row: (row.values[place] or 0) * (1 if low else -1))
        return chosen, Kept(
            measure=one.name,
            words=kept_words(keep, found, columns[place], self._groups, len(rows), lower_is_better=little),
            considered=tuple(rows),
            mean=_float(found.mean),
            median=_float(found.median),
            low=_float(found.low),
            high=_float(found.high),
        )

    def _yet_to_begin(self, row: ReportRow) -> bool:
        """An empty month of the future says nothing."""
        return not any(row.values) and any(
            group.unit and key is not None and date.fromisoformat(key) > self._today
            for group, key in zip(self._groups, row.keys, strict=True)
        )

    def _still_runs(self, row: ReportRow) -> bool:
        return any(
            group.unit
            and key is not None
            and (bucket(date.fromisoformat(key), group.unit, self._settings).until or date.max) >= self._today
            for group, key in zip(self._groups, row.keys, strict=True)
        )

    def _check_order(self) -> None:
        names = (*self._spec.measures, *self._spec.group_by)
        if self._spec.order is not None and self._spec.order.by not in names:
            raise Invalid(f"Order by one of {', '.join(names)}, not {self._spec.order.by!r}.")

    def _described(self) -> str:
        return counted_sentence(
            self._session, self._subject, self._spec.filter, self._day, self._days, self._today, self._settings
        )


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, 4))


def _value(field: Field, key: str) -> Any:
    """A group's key as the column holds it."""
    match field.kind:
        case "flag":
            return {"true": True, "false": False}.get(key, key)
        case "number" | "money":
            number = float(key)
            return int(number) if number.is_integer() else number
        case _:
            return key
