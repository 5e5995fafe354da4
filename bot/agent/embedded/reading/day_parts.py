"""Rules for the parts of a day: mornings, lunch, tonight, "late Tuesday afternoon", "8 in the morning"."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from bot.agent.embedded.reading.calendars import DAY
from bot.agent.embedded.reading.clock import instant, on_day, range_on_day
from bot.agent.embedded.reading.grammar import Rule
from bot.agent.embedded.reading.values import (
    Clock,
    ClockRange,
    Context,
    Every,
    Ordinal,
    PartOfDay,
    Value,
    WeekdayName,
    When,
)
from bot.agent.embedded.reading.weekdays import nth_weekday

_PARTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"morning": (8, 12), "afternoon": (12, 16), "evening": (16, 20), "night": (20, 24), "lunchtime": (11, 13)}
)
_MORNING = PartOfDay(*_PARTS["morning"], "morning")
_AFTERNOON = PartOfDay(*_PARTS["afternoon"], "afternoon")
_NIGHT = PartOfDay(*_PARTS["night"], "night")
_LUNCH = PartOfDay(*_PARTS["lunchtime"], "lunchtime")
_LATE = frozenset(("afternoon", "evening", "night"))


def _on(context: Context, days: int) -> When:
    day = context.today + timedelta(days=days)
    return When(day, day + DAY, "day")


def _part_on_day(context: Context, day: When, part: PartOfDay) -> Value | None:
    if not isinstance(day.start, date) or isinstance(day.start, datetime) or day.grain != "day":
        return None
    start = instant(day.start, Clock(part.start_hour), context)
    end = start + timedelta(hours=part.end_hour - part.start_hour)
    return When(start, end, "part")


def _half(part: PartOfDay, *, early: bool) -> PartOfDay:
    """The first or second half of a part of the day; lunch has no halves."""
    middle = (part.start_hour + part.end_hour) // 2
    if part.end_hour - part.start_hour < 4:
        return part
    return PartOfDay(part.start_hour, middle, part.name) if early else PartOfDay(middle, part.end_hour, part.name)


def _in_part(clock: Clock, part: PartOfDay) -> Clock | None:
    """An hour said with its part of the day, which settles am or pm."""
    if not clock.open:
        return replace(clock, bare=False) if part.start_hour - 4 <= clock.hour <= part.end_hour + 4 else None
    late = part.name in _LATE and clock.hour != 12
    return replace(clock, hour=clock.hour + 12 if late else clock.hour, open=False, bare=False)


def _hours_in_part(clocks: ClockRange, part: PartOfDay) -> ClockRange:
    """Two hours said with their part of the day: "evening from 7 to 9"."""
    if part.name not in _LATE or clocks.end.hour > 12:
        return clocks
    start, end = clocks.start, clocks.end
    return replace(clocks, start=replace(start, hour=start.hour % 12 + 12), end=replace(end, hour=end.hour % 12 + 12))


def _clock_on(context: Context, day: When, part: PartOfDay, clock: Clock) -> Value | None:
    said = _in_part(clock, part)
    return on_day(context, day, said) if said is not None else None


def _clocks_on(context: Context, day: When, part: PartOfDay, clocks: ClockRange) -> Value | None:
    return range_on_day(context, day, _hours_in_part(clocks, part))


def _evening(clock: Clock) -> Clock:
    if clock.open and 5 <= clock.hour < 12:
        return replace(clock, hour=clock.hour + 12, open=False, bare=False)
    return clock


def _every_part(_context: Context, weekday: WeekdayName, part: PartOfDay) -> Value | None:
    """ "Tuesday mornings"."""
    return Every("week", 1, (weekday.number,)) if part.plural else None


def _nth_weekday_part(
    context: Context, nth: Ordinal, weekday: WeekdayName, part: PartOfDay, span: When
) -> Value | None:
    day = nth_weekday(context, nth, weekday, span)
    return _part_on_day(context, day, part) if isinstance(day, When) else None


def _named(name: str) -> Rule:
    return Rule(name, lambda _: PartOfDay(*_PARTS[name], name))


def _plural(name: str) -> Rule:
    return Rule(f"{name}s", lambda _: PartOfDay(*_PARTS[name], name, plural=True))


RULES: list[Rule] = [
    *(_named(name) for name in _PARTS),
    *(_plural(name) for name in ("morning", "afternoon", "evening", "night")),
    Rule("lunch time?", lambda _: _LUNCH),
    Rule("over|around|during lunch", lambda _: _LUNCH),
    Rule("<day> at lunch time?", lambda c, d: _part_on_day(c, d, _LUNCH)),
    Rule("after lunch", lambda _: PartOfDay(13, 17, "afternoon")),
    Rule("before lunch", lambda _: PartOfDay(9, 12, "morning")),
    Rule("<hour> in the early? <part>", lambda _, k, p: _in_part(k, p)),
    Rule("<clock> early? <part>", lambda _, k, p: _in_part(k, p)),
    Rule("<hour> at night", lambda _, h: _in_part(h, _NIGHT)),
    Rule("tonight", lambda c: _part_on_day(c, _on(c, 0), _NIGHT)),
    Rule("last night", lambda c: _part_on_day(c, _on(c, -1), _NIGHT)),
    Rule("this <part>", lambda c, p: _part_on_day(c, _on(c, 0), p)),
    Rule("next <part>", lambda c, p: _part_on_day(c, _on(c, 1), p)),
    Rule("next <part> ,? <clocks>", lambda c, p, k: _clocks_on(c, _on(c, 1), p, k)),
    Rule("next <part> at? <hour>", lambda c, p, k: _clock_on(c, _on(c, 1), p, k)),
    Rule("this <part> ,? <clocks>", lambda c, p, k: _clocks_on(c, _on(c, 0), p, k)),
    Rule("this <part> at <hour>", lambda c, p, k: _clock_on(c, _on(c, 0), p, k)),
    Rule("<day> ,? in? the? <part>", _part_on_day),
    Rule("the? <part> of <day>", lambda c, p, d: _part_on_day(c, d, p)),
    Rule("in? the? <part> ,? on? <day>", lambda c, p, d: _part_on_day(c, d, p)),
    Rule("<clock> this <part>", lambda c, k, p: _clock_on(c, _on(c, 0), p, k)),
    Rule("at|@|around|about|since|until|by <hour> this <part>", lambda c, k, p: _clock_on(c, _on(c, 0), p, k)),
    Rule("tonight ,? at|around? <hour>", lambda c, k: on_day(c, _on(c, 0), _evening(k))),
    Rule("<hour> ,? tonight", lambda c, k: on_day(c, _on(c, 0), _evening(k))),
    Rule("last night at? <clock>", lambda c, k: on_day(c, _on(c, -1), _evening(k))),
    Rule("<day> <part> ,? at|@|around? <hour>", _clock_on),
    Rule("<day> <part> ,? <clocks>", _clocks_on),
    Rule("at|@|around|about <hour> ,? on? <day> <part>", lambda c, k, d, p: _clock_on(c, d, p, k)),
    Rule("<clock> ,? on? <day> <part>", lambda c, k, d, p: _clock_on(c, d, p, k)),
    Rule("<hour> <day> <part>", lambda c, k, d, p: _clock_on(c, d, p, k)),
    Rule("<clocks> ,? on? <day> in? the? <part>", lambda c, k, d, p: _clocks_on(c, d, p, k)),
    Rule("<clocks> in? the? <part>", lambda _, k, p: _hours_in_part(k, p)),
    Rule("<clocks> this <part>", lambda c, k, p: _clocks_on(c, _on(c, 0), p, k)),
    Rule("early in? the? <part>", lambda _, p: _half(p, early=True)),
    Rule("late in? the? <part>", lambda _, p: _half(p, early=False)),
    Rule("later in? the? <part>", lambda _, p: _half(p, early=False)),
    Rule("early this <part>", lambda c, p: _part_on_day(c, _on(c, 0), _half(p, early=True))),
    Rule("late|later this <part>", lambda c, p: _part_on_day(c, _on(c, 0), _half(p, early=False))),
    Rule("early on? <day> <part>", lambda c, d, p: _part_on_day(c, d, _half(p, early=True))),
    Rule("late on? <day> <part>", lambda c, d, p: _part_on_day(c, d, _half(p, early=False))),
    Rule("<day> am", lambda c, d: _part_on_day(c, d, _MORNING)),
    Rule("<day> pm", lambda c, d: _part_on_day(c, d, _AFTERNOON)),
    Rule("first thing <day>", lambda _, d: d),
    Rule("first thing on <day>", lambda _, d: d),
    Rule("<day> first|last thing", lambda _, d: d),
    Rule("last thing on? <day>", lambda _, d: d),
    Rule("first thing on? <day> <part>", lambda c, d, p: _part_on_day(c, d, _half(p, early=True))),
    Rule("<day> <part> first thing", lambda c, d, p: _part_on_day(c, d, _half(p, early=True))),
    Rule("on? <weekday> <part>", _every_part),
    Rule("the? <ordinal> <weekday> <part> of|in <period>", _nth_weekday_part),
]
