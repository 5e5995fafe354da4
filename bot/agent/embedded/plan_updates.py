"""Changes of deals: stage, amount, dates, forecast, next step, owner, won and lost."""

import re
from datetime import date, timedelta
from decimal import Decimal

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.lost_deals import LOST, put_lost
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked, Option
from crm_store.people import Caller

_WON = re.compile(
    r"\b(?:won|closed?[- ]won|signed(?: the contract| off)?|is a win|came through|(?:we|i) (?:just |finally |have )*(?:got|landed|bagged|nailed|clinched))\b|^(?:we |i )?(?:have |just |finally )*closed (?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?(?!.*\bclose date)(?! (?:to|for|at|in)\b)"
)
_RELATIVE = re.compile(
    r"\b(?:push|delay|slip|postpone|bump|pull|move|shift|drag)\b.{0,40}\b(?:DEAL|ACCOUNT|it|that|this|one|deal|date|renewal|in)(?:'s)? (?:another |a further )?LENGTH|\bby (?:a |an |another |about )?LENGTH|\b(?:back|out|forward) (?:a |another )?LENGTH|\bLENGTH (?:later|earlier|out|back|forward)"
)
_CLOSE_WORDS = re.compile(
    r"\b(?:close date|closing date|close[sd]?|closing|expected close|push(?:ed)?|slip(?:s|ped|ping)?|delay(?:ed)?|postpone[d]?|pull(?:ed)?|bring|re-?date|sign(?:ing)?)\b"
)
_OWNER = re.compile(r"\b(?:assign|reassign|hand|give|transfer|owner|hand over|switch|belongs?|owns?|takes?|taking|took|inherits?|goes|gets|own)\b|\bput PERSON on\b|\blet PERSON\b")


_STEP_UP_FRONT = re.compile(r"^(?:next up|up next|what (?:we|i) do next|what comes next|what is next)\s+(?:for|on|with|at) (?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?\s*(?::|->|=|-|is to|is)\s*(?=\S)")
_STEP_FIRST = re.compile(r"^(?:put|add|set|make|use|enter|have)(?: down)? (.+?) (?:as|down as|to be) (?:the |our |its |a )?next step\b")


def update_deal(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    text = sentence.masked
    args: Args = {}
    problem = None
    rest = sentence
    named = _STEP_FIRST.match(text)
    step = None if named is not None else _STEP_UP_FRONT.match(text) or re.search(
        r"\bnext steps?\b(?: (?:(?:for|on|at|of|to|with|in) )?(?:the |our |my )?(?:DEAL|ACCOUNT|it|that|this)(?:'s)?(?: deal| renewal)?)?\s*(?::|=|->|is(?: to)?\b(?! be)|to be|to|as|should be|-)*\s+(?=\S)",
        text,
    )
    if step is not None:
        piece = sentence.cut(step.end())
        due = slots.due(piece)
        words = slots.without_times(piece) if due is not None else piece.text
        words = words.strip("\"'") if words.count('"') != 1 else words
        if words:
            args["next_step"] = words[:1].upper() + words[1:]
            if due is not None:
                args["next_step_due"] = due.isoformat()
            rest = (
                sentence.cut(0, step.start())
                if step.start() > 3
                and not re.fullmatch(r"(?:set|change|update|make|put) (?:the )?", text[: step.start()])
                else sentence.cut(0, step.end())
            )
    elif named is not None:
        args["next_step"] = sentence.verbatim(named.start(1), named.end(1)).strip("\"'")
        rest = sentence.cut(named.end())
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
            waiting=Call("update_deal", _deal(sentence, linker) or {}),
            missing="change",
        )
    target = _deal(rest, linker) if rest is not sentence else _deal(sentence, linker)
    if target is None and rest is not sentence:
        target = _deal(sentence.cut(0, step.end()) if step is not None else sentence, linker)
    if target is None:
        return Plan(question=Asked(text="Which deal do you mean?"), waiting=Call("update_deal", args), missing="deal")
    return Call("update_deal", {**target, **args})


