"""What is said around a request and asks for nothing changes nothing about it."""

import pytest

from tests.agent.embedded.record import MANAGER, plan

BEFORE = ("i have the QBR in an hour", "sitting in the car park", "sorry, my memory is awful", "boss is breathing down my neck", "flying out tomorrow morning")
BEHIND = ("i am nearly there", "walking in now", "my VP wants it by noon", "need it for tomorrow's board deck", "bit of a rush today")
REQUESTS = (
    "what did Priya say about pricing",
    "show me my open deals in Proposal",
    "which promises to Northgate are open",
    "when did we last speak to Rashid",
    "what's my win rate this year",
)


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("aside", BEFORE)
def test_what_is_said_before_a_question_changes_nothing(request_: str, aside: str) -> None:
    assert plan(f"{aside}, {request_}").calls == plan(request_).calls


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("aside", BEHIND)
def test_what_is_said_behind_a_question_changes_nothing(request_: str, aside: str) -> None:
    assert plan(f"{request_}, {aside}").calls == plan(request_).calls


def test_the_one_named_in_an_aside_is_whom_the_question_is_about() -> None:
    assert plan("i have my 1:1 with Tom in a minute, what has changed on their deals since 9 November", caller=MANAGER).calls == (
        plan("what has changed on Tom's deals since 9 November", caller=MANAGER).calls
    )


def test_what_happened_is_kept_whole() -> None:
    logged = plan("log a call with Priya: she is in a rush, wants the quote by noon").calls
    assert [call.tool for call in logged] == ["log_interaction"]
    assert "in a rush" in str(logged[0].args["text"])
    assert "quote" in str(logged[0].args["text"])


def test_a_condition_behind_a_request_is_no_aside() -> None:
    assert plan("move the Quanta deal to Negotiation, only if they signed").calls == ()


def test_a_second_question_that_names_nothing_is_not_searched_for() -> None:
    assert [call.tool for call in plan("when did Quanta last order, and what was it").calls] == ["purchase_history"]
