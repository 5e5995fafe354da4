"""Faults on demand: what Slack and the network do on a bad day."""

import threading
from dataclasses import dataclass
from typing import Literal

from bot.local.errors import WorkspaceError

CallKind = Literal["rate_limited", "server_error", "lost_reply", "error"]
ANY_METHOD = "*"


@dataclass
class CallFault:
    """The next `times` calls of `method` fail in this way."""

    kind: CallKind
    method: str
    times: int
    retry_after: int = 1
    status: int = 500
    code: str = "internal_error"


class Faults:
    """Set from a test or over HTTP (`POST /local/faults`); each is spent as it happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[CallFault] = []
        self._duplicates = 0
        self._duplicates_at_once = True
        self._disconnects = 0
        self._expired_triggers = 0
        self._stopped_streams = 0
        self._lost_acks = 0

    def rate_limit(self, method: str, times: int = 1, retry_after: int = 1) -> None:
        """The next calls are answered 429 with `Retry-After` seconds; nothing is done."""
        self._add(CallFault("rate_limited", method, times, retry_after=retry_after))

    def server_error(self, method: str, times: int = 1, status: int = 500) -> None:
        """The next calls are answered with a 5xx; nothing is done."""
        self._add(CallFault("server_error", method, times, status=status))

    def lose_reply(self, method: str, times: int = 1) -> None:
        """The next calls are carried out, then the connection drops before any answer."""
        self._add(CallFault("lost_reply", method, times))

    def refuse(self, method: str, code: str, times: int = 1) -> None:
        """The next calls are answered `{"ok": false, "error": code}`; nothing is done."""
        self._add(CallFault("error", method, times, code=code))

    def duplicate_next_event(self, times: int = 1, *, at_once: bool = True) -> None:
        """The next event is delivered `times` times more, all at once or one after the other."""
        with self._lock:
            self._duplicates, self._duplicates_at_once = times, at_once

    def lose_acks(self, times: int = 1) -> None:
        """The next acknowledgements of events are not heard, so Slack's retries follow."""
        with self._lock:
            self._lost_acks = times

    def disconnect(self, times: int = 1) -> None:
        """Every open socket is told to reconnect and then closed."""
        with self._lock:
            self._disconnects = times

    def expire_trigger(self, times: int = 1) -> None:
        """The next trigger_ids are born expired."""
        with self._lock:
            self._expired_triggers = times

    def stop_stream(self, times: int = 1) -> None:
        """The next stream stops as if the person pressed Stop, at its next append."""
        with self._lock:
            self._stopped_streams = times

    def clear(self) -> None:
        """Forget every fault that has not happened yet."""
        with self._lock:
            self._calls.clear()
            self._duplicates = self._disconnects = self._expired_triggers = 0
            self._stopped_streams = self._lost_acks = 0

    def set(
        self,
        kind: str,
        *,
        method: str = ANY_METHOD,
        times: int = 1,
        retry_after: int = 1,
        status: int = 500,
        code: str = "internal_error",
        at_once: bool = True,
    ) -> None:
        """One fault by its name, as the HTTP door and the driver set it."""
        match kind:
            case "rate_limited":
                self.rate_limit(method, times, retry_after)
            case "server_error":
                self.server_error(method, times, status)
            case "lost_reply":
                self.lose_reply(method, times)
            case "error":
                self.refuse(method, code, times)
            case "duplicate_event":
                self.duplicate_next_event(times, at_once=at_once)
            case "lost_ack":
                self.lose_acks(times)
            case "disconnect":
                self.disconnect(times)
            case "expired_trigger":
                self.expire_trigger(times)
            case "stopped_stream":
                self.stop_stream(times)
            case "clear":
                self.clear()
            case _:
                raise WorkspaceError(f"There is no fault called {kind!r}; see bot/local/faults.py for their names.")

    def _add(self, fault: CallFault) -> None:
        with self._lock:
            self._calls.append(fault)

    def take_call(self, method: str) -> CallFault | None:
        """The fault this call must suffer, spent."""
        with self._lock:
            for fault in self._calls:
                if fault.method in (method, ANY_METHOD) and fault.times > 0:
                    fault.times -= 1
                    if not fault.times:
                        self._calls.remove(fault)
                    return fault
            return None

    def take_duplicates(self) -> tuple[int, bool]:
        """How many extra deliveries the event gets, and whether all at once."""
        with self._lock:
            times, self._duplicates = self._duplicates, 0
            return times, self._duplicates_at_once

    def take(self, name: Literal["disconnects", "expired_triggers", "stopped_streams", "lost_acks"]) -> bool:
        """Whether such a fault is due now; spent when it is."""
        attribute = f"_{name}"
        with self._lock:
            left: int = getattr(self, attribute)
            if left > 0:
                setattr(self, attribute, left - 1)
            return left > 0
