"""Quotes: verbatim, short, said by the right person, and to the point."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.citations import QUOTE_CHARACTERS, Passage, cite, quote_for, speaker_of
from knowledge.embeddings import MiniLM, query_vector
from tests.knowledge.list_source import DAY, plain_passage

TALK = Passage(
    "call-7:1", "call-7", "call", "Renewal call", "Meridian Foods · call · 19 Nov 2026",
    "Ana Ruiz: Thanks for the draft. It looks fine.\n"
    "Bo Lind: We will look at two other vendors before signing: the price went up.\n"
    "Ana Ruiz: I'll send the usage report by Wednesday.",
    "Ana Ruiz, Bo Lind", DAY, 1, "https://crm.example/call-7",
)  # fmt: skip

TEXT = st.text(alphabet=st.sampled_from("abé .!?:\n\t-0129漢\"'[]"), max_size=900)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_a_quote_is_always_a_short_verbatim_part_of_the_passage(text: str, query: str) -> None:
    quote = quote_for(plain_passage("p:0", text), query)
    assert quote in text
    assert len(quote) <= QUOTE_CHARACTERS
    assert bool(quote) == bool(text.strip())
    assert quote == quote.strip()


def test_a_citation_quotes_the_sentence_that_answers_and_names_who_said_it() -> None:
    citation = cite(TALK, "are other vendors considered?")
    assert citation.quote == "We will look at two other vendors before signing: the price went up."
    assert citation.speaker == "Bo Lind"
    assert (citation.id, citation.url) == ("call-7:1", "https://crm.example/call-7")
    assert citation.model_dump()["at"] == DAY


def test_the_last_turn_is_credited_to_its_own_speaker() -> None:
    assert cite(TALK, "usage report").speaker == "Ana Ruiz"


def test_a_colon_inside_a_note_is_not_a_speaker() -> None:
    passage = plain_passage("p:0", "Next step: send the contract to Finance.")
    citation = cite(passage, "contract")
    assert citation.speaker == "Ida Brandt"
    assert citation.quote == "Next step: send the contract to Finance."


def test_a_very_long_sentence_is_cut_around_what_was_asked() -> None:
    long = "and then we spoke of the weather " * 20 + "and the forklift broke down " + "and so on it went " * 20
    quote = quote_for(plain_passage("p:0", long), "forklift")
    assert "forklift" in quote
    assert len(quote) <= QUOTE_CHARACTERS
    assert quote in long


def test_a_sentence_in_other_words_is_chosen_by_meaning_when_a_model_is_given(minilm: MiniLM) -> None:
    text = "We met at the fair in Lyon last week. They are comparing us with two rival vendors."
    passage = plain_passage("p:0", text)
    query = "competition"

    def similarity(texts: Sequence[str]) -> list[float]:
        scores: list[float] = (minilm.embed_array(texts) @ query_vector(minilm, query)).tolist()
        return scores

    assert quote_for(passage, query, similarity=similarity).startswith("They are comparing us")


def test_without_known_speakers_names_in_a_call_are_still_recognised() -> None:
    passage = Passage("c:0", "c", "call", "Call", "", "Ana Ruiz: Yes.\nSo: no more.", None, DAY, 0)
    assert speaker_of(passage, "Yes.") == "Ana Ruiz"
    assert speaker_of(plain_passage("p:0", "Yes."), "Yes.") == "Ida Brandt"
