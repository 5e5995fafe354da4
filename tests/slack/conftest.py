"""The real Bolt app over Socket Mode against a local workspace, with the real worker, on one small company."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.jobs import Worker
from bot.local.manifest import LocalShortcut
from bot.local.people import LocalChannel, LocalPerson
from bot.local.workspace import LocalWorkspace
from bot.slack.app import SlackApp, SlackTokens, build
from bot.slack.pacing import Pace
from bot.slack.serve import SocketServer
from crm_store.store import Store
from tests.local.driver import Actor, Message
from tests.slack.company import BOSS, GUEST, OTHER, REP, STRANGER, UNKNOWN, Company

PEOPLE = (
    LocalPerson(REP, "Rena Kaur"),
    LocalPerson(OTHER, "Otis Brandt"),
    LocalPerson(BOSS, "Bea Moreau"),
    LocalPerson(UNKNOWN, "Una Known"),
    LocalPerson(GUEST, "Gil Guest", is_guest=True),
    LocalPerson(STRANGER, "Sten Stranger", is_stranger=True),
)
CHANNELS = (
    LocalChannel("sales", (REP, OTHER, BOSS)),
    LocalChannel("duo", (REP, BOSS)),
    LocalChannel("partners", (REP, GUEST, STRANGER)),
)


@dataclass
class Office:
    """A workspace with the bot in it. ``as_`` gives somebody to act as."""

    workspace: LocalWorkspace
    company: Company
    slack: SlackApp
    tokens: SlackTokens

    def as_(self, email: str) -> Actor:
        return Actor(self.workspace.base_url, email)

    def ask(self, text: str, email: str = REP) -> Message:
        """Say something in the DM and wait for the reply."""
        actor = self.as_(email)
        return actor.wait_for_reply(actor.say(text))

    def bot_messages(self, email: str = REP, channel: str | None = None) -> list[Message]:
        return [message for message in self.as_(email).messages(channel) if message.from_bot]


def no_pause(seconds: float) -> None:
    """Pacing without waiting, so that tests are quick."""


@pytest.fixture
def company(sqlite_store: Store, tmp_path: Path) -> Company:
    return Company(sqlite_store, tmp_path / "home")


@contextmanager
def running(workspace: LocalWorkspace, company: Company) -> Iterator[Office]:
    """The bot connected to the workspace, with its worker."""
    tokens = SlackTokens(workspace.bot_token, workspace.app_token, "", workspace.api_url)
    slack = build(company, tokens, Pace(sleep=no_pause))
    worker = Worker(company.store, slack.handlers, company.clock)
    company.on_wake = worker.wake
    worker.start()
    try:
        with SocketServer(slack, tokens, workers=4):
            yield Office(workspace, company, slack, tokens)
    finally:
        worker.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[LocalWorkspace]:
    shortcuts = (
        LocalShortcut("Log this message", "log_message"),
        LocalShortcut("Log something", "log_anything", on_message=False),
    )
    with LocalWorkspace(
        tmp_path / "workspace", PEOPLE, channels=CHANNELS, shortcuts=shortcuts, retry_delays=(0.05, 0.05, 0.05)
    ) as made:
        yield made


@pytest.fixture
def office(workspace: LocalWorkspace, company: Company) -> Iterator[Office]:
    with running(workspace, company) as made:
        yield made


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait until something holds, at most ten seconds."""
    import time

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.02)

    return wait
