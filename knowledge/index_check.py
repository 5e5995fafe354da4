"""Comparing the vector index with the record, and what that found."""

import random
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass

import numpy as np

from knowledge.records import batches
from knowledge.vectors import Vectors

_ENOUGH = 0.9
"""Share of sampled vectors that must find themselves; the graph is approximate, so one miss proves nothing."""
_SAMPLES = 50
_APART = 1e-3
"""Two vectors that differ by more in any of their numbers are of different words."""
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """`missing` ids are in the record only, `unexpected` ones in the index only; of `changed` ones the index has another
    vector than the record.

    Of `sampled` vectors that the index lists, `found` were found when asked for. `beside` says that another process held
    the index, whose graph could not be asked.
    """

    recorded: int
    indexed: int
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    sampled: int
    found: int
    changed: tuple[str, ...] = ()
    beside: bool = False

    @property
    def lost(self) -> bool:
        """Whether the index lists its ids but can no longer find them."""
        return self.found < self.sampled * _ENOUGH

    @property
    def healthy(self) -> bool:
        """Whether nothing needs doing."""
        return not (self.lost or self.missing or self.unexpected or self.changed)

    @property
    def summary(self) -> str:
        """One sentence or two: what is wrong, and what to do."""
        if self.healthy:
            tried = f"{self.found} of {self.sampled} tried found"
            if self.beside:
                tried = "read beside the process that holds it, whose graph was not tried"
            return f"The search index is complete: {self.indexed} passages, {tried}."
        if self.lost:
            return (
                f"The search index has lost its vectors: {self.found} of {self.sampled} passages tried were found. "
                "Run `rapport index rebuild`."
            )
        return (
            f"The search index differs from the record: {len(self.missing)} passages are missing, {len(self.changed)} "
            f"are not as they are now and {len(self.unexpected)} should not be there. Run `rapport index rebuild`."
        )


def compared(
    records: Iterable[tuple[str, Vectors]],
    indexed: Set[str],
    listed: Set[str],
    held: Callable[[list[str]], Mapping[str, Vectors]],
    finds: Callable[[str, Vectors], bool] | None,
) -> IndexCheck:
    """The index beside the `records` of the record. Of the ids that it has `listed`, `indexed` are whole; `held` are the vectors
    that it has, and `finds` asks it for one. Without `finds` it is read beside the process that holds it."""
    recorded: set[str] = set()
    changed: list[str] = []
    sample: list[tuple[str, Vectors]] = []
    draw = random.Random(len(indexed))  # seeded, so that the same index gives the same verdict
    for batch in batches(records, _BATCH):
        there = held([id for id, _ in batch])
        both = [(id, vector) for id, vector in batch if id in there]
        if both:
            apart = np.abs(np.stack([there[id] for id, _ in both]) - np.stack([vector for _, vector in both])).max(axis=1)
            changed += [id for (id, _), distance in zip(both, apart, strict=True) if distance > _APART]
        for id, vector in batch:
            if len(recorded) < _SAMPLES:
                sample.append((id, vector))
            elif (slot := draw.randrange(len(recorded) + 1)) < _SAMPLES:
                sample[slot] = (id, vector)
            recorded.add(id)
    others = set(changed)  # asked for by a vector that they do not have, they would seem to be lost
    sample = [(id, vector) for id, vector in sample if id in listed and id not in others] if finds is not None else []
    return IndexCheck(
        recorded=len(recorded),
        indexed=len(indexed),
        missing=tuple(sorted(recorded - indexed)),
        unexpected=tuple(sorted(listed - recorded)),
        sampled=len(sample),
        found=sum(finds is not None and finds(id, vector) for id, vector in sample),
        changed=tuple(sorted(changed)),
        beside=finds is None,
    )
