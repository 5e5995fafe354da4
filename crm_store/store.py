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
from sqlalchemy.exc import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crm_store import migrations
from crm_store.access import Scope, ScopedSession
from crm_store.errors import StoreUnavailable

BUSY_TIMEOUT_MS = 30_000
CONNECT_TIMEOUT_S = 5
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 32}
"""Connections that are kept, and how many more may be open at once: every worker may hold one, its heartbeat another."""
_SECRETS = ("password", "passfile", "sslpassword")


class Store:
    """The relational store at one database URL (``sqlite:///path`` or ``postgresql+psycopg://…``)."""

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url)
            self._engine = _engine(url)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise StoreUnavailable(
                f"RAPPORT_DATABASE_URL cannot be used ({type(error).__name__}). "
                "Give sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE (and install rapport-crm[postgres]); "
                "write a character such as @ or / in a password as %40 or %2F."
            ) from None  # the error quotes the URL, and the URL may hold a password
        self._writer = self._engine.execution_options(rapport_writes=True)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def place(self) -> str:
        """Where the database is, without its password."""
        return self._url.difference_update_query(_SECRETS).render_as_string(hide_password=True)

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
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            if not _is_down(error):
                raise
            raise StoreUnavailable(
                f"The database at {self.place} did not answer: {_first_line(error)}. "
                "Check that it runs and can be reached, then run 'rapport doctor'."
            ) from error

    def migrate(self) -> None:
        """Bring the schema to this version, creating it where there is none."""
        self._make_folder()
        with self._unavailable_as_sentence():
            self._refuse_newer(migrations.versions(self._engine)[0])
            migrations.upgrade(self._engine)

    def check_schema(self) -> None:
        """Raise :class:`StoreUnavailable` unless the database answers and has this version's schema."""
        with self._unavailable_as_sentence():
            current, wanted = migrations.versions(self._engine)
        self._refuse_newer(current)
        if current != wanted:
            raise StoreUnavailable(
                f"The database at {self.place} has schema {current or 'none'} and this version needs {wanted}. "
                "Run 'rapport db upgrade'."
            )

    def _refuse_newer(self, current: str | None) -> None:
        if current is not None and not migrations.known(current):
            raise StoreUnavailable(
                f"The database at {self.place} has schema {current}, which this version does not know: a newer one made it. "
                "Install that version, or point RAPPORT_DATABASE_URL to another database."
            )

    def close(self) -> None:
        self._engine.dispose()

    def _make_folder(self) -> None:
        if self.dialect == "sqlite" and self._url.database not in (None, "", ":memory:"):
            folder = Path(str(self._url.database)).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnavailable(
                    f"The folder {folder} cannot be made ({error.strerror}). Choose another one in RAPPORT_DATABASE_URL or RAPPORT_HOME."
                ) from error

    @contextmanager
    def _unavailable_as_sentence(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreUnavailable(
                f"The database at {self.place} did not answer: {_first_line(error)}. "
                "Check RAPPORT_DATABASE_URL and that the database runs."
            ) from error


def _is_down(error: SQLAlchemyError) -> bool:
    """Whether the database is away or broken, and not merely what was asked of it wrong. A damaged SQLite file raises
    the plain class."""
    down = isinstance(error, OperationalError | InterfaceError | InternalError | PoolTimeout)
    return down or type(error) is DatabaseError


def _first_line(error: SQLAlchemyError) -> str:
    original = getattr(error, "orig", None)
    return str(original or error).strip().splitlines()[0][:200]


def _engine(url: str) -> Engine:
    """Errors quote no parameters: those are what customers said, and end in logs."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql") or "@" in (parsed.host or ""):
        raise ValueError("neither SQLite nor PostgreSQL, or a password with an @")
    if backend == "postgresql":
        patience = {} if "connect_timeout" in parsed.query else {"connect_timeout": CONNECT_TIMEOUT_S}
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True, connect_args=patience, **_POOL)
    connecting = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    pool = {} if parsed.database in (None, "", ":memory:") else _POOL
    engine = create_engine(parsed, connect_args=connecting, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("rapport_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
