"""What goes into the vector index, what comes out, and where in it to look."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from knowledge.vectors import Vectors

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """One chunk's unit vector [d], and what a `Selection` may name: its group, kind and time.

    Its document is the part of `id` before the last colon. A record without a time is in no period.
    """

    id: str
    vector: Vectors
    group: str = ""
    kind: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An id and the cosine of its vector with the one that was asked for."""

    id: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of some groups, documents and kinds, from `since` (included) to `until` (not); None means any.

    A group is whoever a record belongs to, one word each. A selection only says where to look: what is found there
    is still asked for again by the one who may say what is permitted.
    """

    groups: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Selection()


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """`items` in their order, so many at a time."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
