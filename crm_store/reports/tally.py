"""What a report has added up so far, group by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm_store.reports.measures import Measure, Sums

Keys = tuple[str | None, ...]


@dataclass
class Tally:
    """Everything added up: ``sums[keys][i]`` is measure ``i``, ``counts`` the rows of each group."""

    counts: dict[Keys, int] = field(default_factory=dict)
    sums: dict[Keys, list[Sums]] = field(default_factory=dict)
    labels: dict[Keys, tuple[str, ...]] = field(default_factory=dict)
    ranks: dict[Keys, tuple[int, ...]] = field(default_factory=dict)
    missing: dict[str, tuple[int, int]] = field(default_factory=dict)
    converted: set[str] = field(default_factory=set)

    def at(self, keys: Keys, labels: tuple[str, ...], measures: Sequence[Measure]) -> list[Sums]:
        self.labels.setdefault(keys, labels)
        self.counts.setdefault(keys, 0)
        return self.sums.setdefault(keys, [Sums() for _ in measures])

    def name(self, place: int, names: Mapping[str, str]) -> None:
        """Say how the keys at ``place`` read, where that is known."""
        for keys, labels in self.labels.items():
            if (known := names.get(keys[place] or "")) is not None:
                self.labels[keys] = (*labels[:place], known, *labels[place + 1 :])

    def note_missing(self, currency: str | None, amount: int, number: int) -> None:
        before = self.missing.get(currency or "", (0, 0))
        self.missing[currency or ""] = (before[0] + amount, before[1] + number)

    def take(self, part: "Tally", place: int, key: str, label: str, measures: Sequence[Measure]) -> None:
        """Put the groups of ``part`` in here, each under ``key`` at ``place`` of its keys."""
        for keys, sums in part.sums.items():
            at, labels = (*keys[:place], key, *keys[place:]), part.labels[keys]
            for mine, theirs in zip(
                self.at(at, (*labels[:place], label, *labels[place:]), measures), sums, strict=True
            ):
                mine.merge(theirs)
            ranks = part.ranks.get(keys, (0,) * len(keys))
            self.ranks[at] = (*ranks[:place], 0, *ranks[place:])
            self.counts[at] += part.counts[keys]
