"""Lists narrowed by the conditions of the report language: any field of a deal, an account or the customer behind it."""

import pytest

from bot.agent.tools.accounts import list_accounts
from bot.agent.tools.deals import list_deals
from bot.errors import BadInput
from crm_store.names import Trait, names_for
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn


def test_deals_are_listed_by_what_their_customer_is(turn: SayTurn) -> None:
    found = list_deals(turn(), where=[{"field": "industry", "op": "eq", "value": "Toys"}])
    assert found.text.startswith("**1 open deal, industry Toys, EUR 20,000**")
    assert [subject.name for subject in found.subjects] == ["Larchmont pilot"]


def test_a_condition_never_widens_what_somebody_sees(company: Company, turn: SayTurn) -> None:
    found = list_deals(turn(), owner="everyone", where=[{"field": "name", "op": "contains", "value": "Quarry"}])
    assert found.text.startswith("**No open deals")


def test_conditions_and_arguments_all_hold(turn: SayTurn) -> None:
    toys = [{"field": "industry", "op": "eq", "value": "toys"}]
    assert list_deals(turn(), stage="Proposal", where=toys).text.startswith("**You have no open deals in Proposal, industry toys**")
    both = [*toys, {"field": "account_kind", "op": "eq", "value": "prospect"}]
    assert [subject.name for subject in list_deals(turn(), where=both).subjects] == ["Larchmont pilot"]


def test_won_deals_are_listed_by_a_condition_too(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal(session, "Larchmont start", company.larchmont, company.stages["Won"])
    found = list_deals(turn(), status="won", where=[{"field": "industry", "op": "eq", "value": "toys"}])
    assert [subject.name for subject in found.subjects] == ["Larchmont start"]


def test_a_reopened_deal_is_one_that_came_back_from_a_closed_stage(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    stages = company.stages
    with sqlite_store.write(SYSTEM) as session:
        builders.history(session, company.pilot, "stage_id", stages["Lost"].id, stages["Discovery"].id)
        builders.history(session, company.renewal, "stage_id", stages["Discovery"].id, stages["Proposal"].id)
    found = list_deals(turn(), where=[{"field": "reopened", "op": "eq", "value": True}])
    assert found.text.startswith("**1 open deal, reopened, EUR 20,000**")


def test_accounts_are_listed_by_any_field(turn: SayTurn) -> None:
    found = list_accounts(turn(), where=[{"field": "industry", "op": "eq", "value": "wood"}])
    assert found.text.startswith("**1 account (industry wood)** (you): Pinewood Mills")
    none = list_accounts(turn(), where=[{"field": "country", "op": "eq", "value": "France"}])
    assert none.text == "**You have no accounts (country France).**"


def test_accounts_are_listed_by_how_many_open_deals_they_have(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.account(session, "Birch Lines", company.ada)
    found = list_accounts(turn(), where=[{"field": "open_deals", "op": "eq", "value": 0}])
    assert "Birch Lines" in found.text
    assert "Pinewood" not in found.text


def test_a_field_that_is_none_is_said_to_be_none(turn: SayTurn) -> None:
    with pytest.raises(BadInput, match="colour"):
        list_deals(turn(), where=[{"field": "colour", "op": "eq", "value": "red"}])


def test_the_names_know_the_values_that_customers_are_told_apart_by(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    asked = turn()
    with asked.read() as session:
        before = asked.names(session).traits
    assert {Trait("industry", "wood"), Trait("industry", "toys")} <= before
    with sqlite_store.write(SYSTEM) as session:
        builders.account(session, "Birch Lines", company.ada, industry="shipping", country="Norway")
        builders.deal(session, "Larchmont fair", company.larchmont, company.stages["Discovery"], source="trade_show")
    later = turn()
    with later.read() as session:
        after = later.names(session).traits
        assert after == names_for(session).traits
    assert after - before == {Trait("industry", "shipping"), Trait("country", "Norway"), Trait("source", "trade_show")}
