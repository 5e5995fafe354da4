"""Where PostgreSQL itself holds a transaction to its scope, a reading session leaves the filter to it; everywhere else the
session filters. Either way the same rows are seen, and what was once refused stays refused."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import case, event, func, literal, literal_column, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from crm_store.access import Scope
from crm_store.base import ByAccount
from crm_store.errors import NoScope
from crm_store.hints import FEW_ROWS
from crm_store.models import Account, AccountMember, Contact, Deal, Interaction, Person, Proposal, Task
from crm_store.store import Store
from tests import builders as make
from tests.crm_store.access.company import CANARY, GUARDED, PLAIN, SYSTEM, Company

MODELS: tuple[Any, ...] = (Account, AccountMember, Contact, Deal, Interaction, Task, Proposal)


def let_the_owner_through(store: Store, *tables: str) -> None:
    """Let the role that owns these tables escape their policies, as it does where nobody forced them."""
    with store.write(SYSTEM) as session:
        for table in tables:
            session.connection().exec_driver_sql(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')


@pytest.fixture(params=["sqlite", "postgresql", "postgresql that is not forced", "postgresql with one open table"])
def any_store(request: pytest.FixtureRequest) -> Store:
    kind = str(request.param)
    store: Store = request.getfixturevalue("sqlite_store" if kind == "sqlite" else "postgres_store")
    if kind.endswith("not forced"):
        let_the_owner_through(store, *GUARDED)
    elif kind.endswith("open table"):
        let_the_owner_through(store, "order")
    return store


@pytest.mark.parametrize("size", [{}, FEW_ROWS], ids=["any rows", "few rows"])
@pytest.mark.parametrize("seed", range(2))
def test_the_rows_that_are_seen_are_those_of_the_rule(any_store: Store, seed: int, size: dict[str, bool]) -> None:
    """Whether a statement lists the accounts that may be seen, or looks the account of each row up."""
    chance = random.Random(seed)
    people, accounts = _some_company(any_store, chance)
    for _ in range(25):
        owners = None if chance.random() < 0.2 else frozenset(chance.sample(people, chance.randrange(5)))
        within = None if chance.random() < 0.5 else frozenset(chance.sample(accounts, chance.randrange(8)))
        expected = _by_hand(any_store, owners, within)
        with any_store.read(Scope(people[0], owners, within)) as session:
            found = {m.__name__: set(session.scalars(select(m.id).execution_options(**size))) for m in MODELS}
            assert found == expected, (owners, within)
            for m in MODELS:
                number = session.scalar(select(func.count(m.id)).execution_options(**size))
                assert number == len(expected[m.__name__])
            other, its_deal = aliased(Account), aliased(Deal)
            joined = (
                select(Interaction.id, other.id, its_deal.id)
                .outerjoin(other, other.id == Interaction.account_id)
                .outerjoin(its_deal, its_deal.id == Interaction.deal_id)
            )
            for interaction, account, deal in session.execute(joined.execution_options(**size)):
                assert interaction in expected["Interaction"]
                assert account is None or account in expected["Account"]
                assert deal is None or deal in expected["Deal"]


def _some_company(store: Store, chance: random.Random) -> tuple[list[str], list[str]]:
    with store.write(SYSTEM) as session:
        people = [make.person(session, f"Person {at}") for at in range(5)]
        accounts = [make.account(session, f"Account {at}", chance.choice(people)) for at in range(8)]
        stage = next(iter(make.pipeline(session).values()))
        for account in accounts:
            for person in chance.sample(people, chance.randrange(3)):
                if person.id != account.owner_id:
                    make.member(session, account, person, "added")
        deals = [make.deal(session, f"Deal {at}", chance.choice(accounts), stage) for at in range(12)]
        for at in range(20):
            owner = chance.choice(people)
            make.task(session, f"Task {at}", chance.choice([None, *accounts]), owner)
            made = make.contact(session, f"Contact {at}", chance.choice(accounts))
            lead = chance.random() < 0.3
            made.account_id, made.owner_id = None if lead else made.account_id, owner.id
            held = make.interaction(session, chance.choice(accounts), "hello", at=make.NOW)
            held.deal_id, held.owner_id = chance.choice(deals).id, owner.id
        for person in people:
            session.add(Proposal(person_id=person.id, summary="x", origin="test", created_at=make.NOW))
        return [person.id for person in people], [account.id for account in accounts]


def _by_hand(store: Store, owners: frozenset[str] | None, within: frozenset[str] | None) -> dict[str, set[str]]:
    with store.read(SYSTEM) as session:
        rows = {model.__name__: session.scalars(select(model)).all() for model in MODELS}
    if owners is None and within is None:
        return {name: {row.id for row in found} for name, found in rows.items()}
    seen = {
        member.account_id
        for member in rows["AccountMember"]
        if (owners is None or member.person_id in owners) and (within is None or member.account_id in within)
    }

    def visible(row: Any) -> bool:
        if isinstance(row, Account):
            return row.id in seen
        if isinstance(row, Proposal):
            return owners is None or row.person_id in owners
        if isinstance(row, ByAccount) and row.account_id is None:
            return within is None and (owners is None or row.owner_id in owners)
        return row.account_id in seen

    return {name: {row.id for row in found if visible(row)} for name, found in rows.items()}


@contextmanager
def statements_of(session: Session) -> Iterator[list[str]]:
    """What the session sends to read."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def filtered_by_the_session(store: Store, scope: Scope, *, writes: bool = False) -> bool:
    with (store.write if writes else store.read)(scope) as session, statements_of(session) as sent:
        session.scalars(select(Task.title)).all()
    return "account_member" in sent[-1]


