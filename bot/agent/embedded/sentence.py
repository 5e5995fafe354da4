"""One message read once: its names, times and amounts marked, so that grammar sees only what kind of thing stands where.

"log a call with Anna Berg on Tuesday" is masked as "log a call with CONTACT on DATE". Every position of the masked text
leads back to the person's own words.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.agent.embedded import pointing
from bot.agent.embedded.normalise import Normal, mend_unknown, normalised
from bot.agent.embedded.reading.money import MoneyReading, read_money
from bot.agent.embedded.reading.spans import Span
from bot.agent.embedded.reading.times import TimeReading
from bot.agent.embedded.said_times import times_said
from bot.agent.embedded.verbs import infinitive
from bot.agent.embedded.vocabulary import is_word
from bot.agent.memory import Memory
from bot.settings import Settings
from crm_store.names import Match, Mention, Name, Names
from crm_store.names.words import is_common

MarkKind = Literal[
    "ACCOUNT", "CONTACT", "DEAL", "PERSON", "PRODUCT", "RIVAL", "DATE", "LENGTH", "EVERY", "MONEY", "ADDRESS", "STRANGER"
]
_MASKS: dict[str, MarkKind] = {
    "account": "ACCOUNT", "contact": "CONTACT", "deal": "DEAL", "person": "PERSON", "product": "PRODUCT", "competitor": "RIVAL",
}  # fmt: skip
_PLACEHOLDERS = {
    "ACCOUNT": "Acme",
    "CONTACT": "Alex",
    "DEAL": "Acme renewal",
    "PERSON": "Sam",
    "PRODUCT": "Widget",
    "RIVAL": "Rivalco",
    "ADDRESS": "alex@acme.com",
}
_ADDRESS = re.compile(r"(?<![\w.+\-])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+|(?<![\w])\+?\d[\d\s()/.\-]{6,}\d(?!\w)")
_NOT_TIMES = re.compile(
    r"^(?:now|right now|currently|the (?:second|first|third|last)|second|first|third|once|daily|weekly|monthly|yearly|annual|annually|quarterly)$",
    re.IGNORECASE,
)
_BARE_AMOUNT = re.compile(
    r"\b(?:set|change|update|make|increas\w+|rais\w+|bump|lower|reduc\w+|decreas\w+|cut|amount|deals?|worth|value|drop|put)\b[^!?\n]{0,60}?"
    r"(?:[=:]|\b(?:to|by|at|worth|is|now|over|under|above|below|than|least|most|of|amount|value)\b)\s*(\d{1,3}(?:[, ]\d{3})+|(?!(?:19|20)\d\d\b)\d{4,9})(?![\d%:/@.,-]\d|\d|%)"
    r"(?!\s*(?:days?|weeks?|months?|years?|hours?|people|seats?|users?|licen\w+|units?|tablets|employees))",
    re.IGNORECASE,
)
"""A number without a currency that a deal's amount is set to or measured by ("to 50,000")."""


@dataclass(frozen=True)
class Mark:
    """A thing found at ``start`` to ``end`` of the masked text. ``value`` fits ``kind``; an address is its text."""

    kind: MarkKind
    start: int
    end: int
    text: str
    mention: Mention | None = None
    time: TimeReading | None = None
    money: MoneyReading | None = None


