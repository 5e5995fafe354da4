"""What a contact allowed or took back, recorded by a message and seen at once by whoever asks, lists or drafts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.agent.tools.consent_changes import record_consent
from bot.agent.tools.consents import who_may_be_contacted
from bot.agent.tools.contacts import may_contact
from bot.agent.tools.drafts import draft_email
from bot.agent.turn import Found, Turn
from crm_store.changes import confirm, undo
from crm_store.models import Consent, Contact
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn, on_day
from tests.builders import NOW


@pytest.fixture
def agreed(sqlite_store: Store, company: Company) -> None:
    """Rosa agreed to marketing by e-mail three months ago."""
    with sqlite_store.write(SYSTEM) as session:
        rosa = session.get(Contact, company.rosa.id)
        assert rosa is not None
        builders.consent(session, rosa, "granted", at=NOW - timedelta(days=90))


def _confirmed(turn: Turn, found: Found) -> str:
    with turn.store.write(turn.caller.scope) as session:
        return confirm(session, found.proposals[0].id, now=turn.now, origin="cli")


@pytest.mark.usefixtures("agreed")
def test_old_and_new_stand_side_by_side_with_the_message_as_evidence(turn: SayTurn) -> None:
    said = "Rosa opted out of e-mail"
    found = record_consent(turn(said), "Rosa", "withdrawn", "email")
    assert found.text.startswith(
        "**Record this?** Rosa Blume (Pinewood Mills) no longer agrees to be contacted for marketing by e-mail: granted → **withdrawn**."
    )
    (item,) = found.proposals[0].items
    status = next(change for change in item.changes if change.field == "status")
    assert (status.old, status.new) == ("granted", "withdrawn")
    assert [entry.text for entry in item.evidence] == [said]


@pytest.mark.usefixtures("agreed")
def test_a_withdrawal_is_seen_at_once_by_whoever_asks_or_lists(turn: SayTurn) -> None:
    asked = turn("Rosa opted out of e-mail")
    assert may_contact(asked, "Rosa").text.startswith("**Yes**")
    _confirmed(asked, record_consent(asked, "Rosa", "withdrawn", "email"))
    answer = may_contact(asked, "Rosa")
    assert answer.text.startswith("**No**")
    assert "Rosa opted out of e-mail" in answer.citations[0].quote
    assert "Withdrew consent: Rosa Blume" in who_may_be_contacted(asked, account="Pinewood").text


def test_no_e_mail_is_drafted_to_who_wants_none_about_their_own_business(turn: SayTurn) -> None:
    asked = turn("Rosa wants no service mails either")
    assert "A draft to Rosa" in draft_email(asked, contact="Rosa").text
    _confirmed(asked, record_consent(asked, "Rosa", "withdrawn", "email", "service"))
    assert draft_email(asked, contact="Rosa").text.startswith("**No draft to Rosa Blume:**")
    later = on_day(turn("Rosa said on the phone that service mails are fine again"), 1)
    _confirmed(later, record_consent(later, "Rosa", "granted", "email", "service"))
    assert "A draft to Rosa" in draft_email(later, contact="Rosa").text


def test_a_consent_is_asked_where_it_comes_from_and_a_withdrawal_is_not(turn: SayTurn) -> None:
    found = record_consent(turn("Rosa is fine with calls again"), "Rosa", "granted", "phone")
    assert found.question is not None
    assert not found.proposals
    assert found.open_call is not None
    assert found.open_call.missing == "source"
    assert found.open_call.args == {"contact": "Rosa", "status": "granted", "channel": "phone"}
    done = record_consent(turn("phone call"), "Rosa", "granted", "phone", source="phone call")
    assert next(each.new for each in done.proposals[0].items[0].changes if each.field == "source") == "phone call, told by Ada Winter"
    assert record_consent(turn("no calls to Rosa any more"), "Rosa", "withdrawn", "phone").proposals


def test_a_message_that_says_how_they_agreed_is_the_source(turn: SayTurn) -> None:
    said = "Rosa told me at the fair that she wants our newsletter"
    found = record_consent(turn(said), "Rosa", "granted", "email")
    assert found.question is None
    assert said in str(next(each.new for each in found.proposals[0].items[0].changes if each.field == "source"))


@pytest.mark.usefixtures("agreed")
def test_what_the_ledger_says_already_is_not_proposed(turn: SayTurn) -> None:
    found = record_consent(turn("Rosa agreed at the fair"), "Rosa", "granted", "email")
    assert found.text.startswith("The ledger says so already: Rosa Blume agreed to be contacted for marketing by e-mail [1]")
    assert not found.proposals


@pytest.mark.usefixtures("agreed")
def test_no_contact_at_all_is_a_line_for_every_way(sqlite_store: Store, turn: SayTurn) -> None:
    asked = turn("Rosa wants no further contact")
    found = record_consent(asked, "Rosa", "withdrawn", "all")
    _confirmed(asked, found)
    for channel in ("email", "phone", "sms", "social", "post"):
        assert may_contact(asked, "Rosa", channel).text.startswith("**No**")
    again = record_consent(asked, "Rosa", "withdrawn", "all")
    assert not again.proposals
    with sqlite_store.read(SYSTEM) as session:
        assert len(session.scalars(select(Consent).where(Consent.status == "withdrawn")).all()) == 5


def test_do_not_contact_goes_before_any_consent(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.contact(session, "Hush Quiet", company.pinewood, do_not_contact=True)
    found = record_consent(turn("Hush said yes to mails"), "Hush Quiet", "granted", "email")
    assert "“do not contact”, which goes before any consent" in found.text


@pytest.mark.usefixtures("agreed")
def test_undo_leaves_the_ledger_saying_what_it_said_before(turn: SayTurn) -> None:
    asked = turn("Rosa opted out of everything")
    change = _confirmed(asked, record_consent(asked, "Rosa", "withdrawn", "all"))
    assert may_contact(asked, "Rosa", "phone").text.startswith("**No**, not by phone for marketing: Rosa Blume withdrew")
    with asked.store.write(asked.caller.scope) as session:
        undo(session, change, now=asked.now, origin="cli")
    assert may_contact(asked, "Rosa", "email").text.startswith("**Yes**")
    assert "no consent of Rosa Blume is recorded" in may_contact(asked, "Rosa", "phone").text
    assert "Withdrew" not in who_may_be_contacted(asked, account="Pinewood", channel="phone").text


def test_a_contact_of_somebody_else_is_not_found(company: Company, turn: SayTurn) -> None:
    found = record_consent(turn("Olga opted out", by=company.ada), "Olga Stein", "withdrawn")
    assert not found.proposals
    assert "can't find a contact" in found.text
