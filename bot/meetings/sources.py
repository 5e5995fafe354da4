"""A file somebody dropped -> a :class:`~bot.meetings.meeting.Meeting`."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

from bot.agent.embedded.reading.times import read_times
from bot.errors import BadInput
from bot.meetings.captions import is_captions, read_captions
from bot.meetings.decoding import WANTED, decoded
from bot.meetings.meeting import Attendee, Meeting, Turn
from bot.meetings.notes import people_in, read_notes

_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)")
_META = re.compile(
    r"^(?:NOTE\s+)?(title|subject|date|recorded|start(?:ed)?|attendees|participants|account)\s*:\s*(.+)$", re.IGNORECASE
)
_GENERIC = re.compile(
    r"\b(?:gmt|utc|meeting|transcript(?:ion)?|recording|audio|video|captions?|notes?|untitled|zoom|teams|meet|call|copy"
    r"|final|file|new|en|de)\b"
    r"|[\d:T-]{4,}",
    re.IGNORECASE,
)
_MOST_TURNS = 20_000


def read_meeting(filename: str, content: bytes, at: datetime, zone: ZoneInfo) -> Meeting:
    """The meeting in a WebVTT, SRT or SBV transcript, or in notes as plain text or Markdown.

    ``at`` (aware) is when it took place where the file does not say so; days in the file are days of ``zone``.

    :raises BadInput: when there is nothing in it that can be read; the message says what to send.
    """
    name = _shown_name(filename)
    text = decoded(name, content)
    ending = PurePath(name).suffix.lower()
    if is_captions(text):
        captions = read_captions(text)
        if not captions.turns:
            raise BadInput(f"{name} holds no spoken words: none of its captions could be read. {WANTED}")
        meta = dict(found for line in captions.header if (found := _meta(line)))
        listed = people_in(meta.get("attendees", ""))
        return _meeting(name, captions.turns, at, zone, captions.duration_s or None, listed, meta)
    if ending in (".vtt", ".srt", ".sbv"):
        raise BadInput(
            f"{name} is no valid transcript: it has no times such as 00:01:02.000 --> 00:01:05.000. {WANTED}"
        )
    notes = read_notes(text)
    if not notes.turns:
        raise BadInput(f"{name} holds no notes. {WANTED}")
    offsets = [turn.offset_s for turn in notes.turns if turn.offset_s is not None]
    return _meeting(
        name, notes.turns, at, zone, _duration(notes.headers.get("duration"), offsets), notes.attendees, notes.headers
    )


def made_meeting(
    title: str, at: datetime, turns: Iterable[Turn], attendees: Iterable[Attendee], source_name: str,
    duration_s: int | None = None, account: str | None = None,
) -> Meeting:  # fmt: skip
    """A meeting from parts that are already known, as a webhook sends them."""
    kept = tuple(turn for turn in turns if turn.text.strip())[:_MOST_TURNS]
    heard = (Attendee(turn.speaker) for turn in kept if turn.speaker)
    return Meeting(title, at, duration_s, _once([*attendees, *heard]), kept, source_name, digest_of(kept), account)


def digest_of(turns: Iterable[Turn]) -> str:
    """The same for the same words by the same speakers."""
    said = "\n".join(f"{turn.speaker or ''}\t{turn.text}" for turn in turns)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _meeting(
    name: str, turns: tuple[Turn, ...], at: datetime, zone: ZoneInfo, duration_s: int | None,
    listed: Iterable[Attendee], meta: dict[str, str],
) -> Meeting:  # fmt: skip
    when = _when(meta.get("date"), meta.get("time"), name, at, zone)
    title = (meta.get("title") or _title(name))[:200]
    return made_meeting(title, when, turns, listed, name, duration_s, meta.get("account"))


def _meta(line: str) -> tuple[str, str] | None:
    match = _META.match(line)
    if match is None:
        return None
    key = {"subject": "title", "recorded": "date", "start": "date", "started": "date", "participants": "attendees"}.get(
        match[1].lower(), match[1].lower()
    )
    return key, match[2].strip()


def _when(said: str | None, clock: str | None, name: str, at: datetime, zone: ZoneInfo) -> datetime:
    """When it took place: as the file says, else the day in its name, else ``at``. Never later than ``at``."""
    local = at.astimezone(zone)
    for found in (_moment(f"{said or ''} {clock or ''}".strip(), local), _named_day(name)):
        if found is None:
            continue
        if isinstance(found, datetime):
            moment = found
        elif found == local.date():
            moment = local
        else:
            moment = datetime.combine(found, time(12), zone)
        if moment <= at + timedelta(days=1):
            return moment
    return at


def _moment(said: str, local: datetime) -> date | datetime | None:
    if not said:
        return None
    try:
        stamp = datetime.fromisoformat(said)
        return stamp if stamp.tzinfo else stamp.replace(tzinfo=local.tzinfo)
    except ValueError:
        pass
    for reading in read_times(said[:200], local, prefer="past"):
        if reading.kind in ("date", "datetime") and reading.start is not None:
            return reading.start
    return None


def _named_day(name: str) -> date | None:
    match = _IN_NAME.search(name)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _duration(said: str | None, offsets: list[int]) -> int | None:
    match = re.search(r"(?:(\d{1,2})\s*h\w*)?\s*(?:(\d{1,3})\s*m)?", said or "")
    if match and (match[1] or match[2]):
        return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60
    return max(offsets, default=0) or None


def _shown_name(filename: str) -> str:
    """The file's name without folders or anything that could be taken for markup."""
    name = re.sub(r"[^\w .,()+&'-]", "_", PurePath(filename.replace("\\", "/")).name).strip()
    return name[:120] or "the file"


def _title(name: str) -> str:
    """What a file's name says of the meeting; empty where it is only "transcript (2)"."""
    words = re.sub(r"[-_.+]+", " ", _IN_NAME.sub(" ", PurePath(name).stem))
    if not re.search(r"[^\W\d_]{3}", _GENERIC.sub(" ", words)):
        return ""
    words = " ".join(words.split())
    return words[0].upper() + words[1:]


def _once(people: Iterable[Attendee]) -> tuple[Attendee, ...]:
    kept: dict[str, Attendee] = {}
    for one in people:
        key = " ".join(one.name.lower().split())
        if key and (key not in kept or (one.email and not kept[key].email)):
            kept[key] = Attendee(" ".join(one.name.split())[:160], one.email)
    return tuple(kept.values())
