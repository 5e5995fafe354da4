"""What happens before the first question: it reads, writes nothing, and never keeps the service from starting."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.settings import Settings
from bot.warming import warm_up, warmed
from crm_store import roster
from crm_store.access import Scope

PATIENCE_S = 60


@pytest.fixture
def rapport(tmp_path: Path) -> Iterator[Rapport]:
    with Rapport(Settings(home=tmp_path / "home")) as rapport:
        yield rapport.open(create=True)


def _rows(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "rapport.db") as record:
        tables = [name for (name,) in record.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: record.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def test_warming_up_reads_everybodys_names_and_writes_nothing(rapport: Rapport) -> None:
    rapport.load_sample(date(2026, 11, 20))
    before = _rows(rapport.settings.home)
    people = len(_members(rapport))
    assert warm_up(rapport) == people > 3
    assert _rows(rapport.settings.home) == before


def test_warming_up_ends_when_it_is_told_to(rapport: Rapport) -> None:
    rapport.load_sample(date(2026, 11, 20))
    assert warm_up(rapport, ended=lambda: True) == 0


def test_a_record_without_people_is_warmed_up_too(rapport: Rapport) -> None:
    assert warm_up(rapport) == 0


def test_what_cannot_be_read_beforehand_does_not_keep_the_service_from_running(tmp_path: Path) -> None:
    with Rapport(Settings(home=tmp_path / "nothing")) as rapport, warmed(rapport) as ready:
        assert ready.wait(PATIENCE_S)


def _members(rapport: Rapport) -> list[roster.Member]:
    with rapport.store.read(Scope.system("test")) as session:
        return [member for member in roster.members(session) if member.active]
