"""Changes of deals: stage, amount, dates, forecast, next step, owner, won and lost."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.close_dates import put_close_date
from bot.agent.embedded.deal_amounts import said_amounts, scaled, scales, step_of, stepped
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.lost_deals import LOST, put_lost
from bot.agent.embedded.next_steps import next_step
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked, Option
from crm_store.people import Caller

_WON = re.compile(
    r"\b(?:won|closed?[- ]won|signed(?: the contract| off)?|is a win|came through|(?:we|i) (?:just |finally |have )*(?:got|landed|bagged|nailed|clinched))\b|^(?:we |i )?(?:have |just |finally )*closed (?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?(?!.*\bclose date)(?! (?:to|for|at|in)\b)"
)
_OWNER = re.compile(r"\b(?:be with|sits? with|run by|handled by|owned by|assign|pass|sign over|reassign|hand|give|transfer|owner|hand over|switch|belongs?|owns?|takes?|taking|took|inherits?|goes|gets|own|responsible|in charge|looks? after|looking after)\b|\bput PERSON on\b|\blet PERSON\b|^PERSON (?:should|shall|will|must|can|is to|has to|needs to) (?:now )?(?:run|lead|look after|have|be)\b")
_NOT_THERE = re.compile(r"\b(?:from|out of|not|not in|not to|instead of|rather than|no longer|no longer in|off)(?: the| in)? $")
"""Before a stage that the deal leaves or never had."""


def update_deal(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    args: Args = {}
    problem = None
    rest = sentence
    step = next_step(sentence)
    if step is not None:
        args["next_step"] = step.words
        if step.due is not None:
            args["next_step_due"] = step.due.isoformat()
        rest = step.rest
        if step.beside.of("MONEY", "DATE") or slots.target_category(step.beside.masked) is not None:
            problem = _fields(args, step.beside, linker, today)
            if problem is not None:
                return problem
    elif LOST.search(text):
        put_lost(args, sentence)
    elif _WON.search(text) and not re.search(r"\bwon't\b", text):
        args["stage"] = "won"
    if "next_step" not in args and args.get("stage") != "lost":
        problem = _fields(args, sentence, linker, today)
        if problem is not None:
            return problem
    if not args:
        return Plan(
            question=Asked(
                text="What shall I change on the deal: the stage, the amount, the close date or the next step?"
            ),
            waiting=Call("update_deal", deal_meant(sentence, linker) or {}),
            missing="change",
        )
    target = deal_meant(rest, linker)
    if target is None:
        return Plan(question=Asked(text="Which deal do you mean?"), waiting=Call("update_deal", args), missing="deal")
    loose = _loose_day(args, sentence, today)
    if loose is not None:
        asked = Asked(text=f"Is “{loose}” the new close date? If so, which day shall I set?")
        return Plan(question=asked, waiting=Call("update_deal", {**target, **args}), missing="close_date")
    return Call("update_deal", {**target, **args})


def _loose_day(args: Args, sentence: Sentence, today: date) -> str | None:
    """A day still to come that went into no field: it may well be the close date, and is not left out unasked."""
    if {"close_date", "next_step", "owner"} & set(args) or args.get("stage") in ("won", "lost"):
        return None
    for mark in sentence.of("DATE"):
        last = mark.time.last_day if mark.time is not None else None
        if last is not None and last > today and not re.search(r"(?i)\b(?:from|since|as of|now|today|this (?:week|month|quarter|year))\b", mark.text) and not re.search(r"\b(?:this|from|since|as of|not|before|in)\s+(?:the )?$", sentence.masked[: mark.start]):
            return mark.text
    return None


def deal_meant(sentence: Sentence, linker: Linker) -> Args | None:
    deal = linker.deal(sentence)
    if deal is None or (not deal.said and not _points(sentence)):
        typed = _typed_deal(sentence)
        if typed is not None:
            return {"deal": typed}
    return {"deal": deal.value} if deal is not None else None


def _points(sentence: Sentence) -> bool:
    """Whether the sentence points back ("it", "the deal") and names nothing new."""
    return bool(re.search(r"\b(?:it|that|this|the deal|deal|them)\b", sentence.masked)) or _typed_deal(sentence) is None


def _typed_deal(sentence: Sentence) -> str | None:
    """A deal nobody knows, as typed, between the verb and "to"."""
    match = re.match(
        r"^(?:move|push|put|set|mark|change|update|advance|close|bump|shift|slip|delay|postpone|reopen|assign|reassign|give|hand|transfer|raise|lower|increase|decrease|reduce|pull)\s+(?:the )?(?:(?:close date|amount|stage|owner|forecast|value|next step)(?: of| for| on)? )?(?:the )?"
        r"(?!the\b|its?\b|that\b|this\b|their\b|his\b|her\b|my\b|our\b|up\b|down\b|over\b|back\b|(?:first|second|third|fourth|fifth|last) one|close date|close (?:to|out|back|for|on|of)\b|amount|stage|next step|owner|forecast|to\b|out\b)([\w'&.-]+(?: [\w'&.-]+){0,3}?)(?: (?:deal|renewal))?(?= (?:to|as|into|in|by|from|out|back|until|for|is|over|at)\b|$|[,:])",
        sentence.masked,
    )
    if match is None or any(mark.start < match.end(1) and match.start(1) < mark.end for mark in sentence.marks):
        return None
    words = sentence.verbatim(match.start(1), match.end(1))
    return (
        None
        if re.fullmatch(r"(?i)(?:the )?(?:deal|renewal|one|stage|them|everything|all|(?:close|closing) date)", words)
        else words
    )


def _fields(args: Args, sentence: Sentence, linker: Linker, today: date) -> Plan | None:
    text = sentence.masked
    money = said_amounts(sentence)
    if "stage" not in args:
        stage = _stage(text, linker)
        if stage is not None:
            args["stage"] = stage
    category = slots.target_category(text)
    if category is None and re.search(r"\bout of (?:the )?best case\b", text):
        category = "pipeline"
    if category is None and re.search(r"\bout of (?:the |my )?commit\b", text):
        return Plan(
            question=Asked(
                text="Which forecast category instead of commit?",
                options=(Option(label="Best case", value="best case"), Option(label="Pipeline", value="pipeline")),
            ),
            waiting=Call("update_deal", {**(deal_meant(sentence, linker) or {}), **args}),
            missing="forecast_category",
        )
    if category is not None and args.get("stage") not in ("won", "lost"):
        args["forecast_category"] = category
    if money:
        mark = money[-1]
        assert mark.money is not None
        if (sign := step_of(text, mark)) is not None:
            found = stepped(sentence, linker, mark, sign)
            if found is None:
                return Plan(
                    question=Asked(text="What is the new amount in full?"),
                    waiting=Call("update_deal", {**(deal_meant(sentence, linker) or {}), **args}),
                    missing="amount_minor",
                )
            args |= found
        elif mark.money.low is not None:
            return Plan(
                question=Asked(text=f"Which amount shall I put, {mark.text} is a range?"),
                waiting=Call("update_deal", {**(deal_meant(sentence, linker) or {}), **args}),
                missing="amount_minor",
            )
        else:
            args["amount_minor"] = mark.money.amount_minor
            if mark.money.currency is not None:
                args["currency"] = mark.money.currency
    elif scales(text):
        found = scaled(sentence, linker)
        if found is None:
            waiting = Call("update_deal", {**(deal_meant(sentence, linker) or {}), **args})
            return Plan(question=Asked(text="What is the new amount in full?"), waiting=waiting, missing="amount_minor")
        args |= found
    problem = put_close_date(args, sentence, linker, today, deal_meant(sentence, linker) or {})
    if problem is not None:
        return problem
    if _OWNER.search(text) or (not args and re.search(r"\bto PERSON\b(?!')|\bis (?:now )?PERSON's\b", text)):
        people = [ref for ref in linker.people(sentence) if ref.mark is not None and not (args and _told_before(sentence, ref.mark))]
        if people:
            args["owner"] = people[-1].value
        elif re.search(r"\bto (?:me|myself)\b|\bme (?:the )?owner\b|^i (?:am |will |shall )?(?:now )?(?:tak(?:e|ing)|own)\b", text):
            args["owner"] = "me"
        elif not {"stage", "forecast_category", "close_date", "amount_minor"} & set(args):
            typed = re.search(r"\b(?:to|owner (?:is|to|of \S+ to))\s+([a-z][\w' -]+)$", text.rstrip(" .!?"))
            if typed is not None:
                args["owner"] = sentence.verbatim(typed.start(1), typed.end(1))
    return None


def _told_before(sentence: Sentence, mark: Mark) -> bool:
    """Whether somebody stands in a clause before that of the deal: "Tom keeps asking, so the deal goes into commit"."""
    named = sentence.of("DEAL", "ACCOUNT")
    return bool(named) and mark.end < named[0].start and re.search(r"[,;.]|\bso\b", sentence.masked[mark.end : named[0].start]) is not None


def _stage(text: str, linker: Linker) -> str | None:
    """The stage that the deal shall have: the first one said after a word for it, else the last one said at all."""
    for match in re.finditer(
        r"(?:\b(?:to|into|in|at|as|stage|is|be|now|reached|entered|entering|hit)\b|->|→|:)\s*(?:the )?(?:stage )?(?:of )?(?=((?:[a-z-]+ ?){1,3}))", text
    ):
        found = None if _NOT_THERE.search(text[: match.start(1)]) else slots.known_stage(match.group(1), linker)
        if found is not None:
            return found
    said = [
        stage.name.text
        for match in re.finditer(r"\b[a-z]{4,}\b(?=\s*(?:stage\b|[,.;]|and\b|now\b|please\b|MONEY|$))", text)
        if not _NOT_THERE.search(text[: match.start()])
        for stage in linker.names.find("stage", match.group())
        if stage.how == "exact" and stage.name.status == "open"
    ]
    doing = re.search(r"\b(?:are|am|is|started|began|begun|now|currently) (?:now )?([a-z]{6,}ing)\b", text)
    if not said and doing is not None:  # "we are negotiating" is the stage that has this word for its name
        stem = doing.group(1)[:6]
        said = [stage.text for stage in linker.names.of_kind("stage") if stage.status == "open" and stage.text.lower().startswith(stem)]
    return said[-1] if said else None
