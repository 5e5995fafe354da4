"""The tools about added fields: what they read, propose and list, and what they say to what does not exist."""

import pytest

from bot.agent.tools.briefs import account_brief
from bot.agent.tools.cases import list_cases
from bot.agent.tools.contacts import contact_details
from bot.agent.tools.custom import record_fields, set_field
from bot.agent.tools.custom_lists import list_by_field
from bot.agent.tools.dealings import deal_details
from bot.agent.tools.latest import account_latest
from bot.cards import BriefCard, DealsCard, TableCard
from crm_store.custom_fields.defining import add_field
from crm_store.errors import Invalid
from crm_store.models import Account, Contact, Deal
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn


@pytest.fixture(autouse=True)
def fields(sqlite_store: Store, company: Company) -> None:
    with sqlite_store.write(SYSTEM) as session:
        admin = builders.person(session, "Ines Admin", "admin").id
        for entity, label, kind, choices in (
            ("account", "Risk level", "choice", ("Low", "High")), ("account", "Sites run", "number", ()),
            ("account", "Deposit", "money", ()), ("deal", "Install date", "date", ()), ("contact", "Badge", "flag", ()),
            ("case", "Root cause", "text", ()),
        ):  # fmt: skip
            add_field(session, by_id=admin, now=builders.NOW, entity=entity, label=label, kind=kind, choices=choices)
        session.get(Account, company.pinewood.id).custom = {"risk_level": "High", "sites_run": 3}
        session.get(Account, company.larchmont.id).custom = {"sites_run": 1}
        session.get(Account, company.quarry.id).custom = {"risk_level": "High", "sites_run": 9}
        session.get(Deal, company.renewal.id).custom = {"install_date": "2027-02-01"}
        session.get(Contact, company.rosa.id).custom = {"badge": True}
        builders.case(session, company.pinewood, "Saw stands still", number="C-7", custom={"root_cause": "Dust"})


def test_cards_show_what_the_added_fields_hold(turn: SayTurn) -> None:
    assert "Also recorded: Risk level: High; Sites run: 3." in account_latest(turn(), "Pinewood").text
    assert "Also recorded: Badge: yes." in contact_details(turn(), "Rosa Blume").text
    assert "Root cause: Dust" in list_cases(turn()).text
    for found in (account_brief(turn(), "Pinewood"), deal_details(turn(), "Pinewood renewal")):
        card = next(card for card in found.cards if isinstance(card, BriefCard))
        lines = {section.title: section.lines for section in card.sections}["More fields"]
        assert lines in (("Risk level: High", "Sites run: 3"), ("Install date: Mon 1 Feb 2027",))


def test_one_field_or_all_of_a_record_are_read(turn: SayTurn) -> None:
    level = record_fields(turn(), "account", "Pinewood", "risk level")
    assert level.text == "**Risk level** of Pinewood Mills: **High** [1]."
    assert_cited(level)
    assert "nothing is recorded" in record_fields(turn(), "account", "Larchmont", "risk_level").text
    assert "Sites run: 3" in record_fields(turn(), "account", "Pinewood").text
    assert "**Dust**" in record_fields(turn(), "case", "C-7", "Root cause").text
    with pytest.raises(Invalid, match="There are: risk_level, sites_run, deposit"):
        record_fields(turn(), "account", "Pinewood", "mood")


def test_nobody_reads_or_sets_a_field_of_a_record_they_cannot_see(turn: SayTurn) -> None:
    read = record_fields(turn(), "account", "Quarry Works", "risk level")
    for found in (read, set_field(turn(), "account", "Quarry Works", "risk level", "Low")):
        assert "can't find" in found.text
        assert "High" not in found.text
        assert not found.proposals
    assert "Quarry" not in list_by_field(turn(), "accounts", "risk level", "is", "High", "everyone").text


def test_a_value_is_proposed_in_its_stored_form(turn: SayTurn, company: Company) -> None:
    proposal = set_field(turn("set it"), "account", "Pinewood", "Risk level", "low").proposals[0]
    (change,) = proposal.items[0].changes
    assert (change.field, change.label, change.old, change.new) == ("custom.risk_level", "Risk level", "High", "Low")
    (change,) = set_field(turn(), "contact", "Rosa Blume", "badge", "").proposals[0].items[0].changes
    assert (change.old, change.new) == (True, None)
    changes = set_field(turn(), "account", "Pinewood", "deposit", "1,200.50").proposals[0].items[0].changes
    assert {change.field: change.new for change in changes} == {"custom.deposit": 120_050, "currency": "EUR"}


def test_a_choice_that_is_none_is_asked_for_with_those_there_are(turn: SayTurn) -> None:
    found = set_field(turn(), "account", "Pinewood", "risk level", "hihg")
    assert found.question is not None
    assert [option.value for option in found.question.options] == ["Low", "High"]
    assert found.open_call is not None
    assert (found.open_call.missing, "value" in found.open_call.args) == ("value", False)


def test_records_are_listed_by_a_field_of_theirs_or_their_accounts(turn: SayTurn) -> None:
    accounts = list_by_field(turn(), "accounts", "sites run", "at_least", "2")
    assert accounts.text.startswith("**1 account with Sites run at least 2**:\n- Pinewood Mills: 3")
    assert isinstance(accounts.cards[0], TableCard)
    deals = list_by_field(turn(), "deals", "risk level", "is", "High", status="open")
    assert isinstance(deals.cards[0], DealsCard)
    assert [deal.name for deal in deals.cards[0].deals] == ["Pinewood renewal"]
    assert "Larchmont pilot" in list_by_field(turn(), "deals", "risk level", "is_empty").text
    assert "1 account with Risk level Low or High" in list_by_field(turn(), "accounts", "risk level", "is", "Low, High").text
    assert "Pinewood renewal" in list_by_field(turn(), "deals", "install date", "between", "2027-01-01 to 2027-03-31").text
    with pytest.raises(Invalid, match="There are: install_date, risk_level"):
        list_by_field(turn(), "deals", "mood")
