"""Durable work in the same database as the record.

``enqueue`` joins the caller's transaction, so that a write and the work it causes are one. A worker claims a job with a
lease and a fence (``FOR UPDATE SKIP LOCKED`` on PostgreSQL, ``BEGIN IMMEDIATE`` on SQLite), renews the lease while it
works, and can finish only with the fence it was given: a worker that was presumed dead writes nothing.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Insert, bindparam, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.models import InboundEvent, Job
from crm_store.store import Store

LEASE = timedelta(seconds=60)
_MOST_OFFERED = 16
"""Jobs of a kind that a worker looks at, so that several which look at once find one each."""
_SYSTEM = Scope.system("jobs")


@dataclass(frozen=True)
class Claim:
    """A job in hand. ``attempt`` counts from one; ``progress`` is what earlier attempts committed."""

    id: str
    kind: str
    key: str
    payload: dict[str, Any]
    progress: dict[str, Any]
    attempt: int
    fence: int


class LostLease(Exception):
    """Another worker took the job over; this one must stop and write nothing more."""


def receive(session: Session, source: str, event_id: str, now: datetime) -> bool:
    """Write down that an event arrived; False when it had arrived before."""
    return _insert_once(session, InboundEvent, {"source": source, "event_id": event_id, "received_at": now})


def enqueue(
    session: Session, kind: str, key: str, payload: dict[str, Any], *, now: datetime, run_at: datetime | None = None
) -> bool:
    """Add a job in the caller's transaction; False when one of this key exists, whatever became of it."""
    return _insert_once(
        session,
        Job,
        {"kind": kind, "key": key, "payload": payload, "progress": {}, "status": "ready", "run_at": run_at or now, "attempts": 0,
         "max_attempts": 8, "fence": 0, "created_at": now},
    )  # fmt: skip


def _insert_once(session: Session, model: type[Job] | type[InboundEvent], values: dict[str, Any]) -> bool:
    """A person's transaction may leave a job and read none, so nothing is asked back and no key is named."""
    row = {f"its_{name}": value for name, value in values.items()} | {"its_id": new_id()}
    statement = _inserting(model, session.get_bind().dialect.name, tuple(values))
    result = session.execute(statement, row)
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # an insert that keeps its count has one


@functools.cache
def _inserting(model: type[Job] | type[InboundEvent], dialect: str, names: tuple[str, ...]) -> Insert:
    """Built once: every confirmed write leaves some jobs behind."""
    insert = postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)
    inserting = insert.values({name: bindparam(f"its_{name}") for name in ("id", *names)}).on_conflict_do_nothing()
    return inserting.execution_options(dml_strategy="raw", preserve_rowcount=True)


def keep(session: Session, kind: str, key: str, payload: dict[str, Any], *, now: datetime) -> None:
    """Put something aside under a key for a later answer; nothing runs it. What is there already stays."""
    _insert_once(
        session,
        Job,
        {"kind": kind, "key": key, "payload": payload, "progress": {}, "status": "done", "run_at": now, "attempts": 0,
         "max_attempts": 0, "fence": 0, "created_at": now, "finished_at": now},
    )  # fmt: skip


def payload_of(session: Session, key: str) -> dict[str, Any] | None:
    """What the job of this key was given, whatever became of it; None when there is none."""
    return session.scalars(select(Job.payload).where(Job.key == key)).one_or_none()


def claim(
    store: Store, worker: str, now: datetime, kinds: tuple[str, ...] | None = None, later: tuple[str, ...] = ()
) -> Claim | None:
    """Take the oldest job that is due, or whose worker let its lease run out; None when there is none. Jobs of the
    kinds ``later`` come after all others: nobody waits for them.

    A job that outlived its tries without ever failing took its worker down each time, and is given up.
    """
    while candidates := _due(store, kinds, later, now):
        with store.write(_SYSTEM) as session:
            job = next((job for id_ in candidates if (job := _still_due(session, id_, now)) is not None), None)
            if job is None:  # others were faster
                continue
            job.fence += 1
            if job.attempts < job.max_attempts:
                job.status, job.worker, job.lease_until, job.attempts = "running", worker, now + LEASE, job.attempts + 1
                return Claim(job.id, job.kind, job.key, job.payload, job.progress, job.attempts, job.fence)
            job.status, job.lease_until, job.finished_at = "dead", None, now
            job.error = job.error or "Its worker ended every time before it was done."
    return None


