"""Files in the forms that recorders and people write them in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.meetings.meeting import Meeting
from bot.meetings.sources import read_meeting

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def read(text: str | bytes, name: str = "call.vtt") -> Meeting:
    return read_meeting(name, text.encode() if isinstance(text, str) else text, AT, ZONE)


def said(meeting: Meeting) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in meeting.turns]


def test_voices_tags_entities_and_notes_are_understood() -> None:
    text = (
        "\ufeffWEBVTT - weekly\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE made by hand\n\n"
        "intro\n00:01.000 --> 00:04.000 align:start\n<v.loud Ida Sund>Price &amp; <b>terms</b></v>\n\n"
        "2\n00:00:05.000 --> 00:00:08.000\n<v Rena Falk>Fine.</v> <v Ida Sund>Good.\n"
    )
    meeting = read(text)
    assert said(meeting) == [("Ida Sund", "Price & terms"), ("Rena Falk", "Fine."), ("Ida Sund", "Good.")]
    assert meeting.duration_s == 8
    assert meeting.turns[0].offset_s == 1


def test_a_sentence_cut_across_cues_is_joined() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nIda Sund: We will sign\n\n"
        "00:02.000 --> 00:03.000\nIda Sund: on Friday.\n\n00:04.000 --> 00:05.000\nIda Sund: Bye.\n"
    )
    assert said(read(text)) == [("Ida Sund", "We will sign on Friday."), ("Ida Sund", "Bye.")]


def test_srt_with_commas_and_without_blank_lines_is_understood() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nIda Sund: Hello.\n2\n00:00:03,000 --> 00:00:04,000\nRena Falk: Hi.\n"
    assert said(read(text, "call.srt")) == [("Ida Sund", "Hello."), ("Rena Falk", "Hi.")]


def test_one_broken_cue_does_not_cost_the_rest() -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:1d.000\nLost.\n\n00:00:03.000 --> 00:00:04.000\nKept.\n"
    assert said(read(text)) == [(None, "Kept.")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_usual_encodings_read_the_same(encoding: str) -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Jörg Weiß>Größe geprüft, 5 € bezahlt.\n"
    assert said(read(text.encode(encoding))) == [("Jörg Weiß", "Größe geprüft, 5 € bezahlt.")]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.vtt", b"", "is empty"),
        ("a.vtt", b"WEBVTT\n\n", "no spoken words"),
        ("a.vtt", b"just words", "no valid transcript"),
        ("a.srt", b"1\nwords", "no valid transcript"),
        ("a.txt", b"\xef\xbb\xbf  \n", "is empty"),
        ("a.txt", b"%PDF-1.7 ...", "is a PDF"),
        ("a.docx", b"PK\x03\x04....", "a Word document"),
        ("a.txt", bytes(range(256)) * 20, "not text"),
        ("a.txt", b"x" * 4_000_001, "MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_send_instead(name: str, content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        read(content, name)
    assert "transcript (.vtt or .srt)" in str(refused.value)


def test_notes_give_their_headers_people_sections_and_lines() -> None:
    text = (
        "# Pricing with Kestrel\nDate: 18 Nov 2026\nAttendees: Ida Sund <IDA@kestrel.example>, Rena Falk; Otto de Vries (Kestrel)\n\n"
        "- They want a discount\nIda Sund: We need it by March.\nIda Sund: Soon.\n\n## Action items\n- [ ] Rena: send the "
        "offer\n- [x] Old thing\n1. Book a room\n"
    )
    meeting = read(text, "notes.md")
    assert meeting.title == "Pricing with Kestrel"
    assert meeting.at.date().isoformat() == "2026-11-18"
    assert [(one.name, one.email) for one in meeting.attendees] == [
        ("Ida Sund", "ida@kestrel.example"),
        ("Rena Falk", None),
        ("Otto de Vries", None),
    ]
    assert [(turn.speaker, turn.text, turn.section) for turn in meeting.turns] == [
        (None, "They want a discount", ""), ("Ida Sund", "We need it by March.", ""), ("Ida Sund", "Soon.", ""),
        (None, "Rena: send the offer", "actions"), (None, "Book a room", "actions"),
    ]  # fmt: skip


def test_a_plain_transcript_with_stamped_names_is_understood() -> None:
    text = "Ida Sund  0:05\nIt is too expensive.\n\nRena Falk (01:02)\nI see.\n"
    meeting = read(text, "otter.txt")
    assert [(turn.speaker, turn.offset_s, turn.text) for turn in meeting.turns] == [
        ("Ida Sund", 5, "It is too expensive."),
        ("Rena Falk", 62, "I see."),
    ]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-11-17 kestrel.vtt", "2026-11-17"),
        ("GMT20261116-130000_Recording.vtt", "2026-11-16"),
        ("2031-01-01.vtt", "2026-11-20"),
        ("sync.vtt", "2026-11-20"),
    ],
)
def test_the_day_is_read_from_the_file_name_and_never_lies_ahead(name: str, day: str) -> None:
    assert read("WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n", name).at.astimezone(ZONE).date().isoformat() == day


def test_the_same_words_have_the_same_digest_whatever_the_file_is_called() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n"
    assert read(text, "a.vtt").digest == read("\ufeff" + text, "b.vtt").digest
    assert read(text, "a.vtt").digest != read(text.replace("there", "you"), "a.vtt").digest


_CUE = st.text(alphabet=st.sampled_from("aB .:<>-&;v/\n0193,!\u00e9[](){}*#"), max_size=60)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))),
    st.sampled_from(["a.vtt", "a.srt", "a.txt", "a.md", "a", "x" * 300]),
)
def test_no_file_raises_anything_but_bad_input(content: bytes, name: str) -> None:
    try:
        meeting = read(content, name)
    except BadInput:
        return
    assert all(turn.text.strip() for turn in meeting.turns)


@settings(max_examples=300, deadline=None)
@given(st.lists(_CUE, max_size=8), st.booleans())
def test_caption_like_files_keep_only_words_that_were_there(cues: list[str], header: bool) -> None:
    text = ("WEBVTT\n\n" if header else "") + "\n\n".join(
        f"00:{at:02d}.000 --> 00:{at + 1:02d}.000\n{cue}" for at, cue in enumerate(cues)
    )
    try:
        meeting = read(text)
    except BadInput:
        return
    letters = [letter for letter in text if letter.isalpha()]
    assert sum(turn.text.count("B") for turn in meeting.turns) <= letters.count("B")
    assert all("\n" not in turn.text for turn in meeting.turns)
