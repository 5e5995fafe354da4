"""Dates and numbers in every hand: whatever was written is read back as what was meant, or refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_store.imports.dates import day, day_or_month_first, moment
from crm_store.imports.known import external
from crm_store.imports.numbers import amount, comma_or_point, number
from crm_store.imports.values import Habits, plain_text

DATES = st.dates(date(1950, 1, 1), date(2100, 12, 31))
AMERICAN, EUROPEAN = Habits(), Habits(day_first=True, decimal_comma=True)


@given(DATES)
def test_a_date_is_read_back_in_every_notation(value: date) -> None:
    assert day(value.isoformat(), AMERICAN) == value
    assert day(f"{value.month}/{value.day}/{value.year}", AMERICAN) == value
    assert day(f"{value.day:02}.{value.month:02}.{value.year}", EUROPEAN) == value
    assert day(f"{value.day} {value:%b} {value.year}", AMERICAN) == value
    assert day(f"{value:%B} {value.day}, {value.year}", EUROPEAN) == value


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)))
def test_a_time_is_read_back_and_taken_as_utc(value: datetime) -> None:
    whole = value.replace(microsecond=0, tzinfo=UTC)
    assert moment(f"{whole:%Y-%m-%d %H:%M:%S}", AMERICAN) == whole
    assert moment(f"{whole:%Y-%m-%dT%H:%M:%S}.000+0000", AMERICAN) == whole
    assert moment(f"{whole:%Y-%m-%d %H:%M:%S}.000000 UTC", AMERICAN) == whole
    assert moment(f"{whole:%m/%d/%Y} {whole:%I:%M} {whole:%p}", AMERICAN) == whole.replace(second=0)


@given(st.datetimes(datetime(2001, 9, 10), datetime(2100, 1, 1)))
def test_epoch_milliseconds_are_a_time(value: datetime) -> None:
    whole = value.replace(microsecond=0, tzinfo=UTC)
    assert moment(str(int(whole.timestamp()) * 1000), AMERICAN) == whole


@given(st.integers(0, 10**11))
def test_an_amount_is_read_back_in_every_notation(cents: int) -> None:
    value = Decimal(cents) / 100
    american, german = f"{value:,.2f}", f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    for text, habit in ((american, AMERICAN), (german, EUROPEAN), (f"{value:.2f}", AMERICAN), (german.replace(".", " "), EUROPEAN),
                        (american.replace(",", "'"), AMERICAN), (f"${american}", AMERICAN), (f"{german} €", EUROPEAN)):  # fmt: skip
        assert number(text, habit) == value
    assert number(f"({american})", AMERICAN) == -value


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    for habit in (AMERICAN, EUROPEAN):
        try:
            found = number(text, habit)
        except ValueError:
            continue
        assert found is None or found.is_finite()


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    for habit in (AMERICAN, EUROPEAN):
        try:
            found = moment(text, habit)
        except (ValueError, OverflowError, OSError):
            continue
        assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [("$1,200", "1200", "USD"), ("USD 84,000.50", "84000.50", "USD"), ("€84k", "84000", "EUR"), ("1.5M", "1500000", None),
     ("12%", "12", None), ("-300", "-300", None), ("1e3", "1000", None), ("£-4", "-4", "GBP"), ("10.125", "10.125", None)],
)  # fmt: skip
def test_amounts_with_signs_and_letters(text: str, value: str, currency: str | None) -> None:
    assert amount(text, AMERICAN) == (Decimal(value), currency)


@pytest.mark.parametrize("text", ["1,23,456.7.8", "a lot", "12 apples and 3", "--5", "1.2.3,4,5", "9" * 30])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no number|too large"):
        number(text, AMERICAN)


def test_cells_show_whether_the_day_comes_first_and_which_decimal_mark_they_have() -> None:
    assert day_or_month_first(["31/12/2026", "03/04/2026"])[:2] == (1, 0)
    assert day_or_month_first(["12/31/2026", "03.04.2026"]) == (0, 1, 1, 2)
    assert comma_or_point(["1.234,5", "10", "7.25"]) == (1, 1, 0)
    assert comma_or_point(["1,234.50", "1,234", "0.125"]) == (0, 1, 1)


def test_a_days_number_of_a_spreadsheet_is_a_day() -> None:
    assert day("46356", AMERICAN) == date(2026, 11, 30)
    assert moment("46356.5", AMERICAN) == datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_a_time_without_a_zone_is_in_the_given_one_and_a_day_is_the_day_that_is_written() -> None:
    berlin = Habits(day_first=True, zone=ZoneInfo("Europe/Berlin"))
    for text in ("2026-07-01 00:30", "01.07.2026 00:30", "1 July 2026 00:30", "1. Juli 2026 00:30"):
        assert moment(text, berlin) == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
        assert day(text, berlin) == date(2026, 7, 1)
    assert moment("2026-07-01T00:30:00Z", berlin) == datetime(2026, 7, 1, 0, 30, tzinfo=UTC)


def test_a_format_that_is_given_is_the_only_one_read() -> None:
    form = Habits(form="%Y/%d/%m")
    assert day("2026/03/04", form) == date(2026, 4, 3)
    with pytest.raises(ValueError, match="not written as"):
        day("2026-03-04", form)


def test_the_end_of_time_is_no_date_and_nonsense_is_refused() -> None:
    assert moment("9999-12-31 23:59:59", AMERICAN) is None
    for text in ("2026-02-30", "tomorrow", "13/13/2026", "0001-01-01"):
        with pytest.raises(ValueError, match=r"date|calendar|year"):
            moment(text, AMERICAN)


def test_markup_becomes_plain_text_and_plain_text_stays() -> None:
    assert plain_text("<div>Hi <b>Nina</b>,<br>see you</div><script>x</script>") == "Hi Nina,\nsee you"
    assert plain_text("2 < 3 & 5 > 4") == "2 < 3 & 5 > 4"


def test_ids_are_the_same_however_they_were_written() -> None:
    assert external("0011G00000gY0y4", "salesforce") == "0011G00000gY0y4QAC"
    assert external("0011G00000gY0y4QAC", "salesforce") == "0011G00000gY0y4QAC"
    assert external("1244495215.0", "hubspot") == "1244495215"
