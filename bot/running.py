"""The long-running commands: the local workspace, real Slack, and a worker alone."""

import argparse
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from bot.app import Rapport, check_home, now
from bot.errors import Misconfigured
from bot.local.people import LocalPerson
from bot.local.workspace import LocalWorkspace
from bot.settings import Settings
from bot.slack.app import SlackTokens, build
from bot.slack.http import PATH as SLACK_PATH
from bot.slack.http import serve_http
from bot.slack.manifest import manifest
from bot.slack.serve import serve_socket, tokens_of
from bot.warming import warmed
from crm_store import jobs, roster
from crm_store.access import Scope
from crm_store.sample import sample_day

_SYSTEM = Scope.system("starting")


def run_local(settings: Settings, given: argparse.Namespace) -> int:
    """The unmodified bot against a workspace on this machine, with a page to chat on."""
    console = Console()
    check_home(settings.home)
    with Rapport(settings) as rapport:
        rapport.open(create=True, hold_index=True)
        if not given.empty:
            with console.status("Loading the sample company…"):
                rapport.load_sample(now().date())
            _say_how_old_the_sample_is(rapport, console)
        _index_everything_later(rapport)
        people = _people(rapport)
        if not people:
            raise Misconfigured(
                "Nobody is known here yet. Add yourself: rapport people add you@company.example --role admin"
            )
        with (
            local_workspace(rapport, settings.home / "workspace", people, given.port, given.transport) as workspace,
            rapport.webhook(),
            warmed(rapport),
        ):
            stopped = _stop_signals()
            console.print(f"\n  Rapport is at [bold]{workspace.base_url}[/bold]", soft_wrap=True)
            console.print(
                f"  {len(people)} people to chat as; everything is kept in {settings.home}. Ctrl-C stops it.\n",
                soft_wrap=True,
            )
            _until(stopped)
    return 0


def _say_how_old_the_sample_is(rapport: Rapport, console: Console) -> None:
    with rapport.store.read(_SYSTEM) as session:
        day = sample_day(session)
    if day is not None and day < now().date():
        console.print(
            f"\n  The sample company is as of {day:%d %B %Y}, so what was due then is overdue by now. For one as of today "
            f"take another folder: RAPPORT_HOME={rapport.settings.home}-{now():%m%d} rapport local",
            soft_wrap=True,
            highlight=False,
        )


@contextmanager
def local_workspace(
    rapport: Rapport, folder: Path, people: list[LocalPerson], port: int = 0, transport: str = "socket"
) -> Iterator[LocalWorkspace]:
    """A local workspace with the bot connected to it and its worker running, until the block ends."""
    events_port = _free_port()
    try:
        workspace = _workspace(folder, people, port, transport, events_port)
    except OSError as error:
        raise Misconfigured(f"Port {port} cannot be used ({error.strerror}). Try: rapport local --port 0") from error
    with workspace:
        tokens = SlackTokens(workspace.bot_token, workspace.app_token, workspace.signing_secret, workspace.api_url)
        slack = build(rapport, tokens)
        rapport.meetings.deliver = slack.deliver
        rapport.start_worker(slack.handlers)
        with (
            serve_http(slack, tokens, events_port)
            if transport == "http"
            else serve_socket(slack, tokens, rapport.settings.workers)
        ):
            yield workspace


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _workspace(folder: Path, people: list[LocalPerson], port: int, transport: str, events_port: int) -> LocalWorkspace:
    if transport == "http":
        return LocalWorkspace(
            folder,
            people,
            port=port,
            manifest=manifest(),
            transport="http",
            events_url=f"http://127.0.0.1:{events_port}/slack/events",
        )
    return LocalWorkspace(folder, people, port=port, manifest=manifest())


def run_serve(settings: Settings, given: argparse.Namespace) -> int:
    """Real Slack, over Socket Mode or signed HTTP, with the worker in the same process."""
    over_http = given.transport == "http"
    tokens = tokens_of(settings, socket_mode=not over_http)
    with Rapport(settings) as rapport:
        rapport.open(hold_index=True)
        _index_everything_later(rapport)
        slack = build(rapport, tokens)
        served = serve_http(slack, tokens, given.port) if over_http else serve_socket(slack, tokens, settings.workers)
        rapport.meetings.deliver = slack.deliver
        rapport.start_worker(slack.handlers)
        with served, rapport.webhook(), warmed(rapport):
            stopped = _stop_signals()
            at = f"Listening for Slack at http://127.0.0.1:{given.port}{SLACK_PATH}." if over_http else "Connected to Slack."
            Console().print(f"{at} Ctrl-C stops it.", soft_wrap=True, highlight=False)
            _until(stopped)
    return 0


def run_worker(settings: Settings, given: argparse.Namespace) -> int:
    """Background jobs alone; questions from Slack too where its tokens are set."""
    with Rapport(settings) as rapport:
        rapport.open(hold_index=True)
        slack = build(rapport, tokens_of(settings, socket_mode=False)) if settings.slack_bot_token else None
        if slack is not None:
            rapport.meetings.deliver = slack.deliver
        rapport.start_worker(slack.handlers if slack is not None else None)
        stopped = _stop_signals()
        Console().print("Working. Ctrl-C stops it.")
        _until(stopped)
    return 0


def _index_everything_later(rapport: Rapport) -> None:
    at = now()
    with rapport.store.write(_SYSTEM) as session:
        jobs.enqueue(session, "index_all", f"index_all:{at.isoformat()}", {}, now=at)


def _people(rapport: Rapport) -> list[LocalPerson]:
    with rapport.store.read(_SYSTEM) as session:
        return [
            LocalPerson(each.email, each.name, each.title or each.role)
            for each in roster.members(session)
            if each.active
        ]


def _stop_signals() -> threading.Event:
    """Set by Ctrl-C or a TERM from here on. A second one ends the process at once: what was accepted is a row and is
    done after the next start."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped.is_set():
            os._exit(128 + number)
        stopped.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    return stopped


def _until(stopped: threading.Event) -> None:
    stopped.wait()
    Console(stderr=True).print("Stopping: what runs is finished first. Ctrl-C again stops at once.")
