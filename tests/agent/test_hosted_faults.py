"""Everything that can go wrong with a hosted model: each ends in the embedded model's answer, which says what happened."""

import logging
from collections.abc import Callable

import pytest

from bot.app import Rapport
from bot.questions import Answer, Question
from crm_store.access import Scope
from crm_store.models import ProposalItem
from tests import builders as make
from tests.agent.conftest import KEY, Ask
from tests.agent.provider import Provider, Said, after_tools

QUESTION = "what are my tasks?"


def _why(answer: Answer) -> str:
    """What the answer says about the model, after making sure that it is the embedded model's."""
    assert "usage report" in answer.text.lower()
    notices = [card.text for card in answer.cards if card.type == "notice"]
    assert len(notices) == 1
    assert notices[0].endswith("so I answered with my own understanding.")
    return notices[0].removeprefix("The hosted model ").removesuffix(", so I answered with my own understanding.")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(status=500), "did not answer"),
        (Said(status=401), "did not accept its key"),
        (Said(status=429, headers=(("Retry-After", "1"),)), "has too much to do"),
        (Said("You have one", cut=True), "was cut off"),
        (Said("You have one task, which is", finish="length"), "was cut off"),
        (Said(refusal="I will not talk about tasks."), "gave an empty reply"),  # the client drops a streamed refusal's words
        (Said("I'm sorry, but I can't help with that."), "refused to answer"),
        (Said("What you ask for", finish="content_filter"), "refused to answer"),
        (Said(), "gave an empty reply"),
        (Said(calls=[("create_task", '{"title": "Call th')]), "asked for its tools in a form that cannot be read"),
        (Said("Well. " * 5_000), "went on for too long"),
        (Said(raw=b"<html>Bad gateway</html>"), "did not answer"),
        (Said(raw=b'data: {"choices": [{"delta": {"content": "\xff\xfe\xfa"}}]}\n\n'), ""),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_embedded_model_answers_and_says_why(ask: Ask, provider: Provider, said: Said, reason: str) -> None:
    provider.reply = lambda body: said
    assert _why(ask(QUESTION)).startswith(reason)


def test_a_model_that_keeps_silent_is_not_waited_for(ask: Ask, provider: Provider) -> None:
    provider.reply = lambda body: Said("Too late.", wait=True)
    assert _why(ask(QUESTION, model_seconds=2)) == "did not answer in time"


def test_a_model_that_never_comes_to_an_end_is_not_waited_for(ask: Ask, provider: Provider) -> None:
    provider.reply = lambda body: Said(drip=0.2)
    assert _why(ask(QUESTION, model_seconds=4)) == "did not answer in time"


def test_a_server_that_is_not_there_is_no_reason_to_be_silent(ask: Ask) -> None:
    assert _why(ask(QUESTION, model_url="http://127.0.0.1:9/v1")) == "did not answer"


@pytest.mark.parametrize("first", [Said(status=500), Said(status=429, headers=(("Retry-After", "0"),)), Said(status=503)])
def test_a_passing_failure_is_tried_again(ask: Ask, provider: Provider, first: Said) -> None:
    provider.reply = lambda body: first if len(provider.asked) == 1 else Said("Ask me about your tasks.")
    assert ask(QUESTION, model_retries=2).text == "Ask me about your tasks."


@pytest.mark.parametrize("first", [Said(), Said("You have", cut=True), Said(calls=[("list_tasks", "{")])])
def test_a_reply_that_cannot_be_used_is_asked_for_once_more(ask: Ask, provider: Provider, first: Said) -> None:
    provider.reply = lambda body: first if len(provider.asked) == 1 else Said("Ask me about your tasks.")
    assert ask(QUESTION).text == "Ask me about your tasks."
    assert len(provider.asked) == 2


def test_an_endless_tool_loop_ends_at_the_limit_of_calls(ask: Ask, provider: Provider) -> None:
    provider.reply = lambda body: Said(calls=[("list_tasks", {})])
    assert _why(ask(QUESTION, model_calls=3)) == "kept calling tools without an end"
    assert len(provider.asked) == 3


def test_more_tools_than_allowed_are_not_called(ask: Ask, provider: Provider) -> None:
    provider.reply = after_tools([("list_tasks", {})] * 5, "You have one task.")
    answer = ask(QUESTION, model_tool_calls=2)
    assert answer.text == "You have one task."
    assert len([card for card in answer.cards if card.type == "tasks"]) == 2


def test_the_tokens_of_an_answer_are_limited(ask: Ask, provider: Provider) -> None:
    provider.reply = lambda body: Said("Thinking about it at length. " * 300, calls=[("list_tasks", {})])
    assert _why(ask(QUESTION, model_tokens=1_000)) == "used more tokens than it may"
    assert len(provider.asked) == 1


def test_a_tool_that_does_not_exist_and_arguments_that_make_no_sense_are_told_to_the_model(ask: Ask, provider: Provider) -> None:
    provider.reply = after_tools([("list_tasks", {"due_since": "no day"}), ("made_up", {})], "Ask me again in other words.")
    assert ask(QUESTION).text == "Ask me again in other words."
    told = [message["content"] for message in provider.asked[-1]["messages"] if message["role"] == "tool"]
    assert len(told) == 2
    assert "made_up" in told[1]


def test_what_a_failed_turn_proposed_is_put_aside(hosted: Callable[..., Rapport], provider: Provider) -> None:
    rapport = hosted()
    provider.reply = lambda body: (
        Said(status=500) if body["messages"][-1]["role"] == "tool" else Said(calls=[("create_task", {"title": "Call them"})])
    )
    caller = rapport.caller_for_email("ida.ekman@halvern.example")
    _why(rapport.answer(Question(QUESTION, caller, make.NOW, "thread")))
    with rapport.store.read(Scope.system("test")) as session:
        assert [item.status for item in session.query(ProposalItem)] == ["rejected"]


@pytest.mark.parametrize("status", [400, 401, 500])
def test_no_key_and_no_words_of_a_customer_are_logged(
    ask: Ask, provider: Provider, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO)
    provider.reply = lambda body: Said(status=status, message=f"Incorrect API key provided: {KEY}; you sent: {QUESTION}")
    answer = ask(QUESTION)
    assert provider.keys == [f"Bearer {KEY}"]
    assert KEY not in caplog.text + answer.model_dump_json()
    assert QUESTION not in caplog.text