@dataclass(frozen=True)
class Sentence:
    """A stretch of a message. ``masked`` is lower case but for the masks; ``origin`` leads to ``normal.clean``."""

    masked: str
    origin: tuple[int, ...]
    clean: str
    marks: tuple[Mark, ...]
    plain: str
    """The words with stand-ins for names, as the classifier reads them."""

    def verbatim(self, start: int, end: int | None = None) -> str:
        """The person's own words for ``masked[start:end]``."""
        end = len(self.masked) if end is None else end
        if start >= end:
            return ""
        turns = [at for at in range(start + 1, end) if self.origin[at] < self.origin[at - 1] or self._left_out(at)]  # where pieces were put in another order
        if not turns and self.origin[end] >= self.origin[start]:
            return self.clean[self.origin[start] : self.origin[end]].strip()
        runs = [(begin, stop) for begin, stop in zip([start, *turns], [*turns, end], strict=True) if self.origin[stop - 1] > self.origin[begin] or stop - begin == 1]
        return " ".join(words for begin, stop in runs if (words := self.clean[self.origin[begin] : self.origin[stop - 1] + 1].strip()))

    def _left_out(self, at: int) -> bool:
        """Whether words of the message that stood before this place belong to another piece."""
        return self.masked[at - 1] == " " and self.origin[at] > self.origin[at - 1] + 1 and re.search(r"\w", self.clean[self.origin[at - 1] : self.origin[at]]) is not None

    def of(self, *kinds: MarkKind) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind in kinds]

    def cut(self, start: int, end: int | None = None) -> "Sentence":
        """The part from ``start`` to ``end`` of the masked text, spaces and joining commas trimmed."""
        end = len(self.masked) if end is None else end
        while start < end and self.masked[start] in " ,;.-\n":
            start += 1
        while end > start and self.masked[end - 1] in " ,;-\n":
            end -= 1
        marks = tuple(
            replace(mark, start=mark.start - start, end=mark.end - start)
            for mark in self.marks
            if start <= mark.start and mark.end <= end
        )
        piece = self.masked[start:end]
        return Sentence(piece, self.origin[start : end + 1], self.clean, marks, plain_words(piece, marks))

    def followed_by(self, other: "Sentence") -> "Sentence":
        """Two stretches of one message as one, for reading: what stood between them is left out."""
        if not self.masked or not other.masked:
            return self if self.masked else other
        shift = len(self.masked) + 1
        marks = (*self.marks, *(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in other.marks))
        piece = f"{self.masked} {other.masked}"
        return Sentence(piece, (*self.origin, *other.origin), self.clean, marks, plain_words(piece, marks))

    def preceded_by(self, words: str) -> "Sentence":
        """The stretch with words put before it that stood elsewhere."""
        shift = len(words) + 1
        marks = tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in self.marks)
        piece = f"{words} {self.masked}"
        return Sentence(piece, (*([self.origin[0]] * shift), *self.origin), self.clean, marks, plain_words(piece, marks))

    def with_words(self, words: str) -> "Sentence":
        """The stretch with words put behind it that were only implied."""
        piece = f"{self.masked} {words}"
        origin = (*self.origin, *([self.origin[-1]] * (len(words) + 1)))
        return Sentence(piece, origin, self.clean, self.marks, plain_words(piece, self.marks))

    @property
    def text(self) -> str:
        return self.verbatim(0)


