"""Rules for times of day, alone or on a day."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agent.embedded.reading.calendars import DAY, day_of, day_of_month, settled
from bot.agent.embedded.reading.grammar import Rule, whole
from bot.agent.embedded.reading.values import (
    Bound,
    Clock,
    ClockRange,
    Context,
    Interval,
    Length,
    Number,
    Value,
    When,
)

# An hour said without am or pm is one of the working day: 7 to 12 before noon, 1 to 6 after.
_EARLIEST = 7
_EITHER = (6, 7, 8)


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


def _counted_to(_context: Context, minutes: Number, hour: Clock) -> Value | None:
    """ "Twenty to four" is a time; "five to seven" is one only after "at", as it may be a stretch of two hours."""
    count = whole(minutes)
    return _minutes_to(_context, count, hour) if count in (5, 10, 20, 25) else None


def _late_range(_context: Context, start: Number, end: Clock) -> Value | None:
    """ "From 23 to 3am"."""
    hour = whole(start)
    if not 12 < hour < 24 or start.in_words:
        return None
    return ClockRange(Clock(hour, zone=end.zone), replace(_working(end), open=False))


def _late_hour(context: Context, day: When, number: Number) -> Value | None:
    """ "Friday at 15", "Friday 15h"."""
    hour = whole(number)
    return on_day(context, day, Clock(hour)) if 12 < hour < 24 and not number.in_words else None


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


def _said(_context: Context, clock: Clock) -> Value | None:
    return replace(clock, bare=False)


def _meridian_of(clock: Clock, hours: int) -> Value | None:
    return replace(clock, hour=clock.hour % 12 + hours, open=False, bare=False) if clock.open else None


def _for_length(_context: Context, clock: Clock, length: Length) -> Value | None:
    start = _working(clock)
    minutes = start.hour * 60 + start.minute + length.total_seconds // 60
    if minutes > 1440 or length.days or length.months:
        return None
    return ClockRange(replace(start, open=False), Clock(minutes // 60 % 24, minutes % 60))


def _bounded(moment: Value | None, bound: Bound) -> Value | None:
    """ "Tomorrow before 5pm", "Tuesday after 1pm"."""
    if not isinstance(moment, When):
        return None
    if bound in ("after", "from"):
        return When(moment.start, None, "minute", bound, moment.others)
    return When(None, moment.start, "minute", bound, tuple(Interval(None, o.start, "minute") for o in moment.others))


def _bounded_rules(word: str, bound: Bound) -> list[Rule]:
    return [
        Rule(f"<day> ,? {word} <hour>", lambda c, d, k: _bounded(on_day(c, d, k), bound)),
        Rule(f"{word} <hour> ,? on? <day>", lambda c, k, d: _bounded(on_day(c, d, k), bound)),
    ]


_BOUND_WORDS: tuple[tuple[str, Bound], ...] = (
    ("before", "before"),
    ("by", "by"),
    ("until", "until"),
    ("after", "after"),
    ("from", "from"),
)
RULES: list[Rule] = [
    Rule("noon|midday", lambda _: Clock(12)),
    Rule("noonish", lambda _: Clock(12)),
    Rule("<small> ish", lambda _, n: Clock(whole(n), open=True) if whole(n) <= 12 else None),
    Rule("<small>", _bare_hour),
    Rule("half past <hour>", lambda c, h: _minutes_past(c, 30, h)),
    Rule("quarter past|after <hour>", lambda c, h: _minutes_past(c, 15, h)),
    Rule("a quarter past <hour>", lambda c, h: _minutes_past(c, 15, h)),
    Rule("a? quarter to|of <hour>", lambda c, h: _minutes_to(c, 15, h)),
    Rule("<small> past <hour>", lambda c, n, h: _minutes_past(c, whole(n), h)),
    Rule("<length> past <hour>", lambda c, n, h: _minutes_past(c, n.total_seconds // 60, h)),
    Rule("<two> to <hour>", lambda c, n, h: _counted_to(c, n, h) if whole(n) in (20, 25) and n.in_words else None),
    Rule("at|@|by|around|about <two> to <hour>", _counted_to),
    Rule("at half <hour>", lambda c, h: _minutes_past(c, 30, h)),
    Rule("<clock> sharp|exactly|prompt", lambda _, k: k),
    Rule("at <hour> sharp|exactly|prompt", _said),
    Rule("from? <small> to|until|- <clock>", _late_range),
    Rule("<two> <two>", _hour_minute),
    Rule("<small> o'clock|oclock", lambda c, n: _said(c, Clock(whole(n), open=True)) if whole(n) <= 12 else None),
    Rule("<hour> am|a", lambda _, k: _meridian_of(k, 0)),
    Rule("<hour> pm|p", lambda _, k: _meridian_of(k, 12)),
    Rule("<hour> a .? m .?", lambda _, k: _meridian_of(k, 0)),
    Rule("<hour> p .? m .?", lambda _, k: _meridian_of(k, 12)),
    Rule("12|twelve noon", lambda _: Clock(12)),
    Rule("mid night", lambda _: Clock(0)),
    Rule("midnight", lambda _: Clock(0)),
    Rule("12|twelve midnight", lambda _: Clock(0)),
    Rule("at <small> h", lambda _, n: Clock(whole(n)) if whole(n) < 24 else None),
    Rule("at|@ about|around? <hour>", _said),
    Rule("around <clock>", _said),
    Rule("<day> ,? at|@|around? <clock>", on_day),
    Rule("<day> ,? for? <clock>", on_day),
    Rule("<day> at <number>", _decimal_clock),
    Rule("<day> ,? at <small>", _late_hour),
    Rule("<day> ,? at? <small> h|uhr", lambda c, d, n: on_day(c, d, Clock(whole(n))) if whole(n) < 24 else None),
    Rule("on the? <small> at? <clock>", lambda c, n, k: on_day(c, _of_month(c, n), k)),
    Rule("<clock> on the? <small>", lambda c, k, n: on_day(c, _of_month(c, n), k)),
    Rule("on the? <small> <clocks>", lambda c, n, k: range_on_day(c, _of_month(c, n), k)),
    Rule("<clock> ,? on? <day>", lambda c, k, d: on_day(c, d, k)),
    Rule("from? <hour> -|to|until|through <hour>", _clock_range),
    Rule("between <hour> and|- <hour>", _clock_range),
    *(rule for word, bound in _BOUND_WORDS for rule in _bounded_rules(word, bound)),
    Rule("<day> - <clock>", on_day),
    Rule("from <clock> for <length>", _for_length),
    Rule("for <length> from <hour>", lambda c, n, k: _for_length(c, k, n)),
    Rule("<day> ,? <clocks>", range_on_day),
    Rule("<clocks> ,? of|on? <day>", lambda c, k, d: range_on_day(c, d, k)),
]
