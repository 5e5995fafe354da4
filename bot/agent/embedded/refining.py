"""A word on the answer before: "and last quarter?", "only those in Proposal", "by week", "what about Tom's?", "emails?".

What is said is read by the maker of the call before, beside what the same maker reads from nothing at all: only what the words
themselves say replaces an argument, everything else stays as it was asked. A message that is a request of its own is left alone.
"""

import re
from dataclasses import replace
from datetime import date

from bot.agent.embedded import shown_totals, slots
from bot.agent.embedded.clipped import clipped, shortened
from bot.agent.embedded.earlier_times import COMPARES, PERIODS, WITH_PERIOD, is_shift, running, shifted
from bot.agent.embedded.fragments import (
    ANOTHER_VERB,
    BACK,
    COMMANDS,
    GLUE,
    LISTS,
    MOST_TOPIC,
    OWN_LIST,
    SAID_THERE,
    WHOSE,
    is_fragment,
    only_glue,
    residue,
)
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.plans import WRITING, Call, Plan
from bot.agent.embedded.said_anew import ABOUT_SOMEBODY, MAKERS, SAME_TIME, alike, changed
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.vocabulary import is_word
from bot.agent.memory import Made, Memory
from crm_store.people import Caller

_WITH_OWNER = frozenset({*MAKERS, "standing", "what_changed", "next_actions", "slips", "promises"})
_OF_CONTACTS = frozenset({"search_notes", "timeline", "promises", "summarise", "draft_email", "said_differently"})
_GREETS = re.compile(r"^(?:hi|hey|hello|hiya|yo)\b")
_WHOSE_ELSE = re.compile(r"(?:(?:and|or|what about|how about|same|only|just|now|for|of|with|in|as|the ones? (?:of|from)|show me|give me) )*(?:(?P<team>(?:my|the|our) (?:whole |entire )?team|us|we|ours|(?:my |the |our )?team|reps)|(?P<all>everyone|everybody|all of us|the whole company|all reps|anyone|all)|me|mine|my own|myself)(?:'s)?(?: (?:only|instead|too|as well|then|as a whole|together|alone|ones|numbers?|figures?|please|now))*")
_WHOLE = re.compile(r"\b(?:whole|full|entire|all of the) (week|month|quarter|year)$")
_LOOKED_FOR = re.compile(r"^(?:(?:and|or|but|ok|now|then|also|nope?,?|not \w+,?|anything|something|try|check|look(?: for)?|find|search(?: for)?|what about|how about|about|on|for|the|any|same with|instead) )+")
_BY_UNIT = re.compile(r"\b(?:by|per|for each|on a) (?:the |calendar )?(day|week|month|quarter|year)$")
_SMALL_TALK = re.compile(r"\b(?:have an?|enjoy|happy|see you|talk to you|good (?:morning|evening|night|weekend))\b")
_OF_ITS_OWN = frozenset({"update_deal", "bulk", "log", "task", "update_task", "complete", "confirm", "cancel", "undo", "thanks", "greeting", "help", "draft", "next_actions"})
_TIED = re.compile(r"^(?:and|but|so|ok|okay|what about|how about|ouch|hm+|great|nice|right)\b")
_OF_A_RULE = re.compile(r"^(?:(?:and|so|ok|but|then) )*(?:(?:can|may|could|should|am|are|must|do|would) (?:i|we)\b|is (?:that|it|DATE|MONEY|\d)|what (?:if|about|happens)|how about|who (?:has to|must|may|can|approves|signs)|who\b.* approv\w+|and (?:for|if|above|over|under|with)\b)(?!.*\b(?:email|call|text|contact|newsletter)\b)")
"""Asks on after what our own documents said: "so can I do 18% for Meridian", "what about renewals"."""
_BY_REP = re.compile(r"(?:and |ok |now |so )*(?:by|per|for each|each|broken down by|split by) (?:reps?|person|seller|owner|head|team member|salesperson)(?: please)?|each of them|per head|(?:and )?(?:who is|who's) (?:behind|ahead|where)")
_MOST_LOOSE = 9
"""Words of a message that may still be about the answer before when nothing else is understood of it."""


