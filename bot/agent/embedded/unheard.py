"""Which words of a request for a list or a number made no difference to what was understood, so that the answer says so.

A list that silently leaves out half of the question is worse than none: "deals that were refurbished" must not be answered
with every open deal. A word counts as heard when the plan would be another one without it, or when it stands in one of its
arguments; the ordinary words that narrow nothing are in ``filler_words.txt``.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.agent.embedded import plan_managers, replies, report_vocabulary, restrictions
from bot.agent.embedded.grammar import SALES
from bot.agent.embedded.plans import Plan
from bot.agent.embedded.restrictions import Stretch
from bot.agent.embedded.sentence import MarkKind, Sentence

NARROWED = frozenset({"list_deals", "list_accounts", "list_tasks", "list_cases", "report"})
_MANY_CHANGED = frozenset({"change_deals", "change_tasks", "change_accounts"})
_WORD = re.compile(r"(?<![A-Z\w'’-])[a-z][a-z'’-]{2,}(?![A-Z\w])")
_SALES = re.compile(SALES)
_NARROWING: tuple[MarkKind, ...] = ("MONEY", "LENGTH", "PRODUCT", "RIVAL", "CONTACT")
_OF_SILENCE = re.compile(r"talk(?:ed|ing)?|sp[eo]ke?n?|contact(?:ed)?|call(?:ed)?|met|meet|reach(?:ed)?(?: out)?|hear[dt]?|touch(?:ed)?|visit(?:ed)?|email(?:ed)?|seen?|written|wrote|engaged|interacted|approached|chatted|pinged")
"""Said of customers whom nobody has talked to: the silence itself."""
_OF_MEASURES = {"csat": re.compile(r"(?:un|dis)?(?:happ|satisf)\w*|pleased|content"), "nps": re.compile(r"(?:un|dis)?(?:happ|satisf)\w*"), "attainment": re.compile(r"behind|ahead|short|lagging|trailing|under|below|above|off")}
"""Words that a measure answers by itself: whoever has the least of it comes first or last."""
_OF_TIME = frozenset({"DATE", "LENGTH", "EVERY"})
_AT_MOST = 8
"""So many words are tried at most; with more the request is a story, and what was heard of it is shown anyway."""
Planner = Callable[[Sentence], Plan]


@functools.cache
def ordinary_words() -> frozenset[str]:
    """Words that narrow nothing in a request for a list or a number."""
    return frozenset((Path(__file__).parent / "filler_words.txt").read_text(encoding="utf-8").split())


def told(made: Plan, request: Sentence, planned: Planner) -> Plan:
    """The plan with what it did not take into account said before it; a change of many records becomes words alone."""
    tools = {call.tool for call in made.calls}
    if not tools or made.say is not None or made.reason == plan_managers.LOADS or not tools <= NARROWED | _MANY_CHANGED:
        return made
    spots, used = unheard(made, request, planned)
    if not spots:
        return made
    words = tuple(dict.fromkeys(word for spot in spots if (word := request.verbatim(*spot))))
    if not words:
        return made  # only what was implied
    if len(words) > 1 and not request.marks and not _SALES.match(request.masked) and "custom." not in str(made.calls):
        return Plan(say=replies.OUT_OF_SCOPE, understood=False, confidence=0.5, reason="nothing of it is about sales")
    if tools & _MANY_CHANGED:
        return Plan(say=replies.UNREAD.format(words=replies.listed(words)), understood=False, confidence=0.5, reason="words not read")
    stretches = [one for one in restrictions.restricting(request.masked, spots, used) if not _said_again(made, request, one, planned)]
    words = tuple(dict.fromkeys(request.verbatim(*one) for one in stretches))
    if not words:
        return made
    named = replies.listed(words)
    if tools == {"report"} and _nothing_counted(made, request.masked):
        return Plan(say=replies.NO_SUCH_NUMBER.format(words=named), understood=False, confidence=0.5, reason="no such number")
    return replace(made, say=replies.UNHEARD.format(words=named), understood=False, confidence=min(0.5, made.confidence))


def _nothing_counted(made: Plan, text: str) -> bool:
    """Whether the number itself is what was not understood: no measure and nothing that could be counted is named."""
    plain = all(call.args.get("measure") in ("sum", "count") for call in made.calls)
    return plain and restrictions.listed(text) is None and report_vocabulary.measured(text) is None and report_vocabulary.subject_of(text) is None


def unheard(made: Plan, request: Sentence, planned: Planner) -> tuple[list[Stretch], list[Stretch]]:
    """The words of ``request`` without which ``planned`` would say the same, and the words and names that made a difference,
    both in their order; ``made`` is its plan."""
    taken = str([dict(call.args) for call in made.calls]).lower()  # what stands in an argument was heard
    silent = "untouched_days" in taken
    changed = any(call.tool in _MANY_CHANGED for call in made.calls)  # its first word is the change itself
    said = [found for found in _WORD.finditer(request.masked) if found.group() not in ordinary_words() and not (changed and found.start() == 0) and not (silent and _OF_SILENCE.fullmatch(found.group())) and not any(measure in taken and words.fullmatch(found.group()) for measure, words in _OF_MEASURES.items())]
    spots = [found.span() for found in said if found.group() not in taken]
    spots = sorted([*spots, *((mark.start, mark.end) for mark in request.of(*_NARROWING) if mark.kind != "LENGTH" or "_days" not in taken)])
    if not spots or len(spots) > _AT_MOST:
        return [], []

    def same_without(left_out: list[tuple[int, int]]) -> bool:
        rest = _without(request, left_out)
        return bool(rest.masked) and planned(rest).calls == made.calls

    idle = [spot for spot in spots if same_without([spot])]
    if len(idle) > 1 and not same_without(idle):  # two words for one thing: either would do, so each was heard
        idle = [spot for spot in idle if not same_without([other for other in idle if other != spot])]
    names = [(mark.start, mark.end) for mark in request.marks if mark.kind not in _OF_TIME]
    return idle, sorted(spot for spot in (*(found.span() for found in said), *names) if spot not in idle)


def _said_again(made: Plan, request: Sentence, stretch: Stretch, planned: Planner) -> bool:
    """Whether words that made no difference mean what another part of the request had said already ("with zero activity" of quiet deals)."""
    noun = restrictions.listed(request.masked)
    if noun is None or noun[0] <= stretch[0] < noun[1] or len(made.calls) != 1:
        return False
    alone, bare = planned(request.cut(*noun).followed_by(request.cut(*stretch))), planned(request.cut(*noun))
    if len(alone.calls) != 1 or len(bare.calls) != 1 or {alone.calls[0].tool, bare.calls[0].tool} != {made.calls[0].tool}:
        return False
    more = [name for name, value in alone.calls[0].args.items() if bare.calls[0].args.get(name) != value]
    return bool(more) and all(name in made.calls[0].args for name in more)


def _without(request: Sentence, spots: list[tuple[int, int]]) -> Sentence:
    rest, at = request.cut(0, 0), 0
    for start, end in spots:
        rest, at = rest.followed_by(request.cut(at, start)), end
    return rest.followed_by(request.cut(at))
