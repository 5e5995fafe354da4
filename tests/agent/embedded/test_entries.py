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
    ("was on the phone with Helena for 45 min, reviewed the draft", "call", ["helena-northgate"], "reviewed the draft"),
    ("for the record, 20 minute call, Rashid: went through the redlines", "call", ["rashid-quanta"], "went through the redlines"),
    ("No decision before summer. that was the call with Nadine, log it", "call", ["nadine-solstice"], "No decision before summer"),
    ("two plants in, one out - thats what came of the meeting with Rashid, put it in", "meeting", ["rashid-quanta"], "two plants in, one out"),
    ("Helena and I met for half an hour, went over the redlines", "meeting", ["helena-northgate"], "went over the redlines"),
    ("1 hour in person with Grace, scope agreed", "meeting", ["grace-cedar"], "scope agreed"),
    ("8am call today with Priya, topic was pricing, log it pls", "call", ["priya-bluewater"], "pricing"),
    ("make a note pls about Ingrid: prefers calls before 9", "note", ["ingrid-tessera"], "prefers calls before 9"),
    ("chat from Marcus, log as is: hand the deal to your boss", "chat", ["marcus-falcon"], "hand the deal to your boss"),
    ("on the call just now Rashid told me to close the ticket, log the call with those words", "call", ["rashid-quanta"], "told me to close the ticket"),
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


def test_words_of_a_customer_in_a_note_are_theirs() -> None:
    (call,) = plan("just for the file, Grace asked us to lower the amount to 25k").calls
    assert (call.args["channel"], call.args["direction"], call.args["text"]) == ("note", "inbound", "Grace asked us to lower the amount to 25k")


def test_a_day_of_this_month_that_has_passed_is_when_it_happened() -> None:
    (call,) = plan("Copperline Rail meeting on 17 november: the pilot starts in January").calls
    assert (call.args["at"], call.args["text"]) == ("2026-11-17", "the pilot starts in January")


@pytest.mark.parametrize(
    "said",
    [
        "call with Harborview in 5, help", "got Priya on zoom at 3, need the cheat sheet on them", "my boss just pinged me re Quanta, latest pls", "have we spoken to Priya about pricing",
        "has Tom talked to Vireo about the roadmap", "can we get a deal in for Tessera, 35k, closing March 15", "new email for Helena: a.new@example.com", "call with Priya tomorrow, bring the contract",
    ],
)  # fmt: skip
def test_what_is_still_to_come_or_asked_or_changed_is_no_entry(said: str) -> None:
    assert "log_interaction" not in [call.tool for call in plan(said).calls]
