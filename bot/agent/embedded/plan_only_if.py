"""Changes that are made only if the record says so now: "if it is still in Proposal, move it to Negotiation".

The condition becomes a filter of the change, so that it is checked where the change is proposed. What may yet happen ("if they
sign") is no condition on the record, and is asked about instead.
"""

import re
from datetime import date, timedelta

from bot.agent.embedded import plan_bulk, plan_deals, plan_tasks, plan_updates, slots, stated_values
from bot.agent.embedded.bulk_changes import VERB, deal_changes
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.people import Caller

_WORD = r"(?:(?:only )?(?:needed|required|necessary) (?:only )?if|(?:but |and )?(?:just|only) (?:if|when|in case|where|while)|as long as|so long as|on (?:the )?condition that|given that|provid(?:ed|ing)(?: that)?|assuming(?: that)?|in case|if|unless|while|should(?= (?:the |our |my |its )?(?:DEAL|ACCOUNT|it|nobody|no one|close date|closing date|stage|amount|next step|forecast)\b))"
_FIRST = re.compile(rf"^(?:and |so |but )?({_WORD})\s+(.+?)(?:\s*[,;:]\s*(?:then |please |just |go ahead and )*|\s+then\s+)(.+)$")
_MIDDLE = re.compile(rf"^(.+?)\s*[,;:(-]+\s*(?:and |but |so )?({_WORD})\s+(.+?)\s*[,;:)-]+\s*(?:then |please |just |and |so )*(.+)$")
_ELSE_NOTHING = re.compile(
    r"\s*[,;.!]*\s*(?:and |but )?(?:otherwise|else|or else|if not|if it is not|if (?:it|that|somebody|someone|anybody|anyone|they|he|she|we|not)(?: (?:has|have|did|does|is|was))?(?: not)?|in any other case),?\s+(?:please |just |then )*(?:leave (?:it|that|this|everything)(?: (?:alone|be|as (?:it )?is|there|where it is|untouched|like that))?|do(?: absolutely)? nothing|do not(?: (?:touch|change|do|move)(?: (?:it|anything|a thing|that))?)?|hands off(?: it)?|leave|nothing|forget (?:it|about it)|ignore (?:it|that)|never mind|skip (?:it|that)|keep (?:it|that)(?: (?:there|as (?:it )?is|where it is))?|it (?:can )?stays?(?: (?:there|as (?:it )?is|where it is|put))?|no change)\s*[.!]*\s*$"
)
"""An alternative that is to leave things as they are."""
_FIRST_BARE = re.compile(
    rf"^(?:and |so |but )?({_WORD})\s+(.+?)\s+((?:please |just )?(?:move|put|push|set|mark|close(?! dates?\b| (?:in|on|by|this|next|DATE)\b)|change|update|reassign|assign|give|hand|transfer|make|pull|bump|shift|kill|flip|advance|upgrade|downgrade|remind|ping|nudge|create|add|follow up|i (?:want|need|would like))\b.+)$"
)
_LAST = re.compile(rf"^(.+?),?\s+({_WORD})\s+(.+)$")
_ANSWERED = re.compile(
    r"\b(?:hear(?:d|s)? nothing|nothing (?:back|from)|radio silence|silen(?:t|ce)|ghost(?:s|ed|ing)|quiet|answer(?:s|ed)?|repl(?:y|ied|ies)|respon(?:ds?|ded|se)|g[eo]t(?:s|ten)? back|com(?:e|es) back|came back|writ(?:e|es|ten) back|wrote back|call(?:s|ed)? back|been in touch|get(?:s)? in touch|hear(?:d|s)? (?:back|from|anything|of)|no word|word from|news from)\b"
)
_NOT = re.compile(r"\b(?:not|never|no longer|nobody|no one|none|nothing|radio silence|silen(?:t|ce)|quiet|ghost(?:s|ed|ing))\b|\bno (?:answer|reply|response|word)\b")
_FUTURE = re.compile(r"\b(?:by|before|until) (?:DATE|LENGTH)\b|\bwill\b|\bDATE$|\b(?:sign|signs|approves?|agrees?|accepts?|comes?|goes|pays?)\b")
_SILENT = re.compile(r"\b(?:touch(?:ed)?|contact(?:ed)?|quiet|silent|cold|activity|untouched|talk(?:ed)?|spoken|heard|moved)\b")
_RENAMED = {
    "stage": "to_stage", "owner": "to_owner", "close_date": "to_close_date", "forecast_category": "to_forecast_category", "next_step": "to_next_step",
    "next_step_due": "to_next_step_due", "amount_minor": "to_amount_minor", "lost_reason": "lost_reason",
}  # fmt: skip


