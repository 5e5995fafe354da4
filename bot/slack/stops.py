"""Who pressed Stop: kept while this process lives, because a stopped answer is not worth more than that."""

import threading
from collections import OrderedDict
from datetime import datetime

REMEMBERED = 500


class Stops:
    """When each thread was last stopped. Safe to share between threads."""

    def __init__(self) -> None:
        self._at: OrderedDict[tuple[str, str | None], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def stop(self, channel: str, thread_ts: str | None, at: datetime) -> None:
        with self._lock:
            self._at[channel, thread_ts] = at
            self._at.move_to_end((channel, thread_ts))
            while len(self._at) > REMEMBERED:
                self._at.popitem(last=False)

    def stopped(self, channel: str, thread_ts: str | None, *, since: datetime) -> bool:
        """Whether somebody pressed Stop there after ``since``."""
        with self._lock:
            at = self._at.get((channel, thread_ts))
        return at is not None and at >= since
