"""How far an import came, kept so that one that was stopped or killed goes on where it was.

Each batch of rows commits together with a line that says what it reaches and what there is to tell of it
(:class:`~crm_store.models.ImportBatch`). The next import of the same files with the same choices finds the run, takes over
what was told and leaves those batches alone. What is read before the batches (headers, association tables) is read again.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.imports.mapping import Mapping
from crm_store.imports.report import Decision, Kept, Notes, Problem, Stopped
from crm_store.imports.writing import SYSTEM
from crm_store.models import ImportBatch, ImportRun
from crm_store.store import Store

_COUNTS = ("rows", "created", "updated", "unchanged", "kept", "skipped")
Told = dict[str, object]


class Journal:
    """Of a dry run nothing is kept: ``run_id`` is None then."""

    def __init__(
        self, notes: Notes, run_id: str | None = None, position: int = 0, stop: Callable[[], bool] = lambda: False
    ) -> None:
        self.notes, self.run_id, self.position, self._stop = notes, run_id, position, stop
        self.resumed = position > 0
        self._done: dict[str, int] = {}
        self._earlier: list[Told] = []
        self.mark()

    def mark(self) -> None:
        """What was told up to here is not the next batch's."""
        notes = self.notes
        self._lengths = len(notes.problems), len(notes.decisions), len(notes.kept)
        self._alike = Counter(notes.alike)
        self._tallies = [[getattr(tally, count) for count in _COUNTS] for tally in notes.tallies]

    def forget(self) -> None:
        """Take back what was told since the last mark: an earlier part of this import told it already."""
        notes = self.notes
        problems, decisions, kept = self._lengths
        del notes.problems[problems:], notes.decisions[decisions:], notes.kept[kept:]
        notes.alike.clear()
        notes.alike.update(self._alike)
        for tally, counts in zip(notes.tallies, self._tallies, strict=True):
            for name, count in zip(_COUNTS, counts, strict=True):
                setattr(tally, name, count)

    def take_over(self) -> None:
        """Tell what the batches told that were written before this import was cut off."""
        for told in self._earlier:
            _retell(self.notes, told)
        self._earlier.clear()
        self.mark()

    def reached(self, step: str) -> int:
        """How far into a step the earlier parts came: a line or a number of its own; 0 where it was not begun."""
        return self._done.get(step, 0)

    def record(self, session: Session, step: str, place: int) -> None:
        """Write down, in the batch's own transaction, that it is done."""
        if self.run_id is not None:
            told = self._told()
            row = ImportBatch(
                id=new_id(), run_id=self.run_id, position=self.position, step=step[:300], place=place, told=told
            )
            session.add(row)
            session.flush()
            session.expunge(row)
            self.position += 1
        self._done[step] = place

    def check_stop(self) -> None:
        """Called between two batches.

        :raises Stopped: when somebody asked for it.
        """
        self.mark()
        if self._stop():
            done = sum(tally.rows for tally in self.notes.tallies)
            raise Stopped(f"Stopped; {done:,} rows are done. Run the same command again and it goes on from there.")

    def _told(self) -> Told:
        notes = self.notes
        problems, decisions, kept = self._lengths
        return {
            "problems": [asdict(each) for each in notes.problems[problems:]],
            "decisions": [asdict(each) for each in notes.decisions[decisions:]],
            "kept": [asdict(each) for each in notes.kept[kept:]],
            "alike": [
                [*key, count - self._alike[key]] for key, count in notes.alike.items() if count != self._alike[key]
            ],
            "tallies": [
                [tally.file, name, getattr(tally, name) - count]
                for tally, counts in zip(notes.tallies, self._tallies, strict=True)
                for name, count in zip(_COUNTS, counts, strict=True)
                if getattr(tally, name) != count
            ],
        }


def _retell(notes: Notes, told: Told) -> None:
    def rows(name: str) -> list[Any]:
        found = told[name]
        assert isinstance(found, list)
        return found

    notes.problems += [Problem(**each) for each in rows("problems")]  # as _told wrote them
    notes.decisions += [Decision(**each) for each in rows("decisions")]
    notes.kept += [Kept(**each) for each in rows("kept")]
    for file, column, why, count in rows("alike"):
        notes.alike[(str(file), str(column), str(why))] += int(str(count))
    tallies = {each.file: each for each in notes.tallies}
    for file, name, count in rows("tallies"):
        if str(file) in tallies:
            tally = tallies[str(file)]
            setattr(tally, str(name), getattr(tally, str(name)) + int(str(count)))


def begin(store: Store, source: str, digest: str, notes: Notes, now: datetime, stop: Callable[[], bool]) -> Journal:
    """The journal of the unfinished import of the same files, or of a new one."""
    with store.write(SYSTEM) as session:
        open_ = select(ImportRun).where(ImportRun.digest == digest, ImportRun.finished_at.is_(None))
        run = session.scalars(open_.order_by(ImportRun.started_at.desc())).first()
        if run is None:
            run = ImportRun(id=new_id(), source=source, digest=digest, progress={}, started_at=now)
            session.add(run)
            session.flush()
        batches = list(
            session.scalars(select(ImportBatch).where(ImportBatch.run_id == run.id).order_by(ImportBatch.position))
        )
        journal = Journal(notes, run.id, batches[-1].position + 1 if batches else 0, stop)
        for each in batches:
            journal._done[each.step] = each.place
            journal._earlier.append(each.told)
        return journal


def finish(session: Session, journal: Journal, now: datetime) -> None:
    """The import is over: its run keeps the counts, its batches go."""
    if journal.run_id is None:
        return
    session.execute(
        delete(ImportBatch).where(ImportBatch.run_id == journal.run_id).execution_options(synchronize_session=False)
    )
    run = session.get(ImportRun, journal.run_id)
    if run is not None:
        run.finished_at = now
        run.progress = {name: sum(getattr(tally, name) for tally in journal.notes.tallies) for name in _COUNTS}


def digest_of(files: Iterable[Path], source: str, mapping: Mapping, currency: str) -> str:
    """Of the files' names and content and of the choices made for them."""
    found = sha256(f"{source}\x1f{currency}\x1f{mapping.model_dump_json()}".encode())
    for file in sorted(files):
        found.update(f"\x1f{file.name}\x1f".encode())
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                found.update(block)
    return found.hexdigest()
