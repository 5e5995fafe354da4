"""Commands as people type them, run in this process on a home of their own, and what they must not show."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.app import Rapport
from bot.cli import main
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Account, Interaction

REP = "jonas.brandt@halvern.example"
OTHER_REP = "tom.akkerman@halvern.example"
ACCOUNT = "Meridian Pantry Foods"
CHAMPION = "Mara Lindqvist"
TODAY = "2026-11-24"
EVERYTHING = Scope.system("test")
ANSWER = {"text", "citations", "cards", "figures", "proposals", "question", "understood", "refused", "ms"}
UNREACHABLE = "postgresql+psycopg://rapport:hush-hush@127.0.0.1:1/none"


@contextmanager
def surroundings(**variables: str) -> Iterator[None]:
    """Rapport's variables, and no others of its, for as long as the block runs."""
    ours = ("RAPPORT_", "SLACK_")
    kept = {name: value for name, value in os.environ.items() if name.startswith(ours)}
    for name in kept:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            os.environ.pop(name, None)
        os.environ.update(kept)


@dataclass(frozen=True)
class Said:
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All of it, on one line."""
        return " ".join((self.out + self.err).split())

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Shell:
    """Runs commands in this process on one home."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, said: str = "", **variables: str) -> Said:
        self.capsys.readouterr()
        before = sys.stdin
        sys.stdin = io.StringIO(said)
        try:
            with surroundings(**({"RAPPORT_HOME": str(self.home)} | variables)):
                try:
                    code = main(arguments)
                except SystemExit as stop:  # how argparse refuses words that it does not know
                    code = int(str(stop.code))
        finally:
            sys.stdin = before
        return Said(code, *self.capsys.readouterr())

    def json(self, *arguments: str, said: str = "") -> list[dict[str, Any]]:
        """The objects of a command that must succeed."""
        done = self(*arguments, "--json", said=said)
        assert done.code == 0, done.words
        return done.objects

    def ask(self, text: str, email: str = REP, *more: str) -> dict[str, Any]:
        (answer,) = self.json("ask", text, "--as", email, "--today", TODAY, *more)
        return answer

    def rows(self, *models: Any) -> list[int]:
        """How many rows each table holds."""
        with Rapport(Settings.from_environment({"RAPPORT_HOME": str(self.home)})) as rapport:
            rapport.open()
            with rapport.store.read(EVERYTHING) as session:
                return [session.query(model).count() for model in models]


@pytest.fixture(scope="module")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company, with the passages of one account indexed."""
    home = tmp_path_factory.mktemp("home")
    with Rapport(Settings.from_environment({"RAPPORT_HOME": str(home)})) as rapport:
        rapport.open(create=True, hold_index=True)
        rapport.load_sample(date.fromisoformat(TODAY))
        with rapport.store.read(EVERYTHING) as session:
            account = session.query(Account).filter_by(name=ACCOUNT).one()
            newest = session.query(Interaction).filter_by(account_id=account.id).order_by(Interaction.at.desc())
            notes = [row.id for row in newest.limit(20)]
        for note in notes:
            rapport.indexer.index_row("interaction", note)
    return home


@pytest.fixture
def shell(sample_home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(sample_home, capsys)


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A home in which nothing was ever done."""
    return Shell(tmp_path / "bare", capsys)


def refused(said: Said, *words: str) -> None:
    """It failed with a sentence that holds these words, and showed no insides."""
    assert said.code == 1, said.words
    for word in words:
        assert word in said.words
    no_insides(said.words)


def no_insides(words: str) -> None:
    for inside in ("Traceback", "sqlalchemy", "pydantic", "errors.pydantic.dev", "Errno", "object at 0x"):
        assert inside not in words