_CATEGORY = re.compile(r"(?:(?:in|into|to) )?(?:commit|best case|pipeline|omitted)(?: (?:for|with) (?:it|that|this|that one))?")
_FIELD = r"(?:close date|closing date|next step|stage|forecast(?: category)?|amount|value|owner)"
_ABOUT = re.compile(rf"^(?:(?:so|and|on|for|re|about|with) )*(?:(?:the )?(?P<of>{_FIELD}) (?:of|on|for|at) )?(?P<deal>(?:the |our |my )?(?:DEAL|ACCOUNT)(?:'s)?(?: deal| renewal)?)(?: (?P<field>{_FIELD}))?\s*[,:;-]+\s*(?=\S)")
_ASKED = re.compile(r"^(?:and |so |but )?(?:is|are|has|have|does|do) ([^?]{3,90})\?\s*(?:then|if so|if yes|in that case|so),?\s+(?:please |just )*(.+)$")
_LEAD = re.compile(rf"^[^.!?:;]{{3,80}}[.!]\s+(?=(?:and |so |but )?{_WORD}\b)")
_NOTED = re.compile(r"^(?:log|note|record|jot|memo|fyi|what|who|when|where|why|how|which|show|list|tell|draft|write)\b|\b(?:said|says|told|asked|asks|wants|would like us|thinks)\b")
_SAME = re.compile(r"(?:it|that|this|that one|there|which)(?: is| has)?\b\s*")
"""What stands for the field that was named before."""
_EMPTY = re.compile(r"\b(?:(?:has|have|does|is) not (?:got |have |set )?(?:one|any|set|anything)|none|nothing|empty|blank|not (?:set|filled))\b")
_TO_REMIND = re.compile(r"^(?:i (?:want|need|would like)|give me|put in|set|create|make|let us have) (?:a |an |me a )?(?:task|reminder|to-?do)\b")
_ONLY_IT = re.compile(r"(?:(?:it|that|this|the|our|my|deal|renewal|DEAL|ACCOUNT|close date|date|of|on|out|back|its)(?:'s)? ?)*")
_PUTS = re.compile(rf"^{VERB}\b|^(?:call|consider|count|commit) (?:it|that|this|(?:the |our |my )?(?:DEAL|ACCOUNT))\b")


def said(sentence: Sentence) -> bool:
    """Whether something is told to be done on a condition, wherever in the sentence that stands."""
    text = sentence.masked
    return (re.search(rf"\b{_WORD}\b", text) is not None or _ASKED.match(text) is not None) and _NOTED.search(text) is None


