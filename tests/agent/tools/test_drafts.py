"""A draft of an e-mail: from the record, with its sources, to whom it may go, and never sent."""

from datetime import timedelta
from typing import Any

import pytest

from bot.agent.tools.drafts import draft_email, to_you
from crm_store.store import Store
from tests import builders
from tests.agent.embedded.record import plan
from tests.agent.tools.checks import assert_cited
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


@pytest.fixture
def mail(sqlite_store: Store, company: Company) -> None:
    """Rosa wrote two days ago, and a report is promised to her since last week."""
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "We need the security review before we can sign anything.", company.rosa,
            at=NOW - timedelta(days=2), channel="email", direction="inbound", subject="Before the board meets",
        )  # fmt: skip
        builders.task(
            session, "Send Rosa Blume the usage report", company.pinewood, company.ada, kind="promise",
            contact_id=company.rosa.id, due=TODAY - timedelta(days=3),
        )  # fmt: skip


def test_a_draft_thanks_quotes_and_owns_up_to_what_is_late(mail: None, turn: SayTurn) -> None:
    found = draft_email(turn(), "Rosa")
    assert "A draft to Rosa Blume** (rosa@pinewood.example). Nothing is sent" in found.text
    assert "> Hi Rosa," in found.text
    assert "“Before the board meets” [1]" in found.text
    assert "“We need the security review before we can sign anything.”" in found.text
    assert "send you the usage report [2]. I am late with it, and sorry." in found.text
    assert found.text.endswith("> Ada Winter")
    assert not found.proposals
    assert_cited(found)


def test_an_account_alone_goes_to_whom_we_last_dealt_with(mail: None, turn: SayTurn) -> None:
    assert "A draft to Rosa Blume" in draft_email(turn(), account="Pinewood").text
    assert "Say whom the e-mail is for" in draft_email(turn(), account="Larchmont").text


def test_a_topic_becomes_the_subject(mail: None, turn: SayTurn) -> None:
    assert "> Subject: Security review\n" in draft_email(turn(), "Rosa", topic="security review").text


@pytest.mark.parametrize(
    ("values", "why"),
    [({"do_not_contact": True}, "asked not to be contacted"), ({"left_on": TODAY}, "they left Pinewood Mills")],
)
def test_no_draft_goes_to_who_may_not_be_written_to(
    sqlite_store: Store, company: Company, turn: SayTurn, values: dict[str, Any], why: str
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.contact(session, "Otto Gram", company.pinewood, **values)
    found = draft_email(turn(), "Otto Gram")
    assert found.text.startswith("**No draft to Otto Gram:**")
    assert why in found.text
    assert "> Hi" not in found.text
    assert_cited(found)


def test_a_withdrawn_consent_to_service_mail_stops_a_draft_and_one_to_marketing_does_not(
    sqlite_store: Store, company: Company, mail: None, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.consent(session, company.rosa, "withdrawn")
    assert "> Hi Rosa," in draft_email(turn(), "Rosa").text
    with sqlite_store.write(SYSTEM) as session:
        builders.consent(session, company.rosa, "withdrawn", purpose="service")
    assert "withdrew their consent" in draft_email(turn(), "Rosa").text


def test_a_strangers_contact_gets_no_draft(company: Company, turn: SayTurn) -> None:
    assert draft_email(turn(), "Olga Stein").text == "I can't find a contact called Olga Stein that you can see."


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Send Rosa Blume the report.", "send you the report"),
        ("Check Rosa's licences with legal", "check your licences with legal"),
        ("One page on the mill for Mrs Blume", "one page on the mill for you"),
        ("Prepare the offer", "prepare the offer"),
    ],
)
def test_a_task_about_somebody_is_said_to_them(title: str, said: str) -> None:
    assert to_you(title, "Rosa Blume") == said


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("draft an email to Helena Brandt about the ward tablets", {"contact": "helena-northgate", "topic": "ward tablets"}),
        ("write Helena Brandt a quick follow-up", {"contact": "helena-northgate"}),
        ("can you compose a reply to Northgate Clinics", {"account": "northgate"}),
    ],
)  # fmt: skip
def test_a_draft_is_asked_for_in_words(said: str, args: dict[str, str]) -> None:
    (call,) = plan(said).calls
    assert (call.tool, dict(call.args)) == ("draft_email", args)


@pytest.mark.parametrize(
    "said", ["write an email to Helena Brandt on Tuesday", "remind me to draft a reply to Helena Brandt"]
)
def test_an_email_to_write_another_day_is_a_task(said: str) -> None:
    assert [call.tool for call in plan(said).calls] == ["create_task"]


def test_a_draft_without_anybody_asks_for_whom() -> None:
    made = plan("draft an email")
    assert made.question is not None
    assert made.missing == "contact"
