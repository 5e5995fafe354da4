"""Days, periods and their buckets for the oracle, by pandas' own calendar."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pandas as pd

from tests.crm_store.reports.oracle_frames import Column

Spec = dict[str, Any]
BASIS = {
    "deals": "close_date", "orders": "ordered", "cases": "opened", "interactions": "at", "accounts": "created",
    "surveys": "at", "tasks": "due", "subscriptions": "ends", "contacts": "created",
    "leads": "created", "campaign_members": "at", "deal_products": "close_date", "order_lines": "ordered",
    "stage_entries": "entered", "proposals": "created", "changes": "at",
}  # fmt: skip
UNITS = ("day", "week", "month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter")
_MONTH_ENDS = ("DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV")


@dataclass(frozen=True)
class Setting:
    """How the reader's company counts days."""

    today: date
    zone: str = "UTC"
    week_start: int = 0
    fiscal_start: int = 1


def span_of(period: Any, setting: Setting) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """First and last day."""
    if period is None or period == "all_time":
        return None, None
    if isinstance(period, dict):
        return _day(period.get("since")), _day(period.get("until"))
    today = pd.Timestamp(setting.today)
    which, _, unit = period.partition("_")
    if period == "year_to_date":
        return bucket(today, "year", setting)[0], today
    if unit.endswith("_days"):
        step = pd.Timedelta(days=int(unit.removesuffix("_days")) - 1)
        return (today - step, today) if which == "last" else (today, today + step)
    first, last = bucket(today, unit, setting)
    if which == "last":
        return bucket(first - pd.Timedelta(days=1), unit, setting)
    return bucket(last + pd.Timedelta(days=1), unit, setting) if which == "next" else (first, last)


def span_before(
    spec: Spec, span: tuple[pd.Timestamp | None, pd.Timestamp | None], setting: Setting
) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = span
    if isinstance(spec["compare"], dict):
        return cast(tuple[pd.Timestamp, pd.Timestamp], span_of(spec["compare"], setting))
    assert first is not None
    last = last if last is not None else pd.Timestamp(setting.today)
    if spec["compare"] == "same_period_last_year":
        year = pd.DateOffset(years=1)
        return first - year, (last - year + pd.offsets.MonthEnd(0) if last.is_month_end else last - year)
    for unit in ("week", "month", "quarter", "fiscal_quarter", "half", "year", "fiscal_year"):
        if bucket(first, unit, setting) == (first, last):
            return bucket(first - pd.Timedelta(days=1), unit, setting)
    if spec["period"] == "year_to_date":
        year = pd.DateOffset(years=1)
        return first - year, (last - year + pd.offsets.MonthEnd(0) if last.is_month_end else last - year)
    length = last - first + pd.Timedelta(days=1)
    return first - length, last - length


def _frequency(unit: str, setting: Setting) -> str:
    match unit:
        case "week":
            return "W-" + ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")[setting.week_start]
        case "fiscal_year":
            return f"Y-{_MONTH_ENDS[setting.fiscal_start - 1]}"
        case "fiscal_quarter":
            return f"Q-{_MONTH_ENDS[setting.fiscal_start - 1]}"
        case _:
            return {"day": "D", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}[unit]


def bucket(day: pd.Timestamp, unit: str, setting: Setting) -> tuple[pd.Timestamp, pd.Timestamp]:
    if unit == "half":
        first = pd.Timestamp(day.year, 1 if day.month < 7 else 7, 1)
        return first, first + pd.DateOffset(months=6) - pd.Timedelta(days=1)
    period = pd.Period(day, freq=_frequency(unit, setting))
    return period.start_time.normalize(), period.end_time.normalize()


def starts(days: Column, unit: str, setting: Setting) -> Column:
    return days.map(lambda day: None if pd.isna(day) else bucket(day, unit, setting)[0].date().isoformat())


def buckets(span: tuple[pd.Timestamp, pd.Timestamp], unit: str, setting: Setting) -> list[str]:
    found, at = [], span[0]
    while at <= span[1]:
        first, last = bucket(at, unit, setting)
        found.append(first.date().isoformat())
        at = last + pd.Timedelta(days=1)
    return found


def _day(text: str | None) -> pd.Timestamp | None:
    return None if text is None else pd.Timestamp(text)


def within(days: Column, span: tuple[pd.Timestamp | None, pd.Timestamp | None]) -> Column:
    mask = pd.Series(True, index=days.index, dtype=bool)
    if span[0] is not None:
        mask &= days >= span[0]
    if span[1] is not None:
        mask &= days <= span[1]
    return mask
