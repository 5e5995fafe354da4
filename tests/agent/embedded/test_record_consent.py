"""What a contact allows or no longer does: told it is written down, asked it is only looked up."""

import pytest

from tests.agent.embedded.record import after, plan

PRIYA, MARCUS, HELENA = "priya-bluewater", "marcus-falcon", "helena-northgate"


def _lines(text: str, *talked: str) -> list[tuple[object, ...]]:
    found = plan(text, memory=after(*talked)) if talked else plan(text)
    assert all(call.tool == "record_consent" for call in found.calls), found
    return [tuple(call.args[key] for key in ("contact", "channel", "purpose", "status")) for call in found.calls]


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Priya opted out of e-mail", "email"),
        ("take Priya off the newsletter", "email"),
        ("please remove Priya from the mailing list", "email"),
        ("Priya doesn't want our newsletter anymore", "email"),
        ("don't call Priya any more", "phone"),
        ("no more marketing calls to Priya please", "phone"),
        ("Priya asked us not to text her any more", "sms"),
        ("Priya revoked her consent for SMS", "sms"),
        ("Priya objects to marketing by post", "post"),
        ("Priya opted out of everything", "all"),
        ("unsubscribe Priya", "email"),
        ("PRIYA UNSUBSCRIBED FROM THE NEWSLETTER", "email"),
    ],
)
def test_a_withdrawal_is_written_down(text: str, channel: str) -> None:
    assert _lines(text) == [(PRIYA, channel, "marketing", "withdrawn")]


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Marcus is fine with calls again", "phone"),
        ("Marcus agreed to receive our newsletter", "email"),
        ("put Marcus back on the mailing list", "email"),
        ("Marcus opted in to the newsletter", "email"),
        ("record that Marcus consents to SMS", "sms"),
        ("Marcus has no objection to marketing calls", "phone"),
    ],
)
def test_a_consent_is_written_down(text: str, channel: str) -> None:
    assert _lines(text) == [(MARCUS, channel, "marketing", "granted")]


def test_how_we_heard_of_it_is_not_what_it_is_about() -> None:
    assert _lines("Priya told me on the phone that she opted out of our newsletter") == [(PRIYA, "email", "marketing", "withdrawn")]


def test_one_way_is_taken_back_and_another_allowed() -> None:
    assert _lines("Priya opted out of email but is fine with calls") == [
        (PRIYA, "email", "marketing", "withdrawn"), (PRIYA, "phone", "marketing", "granted"),
    ]  # fmt: skip


def test_two_ways_are_two_lines() -> None:
    assert [line[1] for line in _lines("Priya opted out of email and phone")] == ["email", "phone"]


def test_two_contacts_are_two_lines() -> None:
    assert [line[0] for line in _lines("Priya and Marcus unsubscribed from the newsletter")] == [PRIYA, MARCUS]


def test_a_pronoun_is_whoever_is_talked_about() -> None:
    assert _lines("she opted out of the newsletter", HELENA) == [(HELENA, "email", "marketing", "withdrawn")]


def test_who_it_is_about_is_asked_where_nobody_is_named() -> None:
    found = plan("opted out of the newsletter")
    assert not [call for call in found.calls if call.tool == "record_consent"]


@pytest.mark.parametrize(
    "text",
    [
        "did Priya opt out?",
        "has Priya opted out of e-mail",
        "is Marcus fine with calls",
        "is Marcus ok with calls again?",
        "may I email Helena",
        "can we add Helena to the newsletter?",
        "Priya opted out?",
        "who opted out of the newsletter",
        "does Priya want our newsletter",
        "how do we know Priya opted out",
        "when did Helena unsubscribe",
        "if Priya opts out, remind me to call her",
        "maybe Priya opted out of e-mail, not sure",
        "don't email Priya until Monday",
        "don't call Priya before 10",
        "Priya does not want a call this week",
        "Marcus is fine with a call on Thursday",
        "Priya wants an email with the quote",
        "call Priya again tomorrow",
    ],
)
def test_a_question_a_doubt_or_a_single_call_is_never_written_down(text: str) -> None:
    assert "record_consent" not in [call.tool for call in plan(text).calls]
