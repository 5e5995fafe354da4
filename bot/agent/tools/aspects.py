"""What has to be known to qualify a deal: each field with the words that are evidence of it and the question that asks for it.

The cues are in ``aspects.txt``: general English of selling, no name of any record. A cue is meant to be enough on its own: a
wrong quote behind a field is worse than a field that is not known. BANT is IBM's, MEDDIC is PTC's; with a P for the paper
process and a C for competition it is MEDDPICC.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bot.agent.tools.cues import DATE, MONEY

AspectKey = Literal[
    "budget", "economic_buyer", "need", "timeline", "metrics", "decision_criteria", "decision_process", "paper_process",
    "champion", "competition",
]  # fmt: skip
Framework = Literal["bant", "meddic", "meddpicc"]
ValueKind = Literal["money", "date", "none"]

_PRONOUNS = "It|This|That|What|Which|Who|Nobody|Price|There|Then|If|The|When|They|We|You|I"
_NUMBER = (
    r"(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|half|a third|a quarter)"
)
_DURATION = rf"{_NUMBER}(?:[ -](?:more|full|whole|\w*(?:two|one|five)))? (?:hours?|days?|weeks?|months?|minutes?)"
_SUM = (
    r"(?:[€$£]\s?\d[\d.,]*|\b(?:eur|usd|gbp|chf|sek|nok|dkk)\s?\d[\d.,]*"
    r"|\b\d[\d.,]*\s?(?:k|m|eur|usd|gbp|euros?|dollars?|pounds?)\b"
    r"|\b(?:\w+ ){0,2}thousand(?: (?:euros?|dollars?|pounds?))?)"
)
_PARTS = {
    "NAME": rf"(?-i:(?!(?:{_PRONOUNS})\b)[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?)",
    "NUMBER": _NUMBER, "DURATION": _DURATION, "SUM": _SUM,
}  # fmt: skip
_NEEDS = {
    "when": re.compile(
        rf"{DATE.pattern}|\b(?:this|next|the new|the coming|in the) (?:week|month|quarter|year|spring|summer|autumn|fall"
        r"|winter|season)\b|\bmid(?:dle of)? next month\b|\b(?:in|within|after) "
        rf"{_DURATION}|\b(?:before|after) the (?:month|quarter|year|week)\b"
        r"|\b(?:before|after) the (?:holidays?|summer|winter|season|audit|[a-z]+ (?:season|shutdowns?|holidays?))\b"
        r"|\b(?:mon|tues|wednes|thurs|fri)day\b|\b20\d\d\b|\bno (?:hurry|rush)\b|\bin a hurry\b"
        r"|(?-i:\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)",
        re.IGNORECASE,
    ),
    "quantity": re.compile(
        rf"\b{_NUMBER}(?:[ -]\w+)?\s?(?:%|percent\b|per cent\b|hours?\b|days?\b|minutes?\b|orders?\b|times\b|thousand\b|k\b"
        rf"|euros?\b)|\bfrom (?:about )?{_NUMBER}\b.* to {_NUMBER}\b|{MONEY.pattern}",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Aspect:
    """One field. A sentence is evidence when ``named`` (it names the field), ``strong`` or ``fair`` is in it, and ``needs``
    where that is set, and ``veto`` is not. ``values`` says by which values two statements are compared; ``question`` is what
    to ask next."""

    key: AspectKey
    label: str
    asked: str
    question: str
    named: re.Pattern[str]
    strong: re.Pattern[str]
    fair: re.Pattern[str]
    veto: re.Pattern[str]
    needs: re.Pattern[str] | None
    values: ValueKind


def _aspects() -> Iterable[Aspect]:
    """The fields of ``aspects.txt``, in its order."""
    text = (Path(__file__).parent / "aspects.txt").read_text(encoding="utf-8")
    for section in re.split(r"^(?=\[\w+\]$)", text, flags=re.MULTILINE)[1:]:
        key, *lines = section.splitlines()
        said = dict(line.split(" = ", 1) for line in lines if re.match(r"[a-z]+ = ", line))
        cues = {mark: [line[2:] for line in lines if line.startswith(f"{mark} ")] for mark in "!+~-"}
        yield Aspect(
            cast(AspectKey, key.strip("[]")), said["label"], said["asked"], said["question"], _any(cues["!"]), _any(cues["+"]),
            _any(cues["~"]), _any(cues["-"]), _NEEDS.get(said.get("needs", "")), cast(ValueKind, said.get("values", "none")),
        )  # fmt: skip


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    whole = "|".join(f"(?:{one})" for one in patterns) or "(?!)"
    return re.compile(re.sub("@([A-Z]+)@", lambda match: _PARTS[match.group(1)], whole), re.IGNORECASE)


ASPECTS = tuple(_aspects())
BY_KEY = {aspect.key: aspect for aspect in ASPECTS}
FRAMEWORKS: dict[Framework, tuple[AspectKey, ...]] = {
    "bant": ("budget", "economic_buyer", "need", "timeline"),
    "meddic": ("metrics", "economic_buyer", "decision_criteria", "decision_process", "need", "champion"),
    "meddpicc": (
        "metrics", "economic_buyer", "decision_criteria", "decision_process", "paper_process", "need", "champion",
        "competition",
    ),
}  # fmt: skip
"""The fields of each, in the order of its letters."""
