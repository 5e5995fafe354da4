"""What a report comes back as; ``model_dump_json`` is what ``rapport report --json`` prints."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

ColumnKind = Literal["text", "number", "money", "percent", "days", "minutes", "score", "points"]
Cell = int | float | str | None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReportColumn(_Frozen):
    """``unit`` is the currency of a money column, and otherwise what is counted: deals, days, percent…"""

    name: str
    title: str
    kind: ColumnKind
    unit: str


class ReportRow(_Frozen):
    """``keys`` and ``labels`` name the group (one each per group column, a bucket of time by its first day),
    ``values`` are the measures in their order: money in minor units, rates in percent, None where there is nothing
    to measure. ``previous`` are those of the period compared with; ``share`` is the first measure's share of the
    total, in percent."""

    keys: tuple[str | None, ...]
    labels: tuple[str, ...]
    values: tuple[int | float | None, ...]
    previous: tuple[int | float | None, ...] | None = None
    share: float | None = None


class Unconverted(_Frozen):
    """Amounts that have no rate to the reporting currency: named, and in no sum. ``currency`` is empty for amounts
    that carry none."""

    currency: str
    amount_minor: int
    count: int


class ReportResult(_Frozen):
    """``rows`` are the groups in order (none without groups), ``more`` how many the limit left out, ``total`` the
    measures over everything counted. ``described`` says in words what was counted and ``counted`` also how much.
    ``ids`` are the rows behind it when the spec asked to drill down (at most 1,000)."""

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
    ids: tuple[str, ...] = ()
    unconverted: tuple[Unconverted, ...] = ()
    converted: tuple[str, ...] = ()
