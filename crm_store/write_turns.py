"""Whose turn it is to write to a SQLite file: one writer after the other, in the order in which they came.

SQLite lets one transaction write at a time, and those that wait poll: whoever commits and writes again takes the lock once more
while the others sleep, for minutes on a busy machine. Here they queue before ``BEGIN IMMEDIATE``: the threads of a process in a
line of their own, and the first of each line at two empty files beside the database. The lock on the one is the turn, held
until the transaction is over; the lock on the other belongs to whoever is next. One who just wrote has to get behind the next
one, whom the system wakes at once. The system also frees both when their holder is killed.

What keeps the data right is SQLite's own lock. Where the files cannot be locked, as on some network file systems, its waiting is
all there is.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_store.errors import NestedWrite, StoreUnavailable

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait(descriptor: int) -> None:
        while not _try(descriptor):  # its own waiting tries once a second
            time.sleep(0.01)
else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


class Turn:
    """The turn of one transaction, taken when it begins."""

    def __init__(self, turns: "WriteTurns") -> None:
        self._turns, self._taken = turns, False

    def take(self) -> None:
        """:raises NestedWrite: when this thread has the turn already. :raises StoreUnavailable: when it never comes."""
        if not self._taken:
            self._turns.take()
            self._taken = True

    def give_back(self) -> None:
        """Let the next one write; without effect where the turn was never taken."""
        if self._taken:
            self._taken = False
            self._turns.give_back()


class WriteTurns:
    """The turns at one database file, for all threads of this process and all processes. ``database`` is None where it is
    in memory, which no other process can see; ``patience_s`` is how long a turn is waited for, in seconds."""

    def __init__(self, database: Path | None, patience_s: float) -> None:
        self._patience_s = patience_s
        self._next = None if database is None else database.with_name(f"{database.name}-next")
        self._turn = None if database is None else database.with_name(f"{database.name}-turn")
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: int | None = None  # the thread; 0 while it is handed over
        self._held: int | None = None  # the descriptor whose lock is the turn

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A turn that is given back at the end, if it was taken."""
        turn = Turn(self)
        try:
            yield turn
        finally:
            turn.give_back()

    @property
    def waiting(self) -> int:
        """How many threads of this process wait for those before them."""
        return len(self._waiting)

    def take(self) -> None:
        deadline = time.monotonic() + self._patience_s
        self._take_among_threads(deadline)
        try:
            self._held = self._take_among_processes(deadline)
        except BaseException:
            self._hand_over()
            raise

    def give_back(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self._hand_over()

    def _take_among_threads(self, deadline: float) -> None:
        me = threading.get_ident()
        with self._lock:
            if self._holder == me:
                raise NestedWrite(
                    "This thread is writing already; a second write would wait for the first for ever. Pass its session on instead."
                )
            if self._holder is None:
                self._holder = me
                return
            called = threading.Event()
            self._waiting.append(called)
        if not called.wait(max(0.0, deadline - time.monotonic())):
            with self._lock:
                if not called.is_set():
                    self._waiting.remove(called)
                    raise _never_came(self._patience_s)
        self._holder = me

    def _hand_over(self) -> None:
        with self._lock:
            self._holder = 0 if self._waiting else None
            if self._waiting:
                self._waiting.popleft().set()

    def _take_among_processes(self, deadline: float) -> int | None:
        if self._next is None or self._turn is None:
            return None
        opened: list[int] = []
        try:
            opened += [os.open(each, os.O_RDWR | os.O_CREAT, 0o666) for each in (self._next, self._turn)]
            if not (_try(opened[0]) and _try(opened[1])):
                queueing = _Queueing(*opened)
                opened = []  # theirs now
                return queueing.wait(deadline, self._patience_s)
        except OSError:
            for descriptor in opened:
                os.close(descriptor)
            return None
        os.close(opened[0])
        return opened[1]


class _Queueing(threading.Thread):
    """Waits in the line of the processes: a lock on a file can be waited for only without an end, and a turn must not be."""

    def __init__(self, next_: int, turn: int) -> None:
        super().__init__(name="write-turn", daemon=True)
        self._next, self._turn = next_, turn
        self._lock, self._done = threading.Lock(), threading.Event()
        self._gave_up = False
        self._came = False
        self.start()

    def run(self) -> None:
        with suppress(OSError):  # where files cannot be locked
            _wait(self._next)
            _wait(self._turn)
            self._came = True
        os.close(self._next)
        with self._lock:
            if self._gave_up or not self._came:
                os.close(self._turn)
            self._done.set()

    def wait(self, deadline: float, patience_s: float) -> int | None:
        """The descriptor that holds the turn; None where there are no such locks."""
        if not self._done.wait(max(0.0, deadline - time.monotonic())):
            with self._lock:
                if not self._done.is_set():
                    self._gave_up = True
                    raise _never_came(patience_s)
        return self._turn if self._came else None


def _never_came(patience_s: float) -> StoreUnavailable:
    return StoreUnavailable(
        f"Others have been writing to the database for {patience_s:.0f} seconds without a pause, so nothing was written here. "
        "Try again; if it stays so, look for a process that hangs in the middle of a write."
    )
