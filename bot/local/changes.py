"""A counter that grows with every visible change, so that a page or a test can wait instead of polling."""

import asyncio
import contextlib
import threading


class Changes:
    """Thread-safe; waiters live on the server's event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: set[asyncio.Event] = set()
        self.closed = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Waiters will wait on this loop."""
        self._loop = loop

    @property
    def version(self) -> int:
        """The number of the newest change."""
        return self._version

    def bump(self) -> int:
        """Note one change and wake everyone who waits."""
        with self._lock:
            self._version += 1
        if self._loop is not None and not self._loop.is_closed():
            # The loop may close between the check and the call: then nobody is left to wake.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake)
        return self._version

    def close(self) -> None:
        """Let everyone who waits go, now and from now on: the server stops."""
        self.closed = True
        self.bump()

    def _wake(self) -> None:
        for waiter in self._waiters:
            waiter.set()

    async def wait(self, since: int, timeout: float) -> int:
        """The version once it differs from `since`, or after `timeout` seconds whatever it is."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            if self._version == since and not self.closed:
                async with asyncio.timeout(timeout):
                    await waiter.wait()
        except TimeoutError:
            pass
        finally:
            self._waiters.discard(waiter)
        return self._version
