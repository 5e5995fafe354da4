"""Notes and plain-text transcripts: headers, lists of those present, sections, ``Name: words`` lines, bullets."""

import re
from dataclasses import dataclass, replace

from bot.meetings.meeting import Attendee, Section, Turn
from bot.meetings.speakers import believed, labelled, looks_like_a_name, seconds

_HEADER = re.compile(
    r"^\W{0,4}(?P<key>date|when|time|title|subject|meeting|topic|attendees|participants|present|invited|account|customer|company"
    r"|client|duration|length)\W{0,3}:\W{0,3}\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(?:#{1,6}\s*(?P<hash>.+?)\s*#*|\*\*(?P<bold>[^*]+)\*\*:?|(?P<plain>[A-Z][\w' /&-]{2,40}):)$")
_BULLET = re.compile(r"^\s*(?:[-*•–▪]|\d{1,2}[.)])\s+(?:\[[ xX]?\]\s*)?|^\s*\[[ xX]?\]\s*")
_DONE = re.compile(r"^\s*(?:[-*•–▪]\s+)?\[[xX]\]")
_STAMPED = re.compile(r"^(?P<name>[^\W\d_][\w.'’ -]{1,50}?)\s{1,6}[\[(]?(?P<time>\d{1,2}:\d{2}(?::\d{2})?)[\])]?$")
_TITLES = re.compile(
    r"who|what|when|owner|action|task|due(?: date)?|by|deadline|responsible|item|status", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SECTIONS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("actions", re.compile(r"\b(?:actions?|action items?|to-?dos?|tasks|next steps?|follow[- ]?ups?|who does what)\b", re.IGNORECASE)),
    ("decisions", re.compile(r"\b(?:decisions?|decided|agreed|agreements?|outcomes?)\b", re.IGNORECASE)),
    ("ignored", re.compile(r"\b(?:agenda|attendees|participants|present|invited)\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notes:
    """``headers`` maps title, date, account and duration to what the notes say of them."""

    turns: tuple[Turn, ...]
    attendees: tuple[Attendee, ...]
    headers: dict[str, str]


_KEYS = {
    "when": "date", "time": "time", "subject": "title", "meeting": "title", "topic": "title", "customer": "account",
    "company": "account", "client": "account", "participants": "attendees", "present": "attendees",
    "invited": "attendees", "length": "duration",
}  # fmt: skip


def read_notes(text: str) -> Notes:
    """Every line that says something, in order."""
    headers: dict[str, str] = {}
    attendees: list[Attendee] = []
    turns: list[Turn] = []
    section: Section = ""
    listing = False
    stamped: tuple[str, int] | None = None
    for line in text.split("\n"):
        bare = line.strip()
        if not bare:
            listing = listing and not attendees
            continue
        header = _HEADER.match(bare)
        if header and (not turns or header["key"].lower() in ("attendees", "participants", "present")):
            key = _KEYS.get(header["key"].lower(), header["key"].lower())
            if key == "attendees":
                attendees += people_in(header["value"])
                listing, section = not header["value"].strip(), ""
            elif header["value"].strip():
                headers.setdefault(key, header["value"].strip(" *_"))
            continue
        heading = _HEADING.match(bare)
        if heading:
            title = (heading["hash"] or heading["bold"] or heading["plain"]).strip(" :*_#")
            named = next((kind for kind, words in _SECTIONS if words.search(title)), None)
            listing = named == "ignored" and bool(re.search(r"attend|particip|present|invited", title, re.IGNORECASE))
            if named is None and not turns and heading["hash"] and "title" not in headers:
                headers["title"] = title
            section = named or ""
            stamped = None
            continue
        if listing:
            found = people_in(_BULLET.sub("", bare))
            if found and (_BULLET.match(line) or all(looks_like_a_name(one.name) for one in found)):
                attendees += found
                continue
            listing, section = False, "" if section == "ignored" else section
        stamp = _STAMPED.match(bare)
        if stamp and looks_like_a_name(stamp["name"].strip()):
            stamped = stamp["name"].strip(), seconds(stamp["time"])
            continue
        said = _row(bare, headed=section) if bare.startswith("|") else _BULLET.sub("", bare).strip()
        if not said or section == "ignored" or _DONE.match(bare):
            continue
        if stamped:
            turns.append(Turn(stamped[0], stamped[1], said, section))
        else:
            turns.append(Turn(None, None, said, section))
    return Notes(tuple(_with_labels(turns, [one.name for one in attendees])), tuple(attendees), headers)


def _row(line: str, *, headed: Section) -> str:
    """A row of a table as a line; empty for its rule and its titles."""
    cells = [cell.strip(" *") for cell in line.strip("|").split("|")]
    if all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells if cell) or any(
        _TITLES.fullmatch(cell) for cell in cells
    ):
        return ""
    filled = [cell for cell in cells if cell]
    if headed == "actions" and len(filled) > 1 and looks_like_a_name(filled[0]):
        return f"{filled[0]}: {', '.join(filled[1:])}"
    return ", ".join(filled)


def people_in(text: str) -> list[Attendee]:
    """``Anna Weber <anna@x.example>, Tom (us)`` -> each with the address where there is one."""
    found: list[Attendee] = []
    for piece in re.split(r"[,;]|\s+(?:and|&|und)\s+|\s{2,}", text):
        address = _ADDRESS.search(piece)
        name = _ADDRESS.sub("", re.sub(r"[(\[].*?[)\]]", "", piece)).strip(" <>()[]*_-–:.\t")
        name = re.split(r"\s[-–/]\s", name)[0].strip()
        if address and not name:
            name = address.group().partition("@")[0].replace(".", " ").replace("_", " ").title()
        if name and len(name) <= 80 and (address or looks_like_a_name(name)):
            found.append(Attendee(name, address.group().lower() if address else None))
    return found


def _with_labels(turns: list[Turn], listed: list[str]) -> list[Turn]:
    found = [labelled(turn.text) if turn.speaker is None and not turn.section else None for turn in turns]
    names = believed((one[0] for one in found if one), listed)
    return [
        replace(turn, speaker=label[0], offset_s=label[1], text=label[2])
        if label is not None and label[0] in names
        else turn
        for turn, label in zip(turns, found, strict=True)
    ]