def _due(store: Store, kinds: tuple[str, ...] | None, later: tuple[str, ...], now: datetime) -> list[str]:
    """A few jobs that may be taken, of the kinds that come first. Looked up without a lock: an idle worker must not take turns
    with those who write. Each kind is asked for by itself, which is one step into an index however many jobs wait."""
    with store.read(_SYSTEM) as session:
        if kinds is None:
            kinds = tuple(session.scalars(select(Job.kind).where(Job.status.in_(("ready", "running"))).distinct()))
        found = session.execute(_oldest_of(kinds), {"now": now}).all() if kinds else []
    by_age = [(id_, kind in later) for id_, kind, _ in sorted(found, key=lambda row: (row.run_at, row.id))]
    return [id_ for id_, waits in by_age if not waits] or [id_ for id_, _ in by_age]


@functools.cache
def _oldest_of(kinds: tuple[str, ...]) -> Executable:
    """The id, kind and time of the first jobs of each kind that are due, and of all whose lease ran out."""
    now = bindparam("now", type_=Job.run_at.type)
    columns = (Job.id, Job.kind, Job.run_at)
    ready = (
        select(*columns).where(Job.status == "ready", Job.kind == kind, Job.run_at <= now).order_by(Job.run_at).limit(_MOST_OFFERED)
        for kind in kinds
    )
    left = select(*columns).where(Job.status == "running", Job.kind.in_(kinds), Job.lease_until < now)
    return union_all(left, *(select(one.subquery()) for one in ready))


def _still_due(session: Session, job_id: str, now: datetime) -> Job | None:
    """The job, locked; None when somebody has it by now. Read by its key alone, which no plan can do otherwise."""
    job = session.scalars(select(Job).where(Job.id == job_id).with_for_update(skip_locked=True)).one_or_none()
    if job is None:
        return None
    left = job.status == "running" and job.lease_until is not None and job.lease_until < now
    return job if left or (job.status == "ready" and job.run_at <= now) else None


def release(store: Store, gone: Callable[[str], bool], now: datetime) -> int:
    """Take back the jobs of workers that are known to be gone, before their leases run out; returns how many."""
    with store.write(_SYSTEM) as session:
        held = [job for job in session.scalars(select(Job).where(Job.status == "running")) if gone(job.worker or "")]
        for job in held:
            job.status, job.lease_until, job.run_at = "ready", None, now
        return len(held)


def renew(store: Store, held: Claim, now: datetime) -> None:
    """Keep a job for another lease.

    :raises LostLease: when somebody else has it by now.
    """
    with store.write(_SYSTEM) as session:
        _guarded(session, held, lease_until=now + LEASE)


def progress(session: Session, held: Claim, done: dict[str, Any]) -> None:
    """Commit how far a job came, in the transaction of the step that got it there. It is there until the job is over."""
    _guarded(session, held, progress=done)


def finish(session: Session, held: Claim, now: datetime) -> None:
    """Mark a job done, in the transaction of its last step where it has one."""
    _guarded(session, held, status="done", finished_at=now, lease_until=None, error=None, progress={})


def fail(store: Store, held: Claim, error: str, now: datetime, *, final: bool = False) -> bool:
    """Give a job back to be tried later (2, 4, 8 … seconds, at most ten minutes); True when it was the last try. ``error`` stays
    in the record as long as the job does, and says nothing of any customer."""
    with store.write(_SYSTEM) as session:
        job = session.get(Job, held.id)
        if job is None or job.fence != held.fence or job.status != "running":
            return False
        dead = final or job.attempts >= job.max_attempts
        job.status, job.error, job.lease_until = ("dead" if dead else "ready"), error[:2000], None
        job.run_at = now + timedelta(seconds=min(2.0**job.attempts, 600.0))
        job.finished_at = now if dead else None
        if dead:
            job.progress = {}
        return dead


def waiting(session: Session, kinds: tuple[str, ...] | None = None) -> list[Job]:
    """Jobs that are not done yet, and those that were given up, oldest first."""
    statement = select(Job).where(Job.status != "done").order_by(Job.run_at)
    return list(session.scalars(statement if kinds is None else statement.where(Job.kind.in_(kinds))))


def _guarded(session: Session, held: Claim, **values: Any) -> None:
    statement = update(Job).where(Job.id == held.id, Job.fence == held.fence, Job.status == "running").values(**values)
    result = session.execute(statement.execution_options(synchronize_session=False))
    if result.rowcount != 1:  # type: ignore[attr-defined]  # an update has one
        raise LostLease(f"job {held.key} was taken over")
