"""One proposal for everything that meets a condition, and nothing when nothing does."""

from datetime import date, timedelta

import pytest

from bot.agent.tools.bulk_deals import change_deals
from bot.agent.tools.bulk_tasks import change_accounts, change_tasks
from bot.agent.tools.choosing import MOST_ROWS
from bot.agent.turn import Turn
from bot.errors import BadInput
from crm_store.changes import confirm, undo
from crm_store.models import Account, Deal, Task
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn, on_day
from tests.builders import NOW


def _confirmed(store: Store, turn: Turn, proposal_id: str) -> str:
    with store.write(turn.caller.scope) as session:
        return confirm(session, proposal_id, now=NOW, origin="cli")


def _deal(store: Store, deal: Deal) -> Deal:
    with store.read(SYSTEM) as session:
        found: Deal | None = session.get(Deal, deal.id)
        assert isinstance(found, Deal)
        session.expunge(found)
        return found


def test_everything_that_meets_the_condition_is_listed_with_count_and_sum(company: Company, turn: SayTurn) -> None:
    found = change_deals(turn(), to_forecast_category="commit")
    assert found.text.startswith(
        "**Change these 2 deals?** Forecast → **commit**, for your open deals, EUR 104,000 in all."
    )
    assert {item.label for item in found.proposals[0].items} == {"Pinewood renewal", "Larchmont pilot"}


def test_silence_is_measured_from_the_last_contact(company: Company, turn: SayTurn) -> None:
    quiet = change_deals(turn(), untouched_days=60, to_stage="lost")
    assert [item.label for item in quiet.proposals[0].items] == ["Larchmont pilot"]
    later = change_deals(on_day(turn(), 200), untouched_days=60, to_stage="lost")
    assert len(later.proposals[0].items) == 2


def test_nothing_is_proposed_where_nothing_fits(company: Company, turn: SayTurn) -> None:
    found = change_deals(turn(), stage="Proposal", min_amount_minor=900_000_000, to_stage="Negotiation")
    assert not found.proposals
    assert found.text.startswith("**Nothing fits** (your open deals in Proposal, from ")


def test_confirming_writes_all_of_it_and_undoing_takes_all_of_it_back(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    asked = turn()
    before = (_deal(sqlite_store, company.renewal).close_date, _deal(sqlite_store, company.pilot).close_date)
    found = change_deals(asked, to_close_date=date(2027, 1, 29))
    change = _confirmed(sqlite_store, asked, found.proposals[0].id)
    assert _deal(sqlite_store, company.renewal).close_date == _deal(sqlite_store, company.pilot).close_date == date(2027, 1, 29)
    with sqlite_store.write(asked.caller.scope) as session:
        undo(session, change, now=NOW, origin="cli")
    assert (_deal(sqlite_store, company.renewal).close_date, _deal(sqlite_store, company.pilot).close_date) == before


def test_each_close_date_moves_by_the_same_length(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    asked = turn()
    found = change_deals(asked, closing_until=date(2026, 11, 30), shift_days=14)
    _confirmed(sqlite_store, asked, found.proposals[0].id)
    assert _deal(sqlite_store, company.renewal).close_date == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("where", "labels"),
    [
        ([{"field": "industry", "op": "eq", "value": "toys"}], ["Larchmont pilot"]),
        ([{"field": "next_step", "op": "contains", "value": "usage"}], ["Pinewood renewal"]),
        ([{"field": "stage", "op": "ne", "value": "Proposal"}], ["Larchmont pilot"]),
        ([{"field": "amount", "op": "between", "value": [1_000_000, 3_000_000]}], ["Larchmont pilot"]),
    ],
)
def test_a_condition_may_be_on_any_field(
    company: Company, turn: SayTurn, where: list[dict[str, object]], labels: list[str]
) -> None:
    found = change_deals(turn(), where=where, to_forecast_category="commit")
    assert [item.label for item in found.proposals[0].items] == labels


def test_a_field_that_does_not_exist_proposes_nothing_and_says_so(company: Company, turn: SayTurn) -> None:
    with pytest.raises(BadInput, match="horoscope"):
        change_deals(turn(), where=[{"field": "horoscope", "op": "eq", "value": "leo"}], to_stage="lost")


def test_what_is_excepted_is_spared(company: Company, turn: SayTurn) -> None:
    found = change_deals(turn(), excluding=["Pinewood Mills"], to_stage="lost")
    assert [item.label for item in found.proposals[0].items] == ["Larchmont pilot"]
    with pytest.raises(BadInput, match="nothing is proposed"):
        change_deals(turn(), excluding=["Xanadu Holdings"], to_stage="lost")


def test_what_others_own_is_out_of_reach(company: Company, turn: SayTurn) -> None:
    found = change_deals(turn(), owner="everyone", to_stage="lost")
    assert {item.label for item in found.proposals[0].items} == {"Pinewood renewal", "Larchmont pilot"}


def test_a_managers_own_deals_are_not_the_teams(company: Company, turn: SayTurn) -> None:
    assert not change_deals(turn(by=company.max), owner="me", to_stage="lost").proposals
    assert len(change_deals(turn(by=company.max), owner="team", to_stage="lost").proposals[0].items) == 2


def test_more_than_a_person_can_read_is_refused_with_the_way_on(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for number in range(MOST_ROWS):
            builders.deal(session, f"Pinewood {number}", company.pinewood, company.stages["Discovery"])
    found = change_deals(turn(), to_stage="lost")
    assert not found.proposals
    assert f"at most {MOST_ROWS}" in found.text


def test_one_deal_changes_only_if_it_meets_the_condition(company: Company, turn: SayTurn) -> None:
    met = change_deals(turn(), deal="Pinewood renewal", stage="Proposal", to_stage="Negotiation")
    assert [item.label for item in met.proposals[0].items] == ["Pinewood renewal"]
    unmet = change_deals(turn(), deal="Pinewood renewal", stage="Discovery", to_stage="Negotiation")
    assert not unmet.proposals
    assert unmet.text.startswith("**Pinewood renewal** is not in Discovery, so nothing would change.")


def test_tasks_are_done_moved_handed_over_and_deleted_together(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for days in (-3, -1, 5):
            builders.task(
                session, f"Task {days}", company.pinewood, company.ada, due=builders.TODAY + timedelta(days=days)
            )
    asked = turn()
    assert len(change_tasks(asked, overdue=True, done=True).proposals[0].items) == 2
    assert len(change_tasks(asked, to_due=date(2026, 12, 7)).proposals[0].items) == 3
    assert len(change_tasks(asked, account="Pinewood", shift_days=3).proposals[0].items) == 3
    found = change_tasks(asked, overdue=True, delete=True)
    change = _confirmed(sqlite_store, asked, found.proposals[0].id)
    with sqlite_store.read(SYSTEM) as session:
        assert [task.title for task in session.query(Task)] == ["Task 5"]
    with sqlite_store.write(asked.caller.scope) as session:
        undo(session, change, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        assert session.query(Task).count() == 3


def test_accounts_are_handed_over_together(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    asked = turn(by=company.max)
    found = change_accounts(asked, owner="Ada Winter", kind="prospect", to_owner="me")
    _confirmed(sqlite_store, asked, found.proposals[0].id)
    with sqlite_store.read(SYSTEM) as session:
        kept = session.get(Account, company.larchmont.id)
        assert kept is not None
        assert kept.owner_id == company.max.id
