"""What is not proposed as it was said: a change on a condition, a doubt, a negation, a question about a change."""

import re

from bot.agent.embedded import changed_tasks, checking, plan_consents, plan_only_if, replies
from bot.agent.embedded.families import WRITES
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.plans import Guess, Plan
from bot.agent.embedded.requests import Request
from bot.agent.embedded.signs import claims

_OF_DEALS = frozenset({"update_deal", "bulk"})
_STANDS_ANYWAY = frozenset({"log", "task"})
"""What may be written though its sentence has a condition in it: the condition is part of what is noted."""
_REMOVED = frozenset({"bulk", "erase", "merge", "one task"})
_NOTED = re.compile(r"^(?:log|note|notes|record|jot|remind|task|todo|to-do|add (?:to|a note|this)|fyi|memo)\b")
_LOOKS = re.compile(r"^(?:list|show|display|pull up|get me|let me see)\b(?!.*\b(?:and|then) (?:move|set|push|close|mark|reassign|delete|put)\b)")
_ONE = re.compile(r"\b(?:it|(?:that|this)(?: (?:deal|one|account|task|renewal))?)\b")
_MANY = re.compile(r"\b(?:all|every\w*|each|both|any\w*|deals|tasks|to-?dos|reminders|accounts|renewals|opps|opportunities|contacts|customers|whatever|whichever|rest|others|these|those|them|ones|list|pipeline|book|plate|agenda|forecast)\b")
"""What is pointed at as one thing is no change of many."""
_BARE_WHY = 3
"""So many words may be a bare "why is that"."""
_SURE = 0.6
_SURE_YES = 0.9


def held_back(request: Request, guesses: list[Guess]) -> Plan | None:
    """The reply to a write that must not be proposed as it was said; None for anything else."""
    core, bare, linker, mood = request.core, request.bare, request.linker, request.mood
    best = guesses[0]
    if best.family == "record_consent" and may_write(request, best.family):
        return replies.hedged(core.text) if plan_consents.UNSURE.search(bare) else None
    if mood == "command":
        form = recognise(bare)
        unsaid = (form is None or form.family not in WRITES) and best.family in WRITES - _STANDS_ANYWAY
        if unsaid and checking.HEDGED.search(bare):
            return replies.hedged(core.text)
        if (best.family in _OF_DEALS or (form is not None and form.family in _OF_DEALS)) and (checking.HEDGED.search(bare) or checking.NOT_SO.search(bare)) and best.family not in _STANDS_ANYWAY:
            return replies.hedged(core.text)
        waits = checking.on_hold(core, linker) if best.family in _OF_DEALS | {"task", "deal_details", "latest"} else None
        if waits is not None:
            return waits
        removed = (best.family == "erase" and core.of("CONTACT")) or _REMOVED & set(claims(request))
        removal = None if removed else checking.deletes(core, linker, request.caller, request.today)
        return removal if removal is not None and (removal.calls or best.family in WRITES) else None
    if mood == "question":
        asked = checking.asked_write(bare) is not None and best.family in _OF_DEALS | {"latest", "deal_details", "list_deals", "timeline", "passages"}
        return checking.only_look(core, linker, request.caller, request.today) if asked else None
    return _on_condition(request, best)


def _on_condition(request: Request, best: Guess) -> Plan | None:
    core, bare, conditional = request.core, request.bare, request.mood == "conditional"
    if conditional and checking.OTHERWISE.search(bare):
        return replies.conditional(core.text)
    if conditional and (held := plan_only_if.made(core, request.linker, request.caller, request.today)) is not None:
        return held
    form = recognise(bare) or recognise(checking.after_condition(bare))
    written = form.family if form is not None else best.family if best.probability >= _SURE else ""
    if written == "log" and checking.IF_NOT_DONE.search(bare):
        return replies.conditional(core.text)
    if written not in WRITES and not (conditional and best.family in WRITES - _STANDS_ANYWAY):
        return None
    if conditional and (written in _STANDS_ANYWAY or best.family in _STANDS_ANYWAY):
        return None
    return replies.conditional(core.text) if conditional else Plan(say=replies.NOTHING_DONE, reason="negated")


def possible(guess: Guess, request: Request) -> bool:
    """Whether a family can be meant here: a word on a proposal needs one, and what is to be noted asks nothing."""
    match guess.family:
        case "competitors" if request.core.of("RIVAL") and not (request.core.of("ACCOUNT", "DEAL", "CONTACT") or request.memory.subjects):
            return False  # what is said of a rival, wherever
        case "qualify" | "objections" | "competitors":
            return _NOTED.match(request.bare) is None
        case "bulk" if _ONE.search(request.bare) and not _MANY.search(request.bare):
            return False
        case "update_task":
            return changed_tasks.meant(request.core, request.linker)
        case "cancel":
            return bool(request.memory.proposal_ids) and guess.probability >= _SURE
        case "undo":
            return (bool(request.memory.proposal_ids) or request.memory.change_id is not None) and guess.probability >= _SURE
        case "why":  # asks for the reasons of a suggestion, and there has to be one, or nothing else that it may ask
            return any(call.tool in ("next_actions", "why_action") for call in request.memory.calls) or len(request.bare.split()) <= _BARE_WHY
        case "confirm":
            return bool(request.memory.proposal_ids) and guess.probability >= _SURE_YES and not request.core.marks
    return True


def may_write(request: Request, family: str) -> bool:
    """Whether a request of this mood may become a write of ``family``."""
    if family == "bulk" and _LOOKS.match(request.bare):
        return False
    if family == "record_consent" and request.mood == "negated":  # "do not email her any more" is what is to be written
        return plan_consents.ordered_not(request.bare)
    return request.mood == "command" or (request.mood == "conditional" and family in _STANDS_ANYWAY)
