"""Opening the record: one engine, two kinds of session.

SQLite loses concurrent read-modify-writes unless a writing transaction begins IMMEDIATE, so reading and writing sessions
begin differently; the rest of the settings below are what a durable SQLite needs (write-ahead log, full sync,
foreign keys, a busy timeout).
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crm_store import local_days, masking, migrations, row_security
from crm_store.access import GUARDED_TABLES, Scope, ScopedSession
from crm_store.errors import NotVisible, StoreUnavailable
from crm_store.statements import Examined
from crm_store.write_turns import Turn, WriteTurns

BUSY_TIMEOUT_MS = 120_000
"""How long a write waits for others: for its turn (:mod:`crm_store.write_turns`), and then for whoever takes none, such as a
shell at the same file."""
CONNECT_TIMEOUT_S = 5
SQLITE_SETTINGS = {
    "busy_timeout": BUSY_TIMEOUT_MS,
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": "on",
    "cache_size": -32_768,
    "wal_autocheckpoint": 8_000,
}
"""What every SQLite connection is set to. ``cache_size`` is in KiB, taken only as it is needed: an import writes to indexes all over
the file, and what does not fit is written out and read again. ``wal_autocheckpoint`` is in pages: a page written by many
transactions goes into the file once in 32 MB of log rather than once in 4."""
_KEPT_OPEN = 8
"""Connections that are kept; more are opened as they are needed."""
_A_WORKER = 3
"""What goes on at once for each worker: its job, the heartbeat of that, and an event that comes in meanwhile."""
_BESIDE = 16
"""What needs a connection beside the workers: pages, forms, the webhook, the schedule."""
_SECRETS = ("password", "passfile", "sslpassword")


class Store:
    """The relational store at one database URL (``sqlite:///path`` or ``postgresql+psycopg://…``)."""

    def __init__(self, url: str, *, workers: int = 8) -> None:
        """``workers`` is how many jobs run at once, for each of which connections are allowed."""
        self._connections = _A_WORKER * workers + _BESIDE
        try:
            self._url = make_url(url)
            self._engine = _engine(url, self._connections)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise StoreUnavailable(
                f"RAPPORT_DATABASE_URL cannot be used ({type(error).__name__}). "
                "Give sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE (and install rapport-crm[postgres]); "
                "write a character such as @ or / in a password as %40 or %2F."
            ) from None  # the error quotes the URL, and the URL may hold a password
        self._examined = Examined()
        self._turns = WriteTurns(self._file(), BUSY_TIMEOUT_MS / 1000) if self.dialect == "sqlite" else None
        self._lock = threading.Lock()
        self._masked: dict[frozenset[str], Engine] = {}  # by the fields they hide

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
        with self._session(scope, None, writes=False) as session:
            yield session

    @contextmanager
    def write(self, scope: Scope | None) -> Iterator[ScopedSession]:
        """A session that commits when the block ends without an error, and otherwise leaves nothing behind. On SQLite writers
        take turns, from a session's first statement to its end.

        :raises NestedWrite: on SQLite, when this thread is writing already.
        """
        with self._turn() as turn, self._session(scope, turn, writes=True) as session, session.begin():
            yield session

    def _turn(self) -> AbstractContextManager[Turn | None]:
        return nullcontext() if self._turns is None else self._turns.turn()

    @contextmanager
    def _session(self, scope: Scope | None, turn: Turn | None, *, writes: bool) -> Iterator[ScopedSession]:
        session = ScopedSession(self._engine_for(scope, turn, writes), scope, writes=writes, examined=self._examined)
        try:
            with session:
                yield session
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            if getattr(getattr(error, "orig", None), "sqlstate", None) == row_security.REFUSED:
                raise NotVisible("That record belongs to someone whose records you cannot see.") from None
            if not _is_down(error):
                raise
            raise StoreUnavailable(
                f"The database at {self.place} did not answer: {_first_line(error)}. "
                "Check that it runs and can be reached, then run 'rapport doctor'."
            ) from error

    def _engine_for(self, scope: Scope | None, turn: Turn | None, writes: bool) -> Engine:
        engine, hidden = self._engine, scope.hidden if scope is not None else frozenset()
        if hidden:  # connections of their own: what hides the fields stays on a connection that is kept
            with self._lock:
                if hidden not in self._masked:
                    self._masked[hidden] = _engine(self._url, self._connections)
                    masking.mask(self._masked[hidden], hidden)
                engine = self._masked[hidden]
        if writes:
            on_tables = {"schema_translate_map": masking.ON_TABLES} if hidden else {}
            return engine.execution_options(rapport_writes=True, rapport_turn=turn, **on_tables)
        # an answer takes several statements, which have to see one and the same record, as they do on SQLite anyway
        one_moment = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        return engine.execution_options(**one_moment)

    def migrate(self) -> None:
        """Bring the schema to this version, creating it where there is none."""
        self._make_folder()
        with self._unavailable_as_sentence(), self._turn() as turn:
            if turn is not None:
                turn.take()
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

    def row_security(self) -> row_security.RowSecurity | None:
        """Whether PostgreSQL itself keeps people's rows apart for the role in use; None on SQLite, where the session
        alone does."""
        if self.dialect != "postgresql":
            return None
        with self._unavailable_as_sentence(), self._engine.connect() as connection:
            return row_security.examine(connection, (str(table) for table in GUARDED_TABLES))

    def compact(self) -> None:
        """Remove from the database's files what was deleted from its tables. Nobody else can write meanwhile; it takes
        about as long as copying the file. PostgreSQL does the same for the dead rows it holds."""
        statements = ["VACUUM"]
        if self.dialect == "sqlite":
            merge_index = "INSERT INTO chunk_fts(chunk_fts) VALUES('optimize')"
            statements = [merge_index, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
        connection = self._engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            if self.dialect == "postgresql":
                driver.autocommit = True
            cursor = connection.cursor()
            with self._turn() as turn:
                if turn is not None:
                    turn.take()
                for statement in statements:  # none of which runs inside a transaction
                    cursor.execute(statement)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise StoreUnavailable(
                f"The database at {self.place} could not be compacted ({error}). Try again when nobody else writes."
            ) from error
        finally:
            connection.invalidate()

    def close(self) -> None:
        for engine in (self._engine, *self._masked.values()):
            engine.dispose()

    def _file(self) -> Path | None:
        """SQLite's file; None where the database is in memory or named by a URI."""
        name = self._url.database
        return Path(name) if name and name != ":memory:" and not name.startswith("file:") else None

    def _make_folder(self) -> None:
        if self.dialect == "sqlite" and (file := self._file()) is not None:
            folder = file.parent
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


def _engine(url: str | URL, connections: int) -> Engine:
    """At most ``connections`` are open at once. Errors quote no parameters: those are what customers said, and end in logs."""
    parsed = make_url(url)
    limits: dict[str, Any] = {"pool_size": _KEPT_OPEN, "max_overflow": max(0, connections - _KEPT_OPEN)}
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql") or "@" in (parsed.host or ""):
        raise ValueError("neither SQLite nor PostgreSQL, or a password with an @")
    if backend == "postgresql":
        patience = {} if "connect_timeout" in parsed.query else {"connect_timeout": CONNECT_TIMEOUT_S}
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True, connect_args=patience, **limits)

        @event.listens_for(engine, "connect")
        def _no_jit(connection: Any, record: Any) -> None:
            """Compiling a statement takes PostgreSQL half a second and more; answering it here takes milliseconds."""
            with connection.cursor() as cursor:
                cursor.execute("SET jit = off")
            connection.commit()

        return engine
    connecting = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    in_memory = parsed.database in (None, "", ":memory:")
    engine = create_engine(parsed, connect_args=connecting, hide_parameters=True, **({} if in_memory else limits))

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        local_days.register(connection)
        for name, value in SQLITE_SETTINGS.items():
            connection.execute(f"pragma {name}={value}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        turn: Turn | None = options.get("rapport_turn")
        if turn is not None:
            turn.take()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("rapport_writes") else "BEGIN")

    return engine
