"""An import as the command runs it: into the record, into the index, and told."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from bot.app import Rapport
from bot.importing import run_import
from bot.questions import Question
from bot.settings import Settings
from tests.crm_store.imports.folder import COMPANY, NOW, write


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def printed(rapport: Rapport, path: Path, *, dry_run: bool) -> str:
    out = StringIO()
    run_import(rapport, path, "csv", dry_run, quiet).print(Console(file=out, width=160))
    return out.getvalue()


def test_what_came_in_can_be_asked_for_and_found(tmp_path: Path) -> None:
    people = COMPANY["people.csv"] + "3,Ada Boss,ada@halvern.example,North\n"
    folder = write(tmp_path / "in", COMPANY | {"people.csv": people})
    with Rapport(Settings(home=tmp_path / "home"), clock=lambda: NOW) as rapport:
        rapport.open(create=True, hold_index=True)
        assert "Nothing was written" in printed(rapport, folder, dry_run=True)
        assert "rapport people add" in printed(rapport, folder, dry_run=False)
        result = run_import(rapport, folder, "csv", False, quiet)
        told = result.as_object()
        assert (told["clean"], told["created"], told["updated"]) == (True, 0, 0)
        assert told["unchanged"] == told["rows"]
        caller = rapport.caller_for_email("emil@halvern.example")
        answer = rapport.answer(Question(text="has anyone mentioned a price list?", caller=caller, now=NOW, thread="t"))
    assert any("price list" in each.quote for each in answer.citations)
