"""Cutting documents: nothing lost, nobody misquoted, ids that stay."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import sentences
from knowledge.chunks import TOKEN_BUDGET, split, token_estimate
from knowledge.documents import Document, Utterance

AT = datetime(2026, 11, 19, tzinfo=UTC)
WORDS = st.text(alphabet=st.sampled_from("abcdeé .!?,:\n>-0123456789漢字\r\t'\""), max_size=1500)
BODIES = st.lists(st.builds(Utterance, st.sampled_from([None, "Ana Ruiz", "Bo Lind"]), st.none(), WORDS), max_size=9)


def document(body: tuple[Utterance, ...], kind: str = "call") -> Document:
    return Document("d1", kind, "Call", AT, "Meridian Foods · call", body)


def prose(text: str, kind: str = "note") -> Document:
    return document((Utterance("Ana Ruiz", AT, text),), kind)


def squeezed(texts: list[str]) -> str:
    return "".join("".join(texts).split())


@settings(max_examples=150, deadline=None)
@given(BODIES, st.sampled_from(["call", "email", "note", "policy"]))
def test_the_chunks_of_any_body_hold_all_of_it_in_order(body: list[Utterance], kind: str) -> None:
    chunks = split(document(tuple(body), kind))
    assert squeezed([part.text for chunk in chunks for part in chunk.parts]) == squeezed([one.text for one in body])
    assert [chunk.id for chunk in chunks] == [f"d1:{ordinal}" for ordinal in range(len(chunks))]
    assert all(token_estimate(part.text) <= TOKEN_BUDGET for chunk in chunks for part in chunk.parts)


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_sentence_spans_cover_every_character_once(text: str) -> None:
    assert "".join(text[start:end] for start, end in sentences.spans(text)) == text


def test_a_conversation_is_cut_into_blocks_of_three_turns_with_their_speakers() -> None:
    turns = tuple(Utterance(name, AT, f"Point {n}.") for n, name in enumerate(["Ana", "Bo", "Ana", "Cy", "Bo"]))
    first, second = split(document(turns))
    assert first.text == "Ana: Point 0.\nBo: Point 1.\nAna: Point 2."
    assert first.speakers == ("Ana", "Bo")
    assert second.speakers == ("Cy", "Bo")
    assert first.embedding_text.startswith("Meridian Foods · call\nAna: ")


def test_a_long_monologue_keeps_its_speaker_in_every_chunk() -> None:
    said = " ".join(f"The plant in region {n} needs a new scanner before spring." for n in range(60))
    chunks = split(document((Utterance("Ana", AT, said), Utterance("Bo", AT, "Noted."))))
    assert len(chunks) > 3
    assert all(chunk.text.startswith("Ana: ") for chunk in chunks)
    assert all(chunk.text.rstrip().endswith(".") for chunk in chunks)


def test_a_reply_is_kept_apart_from_the_mail_it_quotes_and_the_quote_has_no_speaker() -> None:
    text = "We can sign in May.\n\nAna\n\nOn Mon, 16 Nov 2026, Bo Lind wrote:\n> When can you sign?\n> Bo"
    fresh, quoted = split(prose(text, "email"))
    assert fresh.text == "We can sign in May.\n\nAna"
    assert fresh.speakers == ("Ana Ruiz",)
    assert "When can you sign?" in quoted.text
    assert quoted.speakers == ()


@pytest.mark.parametrize(
    "introduction",
    [
        "On Mon, 16 Nov 2026 at 9:12, Bo Lind\n<bo.lind@meridian.example> wrote:\n> When?",
        "16.11.2026 09:12, Bo Lind <bo.lind@meridian.example> napisał:\n\n> When?",
        "-----Original Message-----\nFrom: Bo Lind\n\nWhen?",
        "From: Bo Lind\nSent: 16 November 2026\nTo: Ana Ruiz\n\nWhen?",
        "> When?",
    ],
)
def test_the_quoting_of_many_mail_programs_is_recognised(introduction: str) -> None:
    fresh, quoted = split(prose(f"In May.\n\n{introduction}", "email"))
    assert fresh.text == "In May."
    assert "When?" in quoted.text


def test_answers_written_between_quoted_lines_stay_with_them() -> None:
    text = "See below.\n> Price?\nUnchanged.\n> Term?\nThree years."
    (chunk,) = split(prose(text, "email"))
    assert chunk.text == text


def test_the_digest_changes_with_the_text_and_with_the_header_only() -> None:
    one, same, other = prose("Signed."), prose("Signed."), prose("Not signed.")
    renamed = Document("d1", "note", "Call", AT, "Halden Rail · call", one.body)
    digests = [split(each)[0].digest for each in (one, same, other, renamed)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_an_empty_body_has_no_chunks() -> None:
    assert split(prose("  \n ")) == []
    assert split(document(())) == []


def test_speaker_lines_in_a_transcript_become_turns_and_headings_do_not() -> None:
    text = "Ana Ruiz: Can we start?\nBo Lind: Yes.\nnext steps: send the draft\nAna Ruiz: Good."
    made = Document.from_text(id="d", kind="call", title="t", at=AT, header="h", text=text)
    assert [turn.speaker for turn in made.body] == ["Ana Ruiz", "Bo Lind", "Ana Ruiz"]
    assert made.body[1].text == "Yes.\nnext steps: send the draft"
    memo = Document.from_text(id="d", kind="note", title="t", at=AT, header="h", text=text, author="Cy")
    assert [turn.speaker for turn in memo.body] == ["Cy"]


def test_sentences_are_not_cut_at_abbreviations_decimals_or_addresses() -> None:
    text = (
        "Dr. Weiss pays EUR 1.5 million, e.g. for Acme Inc. and others. Write to ana.ruiz@meridian.example today! "
        "It ends on 3 Nov. at noon. Done?"
    )
    assert sentences.sentences(text) == [
        "Dr. Weiss pays EUR 1.5 million, e.g. for Acme Inc. and others.",
        "Write to ana.ruiz@meridian.example today!",
        "It ends on 3 Nov. at noon.",
        "Done?",
    ]
