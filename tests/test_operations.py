"""What an administrator meets: a damaged index, a server that is away, secrets in settings, a second Ctrl-C."""

import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.doctor import Finding, examine
from bot.redaction import RedactingFormatter, redact
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.sample import load_sample, sample_day
from crm_store.store import Store

REP = "jonas.brandt@halvern.example"
NOBODY_LISTENS = "http://reader:hush-hush@127.0.0.1:9"
EVERYTHING = Scope.system("test")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample company as of last week, its index built."""
    home = tmp_path_factory.mktemp("company")
    with Rapport(Settings(home=home)) as rapport:
        rapport.open(create=True, hold_index=True)
        rapport.load_sample(datetime.now(UTC).date() - timedelta(days=7))
        rapport.index_missing()
    return home


def surroundings(home: Path, **more: str) -> dict[str, str]:
    ours = ("RAPPORT_", "SLACK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"RAPPORT_HOME": str(home), "PYTHONUNBUFFERED": "1"} | more


def rapport(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=surroundings(home, **more), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@contextmanager
def local(home: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """``rapport local`` until the block ends: the process, the page's address and what was printed before it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "local", "--port", "0", *arguments],
        env=surroundings(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            if found:
                yield process, found.group(), said
                return
        pytest.fail(f"It printed no address: {said} {process.communicate()[1]}")
    finally:
        process.kill()
        process.wait()


def graphs(home: Path) -> list[Path]:
    """The folders in which Chroma keeps its graphs."""
    return [folder for folder in (home / "chroma").iterdir() if folder.is_dir()]


def copied(company: Path, tmp_path: Path) -> Path:
    return shutil.copytree(company, tmp_path / "copy")


def test_a_lost_index_is_found_and_questions_are_answered_all_the_same(company: Path, tmp_path: Path) -> None:
    home = copied(company, tmp_path)
    for folder in graphs(home):
        shutil.rmtree(folder)
    checked = rapport(home, "index", "check")
    assert checked.returncode == 1
    assert "rapport index rebuild" in checked.stderr
    asked = rapport(home, "ask", "what's the latest on Meridian?", "--as", REP)
    assert asked.returncode == 0, asked.stderr
    assert "Meridian" in asked.stdout
    assert rapport(home, "index", "check").returncode == 0


def test_a_rebuild_mends_a_lost_index(company: Path, tmp_path: Path) -> None:
    home = copied(company, tmp_path)
    for folder in graphs(home):
        shutil.rmtree(folder)
    rebuilt = rapport(home, "index", "rebuild", "--json")
    assert json.loads(rebuilt.stdout)["vectors"] > 0
    assert rapport(home, "index", "check").returncode == 0


def test_a_chroma_server_that_is_away_is_named_without_its_password(company: Path) -> None:
    checked = rapport(company, "index", "check", RAPPORT_CHROMA_URL=NOBODY_LISTENS, RAPPORT_LOG_LEVEL="DEBUG")
    assert checked.returncode == 1
    assert "Chroma server" in checked.stderr
    assert "Another process" not in checked.stderr
    assert "hush-hush" not in checked.stdout + checked.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"chroma_url": NOBODY_LISTENS},
        {"database_url": "postgresql+psycopg://rapport:hush-hush@127.0.0.1:1/none"},
        {"database_url": "mysql://rapport:hush-hush@127.0.0.1/none"},
        {"slack_bot_token": "xapp-hush-hush", "slack_app_token": "hush-hush"},
        {"model": "nobody:knows"},
        {"embeddings": "nowhere:Nothing"},
    ],
)
def test_the_doctor_finds_what_is_wrong_and_repeats_no_secret(settings: dict[str, str], tmp_path: Path) -> None:
    findings = examine(Settings(home=tmp_path, **settings))  # type: ignore[arg-type]  # pydantic reads the strings
    assert "hush-hush" not in repr(findings)
    wrong: list[Finding] = [each for each in findings if not each.ok and each.detail != "not set"]
    assert wrong
    assert all(each.mend for each in wrong)


def test_the_doctor_says_what_a_search_costs_without_its_index(company: Path) -> None:
    findings = examine(Settings(home=company, chroma_url=NOBODY_LISTENS))
    (index,) = (each for each in findings if each.what == "Search index")
    assert not index.ok
    assert re.search(r"every search reads all [1-9][\d,]* stored vectors", index.mend)


def test_a_log_holds_no_secret_even_in_a_traceback() -> None:
    said = "xoxb-1-hush xapp-1-hush sk-hush-hush-hush https://me:hush@there Bearer hush password=hush"
    try:
        raise ValueError(said)
    except ValueError:
        record = logging.LogRecord("x", logging.DEBUG, __file__, 1, "%s", (said,), sys.exc_info())
    assert "hush" not in RedactingFormatter("%(message)s").format(record)


def test_what_is_no_secret_stays_readable() -> None:
    plain = "postgresql+psycopg://rapport:***@127.0.0.1:5432/crm at 10:30, ask anna@meridian.example, risk-free"
    assert redact(plain) == plain


def test_the_sample_knows_the_day_it_is_dated_from(sqlite_store: Store) -> None:
    with sqlite_store.write(EVERYTHING) as session:
        assert sample_day(session) is None
        load_sample(session, date(2026, 3, 4))
        assert sample_day(session) == date(2026, 3, 4)


def test_a_sample_of_another_day_is_said_to_be_old(company: Path, tmp_path: Path) -> None:
    with local(copied(company, tmp_path)) as (_, page, said):
        assert "The sample company is as of" in said
        assert urllib.request.urlopen(page).status == 200


def test_a_second_interrupt_ends_it_at_once_and_loses_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with local(home) as (process, _, _):  # the index of the whole sample is being built
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any("Ctrl-C again" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 128 + signal.SIGINT)
    with local(home) as (process, page, _):
        assert urllib.request.urlopen(page).status == 200
