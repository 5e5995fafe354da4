"""What stands before a request and is none, and several requests however they are joined."""

import pytest

from tests.agent.embedded.record import MANAGER, plan


def tools(text: str) -> list[str]:
    return [call.tool for call in plan(text, caller=MANAGER).calls]


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("forecast call at 3, show me the slipped deals across the team", "slips"),
        ("board call in 20 min, give me the qualification status of Tessera LIMS upgrade", "qualify"),
        ("on the train to the office, which of my tasks are overdue", "list_tasks"),
        ("just back from leave, where do I start", "next_actions"),
        ("for my review - everything I won this year", "list_deals"),
    ],
)
def test_a_circumstance_before_a_request_changes_nothing_about_it(text: str, tool: str) -> None:
    assert tools(text) == [tool]


def test_a_name_in_the_circumstance_is_what_the_request_is_about() -> None:
    (call,) = plan("before I ring Harborview back, which objections are still open").calls
    assert call.tool == "objections"
    assert call.args["account"] == "harborview"


def test_what_happened_before_a_question_is_no_log_entry() -> None:
    assert "log_interaction" not in tools("got Priya on zoom at 3, need the cheat sheet on them")


def test_a_condition_is_no_circumstance() -> None:
    assert not {"update_deal", "change_deals"} & set(tools("if she agrees, move the Quanta deal to Proposal"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("latest on Oakhurst Homes pls + who's our champion there", ["account_latest", "account_people"]),
        ("latest on Falcon Ridge + open cases", ["account_latest", "list_cases"]),
        ("brief me on Harborview, after that show my tasks", ["account_brief", "list_tasks"]),
        ("first my overdue tasks, then my deals", ["list_tasks", "list_deals"]),
        ("I called Rashid and moved the Quanta deal to Proposal", ["log_interaction", "update_deal"]),
        ("log a call with Priya about pricing, move the Bluewater renewal to Proposal and remind me Thursday", ["log_interaction", "update_deal", "create_task"]),
    ],
)
def test_requests_are_told_apart_however_they_are_joined(text: str, wanted: list[str]) -> None:
    assert tools(text) == wanted


def test_asking_to_be_shown_what_was_just_asked_is_no_second_request() -> None:
    assert tools("has Oakhurst Homes ever bought anything? show me what") == ["purchase_history"]


@pytest.mark.parametrize("text", ["remind me why Vireo is hesitating, what did they object to?", "remind me what we promised Vireo"])
def test_to_be_reminded_of_what_is_known_is_a_question(text: str) -> None:
    assert "create_task" not in tools(text)


@pytest.mark.parametrize("text", ["Grace - opted in for email marketing or nah", "Marcus: ok for promo emails, yes or no"])
def test_a_choice_at_the_end_makes_a_question(text: str) -> None:
    assert tools(text) == ["may_contact"]


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("do the people at Tessera contradict each other on the timeline", "said_differently"),
        ("are there people in here who were entered two times", "find_duplicates"),
        ("run me through what I need to do today", "list_tasks"),
        ("what could I still land before christmas", "list_deals"),
        ("who renews next month", "list_deals"),
    ],
)
def test_requests_of_the_trade_are_taken_in_words_that_name_nothing(text: str, tool: str) -> None:
    assert tool in tools(text)


@pytest.mark.parametrize("text", ["what's the weather in Munich tomorrow", "file my expense report", "who won the match last night", "how do I cook rice"])
def test_what_is_about_something_else_is_refused(text: str) -> None:
    found = plan(text)
    assert not found.understood
    assert not found.calls
