"""A text without the sentences that its evidence does not support."""

import re
from dataclasses import dataclass

from bot.agent.grounding.claims import unsupported
from bot.agent.grounding.evidence import Evidence

_SHORTENED = re.compile(
    r"(?i)(?:\b(?:mr|mrs|ms|dr|prof|inc|ltd|co|corp|llc|vs|e\.g|i\.e|approx|ca|no|st|jr|sr|etc|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|"
    r"dec|mon|tue|wed|thu|fri|sat|sun)|\b[A-Z]|^\s*(?:[-*•]\s*)?\d{1,2})\.$"
)
_END = re.compile(r"[.!?…][\"”')*_]*(?:\s*\[\d{1,3}\])*(?=\s|$)")
_BULLET = re.compile(r"\s*(?:(?:[-*•]|\d{1,2}[.)])\s+|#+\s+|>\s*)?")


@dataclass(frozen=True)
class Checked:
    """``removed`` are the sentences that were left out, with what each of them states without support."""

    text: str
    removed: tuple[tuple[str, tuple[str, ...]], ...] = ()


def checked(text: str, evidence: Evidence) -> Checked:
    """The text with every unsupported sentence taken out, its lines and bullets kept otherwise."""
    removed: list[tuple[str, tuple[str, ...]]] = []
    lines: list[str] = []
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        head = bullet[0] if bullet else ""
        kept: list[str] = []
        for sentence in sentences(line[len(head) :]):
            wrong = unsupported(sentence, evidence)
            if wrong:
                removed.append((sentence.strip(), tuple(wrong)))
            else:
                kept.append(sentence)
        if kept or not line.strip():
            lines.append(head + "".join(kept).strip() if kept else "")
    return Checked(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), tuple(removed))


def sentences(line: str) -> list[str]:
    """The sentences of one line, each with its citation marks and the space behind it; joined they are the line."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(line):
        if _SHORTENED.search(line[start : end.start() + 1]):
            continue
        space = len(line) - len(line[end.end() :].lstrip())
        found.append(line[start:space])
        start = space
    if start < len(line):
        found.append(line[start:])
    return found
