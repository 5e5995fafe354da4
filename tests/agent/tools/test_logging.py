"""Logging what happened: a proposal, never a write."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from bot.agent.tools.logging import log_interaction
from bot.cards import ProposalCard
from crm_store.changes import confirm
from crm_store.models import Interaction, Participant, Task
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def _count(store: Store) -> int:
    with store.read(SYSTEM) as session:
        return session.scalar(select(func.count(Interaction.id))) or 0


def test_a_call_is_proposed_with_its_task_and_next_step_and_nothing_is_written(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    asked = turn("log call w rosa, wants security review before signing, follow up tue")
    found = log_interaction(
        asked, "call", "wants a security review before signing", contacts=["rosa"], next_step="Security review",
        task="follow up with Rosa Blume", task_due=TODAY + timedelta(days=4),
    )  # fmt: skip
    assert found.text.splitlines() == [
        "**Log this?** Call with Rosa Blume (Pinewood Mills), today (Fri 20 Nov): wants a security review before signing.",
        "Task for you: follow up with Rosa Blume, **Tue 24 Nov**. "
        "Deal “Pinewood renewal”: next step → “Security review” (was: “Send usage report”).",
    ]
    assert [(item.action, item.entity) for item in found.proposals[0].items] == [
        ("create", "interaction"), ("create", "task"), ("update", "deal"),
    ]  # fmt: skip
    assert isinstance(found.cards[0], ProposalCard)
    assert found.proposals[0].items[0].evidence[0].text == asked.message
    assert _count(sqlite_store) == 0


def test_confirming_writes_the_call_with_who_took_part_and_the_task_that_came_of_it(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    asked = turn("log it")
    found = log_interaction(asked, "call", "fine", contacts=["Rosa"], duration_minutes=20, task="send slides")
    with sqlite_store.write(asked.caller.scope) as session:
        confirm(session, found.proposals[0].id, now=NOW, origin="cli")
    with sqlite_store.read(asked.caller.scope) as session:
        row = session.scalars(select(Interaction)).one()
        task = session.scalars(select(Task)).one()
        contacts = session.scalars(select(Participant.contact_id).where(Participant.contact_id.is_not(None))).all()
    assert (row.account_id, row.deal_id, row.duration_s) == (company.pinewood.id, company.renewal.id, 1200)
    assert (task.source_id, task.contact_id, task.deal_id) == (row.id, company.rosa.id, company.renewal.id)
    assert list(contacts) == [company.rosa.id]


def test_two_people_of_one_name_are_asked_about_and_the_rest_is_kept(company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "call", "asked for a price", contacts=["Rosa", "Anna"], task="send price")
    assert found.question is not None
    assert {option.label for option in found.question.options} == {"Anna Feld, Pinewood Mills", "Anna Busch, Larchmont Toys"}
    assert not found.proposals
    assert found.open_call is not None
    assert (found.open_call.tool, found.open_call.missing) == ("log_interaction", "contacts")
    assert found.open_call.args == {
        "channel": "call", "text": "asked for a price", "contacts": ["Rosa"], "task": "send price",
    }  # fmt: skip


def test_the_account_tells_two_people_of_one_name_apart(company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "call", "fine", account="Larchmont", contacts=["Anna"])
    assert "Call with Anna Busch (Larchmont Toys)" in found.text


def test_someone_unknown_at_a_known_account_becomes_a_contact_of_their_own_item(company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "meeting", "toured the mill", account="Pinewood", contacts=["Ulf Sand"])
    assert [(item.action, item.entity) for item in found.proposals[0].items] == [
        ("create", "contact"), ("create", "interaction"),
    ]  # fmt: skip
    assert "New at Pinewood Mills: Ulf Sand" in found.text


def test_a_name_known_only_elsewhere_is_asked_about(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "call", "hello", account="Larchmont", contacts=["Rosa"])
    assert found.question is not None
    assert found.question.options[-1].value == "new:Rosa"
    again = log_interaction(turn(), "call", "hello", account="Larchmont", contacts=["new:Rosa"])
    assert again.proposals[0].items[0].entity == "contact"


def test_without_an_account_it_asks_which(company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "call", "left a message")
    assert found.question is not None
    assert found.open_call is not None
    assert found.open_call.missing == "account"


def test_of_several_deals_none_is_guessed(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal(session, "Pinewood second mill", company.pinewood, company.stages["Discovery"])
    plain = log_interaction(turn(), "call", "fine", account="Pinewood", contacts=["Emil"])
    assert "Not tied to a deal (Pinewood renewal or Pinewood second mill?)" in plain.text
    step = log_interaction(turn(), "call", "fine", account="Pinewood", contacts=["Emil"], next_step="send offer")
    assert step.question is not None
    assert step.open_call is not None
    assert step.open_call.missing == "deal"
    assert step.open_call.args["next_step"] == "send offer"
    hers = log_interaction(turn(), "call", "fine", contacts=["Rosa"])
    assert "Deal: Pinewood renewal." in hers.text


def test_a_call_of_yesterday_says_so_with_its_weekday(company: Company, turn: SayTurn) -> None:
    naive = (NOW - timedelta(days=1)).replace(tzinfo=None)
    found = log_interaction(turn(), "call", "fine", contacts=["Rosa"], at=naive)
    assert "yesterday (Thu 19 Nov)" in found.text


def test_a_strangers_account_cannot_be_logged_on(company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "call", "fine", account="Quarry Works", contacts=["Olga Stein"])
    assert found.text == "I can't find an account called Quarry Works that you can see."
    assert not found.proposals


def test_a_bare_follow_up_says_with_whom(company: Company, turn: SayTurn) -> None:
    found = log_interaction(turn(), "call", "fine", contacts=["Rosa"], task="Follow up")
    assert "Task for you: Follow up with Rosa Blume (no date)." in found.text


def test_a_day_without_a_time_is_now_when_it_is_today_and_noon_on_another_day(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    asked = turn()
    zone = asked.caller.zone
    for days, expected in ((0, NOW), (1, datetime.combine(TODAY - timedelta(days=1), time(12), zone))):
        day = datetime.combine(TODAY - timedelta(days=days), time(), zone)
        found = log_interaction(asked, "call", f"fine {days}", contacts=["Rosa"], at=day)
        changes = found.proposals[0].items[0].changes
        assert datetime.fromisoformat(str(next(one.new for one in changes if one.field == "at"))) == expected


def test_a_mail_is_logged_as_sent_to_or_received_from(company: Company, turn: SayTurn) -> None:
    assert "E-mail to Rosa Blume" in log_interaction(turn(), "email", "offer", contacts=["Rosa"]).text
    received = log_interaction(turn(), "email", "thanks", contacts=["Rosa"], direction="inbound")
    assert "E-mail from Rosa Blume" in received.text
    assert "Note on Pinewood Mills" in log_interaction(turn(), "note", "quiet", account="Pinewood").text
