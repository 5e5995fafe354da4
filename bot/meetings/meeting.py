"""A meeting as its source tells it, before anything of the record is looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Section = Literal["", "actions", "decisions", "ignored"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said or written. ``speaker`` is None where nobody is named; ``offset_s`` counts from the start.
    ``section`` says under which kind of heading of the notes it stands."""

    speaker: str | None
    offset_s: int | None
    text: str
    section: Section = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody named as present; an address where the source gives one."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """``at`` is aware; ``duration_s`` is None where the source does not tell. ``attendees`` holds everyone listed or
    heard, each once. ``digest`` is the SHA-256 of what was said, in hex: the same meeting has the same digest whatever
    its file is called. ``account`` is a name the source itself gives."""

    title: str
    at: datetime
    duration_s: int | None
    attendees: tuple[Attendee, ...]
    turns: tuple[Turn, ...]
    source_name: str
    digest: str
    account: str | None = None

    @property
    def text(self) -> str:
        """One line a turn, the speaker's name first where there is one."""
        return "\n".join(f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text for turn in self.turns)

    @property
    def speakers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))
