"""A deal that is deleted stays in the bridge: the pipeline shrank by it, and the line says so."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from crm_store.access import Scope
from crm_store.changes import Draft, confirm, propose, undo
from crm_store.models import Account, Deal, Person
from crm_store.reports import Days, ReportSettings
from crm_store.reports.changed import Bridge, bridge
from crm_store.store import Store
from tests import builders
from tests.builders import NOW
from tests.crm_store.reports.measuring import deals_at

SYSTEM = Scope.system("test")
MONDAY = NOW - timedelta(days=4)
BEFORE = MONDAY - timedelta(days=30)


@pytest.fixture
def company(record: Store) -> Store:
    """Ada owns an account with two deals; Bo manages her and looks after another one."""
    with record.write(SYSTEM) as session:
        ada, bo = builders.person(session, "Ada Lund"), builders.person(session, "Bo Weiss")
        stages = builders.pipeline(session)
        for owner, name in ((ada, "Kestrel"), (bo, "Orchard")):
            account = builders.account(session, name, owner)
            for what, amount in (("rollout", 40_000_00), ("pilot", 9_000_00)):
                values = {"amount_minor": amount, "currency": "EUR", "created_at": BEFORE, "stage_entered_at": BEFORE}
                builders.deal(session, f"{name} {what}", account, stages["Discovery"], **values)
    return record


def who(store: Store, name: str) -> Person:
    with store.read(SYSTEM) as session:
        return session.query(Person).filter_by(name=name).one()


def delete(store: Store, by: str, deal: str, at: datetime = NOW) -> str:
    person = who(store, by)
    with store.write(Scope(person.id, None)) as session:
        row = session.query(Deal).filter_by(name=deal).one()
        made = propose(
            session,
            person_id=person.id,
            drafts=[Draft("delete", "deal", {}, row.id, deal)],
            summary="s",
            origin="test",
            now=at,
        )
        return confirm(session, made, now=at, origin="test")


def since_monday(
    store: Store, scope: Scope = SYSTEM, owners: Sequence[str] | None = None, closing: Days | None = None
) -> Bridge:
    with store.read(scope) as session:
        found = bridge(session, MONDAY, NOW + timedelta(hours=1), ReportSettings(), owner_ids=owners, closing=closing)
    assert found.opening_minor + sum(move.delta_minor for move in found.moves) == found.closing_minor
    assert found.opening_deals + sum(_sign(move.kind) for move in found.moves) == found.closing_deals
    return found


def _sign(kind: str) -> int:
    return {"new": 1, "reopened": 1, "won": -1, "lost": -1, "deleted": -1}.get(kind, 0)


def told(found: Bridge) -> list[tuple[str, str, int]]:
    return [(move.kind, move.deal, move.delta_minor) for move in found.moves]


def test_a_deleted_deal_is_a_line_of_its_own_and_the_bridge_balances(company: Store) -> None:
    delete(company, "Bo Weiss", "Kestrel rollout")
    found = since_monday(company)
    assert told(found) == [("deleted", "Kestrel rollout", -40_000_00)]
    assert (found.opening_minor, found.closing_minor) == (98_000_00, 58_000_00)
    assert (found.opening_deals, found.closing_deals) == (4, 3)
    assert found.moves[0].by_id == who(company, "Bo Weiss").id
    assert found.moves[0].at == NOW
    assert found.moves[0].before == "Discovery"


def test_only_whoever_sees_the_account_hears_of_it(company: Store) -> None:
    delete(company, "Bo Weiss", "Kestrel rollout")
    ada, bo = who(company, "Ada Lund"), who(company, "Bo Weiss")
    assert told(since_monday(company, Scope(ada.id, frozenset({ada.id})))) == [
        ("deleted", "Kestrel rollout", -40_000_00)
    ]
    assert told(since_monday(company, Scope(bo.id, frozenset({bo.id})))) == []


def test_it_counts_for_the_owner_it_had_and_the_days_it_was_due_in(company: Store) -> None:
    delete(company, "Ada Lund", "Kestrel rollout")
    ada, bo = who(company, "Ada Lund"), who(company, "Bo Weiss")
    assert len(told(since_monday(company, owners=[ada.id]))) == 1
    assert told(since_monday(company, owners=[bo.id])) == []
    far = Days(date(2031, 1, 1), date(2031, 12, 31))
    assert told(since_monday(company, closing=far)) == []


def test_a_deletion_that_was_taken_back_never_happened(company: Store) -> None:
    change = delete(company, "Ada Lund", "Kestrel rollout")
    with company.write(Scope(who(company, "Ada Lund").id, None)) as session:
        undo(session, change, now=NOW + timedelta(minutes=5), origin="test")
    assert told(since_monday(company)) == []
    delete(company, "Ada Lund", "Kestrel rollout", NOW + timedelta(minutes=9))
    assert told(since_monday(company)) == [("deleted", "Kestrel rollout", -40_000_00)]


def test_a_deal_that_came_and_went_in_between_is_in_neither_end(company: Store) -> None:
    person = who(company, "Ada Lund")
    with company.write(Scope(person.id, None)) as session:
        account = session.query(Account).filter_by(name="Kestrel").one()
        stage = session.query(Deal).filter_by(name="Kestrel pilot").one().stage_id
        values = {
            "name": "Mistake",
            "account_id": account.id,
            "stage_id": stage,
            "amount_minor": 5_00,
            "currency": "EUR",
        }
        made = propose(
            session, person_id=person.id, drafts=[Draft("create", "deal", values)], summary="s", origin="test", now=NOW
        )
        change = confirm(session, made, now=NOW, origin="test")
    assert told(since_monday(company)) == [("new", "Mistake", 5_00)]
    with company.write(Scope(person.id, None)) as session:
        undo(session, change, now=NOW + timedelta(minutes=5), origin="test")
    assert told(since_monday(company)) == []


def test_the_deals_of_an_earlier_day_include_what_was_deleted_since(company: Store) -> None:
    delete(company, "Ada Lund", "Kestrel rollout")
    with company.read(SYSTEM) as session:
        before = {state.name for state in deals_at(session, MONDAY)}
        after = {state.name for state in deals_at(session, NOW)}
    assert before - after == {"Kestrel rollout"}
