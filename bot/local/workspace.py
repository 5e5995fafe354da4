"""A Slack workspace on this machine: the unmodified bot on one side, people in a browser on the other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.routing import BaseRoute

from bot.local.api_chat import post_scheduled
from bot.local.database import Database, Json
from bot.local.delivery import Delivering, Transport
from bot.local.desk import Desk
from bot.local.directory import Directory
from bot.local.faults import Faults
from bot.local.files import Files
from bot.local.identity import load_identity
from bot.local.manifest import LocalShortcut, read_manifest
from bot.local.messages import Messages
from bot.local.outbox import Outbox, OutboxCounts
from bot.local.people import LocalChannel, LocalPerson, default_channels
from bot.local.routes_page import PageRoutes, SourceHtml
from bot.local.routes_slack import SlackRoutes
from bot.local.server import Server, bind
from bot.local.sessions import Sessions
from bot.local.socket_mode import Sockets
from bot.local.state import Settings, State
from bot.local.views import Views

SLACK_RETRY_DELAYS = (0.0, 60.0, 300.0)
SCHEDULE_SECONDS = 1.0


class LocalWorkspace:
    """Serves Slack's Web API, Socket Mode or signed HTTP events, and a page at `base_url`.

    `path` is a folder; the same folder brings back people, channels, messages and undelivered events. With
    `transport="http"` events go to `events_url`. `ack_seconds`, `retry_delays` and `trigger_seconds` are Slack's
    unless a test shortens them. A `manifest` (its JSON file or content) sets name, commands, shortcuts,
    subscriptions, scopes and prompts, so that what the manifest forgot fails here as it would on Slack.
    `source_html(email, path)` renders `/source/<path>` for a person. Use as a context manager.
    """

    def __init__(
        self,
        path: Path,
        people: Sequence[LocalPerson],
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        transport: Transport = "socket",
        events_url: str | None = None,
        bot_name: str = "Rapport",
        channels: Sequence[LocalChannel] | None = None,
        commands: Sequence[str] = ("/rapport",),
        shortcuts: Sequence[LocalShortcut] = (),
        settings: Settings | None = None,
        manifest: Path | Json | None = None,
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = SLACK_RETRY_DELAYS,
        trigger_seconds: float = 3.0,
        extra_routes: Sequence[BaseRoute] = (),
        source_html: SourceHtml | None = None,
    ) -> None:
        settings = settings or Settings()
        if manifest is not None:
            app = read_manifest(manifest)
            bot_name, commands, shortcuts = app.name, app.commands, app.shortcuts
            settings = replace(settings, events=app.events, scopes=app.scopes, prompts=app.prompts)
        self._listening = bind(host, port)
        database = Database(path / "workspace.sqlite3")
        identity = load_identity(database, bot_name)
        sockets, outbox, faults = Sockets(identity), Outbox(database, retry_delays), Faults()
        self.base_url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        self.state = State(
            identity=identity,
            settings=settings,
            database=database,
            directory=Directory(database, identity),
            messages=Messages(database),
            files=Files(database, identity),
            views=Views(database, identity),
            sessions=Sessions(trigger_seconds=trigger_seconds),
            outbox=outbox,
            sockets=sockets,
            faults=faults,
            base_url=self.base_url,
        )
        self.state.files.base_url = self.base_url
        self.state.directory.seed(people, default_channels(people) if channels is None else channels)
        self._delivering = Delivering(
            identity, outbox, sockets, faults, transport=transport, events_url=events_url, ack_seconds=ack_seconds
        )
        self.state.notify = self._delivering.notify
        desk = Desk(self.state, self._delivering, frozenset(commands), tuple(shortcuts))
        routes = [
            *extra_routes,
            *SlackRoutes(self.state, self._delivering).routes(),
            *PageRoutes(desk, source_html).routes(),
        ]
        self._server = Server(routes, self._listening, self._background)

    @property
    def api_url(self) -> str:
        """What the SDK takes as `base_url` (SLACK_API_URL)."""
        return f"{self.base_url}api/"

    @property
    def bot_token(self) -> str:
        """xoxb-…"""
        return self.state.identity.bot_token

    @property
    def app_token(self) -> str:
        """xapp-…, for Socket Mode."""
        return self.state.identity.app_token

    @property
    def signing_secret(self) -> str:
        """For signed HTTP."""
        return self.state.identity.signing_secret

    @property
    def bot_user_id(self) -> str:
        """The app's user id."""
        return self.state.identity.bot_user_id

    @property
    def faults(self) -> Faults:
        """What shall go wrong next; call `disconnect_sockets` rather than `faults.disconnect` to have it at once."""
        return self.state.faults

    def disconnect_sockets(self) -> None:
        """Tell every socket to reconnect, now."""
        self.state.faults.disconnect()
        self._delivering.notify()

    def deliveries(self) -> OutboxCounts:
        """How many events wait, are under way, were acknowledged, were given up."""
        return self.state.outbox.counts()

    async def _background(self, loop: asyncio.AbstractEventLoop) -> None:
        self.state.changes.attach(loop)
        await asyncio.gather(self._delivering.run(), self._schedule())

    async def _schedule(self) -> None:
        while True:
            await asyncio.to_thread(post_scheduled, self.state)
            await asyncio.sleep(SCHEDULE_SECONDS)

    def start(self) -> None:
        """Serve in the background; returns once requests are answered."""
        self._server.start()

    def stop(self) -> None:
        """Stop serving and close the database."""
        self.state.changes.close()
        self._server.stop()
        self.state.database.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
