"""Which rows a number is of, beyond whose and when: silent deals, deals without a next step, prospects, what was lost for a reason;
and the share that such rows are of all of them."""

import re
from datetime import date, timedelta

from bot.agent.embedded.plan_deals import OVERDUE, WITHOUT_NEXT_STEP, untouched_days
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args

SHARE = re.compile(
    r"\b(?:with|and) (?:their |its |the )?(?:shares?|percent(?:ages?)?)\b|\bshares? of\b|\b(?:percent(?:age)?|proportion|fraction) of\b|% of\b|\bhow much of\b|\bas (?:a )?percent(?:age)?\b"
)
_LOST_FOR = re.compile(
    r"\b(?:los[et]|losing|losses|lost)\b.*\b(?:to|because of|due to|on|over|for|through) (?:the |our |their |a |lack of |missing )*"
    r"(price|pricing|budget|timing|time|features?|functionality|integrations?|support|service|competition|security|no decision|inaction)\b"
)
"""Why a deal was lost, as a reason that is recorded and not a competitor, which has a name."""
_STEMS = {"pricing": "price", "features": "feature", "integrations": "integration"}
_TO_RIVALS = re.compile(r"\b(?:los[et]|losing|losses|lost)\b.*\bto (?:a |an |any |the |our |another )*(?:competitors?|competition|rivals?|vendors?)\b")
_ACCOUNT_KIND = re.compile(r"\b(prospect|partner|influencer|competitor)s?\b")
_SPLIT_BY = ("kind", "forecast_category", "stage", "competitor", "product", "channel", "industry", "country", "source")
"""Arguments that say which rows, by which all rows can be split in their place."""


def split_by_turns(sentence: Sentence) -> Sentence:
    """The sentence with "each week" as plain words: of what was, it splits, and nothing comes again."""
    for mark in reversed(sentence.of("EVERY")):
        sentence = sentence.cut(0, mark.start).with_words(mark.text.lower()).followed_by(sentence.cut(mark.end))
    return sentence


def conditions_of(sentence: Sentence, args: Args, today: date) -> list[dict[str, object]]:
    """The conditions in ``sentence`` on rows of the report that ``args`` ask for; a period that one of them takes leaves ``args``."""
    text, subject, group = sentence.masked, args["subject"], str(args.get("group_by", "")).split(",")
    found: list[dict[str, object]] = []
    if subject in ("deals", "accounts"):
        days = untouched_days(sentence, today)
        if days is not None and args.get("status") not in ("won", "lost"):
            found.append({"field": "last_touch", "op": "lt", "value": (today - timedelta(days=days)).isoformat()})
            if not sentence.of("LENGTH") and len(sentence.of("DATE")) == 1:
                args.pop("since", None)
                args.pop("until", None)
    if subject == "deals":
        if WITHOUT_NEXT_STEP.search(text):
            found.append({"field": "next_step", "op": "is_empty", "value": True})
        if args.get("status") == "open" and OVERDUE.search(text):
            found.append({"field": "close_date", "op": "lt", "value": "today"})
    kind = _ACCOUNT_KIND.search(text)
    if subject == "accounts" and kind is not None and "kind" not in group:
        found.append({"field": "kind", "op": "eq", "value": kind.group(1)})
    if subject == "deals" and args.get("status") == "lost":
        lost = _LOST_FOR.search(text)
        if lost is not None:
            found.append({"field": "lost_reason", "op": "contains", "value": _STEMS.get(lost.group(1), lost.group(1))})
        elif _TO_RIVALS.search(text) and "competitor" not in (*group, *args):
            found.append({"field": "competitor", "op": "is_empty", "value": False})
    return found


def as_share(args: Args, text: str) -> Args:
    """Of "what share of revenue comes from renewals" the split by kind: a share of what is narrowed to is all of it."""
    if not SHARE.search(text) or str(args["measure"]).split(",")[0] not in ("count", "sum"):
        return args
    if "group_by" in args and re.search(r"\bhow much of\b", text) and not re.search(r"\b(?:shares?|percent\w*|proportion|fraction|comes?|came)\b|%", text):
        return args  # "how much of my pipeline is in commit, in best case": each one's amount
    if "group_by" in args:
        return {**args, "share": True}
    where = args.get("where")
    conditions = list(where) if isinstance(where, list) else []
    if len(conditions) == 1 and conditions[0].get("op") in ("eq", "in", "contains"):
        return {**{name: value for name, value in args.items() if name != "where"}, "group_by": conditions[0]["field"], "share": True}
    narrowed = next((name for name in _SPLIT_BY if name in args), None)
    if narrowed is None or conditions:
        return args
    return {**{name: value for name, value in args.items() if name != narrowed}, "group_by": narrowed, "share": True}


_DONE = re.compile(
    r"\b(?:how many|number of|count of|count) (?:[a-z]+ ){1,3}?(?:(?:were|was|are|is|have been|has been|have|got|did we|we|get) )(?:ever |already )?([a-z]{4,}(?:ed|en|pt)|won back|sent)\b"
    r"|\b(?:how many|number of|count of|count) ([a-z]{4,}(?:ed)) (?:cases|tickets|leads|orders|tasks|contacts|accounts|customers|interactions|calls|meetings|emails)\b"
)
_HEARD = frozenset({"opened", "created", "logged", "added", "held", "made", "raised", "received", "entered", "reported", "been", "given", "placed", "overdue", "recorded", "happened"})
"""What the plain count of a subject already is of: its own day says as much."""


def not_counted(text: str, call: Call) -> str | None:
    """What was said to have been done with the rows, where nothing of the report is about it."""
    match = _DONE.search(text)
    if match is None or call.args.get("where") or call.args.get("subject") == "deals":
        return None
    if str(call.args.get("measure")).split(",")[0] != "count":
        return None
    word = match.group(1) or match.group(2)
    used = word in _HEARD or "status" in call.args or str(call.args.get("date_field", "")) == word
    return None if used else word


__all__ = ["SHARE", "as_share", "conditions_of", "not_counted", "split_by_turns"]
