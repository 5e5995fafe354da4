"""From rows to passages that can be found: the one indexer.

A row's words become a document, chunks and vectors in the record (one transaction), and the vectors go to the vector
index after that. Either step can be repeated: ids are stable and both replace. A process that does not hold the vector
index leaves the second step to the one that does, as a job written in the transaction of the first. A large import first
makes every text findable by its words, then embeds in batches, newest first, so that nobody waits for the model.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.own_documents import embed_own_documents
from crm_store import jobs, passages, passages_vectors
from crm_store.access import Scope, ScopedSession
from crm_store.base import new_id
from crm_store.passages_places import group
from crm_store.passages_vectors import StoredVector
from crm_store.store import Store
from crm_store.texts import SOURCES, SourceText, not_indexed, read_texts
from knowledge.chunks import Chunk, embedding_text, split
from knowledge.documents import Document, Utterance
from knowledge.embeddings import Embeddings, describe, embed
from knowledge.errors import KnowledgeError
from knowledge.index import VectorIndex
from knowledge.index_check import IndexCheck
from knowledge.index_reader import IndexReader
from knowledge.records import VectorRecord
from knowledge.vectors import Vectors, from_bytes, to_bytes

_log = logging.getLogger(__name__)
_SYSTEM = Scope.system("indexing")
BATCH = 64
"""Passages that one transaction gives their vectors."""
_AHEAD = 1_000
"""How many passages are read at a time, to be embedded shortest first."""
INDEX_ROW, INDEX_FILL, INDEX_REBUILD = "index_row", "index_fill", "index_rebuild"
"""The kinds of jobs that only the process which holds the vector index can do."""
Progress = Callable[[str, int, int], None]
Leave = Callable[[ScopedSession, str, dict[str, Any]], None]
"""Leaves a job of one of those kinds to whoever holds the vector index."""


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def leaving(clock: Callable[[], datetime]) -> Leave:
    """Leaves work on the vector index as jobs, of which only the process that holds it has the kinds."""

    def leave(session: ScopedSession, kind: str, payload: dict[str, Any]) -> None:
        jobs.enqueue(session, kind, f"{kind}:{new_id()}", payload, now=clock())

    return leave


class Indexer:
    """Keeps the passages, their vectors and the vector index in step with the record. Safe to share by threads;
    ``index`` is None where another process holds it: ``leave`` then leaves to that process what it has to do, and ``reader``
    reads it beside that process."""

    def __init__(
        self, store: Store, embeddings: Embeddings, index: VectorIndex | None, leave: Leave | None = None,
        reader: IndexReader | None = None,
    ) -> None:  # fmt: skip
        self._store, self._embeddings, self.index, self._reader = store, embeddings, index, reader
        self._leave = leave if index is None else None
        self._model = describe(embeddings)
        self._filling, self._reflecting = threading.Lock(), threading.Lock()

    def index_row(self, source: str, row_id: str) -> None:
        """Bring one row's passages up to date, or drop them when the row is gone."""
        with self._store.read(_SYSTEM) as session:
            texts = read_texts(session, source, [row_id])
        while True:
            chunks = split(as_document(texts[0])) if texts else []
            vectors = embed(self._embeddings, [chunk.embedding_text for chunk in chunks]) if chunks else None
            with self._store.write(_SYSTEM) as session:
                passages.lock_sources(session, source, [row_id])
                now_there = read_texts(session, source, [row_id])
                if now_there == texts:
                    gone = (
                        self._keep(session, texts[0], chunks, vectors)
                        if texts
                        else passages.drop_document(session, source, row_id)
                    )
                    if self._leave is not None and (texts or gone):
                        self._leave(session, INDEX_ROW, {"source": source, "id": row_id, "gone": gone})
                    break
            texts = now_there  # somebody edited the row meanwhile
        self.reflect_row(source, row_id, gone)

    def reflect_row(self, source: str, row_id: str, gone: Sequence[str]) -> None:
        """Give the vector index a row's passages as they are now, and take out those of ``gone`` that went."""
        if self.index is None:
            return
        with self._reflecting:  # else what another thread read before could be written after
            with self._store.read(_SYSTEM) as session:
                kept = passages_vectors.vectors_of(session, source, row_id, self._model.key)
            self._forget(sorted(set(gone) - {one.id for one in kept}))
            self.index.upsert(self._records(kept))

    def index_missing(self, progress: Progress = quiet, stop: Callable[[], bool] = lambda: False) -> None:
        """Give every row that has none its passages, then every passage its vector, then fill the vector index."""
        self.keep_missing(progress, stop)
        self.embed_missing(progress, stop)
        if not stop():
            self.fill_index(progress)

    def keep_missing(self, progress: Progress = quiet, stop: Callable[[], bool] = lambda: False) -> None:
        """Give every row that has none its passages, which are found by their words from then on."""
        for source in SOURCES:
            with self._store.read(_SYSTEM) as session:
                pages = list(not_indexed(session, source))
            total = sum(len(page) for page in pages)
            done = 0
            for page in pages:
                if stop():
                    return
                with self._store.write(_SYSTEM) as session:
                    passages.lock_sources(session, source, page)
                    cut = [(text, split(as_document(text))) for text in read_texts(session, source, page)]
                    kept = [_to_keep(text, chunks, None) for text, chunks in cut]
                    passages.keep_documents(session, kept, self._model.key)
                done += len(page)
                progress(f"Reading {source}s", done, total)

    def embed_missing(self, progress: Progress = quiet, stop: Callable[[], bool] = lambda: False) -> None:
        """Embed what has no vector of this model yet, newest first and the company's own documents before all; may be stopped
        and called again."""
        embed_own_documents(self._store, self._embeddings, stop)
        done = 0
        while ids := self._without_vectors():
            total = done + len(ids)
            for start in range(0, len(ids), _AHEAD):
                with self._store.read(_SYSTEM) as session:
                    texts = passages_vectors.to_embed(session, ids[start : start + _AHEAD], self._model.key)
                texts.sort(key=lambda one: len(one[1]) + len(one[2]))  # texts of like length share a batch without padding
                for first in range(0, len(texts), BATCH):
                    if stop():
                        return
                    self._embed(texts[first : first + BATCH])
                    progress("Embedding", done + start + first, total)
            done = total
            progress("Embedding", done, total)

    def _without_vectors(self) -> list[str]:
        with self._store.read(_SYSTEM) as session:
            return passages_vectors.ids_without_vectors(session, self._model.key)

    def _embed(self, texts: list[tuple[str, str, str]]) -> None:
        """``texts`` are a chunk's id, header and words each."""
        vectors = embed(self._embeddings, [embedding_text(header, text) for _, header, text in texts])
        made = [(id_, text, to_bytes(vector)) for (id_, _, text), vector in zip(texts, vectors, strict=True)]
        with self._store.write(_SYSTEM) as session:
            passages_vectors.keep_vectors(session, made, self._model.key)

    def fill_index(self, progress: Progress = quiet) -> None:
        """Put into the vector index what it lacks or has otherwise, and drop what the record no longer has, or leave that to
        the process which holds it."""
        if self.index is None:
            self._leave_to_holder(INDEX_FILL)
            return
        with self._filling:
            if not self.index.whole:
                self.index.complete(record for page in self._pages() for record in page)
            found = self.check()
            self._forget(list(found.unexpected))
            lacking = [*found.missing, *found.changed]
            for start in range(0, len(lacking), _AHEAD):
                with self._reflecting:
                    with self._store.read(_SYSTEM) as session:
                        rows = passages_vectors.vectors_among(session, lacking[start : start + _AHEAD], self._model.key)
                    self.index.upsert(self._records(rows))
                progress("Filling the index", min(start + _AHEAD, len(lacking)), len(lacking))

    @property
    def leaves(self) -> bool:
        """Whether what has to be done to the vector index is left to another process."""
        return self._leave is not None

    def rebuild_or_leave(self) -> None:
        """Build the vector index anew, or leave that to the process which holds it; nothing where there is none."""
        if self.index is None:
            self._leave_to_holder(INDEX_REBUILD)
        else:
            self.rebuild()

    def _leave_to_holder(self, kind: str) -> None:
        if self._leave is not None:
            with self._store.write(_SYSTEM) as session:
                self._leave(session, kind, {})

    def rebuild(self, progress: Progress = quiet) -> int:
        """Build the vector index anew beside the old one and switch; returns how many vectors it holds.

        :raises KnowledgeError: when another process holds the index.
        """
        if self.index is None:
            raise KnowledgeError("Another process holds the index; stop it, then rebuild.")
        with self._store.read(_SYSTEM) as session:
            total = passages_vectors.count_vectors(session, self._model.key)
        records = (record for page in self._pages() for record in page)
        return self.index.rebuild(records, total, lambda done, of: progress("Rebuilding the index", done, of))

    def check(self) -> IndexCheck:
        """Compare the vector index with the record; beside a process that holds it, all but its graph.

        :raises KnowledgeError: when another process holds an index that cannot be read beside it.
        """
        index = self.index or self._reader
        if index is None:
            raise KnowledgeError("Another process holds the index, which cannot be read beside it; stop it, then check.")
        return index.check((record.id, record.vector) for page in self._pages() for record in page)

    def _pages(self) -> Iterator[list[VectorRecord]]:
        after = ""
        while True:
            with self._store.read(_SYSTEM) as session:
                rows = passages_vectors.all_vectors(session, self._model.key, after)
            if not rows:
                return
            after = rows[-1].id
            yield self._records(rows)

    def _records(self, rows: list[StoredVector]) -> list[VectorRecord]:
        matrix = from_bytes([row.vector for row in rows], self._model.dimension)
        return [
            VectorRecord(row.id, vector, group(row.account_id, row.owner_id), row.kind, row.at)
            for row, vector in zip(rows, matrix, strict=True)
        ]

    def _keep(
        self, session: ScopedSession, text: SourceText, chunks: list[Chunk], vectors: Vectors | None
    ) -> list[str]:
        document, new = _to_keep(text, chunks, vectors)
        gone = passages.keep_document(session, document, new, self._model.key)
        if vectors is not None:  # the same words, which may have waited for their vectors or had another model's
            ids = passages.ids_of(session, text.source, text.id)
            known = zip(ids, chunks, vectors, strict=True)
            made = [(id_, chunk.text, to_bytes(vector)) for id_, chunk, vector in known]
            passages_vectors.keep_vectors(session, made, self._model.key)
        return gone

    def _forget(self, chunk_ids: list[str]) -> None:
        if chunk_ids and self.index is not None:
            try:
                self.index.delete(chunk_ids)
            except KnowledgeError as error:  # the record is right already; a check or a rebuild mends the index
                _log.warning("%d passages stay in the index for now: %s", len(chunk_ids), error)


