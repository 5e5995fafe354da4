"""What of the gold is found, and how far up: nDCG@10 and recall@10 of each half and of both together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from bot.recall import Source
from crm_store.passages import Filter
from knowledge import fusion, ranking, search
from knowledge.embeddings import MiniLM
from knowledge.ranking import FusionWeights
from knowledge.search import Candidates
from tests.benchmarks.retrieval import records
from tests.benchmarks.retrieval.question_set import TODAY, Question, QuestionSet

DEPTH = 10
LEXICAL, DENSE, FIXED = FusionWeights(0.0, 1.0), FusionWeights(1.0, 0.0), FusionWeights(0.4, 0.6)
_DISCOUNT = 1 / np.log2(np.arange(2, DEPTH + 2))


@dataclass(frozen=True)
class Asked:
    """A question with what was found for it; ``gold`` grades the chunks among that."""

    test_set: str
    headers: bool
    fitting: bool
    found: Candidates
    gold: Mapping[str, int]
    grades: tuple[int, ...]


@dataclass(frozen=True)
class Quality:
    ndcg: float
    recall: float


def asked(folder: Path, sets: Sequence[QuestionSet], embeddings: MiniLM) -> Iterator[Asked]:
    """Every question of every set, with headers and without. There is no vector index: stored vectors are compared exactly."""
    for test_set in sets:
        for headers in (True, False):
            record = records.opened(folder, test_set, embeddings, headers=headers)
            with record.store.read(records.SYSTEM) as session:
                for question in test_set.questions:
                    ids = None if question.account is None else frozenset({record.accounts[question.account]})
                    source = Source(session, Filter(account_ids=ids), MiniLM.info.key, MiniLM.info.dimension)
                    found = search.candidates(question.text, source, embeddings, None)
                    yield Asked(test_set.name, headers, question.fitting, found, _gold(record, question, found), _grades(question))
            record.store.close()


def by_share(share: Callable[[Asked], float | None], signals: ranking.Signals) -> Callable[[Asked], Quality]:
    """Judges an order made with a share of meaning for each question; None takes the product's own."""

    def judged(one: Asked) -> Quality:
        dense = share(one)
        weights = None if dense is None else FusionWeights(dense, 1 - dense)
        scores = search.scored(one.found, weights, signals, TODAY)
        return quality(sorted(scores, key=lambda id_: (-scores[id_], id_)), one)

    return judged


def half(one: Asked, scores: Mapping[str, float]) -> Quality:
    """One half alone: what it did not find is not in its order."""
    return quality(sorted(scores, key=lambda id_: (-scores[id_], id_)), one)


def quality(ordered: Sequence[str], one: Asked) -> Quality:
    """A document counts once, where its best passage is."""
    documents: dict[str, int] = {}
    for id_ in ordered:
        documents.setdefault(id_.rpartition(":")[0], one.gold.get(id_, 0))
    gains = np.array([2.0**grade - 1 for grade in list(documents.values())[:DEPTH]])
    ideal = np.array([2.0**grade - 1 for grade in one.grades[:DEPTH]])
    ndcg = float((gains * _DISCOUNT[: len(gains)]).sum() / (ideal * _DISCOUNT[: len(ideal)]).sum())
    return Quality(ndcg, float((gains > 0).sum()) / min(DEPTH, len(one.grades)))


def averaged(judged: Sequence[Quality]) -> Quality:
    return Quality(mean(one.ndcg for one in judged), mean(one.recall for one in judged))


def signs_of(one: Asked) -> fusion.Signs:
    texts = {id_: f"{passage.title}\n{passage.header}\n{passage.text}" for id_, passage in one.found.passages.items()}
    return fusion.signs(one.found.query, one.found.dense, one.found.lexical, texts)


def _gold(record: records.Record, question: Question, found: Candidates) -> dict[str, int]:
    return {id_: question.gold.get(record.texts[passage.document_id], 0) for id_, passage in found.passages.items()}


def _grades(question: Question) -> tuple[int, ...]:
    return tuple(sorted(question.gold.values(), reverse=True))
