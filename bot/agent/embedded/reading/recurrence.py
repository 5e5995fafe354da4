"""Rules for what comes again: "every other Tuesday", "weekly", "on the first of every month"."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from bot.agent.embedded.reading.calendars import moved
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import (
    Clock,
    Context,
    Every,
    Length,
    Moment,
    Number,
    Ordinal,
    Unit,
    Value,
    WeekdayName,
)

_Step = Literal["minute", "hour", "day", "weekday", "week", "month", "quarter", "year"]
_UNITS: dict[str, tuple[_Step, int]] = {
    "minute": ("minute", 1),
    "hour": ("hour", 1),
    "day": ("day", 1),
    "business day": ("weekday", 1),
    "week": ("week", 1),
    "fortnight": ("week", 2),
    "month": ("month", 1),
    "quarter": ("quarter", 1),
    "half": ("month", 6),
    "year": ("year", 1),
}
_ADVERBS: dict[str, tuple[_Step, int]] = {
    "hourly": ("hour", 1),
    "daily|everyday": ("day", 1),
    "weekly": ("week", 1),
    "biweekly|fortnightly": ("week", 2),
    "monthly": ("month", 1),
    "bimonthly": ("month", 2),
    "quarterly": ("quarter", 1),
    "annually|yearly": ("year", 1),
}
_LENGTHS: dict[_Step, Length] = {
    "minute": Length(seconds=60),
    "hour": Length(seconds=3600),
    "day": Length(days=1),
    "weekday": Length(business_days=1),
    "week": Length(days=7),
    "month": Length(months=1),
    "quarter": Length(months=3),
    "year": Length(months=12),
}


def _every(_context: Context, unit: Unit, count: Number | None = None) -> Value | None:
    found = _UNITS.get(unit.name)
    return found and Every(found[0], found[1] * (whole(count) if count is not None else 1))


def _every_nth(context: Context, nth: Ordinal, unit: Unit) -> Value | None:
    return _every(context, unit, Number(Decimal(nth.value))) if nth.value < 100 else None


def _weekdays(_context: Context, first: WeekdayName, second: WeekdayName | None = None, interval: int = 1) -> Value:
    days = (first.number,) if second is None else (first.number, second.number)
    return Every("week", interval, tuple(sorted(set(days))))


def _on_days(*days: WeekdayName) -> Every:
    return Every("week", 1, tuple(sorted({day.number for day in days})))


def _several(_context: Context, *days: WeekdayName) -> Value | None:
    """ "Tuesdays and Thursdays"; single days in a row are no recurrence."""
    return _on_days(*days) if all(day.word.lower().endswith("days") for day in days) else None


def _monthly_weekday(nth: int, weekday: WeekdayName) -> Value | None:
    return Every("month", 1, (weekday.number,), nth=nth) if nth < 6 else None


def _monthly_day(day: Ordinal) -> Value | None:
    return Every("month", 1, day=day.value) if 1 <= day.value <= 31 else None


def _plural_weekday(context: Context, weekday: WeekdayName) -> Value | None:
    return _weekdays(context, weekday) if weekday.word.lower().endswith("days") else None


def _at(_context: Context, every: Every, clock: Clock) -> Value | None:
    return None if every.clock is not None else replace(every, clock=replace(clock, bare=False))


def first_after(every: Every, context: Context) -> Moment | None:
    """The first day on which it comes again, counted from today; None beyond the calendar."""
    today = context.today
    if every.day or every.nth:
        return _first_in_month(every, today)
    if every.weekdays:
        return min(today + timedelta(days=(day - today.weekday() - 1) % 7 + 1) for day in every.weekdays)
    length = _LENGTHS[every.unit]
    try:
        return moved(context.now if length.seconds else today, length, 1)
    except (ValueError, OverflowError):
        return None


def _first_in_month(every: Every, today: date) -> date | None:
    """The first day after today that is the said day of its month, or the nth (or last) such weekday of it."""
    for ahead in range(1, 100):
        day = today + timedelta(days=ahead)
        week = (day.day - 1) // 7 + 1
        last = (day + timedelta(weeks=1)).month != day.month
        if every.day == day.day or (
            day.weekday() in every.weekdays and (week == every.nth or (last and every.nth == -1))
        ):
            return day
    return None


RULES: list[Rule] = [
    Rule("every|each <unit>", lambda c, u: _every(c, u)),
    Rule("every|each <count> <unit>", lambda c, n, u: _every(c, u, n)),
    Rule("every other|second <unit>", lambda c, u: _every(c, u, Number(Decimal(2)))),
    Rule("every <ordinal> <unit>", _every_nth),
    Rule("once|twice a|per|every|each <unit>", lambda c, u: _every(c, u)),
    Rule("<count> times a|per|every <unit>", lambda c, _, u: _every(c, u)),
    *(Rule(words, lambda _, s=step: Every(*s)) for words, step in _ADVERBS.items()),
    Rule("every|each <part>", lambda _c, _: Every("day")),
    Rule("on? the? <ordinal> <weekday> of|in? every|each month", lambda _, n, w: _monthly_weekday(n.value, w)),
    Rule("on? the? last <weekday> of|in? every|each month", lambda _, w: _monthly_weekday(-1, w)),
    Rule("every|each <ordinal> <weekday> of|in the? month", lambda _, n, w: _monthly_weekday(n.value, w)),
    Rule("every|each last <weekday> of|in the? month", lambda _, w: _monthly_weekday(-1, w)),
    Rule("on? the? <ordinal> day? of every|each month", lambda _, n: _monthly_day(n)),
    Rule("every|each <ordinal> of the? month", lambda _, n: _monthly_day(n)),
    Rule("every|each month on the? <ordinal>", lambda _, n: _monthly_day(n)),
    Rule("monthly on the? <ordinal>", lambda _, n: _monthly_day(n)),
    Rule("every <ordinal> <weekday>", lambda c, n, w: _weekdays(c, w, None, n.value) if 1 < n.value < 10 else None),
    Rule("on? <weekday> ,? <weekday> ,? and|& <weekday>", _several),
    Rule("every|each <weekday> ,? <weekday> ,? and|& <weekday>", lambda _, a, b, k: _on_days(a, b, k)),
    Rule("on? <weekday> and|& <weekday>", _several),
    Rule("on? weekdays", lambda _: Every("weekday")),
    Rule("every|each weekend", lambda _: Every("week", 1, (5, 6))),
    Rule("every half year", lambda _: Every("month", 6)),
    Rule("semi annually", lambda _: Every("month", 6)),
    Rule("semiannually|biannually", lambda _: Every("month", 6)),
    Rule("twice a|per year", lambda _: Every("month", 6)),
    Rule("alternate <weekday>", lambda c, w: _weekdays(c, w, None, 2)),
    Rule("bi weekly", lambda _: Every("week", 2)),
    Rule("every|each <weekday>", lambda c, w: _weekdays(c, w)),
    Rule("every|each <weekday> and|& <weekday>", _weekdays),
    Rule("every other|second <weekday>", lambda c, w: _weekdays(c, w, None, 2)),
    Rule("on? <weekday>", _plural_weekday),
    Rule("<every> ,? at? <clock>", _at),
    Rule("<clock> <every>", lambda c, k, e: _at(c, e, k)),
    Rule("<every> on <weekday>", lambda _, e, w: replace(e, weekdays=(w.number,)) if e.unit == "week" else None),
]
