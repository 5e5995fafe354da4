"""Rules for days and weeks told by another one: "the Friday before Christmas", "a week on Friday", "this time last year"."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.agent.embedded.reading.calendars import DAY, day_of, moved, period, single_day, step
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.periods import relative
from bot.agent.embedded.reading.values import (
    Context,
    Grain,
    Interval,
    Length,
    Number,
    Ordinal,
    Unit,
    Value,
    WeekdayName,
    When,
)
from bot.agent.embedded.reading.weekdays import coming_weekday, weekday_of_next_week

_WHOLE_PERIODS: dict[str, Grain] = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}
_WORKING_DAYS = 5


def _beside(weekday: int, other: When, sign: int, nth: int = 1) -> Value | None:
    """The ``nth`` such weekday after (1) or before (-1) a time, the time itself left out."""
    if other.start is None:
        return None
    if sign > 0:
        first = day_of(other.end) if other.end is not None else day_of(other.start) + DAY
        return single_day(first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1)))
    last = day_of(other.start) - DAY
    return single_day(last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (nth - 1)))


def _weekday_beside(sign: int) -> Callable[[Context, WeekdayName, When], Value | None]:
    return lambda _context, weekday, other: _beside(weekday.number, other, sign)


def _nth_beside(sign: int) -> Callable[[Context, Ordinal, WeekdayName, When], Value | None]:
    return lambda _context, nth, weekday, other: (
        _beside(weekday.number, other, sign, nth.value) if nth.value < 54 else None
    )


def _weekday_after_next(context: Context, weekday: WeekdayName) -> Value | None:
    """The one after the coming one; after next week's is another reading."""
    coming, next_week = coming_weekday(context, weekday), weekday_of_next_week(context, weekday)
    week = timedelta(weeks=1)
    return single_day(coming + week, [next_week + week] if next_week != coming else [])


def _weekday_before_last(context: Context, weekday: WeekdayName) -> Value | None:
    back = (context.today.weekday() - weekday.number - 1) % 7 + 1
    return single_day(context.today - timedelta(days=back + 7))


def _period_beside(sign: int) -> Callable[[Context, Unit, When], Value | None]:
    def build(context: Context, unit: Unit, other: When) -> Value | None:
        """ "The week before Christmas": the whole calendar week before the one that holds it."""
        if other.start is None or unit.plural or other.grain in ("minute", "hour", "part"):
            return None
        anchor = day_of(other.end) - DAY if sign > 0 and other.end is not None else day_of(other.start)
        if unit.name == "weekend":
            saturday = anchor + timedelta(days=(5 - anchor.weekday()) % 7)
            start = saturday if sign > 0 and saturday > anchor else saturday + timedelta(weeks=1 if sign > 0 else -1)
            return When(start, start + 2 * DAY, "weekend")
        grain = _WHOLE_PERIODS.get(unit.name)
        if grain is None:
            return None
        found = period(step(anchor, grain, sign), grain, context)
        return When(found.start, found.end, grain)

    return build


def _stretch_before(_context: Context, length: Length, day: When) -> Value | None:
    if day.start is None or length.seconds:
        return None
    try:
        return When(moved(day_of(day.start), length, -1), day_of(day.start), "day", "between")
    except (ValueError, OverflowError):
        return None


def _stretch_after(_context: Context, length: Length, day: When) -> Value | None:
    if day.start is None or length.seconds:
        return None
    first = day_of(day.end) if day.end is not None else day_of(day.start)
    try:
        return When(first, moved(first, length, 1), "day", "between")
    except (ValueError, OverflowError):
        return None


def _within_of(_context: Context, length: Length, day: When) -> Value | None:
    """ "Within 3 days of 1 December": from that day to three days after it, which belongs to it."""
    if day.start is None or length.seconds:
        return None
    try:
        return When(day_of(day.start), day_of(moved(day_of(day.start), length, 1)) + DAY, "day", "between")
    except (ValueError, OverflowError):
        return None


def _whole_weeks(length: Length) -> int:
    return length.days // 7 if length.days % 7 == 0 and not (length.months or length.seconds) else 0


