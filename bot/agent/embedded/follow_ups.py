"""What is only understood from the turn before: the answer to a question, and "what about last quarter?"."""

import re
from dataclasses import replace
from datetime import date, datetime

from rapidfuzz import fuzz

from bot.agent.embedded import slots
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
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


_TAKES_BACK = re.compile(
    r"^(?:(?:no|nope|oh|sorry|wait|hang on|hmm|actually|well|rather|ah|oops|my bad)\b[\s,.:!-]*)*(?:(?:i (?:mean|meant)|make (?:it|that|this)|change (?:it|that|this) to|set (?:it|that|this) to|it should be|should be|let us (?:say|make it)|better)\b[\s,:]*)?(?:to |at |on |for |in |as |by )?"
)
_CHANGEABLE: dict[str, tuple[str, str, str, str, str]] = {  # its day, amount, person, stage and forecast category
    "update_deal": ("close_date", "amount_minor", "owner", "stage", "forecast_category"),
    "create_deal": ("close_date", "amount_minor", "", "stage", ""),
    "create_task": ("due", "", "owner", "", ""),
    "change_deals": ("to_close_date", "to_amount_minor", "to_owner", "to_stage", "to_forecast_category"),
    "change_tasks": ("to_due", "", "to_owner", "", ""),
}


def corrected(sentence: Sentence, memory: Memory, linker: Linker) -> Plan | None:
    """The proposal that waits, made anew with one value replaced: "actually make that best case", "no, 52k"."""
    sentence = sentence.cut(without_courtesies(sentence.masked)) if sentence.masked.startswith(("please", "ok", "hey", "hi")) else sentence
    text = sentence.masked.strip(" .!?")
    match = _TAKES_BACK.match(text)
    if match is None or match.end() == 0 or len(memory.proposal_ids) != 1 or not memory.calls:
        return None
    if sentence.of("DEAL", "ACCOUNT", "CONTACT"):
        return None
    rest = re.sub(r"\b(?:instead|then|please|rather|not (?:DATE|MONEY))\b", "", text[match.end() :]).strip(" ,.")
    last = memory.calls[-1]
    fields = _CHANGEABLE.get(last.tool)
    if fields is None or not rest or len(rest.split()) > 5:
        return None
    day, amount, person, stage_field, category_field = fields
    new: dict[str, object] = {}
    piece = sentence.cut(match.end())
    if re.fullmatch(r"DATE", rest) and day and (when := slots.due(piece)) is not None:
        new[day] = when.isoformat()
    elif re.fullmatch(r"MONEY", rest) and amount and (money := piece.of("MONEY")[0].money) is not None and money.low is None:
        new[amount] = money.amount_minor
        if money.currency is not None and last.tool != "change_deals":
            new["currency"] = money.currency
    elif re.fullmatch(r"PERSON|me", rest) and person:
        new[person] = linker.people(piece)[0].value if rest == "PERSON" else "me"
    elif category_field and slots.forecast_category(rest) is not None and len(rest.split()) <= 2:
        new[category_field] = slots.forecast_category(rest)
    elif stage_field and (stage := slots.known_stage(rest, linker)) is not None:
        new[stage_field] = stage
    if not new:
        return None
    again = Call(last.tool, {**last.args, **new})
    aside = Call("reject_proposal", {"proposal": memory.proposal_ids[0]})
    return Plan(calls=(aside, again), reason="the waiting proposal corrected")


def as_one_change(plan: Plan) -> Plan:
    """Two changes of one deal in one message are one proposal: the second would find it changed by the first."""
    kept: list[Call] = []
    for call in plan.calls:
        same = next((at for at, one in enumerate(kept) if call.tool == one.tool == "update_deal" and one.args.get("deal") == call.args.get("deal")), None)
        if same is None:
            kept.append(call)
        elif kept[same] == call:
            continue
        elif set(kept[same].args) & set(call.args) == {"deal"}:
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


def about_the_same(plan: Plan, before: Plan) -> Plan:
    """A task that names nobody belongs to whom the entry before it is about."""
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
