"""Orders what the two halves of a search found: weights, recency, and repeats that would fill the page."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge import words
from knowledge.citations import Passage

_TOKEN = re.compile(r"\w+(?:['.,]\w+)*")
_ALIKE = 0.9
"""Share of words two passages have in common to count as repeats."""
_MEANING_CHANGERS = frozenset(("not", "no", "never", "nor", "none", "nobody", "nothing", "without", "cannot"))


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much of a score is meaning and how much wording; measured best at 0.4 on notes of conversations."""

    dense: float = 0.4
    lexical: float = 0.6


@dataclass(frozen=True, slots=True)
class Recency:
    """Adds up to `weight` to a score of 0 to 1, halved every `half_life_days` of age."""

    weight: float = 0.1
    half_life_days: float = 90.0

    def bonus(self, at: date, today: date) -> float:
        """What a passage of day `at` gains; the future counts as today."""
        return self.weight * math.pow(0.5, max(0, (today - at).days) / self.half_life_days)


DEFAULT_WEIGHTS = FusionWeights()
DEFAULT_RECENCY = Recency()
NO_RECENCY = Recency(weight=0.0)


def normalised(scores: Mapping[str, float], floor: float | None = None) -> dict[str, float]:
    """Scores spread over 0 to 1, the best 1 and the worst, or `floor` where that is lower, 0; all 1 when all equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if floor is not None:
        low = min(low, floor)
    spread = high - low
    return {id: (score - low) / spread if spread > 0 else 1.0 for id, score in scores.items()}


def fused(
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    weights: FusionWeights,
    *,
    lexical_floor: float | None = None,
) -> dict[str, float]:
    """One score of 0 to 1 per id, from cosines and lexical scores; an id that a half lacks gets 0 from it.

    Ranks would throw away how clear a win was, which is why scores are normalised instead.
    """
    total = (weights.dense + weights.lexical) or 1.0
    by_meaning, by_wording = normalised(dense), normalised(lexical, lexical_floor)
    return {
        id: (weights.dense * by_meaning.get(id, 0.0) + weights.lexical * by_wording.get(id, 0.0)) / total
        for id in {**by_meaning, **by_wording}
    }


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage's id that is kept, and those of the passages folded into it."""

    id: str
    repeats: tuple[str, ...]


def without_repeats(passages: Iterable[Passage], k: int) -> list[Ranked]:
    """The first `k` of `passages` that say something new, in their order, each with the later ones that repeat it."""
    kept: list[tuple[str, frozenset[str], list[str]]] = []
    for passage in passages:
        tokens = _tokens(passage.text)
        same = next((folded for _, said, folded in kept if _says_again(said, tokens)), None)
        if same is not None:
            same.append(passage.chunk_id)
        elif len(kept) < k:
            kept.append((passage.chunk_id, tokens, []))
    return [Ranked(id, tuple(folded)) for id, _, folded in kept]


def repeats(one: Passage, other: Passage) -> bool:
    """Whether `other` only says again what `one` says.

    Passages that differ in a number or a "not" are never repeats, however much else they share.
    """
    return _says_again(_tokens(one.text), _tokens(other.text))


def _says_again(first: frozenset[str], second: frozenset[str]) -> bool:
    if first == second:
        return True
    different = first ^ second
    if any(token[0].isdigit() or token in _MEANING_CHANGERS or token.endswith("n't") for token in different):
        return False
    return len(first & second) >= _ALIKE * len(first | second)


def _tokens(text: str) -> frozenset[str]:
    """Folded words as they were written, "won't" and "40,000" in one piece."""
    return frozenset(_TOKEN.findall(words.fold(text).replace("’", "'")))
