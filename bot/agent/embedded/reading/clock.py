"""Rules for times of day, alone or on a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from bot.agent.embedded.reading.calendars import DAY, day_of, day_of_month, settled
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import (
    Clock,
    ClockRange,
    Context,
    Interval,
    Length,
    Number,
    PartOfDay,
    Value,
    When,
)
from bot.agent.embedded.reading.zones import ZONES

# An hour said without am or pm is one of the working day: 7 to 12 before noon, 1 to 6 after.
_EARLIEST = 7
_EITHER = (6, 7, 8)
_PARTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"morning": (8, 12), "afternoon": (12, 16), "evening": (16, 20), "night": (20, 24), "lunchtime": (11, 13)}
)


def _working(clock: Clock) -> Clock:
    if clock.open and clock.hour < _EARLIEST:
        return replace(clock, hour=clock.hour + 12)
    return clock


def _other(clock: Clock) -> Clock | None:
    """The other half of the day, for the hours at which both are believable: 6, 7 and 8."""
    return replace(clock, hour=(clock.hour + 12) % 24) if clock.open and clock.hour % 12 in _EITHER else None


def instant(day: date, clock: Clock, context: Context) -> datetime:
    """A time of day on a day: in the zone that was named, given back in the person's own."""
    zone = ZoneInfo(clock.zone) if clock.zone else context.zone
    moment = datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, tzinfo=zone)
    return moment.astimezone(context.zone)


def on_day(context: Context, day: When, clock: Clock) -> Value | None:
    """A time on a day: every reading of the day and of the hour is kept."""
    if not isinstance(day.start, date) or isinstance(day.start, datetime) or day.grain != "day":
        return None
    chosen = _working(clock)
    moment = instant(day.start, chosen, context)
    others = [instant(day_of(other.start), chosen, context) for other in day.others if other.start is not None]
    twin = _other(chosen)
    if twin is not None:
        others.append(instant(day.start, twin, context))
    return When(moment, None, "minute", others=tuple(Interval(other, None, "minute") for other in others))


def range_on_day(context: Context, day: When, clocks: ClockRange) -> Value | None:
    if not isinstance(day.start, date) or isinstance(day.start, datetime) or day.grain != "day":
        return None
    start, end = instant(day.start, clocks.start, context), instant(day.start, clocks.end, context)
    return When(start, end if end > start else end + DAY, "hour", "between")


def part_on_day(context: Context, day: When, part: PartOfDay) -> Value | None:
    if not isinstance(day.start, date) or isinstance(day.start, datetime) or day.grain != "day":
        return None
    start = instant(day.start, Clock(part.start_hour), context)
    end = start + timedelta(hours=part.end_hour - part.start_hour)
    return When(start, end, "part")


def _clock_range(_context: Context, start: Clock, end: Clock) -> Value | None:
    """Two times: am or pm of the second holds for the first when that leaves them in order."""
    bare = start.bare and end.bare
    zone = start.zone or end.zone
    if end.open:
        end = _working(end)
        if not start.open and end.hour < start.hour:
            end = replace(end, hour=end.hour + 12 if end.hour < 12 else end.hour)
    if start.open:
        later = replace(start, hour=start.hour % 12 + 12)
        early = replace(start, hour=start.hour % 12)
        start = (
            later
            if ((later.hour, later.minute) < (end.hour, end.minute) and end.hour >= 12 and start.hour != 12)
            or start.hour == 12
            else early
        )
        if not end.bare and start.hour < _EARLIEST and later.hour < end.hour:
            start = later
    return ClockRange(replace(start, open=False, bare=bare, zone=zone), replace(end, open=False, bare=bare, zone=zone))


def _minutes_past(_context: Context, minutes: int, hour: Clock) -> Value | None:
    if hour.minute or not 0 < minutes < 60:
        return None
    return replace(hour, minute=minutes, bare=False)


def _minutes_to(_context: Context, minutes: int, hour: Clock) -> Value | None:
    if hour.minute or not 0 < minutes < 60:
        return None
    return replace(hour, hour=(hour.hour - 1) % 24 or (12 if hour.open else 0), minute=60 - minutes, bare=False)


def _bare_hour(_context: Context, number: Number) -> Value | None:
    return Clock(whole(number), open=True, bare=True) if 1 <= whole(number) <= 12 else None


def _hour_minute(_context: Context, hour: Number, minute: Number) -> Value | None:
    if not (1 <= whole(hour) <= 12 and 10 <= whole(minute) <= 59 and hour.in_words):
        return None
    return Clock(whole(hour), whole(minute), open=True)


