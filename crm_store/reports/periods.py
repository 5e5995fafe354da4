"""Periods in words ("last_quarter") to days, for a given today, week start and fiscal year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from crm_store.errors import Invalid
from crm_store.reports.spec import Span

BUCKETS = ("day", "week", "month", "quarter", "year", "fiscal_year", "fiscal_quarter")
_NAMED = re.compile(r"(this|last|next)_(week|month|quarter|year|fiscal_year|fiscal_quarter)")
_COUNTED = re.compile(r"(last|next)_(\d{1,4})_(days|weeks|months|quarters|years)")
_TO_DATE = re.compile(r"(week|month|quarter|year|fiscal_year|fiscal_quarter)_to_date")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class ReportSettings:
    """``currency`` is what amounts are reported in; ``week_start`` is 0 for Monday; ``fiscal_year_start`` a month."""

    currency: str = "EUR"
    week_start: int = 0
    fiscal_year_start: int = 1


@dataclass(frozen=True)
class Days:
    """Days from ``since`` to ``until``, both included; None is open."""

    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def words(self) -> str:
        """ "1 Jul to 30 Sep 2026", "since 1 Jul 2026", "until 30 Sep 2026"."""
        if self.since is not None and self.until is not None:
            if self.since == self.until:
                return written(self.until)
            same_year = self.since.year == self.until.year
            return f"{written(self.since, year=not same_year)} to {written(self.until)}"
        if self.since is not None:
            return f"since {written(self.since)}"
        return f"until {written(self.until)}" if self.until is not None else "at any time"


def written(day: date, *, year: bool = True) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def bucket(day: date, unit: str, settings: ReportSettings) -> Days:
    """The week, month… that ``day`` lies in."""
    match unit:
        case "day":
            return Days(day, day)
        case "week":
            first = day - timedelta(days=(day.weekday() - settings.week_start) % 7)
            return Days(first, first + timedelta(days=6))
        case "month":
            return Days(day.replace(day=1), _month_end(day))
        case "quarter":
            return _months_from(date(day.year, 1, 1), day, 3)
        case "year":
            return Days(date(day.year, 1, 1), date(day.year, 12, 31))
        case "fiscal_year":
            return _months_from(_fiscal_start(day, settings), day, 12)
        case "fiscal_quarter":
            return _months_from(_fiscal_start(day, settings), day, 3)
    raise Invalid(f"There is no period called {unit!r}. There are: {', '.join(BUCKETS)}.")


def bucket_label(days: Days, unit: str, settings: ReportSettings) -> str:
    """ "Jul 2026", "Q3 2026", "week of 6 Jul 2026", "FY 2027"."""
    first, last = days.since, days.until
    assert first is not None
    assert last is not None
    match unit:
        case "week":
            return f"week of {written(first)}"
        case "month":
            return f"{_MONTHS[first.month - 1]} {first.year}"
        case "quarter":
            return f"Q{(first.month + 2) // 3} {first.year}"
        case "year":
            return str(first.year)
        case "fiscal_year":
            return f"FY {last.year}"
        case "fiscal_quarter":
            number = ((first.month - settings.fiscal_year_start) % 12) // 3 + 1
            year_end = bucket(first, "fiscal_year", settings).until
            assert year_end is not None
            return f"FQ{number} {year_end.year}"
        case _:
            return written(first)


def resolve(period: str | Span, today: date, settings: ReportSettings) -> Days:
    """The days of a period's name or span.

    :raises Invalid: names the periods there are.
    """
    if isinstance(period, Span):
        return Days(period.since, period.until)
    name = period.strip().lower()
    if name in ("today", "yesterday", "tomorrow"):
        day = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[name])
        return Days(day, day)
    if name == "all_time":
        return Days(None, None)
    if found := _NAMED.fullmatch(name):
        return _neighbour(
            bucket(today, found[2], settings), found[2], {"last": -1, "this": 0, "next": 1}[found[1]], settings
        )
    if found := _TO_DATE.fullmatch(name):
        return Days(bucket(today, found[1], settings).since, today)
    if found := _COUNTED.fullmatch(name):
        return _counted(found[1], int(found[2]), found[3].rstrip("s"), today, settings)
    raise Invalid(
        f"There is no period called {period!r}. There are: today, yesterday, this_/last_/next_ week, month, "
        "quarter, year, "
        "fiscal_year or fiscal_quarter, year_to_date (or week_, month_, quarter_), last_30_days, next_2_weeks, "
        "all_time, or since and until."
    )


def compared_with(compare: str | Span, period: str | Span, today: date, settings: ReportSettings) -> Days:
    """The period that ``period`` is compared with; ``previous_period`` of a whole quarter is the whole quarter before,
    of a part to date the same part, of any other days as many days before.

    :raises Invalid: when the period has an open end, or the name is unknown.
    """
    if not isinstance(compare, str) or compare not in ("previous_period", "same_period_last_year"):
        return resolve(compare, today, settings)
    days = resolve(period, today, settings)
    if days.since is None or days.until is None:
        raise Invalid("A period with an open end has nothing to be compared with; give since and until.")
    if compare == "same_period_last_year":
        return Days(add_months(days.since, -12), _year_before_end(days.until))
    for unit in ("week", "month", "quarter", "fiscal_quarter", "year", "fiscal_year"):
        if days == bucket(days.since, unit, settings):
            return _neighbour(days, unit, -1, settings)
    if isinstance(period, str) and (found := _TO_DATE.fullmatch(period)):
        before = _neighbour(bucket(today, found[1], settings), found[1], -1, settings)
        assert before.since is not None
        assert before.until is not None
        return Days(before.since, min(before.since + (days.until - days.since), before.until))
    length = days.until - days.since + timedelta(days=1)
    return Days(days.since - length, days.until - length)


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _year_before_end(day: date) -> date:
    before = add_months(day, -12)
    return _month_end(before) if day == _month_end(day) else before


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _months_from(anchor: date, day: date, length: int) -> Days:
    """The run of ``length`` months, counted from ``anchor``, that holds ``day``."""
    passed = (day.year * 12 + day.month) - (anchor.year * 12 + anchor.month)
    first = add_months(anchor, passed // length * length)
    return Days(first, add_months(first, length) - timedelta(days=1))


def _fiscal_start(day: date, settings: ReportSettings) -> date:
    year = day.year if day.month >= settings.fiscal_year_start else day.year - 1
    return date(year, settings.fiscal_year_start, 1)


def _neighbour(days: Days, unit: str, steps: int, settings: ReportSettings) -> Days:
    for _ in range(abs(steps)):
        assert days.since is not None
        assert days.until is not None
        edge = days.until + timedelta(days=1) if steps > 0 else days.since - timedelta(days=1)
        days = bucket(edge, unit, settings)
    return days


def _counted(which: str, number: int, unit: str, today: date, settings: ReportSettings) -> Days:
    """``last_7_days`` ends today; ``last_2_months`` are the two whole months before this one, and so with ``next``."""
    if number == 0:
        raise Invalid("A period of no length holds nothing; give at least 1.")
    if unit == "day":
        step = timedelta(days=number - 1)
        return Days(today - step, today) if which == "last" else Days(today, today + step)
    this = bucket(today, unit, settings)
    far = _neighbour(this, unit, -number if which == "last" else number, settings)
    near = _neighbour(this, unit, -1 if which == "last" else 1, settings)
    return Days(far.since, near.until) if which == "last" else Days(near.since, far.until)
