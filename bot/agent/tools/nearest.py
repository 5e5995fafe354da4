"""Which sentences of the record are nearest to a question: in meaning, in its rare words, in the kind of value it asks for.

People seldom ask in the words that were written down. A sentence is weighed by the closeness of its meaning (a bi-encoder,
Reimers and Gurevych, 2019), by the words it shares with the question, the rarer the more (inverse document frequency, Spärck
Jones, 1972), by those that stand right beside it, by holding a number or a day where one is asked for, and by its age. The
weights were tuned on questions about the sample company whose answers are known; how good they are beyond those is measured on
held-out ones (``tests/benchmarks/answers``).
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.agent.tools.amounts import amounts_in
from bot.agent.tools.cues import DATE, MONEY
from bot.agent.tools.gist import Sentence
from bot.agent.turn import Turn
from knowledge import words
from knowledge.embeddings import embed, query_vector
from knowledge.vectors import Vectors

_MEANING, _WORDS, _BESIDE = 0.7, 1.0, 0.3
_FULL, _FULL_LENGTH = 0.3, 60
"""What a whole statement counts more than a scrap of so many characters or fewer."""
_NUMBER, _DAY = 0.25, 0.1
_FRESH, _HALVED = 0.8, 365.0
"""What a sentence of today counts more than an old one; half as much after so many days."""
_THEIRS, _OF_THEM = 0.05, 0.15
"""What their own words count more, and what is said by or of somebody whom the question names."""
_TOLD_APART = 5
"""A smaller number is in too many sentences to tell them apart."""
_READ = 40
"""So many sentences, the best by all but their meaning, are embedded: more found no better ones."""
_A_NUMBER = re.compile(
    r"\bhow (?:much|many|long|often|big|large|high|quick\w*|fast|far)\b|\bwhat (?:sum|price|share|number|percentage|amount|size)\b"
    r"|\bpercent|%|\b(?:costs?|numbers?|figures?)\b",
    re.IGNORECASE,
)
_A_DAY = re.compile(r"\b(?:when|by when|deadline|dates?|how soon|what day|which (?:day|month|week))\b", re.IGNORECASE)
_COUNTED = re.compile(
    rf"\d|{MONEY.pattern}|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|thousand|half|third|quarter)\b",
    re.IGNORECASE,
)
_NAMED = ("account", "contact", "deal", "person")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with "they" for whom it is about, the names of the people in it, and the words that single out what is asked."""

    text: str
    people: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence and how near it is: ``score`` orders, ``meaning`` is the cosine, ``share`` how much of the question's words it
    says, the rare ones counting more."""

    sentence: Sentence
    score: float
    meaning: float
    share: float


def question_of(turn: Turn, text: str | None = None) -> Question:
    """What the turn's message asks, or ``text``, without the names in it."""
    text = turn.message if text is None else text
    with turn.read() as session:
        mentions = [one for one in turn.names(session).mentions(text) if one.kind in _NAMED]
    people = tuple(text[one.start : one.end] for one in mentions if one.kind == "contact")
    plain = text
    for one in sorted(mentions, key=lambda each: -each.start):
        text = f"{text[: one.start]}they{text[one.end :]}"
        plain = f"{plain[: one.start]} {plain[one.end :]}"
    return Question(text, people, words.query_terms(plain) if words.units(plain) else ())


def nearest(turn: Turn, question: Question, found: Sequence[Sentence], prior: Sequence[float] = ()) -> list[Near]:
    """The sentences nearest to the question, best first; ``prior`` says of each what else speaks for it."""
    embeddings = turn.recall.embeddings

    def meaning(texts: Sequence[str]) -> Vectors:
        near: Vectors = embed(embeddings, texts) @ query_vector(embeddings, question.text)
        return near

    return ranked(question, found, meaning, turn.now, prior)


def ranked(
    question: Question, found: Sequence[Sentence], meaning: Callable[[Sequence[str]], Vectors], now: datetime, prior: Sequence[float] = ()
) -> list[Near]:
    """The same with the closeness of meaning of texts handed in. Pure."""
    if not found:
        return []
    asked = _amounts(question.text)
    said = [frozenset(words.units(one.text)) | (_amounts(one.text) & asked if asked else frozenset()) for one in found]
    weights = _rarity(question.terms, asked, said)
    shares = [_share(weights, each) for each in said]
    asks_number, asks_day = _A_NUMBER.search(question.text), _A_DAY.search(question.text)
    known = {unit for name in question.people for unit in words.units(name)}
    scores: list[float] = []
    for at, one in enumerate(found):
        neighbours = [said[near] for near in (at - 1, at + 1) if _together(found, at, near)]
        beside = frozenset().union(*neighbours, words.units(one.source.subject))
        score = _WORDS * shares[at] + _BESIDE * _share(weights, beside - said[at])
        score += _FULL * min(1.0, len(one.text) / _FULL_LENGTH) + _FRESH * 0.5 ** (max(0, (now - one.source.at).days) / _HALVED)
        score += _NUMBER if asks_number and _COUNTED.search(one.text) else 0.0
        score += _DAY if asks_day and DATE.search(one.text) else 0.0
        score += _THEIRS if one.ours is False else -_THEIRS if one.ours and one.direct else 0.0
        score += _OF_THEM if known & (said[at] | set(words.units(one.speaker or ""))) else 0.0
        scores.append(score + (prior[at] if prior else 0.0))
    best = sorted(range(len(found)), key=lambda at: -scores[at])[:_READ]
    close = np.asarray(meaning([found[at].text for at in best]), dtype=np.float32)
    near = [Near(found[at], scores[at] + _MEANING * float(one), float(one), shares[at]) for at, one in zip(best, close, strict=True)]
    return sorted(near, key=lambda each: -each.score)


def _rarity(terms: Sequence[str], amounts: frozenset[str], said: Sequence[frozenset[str]]) -> dict[str, float]:
    """The words and amounts of the question, each with how rare it is among the sentences."""
    counts = Counter(itertools.chain.from_iterable(said))
    asked = {unit for term in terms for unit in words.units(term)} | amounts
    return {unit: math.log(1 + len(said) / (1 + counts[unit])) for unit in sorted(asked)}


def _amounts(text: str) -> frozenset[str]:
    """The amounts in a text in one spelling each, small numbers left out: "twelve grand" and "12,000" are the same."""
    return frozenset(f"={one.value:g}" for one in amounts_in(text) if one.value >= _TOLD_APART)


def _share(weights: dict[str, float], said: frozenset[str]) -> float:
    whole = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in said) / whole if whole else 0.0


def _together(found: Sequence[Sentence], at: int, near: int) -> bool:
    return 0 <= near < len(found) and found[near].source.id == found[at].source.id
