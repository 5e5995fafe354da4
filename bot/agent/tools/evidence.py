"""Which sentences of the record are evidence of a field, and which of them say something else than a newer one. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agent.tools.aspects import Aspect
from bot.agent.tools.contradictions import NEGATED_DATE
from bot.agent.tools.cues import DATE, MONEY
from bot.agent.tools.gist import Sentence, sentences_of
from crm_store.queries.interactions import InteractionFacts

NAMED, STRONG, FAIR = 5.0, 3.0, 2.0
_THEIRS = 1.0
"""What their own words count more than our note of them."""
_COUNTS = 0.5
"""What a need counts more that says how much: in money, hours, pieces."""
_COUNTED = re.compile(rf"{MONEY.pattern}|\b\d+ (?:hours?|days?|orders?|jobs?|times)\b", re.IGNORECASE)
_NEW = 45.0
"""So many days older, a sentence has to be one point stronger to be told first."""
_SHORTEST = 18
_OUR_DOING = re.compile(
    r"^(?:i|we|promised|told|asked|showed|sent|offered|explained|introduced|said|sending|thanked|invited|agreed to send|asking"
    r"|walked them|prepared|heard)\b(?! (?:by|that (?:they|she|he|the (?:board|cfo)))\b)",
    re.IGNORECASE,
)
"""How a note tells what we did; it is no evidence of what they want."""
_HEARSAY = re.compile(r"\b(?:you would|as you said|correct me|if i understood|here is what i understood)\b", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:no other|nobody else|only talking to|not (?:talking|looking|comparing)|no competing|no competit\w+)\b", re.IGNORECASE
)
_AMOUNT = re.compile(r"(\d[\d.,]*)\s?(k|m|thousand|million)?\b", re.IGNORECASE)
_BESIDE_DAYS = frozenset(["by", "in", "until", "before", "early", "late", "for", "to", "from", "of", "th", "st", "nd", "rd", "the", "not"])
_MONTH = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that tells something of a field. ``values`` are the amounts or days in it, in a comparable form."""

    sentence: Sentence
    score: float
    values: frozenset[str]

    @property
    def at(self) -> datetime:
        return self.sentence.source.at


def evidence(
    aspect: Aspect, sources: Iterable[InteractionFacts], *, rivals: Sequence[str] = ()
) -> tuple[Evidence, ...]:
    """The best sentence of each interaction that is evidence of the field, newest first."""
    found: list[Evidence] = []
    for source in sources:
        scored = [one for sentence in sentences_of(source) if (one := weighed(aspect, sentence, rivals)) is not None]
        if scored:
            found.append(max(scored, key=lambda one: one.score))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def weighed(aspect: Aspect, sentence: Sentence, rivals: Sequence[str] = ()) -> Evidence | None:
    """The sentence as evidence of the field, or None. What we said ourselves is none, and no question is."""
    text = sentence.text.strip()
    if len(text) < _SHORTEST or text.endswith("?") or aspect.veto.search(text) or _HEARSAY.search(text):
        return None
    if sentence.ours and (sentence.direct or _OUR_DOING.match(text)):
        return None
    if aspect.needs is not None and not aspect.needs.search(text):
        return None
    named = aspect.key == "competition" and any(
        re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in rivals
    )
    if aspect.named.search(text):
        score = NAMED
    elif named or aspect.strong.search(text):
        score = STRONG
    elif aspect.fair.search(text):
        score = FAIR
    else:
        return None
    if aspect.key == "need" and _COUNTED.search(text):
        score += _COUNTS
    return Evidence(sentence, score + (_THEIRS if sentence.ours is False else 0.0), values_of(aspect, text, rivals))


def telling(found: Sequence[Evidence], now: datetime, most: int) -> list[Evidence]:
    """The ``most`` statements to tell, newest first: strong ones, and of those the newer. What was said later and says
    something else is told before what it contradicts."""
    ranked = sorted(found, key=lambda one: one.score - (now - one.at).days / _NEW, reverse=True)
    if ranked and (later := [one for one in found if one.at > ranked[0].at and apart(one, ranked[0])]):
        ranked.remove(later[0])
        ranked.insert(0, later[0])
    return sorted(ranked[:most], key=lambda one: one.at, reverse=True)


def differing(newest: Evidence, found: Sequence[Evidence]) -> Evidence | None:
    """The last earlier statement with amounts or days of its own, when they are others than the newest one's."""
    earlier = next((one for one in found if one.at < newest.at and one.values), None)
    return earlier if earlier is not None and apart(newest, earlier) else None


def apart(one: Evidence, other: Evidence) -> bool:
    """Whether two statements of different interactions name amounts or days and have none in common."""
    if one.sentence.source.id == other.sentence.source.id or not (one.values and other.values):
        return False
    return not one.values & other.values


def values_of(aspect: Aspect, text: str, rivals: Sequence[str] = ()) -> frozenset[str]:
    if aspect.key == "competition":
        if _NONE.search(text):
            return frozenset({"nobody"})
        return frozenset({"somebody"})
    if aspect.values == "money":
        return frozenset(_amount(match) for match in _AMOUNT.finditer(text) if MONEY.search(_around(text, match)))
    if aspect.values == "date":
        held = NEGATED_DATE.sub("", text)
        named = {_day(match.group()) for match in DATE.finditer(held)}
        return frozenset(named or {match.group().casefold()[:3] for match in _MONTH.finditer(held)})
    return frozenset()


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 5) : match.end() + 9]


def _amount(match: re.Match[str]) -> str:
    """``84,000`` and ``84k`` are the same amount."""
    plain = re.sub(r"[.,](?=\d{3}\b)", "", match[1]).rstrip(".,").replace(",", ".")
    factor = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}.get((match[2] or "").casefold(), 1)
    return f"{float(plain) * factor:g}" if plain else ""


def _day(day: str) -> str:
    """``by 4 December`` and ``4th of Dec`` are the same day; a bare month is that month."""
    words = [word for word in re.findall(r"\d+|[a-z]+", day.casefold()) if word not in _BESIDE_DAYS]
    return " ".join(sorted(word[:3] if word.isalpha() else word for word in words))