def _from_day(context: Context, length: Length, offset: int) -> Value | None:
    """ "A week tomorrow": lengths of whole weeks or months only; "two days today" is no day."""
    if not (_whole_weeks(length) or length.months):
        return None
    try:
        return single_day(day_of(moved(context.today + offset * DAY, length, 1)))
    except (ValueError, OverflowError):
        return None


def _weeks_and_weekday(context: Context, length: Length, weekday: WeekdayName) -> Value | None:
    """ "A week Friday"."""
    weeks = _whole_weeks(length)
    return single_day(coming_weekday(context, weekday) + timedelta(weeks=weeks)) if weeks else None


def _weeks_and_next(context: Context, length: Length, weekday: WeekdayName) -> Value | None:
    weeks = _whole_weeks(length)
    coming, next_week = coming_weekday(context, weekday), weekday_of_next_week(context, weekday)
    others = [coming + timedelta(weeks=weeks)] if coming != next_week else []
    return single_day(next_week + timedelta(weeks=weeks), others) if weeks else None


def _weekday_in(context: Context, weekday: WeekdayName, length: Length) -> Value | None:
    """ "Friday in two weeks": that week's day; the first such day after them is another reading. Months: the latter."""
    if length.seconds:
        return None
    try:
        target = day_of(moved(context.today, length, 1))
    except (ValueError, OverflowError):
        return None
    after = target + timedelta(days=(weekday.number - target.weekday()) % 7)
    if not _whole_weeks(length):
        return single_day(after)
    week = day_of(period(target, "week", context).start or target)
    same = week + timedelta(days=(weekday.number - context.week_start) % 7)
    return single_day(same, [after] if after != same else [])


def _in_weekdays(context: Context, count: Number, weekday: WeekdayName) -> Value | None:
    """ "In two Fridays"."""
    if not weekday.word.lower().endswith("days"):
        return None
    return single_day(coming_weekday(context, weekday) + timedelta(weeks=whole(count) - 1))


def _business_day(day: date, nth: int) -> date:
    """The ``nth`` working day from a day on (1 is the first on or after it; -1 the first on or before it)."""
    sign = 1 if nth > 0 else -1
    left = abs(nth)
    while True:
        if day.weekday() < _WORKING_DAYS:
            left -= 1
            if not left:
                return day
        day += sign * DAY


def _business(unit: Unit, said: bool) -> bool:
    return not unit.plural and unit.name == ("day" if said else "business day")


def _near_business_day(sign: int, *, said: bool) -> Callable[[Context, Unit], Value | None]:
    return lambda context, unit: (
        single_day(_business_day(context.today + sign * DAY, sign)) if _business(unit, said) else None
    )


def _business_day_in(nth: Ordinal | None, unit: Unit, span: When, *, said: bool) -> Value | None:
    if not _business(unit, said) or span.start is None or span.end is None:
        return None
    if nth is None:
        return single_day(_business_day(day_of(span.end) - DAY, -1))
    day = _business_day(day_of(span.start), nth.value) if 0 < nth.value < 300 else None
    return single_day(day) if day is not None and day < day_of(span.end) else None


def _this_day_of(sign: int) -> Callable[[Context, Unit], Value | None]:
    def build(context: Context, unit: Unit) -> Value | None:
        """ "This time next week", "the same day last year"."""
        grain = _WHOLE_PERIODS.get(unit.name)
        return None if grain is None or unit.plural else single_day(step(context.today, grain, sign))

    return build


def _length_ago_today(context: Context, length: Length) -> Value | None:
    return None if length.seconds else single_day(day_of(moved(context.today, length, -1)))


def _this_and_next(context: Context, unit: Unit) -> Value | None:
    """ "This or next week"."""
    this, following = relative(context, unit, 0), relative(context, unit, 1)
    if not isinstance(this, When) or not isinstance(following, When):
        return None
    return When(this.start, following.end, this.grain, "between")


def _same_two(context: Context, unit: Unit, again: Unit) -> Value | None:
    return _this_and_next(context, unit) if unit == again else None


def _week_ending(_context: Context, day: When) -> Value | None:
    if day.start is None or day.grain != "day":
        return None
    end = day_of(day.start) + DAY
    return When(end - timedelta(weeks=1), end, "week")


