"""A change of "that" right after a list: which of those shown is meant has to be asked."""

import re
from collections.abc import Mapping

from bot.agent.embedded import pointing
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import MarkKind, Sentence
from bot.agent.memory import Memory
from bot.cards import Asked, Option

_THAT = re.compile(r"\b(?:it|that|this|her|him|she|he)\b|\bthe (?:deal|account|contact|task)\b")
_WORDED = re.compile(r"\b(?:the|that|this|our|my|their) (?:[a-z-]+ ){0,2}(?:renewal|pilot|expansion|rollout|upsell|upgrade)\b")
_CHANGES: Mapping[str, Mapping[str, tuple[MarkKind, ...]]] = {
    "update_deal": {"deal": ("DEAL", "ACCOUNT", "CONTACT")}, "complete_task": {"task": ()}, "update_task": {"task": ()}, "set_role": {"deal": ("DEAL", "ACCOUNT"), "contact": ("CONTACT",)},
    "log_interaction": {"deal": ("DEAL", "ACCOUNT", "CONTACT"), "account": ("ACCOUNT", "CONTACT", "DEAL")}, "update_contact": {"contact": ("CONTACT",)}, "record_consent": {"contact": ("CONTACT",)},
}  # fmt: skip
"""Changes of one thing, and which arguments of them a pronoun may stand for unless one of these is named."""
_MOST_OPTIONS = 5


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
