"""Spans of days, and the weeks, months, quarters and years they are cut into."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_store.errors import Invalid

BUCKETS = ("day", "week", "month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class ReportSettings:
    """``currency`` is what amounts are reported in; ``week_start`` is 0 for Monday; ``fiscal_year_start`` a month;
    ``zone`` is the reader's, whose days the days of moments are."""

    currency: str = "EUR"
    week_start: int = 0
    fiscal_year_start: int = 1
    zone: ZoneInfo = UTC_ZONE

    def midnight(self, day: date) -> datetime:
        """The first moment of a day where the reader is, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


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
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def bucket(day: date, unit: str, settings: ReportSettings) -> Days:
    """The week, month… that ``day`` lies in."""
    match unit:
        case "day":
            return Days(day, day)
        case "week":
            first = day - timedelta(days=(day.weekday() - settings.week_start) % 7)
            return Days(first, first + timedelta(days=6))
        case "month":
            return Days(day.replace(day=1), month_end(day))
        case "quarter":
            return months_from(date(day.year, 1, 1), day, 3)
        case "half":
            return months_from(date(day.year, 1, 1), day, 6)
        case "year":
            return Days(date(day.year, 1, 1), date(day.year, 12, 31))
        case "fiscal_year":
            return months_from(fiscal_start(day, settings), day, 12)
        case "fiscal_quarter":
            return months_from(fiscal_start(day, settings), day, 3)
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
            return f"{MONTHS[first.month - 1]} {first.year}"
        case "quarter":
            return f"Q{(first.month + 2) // 3} {first.year}"
        case "half":
            return f"H{(first.month + 5) // 6} {first.year}"
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


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_from(anchor: date, day: date, length: int) -> Days:
    """The run of ``length`` months, counted from ``anchor``, that holds ``day``."""
    passed = (day.year * 12 + day.month) - (anchor.year * 12 + anchor.month)
    first = add_months(anchor, passed // length * length)
    return Days(first, add_months(first, length) - timedelta(days=1))


def fiscal_start(day: date, settings: ReportSettings) -> date:
    year = day.year if day.month >= settings.fiscal_year_start else day.year - 1
    return date(year, settings.fiscal_year_start, 1)


def neighbour(days: Days, unit: str, steps: int, settings: ReportSettings) -> Days:
    for _ in range(abs(steps)):
        assert days.since is not None
        assert days.until is not None
        edge = days.until + timedelta(days=1) if steps > 0 else days.since - timedelta(days=1)
        days = bucket(edge, unit, settings)
    return days
