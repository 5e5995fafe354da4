"""The arguments that a word on the answer before gives anew.

The maker of the last call reads the words, and reads nothing at all beside them: what differs is what was said.
"""

import re
from collections.abc import Mapping
from datetime import date

from bot.agent.embedded import plan_deals, plan_figures, plan_passages, plan_reads, plan_tasks, slots
from bot.agent.embedded.earlier_times import COMPARES
from bot.agent.embedded.fragments import ONE, WHOSE
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import Maker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.memory import Made
from crm_store.people import Caller

MAKERS: Mapping[str, Maker] = {
    "list_deals": plan_deals.deals_asked, "list_accounts": plan_deals.list_accounts, "list_tasks": plan_tasks.list_tasks,
    "report": plan_figures.heard, "timeline": plan_reads.timeline, "search_notes": plan_passages.passages, "account_people": plan_reads.people,
}  # fmt: skip
_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"since", "until"}), frozenset({"closing_since", "closing_until", "pushed_since", "pushed_until", "untouched_days"}), frozenset({"due_since", "due_until", "overdue"}),
    frozenset({"account", "contact", "deal", "focus"}), frozenset({"min_amount_minor", "max_amount_minor", "amount_currency"}), frozenset({"compare_with", "compare_since", "compare_until"}),
)  # fmt: skip
"""Arguments of which a new one takes the place of all of its kind."""
_OF_EVERY_SUBJECT = ("owner", "since", "until", "account", "compare_with", "compare_since", "compare_until")
"""What stays when a report is asked of something else instead ("emails?")."""
_NOUN_OF = {"list_deals": "deals", "list_accounts": "customers", "list_tasks": "tasks"}
_LEFT_OUT = re.compile(r"^(?:leave|drop|ignore|exclude|skip|hide|except|without|nothing|nobody|none|no(?= (?:deals|ones))|remove|take out|forget|lose|(?:cut|throw)(?: out)? (?:everything|anything|all|those))\b")
_BOUNDS = ("min_amount_minor", "max_amount_minor")
_SHARE = re.compile(r"\b(?:as (?:a )?(?:percent(?:age)?s?|share)|in percent|percentages?|shares?)\b")
_STATUS = re.compile(r"\b(?:won|lost|open|closed|wins?|los[es]|losing|loss(?:es)?|signed)\b")
ABOUT_SOMEBODY = ("account", "contact", "deal")
SAME_TIME = re.compile(r"\b(?:the )?same (?:week|month|quarter|year|period|time)\b|\b(?:back )?then\b")


def changed(rest: Sentence, last: Made, linker: Linker, caller: Caller, today: date) -> Call | None:
    """What the maker of the last call reads in the words and not in nothing, over what was asked before."""
    maker = MAKERS.get(last.tool)
    if maker is None:
        return None
    lead = re.match(r"^(?:(?:and|or|but|ok|okay|so|then|now|also|just|only|thanks|thx|hm+)[,.]? )+", rest.masked)
    rest = rest.cut(lead.end()) if lead is not None else rest
    said = _args(maker(_with_noun(rest, last), linker, caller, today), last.tool)
    of_nothing = _args(maker(rest.cut(0, 0), linker, caller, today), last.tool)
    fresh = {key: value for key, value in said.items() if of_nothing.get(key) != value}
    if not WHOSE.search(rest.masked):
        fresh.pop("owner", None)
    if not rest.of("ACCOUNT", "CONTACT", "DEAL"):
        fresh = {key: value for key, value in fresh.items() if key not in ABOUT_SOMEBODY}
    if SAME_TIME.search(rest.text.lower()):
        fresh = {key: value for key, value in fresh.items() if key not in alike("since") | alike("closing_since") | alike("due_since")}
    if last.tool == "list_deals" and "stage" not in fresh and (stage := _stage_in(rest, linker)) is not None:
        fresh["stage"] = stage
    if last.tool == "report" and last.args.get("subject", "deals") == "deals" and _STATUS.search(rest.masked) and (status := plan_deals.deal_status(rest.masked)) in ("won", "lost"):
        fresh["status"] = status
    if last.args.get("subject") == "interactions" and "channel" not in fresh and (means := slots.channel(rest.masked)) is not None:
        fresh["channel"] = means
    if last.tool == "report":
        fresh = _of_report(fresh, rest, last, linker, today)
    if last.tool in ("list_deals", "report") and not any(key in fresh for key in _BOUNDS) and len(bounds := [key for key in _BOUNDS if key in last.args]) == 1 and len(money := rest.of("MONEY")) == 1 and money[0].money is not None:
        fresh[bounds[0]] = money[0].money.amount_minor
    if _LEFT_OUT.match(rest.masked) and "max_amount_minor" in fresh and "min_amount_minor" not in fresh:
        fresh["min_amount_minor"] = fresh.pop("max_amount_minor")
    if last.tool == "report" and "group_by" in said and _BY.match(rest.masked):
        fresh["group_by"] = said["group_by"]  # said in so many words, even where nothing said comes to the same
    if not fresh or (all(last.args.get(key) == value for key, value in fresh.items()) and "group_by" not in fresh):
        return None
    kept: Args = dict(last.args)
    if last.tool == "report" and "subject" in fresh:
        kept = {key: value for key, value in kept.items() if key in _OF_EVERY_SUBJECT}
    for key in fresh:
        for other in alike(key):
            kept.pop(other, None)
    return Call(last.tool, {**kept, **fresh})


