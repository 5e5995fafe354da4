"""What is only understood from the turn before: the answer to a question, and "what about last quarter?"."""

import re
from dataclasses import replace
from datetime import date, datetime

from rapidfuzz import fuzz

from bot.agent.embedded import replies, slots
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.memory import Made, Memory, Said
from bot.cards import Option
from bot.settings import Settings
from crm_store.names import Kind, Names, winners

_NUMBER = re.compile(
    r"^(?:the |number |no\.? ?|option |#)?(first|second|third|fourth|fifth|last|one|two|three|four|five|\d)(?: one)?$"
)
_ORDER = {
    "first": 0,
    "one": 0,
    "second": 1,
    "two": 1,
    "third": 2,
    "three": 2,
    "fourth": 3,
    "four": 3,
    "fifth": 4,
    "five": 4,
    "last": -1,
}
_KINDS: dict[str, Kind] = {
    "account": "account",
    "contact": "contact",
    "contacts": "contact",
    "deal": "deal",
    "owner": "person",
    "team": "team",
    "stage": "stage",
}
_AGAIN = re.compile(
    r"^(?:and |ok |so |then )?(?:what about|how about|and|same for|same with|what of|now for|now|also for|for|and for|and what about|and how about|only|just)\s+(.+)$"
)
_PERIODS = {"list_deals": ("closing_since", "closing_until"), "list_tasks": ("due_since", "due_until")}
_WITH_PERIOD = frozenset({"report", "standing", "timeline", "search_notes", "what_changed", "team_week", *_PERIODS})
_NEAR_ENOUGH = 80


def answer(sentence: Sentence, memory: Memory, linker: Linker, now: datetime, settings: Settings) -> Plan | None:
    """The waiting call, completed, when the message answers the last question; None when it is a new request."""
    if memory.open_call is None:
        return None
    text = sentence.masked.strip(" .!?,")
    form = recognise(text)
    if form is not None and form.family == "cancel":
        return Plan(say="Right, I left it.", reason="cancelled the question")
    chosen = _chosen(sentence, text, memory.options)
    if chosen is not None:
        return _completed(memory.open_call, chosen.value)
    bare_name = len(text.split()) <= 4 and not re.match(
        r"(?:what|who|how|when|where|which|show|any|status|update)\b", text
    )
    if (form is not None and not (form.family in ("contact_details", "latest") and bare_name)) or len(text.split()) > 8:
        return None
    return _typed(sentence, memory.open_call, linker)


def _chosen(sentence: Sentence, text: str, options: tuple[Option, ...]) -> Option | None:
    said = sentence.text.strip()
    for option in options:
        if said in (option.value, option.label):
            return option
    number = _NUMBER.match(text)
    if number is not None and options:
        at = _ORDER.get(number.group(1), int(number.group(1)) - 1 if number.group(1).isdigit() else 0)
        return options[at] if -len(options) <= at < len(options) else None
    words = re.sub(
        r"^(?:the |i mean |i meant |it is |it was )*(?:one |deal |guy |person )?(?:at|from|of|with|in)?\s*",
        "",
        said.lower(),
    ).strip(" .!?,")
    if len(words) < 2:
        return None
    scores = [max(fuzz.token_set_ratio(words, option.label.lower()), 0.0) for option in options]
    best = max(scores, default=0.0)
    if best >= _NEAR_ENOUGH and sum(score >= best - 5 for score in scores) == 1:
        return options[scores.index(best)]
    return None


def _typed(sentence: Sentence, waiting: Made, linker: Linker) -> Plan | None:
    """A typed value for the missing argument: a name, a day, an amount or a title."""
    missing = waiting.missing
    words = re.sub(
        r"^(?:the |it is |for |at |on |to |with |i mean )+", "", sentence.text.strip(" .!?,"), flags=re.IGNORECASE
    )
    kind = _KINDS.get(missing)
    if kind is not None:
        near = waiting.args.get("account")
        best = winners(linker.names.find(kind, words, near if isinstance(near, str) else None))
        if len(best) == 1:
            return _completed(waiting, best[0].name.id)
        return _completed(waiting, words) if len(words.split()) <= 5 else None
    if missing.endswith(("date", "due", "since")) and (when := slots.due(sentence)) is not None:
        return _completed(waiting, when.isoformat())
    if missing.endswith("amount_minor") and sentence.of("MONEY"):
        money = sentence.of("MONEY")[0].money
        return _completed(waiting, money.amount_minor) if money else None
    if missing == "task" or missing in ("title", "name", "lost_reason", "next_step", "text"):
        return _completed(waiting, sentence.text.strip(" .!?,"))
    return None


