"""The same question of the time before the one that was asked about, or of the whole one that runs."""

import re
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.plans import Call
from bot.agent.memory import Made

PERIODS = {"list_deals": ("closing_since", "closing_until"), "list_tasks": ("due_since", "due_until")}
WITH_PERIOD = frozenset({"list_deals", "list_accounts", "list_tasks", "report", "timeline", "search_notes", "account_people", "standing", "what_changed", "team_week", "slips", "summarise"})
BEFORE = re.compile(r"^(?:(?P<beside>vs\.?|versus|against|than|compared (?:to|with)|and|in|for|what about|how about) )*(?:the |a |same (?:time )?)*(?:(?P<unit>week|month|quarter|year|one|period|time) (?:before(?: that)?|earlier|ago|prior)|(?:previous|prior|preceding) (?P<named>week|month|quarter|year|one|period))$")
COMPARES = re.compile(r"\b(?:vs\.?|versus|against|compared?|than|next to|beside|side by side)\b")


def before(said: str, last: Made) -> Call | None:
    """The same of the time before the one that was asked about, or beside it."""
    match = BEFORE.match(said)
    since, until = PERIODS.get(last.tool, ("since", "until"))
    first, end = last.args.get(since), last.args.get(until)
    if match is None or last.tool not in WITH_PERIOD or not isinstance(first, str) or not isinstance(end, str):
        return None
    unit = match.group("unit") or match.group("named")
    days = _earlier(date.fromisoformat(first), date.fromisoformat(end), unit)
    if last.tool == "report" and COMPARES.search(said):
        kept = {key: value for key, value in last.args.items() if not key.startswith("compare")}
        return Call("report", {**kept, "compare_since": days[0].isoformat(), "compare_until": days[1].isoformat()})
    return Call(last.tool, {**last.args, since: days[0].isoformat(), until: days[1].isoformat()})


def _earlier(first: date, end: date, unit: str) -> tuple[date, date]:
    """A year, or as long as it is, before."""
    whole_months = first.day == 1 and (end + timedelta(days=1)).day == 1
    months = 12 if unit == "year" else (end.year - first.year) * 12 + end.month - first.month + 1
    if unit != "year" and not whole_months:
        length = end - first + timedelta(days=1)
        return first - length, end - length
    past_end = end + timedelta(days=1)
    return _months_back(first, months), _months_back(past_end, months) - timedelta(days=1)


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