_BY = re.compile(r"(?:by|per|for each|each|split by|broken down by)\b")


def _with_noun(rest: Sentence, last: Made) -> Sentence:
    """The words with what the list was of in place of "ones", and behind "the biggest"."""
    noun = _NOUN_OF.get(last.tool)
    ones = re.search(r"\bones\b", rest.masked)
    if noun is not None and ones is not None and ones.start() > 0 and ONE.search(rest.masked.strip(" .!?,")) is None:
        return rest.cut(0, ones.start()).with_words(noun).followed_by(rest.cut(ones.end()))
    return rest.with_words("deal") if ONE.search(rest.masked.strip(" .!?,")) is not None else rest


def _stage_in(rest: Sentence, linker: Linker) -> str | None:
    """A stage of the record named by a word of its own."""
    known = (slots.known_stage(word, linker) for word in re.findall(r"[a-z][a-z-]{4,}", rest.masked))
    return next((stage for stage in known if stage not in (None, "won", "lost")), None)


def _of_report(fresh: Args, rest: Sentence, last: Made, linker: Linker, today: date) -> Args:
    """What the words say of a report: what its maker only adds to make a whole of them is left out."""
    if last.args.get("subject", "deals") == "deals" and (stage := slots.stage(rest, linker) or _stage_in(rest, linker)) is not None and stage not in ("won", "lost"):
        return {"stage": stage}
    if not _STATUS.search(rest.masked):
        fresh.pop("status", None)
    if fresh.get("subject") == last.args.get("subject"):
        fresh.pop("subject", None)
        fresh.pop("measure", None)
    if _SHARE.search(rest.masked):
        return {"share": True}
    if fresh.get("group_by") == "owner" and last.args.get("owner") == "me":
        fresh["owner"] = "team"
    if COMPARES.search(rest.masked):
        beside = slots.past_period(rest, today)
        if beside is None:
            return {key: value for key, value in fresh.items() if key.startswith("compare")}
        compared: Args = {}
        slots.put_period(compared, beside, "compare_since", "compare_until")
        return compared
    return fresh


def _args(made: Call | Plan | None, tool: str) -> Args:
    """The arguments of what was made, also where it asks for one more."""
    if isinstance(made, Call):
        return dict(made.args) if made.tool == tool else {}
    if made is None:
        return {}
    call = made.waiting or next(iter(made.calls), None)
    return dict(call.args) if call is not None and call.tool == tool else {}


def alike(key: str) -> frozenset[str]:
    return next((group for group in _TOGETHER if key in group), frozenset({key}))
