"""Nothing is kept longer than was decided, in batches that may be stopped, and people go only when somebody confirms."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_store import changes, jobs
from crm_store.access import Scope
from crm_store.models import Contact, ConversationTurn, InboundEvent, Job, ProposalItem
from crm_store.people_data import retention as rules
from crm_store.people_data.retention import Retention, due, keep_to
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")
NOW = make.NOW
LONG_AGO = NOW - timedelta(days=400)
ALL = Retention(conversations_days=365, jobs_days=30, contacts_months=12)


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write(SYSTEM) as session:
        make.person(session, "Ada Root", "admin")
        rep = make.person(session, "Mara Lind")
        account = make.account(session, "Acme", rep)
        for at in (LONG_AGO, NOW):
            session.add(ConversationTurn(person_id=rep.id, thread_id="t", at=at, question="?", answer="!", memory={}))
            jobs.receive(session, "slack", f"e{at}", at)
            jobs.keep(session, "slack", f"k{at}", {}, now=at)
        jobs.enqueue(session, "slack", "waits", {}, now=LONG_AGO)
        old: dict[str, Any] = {"created_at": LONG_AGO, "updated_at": LONG_AGO}
        make.contact(session, "Silent One", account, **old)
        met = make.contact(session, "Met Lately", account, **old)
        make.interaction(session, account, "Hello", met, at=NOW - timedelta(days=3))
        asked = make.contact(session, "Has Case", account, **old)
        make.case(session, account, "Broken", contact_id=asked.id, opened_at=LONG_AGO)
        make.contact(session, "New One", account)
    return store


def test_what_is_due_is_counted_and_nothing_goes(filled: Store) -> None:
    with filled.read(SYSTEM) as session:
        found = due(session, ALL, NOW)
    assert (found.conversations, found.jobs, found.events) == (1, 1, 1)
    assert [name for _, name in found.contacts] == ["Silent One"]
    with filled.read(SYSTEM) as session:
        assert session.scalar(select(func.count(ConversationTurn.id))) == 2


def test_a_run_removes_what_is_old_and_keeps_what_waits(filled: Store) -> None:
    keep_to(filled, ALL, NOW, quiet)
    with filled.read(SYSTEM) as session:
        assert session.scalar(select(func.count(ConversationTurn.id))) == 1
        assert session.scalar(select(func.count(InboundEvent.id))) == 1
        assert {job.key for job in session.scalars(select(Job))} >= {"waits", f"k{NOW}"}
        assert f"k{LONG_AGO}" not in set(session.scalars(select(Job.key)))


def test_silent_people_are_proposed_once_and_erased_only_on_a_word(filled: Store) -> None:
    for _ in range(2):
        keep_to(filled, ALL, NOW, quiet)
    with filled.read(SYSTEM) as session:
        (item,) = session.scalars(select(ProposalItem).where(ProposalItem.action == "erase"))
        assert session.scalar(select(func.count(Contact.id)).where(Contact.name == "Silent One")) == 1
    with filled.write(Scope(item.person_id, None)) as session:
        changes.confirm(session, item.proposal_id, now=NOW, origin="test")
    with filled.read(SYSTEM) as session:
        assert "Silent One" not in set(session.scalars(select(Contact.name)))


def test_every_silent_person_is_asked_about_once_however_many_there_are(store: Store) -> None:
    many = rules.MOST_PROPOSED * 5 + 3
    with store.write(SYSTEM) as session:
        make.person(session, "Ada Root", "admin")
        account = make.account(session, "Acme", make.person(session, "Mara Lind"))
        for number in range(many):
            make.contact(session, f"Silent {number}", account, created_at=LONG_AGO, updated_at=LONG_AGO)
    runs = [keep_to(store, ALL, NOW + timedelta(days=day), quiet) for day in range(8)]
    assert [run.proposed for run in runs] == [*[rules.MOST_PROPOSED] * 5, 3, 0, 0]
    assert [len(run.contacts) for run in runs[:2]] == [many, many - rules.MOST_PROPOSED]
    with store.read(SYSTEM) as session:
        asked = list(session.scalars(select(ProposalItem.entity_id)))
    assert len(asked) == len(set(asked)) == many


def test_without_an_administrator_nobody_is_asked_and_the_run_says_so(store: Store) -> None:
    with store.write(SYSTEM) as session:
        account = make.account(session, "Acme", make.person(session, "Mara Lind"))
        make.contact(session, "Silent One", account, created_at=LONG_AGO, updated_at=LONG_AGO)
    found = keep_to(store, ALL, NOW, quiet)
    assert (len(found.contacts), found.proposed) == (1, 0)


def test_by_default_nothing_goes(filled: Store) -> None:
    found = keep_to(filled, Retention(), NOW, quiet)
    assert (found.conversations, found.jobs, found.events, found.contacts) == (0, 0, 0, ())


def test_a_run_that_is_stopped_goes_on_where_it_was(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        for _ in range(rules.BATCH * 2 + 5):
            session.add(
                ConversationTurn(person_id=rep.id, thread_id="t", at=LONG_AGO, question="?", answer="!", memory={})
            )
    steps: list[int] = []
    keep_to(sqlite_store, ALL, NOW, lambda step, done, total: steps.append(done), lambda: len(steps) >= 1)
    with sqlite_store.read(SYSTEM) as session:
        assert session.scalar(select(func.count(ConversationTurn.id))) == rules.BATCH + 5
    keep_to(sqlite_store, ALL, NOW, quiet)
    with sqlite_store.read(SYSTEM) as session:
        assert session.scalar(select(func.count(ConversationTurn.id))) == 0
