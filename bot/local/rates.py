"""Slack's rate tiers, when the workspace is asked to keep them."""

import threading
import time
from collections import defaultdict, deque

MINUTE = 60.0
PER_MINUTE: dict[str, int] = {
    "chat.startStream": 20,
    "chat.stopStream": 20,
    "chat.appendStream": 100,
    "chat.update": 50,
    "conversations.replies": 50,
    "conversations.history": 50,
    "users.info": 100,
    "users.list": 20,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
}
OTHER_PER_MINUTE = 50
POST_BURST = 5  # about one a second and channel, with short bursts forgiven


class RateLimiter:
    """Counts calls in a sliding minute; `chat.postMessage` counts per channel and second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def wait_seconds(self, method: str, channel: str) -> int:
        """0 when the call may pass (and is counted), else the seconds of `Retry-After`."""
        if method == "chat.postMessage":
            key, window, most = f"{method} {channel}", float(POST_BURST), POST_BURST
        else:
            key, window, most = method, MINUTE, PER_MINUTE.get(method, OTHER_PER_MINUTE)
        now = time.monotonic()
        with self._lock:
            calls = self._calls[key]
            while calls and calls[0] <= now - window:
                calls.popleft()
            if len(calls) < most:
                calls.append(now)
                return 0
            return max(1, round(calls[0] + window - now))
