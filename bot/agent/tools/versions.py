"""What was said of one matter at different times: which of two values is on record, and who named another one. Pure.

A value that is denied ("140, not 90", "in June, not in March") is not what its sentence says.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.agent.tools.amounts import amounts_in
from bot.agent.tools.contradictions import dated
from bot.agent.tools.gist import Sentence, sentences_of
from bot.agent.tools.nearest import Near
from crm_store.queries.interactions import InteractionFacts
from knowledge import words

_DENIED = re.compile(r"\b(?:not|no longer|instead of|rather than)(?: (?:in|on|by|for|at|only|about|the))?\s*$", re.IGNORECASE)
_PERCENT = re.compile(r" ?(?:%|per ?cent\b)", re.IGNORECASE)
_COUNTING = re.compile(r"\b(?:how many|(?:numbers?|count|amount|total) of)(?: \w+)?? (\w+)", re.IGNORECASE)
_BEFORE = 24
_NEAR_UNIT = 22
"""How many characters may stand between a number and what it counts."""
_COUNTED = (frozenset({"user", "peopl", "seat", "licenc", "licens", "person", "employe"}), frozenset({"devic", "tablet", "hand-held"}))
"""Words that count the same thing in different mouths, as stems."""
_MOST = 3
_ON_IT, _CLOSE = 0.3, 0.4
"""A sentence is about what is asked when it says so much of it, or means nearly the same; ..."""
_BEHIND = 0.8
"""... and when it is no further behind the nearest one."""


@dataclass(frozen=True, slots=True)
class Version:
    """``value`` is as it was asked, or as the sentence writes it."""

    value: str
    sentence: Sentence


def versions_of(
    sources: Sequence[InteractionFacts], values: Iterable[str], about: str = ""
) -> tuple[tuple[Version, ...], tuple[str, ...]]:
    """For each of ``values`` the newest sentence that says it, those that speak ``about`` it before others, newest first; and
    the values that no sentence says. ``sources`` are newest first."""
    told = [one for source in sources for one in reversed(sentences_of(source)) if not one.text.endswith("?")]
    terms = [term for term in words.query_terms(about) if not any(True for _ in amounts_in(term))]
    found: list[Version] = []
    missing: list[str] = []
    for value in values:
        saying = [one for one in told if says(one.text, value)]
        if saying:
            best = max(saying, key=lambda one: (len(words.matched_terms(terms, one.text)), -told.index(one)))
            found.append(Version(value, best))
        else:
            missing.append(value)
    found.sort(key=lambda one: told.index(one.sentence))
    return tuple(found), tuple(missing)


def says(text: str, value: str) -> bool:
    """Whether a text names the value and does not deny it; "41" is said by "forty-one thousand" as well."""
    wanted = {number for amount in amounts_in(value) for number in (amount.value, amount.value * 1000, amount.value / 1000)}
    if wanted:
        percent = _PERCENT.search(value) is not None
        return any(
            one.value in wanted and not _denied(text, one.start) and (_PERCENT.match(text[one.end :]) is not None) == percent
            for one in amounts_in(text)
        )
    return any(not _denied(text, match.start()) for match in re.finditer(rf"\b{re.escape(value)}\b", text, re.IGNORECASE))


def _denied(text: str, start: int) -> bool:
    return _DENIED.search(text[max(0, start - _BEFORE) : start]) is not None


def different_days(sources: Sequence[InteractionFacts], of: str = "") -> tuple[Version, ...]:
    """The newest sentence for each day that one matter (a go-live, a delivery) was given, newest first; empty where all agree.
    ``of`` says which matter; without it the first that was dated differently is taken."""
    return tuple(Version(day, sentence) for sentence, day in dated(sources, of)[:_MOST])


def different_values(near: Sequence[Near]) -> tuple[Version, ...]:
    """The newest sentence for each number among those nearest to a question, newest first; empty where all name the same."""
    telling = [one for one in near if one.share >= _ON_IT or one.meaning >= _CLOSE]
    found: list[tuple[frozenset[float], Version]] = []
    for one in (each for each in telling if each.score >= telling[0].score - _BEHIND):
        values = frozenset(each.value for each in amounts_in(one.sentence.text) if not _denied(one.sentence.text, each.start))
        ours = one.sentence.ours and one.sentence.direct
        if values and not ours and not one.sentence.text.endswith("?"):
            found.append((values, Version(" and ".join(f"{value:,g}" for value in sorted(values)), one.sentence)))
    found.sort(key=lambda each: each[1].sentence.source.at, reverse=True)
    kept: list[tuple[frozenset[float], Version]] = []
    for values, version in found:
        if not any(values & known for known, _ in kept):
            kept.append((values, version))
    return tuple(version for _, version in kept[:_MOST]) if len(kept) > 1 else ()


def different_counts(sources: Sequence[InteractionFacts], about: str) -> tuple[Version, ...]:
    """The newest sentence for each number of what is to be counted ("number of users"), newest first; none where nothing is."""
    counted_of = _COUNTING.search(about)
    stems = set(words.content_words(counted_of.group(1))) if counted_of else set()
    units = stems | {each for group in _COUNTED if group & stems for each in group}
    found: dict[float, Version] = {}
    for source in sources:
        for one in reversed(sentences_of(source)):
            for amount in amounts_in(one.text):
                after = one.text[amount.end : amount.end + _NEAR_UNIT]
                counted = bool(units & set(words.content_words(re.split(r"[,.;:]", after)[0])))
                ours = one.ours and one.direct  # what we offer is not what they told us
                if counted and not ours and not _denied(one.text, amount.start) and not one.text.endswith("?"):
                    found.setdefault(amount.value, Version(f"{amount.value:,.0f}", one))
    newest = sorted(found.values(), key=lambda one: one.sentence.source.at, reverse=True)[:_MOST]
    return tuple(newest) if len(newest) > 1 else ()
