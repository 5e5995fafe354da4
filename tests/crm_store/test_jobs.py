"""Jobs: taken once, finished only by whoever holds them, tried again when their worker dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from crm_store import jobs
from crm_store.access import Scope
from crm_store.jobs import LEASE, LostLease
from crm_store.store import Store
from tests.builders import NOW

SYSTEM = Scope.system("test")


def _enqueue(store: Store, *keys: str) -> None:
    with store.write(SYSTEM) as session:
        for key in keys:
            jobs.enqueue(session, "kind", key, {"key": key}, now=NOW)


def test_an_event_that_arrives_twice_is_received_once(store: Store) -> None:
    def arrive(_: int) -> bool:
        with store.write(SYSTEM) as session:
            return jobs.receive(session, "slack", "Ev1", NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(arrive, range(4))) == [False, False, False, True]


def test_a_key_is_enqueued_once(store: Store) -> None:
    with store.write(SYSTEM) as session:
        assert jobs.enqueue(session, "kind", "a", {}, now=NOW)
        assert not jobs.enqueue(session, "kind", "a", {}, now=NOW)


def test_many_workers_take_every_job_exactly_once(store: Store) -> None:
    _enqueue(store, *(f"job {number}" for number in range(12)))

    def work(name: int) -> list[str]:
        taken = []
        while (held := jobs.claim(store, f"worker {name}", NOW)) is not None:
            taken.append(held.key)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for keys in pool.map(work, range(4)) for key in keys]
    assert sorted(taken) == sorted(f"job {number}" for number in range(12))


def test_a_job_of_a_dead_worker_is_taken_over_and_the_dead_one_writes_nothing(store: Store) -> None:
    _enqueue(store, "a")
    first = jobs.claim(store, "dies", NOW)
    assert first is not None
    assert jobs.claim(store, "other", NOW + LEASE / 2) is None
    second = jobs.claim(store, "other", NOW + LEASE + timedelta(seconds=1))
    assert second is not None
    assert (second.id, second.attempt) == (first.id, 2)
    with pytest.raises(LostLease), store.write(SYSTEM) as session:
        jobs.finish(session, first, NOW)
    with store.write(SYSTEM) as session:
        jobs.finish(session, second, NOW)
    with store.read(SYSTEM) as session:
        assert jobs.waiting(session) == []


def test_jobs_of_workers_that_are_gone_come_back_at_once(store: Store) -> None:
    _enqueue(store, "a", "b")
    lost, kept = jobs.claim(store, "killed", NOW), jobs.claim(store, "alive", NOW)
    assert lost is not None
    assert kept is not None
    assert jobs.release(store, lambda worker: worker == "killed", NOW) == 1
    again = jobs.claim(store, "next", NOW)
    assert again is not None
    assert again.id == lost.id
    assert jobs.claim(store, "next", NOW) is None


def test_a_renewed_job_stays_with_its_worker(store: Store) -> None:
    _enqueue(store, "a")
    held = jobs.claim(store, "slow", NOW)
    assert held is not None
    jobs.renew(store, held, NOW + LEASE - timedelta(seconds=1))
    assert jobs.claim(store, "other", NOW + LEASE + timedelta(seconds=1)) is None


def test_progress_is_there_for_the_next_attempt(store: Store) -> None:
    _enqueue(store, "a")
    held = jobs.claim(store, "first", NOW)
    assert held is not None
    with store.write(SYSTEM) as session:
        jobs.progress(session, held, {"done": 3})
    assert not jobs.fail(store, held, "broke", NOW)
    assert jobs.claim(store, "next", NOW) is None, "a failed job waits before it is tried again"
    again = jobs.claim(store, "next", NOW + timedelta(minutes=1))
    assert again is not None
    assert again.progress == {"done": 3}


def test_a_job_that_keeps_failing_is_given_up_and_stays_visible(store: Store) -> None:
    _enqueue(store, "a")
    at, dead = NOW, False
    while not dead:
        held = jobs.claim(store, "worker", at)
        assert held is not None
        dead = jobs.fail(store, held, "broke", at)
        at += timedelta(hours=1)
    with store.read(SYSTEM) as session:
        assert [(job.status, job.error, job.attempts) for job in jobs.waiting(session)] == [("dead", "broke", 8)]


def test_work_that_is_enqueued_in_a_failed_transaction_does_not_exist(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write(SYSTEM) as session:
            jobs.enqueue(session, "kind", "a", {}, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert jobs.claim(store, "worker", NOW) is None


def test_what_somebody_waits_for_is_found_in_an_index_however_much_waits_before_it(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for number in range(300):
            jobs.enqueue(session, "index", f"row {number}", {}, now=NOW)
        jobs.enqueue(session, "question", "asked", {}, now=NOW + timedelta(minutes=1))
    said: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        said.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        held = jobs.claim(sqlite_store, "worker", NOW + timedelta(hours=1), ("index", "question"), ("index",))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert held is not None
    assert held.key == "asked"
    with sqlite_store.read(SYSTEM) as session:
        for statement, values in (one for one in said if one[0].startswith("SELECT")):
            plan = [row.detail for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            steps = [step for step in plan if step.startswith(("SEARCH job", "SCAN job", "USE TEMP"))]
            assert steps
            assert all(step.startswith("SEARCH job") and ("kind=?" in step or "(id=?)" in step) for step in steps), plan


def test_jobs_of_a_kind_are_taken_oldest_first(store: Store) -> None:
    with store.write(SYSTEM) as session:
        for number in (5, 1, 4, 2, 3):
            jobs.enqueue(session, "kind", f"{number}", {}, now=NOW, run_at=NOW + timedelta(minutes=number))
    late = NOW + timedelta(hours=1)
    assert [held.key for held in iter(lambda: jobs.claim(store, "worker", late, ("kind",)), None)] == list("12345")
