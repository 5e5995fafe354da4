"""What managers and planners of their own day ask: what to do next and why, what changed, the week, the standing."""

import re
from datetime import date, timedelta

from bot.agent.embedded import owners, plan_reads, replies, report_periods, slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.memory import Memory
from crm_store.people import Caller


def made(family: str, core: Sentence, linker: Linker, caller: Caller, today: date, memory: Memory) -> Call | Plan:
    text = core.masked
    args: slots.Args = {}
    match family:
        case "next_actions":
            account = linker.account(core, guess=bool(re.search(r"\b(?:there|them|it)\b", text)))
            args["owner"] = owners.owner(core, linker, caller)
            if account is not None:
                args["account"] = account.value
            count = slots.limit(core)
            if count is not None:
                args["limit"] = count
            return Call("next_actions", args)
        case "why":
            if not any(call.tool in ("next_actions", "why_action") for call in memory.calls):
                return Plan(say=replies.NO_WHY, reason="nothing to explain")
            return Call("why_action", {"action": _which_action(core)})
        case "what_changed" if core.of("ACCOUNT", "DEAL", "CONTACT", "STRANGER") and not linker.people(core):
            return _changed_at(core, linker, caller, today)
        case "what_changed":
            args["owner"] = owners.owner(core, linker, caller, "team" if caller.manages else "me")
            found = slots.past_period(core, today)
            args["since"] = (found.since if found and found.since else _days_ago(today, 7)).isoformat()
            if found is not None and found.until is not None and found.until < today:
                args["until"] = found.until.isoformat()
            return Call("what_changed", args)
        case "team_week":
            found = slots.past_period(core, today)
            if found is not None and found.since == found.until and _OCCASION.search(text):
                found = None
            people = linker.people(core)
            team = owners.owner(core, linker, caller, "team")
            if team not in ("team", "me", "everyone") and not people:
                args["team"] = team
            elif people:
                args["team"] = people[0].value
            slots.put_period(args, found)
            return Call("team_week", args)
        case "workload":
            whose = owners.owner(core, linker, caller)
            if caller.manages and whose in ("team", "everyone", "me") and not _WORKS_ON.search(text):  # "who has room": of each how much
                loads = ({"subject": subject, "measure": "count", "owner": "team", "status": "open", "group_by": "owner"} for subject in ("deals", "tasks"))
                return Plan(calls=tuple(Call("report", load) for load in loads), reason=LOADS)
            deals, tasks = Call("list_deals", {"owner": whose}), Call("list_tasks", {"owner": whose})
            return Plan(calls=(deals, tasks), reason="what somebody works on")
        case "day":
            return _day(core, linker, caller, today)
        case "standing" | "what_changed" | "team_week" if owners.several(owners.owner(core, linker, caller)) and (family == "standing" or _BESIDE_EACH_OTHER.search(text)):
            slots.put_period(args, slots.past_period(core, today) or _quarter(today))
            of: slots.Args = {"subject": "deals", "measure": "sum", "status": "won"} if _CLOSED.search(text) else {"subject": "quotas", "measure": "attainment,won,quota"}
            return Call("report", {**of, "group_by": "owner", "owner": owners.owner(core, linker, caller), **args})
        case "standing":
            args["owner"] = owners.owner(core, linker, caller, "team" if caller.manages else "me")
            if re.match(r"^(?:and )?(?:who|which)\b", text) and caller.manages:
                args["owner"] = "team"
                slots.put_period(args, slots.past_period(core, today) or _quarter(today))
                return Call("report", {"subject": "quotas", "measure": "attainment,won,quota", "group_by": "owner", **args})
            if re.search(r"\bwe\b|\bour\b", text) and args["owner"] == "me":
                args["owner"] = "team" if caller.manages else "me"
            if report_periods.BESIDE.search(text):  # beside last year is a comparison; last year's quota is not asked for
                days = slots.periods(core)
                if len(days) == 1 and report_periods.only_compared(core, days[0], args, today):
                    return Call("report", {"subject": "deals", "measure": "sum", "status": "won", **args})
                slots.put_period(args, _quarter(today))
                beside = "same_period_last_year" if "year" in core.text.lower() else "previous_period"
                return Call("report", {"subject": "deals", "measure": "sum", "status": "won", **args, "compare_with": beside})
            slots.put_period(args, slots.past_period(core, today) or _quarter(today))
            return Call("standing", args)
    return Plan(say=replies.OUT_OF_SCOPE, understood=False, reason=family)


