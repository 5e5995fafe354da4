"""An import from the command line: the record's own, then the index, then what to tell the person."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.app import Rapport
from bot.errors import BadInput
from bot.indexing import Progress
from crm_store.access import Scope
from crm_store.imports import ImportReport, Source, import_folder, mapping_of, read_mapping
from crm_store.models import Role
from crm_store.roster import members

SHOWN = 20
COUNTS = ("rows", "created", "updated", "unchanged", "kept", "skipped")


@dataclass(frozen=True)
class ImportResult:
    """``administrators`` is how many active people may see everything, and so what came in without an owner."""

    report: ImportReport
    source: str
    administrators: int

    @property
    def clean(self) -> bool:
        return self.report.clean

    def as_object(self) -> Mapping[str, Any]:
        """The shape that ``--json`` documents."""
        return {
            "source": self.source,
            "dry_run": self.report.dry_run,
            "clean": self.clean,
            **{count: self.report.total(count) for count in COUNTS},
            "resumed": self.report.resumed,
            "proposed": [asdict(each) for each in self.report.proposed],
            "files": [asdict(each) for each in self.report.files],
            "problems": [asdict(each) for each in self.report.problems],
            "decisions": [asdict(each) for each in self.report.decisions],
        }

    def print(self, console: Console) -> None:
        """What happened per file, then the first problems and decisions."""
        table = Table(title="What an import would do" if self.report.dry_run else "What came in", title_justify="left")
        table.add_column("File", overflow="fold")
        table.add_column("Holds")
        for count in COUNTS:
            table.add_column(count.capitalize(), justify="right")
        troubled = {each.file for each in self.report.problems}
        shown = [
            each for each in self.report.files if each.created + each.updated + each.unchanged or each.file in troubled
        ]
        for each in shown:
            table.add_row(escape(each.file), each.kind, *(f"{getattr(each, count):,}" for count in COUNTS))
        console.print(table)
        if rest := len(self.report.files) - len(shown):
            console.print(
                f"{rest:,} more files add no rows of their own, or have no place in the record; --json says which and why."
            )
        if self.report.resumed:
            console.print("An earlier import of these files was cut off; the counts are of both parts.")
        self._print_proposed(console)
        self._print_problems(console)
        self._print_decisions(console)
        if self.report.dry_run:
            console.print("Nothing was written. Run it again without --dry-run to import.")
        elif not self.administrators:
            console.print(
                "Nobody may see all of this yet. Add yourself: [bold]rapport people add you@company.example --role admin[/bold]"
            )

    def _print_proposed(self, console: Console) -> None:
        """What the files say otherwise than people did since, and how to take it over."""
        for each in self.report.proposed:
            values = "value" if each.values == 1 else "values"
            how = f"rapport confirm {each.id} --as {each.person}" if each.id else "they would be asked"
            console.print(f"{each.values:,} {values} proposed to {each.person}: {how}", markup=False, highlight=False)

    def _print_problems(self, console: Console) -> None:
        problems = self.report.problems
        if problems:
            console.print(f"\n[bold]Not brought in ({len(problems):,}):[/bold]")
        for each in problems[:SHOWN]:
            place = (
                each.file + (f", line {each.line}" if each.line else "") + (f", {each.column}" if each.column else "")
            )
            console.print(f"  {place}: {each.reason}", markup=False, highlight=False)
        if len(problems) > SHOWN:
            console.print(f"  and {len(problems) - SHOWN:,} more; --json lists them all.")

    def _print_decisions(self, console: Console) -> None:
        counts: dict[tuple[str, str, str], int] = {}
        for each in self.report.decisions:
            counts[(each.file, each.column, each.why)] = counts.get((each.file, each.column, each.why), 0) + 1
        if counts:
            console.print(
                f"\n[bold]Read otherwise than given ({len(self.report.decisions):,}; --json lists them all):[/bold]"
            )
        for (file, column, why), count in list(counts.items())[:SHOWN]:
            console.print(
                f"  {file}{', ' + column if column else ''}: {why} ({count:,})", markup=False, highlight=False
            )
        if len(counts) > SHOWN:
            console.print(f"  and {len(counts) - SHOWN:,} more kinds.")


def run_import(
    rapport: Rapport, path: Path, source: Source, dry_run: bool, report: Progress, mapping: Path | None = None
) -> ImportResult:
    """Import, then make everything that came in findable. A dry run leaves nothing behind. The first Ctrl-C stops after
    the rows in hand, the second at once.

    :raises crm_store.imports.CannotImport: when nothing at ``path`` or in the mapping file can be read.
    :raises crm_store.imports.Stopped: after Ctrl-C; the message says how to go on.
    """
    said = read_mapping(mapping) if mapping else None
    with _stopping() as stop:
        done = import_folder(
            rapport.store,
            path,
            source,
            dry_run=dry_run,
            now=rapport.clock(),
            currency=rapport.settings.currency,
            progress=report,
            mapping=said,
            stop=stop,
        )
    if not dry_run:
        rapport.index_missing(report)
        rapport.run_due_jobs()
    with rapport.store.read(Scope.system("who may see an import")) as session:
        administrators = sum(1 for each in members(session) if each.active and each.role == Role.ADMIN)
    return ImportResult(done, source, administrators)


def write_mapping(rapport: Rapport, path: Path, mapping: Path | None, to: Path) -> str:
    """Write the mapping that an import of ``path`` would use, to be edited; returns what to tell the person.

    :raises crm_store.imports.CannotImport: when nothing at ``path`` can be read.
    :raises BadInput: when the mapping cannot be written there, or something is there already.
    """
    text = mapping_of(rapport.store, path, read_mapping(mapping) if mapping else None)
    try:
        with to.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise BadInput(f"{to} is there already; give another name, or move it away.") from None
    except OSError as error:
        raise BadInput(f"{to} cannot be written ({error.strerror}).") from error
    return f"Wrote {to}. Change what is wrong there and import with --map {to}."


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed meanwhile. Only the main thread is told of it."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(number: int, frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
