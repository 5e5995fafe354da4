"""Wordings written for this project -> utterances with the calls they must become.

``tuning.txt`` was looked at while building; ``held_out.txt`` was written before any of it was tried and is only measured;
``heard.txt`` is by other hands, who had seen no other wording and no sentence form, and was learned from; ``strangers.txt`` is by
other hands and never read: of it only the totals are looked at, so it is the fairest.
One wording a line, its families in brackets::

    push {D} to January 15 // after=northgate => update_deal deal={D} close_date=2027-01-15

Slots stand for the record's names: ``{A}`` account, ``{C}`` contact, ``{D}`` deal, ``{P}`` one of us, ``{R}`` competitor. In the
arguments they are ids; ``{a}`` ``{c}`` are the words as said, ``{AN}`` ``{CN}`` whole names, ``{CA}`` the contact's account. Several
calls are joined by ``&&``; ``-read`` means no write, ``-none`` no call, ``-refuse`` out of scope. After ``//`` stands what came before:
``after=`` what was talked about, ``made=`` an open proposal and its call, ``proposal``, ``change``, ``asked=`` the call that was answered,
``shown=`` the list that was shown, ``open=`` a question that waits (its call, ``missing=`` and ``options=id:Label;…``), or ``manager``
for who asks.

Every wording becomes several utterances: the first as written, the others with other names and typed as people type (capitals,
haste, politeness, an emoji, a slip of the keys, spoken run-ons). Which names and which style are drawn from the wording itself.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
_ACCOUNTS = {
    "bluewater": ("Bluewater", "Bluewater Logistics"),
    "cedar": ("Cedar & Stone", "Cedar & Stone Interiors"),
    "northgate": ("Northgate", "Northgate Clinics"),
    "falcon": ("Falcon Ridge", "Falcon Ridge Energy"),
    "tessera": ("Tessera", "Tessera Labs GmbH"),
    "harborview": ("Harborview", "Harborview Hotels"),
    "pinnacle": ("Pinnacle Freight", "Pinnacle Freight"),
    "quanta": ("Quanta", "Quanta Textiles"),
    "solstice": ("Solstice Foods", "Solstice Foods"),
    "vireo": ("Vireo", "Vireo Robotics"),
    "copperline": ("Copperline Rail", "Copperline Rail"),
    "juno": ("Juno Analytics", "Juno Analytics"),
    "kestrel": ("Kestrel Air", "Kestrel Air"),
    "silverline": ("Silverline Ferries", "Silverline Ferries"),
    "oakhurst": ("Oakhurst Homes", "Oakhurst Homes"),
}
_CONTACTS = {
    "priya-bluewater": ("Priya", "Priya Raman"),
    "helena-northgate": ("Helena", "Helena Brandt"),
    "rashid-quanta": ("Rashid", "Rashid Karim"),
    "ingrid-tessera": ("Ingrid", "Ingrid Solheim"),
    "sophie-falcon": ("Sophie Tanaka", "Sophie Tanaka"),
    "grace-cedar": ("Grace", "Grace Oyelaran"),
    "marcus-falcon": ("Marcus", "Marcus Dillon"),
    "nadine-solstice": ("Nadine Okoro", "Nadine Okoro"),
    "thomas-cedar": ("Thomas Aldana", "Thomas Aldana"),
    "oliver-northgate": ("Oliver Quist", "Oliver Quist"),
    "jun-vireo": ("Jun Takeda", "Jun Takeda"),
    "elizabeth-harborview": ("Elizabeth Crane", "Elizabeth Crane"),
}
_DEALS = {
    "cedar-showroom": "the Cedar showroom refit",
    "ng-wards": "Northgate ward tablets",
    "quanta-loom": "the Quanta deal",
    "tessera-lims": "Tessera LIMS upgrade",
    "falcon-grid": "Falcon Ridge grid monitoring",
    "bw-renewal": "the Bluewater renewal",
    "bw-pilot": "the Bluewater dock pilot",
}
_PEOPLE = {"tom": "Tom", "mei": "Mei"}
_RIVALS = {"Zephyrix": "Zephyrix", "Kolvane": "Kolvane"}
_FREE = frozenset({"text", "title", "next_step", "to_next_step", "query", "lost_reason", "task", "name"})
_ARG = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\[.*?\](?=\s|$)|\S+)')
_PREFIXES = ("hey, ", "um so ", "ok ", "quick one: ", "hi, ", "please ")
_SUFFIXES = (" please", " pls", " thx")
_EMOJI = (" 🙏", " :slightly_smiling_face:", " 👍")


@dataclass(frozen=True)
class Expected:
    """``kind``: ``calls`` exactly these, ``read`` anything but a write, ``none`` no call, ``refuse`` out of scope."""

    kind: str
    calls: tuple[tuple[str, dict[str, object]], ...] = ()


@dataclass(frozen=True)
class Context:
    """What came before. ``made`` is the call behind an open proposal."""

    after: tuple[str, ...] = ()
    made: tuple[str, dict[str, object]] | None = None
    proposal: bool = False
    change: bool = False
    manager: bool = False
    asked: tuple[str, dict[str, object]] | None = None
    shown: tuple[str, ...] = ()
    waiting: tuple[str, dict[str, object]] | None = None
    missing: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Utterance:
    family: str
    text: str
    context: Context
    expected: Expected
    wording: int
    """Counts the wordings of the file; utterances of one wording share it."""


def utterances(name: str, each: int) -> list[Utterance]:
    """Every wording of ``name``.txt as ``each`` utterances, in order."""
    return list(_read(FOLDER / f"{name}.txt", each))


def wordings(name: str) -> list[str]:
    """The wordings of ``name``.txt that need no turn before them, their slots unfilled."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    said = [line.split(" => ")[0] for line in lines if " => " in line and not line.startswith("#")]
    return [words.strip() for words in said if " // " not in words]


