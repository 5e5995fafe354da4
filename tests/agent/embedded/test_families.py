"""Which family a request is of where its words alone tell: the tools it becomes, and what is not refused."""

import pytest

from bot.agent.embedded import replies
from tests.agent.embedded.record import MANAGER, REP, plan


def tools_of(text: str, *, manager: bool = False) -> list[str]:
    return [call.tool for call in plan(text, caller=MANAGER if manager else REP).calls]


@pytest.mark.parametrize(
    "text",
    ["whats hot", "low hanging fruit?", "any easy money lying around", "where should I spend my time this afternoon", "any quick wins", "who should I be chasing"],
)
def test_what_sellers_call_the_next_thing_to_do_is_not_refused(text: str) -> None:
    assert tools_of(text) in (["next_actions"], ["list_deals"])


@pytest.mark.parametrize("text", ["my book of business", "who's in my patch"])
def test_what_sellers_call_their_accounts_is_not_refused(text: str) -> None:
    assert tools_of(text) == ["list_accounts"]


@pytest.mark.parametrize("text", ["who is overloaded right now", "who on the team has how much on", "is anybody in my team swamped", "who has free capacity"])
def test_a_manager_sees_how_much_each_has_on(text: str) -> None:
    calls = plan(text, caller=MANAGER).calls
    assert [(call.tool, call.args["subject"], call.args["group_by"]) for call in calls] == [("report", "deals", "owner"), ("report", "tasks", "owner")]


@pytest.mark.parametrize("text", ["what is Tom working on", "what's on Tom's desk, deals and tasks", "how busy is Tom"])
def test_what_one_of_the_team_has_on_is_listed(text: str) -> None:
    assert tools_of(text, manager=True) == ["list_deals", "list_tasks"]


@pytest.mark.parametrize("text", ["show me my deals that have slid at least twice", "which deals of mine slid out two times or more"])
def test_a_reader_is_not_followed_to_a_family_that_the_weights_rule_out(text: str) -> None:
    assert "find_duplicates" not in tools_of(text)


@pytest.mark.parametrize("text", ["when did Vireo last order and what was it", "what did Vireo buy last, and how much was it"])
def test_a_question_that_only_asks_for_more_of_the_same_is_none_of_its_own(text: str) -> None:
    assert tools_of(text) == ["purchase_history"]


@pytest.mark.parametrize("text", ["the Quanta deal is porbably lost", "the Quanta deal is liekly to close in March"])
def test_a_doubt_with_a_slip_of_the_keys_is_still_a_doubt(text: str) -> None:
    assert "update_deal" not in tools_of(text)


@pytest.mark.parametrize(
    "text",
    ["who won the match last night", "what's a good recipe for lentil soup", "book me a table for two at eight", "how do I get a stain out of a shirt", "what time zone is Lima in", "play some jazz"],
)
def test_what_is_about_something_else_is_refused(text: str) -> None:
    found = plan(text)
    assert found.say == replies.OUT_OF_SCOPE
    assert not found.calls
