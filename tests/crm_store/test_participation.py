"""When somebody took part is when the interaction was: whoever writes either, and in a database that was there before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from crm_store import migrations
from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.listed import among, among_those
from crm_store.models import Account, Interaction, Participant
from crm_store.row_security import tell
from crm_store.store import Store
from tests import builders as make
from tests.crm_store.test_changes import SYSTEM, Desk, desk
from tests.databases import fresh_postgres

__all__ = ["desk"]
EARLIER = make.NOW - timedelta(days=3)
IN_WORDS = f"{EARLIER:%Y-%m-%d %H:%M:%S}.000000"
"""As SQLite keeps it; PostgreSQL reads it in the time zone of the session."""


def _times(store: Store) -> set[tuple[object, object]]:
    with store.read(SYSTEM) as session:
        both = select(Participant.at, Interaction.at).join(Interaction, Interaction.id == Participant.interaction_id)
        return {(mine, its) for mine, its in session.execute(both)}


def test_whoever_took_part_has_the_time_of_the_interaction_and_moves_with_it(desk: Desk) -> None:
    call = Draft(
        "create", "interaction",
        {"channel": "call", "at": make.NOW, "subject": "Call", "account_id": desk.account, "contact_ids": [desk.contact]}, new_id(),
    )  # fmt: skip
    desk.confirm(desk.propose(call))
    assert _times(desk.store) == {(make.NOW, make.NOW)}
    moved = desk.confirm(desk.propose(Draft("update", "interaction", {"at": EARLIER}, call.entity_id)))
    assert _times(desk.store) == {(EARLIER, EARLIER)}
    desk.undo(moved)
    assert _times(desk.store) == {(make.NOW, make.NOW)}
    with desk.store.write(SYSTEM) as session:
        session.execute(update(Interaction).values(at=EARLIER))
    assert _times(desk.store) == {(EARLIER, EARLIER)}


def test_the_database_refuses_a_participant_at_another_time(desk: Desk) -> None:
    with desk.store.write(SYSTEM) as session:
        row = make.interaction(session, session.get(Account, desk.account), "Call")
    with pytest.raises(IntegrityError), desk.store.write(SYSTEM) as session:
        session.execute(insert(Participant).values(interaction_id=row.id, at=EARLIER, name="Somebody"))
    assert _times(desk.store) == set()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
    else:
        with fresh_postgres(request.getfixturevalue("postgres")) as url:
            yield url


def test_a_database_that_was_there_before_learns_when_each_took_part(empty_database: str) -> None:
    engine = create_engine(empty_database)
    config = migrations._config()
    with engine.connect() as connection, connection.begin():
        tell(connection, None, None)
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
            tell(connection, None, None)
        edited = f"1, '{IN_WORDS}', '{IN_WORDS}'"
        connection.execute(
            text(
                "INSERT INTO interaction (id, channel, direction, at, subject, body, turns, version, created_at, updated_at) "
                f"VALUES ('i', 'call', 'inbound', '{IN_WORDS}', 'Call', '', '[]', {edited})"
            )
        )
        for id_ in ("p", "q"):
            named = text("INSERT INTO participant (id, interaction_id, name, part) VALUES (:id, 'i', :id, 'attendee')")
            connection.execute(named, {"id": id_})
    engine.dispose()
    store = Store(empty_database)
    try:
        store.migrate()
        store.check_schema()
        assert _times(store) == {(EARLIER, EARLIER)}
        with store.read(SYSTEM) as session:
            assert set(session.scalars(select(Participant.name))) == {"p", "q"}
    finally:
        store.close()


def test_more_keys_than_a_statement_has_room_for_are_one_parameter(desk: Desk) -> None:
    asked = [*(str(number) for number in range(100_000)), desk.account, desk.foreign_account, 'a"quote', ""]
    with desk.store.read(desk.scope) as session:
        assert session.scalars(select(Account.id).where(among(Account.id, asked))).all() == [desk.account]
        assert session.scalars(select(Account.id).where(among(Account.id, []))).all() == []


def test_keys_that_are_selected_are_those_the_reader_may_see(desk: Desk) -> None:
    with desk.store.write(SYSTEM) as session:
        for account in (desk.account, desk.foreign_account):
            make.interaction(session, session.get(Account, account), "Call")
    spoken = among_those(Account.id, select(Interaction.account_id))
    everyone = Scope(desk.scope.person_id, None)
    for scope, found in ((desk.scope, {desk.account}), (everyone, {desk.account, desk.foreign_account})):
        with desk.store.read(scope) as session:
            assert set(session.scalars(select(Account.id).where(spoken))) == found
