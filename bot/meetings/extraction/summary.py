"""The three to five sentences that tell most, verbatim, in the order in which they were said."""

import re
from collections.abc import Collection

from bot.agent.tools.gist import worth
from bot.meetings.extraction.statements import Statement
from bot.meetings.extraction.verbs import content_words

_LEAST_WORTH = 3.5
_SHORTEST_WORDS = 5
_THEIRS = 1.25
_DECISION = 4.0
_POINT = re.compile(
    r"\b(?:goals?|targets?|success\w*|problems?|trouble|conditions?|rules?|hours?|percent|per cent|thousand|million|hundred"
    r"|the point|important|worst|hard(?:est)? part"
    r"|sav(?:e|es|ed|ing)|start(?:s|ing)?|budget|board|committee|family|quarter|signature|vendor|offers?|instead)\b|\d",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"\b(?:too (?:expensive|high|much|long|slow|late|small)|expensive|cheaper|concern\w*|worr(?:y|ied)|not convinced"
    r"|risk\w*|competitor|other (?:vendors?|offers?)|discount|delay\w*)\b",
    re.IGNORECASE,
)
_LEANS_BACK = re.compile(
    r"^(?:(?:and|so|but|then|yes|no|well)[, ]+)?(?:it|that|this|he|she|they|those|these|which|exactly|i (?:will|can|think"
    r"|would|do)|let me)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b(?:i would like to (?:do|talk|start)|let me (?:put|start)|i want to talk|shall we|can you hear|good (?:morning|afternoon)|thank)\b",
    re.IGNORECASE,
)


def summary(
    all_said: tuple[Statement, ...],
    decided: Collection[Statement],
    actions: Collection[Statement],
    rivals: Collection[str],
    most: int = 5,
) -> tuple[Statement, ...]:
    """Decisions first of all, then what weighs most; sentences that become tasks are told there, and none says what another
    does."""
    scored: list[tuple[float, int, Statement]] = []
    for at, one in enumerate(all_said):
        if len(one.text.split()) < _SHORTEST_WORDS or one.section in ("actions", "ignored"):
            continue
        score = (
            worth(one.text, tuple(rivals))
            + 1.2 * len(_POINT.findall(one.text)[:2])
            + 0.8 * len(_NUMBER_WORD.findall(one.text)[:2])
        )
        score += 0.12 * min(12, len(content_words(one.text))) + 0.8 * (one.place > 0.75)
        objects = _OBJECTS.search(one.text) is not None
        score += 1.5 * (one.side == "them" and objects)
        score *= _THEIRS if one.side == "them" else 1.0
        if _LEANS_BACK.match(one.text) and not objects:
            score *= 0.6
        if _TALK.search(one.text):
            score *= 0.3
        if one in decided:
            score += _DECISION
        elif one in actions:
            score *= 0.3
        if one.text.endswith("?"):
            score *= 0.4
        scored.append((score, at, one))
    scored.sort(key=lambda each: (-each[0], each[1]))
    chosen: list[tuple[int, Statement]] = []
    for score, at, one in scored:
        if len(chosen) >= most or (score < _LEAST_WORTH and len(chosen) >= 3) or score <= 0:
            break
        words = content_words(one.text)
        if all(
            len(words & content_words(other.text)) <= 0.5 * max(1, min(len(words), len(content_words(other.text))))
            for _, other in chosen
        ):
            chosen.append((at, one))
    return tuple(one for _, one in sorted(chosen, key=lambda each: each[0]))
