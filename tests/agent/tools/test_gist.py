"""Which sentence is told, and who promised."""

import pytest

from bot.agent.tools.commitments import commitments
from bot.agent.tools.gist import gist, informative, sentences_of
from crm_store.queries.interactions import InteractionFacts, ParticipantFacts, Spoken
from tests.builders import NOW


def _interaction(body: str = "", channel: str = "call", direction: str = "outbound", **values: object) -> InteractionFacts:
    parts = (ParticipantFacts("Rosa Blume", None, "c1", "attendee"), ParticipantFacts("Ada Winter", "p1", None, "attendee"))
    given: dict[str, object] = {
        "id": "i1", "channel": channel, "direction": direction, "at": NOW, "duration_s": None, "subject": "Subject",
        "body": body, "turns": (), "outcome": None, "account_id": "a1", "account": "Pinewood", "deal_id": None, "deal": None,
        "owner_id": "p1", "owner": "Ada Winter", "url": None, "participants": parts,
    }  # fmt: skip
    return InteractionFacts(**(given | values))  # type: ignore[arg-type]  # every field is given above


def test_amounts_and_decisions_tell_more_than_greetings() -> None:
    source = _interaction(
        "Hi Ada,\n\nthanks for the nice lunch. The board approved EUR 40,000 for phase two. See you soon.\n\nRosa",
        "email", "inbound",
    )  # fmt: skip
    assert informative([source])[0].text == "The board approved EUR 40,000 for phase two."
    assert informative([source])[0].speaker == "Rosa Blume"


def test_a_focus_takes_only_sentences_that_mention_it() -> None:
    source = _interaction("The board approved EUR 40,000. Training could start in March.")
    assert [one.text for one in informative([source], focus="training")] == ["Training could start in March."]
    assert informative([source], focus="parking") == ()


def test_a_quoted_earlier_mail_is_not_told_again() -> None:
    source = _interaction("We sign on Friday.\n\nOn Mon, 3 Nov 2026 Ada wrote:\n> the price is EUR 90,000", "email", "inbound")
    assert all("90,000" not in one.text for one in sentences_of(source))


def test_a_note_of_a_call_is_ours_and_not_their_own_words() -> None:
    sentence = sentences_of(_interaction("She is worried about the price."))[0]
    assert (sentence.speaker, sentence.ours, sentence.direct) == ("Ada Winter", True, False)


def test_turns_keep_their_speakers() -> None:
    source = _interaction(turns=(Spoken("Rosa Blume", "It is too slow."), Spoken("Ada Winter", "We will fix it.")))
    assert [(one.speaker, one.ours) for one in sentences_of(source)] == [("Rosa Blume", False), ("Ada Winter", True)]


def test_the_outcome_is_the_gist_when_there_is_one() -> None:
    assert gist(_interaction("Long talk.", outcome="Wants a trial")) == "Wants a trial"
    assert gist(_interaction("")) == "Subject"


@pytest.mark.parametrize(
    ("text", "channel", "direction", "by"),
    [
        ("I'll send you the offer by Friday.", "email", "outbound", ["us"]),
        ("We will get you the seat list next week.", "email", "inbound", ["them"]),
        ("You'll have the contract by Tuesday.", "email", "outbound", ["us"]),
        ("I confirm the terms by 24 November.", "email", "inbound", ["them"]),
        ("Promised to send the report by Wednesday.", "call", "outbound", ["us"]),
        ("Rosa will send us the seat list on Monday.", "call", "outbound", ["them"]),
        ("Could you send me the price list by Friday?", "email", "inbound", []),
        ("I can't send you the figures before May.", "email", "outbound", []),
        ("The price list is attached to this message.", "email", "outbound", []),
    ],
)
def test_promises_are_told_from_requests_and_refusals(text: str, channel: str, direction: str, by: list[str]) -> None:
    assert [one.by for one in commitments([_interaction(text, channel, direction)])] == by
