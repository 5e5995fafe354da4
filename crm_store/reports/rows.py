"""The rows of a report: every group's values beside those of the period compared with, gaps filled, in order."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeVar

from crm_store.reports.aggregate import Keys, Tally
from crm_store.reports.catalogue import Field
from crm_store.reports.groups import Group, buckets_of
from crm_store.reports.measures import Measure, Sums
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.result import ReportRow
from crm_store.reports.spec import Order, ReportSpec

MOST_FILLED = 2_000
Values = tuple[int | float | None, ...]
Part = TypeVar("Part")


def fill(
    tally: Tally,
    groups: Sequence[Group],
    basis: Field,
    days: Days | None,
    measures: Sequence[Measure],
    settings: ReportSettings,
) -> None:
    """An empty month is a zero, not a gap: between the ends of ``days``, which are of ``basis``, where it has any, and
    otherwise between the first and the last bucket with rows. Only for one group of time; with others beside it, for
    each of them."""
    timed = [place for place, group in enumerate(groups) if group.unit]
    if len(timed) != 1:
        return
    at = timed[0]
    known = [keys[at] for keys in tally.sums if keys[at] is not None]
    span = filled_days(known, days if groups[at].field is basis else None)
    if span is None:
        return
    buckets = buckets_of(span, groups[at].unit, settings)
    beside: dict[Keys, tuple[str, ...]] = {}
    for keys in tally.sums:
        beside.setdefault(_without(keys, at), _without(tally.labels[keys], at))
    if len(groups) == 1:
        beside = {(): ()}
    if len(buckets) * len(beside) > MOST_FILLED:
        return
    for keys, labels in beside.items():
        for key, label in buckets:
            tally.at((*keys[:at], key, *keys[at:]), (*labels[:at], label, *labels[at:]), measures)


def filled_days(known: Sequence[str | None], days: Days | None) -> Days | None:
    """From the period's ends, or from those of the data where the period has none; None without either."""
    found = sorted(date.fromisoformat(key) for key in known if key is not None)
    first, last = (found[0], found[-1]) if found else (None, None)
    since = days.since if days is not None and days.since is not None else first
    until = days.until if days is not None and days.until is not None else last
    return None if since is None or until is None or since > until else Days(since, until)


def aligned(
    groups: Sequence[Group], basis: Field, now: Days | None, before: Days | None, settings: ReportSettings
) -> dict[str, str]:
    """The first month of the period beside the first of the one compared with, and so on; empty without months."""
    timed = [group for group in groups if group.unit]
    if len(timed) != 1 or timed[0].field is not basis or now is None or before is None:
        return {}
    both = (buckets_of(one, timed[0].unit, settings) for one in (now, before))
    return {here[0]: there[0] for here, there in zip(*both, strict=False)}


def rows_of(
    tally: Tally,
    before: Tally | None,
    matches: Mapping[str, str],
    groups: Sequence[Group],
    measures: Sequence[Measure],
) -> list[ReportRow]:
    """One row per group of now, and of then where nothing is left of it now."""
    if not groups:
        return []
    timed = any(group.unit for group in groups)
    if before is not None and not timed:
        for keys in before.sums:
            tally.at(keys, before.labels[keys], measures)
            tally.ranks.setdefault(keys, before.ranks.get(keys, ()))
    rows = []
    for keys, sums in tally.sums.items():
        values = results(sums, measures)
        row = ReportRow(keys=keys, labels=tally.labels[keys], values=values)
        if before is not None and (not timed or matches):
            there = tuple(
                matches.get(key or "") if group.unit else key for key, group in zip(keys, groups, strict=True)
            )
            lost = any(group.unit and key is None for key, group in zip(there, groups, strict=True))
            known = None if lost else before.sums.get(there, [Sums() for _ in measures])
            row = row if known is None else compared(row, results(known, measures))
        rows.append(row)
    return rows


def results(sums: Sequence[Sums], measures: Sequence[Measure]) -> Values:
    return tuple(one.result(measure) for one, measure in zip(sums, measures, strict=True))


def compared(row: ReportRow, previous: Values) -> ReportRow:
    """The row with what it was before, and the difference."""
    change = tuple(
        None if now is None or then is None else _tidy(Fraction(str(now)) - Fraction(str(then)))
        for now, then in zip(row.values, previous, strict=True)
    )
    percent = tuple(
        None if by is None or not then else float(round(100 * Fraction(str(by)) / abs(Fraction(str(then))), 1))
        for by, then in zip(change, previous, strict=True)
    )
    return row.model_copy(update={"previous": previous, "change": change, "change_percent": percent})


def ordered(rows: Sequence[ReportRow], tally: Tally, groups: Sequence[Group], spec: ReportSpec) -> list[ReportRow]:
    """By what the spec says; otherwise time and stages in their own order, and all else by the first measure."""
    order = spec.order
    if order is None and groups and groups[0].unit:
        return sorted(rows, key=lambda row: tuple(key or "" for key in row.keys))
    if order is None and groups and groups[0].rank is not None:
        return sorted(rows, key=lambda row: ((tally.ranks.get(row.keys) or (0,))[0], row.labels))
    order = order or Order(by=spec.measures[0])
    rows = sorted(rows, key=lambda row: (row.labels, tuple(key or "" for key in row.keys)))
    if order.by in spec.measures:
        place = spec.measures.index(order.by)
        sign = -1 if order.descending else 1
        return sorted(rows, key=lambda row: (row.values[place] is None, sign * (row.values[place] or 0)))
    place = spec.group_by.index(order.by)
    timed = bool(groups[place].unit)
    return sorted(
        rows, key=lambda row: row.keys[place] or "" if timed else row.labels[place].lower(), reverse=order.descending
    )


def _without(keys: tuple[Part, ...], at: int) -> tuple[Part, ...]:
    return (*keys[:at], *keys[at + 1 :])


def _tidy(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