def _deal(sentence: Sentence, linker: Linker) -> Args | None:
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
        r"(?!the\b|it\b|that\b|this\b|(?:first|second|third|fourth|fifth|last) one|close date|amount|stage|next step|owner|forecast|to\b|out\b)([\w'&.-]+(?: [\w'&.-]+){0,3}?)(?: (?:deal|renewal))?(?= (?:to|as|into|in|by|from|out|back|until|for|is|over|at)\b|$|[,:])",
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
    money = [
        mark
        for mark in sentence.of("MONEY")
        if mark.money is not None and not re.search(r"\b(?:not|instead of|rather than|and not|from)\s+$", text[: mark.start])
    ]
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
            waiting=Call("update_deal", {**(_deal(sentence, linker) or {}), **args}),
            missing="forecast_category",
        )
    if category is not None and args.get("stage") not in ("won", "lost"):
        args["forecast_category"] = category
    if money:
        mark = money[-1]
        assert mark.money is not None
        if (sign := _step_of(text, mark)) is not None:
            found = _stepped(sentence, linker, mark, sign)
            if found is None:
                return Plan(
                    question=Asked(text="What is the new amount in full?"),
                    waiting=Call("update_deal", {**(_deal(sentence, linker) or {}), **args}),
                    missing="amount_minor",
                )
            args |= found
            return None
        if mark.money.low is not None:
            return Plan(
                question=Asked(text=f"Which amount shall I put, {mark.text} is a range?"),
                waiting=Call("update_deal", {**(_deal(sentence, linker) or {}), **args}),
                missing="amount_minor",
            )
        args["amount_minor"] = mark.money.amount_minor
        if mark.money.currency is not None:
            args["currency"] = mark.money.currency
    elif (share := _SHARE.search(text)) is not None and _SCALED.match(text):
        deal = linker.deal(sentence)
        if deal is None or deal.name is None or deal.name.amount_minor is None:
            waiting = Call("update_deal", {**(_deal(sentence, linker) or {}), **args})
            return Plan(question=Asked(text="What is the new amount in full?"), waiting=waiting, missing="amount_minor")
        part = Decimal(share.group(1)) / 100 * (-1 if _LESS.search(text) else 1)
        args["amount_minor"] = int((deal.name.amount_minor * (1 + part)).quantize(Decimal(1)))
        if deal.name.currency:
            args["currency"] = deal.name.currency
    problem = _close_date(args, sentence, linker, today)
    if problem is not None:
        return problem
    if _OWNER.search(text) or (not args and re.search(r"\bto PERSON\b(?!')|\bis (?:now )?PERSON's\b", text)):
        people = [ref for ref in linker.people(sentence) if ref.mark is not None]
        if people:
            args["owner"] = people[-1].value
        elif re.search(r"\bto (?:me|myself)\b|\bme (?:the )?owner\b|^i (?:am |will |shall )?(?:now )?(?:tak(?:e|ing)|own)\b", text):
            args["owner"] = "me"
        elif not {"stage", "forecast_category", "close_date", "amount_minor"} & set(args):
            typed = re.search(r"\b(?:to|owner (?:is|to|of \S+ to))\s+([a-z][\w' -]+)$", text.rstrip(" .!?"))
            if typed is not None:
                args["owner"] = sentence.verbatim(typed.start(1), typed.end(1))
    return None


def _step_of(text: str, mark: Mark) -> int | None:
    """Whether an amount is to be added (1) or taken off (-1); None when it is the whole amount."""
    if re.search(r"\bto (?:a |an |about |roughly |just )?$", text[: mark.start]):
        return None
    by = re.search(r"\bby (?:a |an |another |about |roughly )?$|\b(?:up|down) $", text[: mark.start])
    moved = re.match(r"^(?:add|knock|take|shave)\b", text) or re.match(r"\s*(?:more|extra|off|less)\b", text[mark.end :])
    if by is None and moved is None:
        return None
    return -1 if _LESS.search(text) else 1


