"""``gold.txt``, ``gold_further.txt``, ``gold_reps.txt`` and ``gold_fresh.txt`` -> questions with what an answer has to say."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Wording = Literal["seen", "held out"]
ASKS = "rupert.ashdown@halvern.example"
DOMAIN = "halvern.example"
FILES = ("gold.txt", "gold_further.txt", "gold_reps.txt", "gold_fresh.txt")


@dataclass(frozen=True)
class Fact:
    """``spellings`` are the ways to say it; ``cited`` whether a cited source has to hold it; ``sql`` names a count."""

    spellings: tuple[str, ...]
    cited: bool
    sql: str | None = None


@dataclass(frozen=True)
class Asked:
    """A question; ``facts`` are empty where nothing is on record."""

    family: str
    text: str
    wording: Wording
    who: str
    facts: tuple[Fact, ...]


def questions() -> list[Asked]:
    return [one for name in FILES for one in _of_file(Path(__file__).parent / name)]


def _of_file(path: Path) -> list[Asked]:
    found: list[Asked] = []
    family = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            family = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            wordings, _, wanted = line.partition(" => ")
            facts = () if wanted.strip() == "none" else tuple(_fact(one.strip()) for one in wanted.split(";"))
            seen, _, held_out = wordings.removeprefix("~ ").partition(" || ")
            found.append(_asked(family, seen.strip(), "held out" if wordings.startswith("~") else "seen", facts))
            if held_out:
                found.append(_asked(family, held_out.strip(), "held out", facts))
    return found


def _asked(family: str, text: str, wording: Wording, facts: tuple[Fact, ...]) -> Asked:
    named = re.match(r"@([\w.]+) ", text)
    who = f"{named[1]}@{DOMAIN}" if named else ASKS
    return Asked(family, text[named.end() :] if named else text, wording, who, facts)


def _fact(said: str) -> Fact:
    if said.startswith("#sql "):
        return Fact((), False, said.removeprefix("#sql "))
    return Fact(tuple(one.strip() for one in said.lstrip("#").split(" / ")), not said.startswith("#"))
