"""Finds passages: by meaning and by wording, among what the asker may see, with how sure we are.

The asker's scope is the `ChunkSource`: it says which ids are permitted, does the lexical half, and re-reads every
passage that is returned. This module never sees a row that the source did not hand it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge import ranking, words
from knowledge.citations import Passage
from knowledge.embeddings import query_vector
from knowledge.errors import VectorIndexError
from knowledge.ranking import FusionWeights, Recency
from knowledge.vectors import Vectors

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A chunk found by its words; a higher score is better, on any scale that has 0 for no match."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how sure we are of it.

    `score` orders hits and means nothing by itself. `cosine` is the closeness of meaning (see RELATED), `coverage`
    the share of the question's terms that the passage mentions, and `matched_terms` which ones: enough to say
    "nothing mentions SOC 2; the nearest is…". `repeats` are the ids of passages that say the same and were folded
    into this one.
    """

    passage: Passage
    score: float
    cosine: float
    coverage: float
    matched_terms: tuple[str, ...]
    repeats: tuple[str, ...] = ()


class Neighbour(Protocol):
    """An id and a cosine, as the index returns them."""

    @property
    def id(self) -> str: ...
    @property
    def cosine(self) -> float: ...


class NearestVectors(Protocol):
    """What searching needs of a vector index."""

    def count(self) -> int: ...
    def nearest(self, vector: Vectors, k: int) -> Sequence[Neighbour]: ...
    def nearest_among(self, vector: Vectors, ids: Sequence[str], k: int) -> Sequence[Neighbour]: ...


