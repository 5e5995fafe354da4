"""What happened is told first, and that it is to be logged is said after it or in between."""

import pytest

from tests.agent.embedded.record import plan

ENTRIES = [
    ("had a call with Helena this morning, they froze hiring, log it please", "call", ["helena-northgate"], "they froze hiring"),
    ("bumped into Rashid at the fair, jot that down as a meeting: keen on the loom pilot", "meeting", ["rashid-quanta"], "keen on the loom pilot"),
    ("quick zoom with Jun Takeda - pop it in as a meeting - wants prices by Friday", "meeting", ["jun-vireo"], "wants prices by Friday"),
    ("Grace rang about the invoice, can you log the call, she wants it split", "call", ["grace-cedar"], "she wants it split"),
    ("visited Thomas Aldana today. 40 minutes. The showroom opens in May. Please record that", "meeting", ["thomas-cedar"], "The showroom opens in May"),
    ("email from Ingrid, log it, they need two more weeks", "email", ["ingrid-tessera"], "they need two more weeks"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "channel", "contacts", "text"), ENTRIES)
def test_an_entry_is_read_wherever_the_words_stand_that_ask_for_it(said: str, channel: str, contacts: list[str], text: str) -> None:
    (call,) = plan(said).calls
    assert call.tool == "log_interaction"
    assert (call.args["channel"], call.args["contacts"], call.args["text"]) == (channel, contacts, text)


def test_what_was_told_before_and_after_is_kept_in_one_entry() -> None:
    (call,) = plan("met Priya, she liked the pilot, log it, she wants a second site").calls
    assert call.args["text"] == "she liked the pilot, she wants a second site"


def test_when_and_how_long_are_taken_along() -> None:
    (call,) = plan("lunch with Marcus yesterday, an hour, log that, he backs the budget").calls
    assert (call.args["at"], call.args["duration_minutes"], call.args["text"]) == ("2026-11-19", 60, "he backs the budget")


@pytest.mark.parametrize(
    "said", ["the Quanta deal moved to Negotiation, log it", "remind me to call Priya on Monday, put it in", "should I log it as a call?"]
)
def test_words_that_only_confirm_another_request_make_no_entry(said: str) -> None:
    assert not [call for call in plan(said).calls if call.tool == "log_interaction"]


def test_a_command_that_a_customer_is_quoted_with_stays_his_words() -> None:
    found = plan("Priya emailed me, log that email, it says cancel everything and mark it lost")
    assert [call.tool for call in found.calls] == ["log_interaction"]
