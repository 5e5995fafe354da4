"""The same question of the time before or after the one that was asked about, of the same a year ago, or of the whole one that runs."""

import re
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.plans import Call
from bot.agent.memory import Made

PERIODS = {"list_deals": ("closing_since", "closing_until"), "list_tasks": ("due_since", "due_until")}
WITH_PERIOD = frozenset({"list_deals", "list_accounts", "list_tasks", "report", "timeline", "search_notes", "account_people", "standing", "what_changed", "team_week", "slips", "summarise"})
_LEADS = r"(?:(?:vs\.?|versus|against|than|compared? (?:to|with)|and|or|in|for|of|what about|how about|what was it(?: like)?|how was it|same for|do|that|it|now|ok|so|then) )*"
_MONTHS = {"month": 1, "quarter": 3, "qtr": 3}
_UNIT = r"week|month|quarter|qtr|year"
SHIFTED = re.compile(
    rf"^(?P<lead>{_LEADS})(?:the |a |same (?:time )?)*(?:(?P<unit>{_UNIT}|one|period|time) (?:before(?: (?:that|it|last))?|earlier|ago|prior)|(?:previous|prior|preceding) (?P<named>{_UNIT}|one|period)"
    rf"|(?P<later>{_UNIT}|one|period) (?:after(?: (?:that|it))?|later)|(?:following|subsequent) (?P<next>{_UNIT}|one|period))$"
)
_YEAR_AGO = re.compile(
    rf"^(?P<lead>{_LEADS})(?:(?:the |at )?(?:(?:same|this|that) )(?:{_UNIT}|period|time|one|stretch)?,? ?(?:of |in |from |for )?(?:last year|(?:a|one|the) year (?:ago|earlier|before|prior|back)|previous year|prior year)"
    rf"|(?:last year|a year ago|the year before)(?:'s)?,? (?:the |at (?:the )?)?same (?:{_UNIT}|period|time)|(?P<yearly>(?:year|y)[ -]?(?:on|over|o|/)[ -]?(?:year|y)))(?: (?:change|growth|comparison|compare|instead|too|please))*$"
)
COMPARES = re.compile(r"\b(?:vs\.?|versus|against|compared?|than|next to|beside|side by side)\b")


def shifted(said: str, last: Made) -> Call | None:
    """The same of the time before or after the one that was asked about, of the same a year ago, or beside it."""
    match, a_year = SHIFTED.match(said), _YEAR_AGO.match(said)
    since, until = PERIODS.get(last.tool, ("since", "until"))
    first, end = last.args.get(since), last.args.get(until)
    found = match or a_year
    if found is None or last.tool not in WITH_PERIOD or not isinstance(first, str) or not isinstance(end, str):
        return None
    begin, close = date.fromisoformat(first), date.fromisoformat(end)
    if match is None:
        days = _earlier(begin, close, "year")
    elif (later := match.group("later") or match.group("next")) is not None:
        days = _later(begin, close, later)
    else:
        days = _earlier(begin, close, match.group("unit") or match.group("named"))
    beside = COMPARES.search(found.group("lead")) is not None or (a_year is not None and a_year.group("yearly") is not None)
    if last.tool == "report" and beside:
        kept = {key: value for key, value in last.args.items() if not key.startswith("compare")}
        return Call("report", {**kept, "compare_since": days[0].isoformat(), "compare_until": days[1].isoformat()})
    return Call(last.tool, {**last.args, since: days[0].isoformat(), until: days[1].isoformat()})


def is_shift(said: str) -> bool:
    """Whether the words only name a time by the one that was asked about."""
    return SHIFTED.match(said) is not None or _YEAR_AGO.match(said) is not None


def _earlier(first: date, end: date, unit: str) -> tuple[date, date]:
    """A year, the month or quarter before, or as long as it is, before."""
    past_end = end + timedelta(days=1)
    if unit == "year":
        return _months_back(first, 12), _months_back(past_end, 12) - timedelta(days=1)
    if first.day == 1 and (unit in _MONTHS or past_end.day == 1) and unit != "week":
        months = _MONTHS.get(unit) or (past_end.year - first.year) * 12 + past_end.month - first.month
        return _months_back(first, months), first - timedelta(days=1)
    length = past_end - first
    return first - length, end - length


def _later(first: date, end: date, unit: str) -> tuple[date, date]:
    """A unit, or as long as it is, after."""
    past_end = end + timedelta(days=1)
    months = 12 if unit == "year" else _MONTHS.get(unit) or (past_end.year - first.year) * 12 + past_end.month - first.month
    if first.day == 1 and past_end.day == 1 and unit != "week":
        return past_end, _months_back(past_end, -months) - timedelta(days=1)
    length = timedelta(days=7) if unit == "week" else end - first + timedelta(days=1)
    return past_end, past_end + length - timedelta(days=1)


def running(unit: str, today: date) -> slots.Days:
    """The week, month, quarter or year that runs, whole."""
    if unit == "week":
        monday = today - timedelta(days=today.weekday())
        return slots.Days(monday, monday + timedelta(days=6))
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = today.replace(month=(today.month - 1) // length * length + 1, day=1)
    return slots.Days(first, _months_back(first, -length) - timedelta(days=1))


def _months_back(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, min(day.day, 28 if day.day > 28 else day.day))
