"""Everything one workspace holds, handed to the modules that act on it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.local.changes import Changes
from bot.local.database import Database, Json
from bot.local.directory import Directory
from bot.local.faults import Faults
from bot.local.files import Files
from bot.local.identity import Identity, random_id
from bot.local.messages import Messages
from bot.local.outbox import Outbox
from bot.local.sessions import Sessions
from bot.local.socket_mode import Sockets
from bot.local.views import Views

DEFAULT_EVENTS = frozenset(
    {
        "message.im",
        "message.channels",
        "message.groups",
        "app_mention",
        "app_home_opened",
        "agent_session_stopped",
        "app_context_changed",
    }
)


@dataclass(frozen=True)
class Settings:
    """How strict and how patient the workspace is. `events` are the app's subscriptions; `scopes` None means all.

    `prompts` are the manifest's suggestions, shown until the app sets others.
    """

    events: frozenset[str] = DEFAULT_EVENTS
    scopes: frozenset[str] | None = None
    unfurl_domains: frozenset[str] = frozenset()
    stream_seconds: float = 300.0
    rate_limits: bool = False
    prompts: tuple[Json, ...] = ()


@dataclass
class State:
    """The stores, the faults and the way events leave. `base_url` ends in a slash once the server runs."""

    identity: Identity
    settings: Settings
    database: Database
    directory: Directory
    messages: Messages
    files: Files
    views: Views
    sessions: Sessions
    outbox: Outbox
    sockets: Sockets
    faults: Faults
    changes: Changes = field(default_factory=Changes)
    base_url: str = ""
    notify: Callable[[], None] = lambda: None

    def emit(self, subscription: str, event: Json, *, external: bool = False) -> None:
        """Queue an event for the app when it subscribed to it, doubled when a fault says so."""
        if subscription not in self.settings.events:
            return
        me = self.identity
        payload = {
            "token": me.verification_token,
            "team_id": me.team_id,
            "context_team_id": me.team_id,
            "context_enterprise_id": None,
            "api_app_id": me.app_id,
            "type": "event_callback",
            "event": event,
            "event_id": random_id("Ev"),
            "event_time": int(float(event.get("event_ts", "0"))),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": me.team_id,
                    "user_id": me.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": external,
            "event_context": random_id("EC"),
        }
        extra, at_once = self.faults.take_duplicates()
        with self.database.transaction():
            self.outbox.add(payload)
            for number in range(extra):
                self.outbox.add(payload, 0.0 if at_once else 0.5 * (number + 1))
        self.notify()

    def changed(self) -> None:
        """Something a person can see changed."""
        self.changes.bump()
