"""Requests about fields that a company added are understood by their labels, whatever those are."""

import pytest

from bot.agent.embedded.plans import Plan
from bot.agent.embedded.understanding import understand
from bot.agent.memory import Memory, Said
from bot.settings import Settings
from crm_store.custom_fields import Definition
from crm_store.models import CustomKind
from crm_store.names import Name, Names
from knowledge.embeddings import MiniLM
from tests.agent.embedded.record import MANAGER, NOW, REP

_EMBEDDINGS = MiniLM()
FIELDS = tuple(
    Definition(f"{entity}/{name}", entity, name, label, CustomKind(kind), choices)
    for entity, name, label, kind, choices in (
        ("account", "churn_danger", "Churn danger", "choice", ("None", "Some", "Very high")),
        ("account", "crews", "Night crews", "number", ()),
        ("account", "audited_on", "Last audit", "date", ()),
        ("account", "penalty", "Penalty cap", "money", ()),
        ("account", "reference", "Reference customer", "flag", ()),
        ("deal", "install_on", "Install date", "date", ()),
        ("deal", "cabling", "Cabling", "text", ()),
        ("contact", "badge", "Site badge", "flag", ()),
        ("case", "root_cause", "Root cause", "choice", ("Hardware", "Software")),
    )
)
NAMES = Names(
    (
        Name("account", "blue", "Bluewater Logistics"), Name("account", "quanta", "Quanta Textiles"),
        Name("contact", "ana", "Ana Castellanos", ("ana@bluewater.example",), "blue"),
        Name("deal", "pilot", "Bluewater dock pilot", (), "blue", None, "open"), Name("person", "dana", "Dana Reyes"),
        Name("person", "tom", "Tom Becker"), Name("stage", "s1", "Proposal", status="open"),
    ),
    FIELDS,
)  # fmt: skip
DANGER = {"entity": "account", "field": "churn_danger"}


def plan(text: str, memory: Memory | None = None, names: Names = NAMES, manager: bool = False) -> Plan:
    caller = MANAGER if manager else REP
    return understand(
        text, caller=caller, now=NOW, memory=memory or Memory(), names=names, embeddings=_EMBEDDINGS, settings=Settings()
    )


