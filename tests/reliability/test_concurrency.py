"""Many hands at once, on both databases: nothing is lost, nothing is written twice, nothing is half done."""

from functools import partial

from crm_store import changes
from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.errors import Conflict
from crm_store.models import Change, Deal, Interaction, Job
from crm_store.people import Caller, caller_for
from crm_store.store import Store
from tests import builders
from tests.builders import NOW
from tests.reliability.conftest import at_once

HANDS, EACH = 8, 4
EVERYTHING = Scope.system("test")


def company(store: Store) -> tuple[Caller, str, str]:
    """A rep, and the ids of their account and their deal."""
    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Rena Kaur")
        account = builders.account(session, "Larkfield Mills", rep)
        deal = builders.deal(session, "Larkfield rollout", account, builders.pipeline(session)["Discovery"])
        return caller_for(session, rep.email), account.id, deal.id


def propose(store: Store, caller: Caller, *drafts: Draft) -> str:
    with store.write(caller.scope) as session:
        return changes.propose(
            session, person_id=caller.person_id, drafts=drafts, summary="A call", origin="test", now=NOW
        )


def confirm(store: Store, caller: Caller, proposal: str) -> str:
    with store.write(caller.scope) as session:
        return changes.confirm(session, proposal, now=NOW, origin="test")


def call(account: str, words: str) -> Draft:
    values = {"channel": "call", "at": NOW, "subject": words, "body": words, "account_id": account}
    return Draft("create", "interaction", values, new_id(), words)


def test_eight_hands_that_log_calls_lose_none(store: Store) -> None:
    caller, account, _ = company(store)

    def log(hand: int) -> None:
        for number in range(EACH):
            confirm(store, caller, propose(store, caller, call(account, f"call {hand}.{number}")))

    assert at_once(*[partial(log, hand) for hand in range(HANDS)]) == []
    with store.read(caller.scope) as session:
        logged = sorted(row.subject for row in session.query(Interaction))
        assert logged == sorted(f"call {hand}.{number}" for hand in range(HANDS) for number in range(EACH))
        assert session.query(Change).count() == HANDS * EACH


def test_eight_hands_that_confirm_one_proposal_make_one_change(store: Store) -> None:
    caller, account, _ = company(store)
    proposal = propose(store, caller, call(account, "the one call"))
    made: list[str] = []
    assert at_once(*[lambda: made.append(confirm(store, caller, proposal))] * HANDS) == []
    assert len(made) == HANDS
    assert len(set(made)) == 1
    with store.read(EVERYTHING) as session:
        assert session.query(Interaction).count() == 1
        assert session.query(Change).count() == 1
        keys = [job.key for job in session.query(Job)]
        assert len(keys) == len(set(keys))


def test_two_proposals_for_one_field_never_overwrite_each_other_unseen(store: Store) -> None:
    caller, _, deal = company(store)
    amounts = [1_000_00 * (hand + 1) for hand in range(HANDS)]
    waiting = [propose(store, caller, Draft("update", "deal", {"amount_minor": amount}, deal)) for amount in amounts]
    wrong = at_once(*[partial(confirm, store, caller, proposal) for proposal in waiting])
    assert all(isinstance(error, Conflict) for error in wrong), wrong
    with store.read(EVERYTHING) as session:
        written = session.query(Change).count()
        row = session.query(Deal).filter_by(id=deal).one()
        assert row.amount_minor in amounts
    assert written == HANDS - len(wrong)
    assert written >= 1


def test_undo_pressed_by_eight_hands_takes_back_once(store: Store) -> None:
    caller, account, _ = company(store)
    change = confirm(store, caller, propose(store, caller, call(account, "a call too many")))

    def undo() -> None:
        with store.write(caller.scope) as session:
            changes.undo(session, change, now=NOW, origin="test")

    at_once(*[undo] * HANDS)
    with store.read(EVERYTHING) as session:
        assert session.query(Interaction).count() == 0
        assert session.query(Change).filter(Change.undo_of == change).count() == 1
