"""Where a sentence names a field that the company added, by its label, and the value said of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz.distance import OSA

from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.vocabulary import is_word
from crm_store.currencies import decimals
from crm_store.custom_fields import Definition
from crm_store.models import CustomKind

_WORD = re.compile(r"[^\W_]+")
_SPELLING = 0.8
"""Likeness of a word that is no English to a label's word, 0 to 1, from which it is that word misspelt."""
_SHORTEST = 5
_NUMBER = re.compile(r"(?<![\w.,])-?\d[\d,]*(?:\.\d+)?(?![\w])")
_YES = re.compile(r"\b(?:yes|true|on|done|given)\b")
_NO = re.compile(r"\b(?:no|not|false|off|no longer|isn't|is not)\b")


@dataclass(frozen=True)
class Named:
    """A label at ``start`` to ``end`` of the masked text; several kinds of rows may have a field of that label."""

    fields: tuple[Definition, ...]
    start: int
    end: int


def named_fields(sentence: Sentence, fields: Sequence[Definition]) -> list[Named]:
    """Every field the sentence names, from left to right; of labels that overlap the longest counts. The person's own words
    are read, because part of a label may have been taken for part of a name ("Halden renewal risk")."""
    if not sentence.masked:
        return []
    first = sentence.origin[0]
    words = _WORD.finditer(sentence.clean[first : sentence.origin[-1]])
    typed = [(word.group().casefold(), word.start() + first, word.end() + first) for word in words]
    calls = [(_keys(text), each) for each in fields for text in {each.label.casefold(), each.name.replace("_", " ")}]
    found: list[tuple[int, int, int, list[Definition]]] = []
    for at in range(len(typed)):
        held = [(len(keys), each) for keys, each in calls if keys and _all_alike(typed[at : at + len(keys)], keys)]
        if held:
            size = max(size for size, _ in held)
            longest = list(dict.fromkeys(each for number, each in held if number == size))
            found.append((size, typed[at][1], typed[at + size - 1][2], longest))
    kept: list[Named] = []
    for _, start, end, there in sorted(found, key=lambda each: (-each[0], each[1])):
        masked = _masked(sentence, start), _masked(sentence, end)
        for mark in sentence.marks:  # a name that took the label's first word ends before the label
            if mark.start < masked[0] < mark.end:
                masked = mark.end, max(mark.end, masked[1])
        if all(masked[1] <= other.start or masked[0] >= other.end for other in kept):
            kept.append(Named(tuple(there), *masked))
    return sorted(kept, key=lambda each: each.start)


def value_said(definition: Definition, sentence: Sentence, named: Named) -> str | None:
    """The value that is said with the label, after it rather than before, in the form that the tools take; None where none
    is. A text is what follows "to", "is" or a colon."""
    after, before = sentence.cut(named.end), sentence.cut(0, named.start)
    for part in (after, before):
        match definition.kind:
            case CustomKind.CHOICE:
                found = _choice(definition, part)
            case CustomKind.DATE:
                found = _day(part)
            case CustomKind.MONEY | CustomKind.NUMBER:
                found = _figure(part)
            case CustomKind.FLAG:
                found = "no" if _NO.search(part.masked) else "yes" if _YES.search(part.masked) else None
            case _:
                found = said_after(part) if part is after else None
        if found is not None:
            return found
    return None


def said_after(part: Sentence) -> str | None:
    """What stands after "to", "is", "as" or a colon, in the person's own words, without "on Halden" at its end."""
    link = re.match(r"^.{0,60}?(?:\b(?:to|is now|is|as|should be|becomes)\b|=|:|->|→)\s*(?:now )?(.+)$", part.masked)
    if link is None:
        return None
    end = link.end(1)
    tail = re.search(r" (?:on|for|of|at|in) (?:the )?(?:ACCOUNT|DEAL|CONTACT|it|that|this)(?:'s)?(?: deal| account)?$", link.group(1))
    if tail is not None:
        end = link.start(1) + tail.start()
    words = part.verbatim(link.start(1), end).strip(" .!,\"'")
    return words or None


def _keys(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _all_alike(typed: Sequence[tuple[str, int, int]], keys: tuple[str, ...]) -> bool:
    return len(typed) == len(keys) and all(_alike(word, key) for (word, _, _), key in zip(typed, keys, strict=True))


def _alike(word: str, key: str) -> bool:
    if word == key or word.removesuffix("s") == key.removesuffix("s"):
        return True
    if min(len(word), len(key)) < _SHORTEST or is_word(word):
        return False
    return OSA.normalized_similarity(word, key) >= _SPELLING


def _masked(sentence: Sentence, at: int) -> int:
    """The place in the masked text of a place in the person's own words."""
    return next((place for place, origin in enumerate(sentence.origin) if origin >= at), len(sentence.masked))


def _choice(definition: Definition, part: Sentence) -> str | None:
    """The longest choice that the words hold, nearest to their beginning; all of them where there is an "or" between."""
    words = [word.group().casefold() for word in _WORD.finditer(part.text)]
    held = []
    for choice in definition.choices:
        keys = _keys(choice.casefold())
        held += [(-len(keys), at, choice) for at in range(len(words)) if keys and tuple(words[at : at + len(keys)]) == keys]
    if held and "or" in words:
        return ", ".join(dict.fromkeys(choice for _, _, choice in sorted(held, key=lambda each: each[1])))
    return min(held)[2] if held else None


def _day(part: Sentence) -> str | None:
    for mark in part.of("DATE"):
        if mark.time is not None and mark.time.last_day is not None:
            day = mark.time.start if mark.time.bound in ("from", "after", "since") and mark.time.start else None
            return (day or mark.time.last_day).isoformat()[:10]
    return None


def _figure(part: Sentence) -> str | None:
    for mark in part.of("MONEY"):
        if mark.money is not None:
            code = mark.money.currency
            units = Decimal(mark.money.amount_minor).scaleb(-decimals(code or "EUR"))
            return f"{units.normalize():f}" + (f" {code}" if code else "")
    found = _NUMBER.search(part.masked)
    return found.group().replace(",", "") if found else None
