"""What is not said: of which of a list a change of "that" is has to be asked, of a list with nothing on it there is none, and a
question that names nobody is about who was talked of."""

import re
from collections.abc import Mapping

from bot.agent.embedded import pointing
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import MarkKind, Sentence
from bot.agent.memory import Memory
from bot.cards import Asked, Option
from crm_store.names import Kind

_THAT = re.compile(r"\b(?:it|that|this|her|him|she|he)\b|\bthe (?:deal|account|contact|task)\b")
_WORDED = re.compile(r"\b(?:the|that|this|our|my|their) (?:[a-z-]+ ){0,2}(?:renewal|pilot|expansion|rollout|upsell|upgrade)\b")
_CHANGES: Mapping[str, Mapping[str, tuple[MarkKind, ...]]] = {
    "update_deal": {"deal": ("DEAL", "ACCOUNT", "CONTACT")}, "complete_task": {"task": ()}, "update_task": {"task": ()}, "set_role": {"deal": ("DEAL", "ACCOUNT"), "contact": ("CONTACT",)},
    "log_interaction": {"deal": ("DEAL", "ACCOUNT", "CONTACT"), "account": ("ACCOUNT", "CONTACT", "DEAL")}, "update_contact": {"contact": ("CONTACT",)}, "record_consent": {"contact": ("CONTACT",)},
}  # fmt: skip
"""Changes of one thing, and which arguments of them a pronoun may stand for unless one of these is named."""
_MOST_OPTIONS = 5
_KINDS: Mapping[str, Kind] = {"account": "account", "contact": "contact", "deal": "deal"}
_READS = frozenset({"objections", "account_people", "promises", "account_latest", "account_brief", "timeline", "purchase_history", "list_cases", "qualify", "summarise", "satisfaction", "deal_details", "contact_details", "search_notes", "contradictions", "said_differently"})
_ALL_OF_THEM = re.compile(r"^(?:(?:please|ok|so|and|then|now|can you|could you|just) )*(?:push|move|mark|set|close|change|delete|assign|reassign|give|put|complete|tick|commit|bump|shift|reschedule|clear|hand|postpone|finish|drop|remove)\b.*\b(?:them|those|these|they|the lot|all of (?:it|that)|both|each of)\b")
_NOTHING_THERE = "That list was empty, so there is nothing to change."


def of_nothing(sentence: Sentence, memory: Memory) -> Plan | None:
    """The reply to a change of "all of those" where the list before had nothing on it."""
    if not memory.nothing_listed or _ALL_OF_THEM.match(sentence.masked) is None or sentence.of("ACCOUNT", "CONTACT", "DEAL"):
        return None
    return Plan(say=_NOTHING_THERE, reason="the list was empty")


def asked_which(plan: Plan, sentence: Sentence, memory: Memory) -> Plan | None:
    """The question back where a change is of "that" and several things were just shown; None where it is clear what is meant.

    The first of a list is what reads go by; a change of it would be a guess.
    """
    if not memory.just_shown or len(plan.calls) != 1 or plan.calls[0].tool not in _CHANGES or not _THAT.search(sentence.masked) or _WORDED.search(sentence.masked):
        return None
    call = plan.calls[0]
    for key, masks in _CHANGES[call.tool].items():
        listed = [one for one in memory.shown if one.kind == key]
        if len(listed) < 2 or sentence.of(*masks) or pointing.nth(sentence.masked, memory, key) is not None or call.args.get(key) not in {one.id for one in listed}:
            continue
        options = tuple(Option(label=one.name, value=one.id) for one in listed[:_MOST_OPTIONS])
        waiting = Call(call.tool, {name: value for name, value in call.args.items() if name != key})
        return Plan(question=Asked(text=f"Which {key} do you mean?", options=options), waiting=waiting, missing=key, reason="points at one of several")
    return None


def of_whom_is_talked(plan: Plan, linker: Linker) -> Plan | None:
    """A question about somebody that names nobody ("any objections?") is about who was talked of before."""
    kind = _KINDS.get(plan.missing)
    if kind is None or plan.calls or plan.waiting is None or plan.question is None or plan.question.options or plan.waiting.tool not in _READS:
        return None
    if linker.memory.just_shown and sum(one.kind == plan.missing for one in linker.memory.shown) > 1:
        return None  # which of those is meant has to be asked
    about = linker.talked_about(kind)
    if about is None or about.name is None:
        return None
    return Plan(calls=(Call(plan.waiting.tool, {**plan.waiting.args, plan.missing: about.value}),), confidence=plan.confidence, reason=f"{plan.reason}, of whom was talked")
