"""The worker loop: job kind -> handler.

Handlers are idempotent: a job may run again after a crash, and then finds what an earlier run left. A job that fails is
tried again with growing pauses; one that failed for good stays visible in ``rapport doctor``.
"""

import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import psutil

from bot.errors import KNOWN, Misconfigured, Unavailable
from crm_store import jobs
from crm_store.access import Scope
from crm_store.errors import StoreUnavailable
from crm_store.jobs import Claim, LostLease
from crm_store.store import Store
from knowledge.errors import KnowledgeError

Handler = Callable[[Claim], None]
IDLE_S = 0.5
LATER = (
    "index", "index_all", "index_merged", "index_row", "index_fill", "index_rebuild", "after_erasure", "retention",
)  # fmt: skip
"""Kinds that wait while a person does: a large import must not keep anybody from an answer."""
_OF_THE_MACHINERY = (Unavailable, Misconfigured, StoreUnavailable, KnowledgeError)
_log = logging.getLogger(__name__)


def _gone(worker: str) -> bool:
    """Whether a worker's name is that of a process of this machine that runs no more."""
    host, _, pid = worker.rpartition(":")
    return host == socket.gethostname() and pid.isdigit() and not psutil.pid_exists(int(pid))


def _told(error: Exception) -> str:
    """What of an error is kept in the record: its kind and where it was raised. Its words may be a customer's, except where it is
    the machinery that failed."""
    if isinstance(error, _OF_THE_MACHINERY):
        return f"{type(error).__name__}: {error}"
    raised = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(raised.filename).name}:{raised.lineno}; the log of that time says more."


class Worker:
    """Runs jobs on a bounded pool of threads until it is stopped; ``wake`` makes it look at once."""

    def __init__(
        self, store: Store, handlers: Mapping[str, Handler], clock: Callable[[], datetime], threads: int = 4
    ) -> None:
        self._store, self._handlers, self._clock = store, dict(handlers), clock
        self._threads = threads
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._free = threading.Semaphore(threads)
        self._pool: ThreadPoolExecutor | None = None
        self._loop: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with the jobs first that a worker of this machine held when it was killed."""
        jobs.release(self._store, _gone, self._clock())
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="job")
        self._loop = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._loop.start()

    def wake(self) -> None:
        self._woken.set()

    @property
    def stopping(self) -> bool:
        """Whether a long job should come to an end where it can go on later."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Finish what is running and take nothing new. Safe to call again."""
        self._stopping.set()
        self._woken.set()
        if self._loop is not None:
            self._loop.join()
        if self._pool is not None:
            self._pool.shutdown(wait=True)

    def drain(self) -> int:
        """Run everything that is due in this thread; returns how many jobs ran. For commands and tests."""
        count = 0
        while (held := self._claim()) is not None:
            self._work(held)
            count += 1
        return count

    def _run(self) -> None:
        assert self._pool is not None
        while not self._stopping.is_set():
            self._free.acquire()
            if self._stopping.is_set():
                return
            try:
                held = self._claim()
            except Exception:
                _log.exception("The job table cannot be read; trying again shortly")
                held = None
            if held is None:
                self._free.release()
                self._woken.wait(IDLE_S)
                self._woken.clear()
            else:
                self._pool.submit(self._work, held).add_done_callback(lambda _: self._release())

    def _release(self) -> None:
        self._free.release()
        self._woken.set()

    def _claim(self) -> Claim | None:
        return jobs.claim(self._store, self._name, self._clock(), tuple(self._handlers), LATER)

    def _work(self, held: Claim) -> None:
        """Run one job with a heartbeat; whatever happens is written down."""
        done = threading.Event()
        heartbeat = threading.Thread(target=self._keep, args=(held, done), daemon=True)
        heartbeat.start()
        try:
            self._handlers[held.kind](held)
            with self._store.write(Scope.system("jobs")) as session:
                jobs.finish(session, held, self._clock())
        except LostLease:
            _log.warning("Job %s was taken over by another worker", held.key)
        except Exception as error:
            self._give_back(held, error)
        finally:
            done.set()

    def _give_back(self, held: Claim, error: Exception) -> None:
        try:
            dead = jobs.fail(self._store, held, _told(error), self._clock())
        except Exception:  # its lease runs out, and then it is tried again
            _log.exception("Job %s failed and that could not be written down", held.key)
            dead = False
        log = _log.error if dead else _log.warning
        log(
            "Job %s failed on attempt %d%s", held.key, held.attempt, " for good" if dead else "",
            exc_info=None if isinstance(error, KNOWN) else error,
        )  # fmt: skip

    def _keep(self, held: Claim, done: threading.Event) -> None:
        while not done.wait(jobs.LEASE.total_seconds() / 3):
            try:
                jobs.renew(self._store, held, self._clock())
            except LostLease:
                return
            except Exception:
                _log.exception("The lease of job %s could not be renewed", held.key)
