"""The power fails at the worst moment: every question is answered, and answered once."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.local.workspace import LocalWorkspace
from tests.e2e.running import environment
from tests.local.driver import Actor
from tests.reliability.conftest import REP, Office, Until, found_company, settings_for, working

QUESTION = "What is the latest on Larkfield Mills?"


@contextmanager
def bot_process(home: Path, workspace: LocalWorkspace, how: str = "whole") -> Iterator["subprocess.Popen[str]"]:
    """The bot in its own process; killed at the latest when the block ends."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "tests.reliability.bot_process",
            workspace.api_url, workspace.bot_token, workspace.app_token, how,
        ],
        env=environment(home), stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "connected"
        yield process
    finally:
        process.kill()
        process.wait(timeout=90)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the small company in it, used by nobody."""
    with Rapport(settings_for(tmp_path / "home")) as rapport:
        found_company(rapport)
    return tmp_path / "home"


def answered_once(home: Path, workspace: LocalWorkspace, asked: str, until: Until) -> None:
    """After a restart there is one complete reply, one row and one finished job."""
    with Rapport(settings_for(home)) as rapport, working(rapport.open(), workspace) as office:
        reply = office.rep.wait_for_reply(asked, timeout=150)
        assert "Larkfield Mills" in reply.full_text
        until(lambda: office.idle())
        assert _replies(office, asked) == 1
        assert office.events() == 1
        assert office.jobs() == ["done"]


def _replies(office: Office, asked: str) -> int:
    return sum(float(message.ts) > float(asked) for message in office.said_by_bot())


def test_a_question_that_was_taken_in_by_a_bot_that_died_is_answered_after_its_restart(
    home: Path, workspace: LocalWorkspace, until: Until
) -> None:
    rep = Actor(workspace.base_url, REP)
    with bot_process(home, workspace, "deaf") as process:
        asked = rep.say(QUESTION)
        until(lambda: workspace.deliveries().acked == 1)
        process.kill()
        process.wait(timeout=90)
    assert not [message for message in rep.messages() if message.from_bot]
    answered_once(home, workspace, asked, until)


@pytest.mark.timeout(400)
def test_a_bot_that_dies_while_it_answers_answers_once_after_its_restart(
    home: Path, workspace: LocalWorkspace, until: Until
) -> None:
    rep = Actor(workspace.base_url, REP)
    with bot_process(home, workspace) as process:
        asked = rep.say(QUESTION)
        until(lambda: workspace.deliveries().acked == 1)
        process.kill()
        process.wait(timeout=90)
    answered_once(home, workspace, asked, until)


@pytest.mark.timeout(400)
def test_a_bot_that_dies_when_its_reply_shows_leaves_one_whole_reply(
    home: Path, workspace: LocalWorkspace, until: Until
) -> None:
    rep = Actor(workspace.base_url, REP)
    with bot_process(home, workspace) as process:
        asked = rep.say(QUESTION)
        until(lambda: any(message.from_bot for message in rep.messages()))
        process.kill()
        process.wait(timeout=90)
    answered_once(home, workspace, asked, until)


def test_a_question_asked_while_the_bot_is_away_is_answered_when_it_comes(
    home: Path, workspace: LocalWorkspace, until: Until
) -> None:
    asked = Actor(workspace.base_url, REP).say(QUESTION)
    answered_once(home, workspace, asked, until)
