"""How much of a question's answer to look for by meaning and how much by wording, told from the question and what was found.

An order number is found by its letters and a complaint in other words by its meaning; a fixed mixture is worse than the
better of the two halves on either kind. So the share of meaning is predicted for each question by a logistic function
of twelve signs. Its weights come from `python -m tests.benchmarks.retrieval fit`, which chooses them on one half of the
benchmark's topics; the other half is what the benchmark reports. That the scores of a ranking tell how good it is, is
known as query performance prediction (Shtok et al., "Predicting Query Performance by Query-Drift Estimation", 2012).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from knowledge import words
from knowledge.citations import Passage

_WORD = re.compile(r"\w[\w'’-]*")
_TOP = 10
_LAST = 100
_FIRST = 3
_KINDS = {
    "email": re.compile(r"\b(?:e-?mails?|mails?|mailed|emailed)\b", re.IGNORECASE),
    "call": re.compile(r"\b(?:phone|phoned|(?:phone )?calls?|called|rang)\b", re.IGNORECASE),
    "meeting": re.compile(r"\b(?:meetings?|met)\b", re.IGNORECASE),
    "note": re.compile(r"\bnotes?\b", re.IGNORECASE),
    "chat": re.compile(r"\bchats?\b", re.IGNORECASE),
    "case": re.compile(r"\b(?:cases?|tickets?)\b", re.IGNORECASE),
    "document": re.compile(r"\b(?:documents?|polic(?:y|ies)|manuals?|data ?sheets?|handbooks?)\b", re.IGNORECASE),
}
_RECENT = re.compile(r"\b(?:latest|newest|recent|recently|most recent|last|lately|current|currently|now)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells the kind of a question. Those of the answers hold for scores of any scale, cosines aside."""

    length: float
    """The logarithm of how many words it has, 0 for six."""
    numbered: float
    """1 when it has a digit: an order number, a norm, an amount."""
    wording_clear: float
    """How far the best by wording stands out from the next nine, 0 to 1."""
    meaning_clear: float
    """The same by meaning, in cosines."""
    nearest: float
    """The best cosine."""
    covered: float
    """The share of its terms that the three best by wording mention."""
    agreed: float
    """The share of the ten best by wording that are among the ten best by meaning."""
    spread: float
    """How far the best cosine is from the last of those found."""
    meaning_falls: float
    """The part of that by which the tenth is behind already."""
    wording_falls: float
    """How far the tenth by wording is behind the best, as a part of its score."""
    worded: float
    """How good the ten best by meaning are by wording, 0 to 1."""
    meant: float
    """How good the ten best by wording are by meaning, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the signs, in their order, after a constant."""

    constant: float
    signs: tuple[float, ...]


WEIGHTS = Weights(-1.1, (0.58, -1.29, -0.28, 4.7, 1.63, -0.67, 1.33, 5.1, -0.73, -0.88, 1.79, 1.12))
"""As chosen for the default embedding model; another one has other cosines, and wants them chosen anew."""


def signs(query: str, dense: Mapping[str, float], lexical: Mapping[str, float], texts: Mapping[str, str]) -> Signs:
    """The signs of `query`, from the cosines and lexical scores of what each half found, and the whole texts of it."""
    by_meaning = sorted(dense, key=lambda id: -dense[id])[:_LAST]
    by_wording = sorted(lexical, key=lambda id: -lexical[id])[:_TOP]
    terms = words.query_terms(query)
    covered = [len(words.matched_terms(terms, texts[id])) / max(1, len(terms)) for id in by_wording[:_FIRST]]
    cosines, scores = [dense[id] for id in by_meaning], [lexical[id] for id in by_wording]
    nearest, farthest = (cosines[0], cosines[-1]) if cosines else (0.0, 0.0)
    spread = nearest - farthest
    best = scores[0] if scores else 0.0
    meant = [max(0.0, dense.get(id, farthest) - farthest) / spread for id in by_wording] if spread > 0 else []
    first = by_meaning[:_TOP]
    return Signs(
        length=math.log((1 + len(_WORD.findall(query))) / 7),
        numbered=1.0 if any(char.isdigit() for char in query) else 0.0,
        wording_clear=1 - _mean(scores[1:]) / best if best > 0 else 1.0,
        meaning_clear=nearest - _mean(cosines[1:_TOP]) if cosines else 0.0,
        nearest=nearest,
        covered=_mean(covered),
        agreed=len(set(first) & set(by_wording)) / _TOP,
        spread=spread,
        meaning_falls=(nearest - cosines[:_TOP][-1]) / spread if spread > 0 else 0.0,
        wording_falls=1 - scores[-1] / best if best > 0 else 0.0,
        worded=_mean([lexical.get(id, 0.0) for id in first]) / best if best > 0 else 0.0,
        meant=_mean(meant),
    )


def dense_share(found: Signs, weights: Weights = WEIGHTS) -> float:
    """How much of the score is meaning, 0 to 1."""
    total = weights.constant + sum(weight * sign for weight, sign in zip(weights.signs, astuple(found), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def named(query_units: frozenset[str], passage: Passage) -> float:
    """How much of what a passage's header says it is about the question names, 0 to 1: the account, the deal, a person.

    Each part of the header counts by the share of its words that are in the question, and of several people the best.
    The last two parts, its kind with the day and its title, are not about whom it is.
    """
    parts = [[words.units(name) for name in part.split(", ")] for part in passage.header.split(" · ")[:-2]]
    shares = [
        max((sum(unit in query_units for unit in name) / len(name) for name in part if name), default=0.0) for part in parts
    ]  # fmt: skip
    return min(2.0, sum(shares)) / 2


def kinds_asked(query: str) -> frozenset[str]:
    """The kinds of passages that a question names: "what did she write in her mail" names e-mails."""
    return frozenset(kind for kind, wording in _KINDS.items() if wording.search(query))


def asks_for_recent(query: str) -> bool:
    """Whether the newest is wanted rather than the best."""
    return bool(_RECENT.search(query))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
