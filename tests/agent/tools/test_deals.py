"""Lists of deals, one deal, tasks, cases and purchases."""

from datetime import date, timedelta

from bot.agent.tools.cases import list_cases
from bot.agent.tools.dealings import deal_details
from bot.agent.tools.deals import list_deals
from bot.agent.tools.help import help
from bot.agent.tools.purchases import purchase_history
from bot.agent.tools.tasks import list_tasks
from bot.cards import BriefCard, DealsCard
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def test_the_pipeline_is_ones_own_with_its_sum(company: Company, turn: SayTurn) -> None:
    found = list_deals(turn())
    assert found.text.startswith("**2 open deals, EUR 104,000**:")
    assert "Quarry" not in repr(found)
    assert [subject.name for subject in found.subjects] == ["Pinewood renewal", "Larchmont pilot"]
    assert_cited(found)


def test_sums_are_kept_apart_by_currency(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal(session, "Larchmont export", company.larchmont, company.stages["Proposal"], currency="GBP")
    assert list_deals(turn()).text.startswith("**3 open deals, EUR 104,000 and GBP 84,000**")


def test_deals_closing_in_a_period_include_both_days(company: Company, turn: SayTurn) -> None:
    day = date(2026, 11, 30)
    assert list_deals(turn(), closing_since=day, closing_until=day).figures[0].value == 1
    assert list_deals(turn(), closing_until=day - timedelta(days=1)).text.startswith("**You have no open deals")


def test_untouched_deals_are_those_without_contact_on_deal_or_account(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        old = {"created_at": NOW - timedelta(days=80)}
        builders.deal(session, "Pinewood old", company.pinewood, company.stages["Proposal"], **old)
        builders.interaction(session, company.pinewood, "Talked.", company.rosa, at=NOW - timedelta(days=3))
        builders.interaction(
            session, company.larchmont, "Talked.", at=NOW - timedelta(days=45), deal_id=company.pilot.id
        )
    found = list_deals(turn(), untouched_days=30)
    card = next(card for card in found.cards if isinstance(card, DealsCard))
    assert [deal.name for deal in card.deals] == ["Larchmont pilot"]
    assert "quiet 45 days" in found.text


def test_a_stage_is_understood_when_misspelt(company: Company, turn: SayTurn) -> None:
    assert list_deals(turn(), stage="porposal").figures[0].value == 1


def test_a_stage_that_is_none_is_asked_about_and_the_rest_is_kept(company: Company, turn: SayTurn) -> None:
    found = list_deals(turn(), stage="moonshot", min_amount_minor=100)
    assert found.question is not None
    assert "Proposal" in [option.label for option in found.question.options]
    assert found.open_call is not None
    assert found.open_call.args["min_amount_minor"] == 100
    assert found.open_call.missing == "stage"


def test_a_team_may_be_named_or_given_by_id(company: Company, turn: SayTurn) -> None:
    by_name = list_deals(turn(by=company.max), owner="North")
    assert company.max.team_id is not None
    by_id = list_deals(turn(by=company.max), owner=company.max.team_id)
    assert by_name.text == by_id.text
    assert by_name.figures[0].value == 2


def test_a_manager_asks_for_the_team(company: Company, turn: SayTurn) -> None:
    found = list_deals(turn(by=company.max))
    assert found.text.startswith("**2 open deals, EUR 104,000** (your team):")


def test_one_deal_tells_how_it_moved(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        stages = company.stages
        builders.history(session, company.renewal, "close_date", "2026-10-15", "2026-11-30")
        builders.history(session, company.renewal, "stage_id", stages["Discovery"].id, stages["Proposal"].id)
    found = deal_details(turn(), "Pinewood renewal")
    assert found.text.startswith("**Pinewood renewal** (Pinewood Mills): EUR 84,000, Proposal, closes Mon 30 Nov")
    assert "pushed once" in found.text
    card = next(card for card in found.cards if isinstance(card, BriefCard))
    moved = next(section for section in card.sections if section.title == "What changed")
    assert any("Stage: Discovery → Proposal" in line for line in moved.lines)
    assert_cited(found)


def test_an_account_with_one_open_deal_names_that_deal(company: Company, turn: SayTurn) -> None:
    assert deal_details(turn(), "the Pinewood deal").subjects[0].id == company.renewal.id


def test_tasks_due_today_come_with_what_is_late(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.task(session, "Call Rosa", company.pinewood, company.ada, due=TODAY)
        builders.task(session, "Send the list", company.pinewood, company.ada, due=TODAY - timedelta(days=2))
        builders.task(session, "Plan the fair", None, company.ada, due=TODAY + timedelta(days=9))
        builders.task(session, "Drill", company.quarry, company.ben, due=TODAY)
    found = list_tasks(turn(), due_since=TODAY, due_until=TODAY)
    assert found.text.splitlines()[0] == "**2 open tasks due today**, 1 overdue:"
    assert "**2 days overdue**" in found.text
    assert list_tasks(turn(), owner="everyone").figures[0].value == 3
    assert list_tasks(turn(), overdue=True).figures[0].value == 1
    assert_cited(found)


def test_no_tasks_is_a_short_answer(company: Company, turn: SayTurn) -> None:
    assert list_tasks(turn()).text == "**You have no open tasks.**"


def test_purchases_leave_out_cancelled_orders(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        floor = builders.product(session, "Floor")
        builders.order(session, company.pinewood, floor, 5_000_000, TODAY - timedelta(days=200))
        builders.order(session, company.pinewood, floor, 1_000_000, TODAY - timedelta(days=20), number="O-2")
        builders.order(
            session, company.pinewood, floor, 7_000_000, TODAY - timedelta(days=10), number="O-3", status="cancelled"
        )
    found = purchase_history(turn(), "Pinewood")
    assert found.text.startswith("**Pinewood Mills bought for EUR 60,000 in 2 orders**")
    assert_cited(found)


def test_open_urgent_cases_come_first_and_strangers_do_not_count(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        closed = {"status": "closed", "closed_at": NOW, "satisfaction": 4}
        builders.case(session, company.pinewood, "Label printer", number="C-1", **closed)
        builders.case(session, company.pinewood, "Screens stay blank", number="C-2", priority="urgent")
        builders.case(session, company.quarry, "Drill stuck", number="C-3")
    found = list_cases(turn(), owner="everyone")
    assert found.text.splitlines()[0] == "**2 cases** (everyone), 1 open:"
    assert "Screens stay blank (Pinewood Mills): **urgent**" in found.text.splitlines()[1]
    assert "satisfaction 4/5" in found.text
    assert_cited(found)


def test_help_speaks_of_ones_own_account(company: Company, turn: SayTurn) -> None:
    assert "Larchmont Toys" in help(turn()).text
    assert "team's week" in help(turn(by=company.max)).text


def test_deals_without_a_champion_are_those_on_which_nobody_who_stayed_is_one(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        left = builders.contact(session, "Gone Away", company.larchmont, left_on=TODAY)
        builders.deal_contact(session, company.pilot, left, "champion")
    before = list_deals(turn(), without_role="champion")
    assert "Larchmont pilot" in before.text
    assert "on which nobody is champion" in before.text
    with sqlite_store.write(SYSTEM) as session:
        stayed = builders.contact(session, "Still Here", company.larchmont)
        builders.deal_contact(session, company.pilot, stayed, "champion")
    assert "Larchmont pilot" not in list_deals(turn(), without_role="champion").text
