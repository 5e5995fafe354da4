"""Periods in words, on days where they go wrong easily."""

from datetime import date

import pytest

from crm_store.reports import Days, ReportSettings, compared_with, resolve
from crm_store.reports.periods import bucket

LEAP = date(2028, 2, 29)
SETTINGS = ReportSettings()


@pytest.mark.parametrize(
    ("name", "today", "since", "until"),
    [
        ("this_week", date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        ("last_month", date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        ("last_quarter", date(2026, 2, 1), date(2025, 10, 1), date(2025, 12, 31)),
        ("next_year", LEAP, date(2029, 1, 1), date(2029, 12, 31)),
        ("last_7_days", date(2026, 3, 3), date(2026, 2, 25), date(2026, 3, 3)),
        ("next_2_weeks", date(2026, 11, 18), date(2026, 11, 23), date(2026, 12, 6)),
        ("last_2_months", date(2026, 1, 15), date(2025, 11, 1), date(2025, 12, 31)),
        ("year_to_date", LEAP, date(2028, 1, 1), LEAP),
        ("yesterday", date(2026, 1, 1), date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_a_period_in_words_has_its_days(name: str, today: date, since: date, until: date) -> None:
    assert resolve(name, today, SETTINGS) == Days(since, until)


def test_a_fiscal_quarter_may_cross_the_year() -> None:
    settings = ReportSettings(fiscal_year_start=12)
    assert resolve("this_fiscal_quarter", date(2027, 1, 15), settings) == Days(date(2026, 12, 1), date(2027, 2, 28))


def test_a_quarter_to_date_is_compared_with_the_same_part_of_the_quarter_before() -> None:
    before = compared_with("previous_period", "quarter_to_date", date(2026, 11, 18), SETTINGS)
    assert before == Days(date(2026, 7, 1), date(2026, 8, 18))


def test_a_year_before_the_end_of_february_is_the_end_of_february() -> None:
    settings = ReportSettings()
    before = compared_with("same_period_last_year", "this_month", LEAP, settings)
    assert before == Days(date(2027, 2, 1), date(2027, 2, 28))


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year", "fiscal_year", "fiscal_quarter"])
@pytest.mark.parametrize("start", [1, 4, 10])
def test_buckets_follow_one_another_without_gap_or_overlap(unit: str, start: int) -> None:
    settings = ReportSettings(week_start=6, fiscal_year_start=start)
    day = date(2025, 12, 1)
    for _ in range(30):
        here = bucket(day, unit, settings)
        assert here.since is not None
        assert here.until is not None
        assert here.holds(day)
        after = bucket(date.fromordinal(here.until.toordinal() + 1), unit, settings)
        assert after.since == date.fromordinal(here.until.toordinal() + 1)
        day = after.since
