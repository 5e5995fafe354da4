"""Changes that are made only if the record says so now: "if it is still in Proposal, move it to Negotiation".

The condition becomes a filter of the change, so that it is checked where the change is proposed. What may yet happen ("if they
sign") is no condition on the record, and is asked about instead.
"""

import re
from datetime import date, timedelta

from bot.agent.embedded import plan_deals, plan_tasks, plan_updates, slots, stated_values
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_WORD = r"(?:(?:only )?(?:needed|required|necessary) (?:only )?if|just if|only if|only when|but only if|as long as|so long as|provided(?: that)?|in case|if|unless|should(?= (?:the |our )?(?:DEAL|ACCOUNT|it|nobody|no one)\b))"
_FIRST = re.compile(rf"^(?:and |so |but )?({_WORD})\s+(.+?)(?:\s*[,;:]\s*(?:then |please )?|\s+then\s+)(.+)$")
_FIRST_BARE = re.compile(
    rf"^(?:and |so |but )?({_WORD})\s+(.+?)\s+((?:please )?(?:move|put|push|set|mark|close(?! date)|change|update|reassign|assign|give|hand|transfer|make|pull|remind|ping|nudge|create|add|follow up)\b.+)$"
)
_LAST = re.compile(rf"^(.+?),?\s+({_WORD})\s+(.+)$")
_ANSWERED = re.compile(
    r"\b(?:answer(?:s|ed)?|repl(?:y|ied|ies)|respon(?:ds?|ded|se)|g[eo]t(?:s|ten)? back|com(?:e|es) back|came back|writ(?:e|es|ten) back|wrote back|call(?:s|ed)? back|been in touch|get(?:s)? in touch|hear(?:d|s)? (?:back|from|anything|of)|no word|word from|news from)\b"
)
_NOT = re.compile(r"\b(?:not|never|no longer|nobody|no one|none)\b|\bno (?:answer|reply|response|word)\b")
_FUTURE = re.compile(r"\b(?:by|before|until) (?:DATE|LENGTH)\b|\bwill\b|\bDATE$|\b(?:sign|signs|approves?|agrees?|accepts?|comes?|goes|pays?)\b")
_SILENT = re.compile(r"\b(?:touch(?:ed)?|contact(?:ed)?|quiet|silent|cold|activity|untouched|talk(?:ed)?|spoken|heard|moved)\b")
_RENAMED = {
    "stage": "to_stage", "owner": "to_owner", "close_date": "to_close_date", "forecast_category": "to_forecast_category", "next_step": "to_next_step",
    "next_step_due": "to_next_step_due", "amount_minor": "to_amount_minor", "lost_reason": "lost_reason",
}  # fmt: skip


_CATEGORY = re.compile(r"(?:(?:in|into|to) )?(?:commit|best case|pipeline|omitted)(?: (?:for|with) (?:it|that|this|that one))?")
_ABOUT = re.compile(r"^((?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?)\s*[,:-]+\s*(?=(?:only )?(?:if|unless|in case|provided|as long as)\b)")