class ChunkSource(Protocol):
    """The chunks one person may see. Everything it returns is already within their scope."""

    def permitted_count(self) -> int:
        """How many chunks they may see."""

    def permitted_ids(self) -> Sequence[str]:
        """All of those chunks' ids."""

    def permitted_among(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that they may see; unknown ids are left out."""

    def vectors(self, ids: Sequence[str] | None) -> tuple[list[str], Vectors]:
        """Ids and unit vectors [n, d] of `ids`, or of all permitted chunks for None; others are left out."""

    def lexical(self, query: str, limit: int) -> list[LexicalHit]:
        """The best `limit` permitted chunks by the words of `query`."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of `ids`, read now; what is gone or may not be seen is left out."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Up to how many permitted chunks each way of finding neighbours is the best one; measured on 100,000 vectors.

    Up to `exact` all stored vectors are compared; up to `among` the ids are given to the index; above that
    the index is asked for more than needed, and for more again, up to `widest`, while too few are permitted.
    """

    exact: int = 600
    among: int = 10_000
    first: int = 200
    widest: int = 12_800


DEFAULT_ROUTES = Routes()
RELATED = 0.42
"""The cosine from which a passage surely is about the question, for the default model and short questions.

In a company's record of 1,159 passages the best passage reached 0.26 to 0.60 for 20 questions that had an answer, and
0.23 to 0.40 for 15 that had none ("quantum computing"). A lower cosine therefore says nothing either way: whether a
thing was *mentioned* is for `coverage` and `supports` to say.
"""
DEPTH = 100
"""How many each half contributes: enough for the other half to lift, few enough to re-read."""


def search(
    query: str,
    source: ChunkSource,
    embeddings: Embeddings,
    index: NearestVectors | None,
    *,
    k: int = 8,
    weights: FusionWeights = ranking.DEFAULT_WEIGHTS,
    recency: Recency = ranking.DEFAULT_RECENCY,
    today: date,
    routes: Routes = DEFAULT_ROUTES,
) -> list[Hit]:
    """The best `k` passages for `query`, best first; none for a blank one.

    Without an index, or when it fails, stored vectors are compared exactly. Raises EmbeddingError.
    """
    if not query.strip() or k <= 0:
        return []
    vector = query_vector(embeddings, query)
    lexical = {hit.id: hit.score for hit in source.lexical(words.with_spellings(query), DEPTH)}
    dense = _nearest(vector, source, index, routes)
    dense |= _cosines(vector, source, [id for id in lexical if id not in dense])
    passages = {passage.chunk_id: passage for passage in source.passages(list({**dense, **lexical}))}
    scores = ranking.fused(
        {id: cosine for id, cosine in dense.items() if id in passages},
        {id: score for id, score in lexical.items() if id in passages},
        weights,
        # A list that was not cut off is complete: what is not on it scores 0, so 0 is the scale's lower end.
        lexical_floor=0.0 if len(lexical) < DEPTH else None,
    )
    for id in scores:
        scores[id] += recency.bonus(passages[id].at.date(), today)
    ordered = sorted(scores, key=lambda id: (-scores[id], id))
    terms = words.query_terms(query)
    return [
        _hit(passages[kept.id], scores[kept.id], dense.get(kept.id, 0.0), terms, kept.repeats)
        for kept in ranking.without_repeats((passages[id] for id in ordered), k)
    ]


def supports(terms: Sequence[str], passage: Passage) -> bool:
    """Whether `passage`, its title and header included, really mentions every one of `terms`; False for none.

    "SOC 2", "SOC2" and "soc-2" are the same, and so are the forms of a word. Take the terms of a question from
    `words.query_terms`.
    """
    return bool(terms) and len(words.matched_terms(terms, _whole(passage))) == len(terms)


def neighbours(hit: Hit, source: ChunkSource, *, before: int = 1, after: int = 1) -> list[Passage]:
    """The passage of `hit` with those around it in the same document, in reading order, as far as permitted."""
    passage = hit.passage
    ordinals = range(max(0, passage.ordinal - before), passage.ordinal + after + 1)
    found = source.passages([f"{passage.document_id}:{ordinal}" for ordinal in ordinals])
    return sorted(found, key=lambda one: one.ordinal)


def _hit(passage: Passage, score: float, cosine: float, terms: Sequence[str], repeats: tuple[str, ...]) -> Hit:
    matched = words.matched_terms(terms, _whole(passage))
    coverage = len(matched) / len(terms) if terms else 0.0
    return Hit(passage, score, cosine, coverage, matched, repeats)


def _whole(passage: Passage) -> str:
    return f"{passage.title}\n{passage.header}\n{passage.text}"


def _nearest(vector: Vectors, source: ChunkSource, index: NearestVectors | None, routes: Routes) -> dict[str, float]:
    """Up to DEPTH permitted ids and their cosines, by the way that fits how many are permitted."""
    permitted = source.permitted_count()
    if permitted == 0:
        return {}
    if index is not None and permitted > routes.exact:
        try:
            found = (
                _among(vector, source, index)
                if permitted <= routes.among
                else _widening(vector, source, index, routes, permitted)
            )
            if found is not None:
                return found
            _log.warning("The search index found too little; comparing stored vectors instead. Run an index check.")
        except VectorIndexError as error:
            _log.warning("Searching without the index: %s", error)
    return _cosines(vector, source, None)


def _among(vector: Vectors, source: ChunkSource, index: NearestVectors) -> dict[str, float] | None:
    ids = source.permitted_ids()
    found = index.nearest_among(vector, ids, DEPTH)
    allowed = set(ids)
    # Fewer than asked for, out of more than that, means the index is behind or has lost its vectors.
    enough = len(found) >= min(DEPTH, len(allowed))
    return {one.id: one.cosine for one in found if one.id in allowed} if enough else None


def _widening(
    vector: Vectors, source: ChunkSource, index: NearestVectors, routes: Routes, permitted: int
) -> dict[str, float] | None:
    fetch = routes.first
    while True:
        found = index.nearest(vector, fetch)
        allowed = source.permitted_among([one.id for one in found])
        kept = {one.id: one.cosine for one in found if one.id in allowed}
        if len(kept) >= min(DEPTH, permitted):
            return dict(list(kept.items())[:DEPTH])
        if len(found) < fetch or fetch >= routes.widest:
            return None
        fetch *= 4


def _cosines(vector: Vectors, source: ChunkSource, ids: Sequence[str] | None) -> dict[str, float]:
    """Exact cosines over stored vectors: the DEPTH best of all permitted ones, or every one of `ids`."""
    if ids is not None and not ids:
        return {}
    found, matrix = source.vectors(ids)
    if not found:
        return {}
    cosines = matrix @ vector
    best = np.argsort(-cosines, kind="stable")[: DEPTH if ids is None else None]
    return {found[row]: float(cosines[row]) for row in best}
