"""Numbers in words and in figures."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agent.embedded.reading.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("forty-two", "42", "count"),
        ("a dozen", "12", "count"),
        ("two and a half thousand", "2500", "count"),
        ("one hundred and sixteen", "116", "count"),
        ("two million three hundred thousand and five", "2300005", "count"),
        ("1,674,200", "1674200", "count"),
        ("3 hundred", "300", "count"),
        ("half a million", "500000", "count"),
        ("15k", "15000", "count"),
        ("38 %", "38", "percent"),
        ("thirty percent", "30", "percent"),
        ("12.5 per cent", "12.5", "percent"),
        ("the 21st", "21", "ordinal"),
        ("twenty second", "22", "ordinal"),
        ("third", "3", "ordinal"),
    ],
)
def test_a_number_is_read(text: str, value: str, kind: str) -> None:
    (reading,) = read_numbers(text)
    assert (reading.value, reading.kind) == (Decimal(value), kind)


def test_several_numbers_are_kept_apart() -> None:
    assert [reading.value for reading in read_numbers("3 of 4 deals, two lost")] == [3, 4, 2]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["two", "and", "a", "half", "of", "dozen", "hundred", "million", "third", "7", "1,000", "%", "couple"]
        )
    ).map(" ".join)
)
def test_reading_never_fails_and_spans_lie_in_the_text(text: str) -> None:
    for reading in read_numbers(text):
        assert text[reading.span.start : reading.span.end] == reading.span.text != ""
