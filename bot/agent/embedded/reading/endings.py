"""Rules for the ends of periods: "end of March", "quarter end", "EOD Friday", "close of business"."""

from datetime import date, timedelta

from bot.agent.embedded.reading.calendars import CALENDAR_UNITS, DAY, last_day, period
from bot.agent.embedded.reading.grammar import Rule
from bot.agent.embedded.reading.values import Context, Interval, Unit, Value, When


def _end_of(context: Context, span: When) -> Value | None:
    """The last day of a period: "end of March" is a due date, not the second half of the month."""
    if span.end is None or (span.start == context.today and span.grain == "day"):
        return None
    day = _closing_day(span.interval, context)
    others = tuple(
        Interval(_closing_day(o, context), _closing_day(o, context) + DAY, "day")
        for o in span.others
        if o.end is not None
    )
    return When(day, day + DAY, "day", "end", others)


def _closing_day(span: Interval, context: Context) -> date:
    """The last day of a period; a week's is its Friday, unless that has gone by."""
    assert span.end is not None
    day = last_day(span.end)
    if span.grain == "week":
        friday = day - timedelta(days=(day.weekday() - 4) % 7)
        return friday if friday >= context.today or day < context.today else day
    return day


def _end_of_unit(context: Context, unit: Unit) -> Value | None:
    if unit.name == "day":
        return When(context.today, context.today + DAY, "day", "end")
    grain = CALENDAR_UNITS.get(unit.name)
    if grain is None:
        return None
    found = period(context.today, grain, context)
    return _end_of(context, When(found.start, found.end, found.grain))


def _end_by_letters(letters: str, unit: str) -> Rule:
    return Rule(letters, lambda c: _end_of_unit(c, Unit(unit)))


def _end_of_day(_context: Context, day: When) -> Value | None:
    return When(day.start, day.end, "day", "end", day.others)


RULES: list[Rule] = [
    Rule("the? end of <period>", _end_of),
    Rule("the? end <period>", _end_of),
    Rule("the? end of the? <unit>", _end_of_unit),
    Rule("the? end of the? <day>", _end_of_day),
    Rule("the? <unit> end", _end_of_unit),
    Rule("the? <period> end", _end_of),
    Rule("the? <period> 's end", _end_of),
    Rule("this <unit> end", _end_of_unit),
    Rule("eod|cob|eob <day>", _end_of_day),
    Rule("<day> eod|cob|eob", _end_of_day),
    Rule("end of business", lambda c: _end_of_unit(c, Unit("day"))),
    Rule("close of business <day>", _end_of_day),
    Rule("close of business", lambda c: _end_of_unit(c, Unit("day"))),
    _end_by_letters("eod|cob|eob", "day"),
    _end_by_letters("the? eow", "week"),
    _end_by_letters("the? eom", "month"),
    _end_by_letters("the? eoq", "quarter"),
    _end_by_letters("the? eoy", "year"),
    Rule("end of the? day|business on? <day>", _end_of_day),
]