def _to_keep(
    text: SourceText, chunks: list[Chunk], vectors: Vectors | None
) -> tuple[passages.NewDocument, list[passages.NewChunk]]:
    """A row's words as the record keeps them; without ``vectors`` they wait for them."""
    document = passages.NewDocument(
        source=text.source, source_id=text.id, kind=text.kind, title=text.title[:300], header=header(text), at=text.at,
        account_id=text.account_id, owner_id=text.owner_id,
        digest=_digest(text, chunks),
    )  # fmt: skip
    new = [
        passages.NewChunk(
            chunk.ordinal, chunk.text, (chunk.speaker or "")[:160] or None,
            chunk.at, None if vectors is None else to_bytes(vectors[number]),
        )
        for number, chunk in enumerate(chunks)
    ]  # fmt: skip
    return document, new


def _digest(text: SourceText, chunks: list[Chunk]) -> str:
    """Another one whenever the passages have to be written anew: for other words, and for other readers."""
    whose = f"{text.account_id} {text.owner_id} {text.at.isoformat()} {text.title}"
    return sha256("\n".join([whose, *(chunk.digest for chunk in chunks)]).encode()).hexdigest()


def header(text: SourceText) -> str:
    """The context that every chunk carries: whom it is about, on what, when."""
    people = ", ".join(text.people[:4])
    parts = [text.account, text.deal, people, f"{text.kind} {text.at:%d %b %Y}", text.title]
    return " · ".join(dict.fromkeys(part for part in parts if part))[:400]


def as_document(text: SourceText) -> Document:
    """A row's words as the index takes them: turns where there are some, else prose."""
    if text.turns:
        body = tuple(
            Utterance(speaker, None if offset is None else text.at + timedelta(seconds=offset), said)
            for speaker, offset, said in text.turns
        )
        return Document(f"{text.source}:{text.id}", text.kind, text.title, text.at, header(text), body)
    return Document.from_text(
        id=f"{text.source}:{text.id}", kind=text.kind, title=text.title, at=text.at, header=header(text), text=text.body,
        author=text.author,
    )  # fmt: skip
