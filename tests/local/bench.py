"""A workspace with a tiny Bolt app in it, over either transport."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.local import LocalPerson, LocalShortcut, LocalWorkspace
from bot.local.server import Server, bind
from tests.local.driver import Actor

PEOPLE = (
    LocalPerson("ana@north.example", "Ana Ruiz", "Account executive"),
    LocalPerson("idris@north.example", "Idris Bello", "Sales manager"),
    LocalPerson("gus@agency.example", "Gus Guest", "Agency", is_guest=True),
    LocalPerson("stella@buyer.example", "Stella Strand", "Buyer", is_stranger=True),
)


PATIENCE_S = 60
"""How long something may take before a test gives up on it; a busy machine is no reason to fail."""


def until(bench: "Bench", ready: Callable[[], bool]) -> None:
    """Wait for a condition on what the workspace or the app noted."""
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < deadline, f"it never came to that; deliveries: {bench.workspace.deliveries()}"
        time.sleep(0.02)


class Connection(Protocol):
    """Bolt's Socket Mode handler, whose own methods carry no types."""

    def connect(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Bench:
    """One workspace and the app in it. `seen` collects what the app was sent."""

    workspace: LocalWorkspace
    app: App
    client: WebClient
    transport: Literal["socket", "http"]
    handler: Connection | None = None
    server: Server | None = None
    seen: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def actor(self, email: str = "ana@north.example") -> Actor:
        return Actor(self.workspace.base_url, email)

    def note(self, body: dict[str, Any]) -> None:
        with self.lock:
            self.seen.append(body)

    def connect(self) -> None:
        if self.transport == "socket":
            handler: Connection = SocketModeHandler(self.app, self.workspace.app_token)
            handler.connect()
            self.handler = handler

    def close(self) -> None:
        if self.handler is not None:
            # The SDK's close joins its polling threads for seconds; nothing here depends on that.
            threading.Thread(target=self.handler.close, daemon=True).start()
        self.workspace.stop()
        if self.server is not None:
            self.server.stop()


async def _idle(_loop: asyncio.AbstractEventLoop) -> None:
    await asyncio.Event().wait()


def open_bench(
    path: Path, wire: Callable[[Bench], None], transport: Literal["socket", "http"] = "socket", **options: Any
) -> Bench:
    """A running workspace at `path` with an app wired by `wire`, connected."""
    listening = bind("127.0.0.1", 0) if transport == "http" else None
    events_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events" if listening else None
    workspace = LocalWorkspace(
        path,
        PEOPLE,
        transport=transport,
        events_url=events_url,
        retry_delays=(0.0, 0.05, 0.1),
        shortcuts=(LocalShortcut("Log this", "log_this"), LocalShortcut("Log a call", "log_call", on_message=False)),
        **({"ack_seconds": 10.0} | options),
    )
    workspace.start()
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    app = App(
        client=client,
        signing_secret=workspace.signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
    bench = Bench(workspace, app, client, transport)
    wire(bench)
    if listening is not None:

        async def endpoint(request: Request) -> Response:
            # Bolt's own adapter runs the listeners on the loop; a thread keeps deliveries concurrent.
            body = await request.body()
            return await run_in_threadpool(_dispatch, app, request, body)

        bench.server = Server([Route("/slack/events", endpoint, methods=["POST"])], listening, _idle)
        bench.server.start()
    bench.connect()
    return bench


def _dispatch(app: App, request: Request, body: bytes) -> Response:
    return to_starlette_response(app.dispatch(to_bolt_request(request, body)))


def echo(bench: Bench) -> None:
    """The app of most tests: repeats what it hears, in a thread."""

    @bench.app.event("message")
    def on_message(body: dict[str, Any], event: dict[str, Any], client: WebClient) -> None:
        bench.note(body)
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
            return
        client.chat_postMessage(
            channel=event["channel"], thread_ts=event.get("thread_ts") or event["ts"], text=f"You said: {event['text']}"
        )

    @bench.app.event("app_home_opened")
    def on_home(body: dict[str, Any]) -> None:
        bench.note(body)
