"""The worker: what it takes, what it leaves when it stops, and what becomes of jobs that go wrong."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import Unavailable
from bot.jobs import LATER, Worker
from crm_store import jobs
from crm_store.access import Scope
from crm_store.jobs import LEASE, Claim
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")
PATIENCE_S = 30.0


def _now() -> datetime:
    return datetime.now(UTC)


def _enqueue(store: Store, kind: str, *keys: str, at: datetime = make.NOW) -> None:
    with store.write(SYSTEM) as session:
        for key in keys:
            jobs.enqueue(session, kind, key, {}, now=at)


def _states(store: Store) -> dict[str, str]:
    with store.read(SYSTEM) as session:
        return {job.key: job.status for job in jobs.waiting(session)}


def test_a_worker_that_is_told_to_stop_finishes_what_runs_and_takes_nothing_new(store: Store) -> None:
    _enqueue(store, "work", "first", "second", "third")
    started, go_on, ran = threading.Event(), threading.Event(), []

    def work(held: Claim) -> None:
        ran.append(held.key)
        started.set()
        go_on.wait(PATIENCE_S)

    worker = Worker(store, {"work": work}, _now, threads=1)
    worker.start()
    assert started.wait(PATIENCE_S)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    while not worker.stopping:
        stopping.join(0.01)
    go_on.set()
    stopping.join(PATIENCE_S)
    worker.stop()
    assert ran == ["first"]
    assert _states(store) == {"second": "ready", "third": "ready"}


def test_a_person_is_answered_before_a_large_import_is_indexed(store: Store) -> None:
    _enqueue(store, "index", *(f"row {number}" for number in range(20)))
    _enqueue(store, "question", "asked", at=make.NOW + timedelta(minutes=1))
    order: list[str] = []
    handlers: dict[str, Callable[[Claim], None]] = dict.fromkeys(
        ("index", "question"), lambda held: order.append(held.kind)
    )
    assert "index" in LATER
    assert Worker(store, handlers, _now).drain() == 21
    assert order[0] == "question"


def test_a_job_that_takes_its_worker_down_every_time_is_given_up(store: Store) -> None:
    _enqueue(store, "work", "poison", "sound")
    at, taken = make.NOW, []
    for _ in range(12):
        while (held := jobs.claim(store, "dies", at)) is not None:
            taken.append(held.key)
            if held.key == "sound":
                with store.write(SYSTEM) as session:
                    jobs.finish(session, held, at)
        at += LEASE * 2
    assert taken.count("poison") == 8
    assert taken.count("sound") == 1
    assert _states(store) == {"poison": "dead"}


def test_a_job_that_fails_is_tried_again_and_the_others_go_on(store: Store) -> None:
    _enqueue(store, "work", "bad", "good")
    ran = []

    def work(held: Claim) -> None:
        ran.append(held.key)
        if held.key == "bad":
            raise ValueError("broken")

    worker = Worker(store, {"work": work}, lambda: make.NOW)
    assert worker.drain() == 2
    assert sorted(ran) == ["bad", "good"]
    assert _states(store) == {"bad": "ready"}


def test_what_is_kept_of_a_failure_says_its_kind_and_place_and_no_words_of_a_customer(store: Store) -> None:
    _enqueue(store, "work", "wrong", "down")

    def work(held: Claim) -> None:
        if held.key == "down":
            raise Unavailable("The Chroma server does not answer.")
        raise ValueError("Nora Vale wants a discount of 12 %")

    assert Worker(store, {"work": work}, lambda: make.NOW).drain() == 2
    with store.read(SYSTEM) as session:
        kept = {job.key: job.error or "" for job in jobs.waiting(session)}
    assert kept["wrong"].startswith("ValueError at test_worker.py:")
    assert "Nora" not in kept["wrong"]
    assert kept["down"] == "Unavailable: The Chroma server does not answer."


def test_jobs_are_taken_while_others_write_without_a_locked_database(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'rapport.db'}")
    store.migrate()
    _enqueue(store, "work", *(f"job {number}" for number in range(24)))

    def write(number: int) -> None:
        with store.write(SYSTEM) as session:
            make.person(session, f"Person {number}")

    def work(name: int) -> int:
        return Worker(store, {"work": lambda held: None}, _now).drain()

    with ThreadPoolExecutor(12) as pool:
        written = [pool.submit(write, number) for number in range(48)]
        done = sum(pool.map(work, range(6)))
        for each in written:
            each.result()
    assert (done, _states(store)) == (24, {})
    store.close()