def refined(sentence: Sentence, memory: Memory, linker: Linker, caller: Caller, today: date, *, likely: bool) -> Plan | None:
    """The last call again with what the message says in place of what it said before; None when the message is none of that.
    ``likely``: by all its words it is one."""
    if not memory.calls or memory.calls[-1].tool in WRITING or not sentence.masked.strip(" .!?,"):
        return None
    if memory.calls[-1].tool == "search_documents" and _OF_A_RULE.match(sentence.masked):
        return Plan(calls=(Call("search_documents", {"query": sentence.text.strip(" .!?,")}),), reason="more of what our own documents say")
    last = memory.calls[-1]
    total = shown_totals.of_shown(sentence.masked.strip(" .!?,"), last)
    if total is not None:
        return Plan(calls=(total,), reason="what was listed as one figure")
    if last.tool == "standing" and _BY_REP.fullmatch(sentence.masked.strip(" .!?,")):
        return Plan(calls=(Call("report", {"subject": "quotas", "measure": "attainment,won,quota", "group_by": "owner", **last.args}),), reason="the standing of each")
    found: tuple[int, Call] | None = None
    for shorter in shortened(sentence.cut(without_courtesies(sentence.masked)) if _GREETS.match(sentence.masked) else sentence):
        short = clipped(shorter, last)
        if shorter.masked != sentence.masked and sentence.of("DEAL", "EVERY") and not likely:
            break  # what is cut off of a change is not an aside
        call = _in_full(short.rest, last, linker, caller, today, led=short.corrects, likely=likely)
        unread = 0 if last.tool == "search_notes" else len(residue(short.rest.masked, last, linker))
        if call is not None and (found is None or unread < found[0]):
            found = unread, call
    return None if found is None else Plan(calls=(found[1],), reason="the last call with another argument")


def _in_full(rest: Sentence, last: Made, linker: Linker, caller: Caller, today: date, *, led: bool, likely: bool) -> Call | None:
    text, said = rest.masked.strip(" .!?,"), rest.text.lower().strip(" .!?,")
    if not text or not (is_shift(said) or likely or is_fragment(text, rest, last, linker, led=led)):
        return None
    form = recognise(text)
    if form is not None and form.family in _OF_ITS_OWN and not only_glue(text, last, linker):
        return None
    again = shifted(said, last) or _again(rest, last, linker, caller, today)
    if again is None and likely and len(about := rest.of("ACCOUNT", "CONTACT", "DEAL", "PERSON")) == 1:
        return _about_another(rest.cut(about[0].start, about[0].end), last, linker)  # whatever else is said around it
    return again


def after_all(made: Plan, sentence: Sentence, memory: Memory, linker: Linker, caller: Caller, today: date) -> Plan | None:
    """The last call again where ``made`` shows that a short message is no request that is known; None where it stays as it is."""
    lost = not made.understood and (made.reason in ("out of scope", "nothing of it is about sales") or made.reason.startswith("unsure"))
    text = sentence.masked.strip(" .!?,")
    if _SMALL_TALK.search(text) or not lost or not memory.calls or memory.calls[-1].tool not in MAKERS or len(text.split()) > _MOST_LOOSE or ANOTHER_VERB.search(text) or COMMANDS.match(text):
        return None
    unknown = residue(text, memory.calls[-1], linker)
    if memory.calls[-1].tool == "search_notes" and len(text.split()) > MOST_TOPIC:
        return None
    if len(unknown) > 1 or (unknown and is_word(unknown[0]) and memory.calls[-1].tool != "search_notes"):
        return None
    found = _again(sentence, memory.calls[-1], linker, caller, today)
    return None if found is None else Plan(calls=(found,), confidence=0.6, reason="the last call with another argument, after all")


def carried_on(made: Plan, sentence: Sentence, memory: Memory) -> Plan:
    """A question of the same kind as the one before that is tied to it ("and how much of it did I lose?"): its time, its owner and
    whom it is about stay, where the new words name none."""
    text = sentence.masked.strip(" .!?,")
    if not memory.calls or len(made.calls) != 1 or made.calls[0].tool != memory.calls[-1].tool or made.calls[0].tool not in MAKERS:
        return made
    they = memory.calls[-1].tool == "search_notes" and re.search(r"\b(?:they|them|their|he|she|him|her)\b", text) is not None
    if not (_TIED.match(text) or BACK.search(text) or they) or COMMANDS.match(text) or OWN_LIST.match(text):
        return made
    call, last = made.calls[0], memory.calls[-1].args
    kept: Args = {}
    same_time = SAME_TIME.search(sentence.text.lower()) is not None
    if same_time:
        call = Call(call.tool, {key: value for key, value in call.args.items() if key not in alike("since") | alike("closing_since") | alike("due_since")})
    if same_time or not sentence.of("DATE", "LENGTH", "EVERY"):
        kept |= {key: last[key] for key in ("since", "until", "closing_since", "closing_until", "due_since", "due_until") if key in last and not alike(key) & set(call.args)}
    if not sentence.of("ACCOUNT", "CONTACT", "DEAL", "PERSON"):
        kept |= {key: last[key] for key in ABOUT_SOMEBODY if key in last and not alike(key) & set(call.args)}
    if "owner" in last and not WHOSE.search(text) and not re.search(r"\b(?:i|we)\b", text):
        kept["owner"] = last["owner"]
    return replace(made, calls=(Call(call.tool, {**call.args, **kept}),)) if kept else made


