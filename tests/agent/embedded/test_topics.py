"""The words a search of the notes looks for, however the question is put."""

import itertools

import pytest

from bot.agent.embedded.sentence import read_sentence
from bot.agent.embedded.topics import topic_of
from bot.settings import Settings
from tests.agent.embedded.record import NAMES, NOW, REP, plan

TOPICS = ("escrow", "payment terms", "delivery times", "integration with SAP", "robots in the warehouse")
FRAMES = (
    "did Helena mention {}",
    "what was Northgate's stance on {}",
    "has anyone asked about {} yet?",
    "search the notes for {} please",
    "grep the Tessera emails for anything on {}",
    "{} - who brought that up?",
    "have {} been discussed with Grace?",
    "can you check if {} ever came up with Vireo",
    "I forgot what Rashid said re {}, look it up",
    "we went over {} with Harborview, what came out of it",
    "somebody moaned about {} somewhere, dig it out of the notes",
    "on the topic of {}, what has Jun Takeda told us",
    "Marcus and me, did we speak about {} at some point",
    "prepping my call, need whatever Ingrid said about {}",
)


def topic(text: str) -> str:
    return topic_of(read_sentence(text, NAMES, NOW.astimezone(REP.zone), Settings())).words


@pytest.mark.parametrize(("frame", "words"), list(itertools.product(FRAMES, TOPICS)))
def test_the_topic_is_what_is_left_of_a_question_without_its_frame(frame: str, words: str) -> None:
    assert topic(frame.format(words)).lower() == words.lower()


def test_words_in_quotes_are_the_topic_as_they_stand() -> None:
    assert topic('did Thomas Aldana ever say "change of control" to us') == "change of control"


def test_an_aside_after_the_topic_is_no_part_of_it() -> None:
    assert topic("Vireo mentioned something about a works council, what was it") == "works council"


def test_a_plain_word_of_an_account_is_a_topic_beside_another_account() -> None:
    (call,) = plan("did we ever talk about logistics with Oakhurst Homes").calls
    assert dict(call.args) == {"query": "logistics", "account": "oakhurst"}


def test_a_list_of_topics_is_kept_whole() -> None:
    assert topic("what did Helena say about pricing, security and hosting") == "pricing, security and hosting"


@pytest.mark.parametrize("text", ["what did Tobias say about pricing", "did tobias ever mention pricing", "Tobias's view on pricing"])
def test_somebody_whom_the_record_does_not_know_is_looked_for_and_not_left_out(text: str) -> None:
    (call,) = plan(text).calls
    assert (call.tool, str(call.args["contact"]).lower(), call.args["query"]) == ("search_notes", "tobias", "pricing")


@pytest.mark.parametrize("text", ["what did customers say about pricing", "did anyone mention pricing", "what did legal say about pricing"])
def test_those_who_are_no_one_in_particular_are_no_contact(text: str) -> None:
    (call,) = plan(text).calls
    assert "contact" not in call.args
