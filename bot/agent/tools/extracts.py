"""Which sentences of many interactions to keep in a short summary: what was decided, promised, agreed on amounts and dates,
and what is at risk, without saying anything twice. Pure; sentences are verbatim.

A greedy choice by maximal marginal relevance (Carbonell and Goldstein, 1998): worth, less what was said already, more for a
kind of matter that is not yet in.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.agent.tools.commitments import promised_by
from bot.agent.tools.cues import DATE, DECISION, MONEY, OBJECTION, RISK, RIVAL
from bot.agent.tools.gist import Sentence, scored_sentence, sentences_of
from crm_store.queries.interactions import InteractionFacts
from knowledge import words

_NEW_MATTER = 2.0
_SAME = 0.55
"""Two sentences that share more of their words say the same."""
_FROM_ONE = 2
_WORTH = 1.4
"""What says less than this is left out, however much room there is."""
_AGAIN = 1.0
"""A second sentence of the same interaction has to tell this much more."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A sentence that is kept, and which matters it is about: promise, decision, amount, date, risk."""

    sentence: Sentence
    matters: frozenset[str]


def extracts(
    sources: Iterable[InteractionFacts], most: int, *, competitors: Sequence[str] = (), passed_over: Collection[tuple[str, str]] = ()
) -> tuple[Extract, ...]:
    """At most ``most`` sentences, newest first and in reading order within an interaction."""
    found = [
        (Extract(scored, matters_of(scored)), position)
        for source in sources
        for position, one in enumerate(sentences_of(source))
        if (source.id, one.text) not in passed_over
        and (scored := scored_sentence(one, competitors=competitors)).score >= _WORTH
    ]
    kept: list[tuple[Extract, int]] = []
    while found and len(kept) < most:
        best = max(found, key=lambda one: _value(one[0], kept))
        if _value(best[0], kept) <= 0:
            break
        found.remove(best)
        if not _said_already(best[0], kept):
            kept.append(best)
    kept.sort(key=lambda one: one[1])
    kept.sort(key=lambda one: one[0].sentence.source.at, reverse=True)
    return tuple(one for one, _ in kept)


def matters_of(sentence: Sentence) -> frozenset[str]:
    text = sentence.text
    cues = {"decision": DECISION, "amount": MONEY, "date": DATE, "risk": RISK, "objection": OBJECTION, "rival": RIVAL}
    found = {matter for matter, cue in cues.items() if cue.search(text)}
    return frozenset(found | ({"promise"} if promised_by(sentence) else set()))


def _value(one: Extract, kept: Sequence[tuple[Extract, int]]) -> float:
    told = {matter for each, _ in kept for matter in each.matters}
    same = sum(each.sentence.source.id == one.sentence.source.id for each, _ in kept)
    if same >= _FROM_ONE:
        return 0.0
    return one.sentence.score + _NEW_MATTER * len(one.matters - told) - _AGAIN * same


def _said_already(one: Extract, kept: Sequence[tuple[Extract, int]]) -> bool:
    mine = set(words.content_words(one.sentence.text))
    for each, _ in kept:
        theirs = set(words.content_words(each.sentence.text))
        if mine and len(mine & theirs) / min(len(mine), len(theirs) or 1) >= _SAME:
            return True
    return False