def _again(rest: Sentence, last: Made, linker: Linker, caller: Caller, today: date) -> Call | None:
    return _by_time(rest, last) or _at_another_time(rest, last, today) or _about_another(rest, last, linker) or _of_others(rest, last) or _said_there(rest, last, linker) or _other_words(rest, last) or changed(rest, last, linker, caller, today)


def _by_time(rest: Sentence, last: Made) -> Call | None:
    """ "By the month": a split of a number, and no day by which something is due."""
    unit = _BY_UNIT.search(rest.text.lower().strip(" .!?"))
    return Call("report", {**last.args, "group_by": unit.group(1)}) if last.tool == "report" and unit is not None and len(rest.of("DATE")) <= 1 else None


def _at_another_time(rest: Sentence, last: Made, today: date) -> Call | None:
    words = [word for word in re.findall(r"[A-Za-z][\w'-]*", rest.masked) if word not in GLUE and word not in ("since", "during", "until")]
    whole = _WHOLE.search(rest.text.lower().strip(" .!?,"))
    if last.tool not in WITH_PERIOD or not (words in (["DATE"], ["DATE's"]) or whole is not None) or (last.tool == "report" and COMPARES.search(rest.masked)):
        return None
    since, until = PERIODS.get(last.tool, ("since", "until"))
    args = {key: value for key, value in last.args.items() if key not in alike(since)}
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
    asked = any(key in args for key in ABOUT_SOMEBODY)
    if people and "owner" in args and not accounts:
        return Call(last.tool, {**args, "owner": people[0].value})
    if contacts and asked and last.tool in _OF_CONTACTS:
        return Call(last.tool, {**{key: value for key, value in args.items() if key not in ABOUT_SOMEBODY}, "contact": contacts[0].value})
    if contacts and "contact" in args:
        return Call(last.tool, {**args, "contact": contacts[0].value})
    if deals and "deal" in args:
        return Call(last.tool, {**args, "deal": deals[0].value})
    if accounts and (asked or last.tool in LISTS):
        kept = {key: value for key, value in args.items() if key not in (*ABOUT_SOMEBODY, "focus")}
        return Call(last.tool, {**kept, "account": accounts[0].value})
    return None


def _of_others(rest: Sentence, last: Made) -> Call | None:
    whose = _WHOSE_ELSE.fullmatch(rest.masked.strip(" .!?,"))
    if whose is None or last.tool not in _WITH_OWNER:
        return None
    return Call(last.tool, {**last.args, "owner": "team" if whose.group("team") else "everyone" if whose.group("all") else "me"})


def _said_there(rest: Sentence, last: Made, linker: Linker) -> Call | None:
    """ "Did that come up at Quanta, too?": the same search elsewhere."""
    if last.tool != "search_notes" or SAID_THERE.match(rest.masked.strip(" .!?,")) is None:
        return None
    kept = {key: value for key, value in last.args.items() if key not in ABOUT_SOMEBODY}
    accounts, contacts = linker.accounts(rest), linker.contacts(rest)
    if contacts and rest.of("CONTACT"):
        return Call(last.tool, {**kept, "contact": contacts[0].value})
    return Call(last.tool, {**kept, "account": accounts[0].value}) if accounts else None


def _other_words(rest: Sentence, last: Made) -> Call | None:
    """Another topic of a search in the notes."""
    words = re.sub(r" (?:instead|too|as well|then|though|tho|there|next)$", "", _LOOKED_FOR.sub("", rest.masked.strip(" .!?,") + " ").strip())
    if last.tool != "search_notes" or rest.marks or not words or len(words.split()) > MOST_TOPIC or re.match(r"^(?:of|those|these|them)\b", words):
        return None
    return Call("search_notes", {**last.args, "query": words.strip('"“”\' ')})
