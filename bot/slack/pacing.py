"""Slack's rate limits: at most one post a second in a channel, and patience where Slack asks for it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SECONDS_BETWEEN_POSTS = 1.0
BURST = 3
REMEMBERED_CHANNELS = 1_000


@dataclass
class Pace:
    """A token bucket per channel: ``burst`` posts at once, then one every ``interval`` seconds.

    ``now`` gives monotonic seconds; ``sleep`` waits that many.
    """

    interval: float = SECONDS_BETWEEN_POSTS
    burst: int = BURST
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, channel: str) -> float:
        """Wait until the channel may have another post; the seconds waited."""
        with self._lock:
            moment = self.now()
            due = max(self._next.get(channel, 0.0), moment - self.interval * (self.burst - 1))
            self._next[channel] = due + self.interval
            if len(self._next) > REMEMBERED_CHANNELS:
                self._next = {name: at for name, at in self._next.items() if at > moment - self.interval * self.burst}
        pause = max(0.0, due - moment)
        if pause:
            self.sleep(pause)
        return pause

    def pause(self, seconds: float) -> None:
        """Wait as long as Slack's Retry-After says."""
        self.sleep(seconds)
