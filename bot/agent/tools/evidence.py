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
from knowledge import words

NAMED, STRONG, FAIR = 5.0, 3.0, 2.0
_THEIRS = 1.0
"""What their own words count more than our note of them."""
_RIVAL = 1.0
"""What a sentence about the competition counts more that says who."""
_COUNTS = 0.5
"""What a need counts more that says how much: in money, hours, pieces."""
_COUNTED = re.compile(rf"{MONEY.pattern}|\b\d+ (?:hours?|days?|orders?|jobs?|times)\b", re.IGNORECASE)
_IN_FOCUS, _MOST_IN_FOCUS = 1.5, 3.0
"""What a sentence counts more for each word that the question asks about, and at most."""
_ENOUGH = 2
"""So many of them make a sentence evidence."""
_ASKED_BY = frozenset(
    words.units(
        """budget money spend spending pay pays afford approve approved decide decides decision sign signs signing buyer economic timeline
        deadline date plan plans need needs want wants problem pain metric metrics number numbers kpi criteria process step steps
        champion competition competitor competitors rival rivals vendor vendors supplier deal account customer customers know known
        evidence much many long soon else go live start happen make use still right today now objection objections concern concerns"""
    )
)
"""Words that ask for a field and tell nothing of what it is asked about, as stems."""
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
_THIS_MONTH = re.compile(r"\b(?:this month|before the month is over|(?:before|by|at) the end of (?:the|this) month)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|cannot|can't|won't|no longer|never)\b", re.IGNORECASE)
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
    aspect: Aspect, sources: Iterable[InteractionFacts], *, rivals: Sequence[str] = (), focus: Sequence[str] = ()
) -> tuple[Evidence, ...]:
    """The best sentence of each interaction that is evidence of the field, newest first; the second best too where a question
    with words of its own (``focus``) is asked and both hold some of them."""
    found: list[Evidence] = []
    for source in sources:
        scored = [one for sentence in sentences_of(source) if (one := weighed(aspect, sentence, rivals, focus)) is not None]
        scored.sort(key=lambda one: -one.score)
        found += [one for place, one in enumerate(scored[:2]) if place == 0 or words.matched_terms(focus, one.sentence.text)]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def focus_of(question: str, *names: str) -> tuple[str, ...]:
    """The words of a question that single out what it asks about, beside the ``names`` of whom it is about and the words by
    which fields are asked for."""
    known = {unit for name in names for unit in words.units(name)} | _ASKED_BY
    return tuple(term for term in words.query_terms(question) if not set(words.units(term)) <= known)


def weighed(
    aspect: Aspect, sentence: Sentence, rivals: Sequence[str] = (), focus: Sequence[str] = ()
) -> Evidence | None:
    """The sentence as evidence of the field, or None. What we said ourselves is none, and no question is. Words in ``focus``
    count, and several of them are enough where the sentence has what the field needs (a date, an amount)."""
    text = stated(sentence.text)
    if len(text) < _SHORTEST or aspect.veto.search(text) or _HEARSAY.search(text):
        return None
    if sentence.ours and (sentence.direct or _OUR_DOING.match(text)):
        return None
    if aspect.needs is not None and not aspect.needs.search(text):
        return None
    named = aspect.key == "competition" and any(
        re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in rivals
    )
    in_focus = len(words.matched_terms(focus, text))
    if aspect.named.search(text):
        score = NAMED
    elif named or aspect.strong.search(text):
        score = STRONG + (_RIVAL if named else 0.0)
    elif aspect.fair.search(text) or (in_focus >= _ENOUGH and _holds(aspect, text)):
        score = FAIR
    else:
        return None
    score += min(_MOST_IN_FOCUS, _IN_FOCUS * in_focus)
    if aspect.key == "need" and _COUNTED.search(text):
        score += _COUNTS
    return Evidence(sentence, score + (_THEIRS if sentence.ours is False else 0.0), values_of(aspect, text, rivals, sentence.source.at))


def stated(text: str) -> str:
    """What a sentence states: all of it, of "that is too much; where could we cut?" the part before the question, and nothing
    of one that only asks."""
    return text.strip() if not text.rstrip().endswith("?") else text.rpartition(";")[0].strip()


def _holds(aspect: Aspect, text: str) -> bool:
    """Whether the text holds the kind of value that a field has; not for fields without one."""
    return aspect.needs is not None or (aspect.values == "money" and MONEY.search(text) is not None)


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


def values_of(aspect: Aspect, text: str, rivals: Sequence[str] = (), at: datetime | None = None) -> frozenset[str]:
    """The amounts or days that a statement names; "this month" is a month where it is known when it was said (``at``)."""
    if aspect.key == "competition":
        if _NONE.search(text):
            return frozenset({"nobody"})
        return frozenset({"somebody"})
    if aspect.values == "money":
        return frozenset(_amount(match) for match in _AMOUNT.finditer(text) if MONEY.search(_around(text, match)))
    if aspect.values == "date":
        held = NEGATED_DATE.sub("", text)
        named = {_day(match.group()) for match in DATE.finditer(held)}
        named = named or {match.group().casefold()[:3] for match in _MONTH.finditer(held)}
        if not named and at is not None and _THIS_MONTH.search(held):
            denied = _DENIED.search(held) is not None
            named = {f"{'not ' if denied else ''}{at.strftime('%b').casefold()}"}
        return frozenset(named)
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
    parts = [word for word in re.findall(r"\d+|[a-z]+", day.casefold()) if word not in _BESIDE_DAYS]
    return " ".join(sorted(part[:3] if part.isalpha() else part for part in parts))
