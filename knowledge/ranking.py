"""Orders what the two halves of a search found: weights, recency, and repeats that would fill the page."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge import chunks, fusion, words
from knowledge.citations import Passage

_TOKEN = re.compile(r"\w+(?:['.,]\w+)*")
_ALIKE = 0.9
"""Share of words two passages have in common to count as repeats."""
_MEANING_CHANGERS = frozenset(("not", "no", "never", "nor", "none", "nobody", "nothing", "without", "cannot"))


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much of a score is meaning and how much wording."""

    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Recency:
    """Adds up to `weight` to a score of 0 to 1, halved every `half_life_days` of age."""

    weight: float = 0.02
    half_life_days: float = 90.0

    def bonus(self, at: date, today: date) -> float:
        """What a passage of day `at` gains; the future counts as today."""
        return self.weight * math.pow(0.5, max(0, (today - at).days) / self.half_life_days)


@dataclass(frozen=True, slots=True)
class Signals:
    """What besides its words and its meaning speaks for a passage, as additions to a score of 0 to 1.

    `entity` is for what its header says it is about, where the question names it; `kind` for being a mail when mails
    are asked for; and recency counts `asked_recent` times as much where the newest is asked for.
    """

    entity: float = 0.3
    kind: float = 0.1
    recency: Recency = Recency()
    asked_recent: float = 10.0

    def bonuses(self, query: str, passages: Sequence[Passage], today: date) -> dict[str, float]:
        """What each of `passages` gains."""
        units = frozenset(words.units(query))
        kinds = fusion.kinds_asked(query)
        recent = self.asked_recent if fusion.asks_for_recent(query) else 1.0
        return {
            passage.chunk_id: self.entity * fusion.named(units, passage)
            + self.kind * (passage.kind in kinds)
            + recent * self.recency.bonus(passage.at.date(), today)
            for passage in passages
        }


DEFAULT_SIGNALS = Signals()


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
    """The first `k` of `passages` that say something new, in their order, each with the later ones that repeat it.

    What a mail quotes gives its place to the mail it is quoted from.
    """
    kept: list[_Kept] = []
    for passage in passages:
        said = _said(passage)
        same = next((one for one in kept if _says_again(one.said, said)), None)
        if same is None:
            if len(kept) < k:
                kept.append(_Kept(passage.chunk_id, said, []))
        elif same.said.quoted and not said.quoted:
            same.folded.append(same.id)
            same.id, same.said = passage.chunk_id, said
        else:
            same.folded.append(passage.chunk_id)
    return [Ranked(one.id, tuple(one.folded)) for one in kept]


def repeats(one: Passage, other: Passage) -> bool:
    """Whether `other` only says again what `one` says, or one of them what it quotes from the other.

    Passages that differ in a number or a "not" are never repeats, however much else they share.
    """
    return _says_again(_said(one), _said(other))


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a passage; `quoted` when it is what a mail repeats of earlier ones."""

    tokens: frozenset[str]
    quoted: bool


@dataclass(slots=True)
class _Kept:
    id: str
    said: _Said
    folded: list[str]


def _said(passage: Passage) -> _Said:
    quoted = chunks.quoted_words(passage.text) if passage.kind == "email" else None
    return _Said(_tokens(passage.text if quoted is None else quoted), quoted is not None)


def _says_again(first: _Said, second: _Said) -> bool:
    one, other = first.tokens, second.tokens
    shared = len(one & other)
    if first.quoted != second.quoted:
        # A quotation may hold more than one mail, and is whole where it holds all of this one.
        original, quotation = (other, one) if first.quoted else (one, other)
        return shared >= _ALIKE * max(1, len(original)) and not _changes_meaning(original - quotation)
    return shared >= _ALIKE * len(one | other) and not _changes_meaning(one ^ other)


def _changes_meaning(different: frozenset[str]) -> bool:
    return any(token[0].isdigit() or token in _MEANING_CHANGERS or token.endswith("n't") for token in different)


def _tokens(text: str) -> frozenset[str]:
    """Folded words as they were written, "won't" and "40,000" in one piece."""
    return frozenset(_TOKEN.findall(words.fold(text).replace("’", "'")))