_BESIDE_EACH_OTHER = re.compile(r"\b(?:vs\.?|versus|v|against|compar\w+|than|next to|beside|alongside|who is|better|worse)\b")
_CLOSED = re.compile(r"\b(?:clos(?:ed?|ing)|won|win|sold|sell|booked|brought in|signed|revenue|sales|bookings)\b")
_OCCASION = re.compile(r"\bDATE(?:'s)? (?:morning |afternoon )?(?:stand-?up|wrap-?up|meeting|call|sync|huddle|round-?up|recap|review|1:1|one[- ]on[- ]one|forecast call)\b")
"""The meeting that something is wanted for, and not the days that it is about."""
LOADS = "who has how much on"
"""Why the deals and tasks of each are counted; no word that asks for it narrows anything ("swamped", "room", "bandwidth")."""
_WORKS_ON = re.compile(r"\b(?:i|me|mine|myself|my (?!team\b|reps\b|people\b|guys\b|folks\b)|working on|busy with|doing)\b")
"""Asks what the deals and tasks are, of one or of all, and not who has how many."""
_PLACES = {"first": "1", "second": "2", "third": "3", "top": "1", "last": "3", "one": "1", "two": "2", "three": "3"}



def _changed_at(core: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    """What changed at an account or in a deal since a day; without a day the latest."""
    found = slots.past_period(core, today)
    deal, account = plan_reads.one_deal(core, linker), linker.account(core)
    if found is None or found.since is None:
        return plan_reads.deal_details(core, linker, caller, today) if deal is not None else plan_reads.latest(core, linker, caller, today)
    args: slots.Args = {"deal": deal.value} if deal is not None else {"account": account.value if account is not None else linker.typed_name(core)}
    args["since"] = found.since.isoformat()
    if found.until is not None and found.until < today:
        args["until"] = found.until.isoformat()
    return Call("what_changed", args)


def _day(core: Sentence, linker: Linker, caller: Caller, today: date) -> Plan:
    """What is due by the end of the day or the week that is asked about, and what to do first."""
    whose = owners.owner(core, linker, caller)
    found = slots.period(core)
    until = found.until if found is not None and found.until is not None and found.until >= today else today
    if found is None and re.search(r"\bweek\b", core.masked):
        until = today + timedelta(days=7)
    due: slots.Args = {"owner": whose, "due_until": until.isoformat()}
    if found is not None and found.since is not None and found.since > today:
        due["due_since"] = found.since.isoformat()
    return Plan(calls=(Call("list_tasks", due), Call("next_actions", {"owner": whose})), reason="what a day holds")


def _which_action(core: Sentence) -> str:
    """The place in the list, or the name in the action's title; the first when neither was said."""
    for mark in core.of("ACCOUNT", "CONTACT", "DEAL"):
        return mark.text
    place = re.search(r"\b(first|second|third|top|last)\b|\b(?:number|no|#) ?(one|two|three|\d)\b", core.masked)
    if place is None:
        return "1"
    word = place.group(1) or place.group(2)
    return _PLACES.get(word, word)


def _days_ago(today: date, days: int) -> date:
    return date.fromordinal(today.toordinal() - days)


def _quarter(today: date) -> slots.Days:
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    after = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return slots.Days(first, date.fromordinal(after.toordinal() - 1))
