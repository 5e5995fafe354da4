"""What to tell of what was said where the words that are asked for are not in it: the sentences that come nearest."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.agent.tools.citing import Sources
from bot.agent.tools.evidence import stated
from bot.agent.tools.gist import sentences_of, with_next
from bot.agent.tools.nearest import Near, nearest, question_of
from bot.agent.tools.objecting import objects
from bot.agent.tools.shaping import quoted
from bot.agent.turn import Turn
from crm_store.queries.interactions import InteractionFacts

_LONGEST = 140
"""A longer message asks or tells more than one thing: what is looked for stands for it."""
_CLOSE, _SOME, _AHEAD = 0.4, 0.2, 0.2
"""From this closeness of meaning on a sentence is told that has none of the words asked for, and one that has some of them, or
one that is so far ahead of all others."""
_BEHIND = 0.15
"""The next sentence is told as well where it is no further behind."""
_SHORTEST = 12
_MOST = 2
_AGAINST = re.compile(
    r"\bobject\w*|\bpush(?:es|ed|ing)? ?back\b|\bcomplain\w*|\bworr(?:y|ies|ied|ying)\b|\bconcern(?:s|ed)?\b|\bdoubts?\b|\breservations?\b"
    r"|\b(?:un)?happy\b|\bagainst\b|\b(?:fine|okay|ok|problem|issues?) with\b|\baccept\w*|\bbalk\w*|\bmind\b",
    re.IGNORECASE,
)
"""Asks how they took it."""
_HELD = 0.3
"""What a sentence counts more there that holds something against us."""


def closest(turn: Turn, query: str, touches: Sequence[InteractionFacts], sources: Sources, *, placed: bool = False) -> list[str]:
    """The one or two sentences nearest to what is asked, as lines with their marks, with their account where ``placed``; none
    where nothing is near."""
    near = _nearest(turn, query, touches)
    ahead = len(near) > 1 and near[0].score - near[1].score >= _AHEAD
    told = [one for at, one in enumerate(near[:_MOST]) if one.meaning >= (_SOME if one.share > 0 or (ahead and at == 0) else _CLOSE)]
    return [_line(one, turn, sources, placed) for one in told if one.score >= told[0].score - _BEHIND]


def nearer(turn: Turn, touches: Sequence[InteractionFacts], told: Sequence[str], sources: Sources, *, placed: bool = False) -> str:
    """A sentence that is much nearer to the whole question than any of the quotes ``told``, as a line; "" where none is."""
    near = _nearest(turn, turn.message, touches)
    known = [one.score for one in near if any(quote in one.sentence.text or one.sentence.text in quote for quote in told)]
    if not near or not known or near[0].score - max(known) < _AHEAD or near[0].meaning < _SOME:
        return ""
    return _line(near[0], turn, sources, placed)


def _nearest(turn: Turn, query: str, touches: Sequence[InteractionFacts]) -> list[Near]:
    found = [one for touch in touches for one in sentences_of(touch) if len(stated(one.text)) >= _SHORTEST]
    against = _AGAINST.search(turn.message) is not None
    prior = [_HELD if against and objects(one) else 0.0 for one in found]
    looked_for = question_of(turn, query)
    question = replace(question_of(turn), terms=looked_for.terms) if len(turn.message) <= _LONGEST else looked_for
    return nearest(turn, question, found, prior)


def _line(one: Near, turn: Turn, sources: Sources, placed: bool) -> str:
    account = one.sentence.source.account if placed else None
    return quoted(with_next(one.sentence), sources, turn, place=f" ({account})" if account else "")
