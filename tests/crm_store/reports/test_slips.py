"""Slips: how often a date moved later, by how far and by whom, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm_store.access import Scope
from crm_store.changes import Draft, confirm, propose
from crm_store.reports import ReportSettings
from crm_store.reports.slips import Slips, slips
from crm_store.store import Store
from tests import builders
from tests.builders import NOW

SYSTEM = Scope.system("test")
START = NOW - timedelta(days=30)


@pytest.fixture(params=["sqlite_store", "postgres_store"])
def empty(request: pytest.FixtureRequest) -> Store:
    made: Store = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def slipped(empty: Store) -> tuple[Store, dict[str, str]]:
    """Two owners; one deal pushed three times and pulled in once, one pushed once, one only closed late."""
    store = empty
    with store.write(SYSTEM) as session:
        people = {name: builders.person(session, name) for name in ("Ada Winter", "Bo Clay")}
        account = builders.account(session, "Pinewood", people["Ada Winter"])
        stages = builders.pipeline(session)
        ids = {name: one.id for name, one in people.items()} | {"won": stages["Won"].id, "account": account.id}
        for name, owner in (("Often", "Ada Winter"), ("Once", "Bo Clay"), ("Closed", "Bo Clay")):
            ids[name] = builders.deal(
                session, name, account, stages["Proposal"], amount_minor=100_00, currency="EUR",
                close_date=date(2026, 11, 1), owner_id=people[owner].id, created_at=NOW - timedelta(days=90),
                updated_at=NOW - timedelta(days=90),
            ).id  # fmt: skip
    moves = (
        ("Often", "Ada Winter", 10),
        ("Often", "Ada Winter", 30),
        ("Often", "Bo Clay", 20),
        ("Often", "Bo Clay", 50),
    )
    for hours, (deal, who, day) in enumerate(moves):
        change(store, ids[who], ids[deal], hours, close_date=date(2026, 11, 1) + timedelta(days=day))
    change(store, ids["Bo Clay"], ids["Once"], 9, close_date=date(2026, 11, 8))
    change(store, ids["Bo Clay"], ids["Closed"], 10, stage_id=ids["won"], close_date=date(2026, 11, 20))
    return store, ids


def change(store: Store, person_id: str, deal_id: str, hours: int, **values: Any) -> None:
    at = START + timedelta(hours=hours)
    with store.write(SYSTEM) as session:
        proposal = propose(
            session, person_id=person_id, drafts=[Draft("update", "deal", values, deal_id)], summary="test",
            origin="test", now=at,
        )  # fmt: skip
        confirm(session, proposal, now=at, origin="test")


def told(store: Store, scope: Scope = SYSTEM, **which: Any) -> Slips:
    with store.read(scope) as session:
        return slips(session, ReportSettings(), **which)


def test_each_slip_says_from_when_to_when_and_who_moved_it(slipped: tuple[Store, dict[str, str]]) -> None:
    store, ids = slipped
    found = told(store)
    assert [(deal.deal, deal.times, deal.days, deal.pulled_in) for deal in found.deals] == [
        ("Often", 3, 50, 1),
        ("Once", 1, 7, 0),
    ]
    first = found.deals[0]
    assert [(slip.before.day, slip.days, slip.by_id) for slip in first.pushed] == [
        (1, 10, ids["Ada Winter"]),
        (11, 20, ids["Ada Winter"]),
        (21, 30, ids["Bo Clay"]),
    ]
    assert (first.first, first.last) == (date(2026, 11, 1), date(2026, 12, 21))
    assert (found.times, found.days) == (4, 67)


def test_people_are_ranked_by_how_often_they_moved_a_date(slipped: tuple[Store, dict[str, str]]) -> None:
    store, ids = slipped
    found = told(store)
    assert [(one.person_id, one.times, one.deals, one.days) for one in found.changed_by] == [
        (ids["Bo Clay"], 2, 2, 37),
        (ids["Ada Winter"], 2, 1, 30),
    ]
    assert [(one.person_id, one.times) for one in found.owned_by] == [(ids["Ada Winter"], 3), (ids["Bo Clay"], 1)]


def test_slips_are_narrowed_to_a_time_an_owner_a_mover_and_a_number(slipped: tuple[Store, dict[str, str]]) -> None:
    store, ids = slipped
    assert [deal.times for deal in told(store, since=START + timedelta(hours=1)).deals] == [2, 1]
    assert [deal.deal for deal in told(store, until=START + timedelta(hours=9)).deals] == ["Often"]
    assert [deal.deal for deal in told(store, owner_ids=[ids["Bo Clay"]]).deals] == ["Once"]
    assert [deal.times for deal in told(store, by_ids=[ids["Ada Winter"]]).deals] == [2]
    assert [deal.deal for deal in told(store, at_least=2).deals] == ["Often"]
    assert told(store, account_id="other").deals == ()


def test_a_rep_hears_only_of_the_slips_of_deals_they_may_see(slipped: tuple[Store, dict[str, str]]) -> None:
    store, _ = slipped
    assert told(store, Scope("stranger", frozenset({"stranger"}))).deals == ()
