"""The databases that tests run on: a SQLite file each, and databases of their own in a real PostgreSQL on loopback.

``TEST_POSTGRES_URL`` may name a server on which databases can be created; otherwise one is started from the programs
on this machine and removed afterwards. Where there are none the tests that need it fail and say so: nothing is skipped in
silence.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import Session

from crm_store.store import Store

POSTGRES = "TEST_POSTGRES_URL"
ORDINARY = "rapport_ordinary"
"""The role that owns the databases and opens the stores: row-level security does not hold for a superuser."""
MISSING = (
    "PostgreSQL is not available: install Debian's package postgresql, or set TEST_POSTGRES_URL to the URL of a server "
    "on which databases may be created, such as postgresql+psycopg://rapport:rapport@127.0.0.1/postgres."
)


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's own programs, the newest version first."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server to make databases on, stopped and removed afterwards where it was started here."""
    given = os.environ.get(POSTGRES)
    if given:
        yield given
        return
    programs = postgres_programs()
    assert programs, MISSING
    folder = Path(tempfile.mkdtemp(prefix="rapport-postgres-"))
    # PostgreSQL does not run as root; Debian's package brings a user for it.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run([*user, *command], check=True, cwd="/", capture_output=True)

    data = str(folder / "data")
    run(str(programs / "initdb"), "-D", data, "-U", "rapport", "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
    run(str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://rapport@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def migrated_template(server: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from, which is much faster than migrating each."""
    with _database(server, "") as (name, url):
        store = Store(url)
        store.migrate()
        store.close()
        yield name


@contextmanager
def fresh_postgres(server: str, template: str = "") -> Iterator[str]:
    """The URL of a new database, empty or a copy of ``template``, gone afterwards."""
    with _database(server, template) as (_, url):
        yield url


@contextmanager
def _database(server: str, template: str) -> Iterator[tuple[str, str]]:
    name = f"rapport_test_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        owner = _ordinary_role(connection)
        made = f'CREATE DATABASE "{name}" OWNER "{owner}"' + (f' TEMPLATE "{template}"' if template else "")
        connection.execute(text(made))
    url = make_url(server).set(database=name)
    if owner == ORDINARY:
        url = url.set(username=ORDINARY, password=ORDINARY)
    try:
        yield name, url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def _ordinary_role(connection: Connection) -> str:
    """A role that row-level security holds for: the one that is connected, or one made for the tests."""
    role = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = current_user")).one()
    if not (role.rolsuper or role.rolbypassrls):
        return str(role.rolname)
    assert role.rolsuper or role.rolcreaterole, f"{POSTGRES} names a role that escapes row-level security; use another."
    connection.execute(text(f"SELECT pg_advisory_lock(hashtext('{ORDINARY}'))"))  # several runs may share a server
    try:
        if not connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": ORDINARY}):
            made = f"CREATE ROLE {ORDINARY} LOGIN PASSWORD '{ORDINARY}' NOSUPERUSER NOBYPASSRLS"
            connection.execute(text(made))
    finally:
        connection.execute(text(f"SELECT pg_advisory_unlock(hashtext('{ORDINARY}'))"))
    return ORDINARY


@contextmanager
def opened(url: str, *, migrate: bool) -> Iterator[Store]:
    """A store that is closed afterwards."""
    store = Store(url)
    if migrate:
        store.migrate()
    try:
        yield store
    finally:
        store.close()


@contextmanager
def asked(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """The statements that a session runs inside the block, each with its values."""
    engine, found = session.get_bind(), list[tuple[str, Any]]()

    def keep(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        found.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", keep)
