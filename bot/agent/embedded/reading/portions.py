"""Rules for the early, middle and late part of a period: "mid-November", "beginning of March", "late Q2"."""

from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.calendars import day_of
from bot.agent.embedded.reading.grammar import Rule
from bot.agent.embedded.reading.periods import relative
from bot.agent.embedded.reading.values import Context, Cycle, Interval, Ordinal, Unit, Value, When


def _cut(interval: Interval, part: str) -> Interval:
    """The early, middle or late part of a period: halves of it, and the middle third of a month (11th to 20th)."""
    assert interval.start is not None
    assert interval.end is not None
    start, end = day_of(interval.start), day_of(interval.end)
    if interval.grain == "year":
        early, late = start + relativedelta(months=6), start + relativedelta(months=6)
        middle = (start + relativedelta(months=4), start + relativedelta(months=8))
    elif interval.grain == "month":
        early = late = start + timedelta(days=15)
        middle = (start + timedelta(days=10), start + timedelta(days=20))
    elif interval.grain == "week":
        early, late = start + timedelta(days=3), start + timedelta(days=3)
        middle = (start + timedelta(days=2), start + timedelta(days=4))
    else:
        third = (end - start) // 3
        early = late = start + (end - start) // 2
        middle = (start + third, start + 2 * third)
    if part == "early":
        return Interval(start, early, interval.grain)
    if part == "late":
        return Interval(late, end, interval.grain)
    return Interval(*middle, interval.grain)


def portion(span: When, part: str) -> When:
    """The early, middle or late part of a period that has both its ends."""
    cut = _cut(span.interval, part)
    return When(cut.start, cut.end, span.grain)


def _half_of(_context: Context, nth: Ordinal, span: When) -> Value | None:
    """ "The second half of December": a month in two halves, the first of 15 days, a quarter by its days."""
    if span.start is None or span.end is None or nth.value not in (1, 2) or span.grain not in ("month", "quarter"):
        return None
    return portion(span, "early" if nth.value == 1 else "late")


def _middle_of_this(context: Context, unit: Unit) -> Value | None:
    """ "Midweek", "mid-quarter": of this one, or of the next when it has gone by."""
    if unit.plural or unit.name not in ("week", "month", "quarter", "year"):
        return None
    for count in (0, 1):
        found = relative(context, unit, count)
        middle = portion(found, "middle") if isinstance(found, When) else None
        if middle is not None and middle.end is not None and day_of(middle.end) > context.today:
            return middle
    return None


def _part(part: str) -> Callable[[Context, When], Value | None]:
    def build(_context: Context, span: When) -> Value | None:
        if span.start is None or span.end is None or span.grain in ("weekend", "day"):
            return None
        cut = _cut(span.interval, part)
        others = tuple(_cut(other, part) for other in span.others if other.start and other.end)
        cycle = None
        if span.cycle is not None:
            whole_cycle = span.cycle

            def at(anchor: date) -> Interval | None:
                found = whole_cycle.at(anchor)
                return found and _cut(found, part)

            cycle = Cycle(whole_cycle.step, at)
        return When(cut.start, cut.end, span.grain, others=others, cycle=cycle)

    return build


RULES: list[Rule] = [
    Rule("early|beginning|start -? in|of? <period>", _part("early")),
    Rule("the beginning|start of <period>", _part("early")),
    Rule("mid|middle -? of? <period>", _part("middle")),
    Rule("the middle of <period>", _part("middle")),
    Rule("late -? in|of? <period>", _part("late")),
    Rule("the? <ordinal> half of|in? <period>", _half_of),
    Rule("mid <unit>", _middle_of_this),
    *(Rule(f"mid{unit}", lambda c, u=unit: _middle_of_this(c, Unit(u))) for unit in ("week", "month", "year")),
]