def _completed(waiting: Made, value: object) -> Plan:
    if waiting.missing == "contacts":
        have = waiting.args.get("contacts")
        value = [*(have if isinstance(have, list) else []), value]
    return Plan(
        calls=(Call(waiting.tool, {**waiting.args, waiting.missing: value}),), reason=f"answer to {waiting.missing}"
    )


def repeated(sentence: Sentence, memory: Memory, linker: Linker, today: date) -> Plan | None:
    """ "What about last quarter?", "and for Halden?": the last call again with that one argument replaced."""
    match = _AGAIN.match(sentence.masked.strip(" .!?"))
    if match is None or not memory.calls:
        return None
    rest = sentence.cut(match.start(1))
    last = memory.calls[-1]
    left = rest.masked.strip(" .!?,'s")
    args = dict(last.args)
    if re.fullmatch(r"(?:in |for |on |the )*DATE", left) and last.tool in _WITH_PERIOD:
        since, until = _PERIODS.get(last.tool, ("since", "until"))
        args.pop(since, None)
        args.pop(until, None)
        slots.put_period(args, slots.period(rest), since, until)
        return Plan(calls=(Call(last.tool, args),), reason="the last call for another time")
    if re.fullmatch(
        r"(?:for |with |at |on |the |our )*(?:ACCOUNT|CONTACT|DEAL|PERSON)(?: deal| renewal| account)?", left
    ):
        return _elsewhere(rest, last, linker)
    if (
        re.fullmatch(r"(?:for )?(?:my team|the team|the whole team|everyone|everybody|me|mine)", left)
        and "owner" in args
    ):
        args["owner"] = "team" if "team" in left else "everyone" if left.startswith("every") else "me"
        return Plan(calls=(Call(last.tool, args),), reason="the last call for others")
    return None


def _elsewhere(rest: Sentence, last: Made, linker: Linker) -> Plan | None:
    args = dict(last.args)
    people, contacts, deals, accounts = (
        linker.people(rest),
        linker.contacts(rest),
        linker.deals(rest),
        linker.accounts(rest),
    )
    if people and "owner" in args and not accounts:
        args["owner"] = people[0].value
    elif contacts and "contact" in args:
        args["contact"] = contacts[0].value
    elif deals and "deal" in args:
        args["deal"] = deals[0].value
    elif accounts and ("account" in args or "contact" in args or "deal" in args):
        for key in ("contact", "deal", "focus"):
            args.pop(key, None)
        args["account"] = accounts[0].value
    else:
        return None
    if last.tool in (
        "log_interaction",
        "update_deal",
        "create_task",
        "update_contact",
        "set_role",
        "create_contact",
        "create_deal",
        "create_account",
        "complete_task",
    ):
        return None
    return Plan(calls=(Call(last.tool, args),), reason="the last call for something else")


def as_one_change(plan: Plan) -> Plan:
    """Two changes of one deal in one message are one proposal: the second would find it changed by the first."""
    kept: list[Call] = []
    for call in plan.calls:
        same = next((at for at, one in enumerate(kept) if call.tool == one.tool == "update_deal" and one.args.get("deal") == call.args.get("deal")), None)
        if same is None:
            kept.append(call)
        elif all(kept[same].args[key] == call.args[key] for key in set(kept[same].args) & set(call.args)):
            kept[same] = Call("update_deal", {**kept[same].args, **call.args})
        else:
            kept.append(call)
    return replace(plan, calls=tuple(kept)) if len(kept) < len(plan.calls) else plan


