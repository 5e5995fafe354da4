"""The exact half of an index folder, read beside the process that holds the folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.embeddings import EmbeddingModel
from knowledge.errors import IndexIncomplete
from knowledge.flat_index import FlatIndex
from knowledge.generation import flat_folders
from knowledge.index_check import IndexCheck, compared
from knowledge.records import EVERYTHING, Neighbour, Selection
from knowledge.vectors import Vectors


class IndexReader:
    """Finds the nearest vectors of one embedding model in the index folder `path`, which another process may hold and write.

    Chroma's graph is for one process alone, but any number may read the flat index: comparing 200,000 permitted vectors where
    they lie takes tens of milliseconds, and reading them out of the record takes seconds. Safe to share by threads.
    """

    def __init__(self, path: Path, model: EmbeddingModel) -> None:
        self._path, self._model = path, model
        self._held: FlatIndex | None = None

    @classmethod
    def beside(cls, path: Path, model: EmbeddingModel) -> "IndexReader | None":
        """A reader of the folder, which another process may hold; None where there is nothing to read."""
        reader = cls(path, model)
        return None if reader._serving() is None else reader

    def nearest(self, vector: Vectors, k: int, selection: Selection = EVERYTHING) -> list[Neighbour]:
        """The `k` nearest of `selection`, best first, compared one by one. Raises IndexIncomplete where there is none to read."""
        flat = self._required()
        return flat.nearest(vector, k, flat.mask(selection))

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """The cosines with `vector` of those of `ids` that it holds."""
        flat = self._serving()
        return {} if flat is None else flat.cosines(vector, ids)

    def check(self, records: Iterable[tuple[str, Vectors]]) -> IndexCheck:
        """Compares it with what the record says it should hold; the graph is not asked. Raises IndexIncomplete."""
        flat = self._required()
        ids = set(flat.ids())
        return compared(records, ids, ids, flat.vectors, None)

    def _required(self) -> FlatIndex:
        flat = self._serving()
        if flat is None:
            raise IndexIncomplete(str(self._path))
        return flat

    def _serving(self) -> FlatIndex | None:
        held = self._held
        if held is None or not held.readable:
            held = self._held = self._opened()
        return held

    def _opened(self) -> FlatIndex | None:
        for folder in flat_folders(self._path, self._model):
            try:
                flat = FlatIndex(folder, self._model.dimension, writable=False)
            except (OSError, ValueError):  # it is being made, or went while it was looked at
                continue
            if flat.readable:
                return flat
        return None
