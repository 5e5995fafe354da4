"""What a report comes back as; ``model_dump_json`` is what ``rapport report --json`` prints."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

ColumnKind = Literal["text", "number", "money", "percent", "days", "minutes", "score", "points"]
Cell = int | float | str | None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReportColumn(_Frozen):
    """``unit`` is the currency of a money column, and otherwise what is counted: deals, days, percent…
    ``meaning`` says how it is measured where the title alone does not."""

    name: str
    title: str
    kind: ColumnKind
    unit: str
    meaning: str = ""


class ReportRow(_Frozen):
    """``keys`` and ``labels`` name the group (one each per group column, a bucket of time by its first day),
    ``values`` are the measures in their order: money in minor units, rates in percent, None where there is nothing
    to measure. ``previous`` are those of the period compared with, ``change`` the differences and ``change_percent``
    the same in percent of ``previous``, None where there was nothing; ``share`` is the first measure's share of the
    total, in percent."""

    keys: tuple[str | None, ...]
    labels: tuple[str, ...]
    values: tuple[int | float | None, ...]
    previous: tuple[int | float | None, ...] | None = None
    change: tuple[int | float | None, ...] | None = None
    change_percent: tuple[float | None, ...] | None = None
    share: float | None = None


class Kept(_Frozen):
    """Why these groups and no others: ``words`` says it ("more than 2 times the mean of EUR 12,000 a month").
    ``considered`` are all the groups that were looked at, in their order; ``low`` and ``high`` the bounds outside
    which a group was kept; ``mean`` and ``median`` are those of the groups, in the measure's own unit."""

    measure: str
    words: str
    considered: tuple[ReportRow, ...]
    mean: float | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None


class Unconverted(_Frozen):
    """Amounts that have no rate to the reporting currency: named, and in no sum. ``currency`` is empty for amounts
    that carry none."""

    currency: str
    amount_minor: int
    count: int


class ReportResult(_Frozen):
    """``rows`` are the groups in order (none without groups), ``more`` how many the limit left out, ``kept`` why the
    others were not, ``total`` the measures over everything counted. ``described`` says in words what was counted and
    ``counted`` also how much. ``withheld`` says why there is no figure at all, where one would need fields that are kept by
    managers. ``uncompared`` are rows that are not counted because their amount has no rate to compare it by. ``ids`` are
    the rows behind it when the spec asked to drill down (at most 1,000)."""

    group_columns: tuple[ReportColumn, ...]
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    total: ReportRow
    count: int
    counted: str
    described: str = ""
    since: date | None = None
    until: date | None = None
    compared: str | None = None
    more: int = 0
    kept: Kept | None = None
    ids: tuple[str, ...] = ()
    withheld: str = ""
    unconverted: tuple[Unconverted, ...] = ()
    uncompared: tuple[Unconverted, ...] = ()
    converted: tuple[str, ...] = ()