def _decimal_clock(context: Context, day: When, number: Number) -> Value | None:
    """ "Monday at 2.30"."""
    hour, point, minute = str(number.value).partition(".")
    if not point or len(minute) != 2 or int(minute) > 59 or not 1 <= int(hour) <= 23:
        return None
    return on_day(context, day, Clock(int(hour), int(minute), open=int(hour) <= 12))


def _of_month(context: Context, day: Number) -> When:
    found = settled(day_of_month(whole(day)), context)
    return found or When(None, None, "day")


def _half_part(part: PartOfDay, *, early: bool) -> Value | None:
    middle = (part.start_hour + part.end_hour) // 2
    if part.end_hour - part.start_hour < 4:
        return None
    return PartOfDay(part.start_hour, middle, part.name) if early else PartOfDay(middle, part.end_hour, part.name)


def _said(_context: Context, clock: Clock) -> Value | None:
    return replace(clock, bare=False)


def _meridian_of(clock: Clock, hours: int) -> Value | None:
    return replace(clock, hour=clock.hour % 12 + hours, open=False, bare=False) if clock.open else None


def _in_part(_context: Context, clock: Clock, part: PartOfDay) -> Value | None:
    if not clock.open:
        return replace(clock, bare=False) if part.start_hour - 4 <= clock.hour <= part.end_hour + 4 else None
    late = part.name in ("afternoon", "evening", "night") and clock.hour != 12
    return replace(clock, hour=clock.hour + 12 if late else clock.hour, open=False, bare=False)


def _zoned(zone: str) -> Rule:
    return Rule(f"<clock> {zone}", lambda _, k: replace(k, zone=ZONES[zone]) if k.zone is None else None)


def _part(name: str) -> Rule:
    return Rule(name, lambda _: PartOfDay(*_PARTS[name], name))


