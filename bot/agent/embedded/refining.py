"""A word on the answer before: "and last quarter?", "only those in Proposal", "by week", "what about Tom's?", "emails?".

What is said is read by the maker of the call before, beside what the same maker reads from nothing at all: only what the words
themselves say replaces an argument, everything else stays as it was asked. A message that is a request of its own is left alone.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.agent.embedded import plan_deals, plan_figures, plan_passages, plan_reads, plan_tasks, slots
from bot.agent.embedded.earlier_times import BEFORE, COMPARES, PERIODS, WITH_PERIOD, before, running
from bot.agent.embedded.fragments import (
    ANOTHER_VERB,
    BACK,
    COMMANDS,
    GLUE,
    LISTS,
    MOST_TOPIC,
    ONE,
    WHOSE,
    is_fragment,
    only_glue,
    residue,
)
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plan_reads import Maker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.memory import Made, Memory
from crm_store.people import Caller

_MAKERS: Mapping[str, Maker] = {
    "list_deals": plan_deals.deals_asked, "list_accounts": plan_deals.list_accounts, "list_tasks": plan_tasks.list_tasks,
    "report": plan_figures.heard, "timeline": plan_reads.timeline, "search_notes": plan_passages.passages, "account_people": plan_reads.people,
}  # fmt: skip
_WITH_OWNER = frozenset({*_MAKERS, "standing", "what_changed", "next_actions", "slips", "promises"})
_OF_CONTACTS = frozenset({"search_notes", "timeline", "promises", "summarise", "draft_email", "said_differently"})
_ABOUT_SOMEBODY = ("account", "contact", "deal")
_WRITES = frozenset(
    {"log_interaction", "update_deal", "create_task", "update_task", "update_contact", "set_role", "create_contact", "create_deal", "create_account", "complete_task",
     "change_deals", "change_tasks", "change_accounts", "record_consent", "merge_records", "erase_person", "export_person"}
)  # fmt: skip
_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"since", "until"}), frozenset({"closing_since", "closing_until", "pushed_since", "pushed_until", "untouched_days"}), frozenset({"due_since", "due_until", "overdue"}),
    frozenset({"account", "contact", "deal", "focus"}), frozenset({"min_amount_minor", "max_amount_minor", "amount_currency"}), frozenset({"compare_with", "compare_since", "compare_until"}),
)  # fmt: skip
"""Arguments of which a new one takes the place of all of its kind."""
_OF_EVERY_SUBJECT = ("owner", "since", "until", "account", "compare_with", "compare_since", "compare_until")
"""What stays when a report is asked of something else instead ("emails?")."""
_PLEASE = re.compile(r"[ ,]+(?:please|pls|thanks|thx|for me|mate)$")
_SAME_TIME = re.compile(r"\b(?:the )?same (?:week|month|quarter|year|period|time)\b|\b(?:back )?then\b")
_LEFT_OUT = re.compile(r"^(?:leave|drop|ignore|exclude|skip|hide|except|without)\b")
_NOT_THAT = re.compile(r"^(?:no(?:pe)?,? )?not (?:the )?\w+,? (?:but |just |only |i meant |rather |look for |try )*")
_WHOLE = re.compile(r"\b(?:whole|full|entire|all of the) (week|month|quarter|year)$")
_LOOKED_FOR = re.compile(r"^(?:(?:and|or|but|ok|now|then|also|nope?,?|not \w+,?|anything|something|try|check|look(?: for)?|find|search(?: for)?|what about|how about|about|on|for|the|any|same with|instead) )+")
_SHARE = re.compile(r"\b(?:as (?:a )?(?:percent(?:age)?s?|share)|in percent|percentages?|shares?)\b")
_OF_ITS_OWN = frozenset({"update_deal", "bulk", "log", "task", "update_task", "complete", "confirm", "cancel", "undo", "thanks", "greeting", "help", "draft", "next_actions"})
_STATUS = re.compile(r"\b(?:won|lost|open|closed|wins?|loss(?:es)?|signed)\b")
_TIED = re.compile(r"^(?:and|but|so|ok|okay|what about|how about|ouch|hm+|great|nice|right)\b")
_OF_A_RULE = re.compile(r"^(?:(?:and|so|ok|but|then) )*(?:(?:can|may|could|should|am|are|must|do|would) (?:i|we)\b|is (?:that|it|DATE|MONEY|\d)|what (?:if|about|happens)|how about|who (?:has to|must|may|can|approves|signs)|who\b.* approv\w+|and (?:for|if|above|over|under|with)\b)(?!.*\b(?:email|call|text|contact|newsletter)\b)")
"""Asks on after what our own documents said: "so can I do 18% for Meridian", "what about renewals"."""
_MOST_LOOSE = 9
"""Words of a message that may still be about the answer before when nothing else is understood of it."""


def refined(sentence: Sentence, memory: Memory, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The last call again with what the message says in place of what it said before; None when the message is none of that."""
    if not memory.calls or memory.calls[-1].tool in _WRITES or not sentence.masked.strip(" .!?,"):
        return None
    if memory.calls[-1].tool == "search_documents" and _OF_A_RULE.match(sentence.masked):
        return Plan(calls=(Call("search_documents", {"query": sentence.text.strip(" .!?,")}),), reason="more of what our own documents say")
    last, said = memory.calls[-1], sentence.text.lower().strip(" .!?,")
    taken_back = _NOT_THAT.match(sentence.masked)
    rest = sentence.cut(taken_back.end()) if taken_back is not None else sentence
    text = _PLEASE.sub("", rest.masked.strip(" .!?,"))
    if not text or (BEFORE.match(said) is None and not is_fragment(text, rest, last, linker, led=taken_back is not None)):
        return None
    form = recognise(text)
    if form is not None and form.family in _OF_ITS_OWN and not only_glue(text, last, linker):
        return None
    found = before(said, last) or _again(rest, last, linker, caller, today)
    return None if found is None else Plan(calls=(found,), reason="the last call with another argument")


