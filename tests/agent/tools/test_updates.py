"""Proposals that change deals, tasks, contacts and accounts."""

from datetime import date, timedelta

from sqlalchemy import select

from bot.agent.tools.creating import create_account, create_contact, update_contact
from bot.agent.tools.deal_updates import create_deal, set_role, update_deal
from bot.agent.tools.task_updates import complete_task, create_task, update_task
from crm_store.changes import confirm, undo
from crm_store.models import Contact, Deal, DealContact, Task
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def test_old_and_new_stand_side_by_side(company: Company, turn: SayTurn) -> None:
    found = update_deal(
        turn(), "Pinewood renewal", stage="negociation", amount_minor=9_000_000, close_date=date(2026, 12, 11)
    )
    assert found.text == (
        "**Change this?** Pinewood renewal (Pinewood Mills): stage Proposal → **Negotiation**; amount EUR 84,000 → "
        "**EUR 90,000**; close date Mon 30 Nov → **Fri 11 Dec**."
    )
    assert {change.field for change in found.proposals[0].items[0].changes} >= {"stage_id", "amount_minor", "close_date"}


def test_won_is_the_pipelines_winning_stage(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    asked = turn()
    found = update_deal(asked, "Pinewood renewal", stage="closed won")
    with sqlite_store.write(asked.caller.scope) as session:
        confirm(session, found.proposals[0].id, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        assert session.get(Deal, company.renewal.id).status == "won"


def test_a_stage_of_no_pipeline_is_asked_about_with_those_there_are(company: Company, turn: SayTurn) -> None:
    found = update_deal(turn(), "Pinewood renewal", stage="moonshot", amount_minor=100)
    assert found.question is not None
    assert [option.label for option in found.question.options] == ["Discovery", "Proposal", "Negotiation", "Won", "Lost"]
    assert found.open_call is not None
    assert found.open_call.args == {"deal": "Pinewood renewal", "amount_minor": 100}
    assert found.open_call.missing == "stage"
    done = update_deal(turn(), "Pinewood renewal", stage=found.question.options[2].value, amount_minor=100)
    assert done.proposals


def test_what_the_record_says_already_is_not_proposed(company: Company, turn: SayTurn) -> None:
    found = update_deal(turn(), "Pinewood renewal", stage="Proposal", amount_minor=8_400_000)
    assert found.text == "Pinewood renewal already says so; nothing would change."
    assert not found.proposals


def test_several_deals_of_an_account_are_asked_about(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal(session, "Pinewood second mill", company.pinewood, company.stages["Discovery"])
    found = update_deal(turn(), "Pinewood", stage="Won")
    assert found.question is not None
    assert {option.label for option in found.question.options} == {
        "Pinewood renewal, Proposal", "Pinewood second mill, Discovery",
    }  # fmt: skip


def test_a_strangers_deal_cannot_be_changed_or_heard_of(company: Company, turn: SayTurn) -> None:
    for name in ("Quarry expansion", company.quarry_deal.id):
        found = update_deal(turn(), name, stage="Won")
        assert found.text.startswith("I can't find a deal called")
        assert not found.proposals
        assert "9,900" not in repr(found)


def test_a_new_deal_starts_in_the_first_stage(company: Company, turn: SayTurn) -> None:
    found = create_deal(turn(), "Larchmont rollout", "Larchmont", 5_000_000, None, date(2027, 1, 29))
    assert found.text == (
        "**Add this deal?** Larchmont rollout (Larchmont Toys): EUR 50,000, stage Discovery, closes **Fri 29 Jan 2027**, "
        "owned by you."
    )
    assert create_deal(turn(), "larchmont  pilot", "Larchmont").proposals == ()


def test_a_new_deal_is_in_the_currency_that_the_account_buys_in(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        session.get(Deal, company.pilot.id).currency = "USD"
    found = create_deal(turn(), "Larchmont rollout", "Larchmont", 5_000_000)
    assert "USD 50,000 (in USD like the account's other deals)" in found.text
    assert "EUR 50,000, stage" in create_deal(turn(), "Larchmont rollout", "Larchmont", 5_000_000, "EUR").text


def test_a_role_is_recorded_once(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    asked = turn()
    found = set_role(asked, "Emil", "economic buyer", account="Pinewood")
    assert found.text == "**Record this?** Emil Kranz is the **economic buyer** on Pinewood renewal."
    with sqlite_store.write(asked.caller.scope) as session:
        confirm(session, found.proposals[0].id, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        assert len(session.scalars(select(DealContact).where(DealContact.contact_id == company.emil.id)).all()) == 1
    assert "already the economic buyer" in set_role(asked, "Emil", "economic buyer").text


def test_an_unknown_role_is_asked_about(company: Company, turn: SayTurn) -> None:
    found = set_role(turn(), "Emil", "wizard", "Pinewood renewal")
    assert found.question is not None
    assert found.open_call is not None
    assert found.open_call.missing == "role"


def test_a_task_names_its_weekday_and_what_it_is_about(company: Company, turn: SayTurn) -> None:
    found = create_task(turn(), "Send the offer", TODAY + timedelta(days=4), contact="Rosa")
    assert found.text == "**Add this task?** Send the offer (Rosa Blume), due **Tue 24 Nov**, for you."


def test_a_task_is_finished_by_words_of_its_title(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.task(session, "Send the usage report to Rosa", company.pinewood, company.ada, due=TODAY)
        builders.task(session, "Book the train", None, company.ada)
    assert complete_task(turn(), "usage report").text.startswith("**Mark as done?** Send the usage report to Rosa")
    missing = complete_task(turn(), "water the plants")
    assert missing.question is not None
    assert not missing.proposals


def test_a_task_is_moved_and_given_away_with_old_beside_new(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        report = builders.task(session, "Send the usage report to Rosa", company.pinewood, company.ada, due=TODAY)
        builders.task(session, "Book the train", None, company.ada)
    asked = turn()
    found = update_task(asked, "usage report", due=TODAY + timedelta(days=7), title="Send the yearly usage report")
    assert found.text == (
        "**Change this task?** Send the usage report to Rosa (Pinewood Mills): title Send the usage report to Rosa → "
        "**Send the yearly usage report**; due Fri 20 Nov → **Fri 27 Nov**."
    )
    with sqlite_store.write(asked.caller.scope) as session:
        confirm(session, found.proposals[0].id, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        changed = session.get(Task, report.id)
        assert (changed.title, changed.due) == ("Send the yearly usage report", TODAY + timedelta(days=7))
    earlier = update_task(turn(), report.id, shift_days=-2)
    assert "due Fri 27 Nov → **Wed 25 Nov**" in earlier.text


def test_a_cancelled_task_is_deleted_and_can_be_undone(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        held = builders.task(session, "Book the train", None, company.ada, due=TODAY)
    asked = turn()
    found = update_task(asked, "book the train", cancel=True)
    assert found.text.startswith("**Delete this task?** Book the train")
    with sqlite_store.write(asked.caller.scope) as session:
        change = confirm(session, found.proposals[0].id, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        assert session.get(Task, held.id) is None
    with sqlite_store.write(asked.caller.scope) as session:
        undo(session, change, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        assert session.get(Task, held.id).title == "Book the train"


def test_a_change_that_could_be_of_two_tasks_is_asked_about(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.task(session, "Call Rosa about the budget", company.pinewood, company.ada)
        builders.task(session, "Call Rosa about the pilot", company.pinewood, company.ada)
    found = update_task(turn(), "the call with Rosa", due=TODAY)
    assert found.question is not None
    assert len(found.question.options) == 2
    assert found.open_call is not None
    assert (found.open_call.tool, found.open_call.missing) == ("update_task", "task")
    assert update_task(turn(), "call Rosa about the budget", shift_days=7).text.startswith("“Call Rosa about the budget” has no day yet")


def test_somebody_who_left_is_still_on_a_deal_and_that_is_said(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    asked = turn()
    found = update_contact(asked, "Rosa", title="Director", left=True)
    assert "title Head of Planning → **Director**; left Pinewood Mills on **Fri 20 Nov**" in found.text
    assert "still on Pinewood renewal (champion)" in found.text
    with sqlite_store.write(asked.caller.scope) as session:
        confirm(session, found.proposals[0].id, now=NOW, origin="cli")
    with sqlite_store.read(SYSTEM) as session:
        assert session.get(Contact, company.rosa.id).left_on == TODAY


def test_a_contact_who_is_there_is_not_added_again(company: Company, turn: SayTurn) -> None:
    assert not create_contact(turn(), "rosa blume", "Pinewood").proposals
    assert not create_contact(turn(), "R. Blume", "Pinewood", email="ROSA@pinewood.example").proposals
    found = create_contact(turn(), "Nina Holt", "Pinewood", title="CTO", role="sponsor", deal="Pinewood renewal")
    assert [item.entity for item in found.proposals[0].items] == ["contact", "deal_contact"]


def test_a_strangers_account_is_no_reason_to_refuse_a_new_one(company: Company, turn: SayTurn) -> None:
    assert not create_account(turn(), "Pinewood Mills").proposals
    assert create_account(turn(), "Quarry Works").proposals


def test_a_task_that_comes_again_is_proposed_for_its_next_times(company: Company, turn: SayTurn) -> None:
    found = create_task(turn(), "Update my forecast", due=date(2026, 11, 23), repeats="week")
    days = [change.new for item in found.proposals[0].items for change in item.changes if change.field == "due"]
    assert days == ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"]
    monthly = create_task(turn(), "Check in", due=date(2026, 11, 30), repeats="month")
    assert "30 Jan" in monthly.text


def test_a_reminder_for_a_missing_answer_is_not_added_once_they_have_answered(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Any news?", company.rosa, at=NOW - timedelta(days=3))
    assert create_task(turn(), "Chase", contact="Rosa Blume", due=TODAY, unless_answered=True).proposals
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Yes", company.rosa, at=NOW - timedelta(days=1), direction="inbound")
    answered = create_task(turn(), "Chase", contact="Rosa Blume", due=TODAY, unless_answered=True)
    assert not answered.proposals
    assert answered.text.startswith("**They have answered**")


def test_what_hangs_on_an_answer_says_so_on_the_day(company: Company, turn: SayTurn) -> None:
    """Whether they answered is looked up when it is asked for, and not again when it is due."""
    found = create_task(turn(), "Chase", contact="Rosa Blume", due=TODAY + timedelta(days=3), unless_answered=True)
    titles = [each.new for each in found.proposals[0].items[0].changes if each.field == "title"]
    assert titles == ["Chase (if they have not answered by then)"]
    assert "I do not look again on the day" in found.text
    at_once = create_task(turn(), "Chase", contact="Rosa Blume", due=TODAY, unless_answered=True)
    assert next(each.new for each in at_once.proposals[0].items[0].changes if each.field == "title") == "Chase"
