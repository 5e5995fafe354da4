"""What a session may touch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What a session may touch: the records of ``owner_ids``, or everything when that is None.

    ``within`` narrows further to some accounts, for whoever asks on behalf of people who may see only those; no person's own
    scope has it. ``hidden`` are fields (such as ``deal.amount_minor``) that are empty for it and not written by it
    (:mod:`crm_store.masking`).
    """

    person_id: str | None
    owner_ids: frozenset[str] | None
    within: frozenset[str] | None = None
    reason: str = "request"
    hidden: frozenset[str] = frozenset()

    @classmethod
    def system(cls, reason: str) -> "Scope":
        """For work nobody asked for in person: migrations, imports, indexing. ``reason`` is for the log."""
        return cls(None, None, None, reason)

    @property
    def everything(self) -> bool:
        return self.owner_ids is None and self.within is None

    @property
    def unbounded(self) -> bool:
        """Every field of every row."""
        return self.everything and not self.hidden

    def intersect(self, other: "Scope") -> "Scope":
        """What both may see; the person stays this scope's."""
        owners, within = _both(self.owner_ids, other.owner_ids), _both(self.within, other.within)
        return Scope(self.person_id, owners, within, self.reason, self.hidden | other.hidden)


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return other if one is None else one if other is None else one & other
