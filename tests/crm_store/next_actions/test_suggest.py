"""Suggestions from a real database: what is read, whose it is, and what feedback does."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from crm_store.access import Scope
from crm_store.models import Person, SuggestionEvent
from crm_store.next_actions import plan_for, record_event, suggest
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders
from tests.builders import NOW, TODAY

SYSTEM = Scope.system("test")


@dataclass(frozen=True)
class Desk:
    """Ada has Pinewood with everything due; Ben has Quarry with one promise overdue."""

    store: Store
    ada: Person
    ben: Person
    boss: Person


@pytest.fixture
def desk(store: Store) -> Desk:
    ago = timedelta
    with store.write(SYSTEM) as session:
        north = builders.team(session, "North")
        boss = builders.person(session, "Max Orlov", "manager", north)
        ada, ben = (
            builders.person(session, "Ada Winter", team=north),
            builders.person(session, "Ben Sommer", team=north),
        )
        stages = builders.pipeline(session)
        pinewood, quarry = (
            builders.account(session, "Pinewood Mills", ada),
            builders.account(session, "Quarry Works", ben),
        )
        rosa, olga = builders.contact(session, "Rosa Blume", pinewood), builders.contact(session, "Olga Stein", quarry)
        deal = builders.deal(
            session,
            "Pinewood renewal",
            pinewood,
            stages["Proposal"],
            amount_minor=84_000_00,
            currency="EUR",
            owner_id=ada.id,
            close_date=TODAY + ago(days=10),
            next_step="Send the report",
            next_step_due=TODAY - ago(days=3),
        )
        builders.deal_contact(session, deal, rosa)
        said = builders.interaction(
            session,
            pinewood,
            "We spoke about volumes. I will send the usage report by Tuesday.",
            rosa,
            at=NOW - ago(days=8),
            deal_id=deal.id,
        )
        builders.task(
            session,
            "Send the usage report",
            pinewood,
            ada,
            kind="promise",
            due=TODAY - ago(days=3),
            source_id=said.id,
            contact_id=rosa.id,
            deal_id=deal.id,
        )
        builders.task(
            session,
            "Canary price list",
            quarry,
            ben,
            kind="promise",
            due=TODAY - ago(days=1),
            contact_id=olga.id,
        )
        session.expunge_all()
    return Desk(store, ada, ben, boss)


def test_a_reason_quotes_the_sentence_that_says_it(desk: Desk) -> None:
    with desk.store.read(Scope(desk.ada.id, frozenset({desk.ada.id}))) as session:
        found = suggest(session, {desk.ada.id}, TODAY, now=NOW)
    assert len(found) == 1
    evidence = [ref for candidate in (found[0].candidate, *found[0].also) for ref in candidate.evidence]
    quotes = {ref.quote for ref in evidence if ref.kind == "interaction"}
    assert quotes == {"I will send the usage report by Tuesday."}
    assert {found[0].candidate.rule, found[0].also[0].rule} == {"promise_overdue", "next_step_overdue"}


def test_a_rep_gets_nothing_of_a_colleagues_account_even_when_naming_them(desk: Desk) -> None:
    with desk.store.read(Scope(desk.ada.id, frozenset({desk.ada.id}))) as session:
        plan = plan_for(session, {desk.ada.id, desk.ben.id}, TODAY, person_id=desk.ada.id, now=NOW)
    assert plan.suggestions
    assert "canary" not in repr(plan).lower()


def test_a_manager_sees_both(desk: Desk) -> None:
    with desk.store.read(SYSTEM) as session:
        caller = caller_for(session, "max.orlov@halvern.example")
    with desk.store.read(caller.scope) as session:
        found = suggest(session, caller.covers, TODAY, person_id=caller.person_id, now=NOW)
    assert {one.candidate.owner_id for one in found} == {desk.ada.id, desk.ben.id}


def test_what_was_not_useful_stays_away_and_what_was_shown_counts_once_a_day(desk: Desk) -> None:
    scope = Scope(desk.ben.id, frozenset({desk.ben.id}))
    with desk.store.read(scope) as session:
        (one,) = suggest(session, {desk.ben.id}, TODAY, now=NOW)
    key = (desk.ben.id, one.candidate.rule, one.candidate.subject, one.candidate.subject_id)
    with desk.store.write(scope) as session:
        record_event(session, *key, "shown", None, NOW, dict(one.factors.named()))
        record_event(session, *key, "shown", None, NOW + timedelta(hours=1), {})
        record_event(session, *key, "not_useful", None, NOW, dict(one.factors.named()))
    with desk.store.read(scope) as session:
        assert session.query(SuggestionEvent).count() == 2
        assert suggest(session, {desk.ben.id}, TODAY, now=NOW + timedelta(minutes=1)) == []
        later = suggest(session, {desk.ben.id}, TODAY + timedelta(days=14), now=NOW + timedelta(days=14))
        assert [found.id for found in later] == [one.id]
        assert later[0].factors.p < one.factors.p
    ada = Scope(desk.ada.id, frozenset({desk.ada.id}))
    with desk.store.read(ada) as session:
        assert session.query(SuggestionEvent).count() == 0


def test_the_same_record_gives_the_same_list_twice(desk: Desk) -> None:
    with desk.store.read(SYSTEM) as session:
        everyone = {desk.ada.id, desk.ben.id}
        assert suggest(session, everyone, TODAY, now=NOW) == suggest(session, everyone, TODAY, now=NOW)
