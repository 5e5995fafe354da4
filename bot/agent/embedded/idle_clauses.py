"""What is said around a request and is none: where somebody is, why it is asked, how hurried they are ("forecast call at 3, show me
what slipped", "... I am nearly there").

Which clause is one was learned, as a family among the others (``utterances/aside.txt``): no list of words knows them all. A clause
goes only where what stays is a request, and leaves the one it names to a request that names nobody.
"""

import re
from collections.abc import Callable

from bot.agent.embedded.families import WRITES
from bot.agent.embedded.fragments import GLUE
from bot.agent.embedded.plans import Guess, Plan
from bot.agent.embedded.requests import ANCHORS
from bot.agent.embedded.sentence import Sentence

ASIDE = "aside"
_IDLE = frozenset({ASIDE, "out_of_scope", "greeting", "thanks"})
SURE = 0.5
"""From this probability on, a clause is none of the request."""
SURE_OF_TIMED = 0.6
"""The same for one with a time in it, which might be the request's."""
SURE_BEHIND_TEXT = 0.9
"""The same behind a request that ends in words to be kept, as the title of a task does."""
SURE_OF_WHOLE = 0.8
"""From this probability on, a message that would be another request without its clauses is left as it is."""
_KEPT_WHOLE = frozenset({"log"})
_TOLD_BEFORE = frozenset({"complete"})
"""What is done is told before it is said that it is: "the hotel is booked, mark the task done"."""
_ENDS_IN_TEXT = frozenset({"task", "update_task", "update_contact", "create_account", "create_contact", "create_deal", "update_deal", "bulk", "draft", "complete"})
_BREAK = re.compile(r"\s*(?:[,;:!?]+|\.+|…)\s+|\s+[-–]+\s+")
_MEANS_MORE = re.compile(
    r"\b(?:if|unless|once|until|till|not|never|no|only|without|except|instead|maybe|perhaps|might|probably|log|note|record|said|says|told|asked|wants?|wanted|or)\b|n't\b|\"|[?]|:(?=\s)"
)
_MEANT = re.compile(r"\b(?:them|they|their|theirs|him|his|her|she|he|there)\b")
"""Stands in the request for whoever the clause beside it names."""
_POINTS = re.compile(r"\b(?:it|that|this|those|these)\b")
_FEW = 5
"""A message of no more words is short enough to be meant as it is."""
_NAME_NOTHING = GLUE | {"role", "field", "update", "change", "often", "many", "times", "far", "long", "whom", "exactly"}
_LONGEST = 14
"""Words of such a clause, at most."""
_MOST = 2
"""So many clauses are left out before a request, and as many behind."""

Weighed = Callable[[Sentence], list[Guess]]


def without_idle(sentence: Sentence, weighed: Weighed) -> Sentence:
    """The message without the clauses around its request that are none of it; as it was where that may be wrong."""
    breaks = list(_BREAK.finditer(sentence.masked))
    if not breaks or len(sentence.masked.split()) <= _FEW or '"' in sentence.masked or "\n" in sentence.masked.strip():
        return sentence
    core = sentence
    for without in (_without_first, _without_last):
        for _ in range(_MOST):
            shorter = without(core, weighed)
            if shorter is None:
                break
            core = shorter
    if core is sentence:
        return sentence
    whole = weighed(sentence)[0]
    another = whole.probability >= SURE_OF_WHOLE and whole.family != _family(weighed(core))
    return sentence if another or whole.family in _KEPT_WHOLE else core


def asking(plans: list[Plan], requests: list[Sentence], weighed: Weighed) -> tuple[list[Plan], list[Sentence]]:
    """The plans and pieces of a message without those, behind one that was understood, that ask for nothing after all: an aside
    that was taken for a request, or words that name nothing ("..., and what was it")."""
    kept = [0, *(at for at in range(1, len(plans)) if not (plans[at - 1].understood and plans[at - 1].calls and _asks_nothing(plans[at], requests[at], weighed)))]
    return [plans[at] for at in kept], [requests[at] for at in kept]


def _asks_nothing(plan: Plan, request: Sentence, weighed: Weighed) -> bool:
    vague = not plan.understood or plan.reason.startswith("unsure") or any(call.tool == "search_notes" for call in plan.calls)
    if not vague or plan.waiting is not None or '"' in request.masked:
        return False
    words = re.findall(r"(?<![A-Z\w'])[a-z][a-z']+", request.masked)
    return (not request.marks and set(words) <= _NAME_NOTHING) or (not request.of(*ANCHORS, "MONEY") and _idle(weighed(request)) >= SURE)


def _without_first(sentence: Sentence, weighed: Weighed) -> Sentence | None:
    found = _BREAK.search(sentence.masked)
    if found is None:
        return None
    lead, rest = sentence.cut(0, found.start()), sentence.cut(found.end())
    if not _may_go(lead, rest) or (_POINTS.search(rest.masked) and len(lead.masked.split()) < _FEW) or _idle(weighed(lead)) < _needed(lead):
        return None
    family = _family(weighed(rest))
    if family in _KEPT_WHOLE | _TOLD_BEFORE or (family in WRITES and lead.of(*ANCHORS)):
        return None
    return _left(rest, lead)


def _without_last(sentence: Sentence, weighed: Weighed) -> Sentence | None:
    found = list(_BREAK.finditer(sentence.masked))
    if not found or ":" in found[-1].group():  # what stands behind a colon is what the words before it announce
        return None
    rest, tail = sentence.cut(0, found[-1].start()), sentence.cut(found[-1].end())
    if not _may_go(tail, rest):
        return None
    family = _family(weighed(rest))
    needed = SURE_BEHIND_TEXT if family in _ENDS_IN_TEXT else _needed(tail)
    return _left(rest, tail) if family not in _KEPT_WHOLE and _idle(weighed(tail)) >= needed else None


def _may_go(clause: Sentence, rest: Sentence) -> bool:
    words = clause.masked.split()
    return bool(words) and len(words) <= _LONGEST and len(rest.masked.split()) > 1 and not _MEANS_MORE.search(clause.masked) and not clause.of("MONEY", "EVERY", "ADDRESS") and not (clause.of("DATE", "LENGTH") and len(words) < 3)


def _needed(clause: Sentence) -> float:
    return SURE_OF_TIMED if clause.of("DATE", "LENGTH") else SURE


def _idle(guesses: list[Guess]) -> float:
    return sum(guess.probability for guess in guesses if guess.family in _IDLE)


def _family(guesses: list[Guess]) -> str:
    return guesses[0].family


def _left(rest: Sentence, clause: Sentence) -> Sentence | None:
    """What stays, with whom the clause names in the place of a pronoun or behind it; None where the clause names more than one."""
    named = clause.of("ACCOUNT", "CONTACT", "DEAL", "PERSON")
    meant = _MEANT.search(rest.masked)
    if rest.of(*ANCHORS) or not named or (meant is None and all(mark.kind == "PERSON" for mark in named)):
        return rest
    if len(named) > 1:
        return None
    whom = clause.cut(named[0].start, named[0].end)
    if meant is None:
        return rest.cut(0, len(rest.masked.rstrip(" .!?"))).followed_by(whom.preceded_by("for"))
    whose = whom.with_words("'s") if meant.group() in ("their", "his", "her") and rest.masked[meant.end() :].strip() else whom
    return rest.cut(0, meant.start()).followed_by(whose).followed_by(rest.cut(meant.end()))
