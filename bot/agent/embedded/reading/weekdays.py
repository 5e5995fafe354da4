"""Rules for days named by their weekday: "next Friday", "two Fridays from now", "Friday the 15th"."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.calendars import (
    day_of,
    day_of_month,
    instances,
    last_day,
    period,
    settled,
    single_day,
    weekday_cycle,
)
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import Context, Cycle, Number, Ordinal, Value, WeekdayName, When

# "Friday the 15th" said within two weeks of such a day is that day, whatever the tense.
_NEAR_DAYS = 14
# A date that its weekday fits in some other year is that date only when it is near.
_HALF_YEAR = 183


def _weekday(context: Context, weekday: WeekdayName) -> When | None:
    found = settled(weekday_cycle(weekday.number), context)
    if found is None or len(weekday.word.rstrip(".")) > 3 or weekday.word.lower() in ("thu", "fri", "tue"):
        return found
    return When(found.start, found.end, "day", others=found.others, needs="name", cycle=found.cycle)


def _in_week(context: Context, weekday: WeekdayName, weeks: int) -> date:
    start = period(context.today, "week", context).start
    assert start is not None
    return day_of(start) + timedelta(weeks=weeks, days=(weekday.number - context.week_start) % 7)


def _this_weekday(context: Context, weekday: WeekdayName) -> Value | None:
    this = _in_week(context, weekday, 0)
    if this < context.today and context.prefer == "future":
        return single_day(this, [this + timedelta(weeks=1)])
    return single_day(this)


def _next_weekday(context: Context, weekday: WeekdayName) -> Value | None:
    """Next week's day; the coming one is another reading whenever it is not the same day."""
    chosen, coming = weekday_of_next_week(context, weekday), coming_weekday(context, weekday)
    return single_day(chosen, [coming] if coming != chosen else [])


def weekday_of_next_week(context: Context, weekday: WeekdayName) -> date:
    return _in_week(context, weekday, 1)


def coming_weekday(context: Context, weekday: WeekdayName) -> date:
    """The first such day after today."""
    return context.today + timedelta(days=(weekday.number - context.today.weekday() - 1) % 7 + 1)


def _last_weekday(context: Context, weekday: WeekdayName) -> Value | None:
    """The latest one before today; the one of last week is another reading whenever it is not the same day."""
    latest = context.today - timedelta(days=(context.today.weekday() - weekday.number - 1) % 7 + 1)
    week_before = _in_week(context, weekday, -1)
    return single_day(latest, [week_before] if week_before != latest else [])


def _weekday_of(_context: Context, weekday: WeekdayName, week: When) -> Value | None:
    if week.grain != "week" or week.start is None:
        return None
    start = day_of(week.start)
    return single_day(start + timedelta(days=(weekday.number - start.weekday()) % 7))


def _weekday_ordinal(context: Context, weekday: WeekdayName, day: Ordinal) -> Value | None:
    """ "Friday the 15th": the coming such day, the latest one as another reading; None when there is none near."""
    if not 1 <= day.value <= 31 or (day.in_words and day.value < 13):
        return None
    cycle = day_of_month(day.value, weekday.number)
    near = [_day for one in range(-12, 13) if (_day := _try(cycle, context.today, one)) is not None]
    if not near:
        return None
    ahead, behind = [one for one in near if one >= context.today], [one for one in near if one < context.today]
    preferred = ahead[0] if (ahead and context.prefer == "future") or not behind else behind[-1]
    nearest = min(near, key=lambda one: abs((one - context.today).days))
    if abs((nearest - context.today).days) <= _NEAR_DAYS:
        return single_day(nearest, [preferred] if preferred != nearest else [])
    return single_day(preferred)


def _try(cycle: Cycle, around: date, months: int) -> date | None:
    try:
        found = cycle.at(around.replace(day=1) + relativedelta(months=months))
    except (ValueError, OverflowError):
        return None
    return day_of(found.start) if found is not None and found.start is not None else None


def _weekday_date(context: Context, weekday: WeekdayName, day: When) -> Value | None:
    """A weekday said with a date. Where the two disagree both are readings, the date first."""
    if not isinstance(day.start, date) or day.grain != "day" or day.needs == "range":
        return None
    candidates = [day.start, *(other.start for other in day.others)]
    if day.cycle is not None and day.cycle.step == "year":
        candidates += [
            one.start
            for one in instances(day.cycle, day_of(day.start))
            if one.start is not None and abs((day_of(one.start) - context.today).days) <= _HALF_YEAR
        ]
    for candidate in candidates:
        if candidate is not None and candidate.weekday() == weekday.number:
            return single_day(day_of(candidate))
    if day.cycle is not None and day.cycle.step != "year":
        return None
    start = day_of(day.start)
    near = start + timedelta(days=(weekday.number - start.weekday() + 3) % 7 - 3)
    return single_day(start, [near])


