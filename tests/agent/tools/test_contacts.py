"""One contact, and whether we may write to them."""

from datetime import timedelta

import pytest

from bot.agent.tools.contacts import contact_details, may_contact
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def test_a_contact_is_shown_with_how_to_reach_them_and_their_part(company: Company, turn: SayTurn) -> None:
    found = contact_details(turn(), "Rosa")
    assert found.text.startswith("**Rosa Blume**, Head of Planning at Pinewood Mills [1].")
    assert "rosa@pinewood.example" in found.text
    assert "champion on Pinewood renewal [2]" in found.text
    assert_cited(found)


def test_two_of_one_name_are_asked_about_and_the_account_settles_it(company: Company, turn: SayTurn) -> None:
    asked = contact_details(turn(), "Anna")
    assert asked.question is not None
    assert asked.open_call is not None
    assert asked.open_call.tool == "contact_details"
    chosen = contact_details(turn(), asked.question.options[0].value)
    assert chosen.subjects[0].id == asked.question.options[0].value
    assert contact_details(turn(), "Anna from Larchmont").subjects[0].id == company.anna_larchmont.id
    assert contact_details(turn(), "Anna, Pinewood").subjects[0].id == company.anna_pinewood.id


def test_a_strangers_contact_is_not_there(company: Company, turn: SayTurn) -> None:
    assert contact_details(turn(), "Olga Stein").text == "I can't find a contact called Olga Stein that you can see."


@pytest.mark.parametrize(
    ("ledger", "answer"),
    [
        ([], "**No**, not by e-mail for marketing: no consent of Rosa Blume is recorded"),
        ([("granted", 9)], "**Yes**, by e-mail for marketing"),
        ([("granted", 9), ("withdrawn", 3)], "**No**, not by e-mail for marketing: Rosa Blume withdrew"),
        ([("withdrawn", 9), ("granted", 3)], "**Yes**, by e-mail for marketing"),
        ([("withdrawn", 9), ("granted", -3)], "**No**, not by e-mail for marketing: Rosa Blume withdrew"),
    ],
)
def test_the_newest_line_in_force_decides(
    sqlite_store: Store, company: Company, turn: SayTurn, ledger: list[tuple[str, int]], answer: str
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for status, days in ledger:
            builders.consent(session, company.rosa, status, at=NOW - timedelta(days=days))
    found = may_contact(turn(), "Rosa")
    assert found.text.startswith(answer)
    assert_cited(found)


def test_consent_for_one_channel_says_nothing_of_another(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.consent(session, company.rosa, "granted", channel="phone")
    found = may_contact(turn(), "Rosa", "email")
    assert found.text.startswith("**No**")
    assert "by phone granted" in found.text


def test_service_is_allowed_unless_withdrawn(company: Company, turn: SayTurn) -> None:
    assert may_contact(turn(), "Rosa", purpose="service").text.startswith("**Yes**")


def test_whoever_asked_not_to_be_contacted_or_left_is_a_no(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        quiet = builders.contact(session, "Kai Lund", company.pinewood, do_not_contact=True)
        builders.contact(session, "Uwe Tann", company.pinewood, left_on=TODAY - timedelta(days=9))
        builders.consent(session, quiet, "granted")
    assert may_contact(turn(), "Kai").text.startswith("**No.** Kai Lund asked not to be contacted")
    assert may_contact(turn(), "Uwe", purpose="service").text.startswith("**No.** Uwe Tann left")