def _read(path: Path, each: int) -> Iterator[Utterance]:
    family, count = "", 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            family = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            count += 1
            said, wanted = line.split(" => ")
            words, _, context = said.partition(" // ")
            for turn in range(each):
                yield _utterance(family, words.strip(), context.strip(), wanted.strip(), turn, count)


def _utterance(family: str, words: str, context: str, wanted: str, turn: int, count: int) -> Utterance:
    draw = random.Random(f"{words}/{turn}")
    account, contact, deal = draw.choice(list(_ACCOUNTS)), draw.choice(list(_CONTACTS)), draw.choice(list(_DEALS))
    person, rival = draw.choice(list(_PEOPLE)), draw.choice(list(_RIVALS))
    said = {
        "A": _ACCOUNTS[account][0],
        "C": _CONTACTS[contact][0],
        "D": _DEALS[deal],
        "P": _PEOPLE[person],
        "R": _RIVALS[rival],
    }
    meant = {
        "A": account, "C": contact, "D": deal, "P": person, "R": rival, "a": said["A"], "c": said["C"],
        "AN": _ACCOUNTS[account][1], "CN": _CONTACTS[contact][1], "CA": contact.split("-")[1],
    }  # fmt: skip
    expected = _expected(_filled(re.sub(r"=\{([ac]N?)\}", r'="{\1}"', wanted), meant))  # names of several words
    text = _filled(words, said)
    text = text[:1].upper() + text[1:] if turn == 0 and words.startswith("{") else text
    if turn:
        free = {
            value
            for _, args in expected.calls
            for key, value in args.items()
            if key in _FREE and isinstance(value, str)
        }
        text = _styled(text, draw, tuple(said.values()), " ".join(free).lower(), bool(free) or family == "decisions")
    return Utterance(family, text, _context(_filled(context, meant)), expected, count)


def _filled(text: str, slots: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: slots.get(match.group(1), match.group()), text)


def _expected(wanted: str) -> Expected:
    if wanted.startswith("-"):
        return Expected(wanted[1:])
    return Expected("calls", tuple(_call(part.strip()) for part in wanted.split("&&")))


def _call(part: str) -> tuple[str, dict[str, object]]:
    tool, _, rest = part.partition(" ")
    return tool, {match.group(1): _value(match.group(2)) for match in _ARG.finditer(rest)}


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    if text[:1] in '"[':
        return json.loads(text)
    return int(text) if text.isdigit() else text


def _context(text: str) -> Context:
    if text.startswith("asked="):
        return Context(asked=_call(text[6:]))
    if text.startswith("shown="):
        return Context(shown=tuple(text[6:].split(",")))
    if text.startswith("open="):
        call, _, rest = text[5:].partition(" missing=")
        missing, _, options = rest.partition(" options=")
        pairs = tuple((one.partition(":")[0], one.partition(":")[2]) for one in options.split(";") if one)
        return Context(waiting=_call(call), missing=missing, options=pairs)
    if text.startswith("made="):
        return Context(made=_call(text[5:]), proposal=True)
    return Context(
        after=tuple(text.removeprefix("after=").split(",")) if text.startswith("after=") else (),
        proposal=text == "proposal", change=text == "change", manager=text == "manager",
    )  # fmt: skip


def _styled(text: str, draw: random.Random, names: tuple[str, ...], kept: str, free: bool) -> str:
    """The same request typed in another way. ``kept`` are words that the answer quotes and that no slip may touch."""
    match draw.choice(("lower", "upper", "prefix", "suffix", "emoji", "slip", "bare")):
        case "lower":
            return text.lower()
        case "upper":
            return text.upper()
        case "prefix":
            return draw.choice(_PREFIXES) + text[:1].lower() + text[1:]
        case "suffix" if not free and not text.endswith("?"):
            return text + draw.choice(_SUFFIXES)
        case "emoji" if not text.endswith("?"):
            return text + draw.choice(_EMOJI)
        case "slip":
            named = " ".join(names).lower()
            able = [
                match
                for match in re.finditer(r"(?<![\w@.])[a-z]{6,}(?![\w@]|\.\w)", text)
                if match.group() not in kept and match.group() not in named
            ]
            if not able:
                return text.lower()
            word = draw.choice(able)
            at = draw.randrange(word.start() + 1, word.end() - 2)
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case "bare":
            return text.lower().rstrip("?!.").replace("'", "")
    return text