def after_all(made: Plan, sentence: Sentence, memory: Memory, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The last call again where ``made`` shows that a short message is no request that is known; None where it stays as it is."""
    lost = not made.understood and (made.reason in ("out of scope", "nothing of it is about sales") or made.reason.startswith("unsure"))
    text = sentence.masked.strip(" .!?,")
    if not lost or not memory.calls or memory.calls[-1].tool not in _MAKERS or len(text.split()) > _MOST_LOOSE or ANOTHER_VERB.search(text) or COMMANDS.match(text):
        return None
    if len(residue(text, memory.calls[-1], linker)) > 1:
        return None
    found = _again(sentence, memory.calls[-1], linker, caller, today)
    return None if found is None else Plan(calls=(found,), confidence=0.6, reason="the last call with another argument, after all")


def carried_on(made: Plan, sentence: Sentence, memory: Memory) -> Plan:
    """A question of the same kind as the one before that is tied to it ("and how much of it did I lose?"): its time, its owner and
    whom it is about stay, where the new words name none."""
    text = sentence.masked.strip(" .!?,")
    if not memory.calls or len(made.calls) != 1 or made.calls[0].tool != memory.calls[-1].tool or made.calls[0].tool not in _MAKERS:
        return made
    if not (_TIED.match(text) or BACK.search(text)) or COMMANDS.match(text):
        return made
    call, last = made.calls[0], memory.calls[-1].args
    kept: Args = {}
    same_time = _SAME_TIME.search(sentence.text.lower()) is not None
    if same_time:
        call = Call(call.tool, {key: value for key, value in call.args.items() if key not in _alike("since") | _alike("closing_since") | _alike("due_since")})
    if same_time or not sentence.of("DATE", "LENGTH", "EVERY"):
        kept |= {key: last[key] for key in ("since", "until", "closing_since", "closing_until", "due_since", "due_until") if key in last and not _alike(key) & set(call.args)}
    if not sentence.of("ACCOUNT", "CONTACT", "DEAL", "PERSON"):
        kept |= {key: last[key] for key in _ABOUT_SOMEBODY if key in last and not _alike(key) & set(call.args)}
    if "owner" in last and not WHOSE.search(text) and not re.search(r"\b(?:i|we)\b", text):
        kept["owner"] = last["owner"]
    return replace(made, calls=(Call(call.tool, {**call.args, **kept}),)) if kept else made


def _again(rest: Sentence, last: Made, linker: Linker, caller: Caller, today: date) -> Call | None:
    return _at_another_time(rest, last, today) or _about_another(rest, last, linker) or _of_others(rest, last) or _other_words(rest, last) or _changed(rest, last, linker, caller, today)


def _at_another_time(rest: Sentence, last: Made, today: date) -> Call | None:
    words = [word for word in re.findall(r"[A-Za-z][\w'-]*", rest.masked) if word not in GLUE and word not in ("since", "during", "until")]
    whole = _WHOLE.search(rest.text.lower().strip(" .!?,"))
    if last.tool not in WITH_PERIOD or not (words in (["DATE"], ["DATE's"]) or whole is not None) or (last.tool == "report" and COMPARES.search(rest.masked)):
        return None
    since, until = PERIODS.get(last.tool, ("since", "until"))
    args = {key: value for key, value in last.args.items() if key not in _alike(since)}
    if whole is not None:
        slots.put_period(args, running(whole.group(1), today), since, until)
        return Call(last.tool, args)
    looks_back = last.tool not in PERIODS and last.args.get("status") != "open"
    slots.put_period(args, slots.past_period(rest, today) if looks_back else slots.period(rest), since, until)
    return Call(last.tool, args)


def _about_another(rest: Sentence, last: Made, linker: Linker) -> Call | None:
    """The same of another account, contact, deal or person, where nothing else is said."""
    words = [word.removesuffix("'s") for word in re.findall(r"[A-Za-z][\w'-]*", rest.masked) if word.removesuffix("'s") not in GLUE | {"deal", "deals", "renewal", "account"}]
    if len(words) != 1 or words[0] not in ("ACCOUNT", "CONTACT", "DEAL", "PERSON"):
        return None
    args = dict(last.args)
    people, contacts, deals, accounts = linker.people(rest), linker.contacts(rest), linker.deals(rest), linker.accounts(rest)
    asked = any(key in args for key in _ABOUT_SOMEBODY)
    if people and "owner" in args and not accounts:
        return Call(last.tool, {**args, "owner": people[0].value})
    if contacts and asked and last.tool in _OF_CONTACTS:
        return Call(last.tool, {**{key: value for key, value in args.items() if key not in _ABOUT_SOMEBODY}, "contact": contacts[0].value})
    if contacts and "contact" in args:
        return Call(last.tool, {**args, "contact": contacts[0].value})
    if deals and "deal" in args:
        return Call(last.tool, {**args, "deal": deals[0].value})
    if accounts and (asked or last.tool in LISTS):
        kept = {key: value for key, value in args.items() if key not in (*_ABOUT_SOMEBODY, "focus")}
        return Call(last.tool, {**kept, "account": accounts[0].value})
    return None


def _of_others(rest: Sentence, last: Made) -> Call | None:
    whose = re.fullmatch(r"(?:and |what about |how about |same for |only |just |now )*(?:for |of )?(?:(?P<team>(?:my|the|our) (?:whole )?team|us|we|ours|the team's|team)|(?P<all>everyone|everybody|all of us|the whole company)|me|mine|my own)", rest.masked.strip(" .!?,"))
    if whose is None or last.tool not in _WITH_OWNER:
        return None
    return Call(last.tool, {**last.args, "owner": "team" if whose.group("team") else "everyone" if whose.group("all") else "me"})


def _other_words(rest: Sentence, last: Made) -> Call | None:
    """Another topic of a search in the notes."""
    words = re.sub(r" (?:instead|too|as well|then|though|tho|there|next)$", "", _LOOKED_FOR.sub("", rest.masked.strip(" .!?,") + " ").strip())
    if last.tool != "search_notes" or rest.marks or not words or len(words.split()) > MOST_TOPIC or re.match(r"^(?:of|those|these|them)\b", words):
        return None
    return Call("search_notes", {**last.args, "query": words})


def _changed(rest: Sentence, last: Made, linker: Linker, caller: Caller, today: date) -> Call | None:
    """What the maker of the last call reads in the words and not in nothing, over what was asked before."""
    maker = _MAKERS.get(last.tool)
    if maker is None:
        return None
    lead = re.match(r"^(?:(?:and|or|but|ok|okay|so|then|now|also|just|only|thanks|thx|hm+)[,.]? )+", rest.masked)
    rest = rest.cut(lead.end()) if lead is not None else rest
    one = ONE.search(rest.masked.strip(" .!?,"))
    said = _args(maker(rest.with_words("deal") if one is not None else rest, linker, caller, today), last.tool)
    of_nothing = _args(maker(rest.cut(0, 0), linker, caller, today), last.tool)
    fresh = {key: value for key, value in said.items() if of_nothing.get(key) != value}
    if not WHOSE.search(rest.masked):
        fresh.pop("owner", None)
    if not rest.of("ACCOUNT", "CONTACT", "DEAL"):
        fresh = {key: value for key, value in fresh.items() if key not in _ABOUT_SOMEBODY}
    if _SAME_TIME.search(rest.text.lower()):
        fresh = {key: value for key, value in fresh.items() if key not in _alike("since") | _alike("closing_since") | _alike("due_since")}
    if last.tool == "list_deals" and "stage" not in fresh and (stage := _stage_in(rest, linker)) is not None:
        fresh["stage"] = stage
    if last.tool == "report":
        fresh = _of_report(fresh, rest, last, linker, today)
    if _LEFT_OUT.match(rest.masked) and "max_amount_minor" in fresh and "min_amount_minor" not in fresh:
        fresh["min_amount_minor"] = fresh.pop("max_amount_minor")
    if not fresh or all(last.args.get(key) == value for key, value in fresh.items()):
        return None
    kept: Args = dict(last.args)
    if last.tool == "report" and "subject" in fresh:
        kept = {key: value for key, value in kept.items() if key in _OF_EVERY_SUBJECT}
    for key in fresh:
        for other in _alike(key):
            kept.pop(other, None)
    return Call(last.tool, {**kept, **fresh})


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


def _alike(key: str) -> frozenset[str]:
    return next((group for group in _TOGETHER if key in group), frozenset({key}))
