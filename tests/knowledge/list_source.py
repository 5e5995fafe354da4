"""The record's edge, as a plain list: chunks of several accounts, of which a reader may see some."""

import math
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from knowledge import words
from knowledge.chunks import Chunk, split
from knowledge.citations import Passage
from knowledge.documents import Document
from knowledge.embeddings import MiniLM
from knowledge.ranking import Recency, Signals
from knowledge.records import Selection, VectorRecord
from knowledge.search import LexicalHit
from knowledge.vectors import Vectors, unit_rows

NO_SIGNALS = Signals(entity=0.0, kind=0.0, recency=Recency(weight=0.0))
DAY = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


@dataclass
class ListSource:
    """Chunks in memory, seen by a reader of `accounts` only. `most_held` pages of vectors were kept by somebody at once."""

    embeddings: MiniLM
    accounts: set[str]
    chunks: dict[str, tuple[str, Passage]] = field(default_factory=dict)
    rows: dict[str, Vectors] = field(default_factory=dict)
    exact_reads: int = 0
    page: int = 250
    most_held: int = 0

    def add(self, account: str, document: Document) -> list[Chunk]:
        chunks = split(document)
        vectors = self.embeddings.embed_array([chunk.embedding_text for chunk in chunks])
        for chunk, vector in zip(chunks, vectors, strict=True):
            self.put(account, passage_of(chunk, document), vector)
        return chunks

    def put(self, account: str, passage: Passage, vector: Vectors) -> None:
        self.chunks[passage.chunk_id] = (account, passage)
        self.rows[passage.chunk_id] = vector

    def selection(self) -> Selection:
        return Selection(groups=frozenset(self.accounts))

    def records(self) -> list[VectorRecord]:
        return [
            VectorRecord(id, self.rows[id], account, passage.kind, passage.at)
            for id, (account, passage) in self.chunks.items()
        ]

    def permitted_ids(self) -> Sequence[str]:
        return [id for id, (account, _) in self.chunks.items() if account in self.accounts]

    def permitted_count(self, most: int) -> int:
        return min(most, len(self.permitted_ids()))

    def permitted_among(self, ids: Sequence[str]) -> set[str]:
        return {id for id in ids if id in self.chunks and self.chunks[id][0] in self.accounts}

    def all_vectors(self) -> Iterator[tuple[list[str], Vectors]]:
        self.exact_reads += 1
        ids = self.permitted_ids()
        given: list[weakref.ref[Vectors]] = []
        for start in range(0, len(ids), self.page):
            found, matrix = self.vectors(ids[start : start + self.page])
            given.append(weakref.ref(matrix))
            self.most_held = max(self.most_held, sum(each() is not None for each in given))
            yield found, matrix

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        wanted = sorted(self.permitted_among(ids))
        return list(wanted), np.stack([self.rows[id] for id in wanted]) if wanted else np.zeros((0, 384), np.float32)

    def lexical(self, query: str, limit: int) -> list[LexicalHit]:
        texts = {id: Counter(words.content_words(self.chunks[id][1].header + " " + self.chunks[id][1].text))
                 for id in self.permitted_ids()}
        scores: dict[str, float] = {}
        for term in set(words.content_words(query)):
            holders = [id for id, counted in texts.items() if term in counted]
            for id in holders:
                scores[id] = scores.get(id, 0.0) + math.log(1 + len(texts) / len(holders))
        best = sorted(scores.items(), key=lambda item: -item[1])[:limit]
        return [LexicalHit(id, score) for id, score in best]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        allowed = self.permitted_among(ids)
        return [self.chunks[id][1] for id in ids if id in allowed]


def passage_of(chunk: Chunk, document: Document) -> Passage:
    return Passage(
        chunk_id=chunk.id, document_id=chunk.document_id, kind=document.kind, title=document.title,
        header=chunk.header, text=chunk.text, speaker=chunk.speaker, at=chunk.at, ordinal=chunk.ordinal,
    )  # fmt: skip


def note(id: str, text: str, *, account: str = "Meridian Foods", kind: str = "note", at: datetime = DAY) -> Document:
    header = f"{account} · {kind} · {at:%d %b %Y}"
    title = f"{account} {kind}"
    return Document.from_text(id=id, kind=kind, title=title, at=at, header=header, text=text, author="Ida Brandt")


def unit_vectors(count: int, seed: int = 7) -> Vectors:
    """Vectors that vary along 24 directions, as those of real text roughly do; pure noise has no neighbours."""
    draw = np.random.default_rng(seed)
    directions = np.random.default_rng(0).normal(size=(24, 384))
    return unit_rows(draw.normal(size=(count, 24)) @ directions + 0.3 * draw.normal(size=(count, 384)))


def plain_passage(id: str, text: str, at: datetime = DAY) -> Passage:
    document_id, _, ordinal = id.partition(":")
    return Passage(id, document_id, "note", "A note", "", text, "Ida Brandt", at, int(ordinal or 0))
