"""Opening the record: one engine, two kinds of session.

SQLite loses concurrent read-modify-writes unless a writing transaction begins IMMEDIATE, so reading and writing sessions
begin differently; the rest of the settings below are what a durable SQLite needs (write-ahead log, full sync,
foreign keys, a busy timeout).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from crm_store import migrations
from crm_store.access import Scope, ScopedSession
from crm_store.errors import StoreUnavailable

BUSY_TIMEOUT_MS = 30_000


class Store:
    """The relational store at one database URL (``sqlite:///path`` or ``postgresql+psycopg://…``)."""

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url)
            self._engine = _engine(url)
        except (SQLAlchemyError, ImportError) as error:
            raise StoreUnavailable(
                f"RAPPORT_DATABASE_URL cannot be used ({type(error).__name__}). "
                "Give sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE (and install rapport-crm[postgres])."
            ) from error
        self._writer = self._engine.execution_options(rapport_writes=True)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def place(self) -> str:
        """Where the database is, without its password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def read(self, scope: Scope | None) -> Iterator[ScopedSession]:
        """A session that only reads, as ``scope`` allows."""
        with self._session(scope, writes=False) as session:
            yield session

    @contextmanager
    def write(self, scope: Scope | None) -> Iterator[ScopedSession]:
        """A session that commits when the block ends without an error, and otherwise leaves nothing behind."""
        with self._session(scope, writes=True) as session, session.begin():
            yield session

    @contextmanager
    def _session(self, scope: Scope | None, *, writes: bool) -> Iterator[ScopedSession]:
        session = ScopedSession(self._writer if writes else self._engine, scope, writes=writes)
        try:
            with session:
                yield session
        except OperationalError as error:
            raise StoreUnavailable(
                f"The database at {self.place} did not answer: {_first_line(error)}. "
                "Check that it runs and can be reached, then run 'rapport doctor'."
            ) from error

    def migrate(self) -> None:
        """Bring the schema to this version, creating it where there is none."""
        self._make_folder()
        with self._unavailable_as_sentence():
            migrations.upgrade(self._engine)

    def check_schema(self) -> None:
        """Raise :class:`StoreUnavailable` unless the database answers and has this version's schema."""
        with self._unavailable_as_sentence():
            current, wanted = migrations.versions(self._engine)
        if current != wanted:
            raise StoreUnavailable(
                f"The database at {self.place} has schema {current or 'none'} and this version needs {wanted}. "
                "Run 'rapport db upgrade'."
            )

    def close(self) -> None:
        self._engine.dispose()

    def _make_folder(self) -> None:
        if self.dialect == "sqlite" and self._url.database not in (None, "", ":memory:"):
            Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _unavailable_as_sentence(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreUnavailable(
                f"The database at {self.place} did not answer: {_first_line(error)}. "
                "Check RAPPORT_DATABASE_URL and that the database runs."
            ) from error


def _first_line(error: SQLAlchemyError) -> str:
    original = getattr(error, "orig", None)
    return str(original or error).strip().splitlines()[0][:200]


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("rapport_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
