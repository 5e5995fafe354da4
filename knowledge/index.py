"""The vector index: nearest neighbours by cosine, in a folder of this process or on a Chroma server.

It holds ids, vectors and hashed labels, never text, and is only ever a copy of what the relational store has. In a
folder it is two things side by side: Chroma's graph, which is the fast way through millions, and a flat index
(`flat_index`), which is the exact way through fewer. `rebuild` fills new ones beside the serving ones and then
switches by one committed write, so a crash at any moment leaves either the old or the new ones answering.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection

from knowledge import chroma
from knowledge.embeddings import EmbeddingModel
from knowledge.errors import VectorIndexError
from knowledge.generation import EXACT, Generation, sweep
from knowledge.index_check import IndexCheck, compared
from knowledge.index_lock import FolderLock
from knowledge.index_probe import SAME, probe_vectors, reading_attempt
from knowledge.records import EVERYTHING, Neighbour, Selection, VectorRecord, batches
from knowledge.vectors import Vectors

_BATCH = 1_000

Result = TypeVar("Result")
Progress = Callable[[int, int], None]


class VectorIndex:
    """Vectors of one embedding model. Safe to share by threads; make it with `open` or `connect`."""

    def __init__(self, client: ClientAPI, model: EmbeddingModel, where: str, lock: FolderLock | None, exact: int = EXACT) -> None:
        self.model = model
        self.where = where
        self._client = client
        self._lock = lock
        self._exact = exact
        self._base = chroma.base_name(model)
        self._writing = threading.RLock()
        self._rebuilding = threading.Lock()
        self._building: Generation | None = None
        self._touched: set[str] = set()
        self._folder = Path(where).absolute() if lock else None
        with self._translated():
            self._now = Generation.serving(self._serving(), self._folder, model.dimension, exact)

    @property
    def serving(self) -> str:
        """The name of the collection that answers."""
        return self._now.collection.name

    @property
    def whole(self) -> bool:
        """Whether both of its halves hold the same. After an upgrade or a crash they may not: see `complete`."""
        return self._now.whole

    @classmethod
    def open(
        cls, path: Path, model: EmbeddingModel, *, discard: bool = False, probe: bool = True, exact: int = EXACT
    ) -> "VectorIndex":
        """The index in folder `path`, which this process then holds alone; `discard` starts an empty one.

        Up to `exact` selected records are compared one by one; above that the graph is asked.

        Raises IndexLocked when another process holds it, IndexUnusable when it is damaged. The latter includes an
        index that lost its graph, found by a `probe` of a few vectors, and one whose reading ended a process.
        """
        lock = FolderLock(path)
        client: ClientAPI | None = None
        try:
            with reading_attempt(path, ignore_earlier=discard or not probe):
                client = chroma.open_folder(path, discard=discard)
                index = cls(client, model, str(path), lock, exact)
                if probe:
                    index._ask(lambda now: probe_vectors(now.collection, index.where))
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
        return self._ask(lambda now: now.collection.count())

    def upsert(self, records: Iterable[VectorRecord]) -> None:
        """Adds or replaces; safe to repeat. Raises WrongVector when a vector is of another model."""
        for batch in batches(records, _BATCH):
            with self._writing:
                if self._building is not None:
                    self._building.write(batch, lasting=False)
                    self._touched.update(record.id for record in batch)
                self._ask(partial(Generation.write, records=batch))

    def delete(self, ids: Iterable[str]) -> None:
        """Removes; unknown ids are ignored."""
        for batch in batches(ids, _BATCH):
            with self._writing:
                if self._building is not None:
                    self._building.delete(batch)
                    self._touched.update(batch)
                self._ask(partial(Generation.delete, ids=batch))

    def complete(self, records: Iterable[VectorRecord]) -> None:
        """Makes it `whole` again, from all the records there are; what the graph lacks is left to `upsert`."""
        with self._writing:
            listed = self._ask(Generation.listed)
            for batch in batches(records, _BATCH):
                self._now.complete(batch, listed)
            self._now.completed(listed)

    def nearest(self, vector: Vectors, k: int, selection: Selection = EVERYTHING) -> list[Neighbour]:
        """The `k` nearest of `selection`, best first; fewer when there are fewer.

        A server, which knows of no selection, returns the nearest of everything. Raises IndexIncomplete.
        """
        return self._ask(lambda now: now.nearest(vector, k, selection))

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """The cosines with `vector` of those of `ids` that it holds; none on a server, which is asked too slowly."""
        flat = self._now.flat
        return {} if flat is None or not self.whole else flat.cosines(vector, ids)

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
                for batch in batches(records, _BATCH):
                    with self._writing, self._translated():
                        untouched = [record for record in batch if record.id not in self._touched]
                        building.write(untouched, lasting=False)
                    done += len(batch)
                    report(done, total)
                with self._writing, self._translated():
                    if building.flat is not None:
                        building.flat.flush()
                    chroma.serve(building.collection)
                    before, self._now, self._building = self._now, building, None
                    building.took_over(before)
            except BaseException:
                with self._writing, self._translated():
                    self._building = None
                    self._client.delete_collection(building.collection.name)
                raise
            with self._translated():
                # A folder is ours alone, so what other models left there goes too; on a server it may be in use.
                old = chroma.collections(self._client, chroma.PREFIX if self._lock else self._base)
                self._drop(name for name in old.serving + old.unfinished if name != building.collection.name)
                if self._folder:
                    chroma.sweep(self._folder)
                    sweep(self._folder, building.collection.name)
                return building.collection.count()

    def _start_building(self) -> Generation:
        with self._translated():
            self._drop(chroma.collections(self._client, self._base).unfinished)
            number = chroma.collections(self._client, self._base).newest + 1
            collection = chroma.create(self._client, self._base, number, serving=False)
            building = Generation.started(collection, self._folder, self.model.dimension, self._exact)
        with self._writing:
            self._building, self._touched = building, set()
        return building

    def check(self, records: Iterable[tuple[str, Vectors]]) -> IndexCheck:
        """Compares the index with what the record says it should hold, and asks it for a sample of that.

        Ids alone are not enough: an index that lost its graph still counts and lists every id and finds nothing.
        Raises IndexUnusable when it cannot even list them.
        """
        listed = self._ask(Generation.listed)
        indexed = listed if self._now.flat is None else listed & set(self._now.flat.ids())
        return compared(
            records, indexed, listed, lambda ids: self._ask(partial(Generation.vectors, ids=ids)), self._finds
        )

    def _finds(self, id: str, vector: Vectors) -> bool:
        try:
            near = self._ask(lambda now: chroma.query(now.collection, vector, 10))
        except VectorIndexError:
            return False
        return any(one.cosine >= SAME for one in near if one.id == id or one is near[0])

    def _serving(self) -> Collection:
        known = chroma.collections(self._client, self._base)
        if not known.serving:
            return chroma.create(self._client, self._base, known.newest + 1, serving=True)
        return self._client.get_collection(known.serving[-1], embedding_function=None)

    def _drop(self, names: Iterable[str]) -> None:
        for name in names:
            self._client.delete_collection(name)

    def _ask(self, question: Callable[[Generation], Result]) -> Result:
        with self._translated():
            asked = self._now
            try:
                return question(asked)
            except Exception:
                # A rebuild, here or in another process on the same server, may have dropped it while we asked.
                if self._now is asked:
                    current = self._serving()
                    if current.id == asked.collection.id:
                        raise
                    self._now = Generation(current, self._folder, self.model.dimension, self._exact)
                return question(self._now)

    def _translated(self) -> AbstractContextManager[None]:
        return chroma.translated(self.where, remote=self._lock is None)


def _silent(done: int, total: int) -> None:
    """Nobody watches the progress."""
