"""What a hosted model says against what its tools returned."""

from datetime import UTC, date, datetime

import pytest

from bot.agent.grounding.checking import checked, sentences
from bot.agent.grounding.claims import unsupported
from bot.agent.grounding.evidence import Evidence, gathered
from bot.agent.turn import Found
from bot.cards import Citation, Figure

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
FOUND = Found(
    text=(
        "**Meridian Foods**: renewal EUR 84,000 in Proposal, closes Mon 30 Nov 2026; pushed twice. Won last quarter: EUR 412,350 from "
        "14 deals, before that EUR 378,000 from 15. Win rate 38 %. Anna Berg (CFO), anna.berg@meridian.example, +49 30 1234567."
    ),
    citations=(
        Citation(
            id="i1",
            kind="call",
            title="Call with Meridian Foods",
            quote="we will look at two other vendors before signing",
            speaker="Anna Berg",
            at=datetime(2026, 11, 12, 9, 0, tzinfo=UTC),
        ),
    ),
    figures=(Figure(label="Pipeline", value=120_000_00, unit="EUR"),),
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return gathered([FOUND], "does Orion owe us 5k, and what about Meridian?", [], NOW, "Ida Ekman")


@pytest.mark.parametrize(
    "sentence",
    [
        "The renewal (EUR 84,000) closes on 30 November [1].",
        "The renewal is €84k and closes 2026-11-30.",
        "It closes on 30/11/2026, a Monday.",
        "You won EUR 412,350 from 14 deals, up 34,350 from EUR 378,000.",
        "You won EUR 412k, up 9 % from EUR 378,000.",
        "You won about EUR 410,000 last quarter.",
        "The win rate is 38%.",
        "It was pushed two times.",
        "Anna Berg said on Thursday that they \"will look at two other vendors before signing\" [1].",
        "Anna said so on 12 Nov.",
        "Anna's e-mail is anna.berg@meridian.example, her phone +49 30 1234567.",
        "The pipeline holds EUR 120,000.",
        "Pipeline and renewal are EUR 120,000 and EUR 84,000, EUR 204,000 together.",
        "There is nothing about Orion, and no 5k.",
        "Do you mean Orion?",
        "Call her this week, before it slips into next quarter.",
        "*Meridian Foods: renewal at risk.*",
        "Ida, you promised nothing.",
        "It closes in 12 days.",
        "1. Prepare the call.",
    ],
)  # fmt: skip
def test_what_the_tools_returned_may_be_said_in_other_forms(sentence: str, evidence: Evidence) -> None:
    assert unsupported(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("The renewal is EUR 94,000.", "EUR 94,000"),
        ("The renewal is USD 84,000.", "USD 84,000"),
        ("You won EUR 430k.", "EUR 430k"),
        ("You won it from 17 deals.", "17"),
        ("The win rate is 41 %.", "41 %"),
        ("Sales rose by 12 %.", "12 %"),
        ("It closes on 4 December.", "on 4 December"),
        ("It closes on 2027-01-15.", "on 2027-01-15"),
        ("Zelda Quist is the buyer.", "Zelda Quist"),
        ("Their CFO is Petra Lindqvist.", "Petra Lindqvist"),
        ("They compared us with Acme.", "Acme"),
        ("Orion owes us 5k.", "5k"),
        ("Write to eve@elsewhere.example.", "eve@elsewhere.example"),
        ("Call +49 40 7654321.", "+49 40 7654321"),
        ("Anna said \"we have signed the contract already\".", '"we have signed the contract already"'),
        ("It was pushed seven times.", "seven"),
        ("It closes in 40 days.", "in 40 days"),
    ],
)  # fmt: skip
def test_what_no_tool_returned_is_found(sentence: str, wrong: str, evidence: Evidence) -> None:
    assert wrong in unsupported(sentence, evidence)


def test_lines_and_bullets_stay_and_unsupported_sentences_go(evidence: Evidence) -> None:
    text = "*Meridian Foods: renewal at risk.* Acme is cheaper.\n\n- It is EUR 84,000 [1].\n- It is EUR 99,000.\n\nCall Anna Berg."
    said = checked(text, evidence)
    assert said.text == "*Meridian Foods: renewal at risk.*\n\n- It is EUR 84,000 [1].\n\nCall Anna Berg."
    assert [sentence for sentence, _ in said.removed] == ["Acme is cheaper.", "It is EUR 99,000."]


@pytest.mark.parametrize(
    "line",
    ["One. Two! Three?", "It closes 30 Nov. 2026. Call her.", "She said so [1]. Then he [2].", "Halden Inc. pays 1.5m.", "", "no end"],
)
def test_sentences_joined_are_the_line(line: str) -> None:
    assert "".join(sentences(line)) == line


def test_a_short_form_does_not_end_a_sentence() -> None:
    assert sentences("Halden Inc. pays on 30 Nov. 2026. Call Mr. Berg.") == ["Halden Inc. pays on 30 Nov. 2026. ", "Call Mr. Berg."]


def test_days_come_from_cards_and_texts(evidence: Evidence) -> None:
    assert {date(2026, 11, 30), date(2026, 11, 12)} <= evidence.days