def test_the_filter_is_left_to_a_database_that_holds_and_to_no_other(on_postgres: Company) -> None:
    store, mine = on_postgres.store, on_postgres.mine
    assert not filtered_by_the_session(store, mine)
    assert filtered_by_the_session(store, mine, writes=True)
    let_the_owner_through(store, "survey_response")
    assert filtered_by_the_session(store, mine)
    with store.write(SYSTEM) as session:
        session.connection().exec_driver_sql("ALTER TABLE survey_response FORCE ROW LEVEL SECURITY")
        session.connection().exec_driver_sql("ALTER TABLE job DISABLE ROW LEVEL SECURITY")
    assert filtered_by_the_session(store, mine)


def test_every_transaction_of_a_session_asks_anew(on_postgres: Company) -> None:
    with on_postgres.store.read(on_postgres.mine) as session, statements_of(session) as sent:
        seen = set(session.scalars(select(Task.title)))
        assert "account_member" not in sent[-1]
        session.rollback()
        let_the_owner_through(on_postgres.store, *GUARDED)
        assert set(session.scalars(select(Task.title))) == seen
        assert "account_member" in sent[-1]
        assert CANARY not in repr(seen)


ALIKE: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "a table": (lambda: select(Task.title), lambda: select(Task.__table__.c.title)),
    "text": (
        lambda: select(Task.id).where(Task.title == "x"),
        lambda: select(Task.id).where(text("title = 'x' OR true")),
    ),
    "a literal column": (
        lambda: select(literal_column("1")).select_from(Task),
        lambda: select(literal_column("(SELECT max(title) FROM task)")).select_from(Task),
    ),
    "a function": (
        lambda: select(func.lower(Task.title)),
        lambda: select(func.set_config("rapport.owners", "*", True)).select_from(Task),
    ),
    "a full join": (
        lambda: select(Task.id, Account.id).join(Account, Account.id == Task.account_id),
        lambda: select(Task.id, Account.id).join(Account, Account.id == Task.account_id, full=True),
    ),
    "a subquery": (
        lambda: select(select(Task.title).subquery()),
        lambda: select(select(case((Account.id.is_(None), "x"), else_=Task.title)).subquery()),
    ),
}


@pytest.mark.parametrize("pair", ALIKE)
def test_what_is_refused_stays_refused_whatever_was_let_through_before(both: Company, pair: str) -> None:
    allowed, refused = ALIKE[pair]
    for _ in range(3):
        with both.store.read(both.mine) as session:
            assert CANARY not in repr(session.execute(allowed()).all())
        with both.store.read(both.mine) as session, pytest.raises(NoScope):
            session.execute(refused())


OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "case": lambda a, b: case((a.is_(None), b), else_=a),
    "case of a word": lambda a, b: case((a.is_(None), "x"), else_=b),
    "largest of a case": lambda a, b: func.max(case((a.is_(None), "x"), else_=b)),
    "coalesce": lambda a, b: func.coalesce(a, b),
    "together": lambda a, b: a + b,
    "window": lambda a, b: func.first_value(b).over(order_by=a.desc()),
    "filtered aggregate": lambda a, b: func.max(b).filter(a.is_not(None)),
    "one and its subquery": lambda a, b: case((a.is_(None), "x"), else_=select(func.max(b)).scalar_subquery()),
}
PLACED: dict[str, Callable[[Any, Any], Any]] = {
    "alone": lambda e, b: select(e),
    "from somewhere else": lambda e, b: select(e).select_from(Person),
    "joined to somewhere else": lambda e, b: select(e).join(Person, literal(True)),
    "beside a column": lambda e, b: select(e, b),
    "behind a column": lambda e, b: select(b, e),
    "behind somebody": lambda e, b: select(Person.id, e),
    "in a subquery": lambda e, b: select(select(e.label("e")).subquery()),
    "in a subquery from somewhere else": lambda e, b: select(select(e.label("e")).select_from(Person).subquery()),
    "in a scalar": lambda e, b: select(Person.id, select(func.max(e)).scalar_subquery()),
}


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
def test_an_expression_of_two_entities_is_filtered_or_refused(both: Company) -> None:
    columns = (Task.title, Contact.name, aliased(Task).title, Person.name)
    ways = [(OF_TWO[made], PLACED[place]) for made in OF_TWO for place in PLACED]
    for expression, place in ways:
        for one, other in ((a, b) for a in columns for b in columns):
            with both.store.read(both.mine) as session, suppress(NoScope, SQLAlchemyError):
                found = session.execute(place(expression(one, other), other)).all()
                assert CANARY not in repr(found), (one, other)


def test_an_expression_of_two_entities_is_answered_where_it_can_be(both: Company) -> None:
    for _ in range(2):
        with both.store.read(both.mine) as session:
            two = session.execute(select(case((Task.title == "x", Contact.name), else_=Task.title)).select_from(Task))
            assert {title for (title,) in two} == {PLAIN}
