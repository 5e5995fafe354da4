"""Periods in words, on days where they go wrong easily."""

from datetime import date

import pytest

from crm_store.errors import Invalid
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
        ("since:monday", date(2026, 11, 18), date(2026, 11, 16), None),
        ("since_monday", date(2026, 11, 16), date(2026, 11, 9), None),
        ("since:2026-07-01", date(2026, 11, 18), date(2026, 7, 1), None),
        ("until:last_month", date(2026, 11, 18), None, date(2026, 10, 31)),
        ("before:2026-07-01", date(2026, 11, 18), None, date(2026, 6, 30)),
        ("older_than_90_days", date(2026, 11, 18), None, date(2026, 8, 19)),
        ("newer_than_7_days", date(2026, 11, 18), date(2026, 11, 12), None),
        ("Q3 2026", date(2026, 11, 18), date(2026, 7, 1), date(2026, 9, 30)),
        ("q4", date(2026, 11, 18), date(2026, 10, 1), date(2026, 12, 31)),
        ("q1", date(2026, 11, 18), date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q2", date(2026, 11, 18), date(2026, 4, 1), date(2026, 6, 30)),
        ("2025", date(2026, 11, 18), date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-02", date(2026, 11, 18), date(2026, 2, 1), date(2026, 2, 28)),
        ("august", date(2026, 11, 18), date(2026, 8, 1), date(2026, 8, 31)),
        ("December", date(2026, 11, 18), date(2025, 12, 1), date(2025, 12, 31)),
        ("Previous quarter", date(2026, 2, 1), date(2025, 10, 1), date(2025, 12, 31)),
        ("YTD", date(2026, 11, 18), date(2026, 1, 1), date(2026, 11, 18)),
        ("past-30-days", date(2026, 11, 18), date(2026, 10, 20), date(2026, 11, 18)),
        ("this half", date(2026, 11, 18), date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-07-01..2026-09-30", date(2026, 11, 18), date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-07-01 to 2026-09-30", date(2026, 11, 18), date(2026, 7, 1), date(2026, 9, 30)),
        ("yesterday", date(2026, 1, 1), date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_a_period_in_words_has_its_days(name: str, today: date, since: date | None, until: date | None) -> None:
    assert resolve(name, today, SETTINGS) == Days(since, until)


def test_a_fiscal_quarter_may_cross_the_year() -> None:
    settings = ReportSettings(fiscal_year_start=12)
    assert resolve("this_fiscal_quarter", date(2027, 1, 15), settings) == Days(date(2026, 12, 1), date(2027, 2, 28))


@pytest.mark.parametrize("name", ["FY26 Q2", "fy2026_q2", "Q2 FY26", "fq2_2026"])
def test_a_fiscal_quarter_is_named_by_the_year_in_which_its_year_ends(name: str) -> None:
    april = ReportSettings(fiscal_year_start=4)
    assert resolve(name, date(2026, 11, 18), april) == Days(date(2025, 7, 1), date(2025, 9, 30))
    assert resolve(name, date(2026, 11, 18), SETTINGS) == Days(date(2026, 4, 1), date(2026, 6, 30))


def test_a_year_to_date_is_compared_with_the_same_part_of_the_year_before() -> None:
    before = compared_with("previous_period", "year_to_date", date(2028, 2, 29), SETTINGS)
    assert before == Days(date(2027, 1, 1), date(2027, 2, 28))


def test_what_began_on_monday_is_compared_with_as_many_days_before() -> None:
    before = compared_with("previous_period", "since:monday", date(2026, 11, 18), SETTINGS)
    assert before == Days(date(2026, 11, 13), date(2026, 11, 15))


def test_an_unknown_period_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(Invalid, match=r"no period called 'fortnight'.*since:monday"):
        resolve("fortnight", date(2026, 11, 18), SETTINGS)


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