def _weekend_at(_context: Context, day: When) -> Value | None:
    """The weekend of a day: the one that holds it, or the nearer one."""
    if day.start is None or day.grain != "day":
        return None
    start = day_of(day.start)
    saturday = start + timedelta(days=(5 - start.weekday() + 2) % 7 - 2)
    return When(saturday, saturday + 2 * DAY, "weekend")


def _feast_weekend(context: Context, day: When, year: Number | None) -> Value | None:
    if day.cycle is None or day.cycle.step != "year":
        return None
    if year is None:
        return _weekend_at(context, day)
    found = day.cycle.at(date(whole(year), 1, 1))
    return None if found is None else _weekend_at(context, When(found.start, found.end, "day"))


def _feast_week(context: Context, day: When) -> Value | None:
    if day.cycle is None or day.cycle.step != "year" or day.start is None:
        return None
    found: Interval = period(day_of(day.start), "week", context)
    return When(found.start, found.end, "week")


RULES: list[Rule] = [
    Rule("the? <weekday> before <when>", _weekday_beside(-1)),
    Rule("the? next? <weekday> after|following <when>", _weekday_beside(1)),
    Rule("the? <ordinal> <weekday> before <when>", _nth_beside(-1)),
    Rule("the? <ordinal> <weekday> after|following <when>", _nth_beside(1)),
    Rule("the? last <weekday> before <when>", _weekday_beside(-1)),
    Rule("the? <weekday> after the? next", _weekday_after_next),
    Rule("the? <weekday> before last", _weekday_before_last),
    Rule("the? <unit> before <when>", _period_beside(-1)),
    Rule("the? <unit> after|following <when>", _period_beside(1)),
    Rule("the <length> before|preceding <day>", _stretch_before),
    Rule("the? <length> leading up to <day>", _stretch_before),
    Rule("the <length> after|following <day>", _stretch_after),
    Rule("within <length> of|from|after|following <day>", _within_of),
    Rule("<length> today", lambda c, n: _from_day(c, n, 0)),
    Rule("<length> tomorrow", lambda c, n: _from_day(c, n, 1)),
    Rule("<length> this? <weekday>", _weeks_and_weekday),
    Rule("<length> next <weekday>", _weeks_and_next),
    Rule("<weekday> in <length> time?", _weekday_in),
    Rule("in <length> time? ,? on <weekday>", lambda c, n, w: _weekday_in(c, w, n)),
    Rule("<length> from now|today ,? on <weekday>", lambda c, n, w: _weekday_in(c, w, n)),
    Rule("in <small> <weekday>", _in_weekdays),
    Rule("the? next|coming business|working <unit>", _near_business_day(1, said=True)),
    Rule("the? next|coming <unit>", _near_business_day(1, said=False)),
    Rule("the? last|past|prior business|working <unit>", _near_business_day(-1, said=True)),
    Rule("the? last|past|prior <unit>", _near_business_day(-1, said=False)),
    Rule(
        "the? <ordinal> business|working <unit> of|in <period>", lambda _, n, u, p: _business_day_in(n, u, p, said=True)
    ),
    Rule("the? <ordinal> <unit> of|in <period>", lambda _, n, u, p: _business_day_in(n, u, p, said=False)),
    Rule(
        "the? last|final business|working <unit> of|in <period>",
        lambda _, u, p: _business_day_in(None, u, p, said=True),
    ),
    Rule("the? last|final <unit> of|in <period>", lambda _, u, p: _business_day_in(None, u, p, said=False)),
    Rule("this|same|the time|day|date next <unit>", _this_day_of(1)),
    Rule("this|same|the time|day|date last <unit>", _this_day_of(-1)),
    Rule("the same time|day|date next <unit>", _this_day_of(1)),
    Rule("the same time|day|date last <unit>", _this_day_of(-1)),
    Rule("<length> ago today", _length_ago_today),
    Rule("this or|and|/ next <unit>", _this_and_next),
    Rule("this <unit> or|and|/ the? next <unit>", _same_two),
    Rule("this <unit> or|and next", _this_and_next),
    Rule("the? week ending|ended on? <day>", _week_ending),
    Rule("the? weekend of|around on? <day>", _weekend_at),
    Rule("the? <day> weekend ,? of? <year>?", _feast_weekend),
    Rule("<day> week", _feast_week),
]