def with_subjects(memory: Memory, plan: Plan, names: Names) -> Memory:
    """The memory with what a request of this message was about, so that the next one may say "it"."""
    fresh: list[Said] = []
    for call in plan.calls:
        for key in ("deal", "contact", "contacts", "account"):
            values = call.args.get(key)
            for value in values if isinstance(values, list) else [values]:
                name = names.get(value) if isinstance(value, str) else None
                if name is not None:
                    fresh.append(Said(kind=name.kind, id=name.id, name=name.text))
                    at = names.get(name.account_id) if name.account_id else None
                    if at is not None and name.kind == "contact":  # "them" is now where this contact works
                        fresh.append(Said(kind=at.kind, id=at.id, name=at.text))
    kept = [one for one in memory.subjects if one not in fresh]
    return memory.model_copy(update={"subjects": (*fresh, *kept)})


_WRITING = frozenset({"update_deal", "log_interaction", "create_task", "change_deals", "change_tasks", "complete_task", "create_contact", "create_deal", "create_account", "update_contact", "set_role"})


def without_lead_ins(plans: list[Plan], requests: list[Sentence]) -> list[Plan]:
    """The plans without the one before a change that nothing was understood of: what leads up to a change is no request. With an
    amount or a length of time in it it may be its condition, and nothing is changed."""
    at = next((at for at, plan in enumerate(plans) if any(call.tool in _WRITING for call in plan.calls)), None)
    if at is None:
        return plans
    leading = [place for place, plan in enumerate(plans[:at]) if not plan.understood and plan.reason.startswith("unsure")]
    if any(requests[place].of("MONEY", "LENGTH") for place in leading):
        words = " ".join(f"“{requests[place].text}”" for place in leading)
        return [Plan(say=replies.UNREAD.format(words=words), understood=False, confidence=0.5, reason="what leads up to the change was not read")]
    return [plan for place, plan in enumerate(plans) if place not in leading]


_OF_ACCOUNTS = frozenset({"list_cases", "list_deals", "account_people", "promises", "timeline", "purchase_history", "account_latest", "account_brief"})


def _of_the_same_account(plan: Plan, before: Plan, request: Sentence) -> Plan:
    """ "What is new at Meridian, and any open tickets?": the tickets are Meridian's too."""
    at = next((call.args.get("account") for call in before.calls if call.tool in _OF_ACCOUNTS), None)
    call = plan.calls[0] if len(plan.calls) == 1 else None
    if at is None or call is None or call.tool not in _OF_ACCOUNTS or request.marks or {"account", "contact", "deal"} & set(call.args):
        return plan
    if re.search(r"\b(?:my|mine|our|all|every\w*|team|i|we)\b", request.masked):
        return plan
    kept = {key: value for key, value in call.args.items() if key != "owner"}
    return replace(plan, calls=(Call(call.tool, {"account": at, **kept}),))


def about_the_same(plan: Plan, before: Plan, request: Sentence) -> Plan:
    """A task that names nobody belongs to whom the entry before it is about, and what is asked of no account to the one before."""
    plan = _of_the_same_account(plan, before, request)
    whom = next((call.args for call in before.calls if call.tool == "log_interaction"), None)
    if whom is None or len(plan.calls) != 1 or plan.calls[0].tool != "create_task":
        return plan
    task = plan.calls[0]
    about = {"contact", "account", "deal"} & set(task.args)
    loosely = about == {"deal"} and not re.search(r"\b(?:deal|renewal)\b", str(task.args["title"]).lower()) and bool(whom.get("contacts"))
    if about and not loosely:
        return plan
    if loosely:
        task = Call(task.tool, {key: value for key, value in task.args.items() if key != "deal"})
    contacts = whom.get("contacts")
    if isinstance(contacts, list) and contacts:
        return replace(plan, calls=(Call(task.tool, {**task.args, "contact": contacts[0]}),))
    return replace(plan, calls=(Call(task.tool, {**task.args, "account": whom["account"]}),)) if whom.get("account") else plan
