"""One generation of the vector index: Chroma's graph, and beside it, in a folder, the flat index of the same records."""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from chromadb.api.models.Collection import Collection

from knowledge import chroma
from knowledge.embeddings import EmbeddingModel
from knowledge.errors import IndexIncomplete, WrongVector
from knowledge.flat_index import FlatIndex
from knowledge.records import Neighbour, Selection, VectorRecord
from knowledge.vectors import Vectors

_log = logging.getLogger(__name__)
_FLAT = "flat-"
EXACT = 1_000_000
"""Up to how many selected records are compared one by one. At 500,000, 107 alike ones of each of 4,650 kinds, the graph took 10 to 18 ms
and missed three of a hundred of the ten nearest however many it was asked for; comparing all of them takes 80 ms and misses none."""
_SPARE = 1.3
"""How many more neighbours are asked for than should be enough, since those selected are not spread evenly."""
_LEAST = 1_000
"""How many neighbours the graph is asked for at least. It looks no further than that: asked for 230 of 100,000 vectors
that crowd as those of alike notes do, it found .87 of the ten nearest, for 500 .91, and for 1,000 all of them."""
_WIDEST = 5_000
"""From here on comparing all that is selected is no slower than asking the graph for so many."""


class Generation:
    """`collection` and its flat index; on a server (`folder` None) there is only the first."""

    def __init__(self, collection: Collection, folder: Path | None, dimension: int, exact: int) -> None:
        self.collection, self._exact = collection, exact
        self._where, self._dimension = str(folder or collection.name), dimension
        self.flat = None if folder is None else FlatIndex(flat_folder(folder, collection.name), dimension, writable=True)
        self.whole = self.flat is None or self.flat.count == collection.count()
        """Whether the flat index holds what the graph does. After an upgrade or a crash it may not: see `complete`."""

    def _serve(self) -> None:
        """Lets other processes read the flat index, if it is whole."""
        if self.flat is not None:
            self.flat.show(self.whole)

    def took_over(self, before: "Generation") -> None:
        """From now on this one answers and `before` does not, in other processes too."""
        self._serve()
        if before.flat is not None:
            before.flat.show(False)

    @classmethod
    def serving(cls, collection: Collection, folder: Path | None, dimension: int, exact: int) -> Self:
        """The one that answers; what others left in `folder` goes."""
        if folder is not None:
            sweep(folder, collection.name)
        found = cls(collection, folder, dimension, exact)
        found._serve()
        return found

    @classmethod
    def started(cls, collection: Collection, folder: Path | None, dimension: int, exact: int) -> Self:
        """A new one; what a crash left of an earlier attempt goes."""
        if folder is not None:
            shutil.rmtree(flat_folder(folder, collection.name), ignore_errors=True)
        made = cls(collection, folder, dimension, exact)
        made.whole = True  # of what there is so far
        if made.flat is not None:
            made.flat.show(False)
        return made

    def write(self, records: Sequence[VectorRecord], *, lasting: bool = True) -> None:
        """Adds or replaces. `lasting` waits for the disk. Raises WrongVector."""
        for record in records:
            if record.vector.shape != (self._dimension,):
                raise WrongVector(self._dimension, record.vector.shape[-1])
        # One id twice in a batch is an error to Chroma; the later record is the newer.
        latest = {record.id: record for record in records}
        if latest:
            vectors = np.stack([record.vector for record in latest.values()])
            self.collection.upsert(ids=list(latest), embeddings=vectors)
            if self.flat is not None:
                self.flat.put(latest.values(), lasting=lasting)
                self._look_again()

    def delete(self, ids: list[str]) -> None:
        """Removes; unknown ids are ignored."""
        chroma.delete(self.collection, ids)
        if self.flat is not None:
            self.flat.delete(ids)
            self._look_again()

    def _look_again(self) -> None:
        if not self.whole and self.flat is not None:
            self.whole = self.flat.count == self.collection.count()
            self._serve()

    def nearest(self, vector: Vectors, k: int, selection: Selection) -> list[Neighbour]:
        """The `k` nearest of `selection`; on a server those of everything. Raises IndexIncomplete."""
        flat = self.flat
        if flat is None:
            return chroma.query(self.collection, vector, k)
        if not self.whole:
            raise IndexIncomplete(self._where)
        mask = flat.mask(selection)
        selected = int(np.count_nonzero(mask))
        fetch = max(_LEAST, int(k * len(mask) / max(1, selected) * _SPARE))
        while selected > self._exact and fetch < _WIDEST:
            try:
                found = chroma.query(self.collection, vector, fetch)
            except Exception as error:
                _log.warning("Comparing vectors one by one, since the graph of the search index fails: %s", error)
                break
            within = flat.within([one.id for one in found], mask)
            kept = [one for one in found if one.id in within]
            if len(kept) >= k:
                return kept[:k]
            fetch *= 4
        return flat.nearest(vector, k, mask)

    def vectors(self, ids: list[str]) -> dict[str, Vectors]:
        """The vectors of those of `ids` that it holds."""
        return self.flat.vectors(ids) if self.flat is not None else chroma.vectors(self.collection, ids)

    def listed(self) -> set[str]:
        """All ids in the graph."""
        found: set[str] = set()
        while page := chroma.page(self.collection, len(found)):
            found.update(page)
        return found

    def complete(self, records: Sequence[VectorRecord], listed: set[str]) -> None:
        """Gives the flat index those of `records` that the graph lists."""
        if self.flat is not None:
            self.flat.put([record for record in records if record.id in listed], lasting=False)

    def completed(self, listed: set[str]) -> None:
        """Drops from the flat index what the graph does not list, and makes sure of the rest."""
        if self.flat is not None:
            self.flat.delete(set(self.flat.ids()) - listed, lasting=False)
            self.flat.flush()
            self.whole = self.flat.count == len(listed)
            self._serve()


def flat_folder(folder: Path, collection: str) -> Path:
    """Where the flat index of a collection is."""
    return folder / f"{_FLAT}{collection}"


def flat_folders(folder: Path, model: EmbeddingModel) -> list[Path]:
    """Where the flat indexes of a model are, the oldest generation first: it answers until it says that it does not."""
    found = folder.glob(f"{_FLAT}{chroma.base_name(model)}-g*")
    return sorted(found, key=lambda each: chroma.generation(each.name))


def sweep(folder: Path, serving: str) -> None:
    """Removes the flat indexes of other collections than `serving`."""
    for other in folder.glob(f"{_FLAT}*"):
        if other != flat_folder(folder, serving):
            shutil.rmtree(other, ignore_errors=True)