def made(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The change with its condition; None when the sentence has none that the record can answer."""
    sentence = sentence.cut(without_courtesies(sentence.masked))
    nothing = _ELSE_NOTHING.search(sentence.masked)
    sentence = sentence.cut(0, nothing.start()) if nothing is not None else sentence
    if re.search(r"\b(?:otherwise|else|or else)\b", sentence.masked):
        return None
    lead = _LEAD.match(sentence.masked)
    if lead is not None and not sentence.cut(0, lead.end()).of("DEAL", "ACCOUNT", "CONTACT", "MONEY", "PERSON"):
        sentence = sentence.cut(lead.end())
    about = _ABOUT.match(sentence.masked)
    named = linker.deal(sentence.cut(*about.span("deal"))) if about is not None else None
    field = (about.group("of") or about.group("field") or "") if about is not None else ""
    sentence = sentence.cut(about.end()) if about is not None else sentence
    parts = _parts(sentence.cut(5) if sentence.masked.startswith("only ") and not re.match(r"only (?:if|when|in|where|while)\b", sentence.masked) else sentence)
    if parts is None:
        return None
    word, condition, command = parts
    form = recognise(command.masked)
    if ((form is not None and form.family == "task") or _TO_REMIND.match(command.masked)) and _ANSWERED.search(condition.masked):
        return _reminder(word, condition, command, linker, caller, today)
    if not field and "next step" in command.masked and _EMPTY.search(condition.masked):
        field = "next step"
    same = _SAME.match(condition.masked)
    if field and same is not None:
        condition = condition.cut(same.end()).preceded_by(f"the {field} is")
    fills = "next step" in condition.masked and re.match(r"^(?:set|put|make|change|enter|add|write|use)\b", command.masked) is not None
    briefly = stated_values.said_briefly(command, linker) or _CATEGORY.fullmatch(command.masked.strip(" .!")) is not None
    if (form is None or form.family != "update_deal") and not fills and not briefly and not _PUTS.match(command.masked):
        return None
    deal = linker.deal(condition) if condition.of("DEAL", "ACCOUNT") else None
    deal = deal or named
    step = re.match(r"^(?:set|put|make|change|enter|add|write|use)(?: in| down)? (?:(?:it|that|this) (?:to|as) |(?!(?:it|that|this|the|DEAL|ACCOUNT|PERSON|CONTACT|next)\b))(.+)$", command.masked)
    day = re.match(r"^(?:make|set|put|move|push|change|shift) (?:it|that|this|the (?:close )?date) (?:to |on |for |until )?(?:the )?DATE$", command.masked.strip(" .!"))
    call: Call | None
    if day is not None and re.search(r"\bclos(?:e|ing) date\b", condition.masked) and (when := slots.due(command)) is not None:
        call = Call("update_deal", {"close_date": when.isoformat()})
    elif "next step" in condition.masked and "next step" not in command.masked and step is not None and slots.forecast_category(step.group(1)) is None:
        call = Call("update_deal", {"next_step": command.verbatim(step.start(1), step.end(1)).strip(" '\"")})
    else:
        call = _updated(command, linker, caller, today)
    shifted: Args = {}
    if call is None and command.of("LENGTH"):
        rest = deal_changes(shifted, command, linker)
        call = Call("update_deal") if shifted and _ONLY_IT.fullmatch(rest.masked.strip(" .!")) else None
    if call is None:
        return None
    target = deal.value if deal is not None else call.args.get("deal")
    if target is None:
        return None
    filters = _filters(condition, linker, caller, today, negated=word == "unless")
    if filters is None:
        return None
    changes = {_RENAMED[key]: value for key, value in call.args.items() if key in _RENAMED}
    changes |= shifted
    if not changes or len(changes) - len(shifted) != len([key for key in call.args if key not in ("deal", "currency")]):
        return None
    return Plan(calls=(Call("change_deals", {"deal": target, **filters, **changes}),), confidence=0.9, reason="only if")


def _parts(sentence: Sentence) -> tuple[str, Sentence, Sentence] | None:
    """The word of condition, the condition and the command."""
    text = sentence.masked.rstrip(" .!?")
    for pattern in (_FIRST, _FIRST_BARE):
        match = pattern.match(text)
        if match is not None:
            return match.group(1), sentence.cut(match.start(2), match.end(2)), sentence.cut(match.start(3), match.end(3))
    asked = _ASKED.match(text)
    if asked is not None:
        return "if", sentence.cut(*asked.span(1)), sentence.cut(*asked.span(2))
    middle = _MIDDLE.match(text)
    if middle is not None and _PUTS.match(middle.group(1)):
        command = sentence.cut(*middle.span(1))
        return middle.group(2), sentence.cut(*middle.span(3)), command if re.fullmatch(r"(?:please|thanks|ok)", middle.group(4)) else command.followed_by(sentence.cut(*middle.span(4)))
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
    then = re.search(r"\s*\b(?:on |by )?(?:that day|then)\b", command.masked)
    if then is not None:
        command = command.cut(0, then.start()).followed_by(command.cut(then.end()))
    wish = re.match(r"i (?:want|need|would like) (?=(?:an? )?(?:task|reminder|to-?do)\b)", command.masked)
    command = command.cut(wish.end()).preceded_by("create") if wish is not None else command
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
        if args.get("title", "Follow up") == "Follow up":
            args = {**args, "title": f"Follow up with {about.name.text}"}
    if "title" not in args:
        return None
    if "due" not in args and (when := slots.due(condition)) is not None:
        args["due"] = when.isoformat()
    return Plan(calls=(Call("create_task", {**args, "unless_answered": True}),), confidence=0.9, reason="unless answered")


def _filters(condition: Sentence, linker: Linker, caller: Caller, today: date, *, negated: bool) -> Args | None:
    """What the deal must be, as the filters of a change; None when the record cannot say."""
    text = condition.masked
    quiet = _quiet(condition, linker, today, negated) or _closing(condition, linker, today, negated)
    if quiet is not None or (_FUTURE.search(text) and not _as_of_now(condition)):
        return quiet
    for read in (_step, _amount, _closing, _standing):
        found = read(condition, linker, today, negated)
        if found is not None:
            return found
    return None if negated or _NOT.search(text) else _as_of_a_list(condition, linker, caller, today)


_SUBJECT = re.compile(r"(?:(?:the |our |my )?(?:DEAL|ACCOUNT)(?:'s)?(?: deal| renewal)?|it|that|this|(?:the |that |this )?deal)\b(?:'s)?\s*(?:(?:is|be|are|was|has been|gets)\b\s*)?(?:(?:still|already|now|currently|indeed|actually|really)\b\s*)*")


def _as_of_a_list(condition: Sentence, linker: Linker, caller: Caller, today: date) -> Args | None:
    """What a list of such deals would be asked for by: "from Germany", "against RIVAL", "older than a year"."""
    subject = _SUBJECT.match(condition.masked)
    rest = condition.cut(subject.end() if subject is not None else 0)
    return plan_bulk.conditions_of(rest.preceded_by("all deals"), linker, caller, today) if rest.masked else None


def _as_of_now(condition: Sentence) -> bool:
    """Whether the day that ends the condition is today: what the record says now."""
    return all(re.fullmatch(r"(?:as of |right )?(?:today|now|this moment)", mark.text.lower()) for mark in condition.of("DATE")) and not re.search(r"\bwill\b", condition.masked)


def _quiet(condition: Sentence, linker: Linker, today: date, negated: bool) -> Args | None:
    text = condition.masked
    found = plan_deals.untouched_days(condition, today)
    if not condition.of("LENGTH", "DATE") or (found is None and not _SILENT.search(text)):
        return None
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
    none = bool(_EMPTY.search(text) or re.search(r"\bno next step|\bwithout (?:a )?next step|\bnot (?:have|got) (?:a |any )?next step|\b(?:has|have) not (?:got )?(?:a |any )?next step", text))
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
    if re.search(r"\bclose date\b.*\b(?:passed|past|gone|over)\b|\boverdue\b|\bpast (?:its|the) close date\b|\bclos(?:e|ing) date\b.*\bbehind us\b", text):
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

