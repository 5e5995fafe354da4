"""Opening the record: what is said when it is not there, broken, older or newer, and what is never said."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from crm_store.access import Scope
from crm_store.errors import StoreUnavailable
from crm_store.models import Person
from crm_store.store import BUSY_TIMEOUT_MS, Store
from tests import builders as make
from tests.databases import opened

SYSTEM = Scope.system("test")
SECRET = "s3cret"


def _read(store: Store) -> None:
    with store.read(SYSTEM) as session:
        session.scalars(select(Person)).all()


def test_a_sqlite_record_is_opened_durably(sqlite_store: Store) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    for session_of in (sqlite_store.read, sqlite_store.write):
        with session_of(SYSTEM) as session:
            found = [session.execute(text(f"pragma {name}")).scalar() for name in names]
        assert found == ["wal", 2, 1, BUSY_TIMEOUT_MS]


def test_a_file_that_is_no_database_is_named_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "rapport.db"
    file.write_bytes(b"this is no database" * 500)
    with opened(f"sqlite:///{file}", migrate=False) as store:
        with pytest.raises(StoreUnavailable, match="not a database"):
            _read(store)
        for use in (store.check_schema, store.migrate):
            with pytest.raises(StoreUnavailable, match="not a database"):
                use()
    with opened(f"sqlite:///{file}/below/x.db", migrate=False) as store, pytest.raises(StoreUnavailable, match="folder"):
        store.migrate()
    with opened(f"sqlite:///{tmp_path}/none/x.db", migrate=False) as store, pytest.raises(StoreUnavailable):
        store.check_schema()


def test_every_worker_has_connections_however_many_workers_there_are(sqlite_store: Store) -> None:
    workers = 64
    with closing(Store(sqlite_store.place, workers=workers)) as store, ExitStack() as all_at_once:
        for _ in range(2 * workers + 8):  # jobs, their heartbeats and a few beside
            session = all_at_once.enter_context(store.read(SYSTEM))
            session.scalars(select(Person.id)).first()


def test_a_schema_of_another_version_is_told_apart_by_what_to_do(store: Store) -> None:
    store.migrate()
    store.check_schema()
    with store.write(SYSTEM) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (store.check_schema, store.migrate):
        with pytest.raises(StoreUnavailable, match="newer"):
            use()
    with store.write(SYSTEM) as session:
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(StoreUnavailable, match="db upgrade"):
        store.check_schema()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense", "", f"mysql://u:{SECRET}@h/d", f"oracle://u:{SECRET}@h/d", f"postgresql+psycopg://u:{SECRET}@h:port/d",
        f"postgresql+psycopg://u:{SECRET}@{SECRET}@h/d", f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/d",
        f"postgresql+psycopg://127.0.0.1:1/d?user=u&password={SECRET}",
        f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/d?connect_timeout=soon",
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_used_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        Store(url).check_schema()
    told: BaseException | None = refused.value
    while told is not None:
        assert SECRET not in str(told)
        told = told.__cause__


def test_many_sessions_can_be_open_at_once(store: Store) -> None:
    together = threading.Barrier(32)

    def read(_: int) -> None:
        with store.read(SYSTEM) as session:
            session.scalars(select(Person)).all()
            together.wait(60)

    def write(number: int) -> None:
        with store.write(SYSTEM) as session:
            make.person(session, f"Person {number}")

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(read, range(32)))
        list(pool.map(write, range(32)))
    with store.read(SYSTEM) as session:
        assert len(session.scalars(select(Person.id)).all()) == 32
