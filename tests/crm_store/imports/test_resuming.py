"""An import that was stopped or killed goes on where it was, and tells of both parts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_store.access import Scope
from crm_store.imports import CannotImport, Stopped, import_folder
from crm_store.models import Account, Contact, Deal, FieldHistory, ImportBatch, ImportRun
from crm_store.store import Store
from tests.crm_store.imports.folder import NOW, bring_in, of, quiet, write

SYSTEM = Scope.system("test")
PATIENCE_S = 60
NOTHING: dict[str, list[str]] = {"problems": [], "decisions": [], "kept": [], "alike": [], "tallies": []}
# Imports what it is told and says after each batch how far it is.
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from crm_store.imports import import_folder
from crm_store.store import Store

def tell(step, done, total):
    print(step, done, flush=True)
    sys.stdin.readline()

store = Store(sys.argv[1])
import_folder(store, Path(sys.argv[2]), "csv", dry_run=False, now=datetime.fromisoformat(sys.argv[3]), currency="EUR", progress=tell)
"""


def big(folder: Path) -> Path:
    """Seven thousand accounts, some rows of which are wrong, and contacts and deals that point at the first and the last."""
    rows = [f"A{n},Account {n},{'nobody' if n % 1_000 == 7 else 'Rosa Lindt'}" for n in range(7_000)]
    rows[100] = "A100,too,many,cells,here"
    rows[6_900] = "A3,twice,Rosa Lindt"
    return write(
        folder,
        {
            "people.csv": "id,name,email\n1,Rosa Lindt,rosa@halvern.example\n",
            "accounts.csv": "id,name,owner\n" + "\n".join(rows) + "\n",
            "contacts.csv": "id,name,account\nC1,Nina Holt,A1\nC2,Jon Abel,A6999\n",
            "deals.csv": "id,name,account,stage,amount,created at\nD1,One,A1,Talk,100,2026-09-01\n",
            "deal history.csv": "deal,field,new,at\nD1,amount,50,2026-09-01\nD1,amount,100,2026-10-01\n",
        },
    )


def counts(store: Store) -> list[int]:
    with store.read(SYSTEM) as session:
        return [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Account, Contact, Deal, FieldHistory)
        ]


def test_an_import_that_was_killed_goes_on_where_it_was(sqlite_store: Store, tmp_path: Path) -> None:
    folder = big(tmp_path / "in")
    whole = Store(f"sqlite:///{tmp_path / 'whole.db'}")
    whole.migrate()
    expected = bring_in(whole, folder)
    command = [sys.executable, "-c", PROGRAM, f"sqlite:///{tmp_path / 'rapport.db'}", str(folder), NOW.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin
        assert running.stdout
        until = time.monotonic() + PATIENCE_S
        while not (said := running.stdout.readline()).startswith("Importing accounts.csv 4"):
            assert said, "it ended by itself"
            assert time.monotonic() < until
            running.stdin.write("\n")
            running.stdin.flush()
        os.kill(running.pid, signal.SIGKILL)
    assert counts(sqlite_store)[0] == 4_000, "two batches; the row with too many cells is in none"
    report = bring_in(sqlite_store, folder)
    assert report.resumed
    assert (report.files, report.problems, report.decisions) == (expected.files, expected.problems, expected.decisions)
    assert counts(sqlite_store) == counts(whole)
    with sqlite_store.read(SYSTEM) as session:
        assert session.scalars(select(ImportRun.finished_at)).all() == [NOW]
        assert session.scalars(select(ImportBatch.id)).all() == []
    again = bring_in(sqlite_store, folder)
    assert not again.resumed
    assert (again.total("created"), again.total("updated")) == (0, 0)
    whole.close()


@pytest.mark.parametrize("batches", range(1, 7))
def test_wherever_it_is_stopped_the_rest_comes_in_and_the_report_is_the_same(
    sqlite_store: Store, tmp_path: Path, batches: int
) -> None:
    folder = big(tmp_path / "in")
    whole = Store(f"sqlite:///{tmp_path / 'whole.db'}")
    whole.migrate()
    expected = bring_in(whole, folder)
    asked = iter(range(batches))
    with pytest.raises(Stopped, match="Run the same command again"):
        import_folder(
            sqlite_store,
            folder,
            "csv",
            dry_run=False,
            now=NOW,
            currency="EUR",
            progress=quiet,
            stop=lambda: next(asked, None) is None,
        )
    report = bring_in(sqlite_store, folder)
    assert (report.files, report.problems, report.decisions) == (expected.files, expected.problems, expected.decisions)
    assert counts(sqlite_store) == counts(whole)
    whole.close()


def test_other_files_or_other_choices_are_another_import(sqlite_store: Store, tmp_path: Path) -> None:
    folder = big(tmp_path / "in")
    asked = iter(range(3))
    with pytest.raises(Stopped):
        import_folder(
            sqlite_store,
            folder,
            "csv",
            dry_run=False,
            now=NOW,
            currency="EUR",
            progress=quiet,
            stop=lambda: next(asked, None) is None,
        )
    assert not bring_in(sqlite_store, folder, currency="USD").resumed
    assert of(bring_in(sqlite_store, folder), "accounts.csv").rows == 7_000


def test_another_import_that_writes_at_the_same_time_is_told_in_words_and_this_one_goes_on_later(
    sqlite_store: Store, tmp_path: Path
) -> None:
    folder = big(tmp_path / "in")

    def meanwhile(step: str, done: int, total: int) -> None:
        if not step.startswith("Importing accounts.csv") or done >= total:
            return
        with sqlite_store.write(SYSTEM) as session:
            run = session.scalars(select(ImportRun.id)).one()
            last = session.scalar(select(func.max(ImportBatch.position))) or 0
            session.add(ImportBatch(run_id=run, position=last + 1, step="another's", place=1, told=NOTHING))

    with pytest.raises(CannotImport, match=r"Another import is running.*run the same command again"):
        import_folder(sqlite_store, folder, "csv", dry_run=False, now=NOW, currency="EUR", progress=meanwhile)
    assert counts(sqlite_store)[0] == 4_000, "the batch before stays written, the one that clashed is not"
    bring_in(sqlite_store, folder)
    assert counts(sqlite_store)[1:3] == [2, 1]
