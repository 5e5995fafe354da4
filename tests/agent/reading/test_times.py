"""Times as sales people write them, read on Wednesday 18 November 2026, ten in the morning in Berlin."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agent.embedded.reading.times import TimeReading, read_times
from bot.agent.embedded.reading.values import Interval, Length

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)


def only(text: str, now: datetime = NOW, **options: object) -> TimeReading:
    found = read_times(text, now, **options)  # type: ignore[arg-type]  # options are the keyword arguments under test
    assert len(found) == 1, [reading.span.text for reading in found]
    return found[0]


DAYS = {
    "call them today": date(2026, 11, 18),
    "send it tmrw": date(2026, 11, 19),
    "talked yesterday": date(2026, 11, 17),
    "the day after tomorrow": date(2026, 11, 20),
    "on Friday": date(2026, 11, 20),
    "follow up tue": date(2026, 11, 24),
    "follow up sat": date(2026, 11, 21),
    "call her mon": date(2026, 11, 23),
    "catch up with anna sun": date(2026, 11, 22),
    "this Friday": date(2026, 11, 20),
    "next Friday": date(2026, 11, 27),
    "coming Monday": date(2026, 11, 23),
    "last Friday": date(2026, 11, 13),
    "two Fridays from now": date(2026, 11, 27),
    "a week from today": date(2026, 11, 25),
    "a week from Friday": date(2026, 11, 27),
    "in 3 days": date(2026, 11, 21),
    "in a couple of days": date(2026, 11, 20),
    "3 weeks ago": date(2026, 10, 28),
    "three weeks ago": date(2026, 10, 28),
    "end of next month": date(2026, 12, 31),
    "EOM": date(2026, 11, 30),
    "quarter end": date(2026, 12, 31),
    "end of the week": date(2026, 11, 20),
    "5 Dec 26": date(2026, 12, 5),
    "EOQ": date(2026, 12, 31),
    "EOY": date(2026, 12, 31),
    "EOD": date(2026, 11, 18),
    "the 21st": date(2026, 11, 21),
    "21 Nov": date(2026, 11, 21),
    "Nov 21st 2027": date(2027, 11, 21),
    "21/11/2026": date(2026, 11, 21),
    "2026-11-21": date(2026, 11, 21),
    "21.11.2026": date(2026, 11, 21),
    "11/21": date(2026, 11, 21),
    "first Monday of December": date(2026, 12, 7),
    "last Friday of the month": date(2026, 11, 27),
    "Tuesday next week": date(2026, 11, 24),
    "Christmas": date(2026, 12, 25),
    "tuseday": date(2026, 11, 24),
    "wensday": date(2026, 11, 25),
    "thrusday": date(2026, 11, 19),
    "5 Febuary": date(2027, 2, 5),
    "the twenty second of December": date(2026, 12, 22),
}


@pytest.mark.parametrize(("text", "day"), DAYS.items(), ids=str)
def test_a_day_is_read(text: str, day: date) -> None:
    reading = only(text)
    assert (reading.kind, reading.start, reading.end) == ("date", day, None)


RANGES: dict[str, tuple[date | None, date | None]] = {
    "this week": (date(2026, 11, 16), date(2026, 11, 23)),
    "nxt week": (date(2026, 11, 23), date(2026, 11, 30)),
    "last quarter": (date(2026, 7, 1), date(2026, 10, 1)),
    "Q3 2026": (date(2026, 7, 1), date(2026, 10, 1)),
    "H1 2027": (date(2027, 1, 1), date(2027, 7, 1)),
    "next year": (date(2027, 1, 1), date(2028, 1, 1)),
    "December": (date(2026, 12, 1), date(2027, 1, 1)),
    "mid-December": (date(2026, 12, 11), date(2026, 12, 21)),
    "since Monday": (date(2026, 11, 16), date(2026, 11, 19)),
    "before Q2": (None, date(2027, 4, 1)),
    "not before 5 December": (date(2026, 12, 5), None),
    "after the 25th": (date(2026, 11, 26), None),
    "until Friday": (None, date(2026, 11, 21)),
    "by Tuesday": (None, date(2026, 11, 25)),
    "by end of June": (None, date(2027, 7, 1)),
    "between Monday and Thursday": (date(2026, 11, 23), date(2026, 11, 27)),
    "from Oct 1 to Nov 15 2026": (date(2026, 10, 1), date(2026, 11, 16)),
    "from 4 to 22 this month": (date(2026, 11, 4), date(2026, 11, 23)),
    "next two weeks": (date(2026, 11, 19), date(2026, 12, 3)),
    "past 90 days": (date(2026, 8, 20), date(2026, 11, 19)),
    "last 6 months": (date(2026, 5, 18), date(2026, 11, 19)),
    "year to date": (date(2026, 1, 1), date(2026, 11, 19)),
    "this year so far": (date(2026, 1, 1), date(2026, 11, 19)),
    "before the holidays": (None, date(2026, 12, 24)),
    "since summer": (date(2026, 6, 1), date(2026, 11, 19)),
    "more than 2 weeks ago": (None, date(2026, 11, 4)),
    "the week of the 7th": (date(2026, 12, 7), date(2026, 12, 14)),
}


@pytest.mark.parametrize(("text", "bounds"), RANGES.items(), ids=str)
def test_a_range_is_read_with_its_end_excluded(text: str, bounds: tuple[date | None, date | None]) -> None:
    reading = only(text)
    assert (reading.kind, reading.start, reading.end) == ("range", *bounds)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("for 30 minutes", Length(seconds=1800)),
        ("half an hour", Length(seconds=1800)),
        ("a couple of days", Length(days=2)),
        ("two and a half hours", Length(seconds=9000)),
        ("1 month and 21 days", Length(months=1, days=21)),
        ("a 90d trial", Length(days=90)),
        ("a 45-minute demo", Length(seconds=2700)),
    ],
)
def test_a_duration_is_read(text: str, length: Length) -> None:
    reading = only(text)
    assert (reading.kind, reading.length) == ("duration", length)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("tomorrow at 3pm", datetime(2026, 11, 19, 15, tzinfo=BERLIN)),
        ("Tue 2pm EST", datetime(2026, 11, 24, 19, tzinfo=UTC)),
        ("Friday at noon", datetime(2026, 11, 20, 12, tzinfo=BERLIN)),
        ("9:30 on 1 December", datetime(2026, 12, 1, 9, 30, tzinfo=BERLIN)),
        ("Monday at half past two", datetime(2026, 11, 23, 14, 30, tzinfo=BERLIN)),
        ("2026-11-20T08:15:00Z", datetime(2026, 11, 20, 8, 15, tzinfo=UTC)),
        ("in 2 hours", datetime(2026, 11, 18, 12, tzinfo=BERLIN)),
    ],
)
def test_an_instant_is_read_in_its_zone(text: str, moment: datetime) -> None:
    reading = only(text)
    assert (reading.kind, reading.start) == ("datetime", moment)


def test_a_part_of_a_day_is_a_stretch_of_hours() -> None:
    reading = only("tomorrow morning")
    assert reading.start == datetime(2026, 11, 19, 8, tzinfo=BERLIN)
    assert reading.end == datetime(2026, 11, 19, 12, tzinfo=BERLIN)


def test_a_time_without_a_day_says_so() -> None:
    assert only("at 3pm").kind == "time"


@pytest.mark.parametrize(
    ("text", "interval", "weekdays"),
    [("every other Tuesday", 2, (1,)), ("weekly", 1, ()), ("every monday and thursday", 1, (0, 3))],
)
def test_a_recurrence_is_read(text: str, interval: int, weekdays: tuple[int, ...]) -> None:
    reading = only(text)
    assert reading.kind == "recurrence"
    assert reading.every is not None
    assert (reading.every.unit, reading.every.interval, reading.every.weekdays) == ("week", interval, weekdays)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("next Friday", Interval(date(2026, 11, 20), None, "day")),
        ("10/11", Interval(date(2027, 10, 11), None, "day")),
        ("17 November", Interval(date(2026, 11, 17), None, "day")),
        ("last Monday", Interval(date(2026, 11, 9), None, "day")),
    ],
)
def test_what_can_be_two_days_names_the_other(text: str, other: Interval) -> None:
    assert other in only(text).ambiguous


def test_a_weekday_said_on_that_day_is_the_next_one_with_today_as_the_other_reading() -> None:
    reading = only("by Wednesday")
    assert reading.last_day == date(2026, 11, 25)
    assert [other.end for other in reading.ambiguous] == [date(2026, 11, 19)]


def test_a_stretch_since_a_time_still_to_come_is_no_stretch() -> None:
    assert all(reading.bound != "since" for reading in read_times("since tonight", NOW))


def test_a_weekday_that_contradicts_its_date_is_ambiguous() -> None:
    reading = only("Monday 24 November 2026")
    assert reading.start == date(2026, 11, 24)
    assert [other.start for other in reading.ambiguous] == [date(2026, 11, 23)]


def test_the_past_is_preferred_when_asked_for() -> None:
    assert only("on Friday", prefer="past").start == date(2026, 11, 13)
    assert only("in March", prefer="past").start == date(2026, 3, 1)
    assert only("Q3", prefer="past").start == date(2026, 7, 1)


def test_the_month_comes_first_when_the_person_writes_so() -> None:
    assert only("3/4", day_first=False).start == date(2027, 3, 4)
    assert only("3/4", day_first=True).start == date(2027, 4, 3)


def test_quarters_follow_the_fiscal_year() -> None:
    assert only("Q1 2027", fiscal_year_start_month=2).start == date(2026, 2, 1)
    assert only("FY27", fiscal_year_start_month=2).end == date(2027, 2, 1)
    assert only("this quarter", fiscal_year_start_month=2).start == date(2026, 11, 1)


def test_the_week_starts_on_the_day_the_person_says() -> None:
    assert only("this week", week_start=6).start == date(2026, 11, 15)


@pytest.mark.parametrize(
    "text",
    [
        "we may call them",
        "May I ask what this is for?",
        "they march on",
        "April Chen asked for pricing",
        "call with May Lindqvist went well",
        "is SOC 2 in scope",
        "moved to v2.3",
        "10-20 users",
        "support is 24/7",
        "call +1 415 555 0100",
        "my number is 555-0100",
        "the first call went well",
        "the deal could fall through",
        "the sun is out",
        "we sat down with legal",
        "second opinion from legal",
        "it costs $12.50 per seat",
        "win rate is 38%",
        "3 of 4 signed",
        "ratio 4:3",
        "https://example.org/2026/11/21/notes",
        "met with Jan about the pilot",
        "Feb 30",
        "31 November",
        "score 8/10",
        "room 12/14",
        "Sat through the whole demo",
        "looked at 3 vendors",
        "the deal is now 2 million",
        "June Park joined",
        "1/2 of the users",
        "wed like to see pricing",
        "",
    ],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert read_times(text, NOW) == []


def test_the_rest_of_the_message_keeps_its_other_times() -> None:
    found = read_times("met Ana yesterday, send the quote by Friday and review on 3 December at 10am", NOW)
    assert [reading.span.text for reading in found] == ["yesterday", "by Friday", "on 3 December at 10am"]


def test_a_move_from_one_day_to_another_names_two_days() -> None:
    found = read_times("pushed from Nov 30 to Dec 18", NOW)
    assert [(reading.kind, reading.start) for reading in found] == [
        ("date", date(2026, 11, 30)),
        ("date", date(2026, 12, 18)),
    ]


def test_a_silence_lies_behind() -> None:
    reading = only("no activity in 3 weeks")
    assert (reading.start, reading.end) == (date(2026, 10, 28), date(2026, 11, 19))
    assert only("check in with them in 3 weeks").start == date(2026, 12, 9)


def test_the_message_itself_shows_the_order_of_day_and_month() -> None:
    reading = only("out of office 12/23 - 1/2", day_first=True)
    assert (reading.start, reading.end) == (date(2026, 12, 23), date(2027, 1, 3))


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_times("today", datetime(2026, 11, 18))


WORDS = st.sampled_from(
    [
        "next",
        "last",
        "this",
        "friday",
        "tue",
        "may",
        "march",
        "3",
        "21st",
        "2026",
        "q3",
        "of",
        "the",
        "in",
        "from",
        "to",
        "between",
        "and",
        "before",
        "ago",
        "week",
        "months",
        "days",
        "until",
        "half",
        "past",
        "two",
        "a",
        "at",
        "3pm",
        "11/21",
        "-",
        ",",
        ".",
        "end",
        "mid",
        "every",
        "other",
        "eod",
        "summer",
        "christmas",
        "99999999",
        "31",
        "feb",
        "30",
        "1/0",
        "0",
        "years",
        "business",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=9).map(" ".join)), st.sampled_from(["future", "past"]))
def test_reading_never_fails_and_spans_lie_in_the_text(text: str, prefer: str) -> None:
    end = 0
    for reading in read_times(text, NOW, prefer=prefer):  # type: ignore[arg-type]  # both values are of the literal
        assert text[reading.span.start : reading.span.end] == reading.span.text != ""
        assert reading.span.start >= end
        end = reading.span.end


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2089, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d/%m/%Y", "%A, %d %b %Y", "%B %d %Y"]),
)
def test_a_written_date_is_read_back(day: date, pattern: str) -> None:
    reading = only(f"close it on {day.strftime(pattern)}, please")
    assert (reading.kind, reading.start) == ("date", day)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400))
def test_a_number_of_days_away_is_that_day(count: int) -> None:
    assert only(f"in {count} days").start == NOW.date() + timedelta(days=count)
    assert only(f"{count} days ago").start == NOW.date() - timedelta(days=count)


@pytest.mark.parametrize(
    "text", ["he wed his wife", "we sat down", "I sat in on the call", "the sun was out", "they wed"]
)
def test_a_short_weekday_that_is_a_verb_or_a_noun_is_no_day(text: str) -> None:
    assert read_times(text, NOW) == []


def test_the_same_period_of_last_year_is_a_year_back() -> None:
    quarter, month = only("the same quarter last year"), only("same month of last year")
    assert (quarter.start, quarter.end) == (date(2025, 10, 1), date(2026, 1, 1))
    assert (month.start, month.end) == (date(2025, 11, 1), date(2025, 12, 1))


def test_a_deadline_of_an_hour_keeps_its_bound() -> None:
    assert (only("send it by 5pm").bound, only("send it at 5pm").bound) == ("by", "")


@pytest.mark.parametrize("text", ["call her tuesday, then write", "by friday, please", "next week, if possible"])
def test_a_comma_after_a_time_is_not_part_of_it(text: str) -> None:
    assert not only(text).span.text.endswith(",")
