"""Periods in words to days: "last_quarter", "FY26 Q2", "since:monday", "older_than_90_days", "2026-08"."""

import re
from calendar import monthrange
from datetime import date, timedelta

from crm_store.errors import Invalid
from crm_store.reports.periods import (
    MONTHS,
    Days,
    ReportSettings,
    add_months,
    bucket,
    month_end,
    neighbour,
)
from crm_store.reports.spec import Span

_UNIT = "week|month|quarter|half|year|fiscal_year|fiscal_quarter"
_NAMED = re.compile(rf"(this|last|next)_({_UNIT})")
_COUNTED = re.compile(r"(last|next)_(\d{1,4})_(day|week|month|quarter|year|fiscal_quarter|fiscal_year)s?")
_TO_DATE = re.compile(rf"(?:(last)_)?({_UNIT})_to_date")
_AGE = re.compile(r"(older_than|newer_than)_(\d{1,5})_(day|week|month|year)s?")
_EDGE = re.compile(r"(since|from|after|until|before|through):?_?(.+)")
_CALENDAR = re.compile(r"(?:(?:(\d{4})_?)?q([1-4])|q([1-4])_?(\d{4}))")
_FISCAL = re.compile(r"fy_?(\d{2}|\d{4})(?:_?f?q([1-4]))?|f?q([1-4])_?fy_?(\d{2}|\d{4})|fq([1-4])(?:_?(\d{4}))?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|([a-z]{3,9})(?:_(\d{4}))?")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.|_?to_?|/)(\d{4}-\d{2}-\d{2})")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SAME = (  # how others call what is named here
    (r"\s+|(?<!\d)-|-(?!\d)", "_"),
    (r"\b(?:previous|prior|past|trailing|rolling)_", "last_"),
    (r"\bcurrent_", "this_"),
    (r"\b(?:upcoming|coming|following)_", "next_"),
    (r"financial_", "fiscal_"),
    (r"\b(?:more_than|over)_(\d+_[a-z]+)(?:_(?:old|ago))\b", r"older_than_\1"),
    (r"\b(?:less_than|within|under)_(\d+_[a-z]+)(?:_(?:old|ago))?\b", r"newer_than_\1"),
    (r"\bso_far_this_(\w+)|\bthis_(\w+)_(?:so_far|to_date)\b", r"\1\2_to_date"),
)
_SHORT = {"ytd": "year_to_date", "qtd": "quarter_to_date", "mtd": "month_to_date", "wtd": "week_to_date",
          "fytd": "fiscal_year_to_date", "fqtd": "fiscal_quarter_to_date", "all": "all_time", "ever": "all_time",
          "any_time": "all_time", "anytime": "all_time"}  # fmt: skip
NAMES = (
    "today, yesterday, tomorrow, this_/last_/next_ week, month, quarter, year, fiscal_quarter or fiscal_year, "
    "year_to_date (or week_, month_, quarter_, fiscal_year_), last_30_days, next_2_weeks, older_than_90_days, "
    "newer_than_7_days, since:monday, since:2026-07-01, until:2026-09-30, 2026, 2026-08, august, q3_2026, fy26_q2, "
    "fy2026, 2026-07-01..2026-09-30, all_time, or since and until"
)


def resolve(period: str | Span, today: date, settings: ReportSettings) -> Days:
    """The days of a period's name or span. ``last_30_days`` ends today, ``last_2_months`` are whole months;
    ``since:monday`` is the latest Monday before today; a month or quarter without a year is the latest that has begun;
    quarters are the calendar's unless named fiscal, and a fiscal year is named by the year in which it ends.

    :raises Invalid: names the periods there are.
    """
    if isinstance(period, Span):
        return Days(period.since, period.until)
    name = normal(period)
    found = _relative(name, today, settings) or _absolute(name, today, settings)
    if found is None and (edge := _EDGE.fullmatch(name)):
        found = _edge(edge[1], edge[2], today, settings)
    if found is None:
        raise Invalid(f"There is no period called {period!r}. There are: {NAMES}.")
    return found


def normal(period: str) -> str:
    """The name as it is spelt here: "Prior quarter" is last_quarter."""
    name = period.strip().lower()
    for pattern, instead in _SAME:
        name = re.sub(pattern, instead, name)
    return _SHORT.get(name, name)


def _relative(name: str, today: date, settings: ReportSettings) -> Days | None:
    if name in ("today", "yesterday", "tomorrow"):
        day = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[name])
        return Days(day, day)
    if name == "all_time":
        return Days(None, None)
    if found := _NAMED.fullmatch(name):
        steps = {"last": -1, "this": 0, "next": 1}[found[1]]
        return neighbour(bucket(today, found[2], settings), found[2], steps, settings)
    if found := _TO_DATE.fullmatch(name):
        this = bucket(today, found[2], settings)
        assert this.since is not None
        if not found[1]:
            return Days(this.since, today)
        return _same_part(this, today, found[2], settings)
    if found := _AGE.fullmatch(name):
        edge = _before(today, int(found[2]), found[3])
        return (
            Days(None, edge - timedelta(days=1)) if found[1] == "older_than" else Days(edge + timedelta(days=1), None)
        )
    if found := _COUNTED.fullmatch(name):
        return _counted(found[1], int(found[2]), found[3], today, settings)
    return None


