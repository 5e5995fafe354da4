"""Amounts of money as sales people write them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agent.embedded.reading.currencies import exponent
from bot.agent.embedded.reading.money import MoneyReading, read_money


def only(text: str, default: str | None = None) -> MoneyReading:
    found = read_money(text, default)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("$45k", 4_500_000, "USD"),
        ("EUR 1.2m", 120_000_000, "EUR"),
        ("€1,2 Mio", 120_000_000, "EUR"),
        ("1,5 Mio. EUR", 150_000_000, "EUR"),
        ("45 thousand euros", 4_500_000, "EUR"),
        ("forty grand", 4_000_000, None),
        ("1.5 million dollars", 150_000_000, "USD"),
        ("12,500.50 USD", 1_250_050, "USD"),
        ("1.234,56 €", 123_456, "EUR"),
        ("half a million", 50_000_000, None),
        ("move it to 84k", 8_400_000, None),
        ("a hundred bucks", 10_000, "USD"),
        ("a couple of thousand euros", 200_000, "EUR"),
        ("JPY 5000", 5_000, "JPY"),
        ("KWD 1.234", 1_234, "KWD"),
        ("CHF 1'200.50", 120_050, "CHF"),
        ("5.000 EUR", 500_000, "EUR"),
        ("forty-five thousand pounds", 4_500_000, "GBP"),
        ("thirteen dollars forty-five cents", 1_345, "USD"),
        ("it is 15 dollars and 50.", 1_550, "USD"),
        ("48.5 MGBP", 4_850_000_000, "GBP"),
        ("1 234 567 EUR", 123_456_700, "EUR"),
    ],
)
def test_an_amount_is_read_in_minor_units(text: str, minor: int, currency: str | None) -> None:
    reading = only(text)
    assert (reading.amount_minor, reading.currency) == (minor, currency)


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("£3k-5k", 300_000, 500_000, "GBP"),
        ("between 40 and 50k", 4_000_000, 5_000_000, None),
        ("$1.2M to $1.5M", 120_000_000, 150_000_000, "USD"),
        ("from 80k to 95k EUR", 8_000_000, 9_500_000, "EUR"),
    ],
)
def test_a_range_lends_its_scale_and_currency_to_both_ends(
    text: str, low: int, high: int, currency: str | None
) -> None:
    reading = only(text)
    assert (reading.low, reading.high, reading.currency, reading.approximate) == (low, high, currency, True)


def test_a_rough_amount_says_so() -> None:
    assert only("about $40k").approximate
    assert not only("$40k").approximate


def test_a_dollar_is_the_teams_own() -> None:
    assert only("$45k", "CAD").currency == "CAD"
    assert only("$45k", "EUR").currency == "USD"


def test_an_unsaid_currency_stays_unsaid_but_lends_its_minor_unit() -> None:
    reading = only("84k", "JPY")
    assert (reading.currency, reading.amount_minor) == (None, 84_000)


@pytest.mark.parametrize(
    "text",
    [
        "10-20 users",
        "84k users",
        "we have 5k contacts",
        "ran a 10k race",
        "15%",
        "SOC 2",
        "v2.3",
        "on 3/4",
        "in 2026",
        "24/7 support",
        "200 seats",
        "call +1 415 555 0100",
        "a 30m call",
        "we won 3 deals",
        "lost his pen 7 times",
        "twenty-six people",
        "3 hours",
        "",
    ],
)
def test_what_is_no_money_is_left_alone(text: str) -> None:
    assert read_money(text, "EUR") == []


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
    | st.text(alphabet="0123456789.,'$€£kmb -%toaneurhd", max_size=30)
)
def test_reading_never_fails_and_spans_lie_in_the_text(text: str) -> None:
    for reading in read_money(text, "EUR"):
        assert text[reading.span.start : reading.span.end] == reading.span.text != ""


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 10**12),
    st.sampled_from(["EUR", "USD", "JPY", "KWD", "SEK"]),
    st.sampled_from(["{currency} {amount}", "{amount} {currency}"]),
)
def test_a_written_amount_is_read_back(minor: int, currency: str, pattern: str) -> None:
    amount = Decimal(minor).scaleb(-exponent(currency))
    reading = only(f"it is {pattern.format(currency=currency, amount=f'{amount:,}')} now")
    assert (reading.amount_minor, reading.currency) == (minor, currency)
