"""Which field of a framework a question asks for: questions written before the weights were trained, and whole messages."""

from pathlib import Path

import pytest

from bot.agent.embedded.asked_fields import AskedFields, without_names
from bot.agent.embedded.train import STAND_INS, requests
from knowledge.embeddings import MiniLM
from tests.agent.embedded.record import plan

_ASKED = Path(__file__).parent / "asked_fields.txt"
"""``field|question``, names in braces; never trained on."""
_RIGHT = 0.9


def test_nine_of_ten_questions_that_were_never_trained_on_are_read_as_their_field() -> None:
    told = [line.split("|", 1) for line in _ASKED.read_text(encoding="utf-8").splitlines() if line]
    fields, embeddings = AskedFields.load(), MiniLM()
    masked = [request.core.masked for request in requests([question.format_map(STAND_INS) for _, question in told])]
    found = [fields.chosen(each, embeddings) or "whole" for each in masked]
    wrong = [f"{question}: {is_}" for (field, question), is_ in zip(told, found, strict=True) if is_ != field]
    assert len(wrong) <= (1 - _RIGHT) * len(told), wrong


def test_whom_a_question_is_about_tells_nothing_of_its_field() -> None:
    assert without_names("how much can ACCOUNT spend on DEAL") == "how much can they spend they"


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("is there any cash for this at Northgate?", {"account": "northgate", "field": "budget"}),
        ("walk me through how Northgate gets to a yes", {"account": "northgate", "field": "decision_process"}),
        ("does anybody at Northgate go to bat for us?", {"account": "northgate", "field": "champion"}),
        ("MEDDIC for Northgate", {"account": "northgate", "framework": "meddic"}),
        ("which parts of the qualification are still blank at Northgate?", {"account": "northgate", "framework": "meddpicc", "gaps_only": True}),
        ("only what is missing in BANT for Northgate", {"account": "northgate", "gaps_only": True}),
    ],
)
def test_a_question_in_other_words_gets_its_field(text: str, args: dict[str, object]) -> None:
    assert [(call.tool, dict(call.args)) for call in plan(text).calls] == [("qualify", args)]