def read_sentence(message: str, names: Names, now: datetime, settings: Settings, memory: Memory | None = None, meant: Name | None = None) -> Sentence:
    """The whole message as one sentence. ``now`` is aware, in the zone of the person who wrote; ``memory`` knows the list that
    "the second one" points into, ``meant`` is what a name of the message stands for although others are called so, too."""
    normal = normalised(message, names.knows)
    text = normal.text
    found: list[tuple[int, int, Mark]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= other or start >= stop for other, stop, _ in found)

    hidden = pointing.hidden(text, memory) if memory is not None else None
    mentions = [mention for mention in names.mentions(text, is_word) if not _ends_another_name(mention, text)]
    namesakes = [span for mention in mentions if (span := _namesake(mention, text, names)) is not None]
    mentions = [mention for mention in mentions if not any(start <= mention.start < end for start, end in namesakes)]
    known = re.search(re.escape(meant.text), text, re.IGNORECASE) if meant is not None else None
    if meant is not None and known is not None:
        mentions = [Mention(*known.span(), known.group(), (Match(meant, 1.0, "id"),)), *(one for one in mentions if one.end <= known.start() or one.start >= known.end())]
    spans = [(mention.start, mention.end) for mention in mentions if _is_person(mention, text)] + ([known.span()] if known is not None else []) + ([hidden] if hidden is not None else [])
    times = times_said(text, spans, now, settings)
    found += [(start, end, Mark("CONTACT", 0, 0, text[start:end].removesuffix("'s"))) for start, end in namesakes]
    direct = [mention for mention in mentions if mention.matches[0].how in ("email", "domain")]
    for mention in direct:
        if mention.kind in _MASKS:
            found.append((mention.start, mention.end, Mark(_MASKS[mention.kind], 0, 0, mention.text, mention=mention)))
    for match in _ADDRESS.finditer(text):
        in_time = any(time.span.start <= match.start() < time.span.end for time in times)
        if free(match.start(), match.end()) and ("@" in match.group() or not in_time):
            found.append((match.start(), match.end(), Mark("ADDRESS", 0, 0, match.group().strip())))
    for mention in mentions:
        if mention.kind in _MASKS and free(mention.start, mention.end) and not _is_time(mention, times):
            found.append((mention.start, mention.end, Mark(_MASKS[mention.kind], 0, 0, mention.text, mention=mention)))
    for money in read_money(text):
        if free(money.span.start, money.span.end):
            found.append((money.span.start, money.span.end, Mark("MONEY", 0, 0, money.span.text, money=money)))
    for bare in _BARE_AMOUNT.finditer(text):
        if free(*bare.span(1)) and not any(time.span.start < bare.end(1) and bare.start(1) < time.span.end for time in times):
            figure = MoneyReading(int(re.sub(r"\D", "", bare.group(1))) * 100, None, Span.of(text, *bare.span(1)))
            found.append((*bare.span(1), Mark("MONEY", 0, 0, bare.group(1), money=figure)))
    for time in times:
        start, end = time.span.start, time.span.end
        while end > start and text[end - 1] in " ,.;":
            end -= 1
        if free(start, end) and not _NOT_TIMES.match(text[start:end]):
            kind: MarkKind = "LENGTH" if time.kind == "duration" else "EVERY" if time.kind == "recurrence" else "DATE"
            found.append((start, end, Mark(kind, 0, 0, text[start:end], time=time)))
    found.sort(key=lambda item: item[0])
    return _mask(normal, found)


def _ends_another_name(mention: Mention, text: str) -> bool:
    """Whether one word of an account's name closes a longer name that nothing has ("Brightfield Dairy")."""
    if mention.kind not in ("account", "deal") or " " in mention.text or not mention.text[:1].isupper():
        return False
    if any(match.name.text.lower().startswith(mention.text.lower()) for match in mention.matches):
        return False
    before = re.search(r"(?<=\s)([A-Z][\w'&-]+)\s$", text[: mention.start])
    return before is not None and not is_common(before.group(1).lower())


_DAY_OR_MONTH = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")


_SPOKEN_TO = re.compile(r"\b(?:with|w/?|to|from|for|call|called|met|meet|email|emailed|ring|rang|contact|ask|asked|tell|told|and|ping|chase)\s+$", re.IGNORECASE)
_NAME_ENDS = re.compile(r"'s\b|\s*(?:$|[,:;.!?(–-])|\s+(?:about|from|at|of|on|re|and|to|for|today|tomorrow|yesterday|this|next|last|who|she|he|that|because|before|after|by)\b", re.IGNORECASE)


def _namesake(mention: Mention, text: str, names: Names) -> tuple[int, int] | None:
    """Where somebody stands whom nothing knows though one word of the name is known: "Priya Sharma" is not the Priya of the record.
    In small letters it takes a place where a name is said, and a word that is not a common one."""
    if mention.kind not in ("contact", "person") or " " in mention.text or text.isupper():
        return None

    def strange(word: str) -> bool:
        key = word.lower().removesuffix("'s")
        return not (is_common(key) or names.knows(key) or mend_unknown(key) or _DAY_OR_MONTH.match(key) or infinitive(key))

    first = any(match.name.text.lower().startswith(mention.text.lower()) for match in mention.matches)
    if not mention.text[:1].isupper():
        small = re.match(r" ([a-z]{4,})", text[mention.end :])
        said_so = small is not None and _SPOKEN_TO.search(text[: mention.start]) is not None and _NAME_ENDS.match(text, mention.end + small.end()) is not None
        return (mention.start, mention.end + small.end()) if small is not None and said_so and first and strange(small.group(1)) else None
    after = re.match(r" ([A-Z][a-z][\w'-]+)", text[mention.end :])
    if first and after is not None and strange(after.group(1)):
        return mention.start, mention.end + after.end()
    before = re.search(r"(?:^|(?<=\s))([A-Z][a-z][\w'-]+) $", text[: mention.start])
    return None if first or before is None or not strange(before.group(1)) else (before.start(1), mention.end)


