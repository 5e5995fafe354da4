"""The vector index: nearest neighbours by cosine, in a folder of this process or on a Chroma server.

It holds ids, vectors and coarse labels, never text, and is only ever a copy of what the relational store has.
`rebuild` fills a new collection beside the serving one and then switches by one committed write, so a crash at any
moment leaves either the old or the new one answering.
"""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from chromadb.api.types import Metadata

from knowledge import chroma
from knowledge.embeddings import EmbeddingModel
from knowledge.errors import IndexUnusable, VectorIndexError, WrongVector
from knowledge.index_check import IndexCheck
from knowledge.index_lock import FolderLock
from knowledge.index_probe import SAME, probe_vectors, reading_attempt
from knowledge.vectors import Vectors

_BATCH = 1_000
_SAMPLES = 50

Result = TypeVar("Result")
Item = TypeVar("Item")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """One chunk's unit vector [d]. `labels` are coarse keys such as an account id; never words of the text.

    Always give the same keys: Chroma merges labels on upsert, so one that is left out keeps its old value.
    """

    id: str
    vector: Vectors
    labels: Mapping[str, str] = field(default_factory=dict)


class VectorIndex:
    """Vectors of one embedding model. Safe to share by threads; make it with `open` or `connect`."""

    def __init__(self, client: ClientAPI, model: EmbeddingModel, where: str, lock: FolderLock | None) -> None:
        self.model = model
        self.where = where
        self._client = client
        self._lock = lock
        self._base = chroma.base_name(model)
        self._writing = threading.RLock()
        self._rebuilding = threading.Lock()
        self._building: Collection | None = None
        self._touched: set[str] = set()
        with self._translated():
            self._collection = self._serving()

    @classmethod
    def open(cls, path: Path, model: EmbeddingModel, *, discard: bool = False, probe: bool = True) -> "VectorIndex":
        """The index in folder `path`, which this process then holds alone; `discard` starts an empty one.

        Raises IndexLocked when another process holds it, IndexUnusable when it is damaged. The latter includes an
        index that lost its graph, found by a `probe` of a few vectors, and one whose reading ended a process.
        """
        lock = FolderLock(path)
        client: ClientAPI | None = None
        try:
            with reading_attempt(path, ignore_earlier=discard or not probe):
                client = chroma.open_folder(path, discard=discard)
                index = cls(client, model, str(path), lock)
                if probe:
                    index._ask(partial(probe_vectors, where=index.where))
            return index
        except BaseException:
            if client is not None:
                chroma.close(client)  # else Chroma hands the damaged one out again, also for a folder made anew
            lock.release()
            raise

    @classmethod
    def connect(cls, url: str, model: EmbeddingModel) -> "VectorIndex":
        """The index on a Chroma server, which several processes may share. Raises IndexUnreachable."""
        return cls(chroma.open_server(url), model, url, None)

    def close(self) -> None:
        """Lets go of the folder or the server; the index is not usable afterwards."""
        chroma.close(self._client)
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def count(self) -> int:
        """How many ids it holds. A damaged index may still count right: see `check`."""
        return self._ask(lambda collection: collection.count())

    def upsert(self, records: Iterable[VectorRecord]) -> None:
        """Adds or replaces; safe to repeat. Raises WrongVector when a vector is of another model."""
        for batch in _batches(records, _BATCH):
            with self._writing:
                if self._building is not None:
                    self._write(self._building, batch)
                    self._touched.update(record.id for record in batch)
                self._ask(partial(self._write, records=batch))

    def delete(self, ids: Iterable[str]) -> None:
        """Removes; unknown ids are ignored."""
        for batch in _batches(ids, _BATCH):
            with self._writing:
                if self._building is not None:
                    chroma.delete(self._building, batch)
                    self._touched.update(batch)
                self._ask(partial(chroma.delete, ids=batch))

    def nearest(self, vector: Vectors, k: int) -> list[chroma.Neighbour]:
        """The `k` nearest of everything, best first; fewer when there are fewer."""
        return self._ask(lambda collection: chroma.query(collection, vector, k))

    def nearest_among(self, vector: Vectors, ids: Sequence[str], k: int) -> list[chroma.Neighbour]:
        """The `k` nearest among `ids`, best first; ids that the index does not hold are passed over."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return []
        try:
            return self._ask(lambda collection: chroma.query(collection, vector, k, wanted))
        except IndexUnusable:
            # One unknown id fails the whole query, as after a write that is not indexed yet; ask for the known ones.
            known = self._ask(lambda collection: collection.get(ids=wanted, include=[])["ids"])
            if len(known) == len(wanted):
                raise
            return self._ask(lambda collection: chroma.query(collection, vector, k, known)) if known else []

    def rebuild(self, records: Iterable[VectorRecord], total: int, progress: Progress | None = None) -> int:
        """Fills a new collection from `records`, switches to it and drops the old one; returns how many it holds.

        `progress(done, total)` is called after every batch. Until the switch the old collection answers. What this
        object upserts or deletes meanwhile reaches both and wins over `records`. Writes of *other* processes to a
        shared server meanwhile are not seen: let the writing process rebuild, or `check` afterwards.
        """
        with self._rebuilding:
            report = progress or _silent
            building = self._start_building()
            try:
                done = 0
                report(done, total)
                for batch in _batches(records, _BATCH):
                    with self._writing, self._translated():
                        self._write(building, [record for record in batch if record.id not in self._touched])
                    done += len(batch)
                    report(done, total)
                with self._writing, self._translated():
                    chroma.serve(building)
                    self._collection, self._building = building, None
            except BaseException:
                with self._writing, self._translated():
                    self._building = None
                    self._client.delete_collection(building.name)
                raise
            with self._translated():
                # A folder is ours alone, so what other models left there goes too; on a server it may be in use.
                old = chroma.collections(self._client, chroma.PREFIX if self._lock else self._base)
                self._drop(name for name in old.serving + old.unfinished if name != building.name)
                if self._lock:
                    chroma.sweep(Path(self.where).absolute())
                return building.count()

    def _start_building(self) -> Collection:
        with self._translated():
            self._drop(chroma.collections(self._client, self._base).unfinished)
            number = chroma.collections(self._client, self._base).newest + 1
            building = chroma.create(self._client, self._base, number, serving=False)
        with self._writing:
            self._building, self._touched = building, set()
        return building

    def check(self, records: Iterable[tuple[str, Vectors]]) -> IndexCheck:
        """Compares the index with what the record says it should hold, and asks it for a sample of that.

        Ids alone are not enough: an index that lost its graph still counts and lists every id and finds nothing.
        Raises IndexUnusable when it cannot even list them.
        """
        indexed = set(self._ids())
        recorded: set[str] = set()
        sample: list[tuple[str, Vectors]] = []
        # Seeded, so that the same index gives the same verdict.
        draw = random.Random(len(indexed))
        for position, (id, vector) in enumerate(records):
            recorded.add(id)
            if position < _SAMPLES:
                sample.append((id, vector))
            elif (slot := draw.randrange(position + 1)) < _SAMPLES:
                sample[slot] = (id, vector)
        sample = [(id, vector) for id, vector in sample if id in indexed]
        return IndexCheck(
            recorded=len(recorded),
            indexed=len(indexed),
            missing=tuple(sorted(recorded - indexed)),
            unexpected=tuple(sorted(indexed - recorded)),
            sampled=len(sample),
            found=sum(self._finds(id, vector) for id, vector in sample),
        )

    def _finds(self, id: str, vector: Vectors) -> bool:
        try:
            near = self.nearest(vector, 10)
        except VectorIndexError:
            return False
        return any(one.cosine >= SAME for one in near if one.id == id or one is near[0])

    def _ids(self) -> Iterator[str]:
        offset = 0
        while page := self._ask(partial(chroma.page, offset=offset)):
            yield from page
            offset += len(page)

    def _serving(self) -> Collection:
        known = chroma.collections(self._client, self._base)
        if not known.serving:
            return chroma.create(self._client, self._base, known.newest + 1, serving=True)
        return self._client.get_collection(known.serving[-1], embedding_function=None)

    def _drop(self, names: Iterable[str]) -> None:
        for name in names:
            self._client.delete_collection(name)

    def _write(self, collection: Collection, records: Sequence[VectorRecord]) -> None:
        for record in records:
            if record.vector.shape != (self.model.dimension,):
                raise WrongVector(self.model.dimension, record.vector.shape[-1])
        # One id twice in a batch is an error to Chroma; the later record is the newer.
        latest = {record.id: record for record in records}
        labels: list[Metadata] = [dict(record.labels) for record in latest.values()]
        if latest:
            collection.upsert(
                ids=list(latest),
                embeddings=np.stack([record.vector for record in latest.values()]),
                metadatas=labels if all(labels) else None,
            )

    def _ask(self, question: Callable[[Collection], Result]) -> Result:
        with self._translated():
            asked = self._collection
            try:
                return question(asked)
            except Exception:
                # A rebuild, here or in another process on the same server, may have dropped it while we asked.
                current = self._serving()
                if current.id == asked.id:
                    raise
                self._collection = current
                return question(current)

    def _translated(self) -> AbstractContextManager[None]:
        return chroma.translated(self.where, remote=self._lock is None)


def _silent(done: int, total: int) -> None:
    """Nobody watches the progress."""


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
