"""Changes of everything that meets a condition: "close as lost everything untouched for 90 days".

A request is taken apart into what is to become of the rows and which rows they are; the rest of its words are read as those of a
list. Where it is not clear what should become of them, the list is shown and nothing is proposed.
"""

import functools
import re
from datetime import date, timedelta
from pathlib import Path

from bot.agent.embedded import owners, plan_deals, plan_tasks, replies, slots
from bot.agent.embedded.bulk_changes import DEALS, SET, VERB, between, deal_changes, owner_change, task_changes
from bot.agent.embedded.conditions import put_conditions
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.traits import traits_of
from bot.cards import Asked
from crm_store.people import Caller

_TASKS = r"(?:tasks?|to-?dos?|reminders?|action items?|follow[- ]?ups)"
_ACCOUNTS = r"(?:accounts?|customers?|prospects?|companies|clients?|partners?)"
_BULK = re.compile(rf"^{VERB}\b.*{SET}")
_NAMED = re.compile(
    rf"^{VERB}\b(?: (?:over|the|our|my|both))* ((?:(?:the |our |my )?(?:ACCOUNT|DEAL)(?:'s)?(?: deals?| renewal)?(?:\s*,\s*(?:and |& )?| and | & ))+(?:the |our |my )?(?:ACCOUNT|DEAL)(?:'s)?(?: deals?| renewals?)?)\b(?! (?:about|regarding))"
)
_THEM = re.compile(rf"^{VERB}\b (?:over )?((?:all (?:of )?|both (?:of )?)?(?:them|these|those)(?: all| deals| tasks| to-?dos| ones)?)\b(?! (?:deals |tasks |ones )?(?:of (?:mine|ours|PERSON)|that|which|where|whose|with|without|in|at|over|under|closing|untouched|i|we)\b)")
_OF_TASKS = frozenset({"owner", "account", "overdue", "due_since", "due_until", "where"})
_ONE = re.compile(r"^(?:set|change|update|move|push|mark|put) (?:the |my |our )?(?:next step|close date|amount|stage|forecast|owner)s? (?:of|on|for) (?:the |our |my )?(?:DEAL|ACCOUNT)")
_SPARED = re.compile(r",?\s*\b(?:except(?: for)?|excluding|but not|other than|apart from|besides|leaving out|leave out|all but)\s+((?:(?:the |my |and |or |, ?)*(?:ACCOUNT|DEAL|CONTACT)(?:'s)?(?: deals?| renewal)?\s*)+)")
_ALL_BUT = re.compile(r"\b(?:all|everything|every one) but ((?:(?:the |and |, ?)*(?:ACCOUNT|DEAL))+)")
_OLDER = re.compile(r"\b(?:older than|more than|over|opened?(?: \w+){0,2} (?:more than|over)|created (?:more than|over)|open for (?:more than |over )?|at least)\s*(?:a |an )?LENGTH(?: old| ago)?\b")
_ALSO_LATE = re.compile(r"\b(?:over|past )due,? (?:or|and|plus|as well as)(?: (?:those|the ones|everything|anything|what is|all))?(?: due)? DATE|DATE,? (?:or|and|plus) (?:(?:those |the ones )?(?:already )?(?:over|past )due|earlier|before|late)\b|\b(?:up to|until)(?: and including)? DATE")
"""What is due that day and everything before it."""
_AGE = re.compile(r"\b(?:older than|LENGTH old|created|opened|open for|been open|since they were (?:opened|created))\b")


def a_task(text: str) -> bool:
    """Whether what is said of many rows is something to do, and no change."""
    return re.match(r"^(?:set|create|add|make|put)(?: me| up)* (?:an? )?(?:new )?(?:task|reminder|to-?do)\b|^(?:please )?remind\b|^(?:task|to-?do|reminder)\b", text) is not None


def meant(text: str) -> bool:
    """Whether a masked command is about more than one row."""
    if a_task(text):
        return False
    if re.match(r"^(?:give|show|get|hand|bring) me\b|^(?:add|put) .+ (?:to|on|onto) (?:my|the) (?:tasks|to-?dos|todos|task list|list|reminders)$", text):
        return False
    return bool(_NAMED.match(text) or _THEM.match(text)) or (bool(_BULK.match(text)) and not _ONE.match(text))


