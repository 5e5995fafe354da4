"""What English says for days, stretches, lengths, hours and amounts, each with the reading it must have.

``phrases.txt`` and ``amounts.txt`` hold one phrase a line with its reading behind a bar; ``no_times.txt`` what is none.
The phrases are read on Wednesday 18 November 2026, ten in the morning in Berlin.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agent.embedded.reading.money import MoneyReading, read_money
from bot.agent.embedded.reading.times import TimeReading, read_times
from bot.agent.embedded.reading.values import Length

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)
_HERE = Path(__file__).parent


def _lines(name: str) -> list[str]:
    return [line for line in (_HERE / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def _pairs(name: str) -> list[tuple[str, str]]:
    return [
        (phrase.strip(), reading.strip()) for phrase, _, reading in (line.partition(" | ") for line in _lines(name))
    ]


def _moment(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%dT%H:%M")
    return "" if moment is None else moment.isoformat()


def _length(length: Length) -> str:
    counts = zip((length.months, length.days, length.business_days, length.seconds), ["m", "d", "b", "s"], strict=True)
    return " ".join(f"{count}{unit}" for count, unit in counts if count)


def _every(reading: TimeReading) -> str:
    every = reading.every
    assert every is not None
    words = [str(every.interval), every.unit, *(f"on{day}" for day in every.weekdays)]
    words += [f"nth{every.nth}"] if every.nth else []
    words += [f"day{every.day}"] if every.day else []
    words += [f"at{every.clock.hour}"] if every.clock else []
    return " ".join([*words, "from", _moment(reading.start)])


def written(reading: TimeReading) -> str:
    """A reading in one line: its kind, its value, "or" every other reading, and its bound in brackets."""
    if reading.length is not None:
        return f"duration {_length(reading.length)}"
    if reading.every is not None:
        return f"recurrence {_every(reading)}"
    value = _moment(reading.start)
    if reading.kind in ("range", "time"):
        value += f"..{_moment(reading.end)}"
    others = "".join(f" or {_moment(other.start)}..{_moment(other.end)}" for other in reading.ambiguous)
    return f"{reading.kind} {value}{others}" + (f" [{reading.bound}]" if reading.bound else "")


@pytest.mark.parametrize(("phrase", "reading"), _pairs("phrases.txt"), ids=str)
def test_a_phrase_is_read_whole(phrase: str, reading: str) -> None:
    found = read_times(phrase, NOW)
    assert [written(one) for one in found] == [reading]


@pytest.mark.parametrize("text", _lines("no_times.txt"), ids=str)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert [one.span.text for one in read_times(text, NOW)] == []


def sum_of(reading: MoneyReading) -> str:
    """An amount in one line: minor units, the currency or "?", "~" when it is approximate, and its ends."""
    ends = f" {reading.low}..{reading.high}" if reading.low is not None else ""
    return f"{reading.amount_minor} {reading.currency or '?'}{'~' if reading.approximate else ''}{ends}"


@pytest.mark.parametrize(("phrase", "amount"), _pairs("amounts.txt"), ids=str)
def test_an_amount_is_read(phrase: str, amount: str) -> None:
    assert [sum_of(one) for one in read_money(phrase)] == [amount]


DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 30))


@settings(max_examples=80, deadline=None)
@given(DAYS, st.integers(1, 400), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y"]))
def test_two_written_days_are_read_as_the_stretch_between(first: date, length: int, pattern: str) -> None:
    last = first + timedelta(days=length)
    for text in (f"from {first:{pattern}} to {last:{pattern}}", f"between {first:{pattern}} and {last:{pattern}}"):
        assert [(one.start, one.end) for one in read_times(text, NOW)] == [(first, last + timedelta(days=1))]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 300), st.sampled_from(["days", "weeks", "months", "years", "hours", "minutes", "business days"]))
def test_a_count_and_a_unit_are_a_length(count: int, unit: str) -> None:
    lengths = {
        "days": Length(days=count),
        "weeks": Length(days=7 * count),
        "months": Length(months=count),
        "years": Length(months=12 * count),
        "hours": Length(seconds=3600 * count),
        "minutes": Length(seconds=60 * count),
        "business days": Length(business_days=count),
    }
    assert [one.length for one in read_times(f"it takes {count} {unit}", NOW)] == [lengths[unit]]


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(0, 23), st.integers(0, 59), st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]))
def test_a_day_an_hour_and_a_zone_are_that_instant(day: date, hour: int, minute: int, zone: str) -> None:
    word = {"UTC": "UTC", "America/New_York": "New York time", "Asia/Tokyo": "JST"}[zone]
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    stated = f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
    assert [one.start for one in read_times(f"{day:%d %B %Y} at {stated} {word}", NOW)] == [there]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(2020, 2035), st.sampled_from(["Q{q} {y}", "{y} Q{q}", "{y}-Q{q}", "q{q}/{y}"]))
def test_a_quarter_is_three_months(quarter: int, year: int, pattern: str) -> None:
    found = read_times(f"in {pattern.format(q=quarter, y=year)}", NOW)
    start = date(year, 3 * quarter - 2, 1)
    assert [(one.start, one.end) for one in found] == [(start, date(year + quarter // 4, 3 * quarter % 12 + 1, 1))]


@settings(max_examples=100, deadline=None)
@given(
    st.decimals(Decimal("1"), Decimal("9999999"), places=2),
    st.sampled_from(["EUR", "USD", "GBP", "CHF"]),
    st.sampled_from(["{code} {amount:,.2f}", "{amount:,.2f} {code}", "{code}{amount:.2f}", "{amount:.2f} {code}"]),
)
def test_a_written_amount_is_read_back(amount: Decimal, currency: str, pattern: str) -> None:
    found = read_money(f"they pay {pattern.format(code=currency, amount=amount)} a year")
    assert [(one.amount_minor, one.currency) for one in found] == [(int(amount * 100), currency)]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 899), st.sampled_from(["k", "K", " thousand", " grand", "m", " million"]))
def test_a_multiplied_amount_is_read_back(count: int, scale: str) -> None:
    factor = 1_000_000 if scale.strip() in ("m", "million") else 1000
    assert [one.amount_minor for one in read_money(f"the deal is worth €{count}{scale}")] == [count * factor * 100]
