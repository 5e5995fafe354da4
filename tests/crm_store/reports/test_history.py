"""The bridge over changes that were made through the write path, on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from crm_store.access import Scope
from crm_store.changes import Draft, confirm, propose, undo
from crm_store.reports import ReportSettings
from crm_store.reports.changed import Bridge, bridge
from crm_store.store import Store
from tests import builders
from tests.builders import NOW

SYSTEM = Scope.system("test")
SETTINGS = ReportSettings()


@pytest.fixture(params=["sqlite_store", "postgres_store"])
def empty(request: pytest.FixtureRequest) -> Store:
    made: Store = request.getfixturevalue(request.param)
    return made


def change(store: Store, person_id: str, deal_id: str, at: datetime, **values: Any) -> str:
    """Propose and confirm one update; the change's id."""
    with store.write(SYSTEM) as session:
        proposal = propose(
            session,
            person_id=person_id,
            drafts=[Draft("update", "deal", values, deal_id)],
            summary="test",
            origin="test",
            now=at,
        )
        return confirm(session, proposal, now=at, origin="test")


def told(store: Store, since: datetime, until: datetime) -> Bridge:
    with store.read(SYSTEM) as session:
        return bridge(session, since, until, SETTINGS)


def test_what_the_write_path_recorded_is_what_the_bridge_tells(empty: Store) -> None:
    store, monday = empty, NOW - timedelta(days=4)
    with store.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
        account = builders.account(session, "Pinewood", ada)
        stages = builders.pipeline(session)
        made = {
            "created_at": NOW - timedelta(days=60),
            "updated_at": NOW - timedelta(days=60),
            "owner_id": ada.id,
            "currency": "EUR",
        }
        won, pushed, lost = (
            builders.deal(
                session, name, account, stages["Proposal"], amount_minor=amount, close_date=date(2026, 11, 27), **made
            )
            for name, amount in (("Won one", 10_000_00), ("Pushed one", 20_000_00), ("Lost one", 5_000_00))
        )
        keys = {name: stage.id for name, stage in stages.items()}
        ids = {"ada": ada.id, "won": won.id, "pushed": pushed.id, "lost": lost.id}
    change(
        store, ids["ada"], ids["won"], monday + timedelta(hours=1), stage_id=keys["Negotiation"], amount_minor=12_000_00
    )
    change(store, ids["ada"], ids["won"], monday + timedelta(hours=2), stage_id=keys["Won"])
    change(store, ids["ada"], ids["pushed"], monday + timedelta(hours=3), close_date=date(2026, 12, 18))
    slip = change(
        store, ids["ada"], ids["lost"], monday + timedelta(hours=4), stage_id=keys["Lost"], lost_reason="price"
    )

    found = told(store, monday, NOW)
    assert {move.kind: move.delta_minor for move in found.moves} == {
        "grew": 2_000_00,
        "won": -12_000_00,
        "pushed": 0,
        "lost": -5_000_00,
    }
    assert (found.opening_minor, found.closing_minor) == (35_000_00, 20_000_00)
    push = found.of("pushed")[0]
    assert (push.before, push.after, push.by_id) == ("2026-11-27", "2026-12-18", ids["ada"])

    with store.write(SYSTEM) as session:
        undo(session, slip, now=monday + timedelta(hours=5), origin="test")
    assert {move.kind for move in told(store, monday, NOW).moves} == {"grew", "won", "pushed"}
    between = told(store, monday + timedelta(hours=4, minutes=30), NOW)
    assert {move.kind: move.delta_minor for move in between.moves} == {"reopened": 5_000_00}
    assert told(store, monday, monday + timedelta(minutes=30)).moves == ()


def test_what_did_not_change_stands_on_both_sides(empty: Store) -> None:
    with empty.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
        account = builders.account(session, "Pinewood", ada)
        stages = builders.pipeline(session)
        made = {"created_at": NOW - timedelta(days=60), "updated_at": NOW - timedelta(days=60)}
        for name, amount, currency in (("Calm", 10_000_00, "EUR"), ("Bare", None, None), ("Swiss", 7_00, "CHF")):
            builders.deal(session, name, account, stages["Proposal"], amount_minor=amount, currency=currency, **made)
        builders.deal(session, "Long won", account, stages["Won"], closed_at=NOW - timedelta(days=30), **made)
        builders.deal(
            session, "Fresh", account, stages["Proposal"], amount_minor=3_00, created_at=NOW - timedelta(days=1)
        )
    found = told(empty, NOW - timedelta(days=4), NOW)
    assert (found.opening_minor, found.opening_deals) == (10_000_00, 2)
    assert (found.closing_minor, found.closing_deals) == (10_003_00, 3)
    assert [(one.currency, one.amount_minor, one.count) for one in found.unconverted] == [("CHF", 7_00, 1)]
    assert [move.kind for move in found.moves] == ["new"]
