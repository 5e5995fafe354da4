"""Who sees what, tried through every door that SQLAlchemy has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    case,
    column,
    delete,
    exists,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Bundle, Session, aliased, join, joinedload, selectinload, subqueryload

from crm_store.access import Scope, ScopedSession
from crm_store.errors import NoScope, NotVisible, ReadOnly
from crm_store.models import Account, AccountMember, Contact, Deal, Interaction, Person, Proposal, Task
from crm_store.people import Visibility, caller_for
from crm_store.store import Store
from tests import builders as make

CANARY = "zanzibar"
TASK: Any = Task.__table__
ACCOUNT: Any = Account.__table__


@dataclass(frozen=True)
class Company:
    """Two reps in two teams; everything of the second carries the canary."""

    store: Store
    mine: Scope
    my_account: str
    their_account: str
    their_task: str
    me: str
    them: str


@pytest.fixture
def company(store: Store) -> Company:
    with store.write(Scope.system("test")) as session:
        north, south = make.team(session, "North"), make.team(session, "South")
        me, them = make.person(session, "Ida Ekman", team=north), make.person(session, "Per Falk", team=south)
        stages = make.pipeline(session)
        rows = {}
        for owner, word in ((me, "plain"), (them, CANARY)):
            account = make.account(session, f"{word} account", owner)
            someone = make.contact(session, f"{word} contact", account)
            make.deal(session, f"{word} deal", account, stages["Proposal"])
            make.interaction(session, account, f"{word} was said", someone)
            rows[word] = (account.id, make.task(session, f"{word} task", account, owner).id)
            make.task(session, f"{word} private task", None, owner)
            session.add(Proposal(person_id=owner.id, summary=f"{word} proposal", origin="test", created_at=make.NOW))
        mine = caller_for(session, me.email).scope
        ids = (rows["plain"][0], rows[CANARY][0], rows[CANARY][1], me.id, them.id)
    return Company(store, mine, *ids)


Probe = Callable[[Session], Any]
other = aliased(Task)
cte = select(Task.title).cte()
start = select(Task.id, Task.title).cte("chain", recursive=True)
chain = start.union_all(select(other.id, other.title).join(start, start.c.id == other.deal_id))
PROBES: dict[str, Probe] = {
    "entity": lambda s: [row.name for row in s.scalars(select(Account))],
    "column": lambda s: s.scalars(select(Task.title)).all(),
    "alias": lambda s: s.scalars(select(other.title)).all(),
    "join": lambda s: s.execute(select(Task.title, Account.name).join(Account, Account.id == Task.account_id)).all(),
    "outer join from people": lambda s: s.execute(
        select(Person.name, Account.name).outerjoin(Account, Account.owner_id == Person.id)
    ).all(),
    "cross join": lambda s: s.execute(select(Task.title, other.title).join(other, literal(True))).all(),
    "common table expression": lambda s: s.scalars(select(cte.c.title)).all(),
    "subquery": lambda s: s.scalars(select(select(Interaction.body).subquery().c.body)).all(),
    "scalar subquery": lambda s: s.scalars(select(select(func.max(Task.title)).scalar_subquery())).all(),
    "union": lambda s: s.scalars(union_all(select(Task.title), select(Deal.name))).all(),
    "relationship": lambda s: [
        [c.name for c in a.contacts] for a in s.scalars(select(Account).options(selectinload(Account.contacts)))
    ],
    "group by": lambda s: s.execute(select(Contact.name, func.count()).group_by(Contact.name)).all(),
    "proposals": lambda s: s.scalars(select(Proposal.summary)).all(),
    "largest": lambda s: s.scalar(select(func.max(Interaction.body))),
    "joined load": lambda s: [
        [c.name for c in a.contacts] for a in s.scalars(select(Account).options(joinedload(Account.contacts))).unique()
    ],
    "subquery load": lambda s: [
        [c.name for c in a.contacts] for a in s.scalars(select(Account).options(subqueryload(Account.contacts)))
    ],
    "window": lambda s: s.scalars(select(func.first_value(Task.title).over(order_by=Task.title.desc()))).all(),
    "case": lambda s: s.scalars(select(case((literal(True), Task.title)))).all(),
    "filtered aggregate": lambda s: s.scalars(select(func.max(Task.title).filter(Task.id != ""))).all(),
    "expression of two": lambda s: s.scalars(select(func.coalesce(Person.title, Task.title))).all(),
    "recursive": lambda s: s.scalars(select(chain.c.title)).all(),
    "legacy query": lambda s: s.query(Person.name, Task.title).outerjoin(Task, Task.owner_id == Person.id).all(),
    "columns put in later": lambda s: s.execute(
        select(Person).join(Task, Task.owner_id == Person.id).with_only_columns(Task.title)
    ).all(),
    "bundle": lambda s: s.execute(select(Bundle("task", Task.title))).all(),
    "entity of a union": lambda s: [
        row.title for row in s.scalars(select(aliased(Task, union_all(select(Task), select(Task)).subquery())))
    ],
    "streamed": lambda s: list(s.execute(select(Task.title).execution_options(yield_per=1))),
    "correlated": lambda s: s.execute(
        select(Person.name, select(func.max(Task.title)).where(Task.owner_id == Person.id).scalar_subquery())
    ).all(),
}


@pytest.mark.parametrize("door", PROBES)
def test_a_rep_sees_nothing_of_an_account_that_is_not_theirs(company: Company, door: str) -> None:
    with company.store.read(company.mine) as session:
        assert CANARY not in repr(PROBES[door](session))
    with company.store.read(Scope.system("test")) as session:
        assert CANARY in repr(PROBES[door](session)), "the probe must see the canary where it may"


@pytest.mark.parametrize("door", PROBES)
def test_two_scopes_one_after_the_other_each_see_their_own(company: Company, door: str) -> None:
    theirs = Scope(company.them, frozenset({company.them}))
    for scope, seen in ((company.mine, False), (theirs, True), (company.mine, False)):
        with company.store.read(scope) as session:
            assert (CANARY in repr(PROBES[door](session))) is seen
    for scope in (theirs, Scope(company.me, None, frozenset({company.my_account}))):
        with company.store.read(scope) as session:
            assert ("plain account" in repr(PROBES["entity"](session))) is (scope is not theirs)
    with company.store.read(Scope(company.me, None, frozenset({company.my_account}))) as session:
        assert "account" not in door or CANARY not in repr(PROBES[door](session))
        assert CANARY not in repr(PROBES["alias"](session))


def test_what_is_not_theirs_is_not_counted(company: Company) -> None:
    with company.store.read(company.mine) as session:
        assert session.scalar(select(func.count()).select_from(Task)) == 2
        assert session.scalar(select(func.count(Account.id))) == 1
        assert session.scalars(select(literal(1)).where(exists().where(Task.title == f"{CANARY} task"))).all() == []


def test_an_id_from_elsewhere_finds_nothing(company: Company) -> None:
    with company.store.read(company.mine) as session:
        assert session.get(Account, company.their_account) is None
        assert session.get(Task, company.their_task) is None
        assert session.get(Account, company.my_account) is not None


def test_a_colleague_on_the_account_team_sees_the_account_and_what_belongs_to_it(company: Company) -> None:
    with company.store.write(Scope.system("test")) as session:
        session.add(AccountMember(account_id=company.their_account, person_id=company.me, reason="deal"))
    with company.store.read(company.mine) as session:
        assert f"{CANARY} account" in session.scalars(select(Account.name)).all()
        assert f"{CANARY} deal" in session.scalars(select(Deal.name)).all()
        assert f"{CANARY} private task" not in session.scalars(select(Task.title)).all()


AROUND: dict[str, Any] = {
    "text": text("SELECT title FROM task"),
    "text with columns": text("SELECT title FROM task").columns(TASK.c.title),
    "from statement": select(Task).from_statement(text("SELECT * FROM task")),
    "text in a where": select(Task).where(text("1 = 1")),
    "table": select(TASK),
    "column of a table": select(TASK.c.title),
    "alias of a table": select(func.max(TASK.alias().c.title)),
    "count of a table": select(func.count()).select_from(TASK),
    "join of tables": select(literal(1)).select_from(TASK.join(ACCOUNT, TASK.c.account_id == ACCOUNT.c.id)),
    "table joined to an entity": select(Task.id).join(TASK.alias("other"), literal(True)),
    "table in a subquery": select(Task.id, select(func.max(TASK.c.title)).correlate(None).scalar_subquery()),
    "table in a common table expression": select(select(TASK.c.title).cte().c.title),
    "table in exists": select(Task.id).where(exists().select_from(TASK)),
    "table by its name": select(table("task", column("title"))),
    "column of a table by its name": select(table("task", column("title")).c.title),
    "table of another schema object": select(Table("task", MetaData(), Column("title", String)).c.title),
    "full-text lines": select(table("chunk_fts", column("body"))),
    "literal column": select(literal_column("(SELECT max(title) FROM task)")),
    "literal column in an order": select(Person.id).order_by(literal_column("(SELECT max(title) FROM task)")),
    "prefix": select(Person.id).prefix_with("(SELECT max(title) FROM task),"),
    "suffix": select(Person.id).suffix_with("UNION ALL SELECT title FROM task"),
    "full join": select(Person.name, Task.title).join(Task, Task.owner_id == Person.id, full=True),
    "full join of entities": select(Task.title).select_from(join(Person, Task, Task.owner_id == Person.id, full=True)),
    "expression alone in a subquery": select(select(case((literal(True), Task.title)).label("q")).subquery().c.q),
    "write in a common table expression": select(update(Task).values(title="x").returning(Task.title).cte().c.title),
}


@pytest.mark.parametrize("way", AROUND)
def test_a_statement_that_goes_around_the_scope_is_refused(company: Company, way: str) -> None:
    with company.store.read(company.mine) as session, pytest.raises(NoScope):
        session.execute(AROUND[way])


def test_a_scoped_session_hands_out_no_connection(company: Company) -> None:
    with company.store.read(company.mine) as session, pytest.raises(NoScope):
        session.connection()


def test_a_session_without_a_scope_does_not_open(company: Company) -> None:
    with pytest.raises(NoScope), company.store.read(None):
        pass


def test_a_scope_cannot_be_changed_once_the_session_is_open(company: Company) -> None:
    with company.store.read(company.mine) as session, pytest.raises(AttributeError):
        session.scope = Scope.system("more")  # type: ignore[misc]


def test_bulk_statements_touch_only_what_is_visible(company: Company) -> None:
    with company.store.write(company.mine) as session:
        session.execute(update(Task).values(title="seen"))
        session.execute(delete(Task).where(Task.account_id.is_(None)))
    with company.store.read(Scope.system("test")) as session:
        titles = set(session.scalars(select(Task.title)))
    assert titles == {"seen", f"{CANARY} task", f"{CANARY} private task"}


@pytest.mark.parametrize("statement", [update(TASK).values(title="x"), delete(TASK), insert(TASK).values(id="x")])
def test_bulk_statements_on_tables_are_refused(company: Company, statement: Any) -> None:
    with pytest.raises(NoScope), company.store.write(company.mine) as session:
        session.execute(statement)


FOREIGN: dict[str, Callable[[ScopedSession, Company], Any]] = {
    "insert": lambda s, c: s.execute(insert(Task).values(_task(c))),
    "insert of several": lambda s, c: s.execute(insert(Task), [_task(c)]),
    "insert from select": lambda s, c: s.execute(insert(Person).from_select(["name"], select(Task.title))),
    "update by key": lambda s, c: s.execute(update(Task), [{"id": c.their_task, "title": "x"}]),
    "bulk update": lambda s, c: s.bulk_update_mappings(inspect(Task), [{"id": c.their_task, "title": "x"}]),
    "bulk insert": lambda s, c: s.bulk_insert_mappings(inspect(Task), [_task(c)]),
    "bulk save": lambda s, c: s.bulk_save_objects([Task(**_task(c))]),
    "merge": lambda s, c: s.merge(Task(id=c.their_task, title="x")),
    "move by a bulk update": lambda s, c: s.execute(update(Task).values(account_id=c.their_account)),
    "move to a person": lambda s, c: s.execute(update(Task).values(owner_id=c.them)),
    "move by hand": lambda s, c: setattr(s.scalars(select(Task)).first(), "account_id", c.their_account),
    "place on a team": lambda s, c: s.add(AccountMember(account_id=c.their_account, person_id=c.me)),
    "proposal of somebody else": lambda s, c: s.add(
        Proposal(person_id=c.them, summary="x", origin="test", created_at=make.NOW)
    ),
}


def _task(company: Company) -> dict[str, Any]:
    return {
        "id": "new", "title": "x", "kind": "task", "status": "open", "version": 1, "account_id": company.their_account,
        "owner_id": company.them, "created_at": make.NOW, "updated_at": make.NOW,
    }  # fmt: skip


def test_nothing_of_an_account_out_of_sight_is_written(company: Company) -> None:
    for way, write in FOREIGN.items():
        with pytest.raises((NoScope, NotVisible)), company.store.write(company.mine) as session:
            write(session, company)
        with company.store.read(Scope.system("test")) as session:
            assert "x" not in session.scalars(select(Task.title)).all(), way
            assert len(session.scalars(select(AccountMember)).all()) == 2, way
            assert len(session.scalars(select(Task.id).where(Task.owner_id == company.me)).all()) == 2, way


def test_a_bulk_update_copies_nothing_from_out_of_sight(company: Company) -> None:
    with company.store.write(company.mine) as session:
        session.execute(update(Task).values(title=select(func.max(Account.name)).scalar_subquery()))
        session.execute(update(Task).where(Task.id.in_(select(other.id).where(other.title.like("zan%")))).values(title=""))
    with company.store.read(Scope.system("test")) as session:
        titles = set(session.scalars(select(Task.title)))
    assert titles == {"plain account", f"{CANARY} task", f"{CANARY} private task"}


def test_what_the_database_refuses_quotes_no_values(company: Company) -> None:
    taken = {"id": company.their_task, "title": "my secret", "account_id": None, "owner_id": company.me}
    with pytest.raises(IntegrityError) as refused, company.store.write(company.mine) as session:
        session.add(Task(**_task(company) | taken))
    assert "my secret" not in str(refused.value)
    assert CANARY not in str(refused.value)


def test_a_reading_session_writes_nothing(company: Company) -> None:
    with company.store.read(company.mine) as session:
        with pytest.raises(ReadOnly):
            session.execute(update(Task).values(title="x"))
        task = session.scalars(select(Task)).first()
        assert task is not None
        task.title = "x"
        with pytest.raises(ReadOnly):
            session.flush()


def test_a_row_cannot_be_added_to_an_account_out_of_sight(company: Company) -> None:
    with pytest.raises(NotVisible), company.store.write(company.mine) as session:
        session.add(
            Task(
                title="x",
                account_id=company.their_account,
                owner_id=company.me,
                created_at=make.NOW,
                updated_at=make.NOW,
            )
        )
    with pytest.raises(NotVisible), company.store.write(company.mine) as session:
        session.add(Task(title="x", owner_id=company.them, created_at=make.NOW, updated_at=make.NOW))


def test_an_object_of_another_session_is_not_let_in(company: Company) -> None:
    with company.store.read(Scope.system("test")) as everything:
        theirs = everything.get(Account, company.their_account)
    assert theirs is not None
    with company.store.write(company.mine) as session, pytest.raises(NoScope):
        session.add(theirs)


def test_visibility_follows_the_role_and_the_policy(store: Store) -> None:
    with store.write(Scope.system("test")) as session:
        region = make.team(session, "Region")
        north = make.team(session, "North", parent=region)
        people = {
            "rep": make.person(session, "Rep One", team=north),
            "peer": make.person(session, "Rep Two", team=north),
            "manager": make.person(session, "Team Lead", "manager", north),
            "director": make.person(session, "Region Lead", "manager", region),
            "at the top": make.person(session, "Rep Four", team=region),
            "admin": make.person(session, "Ad Min", "admin"),
            "elsewhere": make.person(session, "Rep Three", team=make.team(session, "South")),
        }
        for who, row in people.items():
            make.account(session, f"of {who}", row)
        emails = {who: row.email for who, row in people.items()}

    def seen(who: str, policy: Visibility = Visibility.OWN) -> set[str]:
        with store.read(Scope.system("test")) as session:
            scope = caller_for(session, emails[who], policy).scope
        with store.read(scope) as session:
            return {name.removeprefix("of ") for name in session.scalars(select(Account.name))}

    assert seen("rep") == {"rep"}
    assert seen("rep", Visibility.TEAM) == {"rep", "peer", "manager"}
    assert seen("rep", Visibility.TREE) == {"rep", "peer", "manager"}
    assert seen("at the top", Visibility.TEAM) == {"at the top", "director"}
    assert seen("at the top", Visibility.TREE) == {"at the top", "rep", "peer", "manager", "director"}
    assert seen("rep", Visibility.ALL) == set(people)
    assert seen("manager") == {"rep", "peer", "manager"}
    assert seen("director") == {"rep", "peer", "manager", "director", "at the top"}
    assert seen("admin") == set(people)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.none(), st.frozensets(st.sampled_from("abc"))), st.one_of(st.none(), st.frozensets(st.sampled_from("xyz"))),
    st.one_of(st.none(), st.frozensets(st.sampled_from("abc"))), st.one_of(st.none(), st.frozensets(st.sampled_from("xyz"))),
)  # fmt: skip
def test_a_narrowed_scope_never_sees_more_than_either(
    owners: frozenset[str] | None,
    within: frozenset[str] | None,
    more: frozenset[str] | None,
    inside: frozenset[str] | None,
) -> None:
    first, second = Scope("p", owners, within), Scope("q", more, inside)
    both = first.intersect(second)
    for part in (first, second):
        assert part.owner_ids is None or (both.owner_ids is not None and both.owner_ids <= part.owner_ids)
        assert part.within is None or (both.within is not None and both.within <= part.within)
    assert both.person_id == "p"
