"""Numbers in words and in figures: counts, percents and ordinals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.agent.embedded.reading.spans import Span
from bot.agent.embedded.reading.vocabulary import ORDINALS, SCALES, SMALL, TENS

_FIGURE = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = re.compile(rf"(?<![\w.])(?:{_FIGURE})(?:st|nd|rd|th)?(?![\w])|[^\W\d_]+|%", re.IGNORECASE)
_ORDINAL_FIGURE = re.compile(r"(\d+)(?:st|nd|rd|th)$", re.IGNORECASE)
_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_SUFFIXED = re.compile(rf"(?<![\w.,])({_FIGURE})\s?(k|m|mm|bn|b)(?!\w)", re.IGNORECASE)
SUFFIXES = {"k": 10**3, "m": 10**6, "mm": 10**6, "mio": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9}


@dataclass(frozen=True)
class NumberReading:
    """A number: ``value`` is exact (42 for "forty-two", 42 for "42 %" too, with kind ``percent``)."""

    value: Decimal
    kind: Literal["count", "percent", "ordinal"]
    span: Span


@dataclass(frozen=True)
class Spelled:
    """The value of the words ``[0, length)`` of a sequence."""

    value: Decimal
    length: int
    ordinal: bool = False
    in_words: bool = True


def plain(word: str) -> Decimal | None:
    """The value of a number in figures ("12,500.5"), or None."""
    if re.fullmatch(_FIGURE, word):
        return Decimal(word.replace(",", ""))
    return None


def spelled(words: Sequence[str]) -> Spelled | None:
    """The longest number that the lower-case ``words`` begin with: "two and a half thousand", "a dozen", "21st"."""
    if not words:
        return None
    figure = _ORDINAL_FIGURE.match(words[0])
    if figure:
        return Spelled(Decimal(figure.group(1)), 1, ordinal=True, in_words=False)
    quick = _quick(words)
    if quick is not None:
        return quick
    total, part, at, last_scale = Decimal(0), None, 0, None
    in_words = True
    while at < len(words):
        word = words[at]
        figure_value = plain(word)
        if figure_value is not None:
            if part is not None or at:
                break
            part, in_words, at = figure_value, False, at + 1
        elif word in SMALL and (
            part is None
            or (part % 100 >= 20 and part % 10 == 0 and 0 < SMALL[word] < 10)
            or (part >= 100 and part % 100 == 0)
        ):
            if not in_words:
                break
            part, at = (part or Decimal(0)) + SMALL[word], at + 1
        elif word in TENS and (part is None or (part >= 100 and part % 100 == 0)):
            if not in_words:
                break
            part, at = (part or Decimal(0)) + TENS[word], at + 1
        elif word in SCALES and (part is not None):
            scale = SCALES[word]
            if scale == 100:
                part *= 100
            else:
                if last_scale is not None and scale >= last_scale:
                    break
                total, part, last_scale = total + part * scale, None, scale
            at += 1
        elif word in ("dozen", "dozens") and part is not None:
            part, at = part * 12, at + 1
        elif word in ORDINALS and (part is None or part % 100 >= 20 or part % 100 == 0) and in_words:
            unit = ORDINALS[word]
            if part is not None and part % 100 >= 20 and unit >= 10:
                break
            return Spelled(total + (part or Decimal(0)) + unit, at + 1, ordinal=True)
        elif word == "and" and at:
            fraction = _and_fraction(words, at)
            if fraction is not None and part is not None:
                part, at = part + fraction[0], fraction[1]
                continue
            rest = words[at + 1] if at + 1 < len(words) else ""
            after_hundreds = (part is not None and part >= 100 and part % 100 == 0) or (
                part is None and last_scale is not None
            )
            if after_hundreds and in_words and (rest in SMALL or rest in TENS or rest in ORDINALS):
                at += 1
                continue
            break
        else:
            break
    if at == 0:
        return None
    while words[at - 1] == "and":
        at -= 1
    return Spelled(total + (part or Decimal(0)), at, in_words=in_words)


def _quick(words: Sequence[str]) -> Spelled | None:
    """The idioms: a couple, half a million, a quarter million, a dozen, a hundred."""
    at = 0
    if words[0] in ("a", "an", "one") and len(words) > 1:
        at = 1
    head = words[at]
    if head == "couple":
        after = at + 2 if list(words[at + 1 : at + 2]) == ["of"] else at + 1
        if after < len(words) and words[after] in SCALES:
            return Spelled(Decimal(2 * SCALES[words[after]]), after + 1)
        return Spelled(Decimal(2), after)
    if head in ("dozen",) and (at or words[0] == "dozen"):
        return Spelled(Decimal(12), at + 1)
    if head in _FRACTIONS:
        nxt = at + 1
        if nxt < len(words) and words[nxt] == "of":
            nxt += 1
        if nxt < len(words) and words[nxt] in ("a", "an"):
            nxt += 1
        if nxt < len(words) and words[nxt] in SCALES and SCALES[words[nxt]] >= 1000:
            return Spelled(_FRACTIONS[head] * SCALES[words[nxt]], nxt + 1)
        if nxt < len(words) and words[nxt] == "dozen":
            return Spelled(_FRACTIONS[head] * 12, nxt + 1)
        return None
    if at and words[0] != "one" and head in SCALES:
        return spelled(["one", *words[1:]])
    return None


def _and_fraction(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """ "and a half" at ``at``: the fraction and the position after it."""
    nxt = at + 1
    if nxt < len(words) and words[nxt] in ("a", "an", "one"):
        nxt += 1
    if nxt < len(words) and words[nxt] in _FRACTIONS and words[nxt] == "half":
        return _FRACTIONS["half"], nxt + 1
    if nxt < len(words) and nxt == at + 2 and words[nxt] == "quarter":
        return _FRACTIONS["quarter"], nxt + 1
    return None


def read_numbers(text: str) -> list[NumberReading]:
    """Every number of ``text``, in order, longest reading first; never raises."""
    found: list[NumberReading] = []
    for match in _SUFFIXED.finditer(text):
        value = Decimal(match.group(1).replace(",", "")) * SUFFIXES[match.group(2).lower()]
        found.append(NumberReading(value, "count", Span.of(text, *match.span())))
    taken = [reading.span for reading in found]
    matches = [m for m in _WORDS.finditer(text) if not any(s.start < m.end() and m.start() < s.end for s in taken)]
    words = [m.group().lower() for m in matches]
    at = 0
    while at < len(words):
        run = _run(text, matches, at)
        reading = spelled(words[at:run])
        if reading is None:
            at += 1
            continue
        after = at + reading.length
        kind: Literal["count", "percent", "ordinal"] = "ordinal" if reading.ordinal else "count"
        end = matches[after - 1].end()
        if kind == "count" and after < len(words) and text[end : matches[after].start()].strip() == "":
            if words[after] in ("%", "percent", "pct", "percentage"):
                kind, end, after = "percent", matches[after].end(), after + 1
            elif words[after] == "per" and words[after + 1 : after + 2] == ["cent"]:
                kind, end, after = "percent", matches[after + 1].end(), after + 2
        found.append(NumberReading(reading.value, kind, Span.of(text, matches[at].start(), end)))
        at = after
    return sorted(found, key=lambda reading: reading.span.start)


def _run(text: str, matches: Sequence[re.Match[str]], at: int) -> int:
    """The end of the words that follow ``at`` with nothing but space or a hyphen between them (at most 14)."""
    end = at + 1
    while end < len(matches) and end - at < 14:
        gap = text[matches[end - 1].end() : matches[end].start()]
        if gap.strip(" \t-"):
            break
        end += 1
    return end