def made(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The change with its condition; None when the sentence has none that the record can answer."""
    if re.search(r"\b(?:otherwise|else|or else)\b", sentence.masked):
        return None
    about = _ABOUT.match(sentence.masked)
    named = linker.deal(sentence.cut(0, about.end(1))) if about is not None else None
    sentence = sentence.cut(about.end()) if about is not None else sentence
    parts = _parts(sentence.cut(5) if sentence.masked.startswith("only ") and not re.match(r"only (?:if|when)\b", sentence.masked) else sentence)
    if parts is None:
        return None
    word, condition, command = parts
    form = recognise(command.masked)
    if form is not None and form.family == "task" and _ANSWERED.search(condition.masked):
        return _reminder(word, condition, command, linker, caller, today)
    fills = "next step" in condition.masked and re.match(r"^(?:set|put|make|change|enter|add|write|use)\b", command.masked) is not None
    briefly = stated_values.said_briefly(command, linker) or _CATEGORY.fullmatch(command.masked.strip(" .!")) is not None
    if (form is None or form.family != "update_deal") and not fills and not briefly and not re.match(r"^(?:set|put|make) (?:it|that|this)\b", command.masked):
        return None
    deal = linker.deal(condition) if condition.of("DEAL", "ACCOUNT") else None
    deal = deal or named
    step = re.match(r"^(?:set|put|make|change|enter|add|write|use)(?: in| down)? (?:(?:it|that|this) (?:to|as) |(?!(?:it|that|this|the|DEAL|ACCOUNT|PERSON|CONTACT|next)\b))(.+)$", command.masked)
    day = re.match(r"^(?:make|set|put|move|push|change|shift) (?:it|that|this|the (?:close )?date) (?:to |on |for |until )?(?:the )?DATE$", command.masked.strip(" .!"))
    if day is not None and "close date" in condition.masked and (when := slots.due(command)) is not None:
        call: Call | None = Call("update_deal", {"close_date": when.isoformat()})
    elif "next step" in condition.masked and step is not None and slots.forecast_category(step.group(1)) is None:
        call = Call("update_deal", {"next_step": command.verbatim(step.start(1), step.end(1)).strip(" '\"")})
    else:
        call = _updated(command, linker, caller, today)
    if call is None:
        return None
    target = deal.value if deal is not None else call.args.get("deal")
    if target is None:
        return None
    filters = _filters(condition, linker, today, negated=word == "unless")
    if filters is None:
        return None
    changes = {_RENAMED[key]: value for key, value in call.args.items() if key in _RENAMED}
    if not changes or len(changes) != len([key for key in call.args if key not in ("deal", "currency")]):
        return None
    return Plan(calls=(Call("change_deals", {"deal": target, **filters, **changes}),), confidence=0.9, reason="only if")


def _parts(sentence: Sentence) -> tuple[str, Sentence, Sentence] | None:
    """The word of condition, the condition and the command."""
    text = sentence.masked.rstrip(" .!?")
    for pattern in (_FIRST, _FIRST_BARE):
        match = pattern.match(text)
        if match is not None:
            return match.group(1), sentence.cut(match.start(2), match.end(2)), sentence.cut(match.start(3), match.end(3))
    match = _LAST.match(text)
    if match is not None:
        return match.group(2), sentence.cut(match.start(3), match.end(3)), sentence.cut(match.start(1), match.end(1))
    return None


def _updated(command: Sentence, linker: Linker, caller: Caller, today: date) -> Call | None:
    """The change alone, its deal filled in where the command says only "it"."""
    made = plan_updates.update_deal(command, linker, caller, today)
    if isinstance(made, Call):
        return made
    return made.waiting if made.missing == "deal" else None


def _reminder(
    word: str, condition: Sentence, command: Sentence, linker: Linker, caller: Caller, today: date
) -> Plan | None:
    """ "Unless they have answered, remind me Thursday": the record says whether they have."""
    text = condition.masked
    silent = bool(_NOT.search(text))
    if re.search(r"\b(?:signs?|approves?|agrees?|accepts?|pays?|orders?|buys?|yes)\b", text) or silent == (word == "unless"):
        return None
    made = plan_tasks.create_task(command, linker, caller, today)
    if isinstance(made, Plan) and made.waiting is None:
        return None
    args: Args = dict(made.args if isinstance(made, Call) else made.waiting.args if made.waiting else {})
    if not {"contact", "account", "deal"} & set(args):
        contact = linker.contact(condition)
        account = linker.account(condition)
        about = contact if contact is not None and contact.name is not None else account
        if about is None or about.name is None:
            return None
        args["contact" if about.name.kind == "contact" else "account"] = about.value
        if "title" not in args:
            args = {"title": f"Follow up with {about.name.text}", **args}
    if "title" not in args:
        return None
    if "due" not in args and (when := slots.due(condition)) is not None:
        args["due"] = when.isoformat()
    return Plan(calls=(Call("create_task", {**args, "unless_answered": True}),), confidence=0.9, reason="unless answered")


def _filters(condition: Sentence, linker: Linker, today: date, *, negated: bool) -> Args | None:
    """What the deal must be, as the filters of a change; None when the record cannot say."""
    text = condition.masked
    quiet = _quiet(condition, linker, today, negated) or _closing(condition, linker, today, negated)
    if quiet is not None or (_FUTURE.search(text) and not _as_of_now(condition)):
        return quiet
    for read in (_step, _amount, _closing, _standing):
        found = read(condition, linker, today, negated)
        if found is not None:
            return found
    return None


def _as_of_now(condition: Sentence) -> bool:
    """Whether the day that ends the condition is today: what the record says now."""
    return all(re.fullmatch(r"(?:as of |right )?(?:today|now|this moment)", mark.text.lower()) for mark in condition.of("DATE")) and not re.search(r"\bwill\b", condition.masked)


def _quiet(condition: Sentence, linker: Linker, today: date, negated: bool) -> Args | None:
    text = condition.masked
    if not condition.of("LENGTH", "DATE") or not _SILENT.search(text):
        return None
    found = plan_deals.untouched_days(condition, today)
    days = found or next((slots.length_days(mark) for mark in condition.of("LENGTH")), None)
    if days is None:
        return None
    if (found is not None) != negated:
        return {"untouched_days": days}
    since = (today - timedelta(days=days)).isoformat()
    return {"where": [{"field": "last_touch", "op": "ge", "value": since}]}


def _step(condition: Sentence, linker: Linker, today: date, negated: bool) -> Args | None:
    text = condition.masked
    if "next step" not in text:
        return None
    none = bool(re.search(r"\bno next step|\bwithout (?:a )?next step|\bnot (?:have|got) (?:a |any )?next step|\b(?:has|have) not (?:got )?(?:a |any )?next step", text))
    if none != negated:
        return {"without_next_step": True}
    return {"where": [{"field": "next_step", "op": "is_empty", "value": False}]}


def _amount(condition: Sentence, linker: Linker, today: date, negated: bool) -> Args | None:
    args: Args = {}
    slots.amounts(condition, args)
    if not args or negated or _NOT.search(condition.masked):
        return None
    return args


def _closing(condition: Sentence, linker: Linker, today: date, negated: bool) -> Args | None:
    text = condition.masked
    if re.search(r"\bclose date\b.*\b(?:passed|past|gone|over)\b|\b(?:is|are) overdue\b|\bpast (?:its|the) close date\b", text):
        passed = not _NOT.search(text)
        return {"closing_until": (today - timedelta(days=1)).isoformat()} if passed != negated else {"closing_since": today.isoformat()}
    if re.search(r"\b(?:closes|closing|due to close|supposed to close)\b", text) and condition.of("DATE") and not negated:
        args: Args = {}
        slots.put_period(args, slots.period(condition), "closing_since", "closing_until")
        return args or None
    return None


def _standing(condition: Sentence, linker: Linker, today: date, negated: bool) -> Args | None:
    """Its stage, its forecast category, whose it is."""
    text = condition.masked
    opposite = bool(_NOT.search(text)) != negated
    category, stage = slots.forecast_category(text), slots.stage(condition, linker)
    if stage is None:
        after = re.search(r"\b(?:is|at|still|stuck|not)\s+(?:at |in )?(?:the )?((?:[a-z-]+ ?){1,3})$", text)
        stage = slots.known_stage(after.group(1), linker) if after else None
    if category is not None:
        return {"where": [{"field": "forecast_category", "op": "ne", "value": category}]} if opposite else {"forecast_category": category}
    if stage is not None and stage not in ("won", "lost"):
        return {"where": [{"field": "stage", "op": "ne", "value": stage}]} if opposite else {"stage": stage}
    people = linker.people(condition)
    if people and re.search(r"\b(?:belongs?|owned|owns?|assigned)\b|PERSON's\b", text) and people[0].name is not None:
        return {"where": [{"field": "owner", "op": "ne" if opposite else "eq", "value": people[0].name.text}]}
    return None

