"""Chooses the weights of :mod:`knowledge.fusion` on the questions meant for fitting, by seeded random search.

What is made large is nDCG@10 averaged over the sets, less four times what the hybrid lacks to the better half on each of them, less a
little for every weight: few examples should not buy large ones.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import fusion, ranking
from tests.benchmarks.retrieval import quality
from tests.benchmarks.retrieval.quality import Asked
from tests.benchmarks.retrieval.sets import TODAY

_LACKING = 4.0
_MARGIN = 0.01
"""How far above the better half the hybrid should be, so that it is not below it on other questions."""
_LARGE = 0.001
_TRIES = 1_500

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Case:
    """A question as arrays over its candidates: both halves' scores, what signals add, and how good each candidate is."""

    test_set: tuple[str, bool]
    signs: Array
    dense: Array
    lexical: Array
    bonus: Array
    gains: Array
    ideal: float

    def ndcg(self, share: float) -> float:
        scores = share * self.dense + (1 - share) * self.lexical + self.bonus
        best = np.argsort(-scores, kind="stable")[: quality.DEPTH]
        return float((self.gains[best] * _discount(len(best))).sum() / self.ideal)


def fitted(asked: Sequence[Asked], seed: int = 0) -> fusion.Weights:
    """The weights for signs as they are; the search itself is over signs scaled to unit variance."""
    cases = [_case(one) for one in asked if one.fitting]
    signs = np.stack([case.signs for case in cases])
    middle, spread = signs.mean(axis=0), signs.std(axis=0)
    scaled = (signs - middle) / spread
    better = _by_set(cases, np.array([_only(case.dense, case) for case in cases]))
    wording = _by_set(cases, np.array([_only(case.lexical, case) for case in cases]))
    better = {name: max(value, wording[name]) + _MARGIN for name, value in better.items()}
    draw = np.random.default_rng(seed)

    def worth(weights: Array) -> float:
        shares = 1 / (1 + np.exp(-(weights[0] + scaled @ weights[1:])))
        found = _by_set(cases, np.array([case.ndcg(share) for case, share in zip(cases, shares, strict=True)]))
        lacking = [max(0.0, better[name] - value) for name, value in found.items()]
        return float(np.mean(list(found.values())) - _LACKING * np.mean(lacking) - _LARGE * (weights[1:] ** 2).sum())

    best = np.zeros(signs.shape[1] + 1)
    most, step = worth(best), 0.6
    for _ in range(_TRIES):
        tried = best + draw.normal(size=len(best)) * step * (draw.random(len(best)) < 0.4)
        if (value := worth(tried)) > most:
            best, most, step = tried, value, min(1.5, step * 1.1)
        else:
            step = max(0.05, step * 0.99)
    weights = best[1:] / spread
    constant = best[0] - float((weights * middle).sum())
    return fusion.Weights(round(float(constant), 2), tuple(round(float(one), 2) for one in weights))


def _case(one: Asked) -> _Case:
    found = one.found
    dense, lexical = ranking.normalised(found.dense), ranking.normalised(found.lexical, 0.0 if found.complete else None)
    ids = list(found.passages)
    signals = ranking.Signals(recency=ranking.Recency(weight=0.0))
    bonus = signals.bonuses(found.query, [found.passages[id_] for id_ in ids], TODAY)
    ideal = np.array([2.0**grade - 1 for grade in one.grades[: quality.DEPTH]])
    return _Case(
        (one.test_set, one.headers),
        np.array(astuple(quality.signs_of(one))),
        np.array([dense.get(id_, 0.0) for id_ in ids]),
        np.array([lexical.get(id_, 0.0) for id_ in ids]),
        np.array([bonus[id_] for id_ in ids]),
        np.array([2.0 ** one.gold.get(id_, 0) - 1 for id_ in ids]),
        float((ideal * _discount(len(ideal))).sum()),
    )


def _only(scores: Array, case: _Case) -> float:
    best = np.argsort(-scores, kind="stable")[: quality.DEPTH]
    return float((case.gains[best] * _discount(len(best))).sum() / case.ideal)


def _by_set(cases: Sequence[_Case], values: Array) -> dict[tuple[str, bool], float]:
    found = defaultdict(list)
    for case, value in zip(cases, values, strict=True):
        found[case.test_set].append(value)
    return {name: float(np.mean(its)) for name, its in found.items()}


def _discount(count: int) -> Array:
    return 1 / np.log2(np.arange(2, count + 2))
