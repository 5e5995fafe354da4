"""The sentences of a meeting, each verbatim, with who says it, for which side, and where."""

import re
from dataclasses import dataclass

from bot.meetings.attendees import Cast, Side
from bot.meetings.meeting import Meeting, Section
from knowledge.sentences import sentences

_ASSENT = re.compile(
    r"^(?:yes|yeah|yep|sure|of course|ok(?:ay)?|absolutely|certainly|agreed|good|great|perfect|fine|done|right|deal"
    r"|understood|gladly|no problem"
    r"|that (?:works|is (?:fine|good|possible|ok|okay|clear))|that's (?:fine|good|ok|okay)|works for|will do|(?:i"
    r"|we) (?:will|can|shall|do)\b|(?:i|we)['’]ll"
    r"|you (?:will|shall|have|get)|you['’]ll|happy to|with pleasure|consider it|wonderful|excellent|it fits|then)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"^(?:(?:well|sorry|hmm|ah|oh)[,.]? )?(?:no\b(?! problem| worries)|not\b|nope|(?:i|we) (?:can['’]?t|cannot|won['’]t"
    r"|will not|do not|don['’]t|would rather not)"
    r"|unfortunately|i['’]?m afraid|impossible|never)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence. ``turn`` counts the meeting's turns from nought; ``place`` is from 0 (start) to 1 (end); ``first`` says that it
    opens its turn. ``section`` is the heading of the notes it stands under."""

    text: str
    speaker: str | None
    side: Side | None
    offset_s: int | None
    turn: int
    place: float
    section: Section
    first: bool


def statements(meeting: Meeting, cast: Cast) -> tuple[Statement, ...]:
    """All sentences in order. What nobody is named for is our own note where the meeting has no speakers at all."""
    spoken = bool(meeting.speakers)
    found: list[Statement] = []
    for at, turn in enumerate(meeting.turns):
        side = cast.side_of(turn.speaker) if turn.speaker else None if spoken else "us"
        for number, text in enumerate(sentences(turn.text)):
            place = at / max(1, len(meeting.turns) - 1)
            found.append(Statement(text, turn.speaker, side, turn.offset_s, at, place, turn.section, number == 0))
    return tuple(found)


def assents(text: str) -> bool:
    return _ASSENT.match(text) is not None and not _REFUSAL.match(text)


def refuses(text: str) -> bool:
    return _REFUSAL.match(text) is not None


def reply_to(said: Statement, all_said: tuple[Statement, ...]) -> Statement | None:
    """The first sentence of the next turn by somebody of the other side, at most two turns on."""
    for one in all_said:
        if said.turn < one.turn <= said.turn + 2 and one.first and one.speaker != said.speaker:
            return one
    return None