def calls(found: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(call.tool, dict(call.args)) for call in found.calls]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("show me the churn danger of Bluewater", DANGER | {"record": "blue"}),
        ("What's Bluewater's churn danger?", DANGER | {"record": "blue"}),
        ("how high is the churn danger at Bluewater Logistics", DANGER | {"record": "blue"}),
        ("churn danger of Quanta Textiles?", DANGER | {"record": "quanta"}),
        ("can you tell me the churn dangr for quanta", DANGER | {"record": "quanta"}),
        ("how many night crews does Bluewater have?", {"entity": "account", "field": "crews", "record": "blue"}),
        ("when was the last audit of Quanta?", {"entity": "account", "field": "audited_on", "record": "quanta"}),
        ("when is the install date of the Bluewater dock pilot", {"entity": "deal", "field": "install_on", "record": "pilot"}),
        ("does Ana Castellanos have a site badge?", {"entity": "contact", "field": "badge", "record": "ana"}),
        ("what is the root cause of case C-104", {"entity": "case", "field": "root_cause", "record": "C-104"}),
        ("what's the churn danger of Marlowe Paints?", DANGER | {"record": "Marlowe Paints"}),
    ],
)  # fmt: skip
def test_a_field_is_read_by_its_label(text: str, args: dict[str, object]) -> None:
    assert calls(plan(text)) == [("record_fields", args)]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("set churn danger to very high on Bluewater", DANGER | {"record": "blue", "value": "Very high"}),
        ("Set the churn danger of Bluewater to some", DANGER | {"record": "blue", "value": "Some"}),
        ("Please change Quanta's churn danger to Very High", DANGER | {"record": "quanta", "value": "Very high"}),
        ("Bluewater's churn danger is now some", DANGER | {"record": "blue", "value": "Some"}),
        ("set the churn danger of Bluewater to enormous", DANGER | {"record": "blue", "value": "enormous"}),
        ("clear the churn danger of Bluewater", DANGER | {"record": "blue", "value": ""}),
        ("update night crews for Quanta to 12", {"entity": "account", "field": "crews", "record": "quanta", "value": "12"}),
        ("set penalty cap to EUR 25,000 for Bluewater", {"entity": "account", "field": "penalty", "record": "blue", "value": "25000 EUR"}),
        ("set the last audit of Quanta to 3 November 2026", {"entity": "account", "field": "audited_on", "record": "quanta", "value": "2026-11-03"}),
        ("mark Bluewater as a reference customer", {"entity": "account", "field": "reference", "record": "blue", "value": "yes"}),
        ("set reference customer to no for Quanta", {"entity": "account", "field": "reference", "record": "quanta", "value": "no"}),
        ("change the install date of the Bluewater dock pilot to 15 March 2027", {"entity": "deal", "field": "install_on", "record": "pilot", "value": "2027-03-15"}),
        ("set cabling of the Bluewater dock pilot to Cat 6, shielded", {"entity": "deal", "field": "cabling", "record": "pilot", "value": "Cat 6, shielded"}),
        ("set the root cause of case C-104 to software", {"entity": "case", "field": "root_cause", "record": "C-104", "value": "Software"}),
        ("set Marlowe Paints's churn danger to some", DANGER | {"record": "Marlowe Paints", "value": "Some"}),
    ],
)  # fmt: skip
def test_a_field_is_set_by_its_label(text: str, args: dict[str, object]) -> None:
    assert calls(plan(text)) == [("set_field", args)]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("deals with churn danger very high", {"subject": "deals", "field": "churn_danger", "how": "is", "value": "Very high", "status": "open"}),
        ("which accounts have a very high churn danger?", {"subject": "accounts", "field": "churn_danger", "how": "is", "value": "Very high"}),
        ("list customers whose churn danger is some or very high", {"subject": "accounts", "field": "churn_danger", "how": "is", "value": "Some, Very high"}),
        ("accounts without churn danger", {"subject": "accounts", "field": "churn_danger", "how": "is_empty"}),
        ("accounts with more than 10 night crews", {"subject": "accounts", "field": "crews", "how": "over", "value": "10"}),
        ("accounts with night crews under 5", {"subject": "accounts", "field": "crews", "how": "under", "value": "5"}),
        ("accounts where night crews is at least 5", {"subject": "accounts", "field": "crews", "how": "at_least", "value": "5"}),
        ("deals with an install date after 1 March 2027", {"subject": "deals", "field": "install_on", "how": "at_least", "value": "2027-03-02", "status": "open"}),
        ("deals with install date in March 2027", {"subject": "deals", "field": "install_on", "how": "between", "value": "2027-03-01 to 2027-03-31", "status": "open"}),
    ],
)  # fmt: skip
def test_records_are_listed_by_a_field(text: str, args: dict[str, object]) -> None:
    ((tool, given),) = calls(plan(text))
    assert (tool, {name: value for name, value in given.items() if name != "owner"}) == ("list_by_field", args)


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("average night crews by industry", {"subject": "accounts", "measure": "custom.crews.average", "group_by": "industry"}),
        ("total night crews", {"subject": "accounts", "measure": "custom.crews.sum"}),
        ("how many accounts by churn danger", {"subject": "accounts", "measure": "count", "group_by": "custom.churn_danger"}),
        ("won deals by churn danger this year", {"subject": "deals", "status": "won", "group_by": "account.churn_danger", "since": "2026-01-01"}),
        ("number of deals by install date", {"subject": "deals", "measure": "count", "group_by": "custom.install_on.month"}),
        ("median penalty cap by country", {"subject": "accounts", "measure": "custom.penalty.median", "group_by": "country"}),
    ],
)  # fmt: skip
def test_a_report_counts_and_splits_by_a_field(text: str, args: dict[str, object]) -> None:
    ((tool, given),) = calls(plan(text, manager=True))
    assert tool == "report"
    assert args.items() <= given.items()


def test_what_is_missing_is_asked_for_with_the_choices() -> None:
    found = plan("set the churn danger of Bluewater")
    assert found.question is not None
    assert [option.label for option in found.question.options] == ["None", "Some", "Very high"]
    assert (found.waiting.tool, found.missing) == ("set_field", "value") if found.waiting else False
    nowhere = plan("set the churn danger to some")
    assert (nowhere.question is not None, nowhere.missing) == (True, "record")


def test_a_pronoun_means_what_was_talked_about() -> None:
    memory = Memory(subjects=(Said(kind="account", id="quanta", name="Quanta Textiles"),))
    assert calls(plan("what is its churn danger?", memory)) == [("record_fields", DANGER | {"record": "quanta"})]


@pytest.mark.parametrize(
    "text",
    [
        "do not set the churn danger of Bluewater to some", "if they sign, set the churn danger of Bluewater to none",
        "should I set the churn danger of Bluewater to some?", "did anyone change the churn danger of Bluewater?",
    ],
)  # fmt: skip
def test_a_question_a_condition_or_a_negation_sets_nothing(text: str) -> None:
    assert not [call for call in plan(text).calls if call.tool == "set_field"]


@pytest.mark.parametrize(
    "text",
    [
        "what's the latest on Bluewater?", "log a call with Ana Castellanos about the last audit",
        "remind me to check the install date of the pilot tomorrow", "move the Bluewater dock pilot to proposal",
        "what did they say about night crews?",
    ],
)  # fmt: skip
def test_other_requests_are_understood_as_without_the_fields(text: str) -> None:
    bare = Names(NAMES._names)
    assert calls(plan(text)) == calls(plan(text, names=bare))
