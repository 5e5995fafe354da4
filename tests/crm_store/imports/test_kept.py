"""What a person changed since it came in is never overwritten, but proposed: once, to its owner."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_store.access import Scope
from crm_store.changes import Draft, confirm, propose, read_proposal, reject
from crm_store.imports import ImportReport
from crm_store.models import Account, Contact, CustomField, Deal, FieldHistory, Job, Person, Stage
from crm_store.people import Caller, caller_for
from crm_store.store import Store
from tests.crm_store.imports.folder import COMPANY, NOW, bring_in, of, write

SYSTEM = Scope.system("test")
EMIL = "emil@halvern.example"


def emil(store: Store) -> Caller:
    with store.read(SYSTEM) as session:
        return caller_for(session, EMIL)


def change(store: Store, entity: str, external_id: str, values: dict[str, object]) -> None:
    model: Any = {"deal": Deal, "account": Account, "contact": Contact}[entity]
    caller = emil(store)
    with store.write(caller.scope) as session:
        row_id = session.scalars(select(model.id).where(model.external_id == external_id)).one()
        drafts = [Draft("update", entity, values, entity_id=row_id)]
        asked = propose(session, person_id=caller.person_id, drafts=drafts, summary="Change", origin="cli", now=NOW)
        confirm(session, asked, now=NOW, origin="cli")


def deal(store: Store) -> Deal:
    with store.read(SYSTEM) as session:
        return session.scalars(select(Deal).where(Deal.external_id == "D1")).one()


def with_amount(tmp_path: Path, store: Store, amount: str) -> ImportReport:
    deals = COMPANY["deals.csv"].replace('"84,000.50"', amount)
    return bring_in(store, write(tmp_path / "again", COMPANY | {"deals.csv": deals}))


def test_a_kept_value_is_proposed_to_the_owner_and_can_be_confirmed(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "in", COMPANY))
    change(store, "deal", "D1", {"amount_minor": 7_700_000})
    tried = bring_in(store, write(tmp_path / "in", COMPANY), dry_run=True)
    report = with_amount(tmp_path, store, "90000")
    assert [(each.person, each.values) for each in tried.proposed] == [(EMIL, 1)]
    assert [(each.person, each.values) for each in report.proposed] == [(EMIL, 1)]
    assert deal(store).amount_minor == 7_700_000
    caller = emil(store)
    with store.read(caller.scope) as session:
        asked = read_proposal(session, report.proposed[0].id)
    assert (asked.origin, asked.status) == ("import", "open")
    assert asked.items[0].label == "Oakmere rollout"
    assert dict(asked.items[0].changes["amount_minor"]) == {"old": 7_700_000, "new": 9_000_000}
    assert "deals.csv, line 2" in asked.items[0].evidence[0]["text"]
    with store.write(caller.scope) as session:
        confirm(session, asked.id, now=NOW, origin="cli")
    assert deal(store).amount_minor == 9_000_000
    following = with_amount(tmp_path, store, "95000")
    assert (following.proposed, deal(store).amount_minor) == ((), 9_500_000), (
        "what was confirmed follows the source again"
    )


def test_the_same_is_not_proposed_twice_and_another_value_is(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    change(sqlite_store, "deal", "D1", {"amount_minor": 7_700_000})
    first = with_amount(tmp_path, sqlite_store, "90000").proposed
    assert len(first) == 1
    assert with_amount(tmp_path, sqlite_store, "90000").proposed == ()
    caller = emil(sqlite_store)
    with sqlite_store.write(caller.scope) as session:
        reject(session, first[0].id, now=NOW)
    assert with_amount(tmp_path, sqlite_store, "90000").proposed == (), "a no is remembered"
    second = with_amount(tmp_path, sqlite_store, "91000").proposed
    assert len(second) == 1
    third = with_amount(tmp_path, sqlite_store, "92000").proposed
    with sqlite_store.read(caller.scope) as session:
        assert [read_proposal(session, each.id).status for each in (*second, *third)] == ["replaced", "open"]


def test_a_stage_that_a_person_moved_keeps_what_follows_from_it(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    with sqlite_store.read(SYSTEM) as session:
        won = session.scalars(select(Stage.id).where(Stage.name == "Closed Won")).one()
    change(sqlite_store, "deal", "D1", {"stage_id": won})
    report = bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    row = deal(sqlite_store)
    assert (row.stage_id, row.status, row.forecast_category) == (won, "won", "closed")
    assert row.closed_at == NOW
    assert report.proposed[0].person == EMIL


def test_a_value_that_a_person_took_back_follows_the_file(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    before = deal(sqlite_store).amount_minor
    change(sqlite_store, "deal", "D1", {"amount_minor": 5})
    change(sqlite_store, "deal", "D1", {"amount_minor": before})
    report = with_amount(tmp_path, sqlite_store, "91000")
    assert (report.proposed, report.total("kept"), deal(sqlite_store).amount_minor) == ((), 0, 9_100_000)


def test_a_row_without_an_owner_asks_whoever_changed_it(sqlite_store: Store, tmp_path: Path) -> None:
    contacts = "id,name,email,phone,account\nC1,Nina Holt,nina@oakmere.example,1,Oakmere Foods\n"
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY | {"contacts.csv": contacts}))
    change(sqlite_store, "contact", "C1", {"phone": "2"})
    report = bring_in(sqlite_store, write(tmp_path / "in", COMPANY | {"contacts.csv": contacts.replace(",1,", ",3,")}))
    assert [each.person for each in report.proposed] == [EMIL]
    assert of(report, "contacts.csv").kept == 1


@pytest.fixture
def with_region(sqlite_store: Store) -> Store:
    with sqlite_store.write(SYSTEM) as session:
        session.add(
            CustomField(
                entity="deal",
                name="region",
                label="Sales region",
                kind="choice",
                choices=["North", "South-West"],
                created_at=NOW,
            )
        )
        session.add(CustomField(entity="deal", name="seats", label="Seats", kind="number", choices=[], created_at=NOW))
    return sqlite_store


def test_the_companys_own_fields_come_in_and_a_persons_change_of_one_is_kept(
    with_region: Store, tmp_path: Path
) -> None:
    header, first, second = COMPANY["deals.csv"].splitlines()
    deals = "\n".join((f"{header},SALES_REGION__c,seats", f"{first},south west,1.5", f"{second},Nrth,many")) + "\n"
    report = bring_in(with_region, write(tmp_path / "in", COMPANY | {"deals.csv": deals}))
    assert report.clean
    assert deal(with_region).custom == {"region": "South-West", "seats": 1.5}
    said = {(each.line, each.column): (each.given, each.taken) for each in report.decisions if each.line}
    assert said[(3, "seats")] == ("many", "")
    change(with_region, "deal", "D1", {"custom.region": "North"})
    newer = deals.replace(",1.5", ",2")
    report = bring_in(with_region, write(tmp_path / "in", COMPANY | {"deals.csv": newer}))
    assert deal(with_region).custom == {"region": "North", "seats": 2}
    assert [each.values for each in report.proposed] == [1]
    with with_region.read(SYSTEM) as session:
        told = session.execute(
            select(FieldHistory.old, FieldHistory.new).where(FieldHistory.field == "custom.seats")
        ).all()
    assert [tuple(each) for each in told] == [("1.5", "2")]


def test_changed_texts_are_indexed_anew_in_the_same_transaction(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    calls = COMPANY["interactions.csv"].replace("price list", "discount")
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY | {"interactions.csv": calls}))
    with sqlite_store.read(SYSTEM) as session:
        payloads = session.scalars(select(Job.payload).where(Job.kind == "index")).all()
        people = session.scalars(select(Person.id)).all()
    assert [each["source"] for each in payloads] == ["interaction"]
    assert len(people) == 2
