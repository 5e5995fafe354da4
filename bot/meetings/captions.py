"""WebVTT, SRT and SBV -> who said what, when.

Read line by line here and not by a caption library: recorders cut sentences across cues, put two voices into one cue,
write names as "Name:" and leave headers out, and a single bad cue must not cost the rest.
"""

import html
import re
from dataclasses import dataclass, replace

from bot.meetings.meeting import Turn
from bot.meetings.speakers import believed, labelled, natural

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"^\s*({_CLOCK})\s*(?:-->|,)\s*({_CLOCK})(?:\s|$)")
_ANY_TIMING = re.compile(r"-->|^\s*\d+:\d\d:\d\d[.,]\w{3},\d")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>", re.IGNORECASE)
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_LONGEST_TURN = 1_200


@dataclass(frozen=True, slots=True)
class Captions:
    """``header`` holds the lines before the first cue and all notes; ``duration_s`` is when the last cue ends."""

    turns: tuple[Turn, ...]
    duration_s: int
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    start: int
    end: int
    lines: tuple[str, ...]


def is_captions(text: str) -> bool:
    """Whether the text is, or tries to be, a caption file."""
    return text.lstrip().startswith("WEBVTT") or any(_TIMING.match(line) for line in text.split("\n")[:200])


def read_captions(text: str) -> Captions:
    """All cues that can be read, as turns; cues that continue a sentence of the same voice are joined."""
    cues, header = _cues(text)
    spoken: list[Turn] = []
    before: tuple[str, ...] = ()
    for cue in cues:
        lines = cue.lines
        # Rolling captions repeat what the cue before showed.
        fresh = (
            tuple(line for line in lines if line not in before)
            if before and not any(map(_VOICE.search, lines))
            else lines
        )
        before = lines
        spoken += _spoken(cue.start, "\n".join(fresh))
    spoken = _with_labels(spoken)
    return Captions(tuple(_joined(spoken)), max((cue.end for cue in cues), default=0), tuple(header))


def _cues(text: str) -> tuple[list[_Cue], list[str]]:
    cues: list[_Cue] = []
    header: list[str] = []
    held: tuple[int, int] | None = None
    lines: list[str] = []

    def close() -> None:
        if held is not None and any(line.strip() for line in lines):
            cues.append(_Cue(*held, tuple(line for line in lines if line.strip())))

    for line in text.split("\n"):
        timing = _TIMING.match(line)
        if timing:
            if held is not None and len(lines) > 1 and lines[-1].strip().isdigit():
                lines.pop()  # the next cue's number, where no blank line parts them
            close()
            held, lines = (_seconds(timing[1]), _seconds(timing[2])), []
        elif _ANY_TIMING.search(line) or not line.strip():
            close()
            held, lines = None, []
        elif held is not None:
            lines.append(line)
        else:
            header.append(line.strip())
    close()
    return cues, header


def _spoken(start: int, text: str) -> list[Turn]:
    """The turns of one cue: one for every voice in it."""
    marks = list(_VOICE.finditer(text))
    pieces: list[tuple[str | None, str]] = []
    if not marks:
        pieces.append((None, text))
    else:
        pieces.append((None, text[: marks[0].start()]))
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        pieces += [(natural(_plain(mark[1])), text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
    return [Turn(speaker or None, start, said) for speaker, piece in pieces if (said := _plain(piece))]


def _plain(text: str) -> str:
    words = " ".join(html.unescape(_TAG.sub("", text)).replace("\x00", "").split())
    return re.sub(r"^[-–—]\s+", "", words)


def _with_labels(turns: list[Turn]) -> list[Turn]:
    """``Name: words`` in cues that have no voice of their own."""
    found = [labelled(turn.text) if turn.speaker is None else None for turn in turns]
    names = believed(one[0] for one in found if one)
    return [
        replace(turn, speaker=label[0], text=label[2]) if label is not None and label[0] in names else turn
        for turn, label in zip(turns, found, strict=True)
    ]


def _joined(turns: list[Turn]) -> list[Turn]:
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        goes_on = last is not None and not _ENDED.search(last.text) and len(last.text) + len(turn.text) < _LONGEST_TURN
        if last is not None and goes_on and (turn.speaker == last.speaker or turn.speaker is None):
            joined[-1] = replace(last, text=f"{last.text} {turn.text}")
        else:
            joined.append(turn)
    return joined


def _seconds(clock: str) -> int:
    total = 0
    for part in clock.replace(",", ".").partition(".")[0].split(":"):
        total = total * 60 + int(part)
    return total
