"""What an import did: per file, per row that could not be brought in, and per value that was read otherwise than given."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm_store.errors import CrmError

ALIKE = 1_000
Progress = Callable[[str, int, int], None]


class CannotImport(CrmError):
    """Nothing of what was given can be read; the message says what would be."""


class Stopped(CrmError):
    """The import was asked to stop and did so between two batches; the message says how to go on."""


@dataclass(frozen=True)
class FileReport:
    """``rows`` is how many the file has. ``kept`` counts values, not rows: those that a person changed in Rapport and
    that the file did not overwrite. The other four sum to ``rows`` where a file's rows become rows of the record."""

    file: str
    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Problem:
    """A row, or a whole file (``line`` 0), that was not brought in. ``column`` is the header as the file writes it."""

    file: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """Something that was brought in otherwise than it was given; ``line`` 0 is said of the whole file."""

    file: str
    line: int
    column: str
    given: str
    taken: str
    why: str


@dataclass(frozen=True)
class Proposed:
    """What was kept, put before the person who may say otherwise: ``values`` is how many values the proposal of this
    ``id`` would change. A dry run makes none, and its id is empty."""

    person: str
    values: int
    id: str = field(default="", compare=False)


@dataclass(frozen=True)
class ImportReport:
    files: tuple[FileReport, ...]
    problems: tuple[Problem, ...]
    decisions: tuple[Decision, ...]
    dry_run: bool
    proposed: tuple[Proposed, ...] = ()
    resumed: bool = False

    @property
    def clean(self) -> bool:
        """Whether nothing that was meant to come in stayed out."""
        return not self.problems

    def total(self, count: str) -> int:
        """The sum of one of the counts of :class:`FileReport` over all files."""
        return sum(int(getattr(each, count)) for each in self.files)


@dataclass(frozen=True)
class Kept:
    """A value of a file that did not overwrite what a person wrote since; ``value`` is in JSON form."""

    entity: str
    row_id: str
    field: str
    value: Any
    file: str
    line: int


@dataclass
class Tally:
    """The counts of one file while it is read."""

    file: str
    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    skipped: int = 0

    def report(self) -> FileReport:
        return FileReport(
            self.file, self.kind, self.rows, self.created, self.updated, self.unchanged, self.kept, self.skipped
        )


@dataclass
class Notes:
    """What is to be told of an import, collected while it runs."""

    tallies: list[Tally] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    alike: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def decide(self, decision: Decision) -> None:
        """Keep a decision; of those that differ in nothing but the row, only the first :data:`ALIKE` are kept one by one."""
        alike = (decision.file, decision.column, decision.why)
        self.alike[alike] += 1
        if self.alike[alike] <= ALIKE:
            self.decisions.append(decision)

    def report(self, *, dry_run: bool, proposed: tuple[Proposed, ...] = (), resumed: bool = False) -> ImportReport:
        more = [
            Decision(file, 0, column, f"{count - ALIKE:,} more rows", "", why)
            for (file, column, why), count in self.alike.items()
            if count > ALIKE
        ]

        def place(each: Problem | Decision) -> tuple[str, int]:
            return each.file, each.line

        return ImportReport(
            tuple(tally.report() for tally in sorted(self.tallies, key=lambda each: each.file)),
            tuple(sorted(self.problems, key=place)),
            tuple(sorted(self.decisions + more, key=place)),
            dry_run,
            proposed,
            resumed,
        )
