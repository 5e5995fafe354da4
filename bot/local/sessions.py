"""What lives only as long as the process: statuses, prompts, titles, triggers and response addresses."""

import secrets
import threading
import time
from dataclasses import dataclass, field

from bot.local.database import Json
from bot.local.errors import SlackRefusal

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60.0
STATUS_SECONDS = 120.0


@dataclass
class Trigger:
    """A one-time permission to open a modal for `user` until `expires` (monotonic seconds)."""

    user: str
    expires: float
    used: bool = False


@dataclass
class ResponseAddress:
    """Where `response_url` posts, and how often it may still be used."""

    channel: str
    user: str
    message_ts: str | None
    thread_ts: str | None
    ephemeral: bool
    expires: float
    uses: int = RESPONSE_URL_USES


@dataclass(frozen=True)
class Status:
    """The line "… is thinking" of one thread."""

    text: str
    loading_messages: tuple[str, ...]
    until: float


@dataclass
class Sessions:
    """Thread-safe; all times are monotonic seconds."""

    trigger_seconds: float = 3.0
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _addresses: dict[str, ResponseAddress] = field(default_factory=dict)
    _statuses: dict[tuple[str, str], Status] = field(default_factory=dict)
    _agents: dict[tuple[str, str], str] = field(default_factory=dict)
    _prompts: dict[tuple[str, str], Json] = field(default_factory=dict)
    _titles: dict[tuple[str, str], str] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def new_trigger(self, user: str, *, expired: bool = False) -> str:
        """A fresh trigger_id; an `expired` one is refused at once."""
        identifier = f"{time.time_ns() // 1000}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        lifetime = -1.0 if expired else self.trigger_seconds
        with self._lock:
            self._triggers[identifier] = Trigger(user, time.monotonic() + lifetime)
        return identifier

    def take_trigger(self, identifier: str) -> str:
        """The user who may see the modal; refuses unknown, expired and used triggers as Slack does."""
        with self._lock:
            trigger = self._triggers.get(identifier)
            if trigger is None:
                raise SlackRefusal("invalid_trigger_id")
            if trigger.used:
                raise SlackRefusal("exchanged_trigger_id")
            if time.monotonic() > trigger.expires:
                raise SlackRefusal("expired_trigger_id")
            trigger.used = True
            return trigger.user

    def new_address(
        self,
        channel: str,
        user: str,
        *,
        message_ts: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """The secret part of a fresh response_url."""
        token = secrets.token_urlsafe(18)
        with self._lock:
            self._addresses[token] = ResponseAddress(
                channel, user, message_ts, thread_ts, ephemeral, time.monotonic() + RESPONSE_URL_SECONDS
            )
        return token

    def use_address(self, token: str) -> ResponseAddress:
        """Spend one of the five uses; `expired_url` or `used_url` when none is left."""
        with self._lock:
            address = self._addresses.get(token)
            if address is None or time.monotonic() > address.expires:
                raise SlackRefusal("expired_url")
            if address.uses <= 0:
                raise SlackRefusal("used_url")
            address.uses -= 1
            return address

    def set_status(self, channel: str, thread_ts: str, text: str, loading: tuple[str, ...] = ()) -> None:
        """Show a status, or clear it with an empty text."""
        with self._lock:
            if text:
                self._statuses[channel, thread_ts] = Status(text, loading, time.monotonic() + STATUS_SECONDS)
            else:
                self._statuses.pop((channel, thread_ts), None)

    def set_agent(self, channel: str, thread_ts: str, status: str) -> None:
        """The lifecycle status of an agent session: active, processing, suspended or closed."""
        with self._lock:
            self._agents[channel, thread_ts] = status

    def statuses(self, channel: str) -> dict[str, Json]:
        """Thread -> what the page shows for it."""
        now = time.monotonic()
        with self._lock:
            shown: dict[str, Json] = {
                thread: {"text": s.text, "loading_messages": list(s.loading_messages)}
                for (where, thread), s in self._statuses.items()
                if where == channel and s.until > now
            }
            for (where, thread), status in self._agents.items():
                if where == channel and status == "processing":
                    shown.setdefault(thread, {"text": "is working…", "loading_messages": []})["stoppable"] = True
            return shown

    def set_prompts(self, channel: str, thread_ts: str, title: str, prompts: list[Json]) -> None:
        """Suggested prompts of a DM (empty thread) or of one thread."""
        with self._lock:
            self._prompts[channel, thread_ts] = {"title": title, "prompts": prompts}

    def prompts(self, channel: str) -> dict[str, Json]:
        """Thread (empty for the DM itself) -> title and prompts."""
        with self._lock:
            return {thread: p for (where, thread), p in self._prompts.items() if where == channel}

    def set_title(self, channel: str, thread_ts: str, title: str) -> None:
        """Name a session."""
        with self._lock:
            self._titles[channel, thread_ts] = title

    def titles(self, channel: str) -> dict[str, str]:
        """Thread -> its title."""
        with self._lock:
            return {thread: title for (where, thread), title in self._titles.items() if where == channel}
