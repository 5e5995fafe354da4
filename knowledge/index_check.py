"""What a comparison of the vector index with the record found."""

from dataclasses import dataclass

_ENOUGH = 0.9
"""Share of sampled vectors that must find themselves; the graph is approximate, so one miss proves nothing."""


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """`missing` ids are in the record only, `unexpected` ones in the index only; of `changed` ones the index has another
    vector than the record.

    Of `sampled` vectors that the index lists, `found` were found when asked for.
    """

    recorded: int
    indexed: int
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    sampled: int
    found: int
    changed: tuple[str, ...] = ()

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
            return f"The search index is complete: {self.indexed} passages, {self.found} of {self.sampled} tried found."
        if self.lost:
            return (
                f"The search index has lost its vectors: {self.found} of {self.sampled} passages tried were found. "
                "Run `rapport index rebuild`."
            )
        return (
            f"The search index differs from the record: {len(self.missing)} passages are missing, {len(self.changed)} "
            f"are not as they are now and {len(self.unexpected)} should not be there. Run `rapport index rebuild`."
        )