_LESS = re.compile(r"\b(?:lower|decrease|reduce|cut|drop|down|knock|take|shave|off|less|shrink|discount)\b")
_SHARE = re.compile(r"\b(\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent\b)")
_SCALED = re.compile(r"^(?:raise|increase|lower|decrease|reduce|cut|drop|bump|adjust|add|knock|take|shave|up|discount|grow|shrink|change|put)\b")


def _stepped(sentence: Sentence, linker: Linker, mark: Mark, sign: int) -> Args | None:
    """The amount after a step from the deal's present one; None when that is not known or in another currency."""
    deal = linker.deal(sentence)
    if deal is None or deal.name is None or deal.name.amount_minor is None or mark.money is None:
        return None
    if mark.money.low is not None or mark.money.currency not in (None, deal.name.currency):
        return None
    amount = deal.name.amount_minor + sign * mark.money.amount_minor
    if amount <= 0:
        return None
    return {"amount_minor": amount, **({"currency": deal.name.currency} if deal.name.currency else {})}


def _stage(text: str, linker: Linker) -> str | None:
    for match in re.finditer(
        r"(?:\b(?:to|into|in|at|as|stage|is|now|reached|entered|entering|hit)\b|->|→|:)\s*(?:the )?(?:stage )?(?:of )?(?=((?:[a-z-]+ ?){1,3}))", text
    ):
        found = slots.known_stage(match.group(1), linker)
        if found is not None:
            return found
    return None


def _close_date(args: Args, sentence: Sentence, linker: Linker, today: date) -> Plan | None:
    text = sentence.masked
    waiting = Call("update_deal", {**(_deal(sentence, linker) or {}), **args})
    if _RELATIVE.search(text) and sentence.of("LENGTH"):
        deal = linker.deal(sentence)
        mark = sentence.of("LENGTH")[0]
        if deal is None or deal.name is None or deal.name.close_date is None:
            return Plan(question=Asked(text="To which close date?"), waiting=waiting, missing="close_date")
        sign = -1 if re.search(r"\b(?:earlier|forward|pull|bring|in by|sooner)\b", text) else 1
        args["close_date"] = _moved(
            deal.name.close_date, mark.time.length.months if mark.time and mark.time.length else 0, mark, sign
        ).isoformat()
        return None
    for mark in sentence.of("DATE"):
        if mark.time is None:
            continue
        about_close = _CLOSE_WORDS.search(text) or (
            re.search(r"\b(?:to|until|till|for|on|by)\s*(?:the )?$", text[: mark.start])
            and re.match(r"^(?:move|set|change|update|shift|put|slide|kick|nudge|drag|shove|slip)|^(?:the |our |my )?(?:DEAL|ACCOUNT)(?:'s)?(?: deal| renewal)? (?:is |was |got |has |been |just |now )*(?:moved?|moving|went|goes|slips?)\b|^expected\b", text)
        )
        if not about_close or (args.get("stage") == "won" and mark.time.last_day is not None and mark.time.last_day <= today):
            continue
        if (
            mark.time.bound in ("from", "after", "since", "between", "trailing")
            or mark.time.last_day is None
            or re.search(r"\bnot (?:before|until|by)\b", mark.text.lower())
        ):
            return Plan(
                question=Asked(text=f"“{mark.text}” is not one day. Which close date shall I set?"),
                waiting=waiting,
                missing="close_date",
            )
        day = mark.time.last_day
        if mark.time.bound == "before":
            return Plan(
                question=Asked(text=f"“{mark.text}” leaves it open. Which close date shall I set?"),
                waiting=waiting,
                missing="close_date",
            )
        args["close_date"] = day.isoformat()
        return None
    return None


def _moved(day: date, months: int, mark: Mark, sign: int) -> date:
    length = slots.length_days(mark)
    if months:
        month = day.month - 1 + sign * months
        year, month = day.year + month // 12, month % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month, min(day.day, last))
    return day + timedelta(days=sign * length)
