"""Lists and numbers of customers of a kind: by industry, country, region, city, size and source, in words."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.agent.embedded.understanding import understand
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.names import Trait
from knowledge.embeddings import MiniLM
from tests.agent.embedded.record import NOW, REP, names

RECORD = names()
RECORD.traits = frozenset({
    Trait("industry", "manufacturing"), Trait("industry", "food"), Trait("industry", "health care"), Trait("industry", "solar"),
    Trait("country", "Germany"), Trait("country", "SE"), Trait("country", "USA"), Trait("region", "Bavaria"), Trait("city", "Hamburg"),
    Trait("source", "webinar"), Trait("source", "trade_show"),
})  # fmt: skip


def asked(text: str) -> tuple[str, Mapping[str, Any]]:
    (call,) = understand(
        text, caller=REP, now=NOW, memory=Memory(), names=RECORD, embeddings=MiniLM(), settings=Settings()
    ).calls
    return call.tool, call.args


def is_(field: str, value: object, op: str = "eq") -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("text", "tool", "condition"),
    [
        ("pipeline in manufacturing", "list_deals", is_("industry", "manufacturing")),
        ("show my deals in health care closing this quarter", "list_deals", is_("industry", "health care")),
        ("food customers", "list_accounts", is_("industry", "food")),
        ("my German customers", "list_accounts", is_("country", "Germany")),
        ("customers in the US", "list_accounts", is_("country", "USA")),
        ("my Swedish accounts", "list_accounts", is_("country", "SE")),
        ("deals in DACH", "list_deals", is_("country", ["Germany", "Austria", "Switzerland"], "in")),
        ("customers in Bavaria", "list_accounts", is_("region", "Bavaria")),
        ("which of my accounts are in Hamburg", "list_accounts", is_("city", "Hamburg")),
        ("deals from webinars", "list_deals", is_("source", "webinar")),
        ("deals that came from trade shows", "list_deals", is_("source", "trade_show")),
        ("prospects with over 500 employees", "list_accounts", is_("employees", 500, "gt")),
        ("win rate in manufacturing", "report", is_("industry", "manufacturing")),
        ("how much did I win in Germany this year", "report", is_("country", "Germany")),
        ("show reopened deals", "list_deals", is_("reopened", True)),
    ],
)
def test_what_a_customer_is_becomes_a_condition_of_the_report_language(text: str, tool: str, condition: dict[str, object]) -> None:
    found, args = asked(text)
    assert (found, args["where"]) == (tool, [condition])


def test_a_country_that_nobody_has_yet_is_a_condition_and_no_unknown_word() -> None:
    assert asked("deals in France")[1]["where"] == [is_("country", "France")]


def test_an_industry_that_the_record_has_not_is_looked_for_by_its_word() -> None:
    assert asked("customers in the chemicals industry")[1]["where"] == [is_("industry", "chemicals", "contains")]


def test_several_conditions_stand_beside_each_other() -> None:
    _, args = asked("deals in manufacturing in Germany over 50k")
    assert sorted(one["field"] for one in args["where"]) == ["country", "industry"]
    assert args["min_amount_minor"] == 5_000_000


def test_an_industry_is_not_taken_for_the_account_that_has_its_word() -> None:
    _, args = asked("my deals in solar")
    assert args["where"] == [is_("industry", "solar")]
    assert "account" not in args


@pytest.mark.parametrize("text", ["can you tell us about our customers", "show my deals in Negotiation", "which deals did I win in October", "my deals"])
def test_a_word_that_only_looks_like_a_country_or_a_place_is_none(text: str) -> None:
    assert "where" not in asked(text)[1]


@pytest.mark.parametrize(("text", "key"), [("which customers could buy more", "where"), ("are we about to lose anyone", "untouched_days")])
def test_what_nobody_can_know_is_answered_with_the_nearest_and_says_so(text: str, key: str) -> None:
    made = understand(text, caller=REP, now=NOW, memory=Memory(), names=RECORD, embeddings=MiniLM(), settings=Settings())
    assert [call.tool for call in made.calls] == ["list_accounts"]
    assert key in made.calls[0].args
    assert str(made.say).startswith("I can't tell who will")
