"""The session, the database and a plain reading of the rule agree on who sees what, whatever the teams and scopes."""

import random

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from crm_store import row_security
from crm_store.access import Scope
from crm_store.models import Account, AccountMember, Proposal, Task
from crm_store.store import Store
from tests import builders as make
from tests.crm_store.access.company import SYSTEM

MODELS = (Account, AccountMember, Task, Proposal)


@pytest.mark.parametrize("seed", range(4))
def test_session_database_and_plain_rule_agree(postgres_store: Store, seed: int) -> None:
    chance = random.Random(seed)
    with postgres_store.write(SYSTEM) as session:
        people = [make.person(session, f"Person {at}") for at in range(5)]
        accounts = [make.account(session, f"Account {at}", chance.choice(people)) for at in range(8)]
        for account in accounts:
            for person in chance.sample(people, chance.randrange(3)):
                if person.id != account.owner_id:
                    make.member(session, account, person, "added")
        for at in range(30):
            make.task(session, f"Task {at}", chance.choice([None, *accounts]), chance.choice(people))
        for person in people:
            session.add(Proposal(person_id=person.id, summary="x", origin="test", created_at=make.NOW))
        ids, account_ids = [person.id for person in people], [account.id for account in accounts]
    for _ in range(40):
        owners = None if chance.random() < 0.2 else frozenset(chance.sample(ids, chance.randrange(5)))
        within = None if chance.random() < 0.5 else frozenset(chance.sample(account_ids, chance.randrange(8)))
        scope = Scope(ids[0], owners, within)
        expected = _by_hand(postgres_store, scope)
        for opened in (postgres_store.read, postgres_store.write):  # the one lists what it sees, the other looks it up
            with opened(scope) as session:
                assert {m.__name__: set(session.scalars(select(m.id))) for m in MODELS} == expected, scope
        with postgres_store.read(SYSTEM) as session:
            connection = session.connection()
            for by_key in (False, True):
                row_security.tell(connection, owners, within, by_key=by_key)
                assert _in_the_database(connection) == expected, scope


def _in_the_database(connection: Connection) -> dict[str, set[str]]:
    return {m.__name__: set(connection.scalars(select(m.__table__.c.id))) for m in MODELS}


def _by_hand(store: Store, scope: Scope) -> dict[str, set[str]]:
    owners, within = scope.owner_ids, scope.within
    with store.read(SYSTEM) as session:
        members = session.scalars(select(AccountMember)).all()
        tasks, proposals = session.scalars(select(Task)).all(), session.scalars(select(Proposal)).all()
        known = set(session.scalars(select(Account.id)))
    seen = {
        member.account_id
        for member in members
        if (owners is None or member.person_id in owners) and (within is None or member.account_id in within)
    }
    if scope.everything:
        seen = known
    return {
        "Account": seen,
        "AccountMember": {member.id for member in members if member.account_id in seen},
        "Task": {
            task.id
            for task in tasks
            if task.account_id in seen
            or (task.account_id is None and within is None and (owners is None or task.owner_id in owners))
        },
        "Proposal": {each.id for each in proposals if owners is None or each.person_id in owners},
    }
