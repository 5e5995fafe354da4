"""Whether an index folder can be read at all, found out before anybody depends on it.

Two kinds of damage do not announce themselves: a lost graph lists every id and finds none, and some torn graph files
end the whole process inside native code. The first shows when a few vectors are asked for; against the second, a
mark beside the folder outlives a process that dies while reading, so that the next one does not walk into the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from chromadb.api.models.Collection import Collection

from knowledge import chroma
from knowledge.errors import IndexUnusable

SAME = 0.999
"""A stored vector asked for itself comes back with this cosine or better."""
_TRIES = 8


@contextmanager
def reading_attempt(folder: Path, *, ignore_earlier: bool) -> Iterator[None]:
    """Marks that `folder` is being read. Raises IndexUnusable when an earlier attempt never ended."""
    mark = folder.with_name(folder.name + ".opening")
    if mark.exists() and not ignore_earlier:
        raise IndexUnusable(str(folder), "the process that last opened it died while reading it")
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def probe_vectors(collection: Collection, where: str) -> None:
    """Asks for a few of the vectors that `collection` lists. Raises IndexUnusable when most are not found."""
    count = collection.count()
    offsets = range(0, count, max(1, count // _TRIES))
    missed = sum(not _finds_itself(collection, offset) for offset in offsets)
    if missed * 2 > len(offsets):
        raise IndexUnusable(where, f"it lists {count} vectors but finds {len(offsets) - missed} of {len(offsets)}")


def _finds_itself(collection: Collection, offset: int) -> bool:
    vectors = collection.get(limit=1, offset=offset, include=["embeddings"])["embeddings"]
    if vectors is None or len(vectors) == 0:
        return False
    found = chroma.query(collection, np.asarray(vectors[0], dtype=np.float32), 1)
    return bool(found) and found[0].cosine >= SAME
