"""The whole bot over Socket Mode against a local workspace in this process, on a company of a few rows."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.local.people import LocalPerson
from bot.local.workspace import LocalWorkspace
from bot.settings import Settings
from bot.slack.app import SlackTokens, build
from bot.slack.inbound import JOB_KIND, SOURCE
from bot.slack.manifest import manifest
from bot.slack.pacing import Pace
from bot.slack.serve import serve_socket
from crm_store.access import Scope
from crm_store.models import InboundEvent, Job
from tests import builders
from tests.local.driver import Actor, Message

REP = "rena.kaur@halvern.example"
BOSS = "bea.moreau@halvern.example"
PATIENCE_S = 60.0
EVERYTHING = Scope.system("test")
Until = Callable[[Callable[[], bool]], None]


@dataclass
class Office:
    """The bot at work in a workspace."""

    rapport: Rapport
    workspace: LocalWorkspace

    @property
    def rep(self) -> Actor:
        return Actor(self.workspace.base_url, REP)

    def said_by_bot(self) -> list[Message]:
        return [message for message in self.rep.messages() if message.from_bot]

    def events(self) -> int:
        with self.rapport.store.read(EVERYTHING) as session:
            return session.query(InboundEvent).filter_by(source=SOURCE).count()

    def jobs(self) -> list[str]:
        """The state of every job that answers somebody."""
        with self.rapport.store.read(EVERYTHING) as session:
            return [job.status for job in session.query(Job).filter_by(kind=JOB_KIND)]

    def idle(self) -> bool:
        return bool(self.jobs()) and set(self.jobs()) <= {"done", "dead"}


def settings_for(home: Path, **given: str) -> Settings:
    return Settings.from_environment({"RAPPORT_HOME": str(home), "RAPPORT_LOG_LEVEL": "WARNING"} | given)


def found_company(rapport: Rapport) -> None:
    """A rep with one account, one contact and one deal, and their manager."""
    rapport.open(create=True)
    with rapport.store.write(EVERYTHING) as session:
        team = builders.team(session, "North")
        rep = builders.person(session, "Rena Kaur", "rep", team)
        builders.person(session, "Bea Moreau", "manager", team)
        account = builders.account(session, "Larkfield Mills", rep)
        builders.contact(session, "Oskar Wendt", account)
        builders.deal(session, "Larkfield rollout", account, builders.pipeline(session)["Discovery"])


@contextmanager
def working(rapport: Rapport, workspace: LocalWorkspace, *, worker: bool = True) -> Iterator[Office]:
    """The bot connected, with its worker running or with events piling up."""
    tokens = SlackTokens(workspace.bot_token, workspace.app_token, workspace.signing_secret, workspace.api_url)
    slack = build(rapport, tokens, Pace(sleep=lambda seconds: None))
    if worker:
        rapport.start_worker(slack.handlers)
    with serve_socket(slack, tokens, 4):
        yield Office(rapport, workspace)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[LocalWorkspace]:
    people = (LocalPerson(REP, "Rena Kaur"), LocalPerson(BOSS, "Bea Moreau"))
    with LocalWorkspace(
        tmp_path / "workspace", people, manifest=manifest(), retry_delays=(0.1, 0.2, 0.4), ack_seconds=5.0
    ) as made:
        yield made


@pytest.fixture
def rapport(tmp_path: Path) -> Iterator[Rapport]:
    with Rapport(settings_for(tmp_path / "home")) as made:
        found_company(made)
        yield made


@pytest.fixture
def office(rapport: Rapport, workspace: LocalWorkspace) -> Iterator[Office]:
    with working(rapport, workspace) as made:
        yield made


@pytest.fixture
def until() -> Until:
    """Wait until something holds; a minute is for a busy machine."""

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.05)

    return wait


def at_once(*tasks: Callable[[], object]) -> list[BaseException]:
    """Run the tasks in threads that start together; what went wrong in any of them."""
    gate, wrong = threading.Barrier(len(tasks)), list[BaseException]()

    def run(task: Callable[[], object]) -> None:
        gate.wait()
        try:
            task()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
