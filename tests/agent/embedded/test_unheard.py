"""An answer to a list or a number says which words of the question it left out."""

import pytest

from tests.agent.embedded.record import MANAGER, plan


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("show me the deals that were refurbished", "“refurbished”"),
        ("what share of my pipeline is refurbished", "“refurbished”"),
        ("which of my open deals came from trade fairs", "“trade fairs”"),
    ],
)
def test_a_list_says_which_words_it_could_not_narrow_by(text: str, left_out: str) -> None:
    made = plan(text, caller=MANAGER)
    assert made.calls
    assert made.say is not None
    assert f"I could not use {left_out}" in made.say
    assert not made.understood


@pytest.mark.parametrize(
    "text",
    [
        "show my open deals",
        "which of my deals close this month?",
        "how much did we win last quarter by rep",
        "what deals do we have with Northgate",
        "which deals are quiet for 30 days",
        "list all my overdue tasks please",
        "any open cases at Quanta right now?",
        "can you show me lost deals against Zephyrix this year",
    ],
)
def test_what_was_heard_in_full_is_answered_without_a_reservation(text: str) -> None:
    made = plan(text, caller=MANAGER)
    assert made.calls
    assert made.say is None
    assert made.understood


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("list my enterprise deals", "“enterprise”"),
        ("accounts with a works council", "“works council”"),
        ("which deals need legal approval", "“legal approval”"),
        ("win rate on inbound deals this year", "“inbound”"),
        ("how many calls lasted over 30 minutes", "“lasted over 30 minutes”"),
        ("open deals for outdoor furniture", "“outdoor furniture”"),
        ("which of our customers run Linux", "“Linux”"),
        ("show all deals except the strategic ones", "“except the strategic”"),
    ],
)
def test_what_should_have_narrowed_the_answer_is_quoted_as_it_was_said(text: str, left_out: str) -> None:
    made = plan(text, caller=MANAGER)
    assert made.calls
    assert f"I could not use {left_out}" in (made.say or "")


@pytest.mark.parametrize(
    "text",
    [
        "which accounts belong to Tom",
        "what renewals are coming up this month",
        "why did we lose deals last quarter, count them by reason",
        "ok honestly I feel lost, show me my deals that have gone quiet, longest silence at the top",
        "my won revenue this year broken down by month",
        "in my name: all prospects please, I promised to clean them up",
        "is my win rate better this quarter than last quarter",
        "how many emails did I send this week",
        "remind me which tasks I've got left at Quanta",
        "my deals with zero activity, the ones that went quiet",
    ],
)
def test_a_verb_a_feeling_and_what_was_said_twice_leave_nothing_out(text: str) -> None:
    made = plan(text, caller=MANAGER)
    assert made.calls
    assert "I could not use" not in (made.say or "")


def test_two_words_for_one_thing_are_both_heard() -> None:
    made = plan("which quiet deals did nobody touch for 30 days", caller=MANAGER)
    assert made.calls
    assert "quiet" not in (made.say or "")


def test_a_change_of_many_records_with_a_word_that_was_not_read_changes_nothing() -> None:
    made = plan("move all open deals that look zigzagged to Proposal", caller=MANAGER)
    assert not any(call.tool.startswith("change_") for call in made.calls)


def test_a_plan_that_is_no_list_has_no_words_left_out() -> None:
    assert plan("what is the latest on Northgate in a nutshell").say is None