def made(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The one call that proposes the change of them all; None where no change of many is meant after all."""
    named = _named(sentence, linker)
    if named is not None:
        return named
    text = sentence.masked.rstrip(" .!")
    rest, spared = _without_spared(sentence.cut(0, len(text)), linker)
    text = rest.masked
    due = any(mark.text.lower().startswith("due") for mark in rest.of("DATE"))
    noun = _noun(re.sub(r"\b(everything|anything|whatever|all|what)((?: (?!to\b)\w+){0,4}) DATE", r"\1\2 due", text) if due else text)
    if noun is None:
        return None
    args: Args = {}
    match noun:
        case "tasks":
            rest = task_changes(args, rest, linker)
        case "accounts":
            rest = owner_change(args, rest, linker)
        case _:
            rest = deal_changes(args, rest, linker)
    if noun == "anything" and not args:
        return None
    if not args:
        shown = plan_tasks.list_tasks(sentence, linker, caller, today) if noun == "tasks" else plan_deals.list_deals(sentence, linker, caller, today)
        return Plan(calls=(shown,), say=replies.WHAT_OF_THEM, confidence=0.8, reason="several at once, unclear what")
    if spared:
        args["excluding"] = spared
    default = "team" if caller.manages and not re.search(r"\b(?:my|mine|i)\b", rest.masked) else "me"
    if noun not in ("tasks", "accounts"):
        rest = put_conditions(args, rest, linker)
    unread = _unread(rest, linker, noun if noun in ("tasks", "accounts") else "deals")
    if unread:
        shown = plan_tasks.list_tasks(rest, linker, caller, today) if noun == "tasks" else plan_deals.list_deals(rest, linker, caller, today)
        return Plan(calls=(shown,), say=replies.UNREAD.format(words=f"“{unread}”"), confidence=0.8, reason="a condition was not understood")
    placed = [mark for mark in rest.of("ACCOUNT") if mark.mention is not None]
    if len(placed) > 1:
        parts = [rest.cut(0, placed[0].start).followed_by(rest.cut(mark.start, mark.end)) for mark in placed]
        plans = [_planned(noun, part, args, linker, caller, today, default) for part in parts]
        if any(one is None or not one.calls for one in plans):
            return None
        return Plan(calls=tuple(call for one in plans if one is not None for call in one.calls), confidence=0.9, reason="many at once")
    return _planned(noun, rest, args, linker, caller, today, default)


def _planned(
    noun: str, rest: Sentence, args: Args, linker: Linker, caller: Caller, today: date, default: str
) -> Plan | None:
    """The call for the rows that ``rest`` says and the changes in ``args``."""
    plan = _rows(noun, rest, args, linker, caller, today, default)
    if plan is None or not plan.calls or all(_narrows(kind, dict(plan.calls[0].args), args) for kind in {mark.kind for mark in rest.marks}):
        return plan
    lost = next(mark for mark in rest.marks if not _narrows(mark.kind, dict(plan.calls[0].args), args))
    return Plan(say=replies.UNREAD.format(words=f"“{rest.verbatim(lost.start, lost.end)}”"), confidence=0.8, reason="a condition was not understood")


_NARROWING: dict[str, tuple[str, ...]] = {
    "MONEY": ("amount", "where"), "DATE": ("since", "until", "overdue", "untouched", "older", "where"), "LENGTH": ("untouched", "older", "since", "until", "where"),
    "ACCOUNT": ("account", "where", "owner"), "DEAL": ("deal", "account", "where"), "PERSON": ("owner", "where"),
}  # fmt: skip


def _narrows(kind: str, which: Args, change: Args) -> bool:
    """Whether what is named among the rows narrows them: one condition lost, and too many would be changed."""
    needed = _NARROWING.get(kind)
    return needed is None or any(word in key for key in which if key not in change for word in needed)


def _rows(
    noun: str, rest: Sentence, args: Args, linker: Linker, caller: Caller, today: date, default: str
) -> Plan | None:
    if noun == "tasks":
        tasks = {**_tasks(rest, linker, caller, today), **args}
        return None if "delete" in tasks and set(tasks) <= {"owner", "delete"} else _plan("change_tasks", tasks)
    if noun == "accounts":
        listed = plan_deals.list_accounts(rest, linker, caller, today).args
        return _plan("change_accounts", _of_all({key: listed[key] for key in ("owner", "kind", "untouched_days", "where") if key in listed}, args))
    which = _deals(rest, linker, caller, today, default)
    if "delete" in args and (which is None or set(which) <= {"owner"}):
        return None  # nothing is deleted without a condition
    if which is None:
        return Plan(say=replies.ONLY_OPEN, confidence=0.8, reason="closed deals of many")
    if noun == "anything" and set(which) <= {"owner"} and not re.search(r"\b(?:pipeline|PERSON|my|our)\b", rest.masked):
        return None
    return _plan("change_deals", _of_all(which, args))


def _of_all(which: Args, args: Args) -> Args:
    """Which rows and what becomes of them, with the conditions of both."""
    which = {key: value for key, value in which.items() if key not in ("stage", "forecast_category") or args.get(f"to_{key}") != value}  # what they are to be is not what they are
    conditions = [one for part in (which.get("where"), args.get("where")) if isinstance(part, list) for one in part]
    return {**which, **args, **({"where": [one for at, one in enumerate(conditions) if one not in conditions[:at]]} if conditions else {})}


def _named(sentence: Sentence, linker: Linker) -> Plan | None:
    """Several deals by name, or those of the last list: one change of them all."""
    text = sentence.masked.rstrip(" .!")
    match = _NAMED.match(text) or _THEM.match(text)
    if match is not None and match.re is _THEM and (listed := _tasks_listed(linker)) is not None and not re.search(r"\bdeals\b", match.group(1)):
        return _those_tasks(sentence, match, listed, linker)
    if match is None or re.search(rf"\b(?:{_TASKS}|{_ACCOUNTS}|notes?|calls?)\b", text):
        return None
    if match.re is _NAMED:
        marks = [mark for mark in sentence.of("ACCOUNT", "DEAL") if match.start(1) <= mark.start < match.end(1)]
        refs = [linker.deal(sentence.cut(mark.start, mark.end)) for mark in marks]
        values = [ref.value for ref in refs if ref is not None]
        if len(values) != len(marks):
            return None
    else:
        values = [item.id for item in linker.memory.shown if item.kind == "deal"]
        if not values:
            return Plan(question=Asked(text="Which ones do you mean? Name them, or say which condition they meet."), reason="no list was shown")
    args: Args = {}
    rest = sentence.cut(0, match.start(1)).followed_by(sentence.cut(match.end(1)).preceded_by("all deals"))
    rest = deal_changes(args, rest, linker)
    if not args or "delete" in args:
        return Plan(say=replies.WHAT_OF_THEM, confidence=0.8, reason="several by name, unclear what")
    unread = _unread(rest, linker, "deals")
    if unread:
        return Plan(say=replies.UNREAD.format(words=f"“{unread}”"), confidence=0.8, reason="a condition was not understood")
    return _plan("change_deals", {"deals": values, **args})


def _tasks_listed(linker: Linker) -> Args | None:
    """Which tasks the list before was of, where a change can be of the same."""
    last = linker.memory.calls[-1] if linker.memory.calls and linker.memory.just_shown else None
    return dict(last.args) if last is not None and last.tool == "list_tasks" and set(last.args) <= _OF_TASKS else None


def _those_tasks(sentence: Sentence, match: re.Match[str], listed: Args, linker: Linker) -> Plan:
    """ "Push all of those a week" after a list of tasks: the tasks of that list, and no others."""
    args: Args = {}
    rest = task_changes(args, sentence.cut(0, match.start(1)).followed_by(sentence.cut(match.end(1)).preceded_by("all tasks")), linker)
    if not args or ("delete" in args and set(listed) <= {"owner"}):
        return Plan(say=replies.WHAT_OF_THEM, confidence=0.8, reason="several at once, unclear what")
    unread = _unread(rest, linker, "tasks")
    return Plan(say=replies.UNREAD.format(words=f"“{unread}”"), confidence=0.8, reason="a condition was not understood") if unread else _plan("change_tasks", {**listed, **args})


def conditions_of(rest: Sentence, linker: Linker, caller: Caller, today: date) -> Args | None:
    """The conditions that words such as "all deals older than a year" make; None where a word of them was not read."""
    args: Args = {}
    rest = put_conditions(args, rest, linker)
    which = _deals(rest, linker, caller, today, "me") if not _unread(rest, linker, "deals") and not rest.of("PERSON") else None
    if which is None:
        return None
    found = _of_all({key: value for key, value in which.items() if key not in ("owner", "account", "deal")}, args)
    return found if found and all(_narrows(mark.kind, found, {}) for mark in rest.marks) else None


def _unread(rest: Sentence, linker: Linker, subject: str) -> str:
    """Words of the condition that nothing was made of: with one left unread, too much would be changed."""
    said = traits_of(rest, linker, subject)
    left = [
        match
        for match in re.finditer(r"[a-z][a-z'-]{2,}|\d[\w.%]*", rest.masked)
        if match.group().removesuffix("'s") not in _condition_words() and not any(one.start <= match.start() < one.end for one in said)
    ]
    return " ".join(
        rest.verbatim(match.start(), match.end())
        for match in left
        if not any(linker.names.find("stage", word) for word in (match.group(), match.group().removesuffix("s")))
    )


@functools.cache
def _condition_words() -> frozenset[str]:
    """Words that say which rows are meant and that something is made of; read once."""
    return frozenset((Path(__file__).parent / "condition_words.txt").read_text(encoding="utf-8").split())


def _plan(tool: str, args: Args) -> Plan:
    return Plan(calls=(Call(tool, args),), confidence=0.9, reason="many at once")


def _noun(text: str) -> str | None:
    if re.search(rf"\b{_TASKS}\b|\b(?:everything|all|anything|whatever|what)(?: (?!to\b)\w+){{0,5}} (?:due|overdue)\b|\bon my (?:task |to-?do )?(?:list|plate|agenda|desk)\b", text) and not re.search(rf"\b{DEALS}\b", text):
        return "tasks"
    if re.search(rf"\b{DEALS}\b|\b(?:pipeline|ones|whales|those)\b", text):
        return "deals"
    if re.search(rf"\b{_ACCOUNTS}\b", text):
        return "accounts"
    return "anything" if re.search(r"\b(?:everything|anything|whatever|what i have|all of (?:it|them|PERSON's)|every one)\b", text) else None


def _tasks(rest: Sentence, linker: Linker, caller: Caller, today: date) -> Args:
    kept = dict(plan_tasks.list_tasks(rest, linker, caller, today).args)
    days = slots.period(rest)
    if days is not None and days.since is not None and any(re.fullmatch(r"from (?:today|tomorrow|this morning)", mark.text.lower()) for mark in rest.of("DATE")):
        days = slots.Days(days.since, days.since)  # "my tasks from today" are that day's
    if days is not None and days.until is not None and _ALSO_LATE.search(rest.masked):
        kept.pop("overdue", None)
        kept.pop("due_since", None)
        kept["due_until"] = days.until.isoformat()
    elif days is not None and "overdue" not in kept:
        slots.put_period(kept, days, "due_since", "due_until")
    return {key: kept[key] for key in ("owner", "account", "overdue", "due_since", "due_until") if key in kept}


def _deals(rest: Sentence, linker: Linker, caller: Caller, today: date, default: str) -> Args | None:
    """Which open deals; None when closed ones are meant."""
    if plan_deals.deal_status(rest.masked) != "open":
        return None
    older: Args = {}
    age = _OLDER.search(rest.masked)
    if age is not None and _AGE.search(rest.masked):
        mark = next(one for one in rest.of("LENGTH") if age.start() <= one.start < age.end())
        older["older_than_days"] = slots.length_days(mark)
        rest = between(rest, age.start(), age.end())
    args = dict(plan_deals.list_deals(rest, linker, caller, today).args)
    for key in ("order", "limit", "status", "pushed_since", "pushed_until"):
        args.pop(key, None)
    if args.get("owner") in ("me", "everyone") and not linker.people(rest):
        named = owners.owner(rest, linker, caller, "")
        args["owner"] = named or ("me" if "account" in args else default)
    stage = re.search(r"\b([a-z]+)s\b(?= (?:closing|over|under|above|that|which|in|of|untouched|without|due|with)\b|$)", rest.masked)
    if "stage" not in args and stage is not None and (known := slots.known_stage(stage.group(1), linker)):
        args["stage"] = known
    if re.search(r"\b(?:close dates? (?:that |which |who )?(?:is |are |has |have |was |were |already )*(?:in the past|past|passed|gone|over|behind us)|passed close dates?|past their dates?|with (?:a |an )?(?:passed|old|past|overdue|expired) close dates?)\b", rest.masked):
        args.pop("closing_since", None)
        args["closing_until"] = (today - timedelta(days=1)).isoformat()
    return {**args, **older}


def _without_spared(sentence: Sentence, linker: Linker) -> tuple[Sentence, list[str]]:
    match = _SPARED.search(sentence.masked) or _ALL_BUT.search(sentence.masked)
    if match is None:
        return sentence, []
    piece = sentence.cut(match.start(1), match.end(1))
    found = [ref.value for ref in [*linker.deals(piece), *linker.accounts(piece)]]
    return between(sentence, match.start(1) if match.re is _ALL_BUT else match.start(), match.end()), list(dict.fromkeys(found))