def nth_weekday(_context: Context, nth: Ordinal, weekday: WeekdayName, span: When) -> Value | None:
    if span.start is None or span.end is None or span.grain not in ("month", "quarter", "half", "year"):
        return None
    start = day_of(span.start)
    day = start + timedelta(days=(weekday.number - start.weekday()) % 7 + 7 * (nth.value - 1))
    return single_day(day) if day < day_of(span.end) else None


def _last_weekday_in(_context: Context, weekday: WeekdayName, span: When) -> Value | None:
    if span.end is None or span.grain not in ("month", "quarter", "half", "year"):
        return None
    last = last_day(span.end)
    return single_day(last - timedelta(days=(last.weekday() - weekday.number) % 7))


def _weekdays_from_now(context: Context, count: Number, weekday: WeekdayName) -> Value | None:
    return single_day(coming_weekday(context, weekday) + timedelta(weeks=whole(count) - 1))


def _weekdays_ago(context: Context, count: Number, weekday: WeekdayName) -> Value | None:
    back = (context.today.weekday() - weekday.number - 1) % 7 + 1
    return single_day(context.today - timedelta(days=back + 7 * (whole(count) - 1)))


def _coming_nth_weekday(context: Context, nth: Ordinal, weekday: WeekdayName) -> Value | None:
    """ "The second Tuesday": of this month, or of the next when it has gone by."""
    if weekday.word.lower().endswith("days"):
        return None
    for count in (0, 1):
        month = period(context.today + relativedelta(months=count), "month", context)
        found = nth_weekday(context, nth, weekday, When(month.start, month.end, "month"))
        if isinstance(found, When) and found.start is not None and day_of(found.start) >= context.today:
            return found
    return None


def _weekday_figure(context: Context, weekday: WeekdayName, day: Number) -> Value | None:
    """ "Friday 27", where the coming or the latest such Friday is near."""
    if day.in_words or whole(day) < 13:
        return None
    found = _weekday_ordinal(context, weekday, Ordinal(whole(day)))
    if not isinstance(found, When) or not isinstance(found.start, date):
        return None
    return found if abs((found.start - context.today).days) <= 2 * _NEAR_DAYS else None


def _next_weekdays(context: Context, count: Number, weekday: WeekdayName) -> Value | None:
    """ "The next three Fridays": from the first to the last of them."""
    if not weekday.word.lower().endswith("days"):
        return None
    first = coming_weekday(context, weekday)
    return When(first, first + timedelta(weeks=whole(count) - 1, days=1), "day", "between")


RULES: list[Rule] = [
    Rule("<weekday>", _weekday),
    Rule("this <weekday>", _this_weekday),
    Rule("next <weekday>", _next_weekday),
    Rule("the? coming <weekday>", lambda c, w: single_day(coming_weekday(c, w))),
    Rule("last|past|prior <weekday>", _last_weekday),
    Rule("<weekday> ,? of|on|in? <period>", _weekday_of),
    Rule("<weekday> week", lambda c, w: single_day(coming_weekday(c, w) + timedelta(weeks=1))),
    Rule("<period> ,? on? <weekday>", lambda c, p, w: _weekday_of(c, w, p)),
    Rule("<weekday> ,? the? <ordinal>", _weekday_ordinal),
    Rule(
        "<weekday> ,? the <small>",
        lambda c, w, n: None if n.in_words and whole(n) < 13 else _weekday_ordinal(c, w, Ordinal(whole(n))),
    ),
    Rule("<weekday> ,? the? <day>", _weekday_date),
    Rule("<weekday> <small>", _weekday_figure),
    Rule("the? next|coming <small> <weekday>", _next_weekdays),
    Rule("this|next <weekday> ,? <day>", _weekday_date),
    Rule("the? <ordinal> <weekday> of|in <period>", nth_weekday),
    Rule("the? last <weekday> of|in <period>", _last_weekday_in),
    Rule("the? <ordinal> <weekday>", _coming_nth_weekday),
    Rule("<small> <weekday> from now|today", _weekdays_from_now),
    Rule("<small> <weekday> ago", _weekdays_ago),
]
