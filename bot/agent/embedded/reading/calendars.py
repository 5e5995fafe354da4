"""Calendar arithmetic: whole periods around a day, stepping by lengths, and settling a time whose year was not said."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.values import Bound, Context, Cycle, Grain, Interval, Length, Moment, When

DAY = timedelta(days=1)
CALENDAR_UNITS: dict[str, Grain] = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}
"""The units whose running period a person means by "this …", "to date" and "the rest of the …"."""
_MONTHS_OF: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
UNIT_LENGTH: dict[str, Length] = {
    "second": Length(seconds=1),
    "minute": Length(seconds=60),
    "hour": Length(seconds=3600),
    "day": Length(days=1),
    "business day": Length(business_days=1),
    "weekend": Length(days=2),
    "week": Length(days=7),
    "fortnight": Length(days=14),
    "month": Length(months=1),
    "quarter": Length(months=3),
    "half": Length(months=6),
    "year": Length(months=12),
    "decade": Length(months=120),
}


def period(day: date, grain: Grain, context: Context) -> Interval:
    """The whole day, week, month, quarter, half, year or decade that holds ``day``.

    Quarters, halves and years follow the fiscal year; weeks the person's first day of the week.
    """
    if grain in ("day", "minute", "hour", "part"):
        return Interval(day, day + DAY, "day")
    if grain in ("week", "fortnight"):
        start = day - timedelta(days=(day.weekday() - context.week_start) % 7)
        return Interval(start, start + timedelta(days=7 if grain == "week" else 14), grain)
    if grain == "weekend":
        start = day - timedelta(days=day.weekday()) + timedelta(days=5)
        return Interval(start, start + timedelta(days=2), grain)
    months = _MONTHS_OF.get(grain, 3)
    if grain == "decade":
        start = date(day.year - day.year % 10, 1, 1)
    elif grain == "month":
        start = day.replace(day=1)
    else:
        into = (day.month - context.fiscal_start) % 12 % months
        start = day.replace(day=1) - relativedelta(months=into)
    return Interval(start, start + relativedelta(months=months), grain)


def step(day: date, grain: Grain, count: int) -> date:
    """``day`` moved by whole periods."""
    if grain in ("week", "weekend"):
        return day + timedelta(weeks=count)
    if grain == "fortnight":
        return day + timedelta(weeks=2 * count)
    if grain == "day":
        return day + timedelta(days=count)
    return day + relativedelta(months=_MONTHS_OF.get(grain, 12) * count)


def moved(moment: Moment, length: Length, sign: int) -> Moment:
    """``moment`` moved by a length, ``sign`` being 1 or -1; the clock matters only when the length has seconds.

    Raises:
        OverflowError, ValueError: the result is outside the calendar.
    """
    result: Moment = moment + sign * relativedelta(months=length.months, days=length.days)
    for _ in range(min(length.business_days, 1000)):
        result += sign * DAY
        while result.weekday() > 4:
            result += sign * DAY
    if length.seconds:
        result += sign * timedelta(seconds=length.seconds)
    return result


def year_of(name: int, context: Context) -> Interval:
    """The fiscal year of that name: named for the year it ends in, unless it starts in January."""
    first = name if context.fiscal_start == 1 else name - 1
    start = date(first, context.fiscal_start, 1)
    return Interval(start, start + relativedelta(years=1), "year")


def day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def when(interval: Interval, bound: Bound = "", others: Sequence[Interval] = ()) -> When:
    return When(interval.start, interval.end, interval.grain, bound, tuple(others))


def single_day(day: date, others: Sequence[date] = ()) -> When:
    return When(day, day + DAY, "day", others=tuple(Interval(other, other + DAY, "day") for other in others))


def month_day(month: int, day: int) -> Cycle:
    def at(anchor: date) -> Interval | None:
        found = date(anchor.year, month, day)
        return Interval(found, found + DAY, "day")

    return Cycle("year", at)


def month_cycle(month: int) -> Cycle:
    def at(anchor: date) -> Interval | None:
        start = date(anchor.year, month, 1)
        return Interval(start, start + relativedelta(months=1), "month")

    return Cycle("year", at)


def weekday_cycle(weekday: int) -> Cycle:
    def at(anchor: date) -> Interval | None:
        found = anchor + timedelta(days=weekday - anchor.weekday())
        return Interval(found, found + DAY, "day")

    return Cycle("week", at)


def day_of_month(day: int, weekday: int | None = None) -> Cycle:
    def at(anchor: date) -> Interval | None:
        found = anchor.replace(day=day)
        if weekday is not None and found.weekday() != weekday:
            return None
        return Interval(found, found + DAY, "day")

    return Cycle("month", at)


def instances(cycle: Cycle, around: date) -> list[Interval]:
    """The instances of a cycle near a day, earliest first: eight steps either way, so a 29 February is found."""
    found: list[Interval] = []
    for count in range(-8, 9):
        try:
            anchor = _anchor(cycle, around, count)
            instance = cycle.at(anchor)
        except (ValueError, OverflowError):
            continue
        if instance is not None:
            found.append(instance)
    return found


def _anchor(cycle: Cycle, around: date, count: int) -> date:
    if cycle.step == "week":
        return around + timedelta(weeks=count)
    if cycle.step == "month":
        return around.replace(day=1) + relativedelta(months=count)
    return date(around.year + count, 1, 1)


def settled(cycle: Cycle, context: Context) -> When | None:
    """The instance that the person means: the coming one, or the latest begun one when the past is preferred.

    A day of the year that has just gone by (or is just ahead, for the past) is named as another reading.
    """
    today = context.today
    found = instances(cycle, today)
    ahead = [one for one in found if one.end is not None and _ahead(one, cycle, context)]
    begun = [one for one in found if one.start is not None and _begun(one, cycle, today)]
    if context.prefer == "future":
        chosen, other = (ahead[0] if ahead else None), (begun[-1] if begun else None)
    else:
        chosen, other = (begun[-1] if begun else None), (ahead[0] if ahead else None)
    if chosen is None or chosen.start is None:
        return None
    others: list[Interval] = []
    if other is not None and other != chosen and cycle.step == "year" and other.start is not None:
        nearer = abs((day_of(other.start) - today).days) < abs((day_of(chosen.start) - today).days) / 2
        others += [other] if nearer else []
    if cycle.step == "week" and context.prefer == "future":
        same = [one for one in found if one.start == today and one != chosen]
        same += [one for one in found if chosen.start == today and one.start == today + timedelta(weeks=1)]
        others.extend(same)
    return When(chosen.start, chosen.end, chosen.grain, others=tuple(others), cycle=cycle)


def _ahead(one: Interval, cycle: Cycle, context: Context) -> bool:
    """A weekday is ahead when it has not begun: who says "Friday" on a Friday means the next, or would say "today"."""
    assert one.start is not None
    assert one.end is not None
    if cycle.step == "week":
        return datetime.combine(day_of(one.start), datetime.min.time(), context.zone) >= context.now
    return day_of(one.end) > context.today


def _begun(one: Interval, cycle: Cycle, today: date) -> bool:
    assert one.start is not None
    start = day_of(one.start)
    return start < today if cycle.step == "week" else start <= today


def following(cycle: Cycle, after: date) -> Interval | None:
    """The first instance that starts on or after a day."""
    for one in instances(cycle, after):
        if one.start is not None and day_of(one.start) >= after:
            return one
    return None


def preceding(cycle: Cycle, before: date) -> Interval | None:
    """The last instance that starts on or before a day."""
    found = [one for one in instances(cycle, before) if one.start is not None and day_of(one.start) <= before]
    return found[-1] if found else None


def last_day(end: Moment) -> date:
    """The last day of an interval that ends, excluded, at ``end``."""
    return end.date() if isinstance(end, datetime) else end - DAY


def end_of(moment: Interval | When) -> Moment | None:
    """Where a time ends, an instant being its own end."""
    return moment.end if moment.end is not None else moment.start


def away(context: Context, length: Length, sign: int, day: When | None = None) -> When:
    """The day, or instant, a length away; the start of the calendar when it lies outside."""
    origin: Moment = (
        (context.now if length.seconds else context.today) if day is None or day.start is None else day.start
    )
    try:
        moment = moved(origin, length, sign)
    except (ValueError, OverflowError):
        moment = date.min
    return When(moment, None if isinstance(moment, datetime) else moment + DAY, "day")
