"""The day a deal shall close: a day said, or a stretch of time added to the present one."""

import re
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args
from bot.cards import Asked

_RELATIVE = re.compile(
    r"\b(?:push|delay|slip|postpone|bump|pull|move|shift|drag)\b.{0,40}\b(?:DEAL|ACCOUNT|it|that|this|one|deal|date|renewal|in)(?:'s)? (?:another |a further )?LENGTH|\bby (?:a |an |another |about )?LENGTH|\b(?:back|out|forward) (?:a |another )?LENGTH|\bLENGTH (?:later|earlier|out|back|forward)"
)
_CLOSE_WORDS = re.compile(
    r"\b(?:close date|closing date|close[sd]?|closing|expected close|push(?:ed)?|slip(?:s|ped|ping)?|delay(?:ed)?|postpone[d]?|pull(?:ed)?|bring|re-?date|sign(?:ing)?)\b"
)


def put_close_date(args: Args, sentence: Sentence, linker: Linker, today: date, target: Args) -> Plan | None:
    """The close date said into ``args``, or what to ask when it is not one day. ``target`` is the deal as an argument."""
    text = sentence.masked
    waiting = Call("update_deal", {**target, **args})
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
        if not (about_close or _stands_alone(args, text, mark)) or (args.get("stage") == "won" and mark.time.last_day is not None and mark.time.last_day <= today):
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


def _stands_alone(args: Args, text: str, mark: Mark) -> bool:
    """Whether a day is one of several new values in a row: "to Proposal, 40k, end of January"."""
    if not {"stage", "amount_minor", "forecast_category"} & set(args) or args.get("stage") in ("won", "lost"):
        return False
    before = re.search(r"(?:MONEY|commit|best case|proposal|negotiation|discovery|qualification) (?:for|by|on|with close) (?:the )?$|[,;:&+/]\s*(?:and )?(?:by |on |for |due )?(?:the )?$|\band (?:by |on |for )?(?:the )?$|\b(?:out|back|forward) (?:to|until|till) (?:the )?$", text[: mark.start])
    return before is not None and re.match(r"\s*(?:[,.;&+/]|and\b|$)", text[mark.end :]) is not None


def _moved(day: date, months: int, mark: Mark, sign: int) -> date:
    length = slots.length_days(mark)
    if months:
        month = day.month - 1 + sign * months
        year, month = day.year + month // 12, month % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month, min(day.day, last))
    return day + timedelta(days=sign * length)
