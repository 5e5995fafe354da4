"""Finds passages: by meaning and by wording, among what the asker may see, with how sure we are.

The asker's scope is the `ChunkSource`: it says which ids are permitted, does the lexical half, and re-reads every
passage that is returned. This module never sees a row that the source did not hand it.
"""

import heapq
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge import fusion, ranking, words
from knowledge.citations import Passage
from knowledge.embeddings import query_vector
from knowledge.errors import VectorIndexError
from knowledge.ranking import FusionWeights, Signals
from knowledge.records import Neighbour, Selection
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


class NearestVectors(Protocol):
    """What searching needs of a vector index."""

    def nearest(self, vector: Vectors, k: int, selection: Selection) -> Sequence[Neighbour]:
        """The `k` nearest of `selection` or, where the index cannot select, of everything."""

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """The cosines of those of `ids` that it can look up."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the halves of a search found: cosines and lexical scores by id, and the passages of those ids.

    `complete` when everything that has any of the words is there.
    """

    query: str
    dense: dict[str, float]
    lexical: dict[str, float]
    passages: dict[str, Passage]
    complete: bool


class ChunkSource(Protocol):
    """The chunks one person may see. Everything it returns is already within their scope."""

    def selection(self) -> Selection:
        """Where in the index those chunks are: all of them, and no more others than need be."""

    def permitted_count(self, most: int) -> int:
        """How many chunks they may see, counted up to `most`."""

    def permitted_among(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that they may see; unknown ids are left out."""

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Ids and unit vectors [n, d] of `ids`; those they may not see are left out."""

    def all_vectors(self) -> Iterator[tuple[list[str], Vectors]]:
        """Ids and unit vectors [n, d] of all chunks they may see, a page at a time."""

    def lexical(self, query: str, limit: int) -> list[LexicalHit]:
        """The best `limit` permitted chunks by the words of `query`."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of `ids`, read now; what is gone or may not be seen is left out."""


RELATED = 0.42
"""The cosine from which a passage surely is about the question, for the default model and short questions.

In a company's record of 1,159 passages the best passage reached 0.26 to 0.60 for 20 questions that had an answer, and
0.23 to 0.40 for 15 that had none ("quantum computing"). A lower cosine therefore says nothing either way: whether a
thing was *mentioned* is for `coverage` to say.
"""
DEPTH = 100
"""How many each half contributes: enough for the other half to lift, few enough to re-read."""
_STRAY = 25
"""How many more are asked for at first, since a selection may name a few that are not permitted."""
_FOLDED = 100
"""How many of the best are looked through for repeats of those that are returned."""
WIDEST = 6_400
"""How many neighbours of everything an index that cannot select is asked for, before the record is read instead."""


def search(
    query: str,
    source: ChunkSource,
    embeddings: Embeddings,
    index: NearestVectors | None,
    *,
    k: int = 8,
    weights: FusionWeights | None = None,
    signals: Signals = ranking.DEFAULT_SIGNALS,
    today: date,
) -> list[Hit]:
    """The best `k` passages for `query`, best first; none for a blank one.

    `weights` None takes them from the kind of the question (`fusion`). Without an index, or when it fails, stored
    vectors are compared exactly. Raises EmbeddingError.
    """
    if not query.strip() or k <= 0:
        return []
    found = candidates(query, source, embeddings, index)
    scores = scored(found, weights, signals, today)
    ordered = sorted(scores, key=lambda id: (-scores[id], id))
    terms, passages = words.query_terms(query), found.passages
    return [
        _hit(passages[kept.id], scores[kept.id], found.dense.get(kept.id, 0.0), terms, kept.repeats)
        for kept in ranking.without_repeats((passages[id] for id in ordered[:_FOLDED]), k)
    ]


def candidates(
    query: str, source: ChunkSource, embeddings: Embeddings, index: NearestVectors | None
) -> Candidates:
    """What each half finds for `query`, read again as the passages they are now."""
    vector = query_vector(embeddings, query)
    asked = words.with_spellings(" ".join(words.query_terms(query)) or query)
    lexical = {hit.id: hit.score for hit in source.lexical(asked, DEPTH)}
    dense = _nearest(vector, source, index)
    dense |= _looked_up(vector, source, index, [id for id in lexical if id not in dense])
    passages = {passage.chunk_id: passage for passage in source.passages(list({**dense, **lexical}))}
    return Candidates(
        query,
        {id: cosine for id, cosine in dense.items() if id in passages},
        {id: score for id, score in lexical.items() if id in passages},
        passages,
        complete=len(lexical) < DEPTH,
    )


def scored(found: Candidates, weights: FusionWeights | None, signals: Signals, today: date) -> dict[str, float]:
    """One score for each candidate; `weights` None takes them from the kind of the question."""
    if weights is None:
        texts = {id: _whole(passage) for id, passage in found.passages.items()}
        share = fusion.dense_share(fusion.signs(found.query, found.dense, found.lexical, texts))
        weights = FusionWeights(share, 1 - share)
    # A list that was not cut off is complete: what is not on it scores 0, so 0 is the scale's lower end.
    scores = ranking.fused(found.dense, found.lexical, weights, lexical_floor=0.0 if found.complete else None)
    bonus = signals.bonuses(found.query, [found.passages[id] for id in scores], today)
    return {id: score + bonus[id] for id, score in scores.items()}


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


def _nearest(vector: Vectors, source: ChunkSource, index: NearestVectors | None) -> dict[str, float]:
    """Up to DEPTH permitted ids and their cosines: from the index, or exactly from the record where that fails."""
    fetch, selection = DEPTH + _STRAY, source.selection()
    try:
        while index is not None and fetch <= WIDEST:
            found = index.nearest(vector, fetch, selection)
            allowed = source.permitted_among([one.id for one in found])
            kept = {one.id: one.cosine for one in found if one.id in allowed}
            if len(kept) >= DEPTH:
                return dict(list(kept.items())[:DEPTH])
            if len(found) < fetch:
                # Fewer than asked for is all there is, or else the index is behind or has lost its vectors.
                if len(kept) >= source.permitted_count(DEPTH):
                    return kept
                _log.info("The search index is behind the record; comparing stored vectors. If it stays so, run an index check.")
                break
            fetch *= 4
    except VectorIndexError as error:
        _log.warning("Searching without the index: %s", error)
    return _best_of_all(vector, source)


def _looked_up(
    vector: Vectors, source: ChunkSource, index: NearestVectors | None, ids: Sequence[str]
) -> dict[str, float]:
    """The cosines of `ids`, which are permitted: from the index where it has them, else from the record."""
    known = index.cosines(vector, ids) if index is not None and ids else {}
    left = [id for id in ids if id not in known]
    if not left:
        return known
    found, matrix = source.vectors(left)
    return known | {id: float(cosine) for id, cosine in zip(found, matrix @ vector, strict=True)}


def _best_of_all(vector: Vectors, source: ChunkSource) -> dict[str, float]:
    """The DEPTH ids nearest to `vector` of all that are permitted, exactly; one page of vectors is held at a time."""
    best: list[tuple[float, str]] = []
    for ids, matrix in source.all_vectors():
        cosines = matrix @ vector
        nearest = np.argpartition(-cosines, DEPTH - 1)[:DEPTH] if len(ids) > DEPTH else range(len(ids))
        best = heapq.nlargest(DEPTH, [*best, *((float(cosines[row]), ids[row]) for row in nearest)])
    return {id: cosine for cosine, id in best}
