"""Chooses the weights of :mod:`knowledge.fusion` on the questions meant for fitting.

What is made small is the cross entropy between the gold and the softmax of the fused scores (the listwise loss of Cao et al., "Learning to
Rank: From Pairwise Approach to Listwise Approach", 2007), less a little for every weight. Between rounds, sets on which the hybrid is below
the better of its halves count more, so that none is given up for the others (as in Sagawa et al., "Distributionally Robust Neural
Networks for Group Shifts", 2020).
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import fusion, ranking
from tests.benchmarks.retrieval import quality
from tests.benchmarks.retrieval.quality import Asked
from tests.benchmarks.retrieval.question_set import TODAY

_ROUNDS, _STEPS = 8, 30
_STEP = 0.1
_SHARPNESS = 6.0
"""What scores are multiplied by before the softmax: of 6, 12 and 25 the one that was best on the questions fitted on."""
_LARGE = 0.005
_MARGIN = 0.01
"""How far above the better half the hybrid should be, so that it is not below it on other questions."""
_LACKING = 25.0
_MOST = 0.1

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Cases:
    """Questions [n] as arrays over their candidates [n, c], padded with candidates of no worth."""

    sets: NDArray[np.intp]
    signs: Array
    dense: Array
    lexical: Array
    bonus: Array
    gains: Array
    better: Array
    """By set: nDCG@10 of the better half."""


def fitted(asked: Sequence[Asked]) -> fusion.Weights:
    """The weights for signs as they are; the search itself is over signs scaled to unit variance."""
    chosen = [one for one in asked if one.fitting and any(one.gold.values())]
    cases = _cases(chosen)
    middle, spread = cases.signs.mean(axis=0), cases.signs.std(axis=0)
    scaled = np.clip((cases.signs - middle) / spread, -3, 3)
    scaled = np.concatenate([np.ones((len(scaled), 1)), scaled], axis=1)
    weights = np.zeros(scaled.shape[1])
    slope, square, steps = np.zeros_like(weights), np.zeros_like(weights), 0
    wanted = cases.gains / cases.gains.sum(axis=1, keepdims=True)
    sizes = np.bincount(cases.sets)
    importance = np.ones(len(sizes))
    for _ in range(_ROUNDS):
        weight = (importance / sizes)[cases.sets]
        weight /= weight.sum()
        for _ in range(_STEPS):  # Adam (Kingma and Ba, 2015)
            steps += 1
            gradient = _gradient(cases, scaled, weights, wanted, weight)
            slope = 0.9 * slope + 0.1 * gradient
            square = 0.99 * square + 0.01 * gradient**2
            weights = weights - _STEP * (slope / (1 - 0.9**steps)) / (np.sqrt(square / (1 - 0.99**steps)) + 1e-8)
        found = _by_set(chosen, cases, _share(scaled, weights))
        importance *= np.exp(_LACKING * np.clip(cases.better + _MARGIN - found, 0, _MOST))
    plain = weights[1:] / spread
    constant = float(weights[0] - (plain * middle).sum())
    return fusion.Weights(round(constant, 2), tuple(round(float(one), 2) for one in plain))


def _share(scaled: Array, weights: Array) -> Array:
    share: Array = 1 / (1 + np.exp(-(scaled @ weights)))
    return share


def _gradient(cases: _Cases, scaled: Array, weights: Array, wanted: Array, weight: Array) -> Array:
    share = _share(scaled, weights)
    scores = (share[:, None] * cases.dense + (1 - share[:, None]) * cases.lexical + cases.bonus) * _SHARPNESS
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    pull = ((likely - wanted) * (cases.dense - cases.lexical)).sum(axis=1) * _SHARPNESS * weight
    gradient: Array = scaled.T @ (pull * share * (1 - share))
    gradient[1:] += 2 * _LARGE * weights[1:]
    return gradient


def _by_set(asked: Sequence[Asked], cases: _Cases, share: Array) -> Array:
    scores = share[:, None] * cases.dense + (1 - share[:, None]) * cases.lexical + cases.bonus
    found = []
    for one, row in zip(asked, scores, strict=True):
        ids = list(one.found.passages)
        found.append(quality.quality([ids[n] for n in np.argsort(-row[: len(ids)], kind="stable")], one).ndcg)
    return np.bincount(cases.sets, weights=found) / np.bincount(cases.sets)


def _cases(asked: Sequence[Asked]) -> _Cases:
    names = list(dict.fromkeys((one.test_set, one.headers) for one in asked))
    sets = np.array([names.index((one.test_set, one.headers)) for one in asked])
    most = max(len(one.found.passages) for one in asked)
    dense, lexical, gains = (np.zeros((len(asked), most)) for _ in range(3))
    bonus = np.full((len(asked), most), -10.0)
    signals = ranking.Signals(recency=ranking.Recency(weight=0.0))
    halves = np.zeros((2, len(asked)))
    for row, one in enumerate(asked):
        found, ids = one.found, list(one.found.passages)
        by_meaning = ranking.normalised(found.dense)
        by_wording = ranking.normalised(found.lexical, 0.0 if found.complete else None)
        more = signals.bonuses(found.query, [found.passages[id_] for id_ in ids], TODAY)
        dense[row, : len(ids)] = [by_meaning.get(id_, 0.0) for id_ in ids]
        lexical[row, : len(ids)] = [by_wording.get(id_, 0.0) for id_ in ids]
        bonus[row, : len(ids)] = [more[id_] for id_ in ids]
        gains[row, : len(ids)] = [2.0 ** one.gold.get(id_, 0) - 1 for id_ in ids]
        halves[:, row] = quality.half(one, found.dense).ndcg, quality.half(one, found.lexical).ndcg
    better = np.max([np.bincount(sets, weights=half) for half in halves], axis=0) / np.bincount(sets)
    signs = np.array([astuple(quality.signs_of(one)) for one in asked])
    return _Cases(sets, signs, dense, lexical, bonus, gains, better)