def _is_person(mention: Mention, text: str) -> bool:
    """Whether "Jun" or "April" is somebody where it stands: in capitals, called or written to, with no day beside it."""
    if mention.kind not in ("contact", "person") or not mention.text[:1].isupper():
        return False
    before = re.search(
        r"\b(?:with|to|from|call|called|email|emailed|tell|ask|told|asked|met|meet|ping|zoom|lunch|coffee|demo|meeting|and|chase|for|mr|ms|mrs|dr|contact|called|rang|phoned|mailed|messaged|texted|pinged|saw|visited|sent|shot|dropped|gave|told|owe|promised|invite|remind|thank|left|tried)\s+$",
        text[: mention.start],
        re.IGNORECASE,
    )
    after = re.match(r"\s*(?:\d|of\b|the \d)", text[mention.end :])
    return " " in mention.text or (before is not None and after is None) or _DOES_OR_HAS.match(text[mention.end :]) is not None


_DOES_OR_HAS = re.compile(r"(?:'s)? (?:record|file|number|phone|mobile|email|mail|title|boss|team|assistant|question|questions|office|note|reply|answer|request)\b| (?:just )?(?:wants|needs|says|said|asks|asked|told|called|rang|wrote|emailed|replied|texted|confirmed|likes|loves|prefers|thinks|promised|agreed)\b")
""" "Jun wants", "Jun's boss": somebody, and no month."""


def _is_time(mention: Mention, times: list[TimeReading]) -> bool:
    """Whether what looks like a name is a time ("april", "in May"), and no longer name stands there."""
    return any(time.span.start <= mention.start and mention.end <= time.span.end for time in times)


def _mask(normal: Normal, found: list[tuple[int, int, Mark]]) -> Sentence:
    pieces: list[str] = []
    origin: list[int] = []
    marks: list[Mark] = []
    at, length = 0, 0
    for start, end, mark in found:
        pieces.append(_lower(normal.text[at:start]))
        origin.extend(normal.origin[at:start])
        length += start - at
        pieces.append(mark.kind)
        origin.extend([normal.origin[start]] + [normal.origin[end] - 1] * (len(mark.kind) - 1))
        marks.append(replace(mark, start=length, end=length + len(mark.kind)))
        length += len(mark.kind)
        at = end
    pieces.append(_lower(normal.text[at:]))
    origin.extend(normal.origin[at:])
    masked = "".join(pieces)
    return Sentence(masked, tuple(origin), normal.clean, tuple(marks), plain_words(masked, tuple(marks)))


def _lower(text: str) -> str:
    """Lower case, letter by letter, so that every letter keeps its place."""
    lower = text.lower()
    return (
        lower
        if len(lower) == len(text)
        else "".join(one if len(one) == 1 else letter for letter in text for one in (letter.lower(),))
    )


def plain_words(masked: str, marks: tuple[Mark, ...]) -> str:
    """A masked text with stand-ins for its names, as the classifier reads it."""
    pieces, at = [], 0
    for mark in marks:
        pieces.append(masked[at : mark.start])
        pieces.append(_PLACEHOLDERS.get(mark.kind, mark.text.lower()))
        at = mark.end
    pieces.append(masked[at:])
    return re.sub(r"\s+", " ", "".join(pieces)).strip()
