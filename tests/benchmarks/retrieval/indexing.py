"""What indexing costs beside the model alone: rows to documents, chunks, full-text lines, stored vectors and the vector index.

Both sides embed the very same passages. The model alone gets them all at once, which is the best case for it: texts of like
length then share a batch. Wall time is what somebody waits; CPU time is what it costs, and a busy machine hardly changes it.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from bot.indexing import Indexer
from crm_store.models import Chunk
from crm_store.store import Store
from knowledge.chunks import embedding_text
from knowledge.embeddings import MiniLM
from knowledge.index import VectorIndex
from tests import builders as make
from tests.benchmarks.retrieval.question_set import Text
from tests.benchmarks.retrieval.records import SYSTEM

_OF_ONE = 50
"""Rows that one transaction brings in."""


@dataclass(frozen=True)
class Spent:
    """Seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Indexed:
    """How many passages of how many rows, and the time of the model alone and of each step."""

    rows: int
    passages: int
    alone: Spent
    steps: dict[str, Spent]

    @property
    def ratio(self) -> float:
        """Of all steps to the model alone, in CPU time."""
        return sum(step.cpu for step in self.steps.values()) / self.alone.cpu


def measured(texts: Sequence[Text], rows: int, embeddings: MiniLM, url: str | None = None) -> Indexed:
    """Brings ``rows`` calls, mails and notes into an empty record, indexes them, and then embeds their passages once more."""
    embeddings.load()
    with tempfile.TemporaryDirectory(prefix="rapport-indexing-") as folder:
        store = Store(url or f"sqlite:///{Path(folder) / 'record.db'}")
        store.migrate()
        _fill(store, texts, rows)
        with VectorIndex.open(Path(folder) / "index", MiniLM.info) as index:
            indexer = Indexer(store, embeddings, index)
            steps = {
                "reading and cutting": _spent(indexer.keep_missing),
                "embedding": _spent(indexer.embed_missing),
                "filling the index": _spent(indexer.fill_index),
            }
        with store.read(SYSTEM) as session:
            passages = [embedding_text(header, text) for header, text in session.execute(select(Chunk.header, Chunk.text))]
        store.close()
    return Indexed(rows, len(passages), _spent(lambda: embeddings.embed_array(passages)), steps)


def _fill(store: Store, texts: Sequence[Text], rows: int) -> None:
    numbers = iter(range(rows))
    with store.write(SYSTEM) as session:
        owner = make.person(session, "Ida Ekman")
        accounts = [make.account(session, f"Company {number}", owner) for number in range(rows // _OF_ONE + 1)]
    while part := list(islice(numbers, _OF_ONE)):
        with store.write(SYSTEM) as session:
            for number in part:
                text = texts[number * 7919 % len(texts)]
                channel = text.kind if text.kind != "document" else "note"
                make.interaction(session, accounts[number // _OF_ONE], _body(texts, number), at=text.at, channel=channel)


def _body(texts: Sequence[Text], number: int) -> str:
    """Some rows are long: every fifth is a mail or a protocol of many paragraphs."""
    count = 12 if number % 5 == 0 else 1
    return "\n\n".join(texts[(number * 7919 + more) % len(texts)].body for more in range(count))


def _spent(work: Callable[[], object]) -> Spent:
    wall, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return Spent(time.perf_counter() - wall, after.user + after.system - before.user - before.system)
