"""Writing batches as fast as each database takes them: prepared statements on SQLite, COPY on PostgreSQL.

SQLite's secondary indexes are dropped first and made again at the end, which is several times faster than keeping them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url

from crm_store.passages_fulltext import acl_token
from crm_store.store import Store
from tests.benchmarks.big.rows import Batch


class Sink(Protocol):
    def write(self, batch: Batch) -> int: ...


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, batch: Batch) -> int:
        names, marks = ", ".join(f'"{name}"' for name in batch.columns), ", ".join("?" * len(batch.columns))
        before = self._connection.total_changes
        self._connection.executemany(f'INSERT INTO "{batch.table}" ({names}) VALUES ({marks})', batch.rows)
        written = self._connection.total_changes - before
        if batch.table == "chunk":
            self._index(batch)
        return written

    def _index(self, batch: Batch) -> None:
        """What :func:`crm_store.passages.keep_document` writes beside a chunk."""
        at = {name: place for place, name in enumerate(batch.columns)}
        lines = [
            (
                int.from_bytes(blake2b(str(row[at["id"]]).encode(), digest_size=8).digest(), "big") >> 1,
                acl_token(str(row[at["account_id"]]), None),
                f"{row[at['header']]}\n{row[at['text']]}",
                row[at["id"]],
            )
            for row in batch.rows
        ]
        self._connection.executemany("INSERT INTO chunk_fts (rowid, acl, body, chunk_id) VALUES (?, ?, ?, ?)", lines)


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def write(self, batch: Batch) -> int:
        names, written = ", ".join(f'"{name}"' for name in batch.columns), 0
        with self._connection.cursor() as cursor, cursor.copy(f'COPY "{batch.table}" ({names}) FROM STDIN') as copy:
            for row in batch.rows:
                copy.write_row(row)
                written += 1
        return written


@contextmanager
def sink(url: str) -> Iterator[Sink]:
    """A new database at ``url``, with this version's schema; its statistics are up to date at the end."""
    store = Store(url)
    store.migrate()
    store.close()
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with _sqlite(str(parsed.database)) as made:
            yield made
    else:
        with _postgres(url) as copying:
            yield copying


@contextmanager
def _sqlite(path: str) -> Iterator[Sink]:
    connection = sqlite3.connect(path)
    try:
        for pragma in (
            "journal_mode=off",
            "synchronous=off",
            "foreign_keys=off",
            "cache_size=-400000",
            "temp_store=memory",
        ):
            connection.execute(f"pragma {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        yield _Sqlite(connection)
        for _, statement in indexes:
            connection.execute(statement)
        connection.execute("INSERT INTO chunk_fts(chunk_fts) VALUES ('optimize')")
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("pragma journal_mode=wal")
    finally:
        connection.close()


@contextmanager
def _postgres(url: str) -> Iterator[Sink]:
    """As the owner of the tables; row-level security is lifted for the writing, which takes one who may bypass it."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, options="-c timezone=UTC -c session_replication_role=replica") as connection:
        yield _Postgres(connection)
        connection.execute(  # as its trigger does, which replicas do not fire
            "INSERT INTO chunk_search SELECT id, account_id, owner_id, to_tsvector('english', header || ' ' || text) FROM chunk"
        )
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
