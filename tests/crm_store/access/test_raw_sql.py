"""PostgreSQL itself keeps rows apart, whatever SQL reaches it: raw connections that no session of ours guards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.engine import make_url

from crm_store.models import Task
from crm_store.store import Store
from tests.crm_store.access.company import CANARY, GUARDED, PLAIN, SERVICE, SYSTEM, Company


@contextmanager
def raw(store: Store) -> Iterator["psycopg.Connection[Any]"]:
    with store.read(SYSTEM) as session:
        url = make_url(session.connection().engine.url)
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        yield connection


def tell(connection: "psycopg.Connection[Any]", owners: str, within: str = "*") -> None:
    connection.execute("SELECT set_config('rapport.owners', %s, true), set_config('rapport.within', %s, true)", (owners, within))


def dump(connection: "psycopg.Connection[Any]", table: str) -> str:
    return repr(connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))).fetchall())


def test_without_a_scope_nothing_is_seen(on_postgres: Company) -> None:
    with raw(on_postgres.store) as connection:
        for table in (*GUARDED, *SERVICE, "chunk_search"):
            assert dump(connection, table) == "[]", table


def test_with_a_scope_its_own_rows_are_seen_and_no_canary(on_postgres: Company) -> None:
    with raw(on_postgres.store) as connection:
        tell(connection, on_postgres.rows[PLAIN]["person"])
        for table in GUARDED:
            seen = dump(connection, table)
            assert CANARY not in seen, table
            assert on_postgres.rows[CANARY][table] not in seen, table
            assert on_postgres.rows[PLAIN][table] in seen, table
        for table in SERVICE:
            assert dump(connection, table) == "[]", table
        tell(connection, "*")
        for table in (*GUARDED, *SERVICE):
            assert on_postgres.rows[CANARY][table] in dump(connection, table), table


ATTEMPTS = {
    "union": "SELECT title FROM task UNION ALL SELECT name FROM account",
    "full join": "SELECT p.name, t.title FROM person p FULL JOIN task t ON false",
    "lateral": "SELECT x.title FROM person p, LATERAL (SELECT * FROM task) x",
    "recursive": "WITH RECURSIVE r AS (SELECT id, title FROM task UNION SELECT t.id, t.title FROM task t, r) SELECT * FROM r",
    "window": "SELECT first_value(title) OVER (ORDER BY title DESC) FROM task",
    "aggregate": "SELECT string_agg(title, ',') FROM task",
    "json": "SELECT json_agg(task) FROM task",
    "a function that tells what it is shown": "SELECT * FROM contact WHERE name = upper(name) OR name LIKE '%z%'",
    "table command": "TABLE contact",
    "full text": "SELECT body::text FROM chunk_search",
    "update returning": "UPDATE task SET status = status RETURNING title",
    "delete returning": "DELETE FROM participant RETURNING *",
    "insert from select": "INSERT INTO team (id, name) SELECT id, title FROM task RETURNING name",
    "copy out by query": "SELECT query_to_xml('SELECT title FROM task', true, false, '')::text",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_statement_shows_the_canary(on_postgres: Company, attempt: str) -> None:
    with raw(on_postgres.store) as connection:
        for owners, sees in ((on_postgres.rows[PLAIN]["person"], False), ("*", True)):
            tell(connection, owners)
            connection.execute("SELECT set_config('rapport.search', 'zanzibar', true)")
            with connection.transaction(force_rollback=True):
                seen = repr(connection.execute(ATTEMPTS[attempt]).fetchall())
            assert (CANARY in seen) is sees, owners


def test_a_foreign_row_is_neither_written_moved_nor_stolen(on_postgres: Company) -> None:
    rows = on_postgres.rows
    me, theirs, mine = rows[PLAIN]["person"], rows[CANARY]["account"], rows[PLAIN]["account"]
    refused = {
        "insert into their account": (
            "INSERT INTO account_member (id, account_id, person_id, reason) VALUES ('m', %s, %s, 'added')", (theirs, me)
        ),
        "move a row there": ("UPDATE task SET account_id = %s WHERE account_id = %s", (theirs, mine)),
        "give a row of one's own away": ("UPDATE quota SET person_id = %s", (rows[CANARY]["person"],)),
        "an account nobody made": (
            "INSERT INTO account (id, name, kind, version, created_at, updated_at, custom) "
            "VALUES ('x', 'x', 'customer', 1, now(), now(), '{}')", ()
        ),
    }  # fmt: skip
    with raw(on_postgres.store) as connection:
        tell(connection, me)
        for way, (statement, values) in refused.items():
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as error, connection.transaction():
                connection.execute(statement, values)
            assert CANARY not in str(error.value), way
        assert connection.execute("UPDATE task SET title = 'x' WHERE account_id = %s", (theirs,)).rowcount == 0
        assert connection.execute("DELETE FROM account_member WHERE account_id = %s", (theirs,)).rowcount == 0


def test_no_setting_outlives_its_transaction(on_postgres: Company) -> None:
    store = on_postgres.store
    for scope in (SYSTEM, on_postgres.theirs):
        with store.read(scope) as session:
            assert session.scalars(select(Task.id)).all()
    with store.read(SYSTEM) as session:
        engine = session.connection().engine
    for _ in range(10):  # whatever connection the pool hands out
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM task").scalar() == 0
            kept = connection.exec_driver_sql("SELECT coalesce(current_setting('rapport.owners', true), '')").scalar()
            assert kept == ""


def test_every_guarded_table_is_forced_for_the_role_in_use(on_postgres: Company) -> None:
    found = on_postgres.store.row_security()
    assert found is not None
    assert found.holds, found
