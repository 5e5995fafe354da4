"""Two processes on one home: what the one without the vector index writes reaches the index of the one that holds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Rapport
from bot.questions import Question
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Account, Chunk, Interaction, Participant
from knowledge.errors import KnowledgeError
from tests import builders as make

SYSTEM = Scope.system("test")
ADMIN = "ada.root@halvern.example"
NAME = "Zebulon Quixworth"


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Rapport]:
    """What a running service is: it holds the index, with two calls in it."""
    with Rapport(Settings(home=tmp_path), clock=lambda: make.NOW) as rapport:
        rapport.open(create=True, hold_index=True)
        with rapport.store.write(SYSTEM) as session:
            acme = make.account(session, "Acme", make.person(session, "Ada Root", "admin", email=ADMIN))
            guest = make.contact(session, NAME, acme, email="zq@acme.example")
            other = make.contact(session, "Nora Vale", acme, email="nora@acme.example")
            make.interaction(session, acme, f"{NAME} and Nora want the sensors checked for leaks.", guest, other)
            make.interaction(session, acme, "Nora asked for the security paper.", other)
        rapport.index_missing()
        assert rapport.indexer.check().healthy
        yield rapport


@pytest.fixture
def beside(holder: Rapport) -> Iterator[Rapport]:
    """A command that runs at the same time; the index is taken."""
    with Rapport(holder.settings, clock=lambda: make.NOW) as rapport:
        rapport.open(hold_index=True)
        assert rapport.indexer.index is None
        yield rapport


def ids(rapport: Rapport, subject: str) -> list[str]:
    with rapport.store.read(SYSTEM) as session:
        return list(session.scalars(select(Interaction.id).where(Interaction.body.contains(subject))))


def test_a_person_erased_by_a_command_beside_the_service_is_gone_from_its_index(
    holder: Rapport, beside: Rapport
) -> None:
    assert holder.indexer.index is not None
    with holder.store.read(SYSTEM) as session:
        before = {row.id: row.vector for row in session.scalars(select(Chunk))}
    for text in (f"erase {NAME}", "yes"):
        beside.answer(Question(text, beside.caller_for_email(ADMIN), make.NOW, "t", origin="cli"))
    beside.run_due_jobs()
    assert holder.run_due_jobs() > 0
    with holder.store.read(SYSTEM) as session:
        after = {row.id: row.vector for row in session.scalars(select(Chunk))}
    assert any(before[id_] != vector for id_, vector in after.items() if id_ in before)
    checked = holder.indexer.check()
    assert checked.healthy, checked.summary


def test_what_a_command_imports_beside_the_service_is_in_its_index(holder: Rapport, beside: Rapport) -> None:
    with beside.store.write(SYSTEM) as session:
        make.interaction(session, session.scalars(select(Account)).one(), "They build gyroscopes for submarines.")
    beside.index_missing()
    assert len(holder.indexer.check().missing) == 1
    holder.run_due_jobs()
    checked = holder.indexer.check()
    assert (checked.healthy, checked.indexed) == (True, 3)


def test_a_row_indexed_beside_the_service_follows_in_its_index_and_leaves_it_when_it_goes(
    holder: Rapport, beside: Rapport
) -> None:
    (call,) = ids(holder, "security paper")
    with beside.store.write(SYSTEM) as session:
        session.scalars(select(Interaction).where(Interaction.id == call)).one().body = "Nora asked for the price list."
    beside.indexer.index_row("interaction", call)
    assert len(holder.indexer.check().changed) == 1
    holder.run_due_jobs()
    assert holder.indexer.check().healthy
    with beside.store.write(SYSTEM) as session:
        for part in session.scalars(select(Participant).where(Participant.interaction_id == call)):
            session.delete(part)
        session.flush()
        session.delete(session.scalars(select(Interaction).where(Interaction.id == call)).one())
    beside.indexer.index_row("interaction", call)
    holder.run_due_jobs()
    checked = holder.indexer.check()
    assert (checked.healthy, checked.indexed) == (True, 1)


def test_a_service_that_starts_mends_vectors_that_changed_while_it_was_away(holder: Rapport) -> None:
    (call,) = ids(holder, "security paper")
    with holder.store.write(SYSTEM) as session:
        session.scalars(select(Interaction).where(Interaction.id == call)).one().body = "Nora asked for the price list."
    index, holder.indexer.index = holder.indexer.index, None
    holder.indexer.index_row("interaction", call)
    holder.indexer.index = index
    assert len(holder.indexer.check().changed) == 1
    holder.index_missing()
    assert holder.indexer.check().healthy


def test_a_rebuild_asked_for_beside_the_service_is_done_by_it(holder: Rapport, beside: Rapport) -> None:
    assert holder.indexer.index is not None
    before = holder.indexer.index.serving
    beside.indexer.rebuild_or_leave()
    with pytest.raises(KnowledgeError, match="Another process holds the index"):
        beside.indexer.rebuild()
    assert beside.run_due_jobs() == 0
    assert holder.run_due_jobs() == 1
    assert holder.indexer.index.serving != before
    assert holder.indexer.check().healthy


def test_the_index_is_checked_beside_the_service_that_holds_it(holder: Rapport, beside: Rapport) -> None:
    checked = beside.indexer.check()
    assert (checked.healthy, checked.indexed, checked.beside) == (True, 2, True)
    assert "beside the process that holds it" in checked.summary
    with beside.store.write(SYSTEM) as session:
        make.interaction(session, session.scalars(select(Account)).one(), "They build gyroscopes for submarines.")
    beside.index_missing()
    assert len(beside.indexer.check().missing) == 1
    holder.run_due_jobs()
    assert beside.indexer.check().healthy
