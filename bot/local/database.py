"""One SQLite file that survives a restart: people, channels, messages, files, views and undelivered events."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SCHEMA = """
create table if not exists meta(key text primary key, value text not null);
create table if not exists person(
    id text primary key, email text not null unique, position integer not null, doc text not null);
create table if not exists channel(id text primary key, name text not null, kind text not null, doc text not null);
create table if not exists member(channel text not null, user text not null, primary key(channel, user));
create table if not exists message(
    channel text not null, ts text not null, thread_ts text, ephemeral_to text, doc text not null,
    primary key(channel, ts));
create index if not exists message_thread on message(channel, thread_ts);
create table if not exists file(id text primary key, doc text not null, content blob);
create table if not exists view(
    id text primary key, user text not null, position integer, external_id text, doc text not null);
create table if not exists home(user text primary key, doc text not null);
create table if not exists delivery(
    id integer primary key autoincrement, envelope text not null unique, payload text not null,
    state text not null, attempts integer not null, reason text, due real not null, created real not null);
create index if not exists delivery_due on delivery(state, due);
create table if not exists scheduled(
    id text primary key, channel text not null, post_at integer not null, doc text not null);
"""


class Database:
    """A single connection behind one lock; every write is its own transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._connection.row_factory = sqlite3.Row
        # A killed process loses nothing under NORMAL; only a power cut could, which no test here can cause.
        for pragma in ("journal_mode=wal", "synchronous=normal", "busy_timeout=30000"):
            self._connection.execute(f"pragma {pragma}")
        self._connection.executescript(SCHEMA)
        self._last_ts = float(self.meta("last_ts", "0"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written together or not at all; other threads wait."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Execute one statement; the number of rows it touched."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def docs(self, sql: str, values: Sequence[object] = ()) -> list[Json]:
        """The JSON documents of a query that selects a column `doc`."""
        return [json.loads(r["doc"]) for r in self.rows(sql, values)]

    def doc(self, sql: str, values: Sequence[object] = ()) -> Json | None:
        """The first JSON document of a query that selects a column `doc`, or None."""
        found = self.docs(sql, values)
        return found[0] if found else None

    def meta(self, key: str, default: str) -> str:
        """A remembered value; `default` is remembered when there is none yet."""
        with self._lock:
            self.run("insert or ignore into meta values(?, ?)", (key, default))
            found = self.row("select value from meta where key = ?", (key,))
            return str(found["value"]) if found else default

    def new_ts(self) -> str:
        """The next message timestamp: seconds with six digits, strictly growing, also across restarts."""
        with self._lock:
            self._last_ts = max(time.time(), self._last_ts + 0.000001)
            ts = f"{self._last_ts:.6f}"
            self._last_ts = float(ts)
            self.run("insert or replace into meta values('last_ts', ?)", (ts,))
            return ts

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
