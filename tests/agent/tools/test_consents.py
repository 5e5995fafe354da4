"""Who of many people may be written to."""

from datetime import timedelta

import pytest

from bot.agent.tools.consents import who_may_be_contacted
from crm_store.models import Contact
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


@pytest.fixture
def asked(sqlite_store: Store, company: Company) -> None:
    """At Pinewood: Rosa agreed and took it back, Emil's new colleagues agreed, never were asked, left, or want no contact."""
    with sqlite_store.write(SYSTEM) as session:
        rosa = session.get(Contact, company.rosa.id)
        assert rosa is not None
        builders.consent(session, rosa, "granted", at=NOW - timedelta(days=90))
        builders.consent(session, rosa, "withdrawn", at=NOW - timedelta(days=5), source="Footer link")
        for name, values in (
            ("Vera Holt", {}), ("Nils Berg", {}), ("Gone Away", {"left_on": TODAY - timedelta(days=9)}),
            ("Hush Quiet", {"do_not_contact": True}), ("Mute Box", {"email": None}),
        ):  # fmt: skip
            one = builders.contact(session, name, company.pinewood, **({"email": f"{name.split()[0].lower()}@pinewood.example"} | values))
            if name != "Nils Berg":
                builders.consent(session, one, "granted")


@pytest.mark.usefixtures("asked")
def test_those_who_agreed_lead_and_the_others_stand_by_their_reason(turn: SayTurn) -> None:
    found = who_may_be_contacted(turn(), account="Pinewood")
    lead, *rest = found.text.splitlines()
    assert lead.startswith("**1 of ")
    assert "contacts at Pinewood Mills may be contacted by e-mail for marketing:** Vera Holt [1]." in lead
    assert "- Withdrew consent: Rosa Blume [" in found.text
    assert "- Asked not to be contacted: Hush Quiet [" in found.text
    assert "- No address recorded: Mute Box [" in found.text
    assert any(line.startswith("- Never asked: ") and "Nils Berg" in line for line in rest)
    assert "Gone Away" not in found.text
    quotes = [one.quote for one in found.citations]
    assert "email, marketing: withdrawn (Footer link)" in quotes


@pytest.mark.usefixtures("asked")
def test_service_is_open_to_whoever_did_not_say_no(turn: SayTurn) -> None:
    found = who_may_be_contacted(turn(), account="Pinewood", purpose="service")
    assert "Nils Berg" in found.text.splitlines()[0]
    assert "Hush Quiet" not in found.text.splitlines()[0]


@pytest.mark.usefixtures("asked")
def test_another_rep_s_contacts_are_not_counted(turn: SayTurn, company: Company) -> None:
    assert "Pinewood" in who_may_be_contacted(turn(), owner="me").cards[0].model_dump_json()
    foreign = who_may_be_contacted(turn(by=company.ben), owner="everyone")
    assert "Vera Holt" not in repr(foreign)


def test_nobody_asked_is_nobody_allowed(turn: SayTurn) -> None:
    assert who_may_be_contacted(turn(), account="Larchmont").text.startswith("**Nobody at Larchmont")
