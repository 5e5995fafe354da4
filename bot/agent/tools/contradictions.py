"""Whether two interactions give different dates for the same matter."""

import re
from collections.abc import Sequence

from bot.agent.tools.cues import DATE
from bot.agent.tools.gist import Sentence, sentences_of
from crm_store.queries.interactions import InteractionFacts

_MATTERS = tuple(
    re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    for pattern in (
        r"go(?:es|ing)?[ -]?live|cut-?over|live (?:date|on|in|by|from)",
        r"kick[ -]?off",
        r"launch(?:es|ing)?",
        r"deliver(?:y|ies)|delivered",
        r"roll[ -]?out",
        r"start(?:s|ing)? (?:date|on|in|from)",
        r"deadline",
    )
)
"""What people give a date for and later another one."""
NEGATED_DATE = re.compile(r"\bnot (?:in |on |by |at |before |until )?(?:\d{1,2} )?[A-Z][a-z]+\b(?: \d{1,2}\b)?")
"""A date that is said not to hold: "in June, not in March"."""
_NEAR = 60
"""Characters between the matter and its date; further apart they are seldom about each other."""


def contradiction(sources: Sequence[InteractionFacts]) -> tuple[Sentence, Sentence] | None:
    """The newest statement and the last one before it that dates the same matter differently; None when all agree.

    ``sources`` are newest first. Only sentences that name one date each are compared, from different interactions; a date
    that is denied is left out.
    """
    found = dated(sources)
    return (found[0][0], found[1][0]) if found else None


def dated(sources: Sequence[InteractionFacts], of: str = "") -> list[tuple[Sentence, str]]:
    """The newest sentence for each day that was given for one matter, newest first, with the day in a comparable form; of
    several such matters the first, or the one that ``of`` names. Empty where all agree."""
    days: list[tuple[Sentence, str]] = []
    for source in sources:
        for sentence in sentences_of(source):
            text = NEGATED_DATE.sub("", sentence.text)
            dates = {_plain(match.group()) for match in DATE.finditer(text)}
            if len(dates) == 1 and not sentence.text.endswith("?"):
                days.append((sentence, dates.pop()))
    for matter in (one for one in _MATTERS if not of or one.search(of)):
        about = [(sentence, day) for sentence, day in days if _about(matter, sentence.text)]
        newest: dict[str, Sentence] = {}
        for sentence, day in about:
            newest.setdefault(day, sentence)
        if len({one.source.id for one in newest.values()}) > 1:
            return [(sentence, day) for day, sentence in newest.items()]
    return []


def _about(matter: re.Pattern[str], text: str) -> bool:
    """Whether the text dates the matter: both are in it, close together."""
    named, dated = matter.search(text), DATE.search(text)
    if named is None or dated is None:
        return False
    return max(named.start(), dated.start()) - min(named.end(), dated.end()) <= _NEAR


def _plain(day: str) -> str:
    day = re.sub(r"^(?:by|in|until|before|early|late|for|to|from|not)\s+", "", day.casefold())
    day = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b|\bthe\b", " ", day)
    words = sorted(re.split(r"[\s-]+", day.strip()))
    return " ".join(word[:3] if word.isalpha() else word for word in words)