def _absolute(name: str, today: date, settings: ReportSettings) -> Days | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        day = _day(name)
        return Days(day, day)
    if found := _RANGE.fullmatch(name):
        since, until = _day(found[1]), _day(found[2])
        return Days(min(since, until), max(since, until))
    if re.fullmatch(r"(?:19|20)\d\d", name):
        return Days(date(int(name), 1, 1), date(int(name), 12, 31))
    if found := _CALENDAR.fullmatch(name):
        year, quarter = found[1] or found[4], int(found[2] or found[3])
        return _begun(year, 3 * quarter - 2, "quarter", today, settings)
    if found := _FISCAL.fullmatch(name):
        return _fiscal(found[1] or found[4] or found[6], found[2] or found[3] or found[5], today, settings)
    if found := _MONTH.fullmatch(name):
        month = int(found[2]) if found[2] else _month(found[3])
        if 1 <= month <= 12:
            return _begun(found[1] or found[4], month, "month", today, settings)
    return None


def _edge(word: str, rest: str, today: date, settings: ReportSettings) -> Days | None:
    """From the start of what ``rest`` names, or up to its end; ``before`` and ``after`` leave it out."""
    word, rest = word.strip("_:"), rest.strip("_:")
    if rest.removeprefix("last_") in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(rest.removeprefix("last_")) - 1) % 7 + 1
        named: Days | None = Days(today - timedelta(days=back), today - timedelta(days=back))
    else:
        named = _relative(rest, today, settings) or _absolute(rest, today, settings)
    if named is None or named.since is None or named.until is None:
        return None
    one = timedelta(days=1)
    match word:
        case "since" | "from":
            return Days(named.since, None)
        case "after":
            return Days(named.until + one, None)
        case "before":
            return Days(None, named.since - one)
        case _:
            return Days(None, named.until)


def compared_with(compare: str | Span, period: str | Span, today: date, settings: ReportSettings) -> Days:
    """The period that ``period`` is compared with; ``previous_period`` of a whole quarter is the whole quarter before,
    of a part to date the same part, of any other days as many days before. A period that is open at its end is
    compared up to today.

    :raises Invalid: when the period has no beginning, or the name is unknown.
    """
    name = normal(compare) if isinstance(compare, str) else ""
    if name not in ("last_period", "same_period_last_year"):
        return resolve(compare, today, settings)
    days = resolve(period, today, settings)
    if days.since is not None and days.until is None and days.since <= today:
        days = Days(days.since, today)
    if days.since is None or days.until is None:
        raise Invalid("A period with an open end has nothing to be compared with; give since and until.")
    if name == "same_period_last_year":
        return Days(add_months(days.since, -12), _year_before_end(days.until))
    for unit in ("week", "month", "quarter", "fiscal_quarter", "half", "year", "fiscal_year"):
        if days == bucket(days.since, unit, settings):
            return neighbour(days, unit, -1, settings)
    if isinstance(period, str) and (found := _TO_DATE.fullmatch(normal(period))) and not found[1]:
        return _same_part(bucket(today, found[2], settings), today, found[2], settings)
    length = days.until - days.since + timedelta(days=1)
    return Days(days.since - length, days.until - length)


def _same_part(this: Days, today: date, unit: str, settings: ReportSettings) -> Days:
    """The part of the bucket before ``this`` that ends as far into it as today is."""
    before = neighbour(this, unit, -1, settings)
    assert this.since is not None
    assert before.since is not None
    assert before.until is not None
    if unit in ("year", "fiscal_year"):
        return Days(before.since, _year_before_end(today))
    return Days(before.since, min(before.since + (today - this.since), before.until))


def _begun(year: str | None, month: int, unit: str, today: date, settings: ReportSettings) -> Days:
    """The bucket of that month; without a year the latest one that has begun."""
    at = int(year) if year else today.year if month <= today.month else today.year - 1
    return bucket(date(at, month, 1), unit, settings)


def _fiscal(year: str | None, quarter: str | None, today: date, settings: ReportSettings) -> Days:
    this = bucket(today, "fiscal_year", settings)
    assert this.until is not None
    named = this.until.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    last = date(named, this.until.month, monthrange(named, this.until.month)[1])
    whole = bucket(last, "fiscal_year", settings)
    if quarter is None:
        return whole
    assert whole.since is not None
    return bucket(add_months(whole.since, 3 * int(quarter) - 3), "fiscal_quarter", settings)


def _month(word: str | None) -> int:
    """1 to 12, or 0 for a word that is no month's name or its first letters."""
    full = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december")  # fmt: skip
    given = word or ""
    return next(
        (n for n, name in enumerate(full, 1) if name == given or given in (MONTHS[n - 1].lower(), "sept" * (n == 9))), 0
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text} is no day of the calendar; a day is written 2026-09-30.") from None


def _before(today: date, number: int, unit: str) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=number * (7 if unit == "week" else 1))
    return add_months(today, -number * (12 if unit == "year" else 1))


def _counted(which: str, number: int, unit: str, today: date, settings: ReportSettings) -> Days:
    """``last_7_days`` ends today; ``last_2_months`` are the two whole months before this one, and so with ``next``."""
    if number == 0:
        raise Invalid("A period of no length holds nothing; give at least 1.")
    if unit == "day":
        step = timedelta(days=number - 1)
        return Days(today - step, today) if which == "last" else Days(today, today + step)
    this = bucket(today, unit, settings)
    far = neighbour(this, unit, -number if which == "last" else number, settings)
    near = neighbour(this, unit, -1 if which == "last" else 1, settings)
    return Days(far.since, near.until) if which == "last" else Days(near.since, far.until)


def _year_before_end(day: date) -> date:
    before = add_months(day, -12)
    return month_end(before) if day == month_end(day) else before