def _for_length(_context: Context, clock: Clock, length: Length) -> Value | None:
    start = _working(clock)
    minutes = start.hour * 60 + start.minute + length.total_seconds // 60
    if minutes > 1440 or length.days or length.months:
        return None
    return ClockRange(replace(start, open=False), Clock(minutes // 60 % 24, minutes % 60))


def _tonight(context: Context) -> When:
    start = instant(context.today, Clock(20), context)
    return When(start, start + timedelta(hours=4), "part")


def _part_clock(context: Context, day: When, part: PartOfDay, clock: Clock) -> Value | None:
    said = _in_part(context, clock, part)
    return on_day(context, day, said) if isinstance(said, Clock) else None


RULES: list[Rule] = [
    Rule("noon|midday", lambda _: Clock(12)),
    Rule("noonish", lambda _: Clock(12)),
    Rule("<small> ish", lambda _, n: Clock(whole(n), open=True) if whole(n) <= 12 else None),
    Rule("mid night", lambda _: Clock(0)),
    Rule("midnight", lambda _: Clock(0)),
    Rule("<small>", _bare_hour),
    Rule("half past <hour>", lambda c, h: _minutes_past(c, 30, h)),
    Rule("quarter past|after <hour>", lambda c, h: _minutes_past(c, 15, h)),
    Rule("a quarter past <hour>", lambda c, h: _minutes_past(c, 15, h)),
    Rule("a? quarter to|of <hour>", lambda c, h: _minutes_to(c, 15, h)),
    Rule("<small> past <hour>", lambda c, n, h: _minutes_past(c, whole(n), h)),
    Rule("<length> past <hour>", lambda c, n, h: _minutes_past(c, n.total_seconds // 60, h)),
    Rule("<two> to <hour>", lambda c, n, h: _minutes_to(c, whole(n), h) if whole(n) in (5, 10, 20, 25) else None),
    Rule("<two> <two>", _hour_minute),
    Rule("<small> o'clock|oclock", lambda c, n: _said(c, Clock(whole(n), open=True)) if whole(n) <= 12 else None),
    Rule("<hour> am|a", lambda _, k: _meridian_of(k, 0)),
    Rule("<hour> pm|p", lambda _, k: _meridian_of(k, 12)),
    Rule("<hour> a .? m .?", lambda _, k: _meridian_of(k, 0)),
    Rule("<hour> p .? m .?", lambda _, k: _meridian_of(k, 12)),
    Rule("12|twelve midnight", lambda _: Clock(0)),
    Rule("12|twelve noon", lambda _: Clock(12)),
    Rule("at <small> h", lambda _, n: Clock(whole(n)) if whole(n) < 24 else None),
    Rule("at|@ about|around? <hour>", _said),
    Rule("around <clock>", _said),
    *(_part(name) for name in _PARTS),
    Rule("lunch time?", lambda _: PartOfDay(*_PARTS["lunchtime"], "lunchtime")),
    Rule("<hour> in the <part>", _in_part),
    Rule("<hour> at night", lambda c, h: _in_part(c, h, PartOfDay(20, 24, "night"))),
    *(_zoned(zone) for zone in ZONES),
    Rule("tonight", _tonight),
    Rule("last night", lambda c: part_on_day(c, _on(c, -1), PartOfDay(20, 24, "night"))),
    Rule("this <part>", lambda c, p: part_on_day(c, _on(c, 0), p)),
    Rule("<day> ,? in? the? <part>", part_on_day),
    Rule("the? <part> of <day>", lambda c, p, d: part_on_day(c, d, p)),
    Rule("in? the? <part> ,? on? <day>", lambda c, p, d: part_on_day(c, d, p)),
    Rule("<day> ,? at|@|around? <clock>", on_day),
    Rule("<day> ,? for? <clock>", on_day),
    Rule("<day> at <number>", _decimal_clock),
    Rule("on the? <small> at? <clock>", lambda c, n, k: on_day(c, _of_month(c, n), k)),
    Rule("<clock> on the? <small>", lambda c, k, n: on_day(c, _of_month(c, n), k)),
    Rule("on the? <small> <clocks>", lambda c, n, k: range_on_day(c, _of_month(c, n), k)),
    Rule("this <part> at <hour>", lambda c, p, k: _part_clock(c, _on(c, 0), p, k)),
    Rule("<clock> ,? on? <day>", lambda c, k, d: on_day(c, d, k)),
    Rule("<clock> this <part>", lambda c, k, _p: on_day(c, _on(c, 0), k)),
    Rule("tonight at? <hour>", lambda c, k: on_day(c, _on(c, 0), _evening(k))),
    Rule("<hour> ,? tonight", lambda c, k: on_day(c, _on(c, 0), _evening(k))),
    Rule("<day> <part> at? <hour>", _part_clock),
    Rule("from? <hour> -|to|until|and <hour>", _clock_range),
    Rule("between <hour> and|- <hour>", _clock_range),
    Rule("early in? the? <part>", lambda _, p: _half_part(p, early=True)),
    Rule("late in? the? <part>", lambda _, p: _half_part(p, early=False)),
    Rule("later in the? <part>", lambda _, p: _half_part(p, early=False)),
    Rule("early this <part>", lambda c, p: _this_part(c, _half_part(p, early=True))),
    Rule("late this <part>", lambda c, p: _this_part(c, _half_part(p, early=False))),
    Rule("last night at? <clock>", lambda c, k: on_day(c, _on(c, -1), _evening(k))),
    Rule("<day> am", lambda c, d: part_on_day(c, d, PartOfDay(8, 12, "morning"))),
    Rule("<day> pm", lambda c, d: part_on_day(c, d, PartOfDay(12, 16, "afternoon"))),
    Rule("<day> ,? before|by|until <clock>", lambda c, d, k: _bounded(on_day(c, d, k), "by")),
    Rule("<day> ,? after|from|since <clock>", lambda c, d, k: _bounded(on_day(c, d, k), "after")),
    Rule("<day> - <clock>", on_day),
    Rule("<clock> for <length>", _for_length),
    Rule("from <clock> for <length>", _for_length),
    Rule("for <length> from <hour>", lambda c, n, k: _for_length(c, k, n)),
    Rule("<day> ,? <clocks>", range_on_day),
    Rule("<clocks> ,? of|on? <day>", lambda c, k, d: range_on_day(c, d, k)),
]


def _this_part(context: Context, part: Value | None) -> Value | None:
    return part_on_day(context, _on(context, 0), part) if isinstance(part, PartOfDay) else None


def _bounded(moment: Value | None, bound: Literal["by", "after"]) -> Value | None:
    """ "Tomorrow before 5pm", "Tuesday after 1pm"."""
    if not isinstance(moment, When):
        return None
    if bound == "by":
        return When(None, moment.start, "minute", "by", tuple(Interval(None, o.start, "minute") for o in moment.others))
    return When(moment.start, None, "minute", "after", moment.others)


def _on(context: Context, days: int) -> When:
    day = context.today + timedelta(days=days)
    return When(day, day + DAY, "day")


def _evening(clock: Clock) -> Clock:
    return (
        replace(clock, hour=clock.hour + 12, open=False, bare=False) if clock.open and 5 <= clock.hour < 12 else clock
    )
