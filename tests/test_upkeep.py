"""What runs every day: it runs again the day after a bad one."""

from datetime import timedelta

from bot import upkeep
from bot.indexing import Indexer
from bot.jobs import Worker
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Job
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")


def test_a_day_on_which_retention_fails_for_good_is_followed_by_one_on_which_it_runs(sqlite_store: Store) -> None:
    settings, now = Settings(retention_conversations_days=30), [make.NOW]
    handlers = {
        upkeep.RETENTION: upkeep.handlers(sqlite_store, _no_indexer, settings, lambda: now[0], lambda: False)[
            upkeep.RETENTION
        ]
    }
    worker = Worker(sqlite_store, handlers, lambda: now[0])
    upkeep.schedule(sqlite_store, settings, now[0])
    _rename(sqlite_store, "conversation_turn", "put_aside")
    for _ in range(12):
        worker.drain()
        now[0] += timedelta(minutes=15)
    assert _states(sqlite_store) == {"2026-11-20": "dead", "2026-11-21": "ready"}
    _rename(sqlite_store, "put_aside", "conversation_turn")
    now[0] += timedelta(days=1)
    assert worker.drain() == 1
    assert _states(sqlite_store) == {"2026-11-20": "dead", "2026-11-21": "done", "2026-11-22": "ready"}


def _no_indexer() -> Indexer:
    raise AssertionError("retention indexes nothing")


def _rename(store: Store, table: str, to: str) -> None:
    with store.write(SYSTEM) as session:
        session.connection().exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


def _states(store: Store) -> dict[str, str]:
    """The days of retention and how each went."""
    with store.read(SYSTEM) as session:
        return {job.key.removeprefix(f"{upkeep.RETENTION}:"): job.status for job in session.query(Job)}
