"""What a sentence states that can be looked up: amounts, counts, shares, days, names, addresses and quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.agent.embedded.reading.currencies import exponent
from bot.agent.embedded.reading.money import read_money
from bot.agent.embedded.reading.numbers import read_numbers
from bot.agent.embedded.reading.spans import Span, without
from bot.agent.embedded.reading.times import TimeReading, read_times
from bot.agent.grounding.evidence import Evidence, Sum, flat
from bot.agent.grounding.names import names_in
from bot.marks import MARK

_QUOTED = re.compile(r'"([^"]{12,})"')
_FEWEST_QUOTED_WORDS = 3
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+")
_PHONE = re.compile(r"\+?\d[\d() -]{6,}\d")
_NUMBERING = re.compile(r"^\s*(?:[-*•]\s+)?\d{1,2}[.)]\s+")
_MARKUP = re.compile(r"[*_`~>#|]+")
_DENIED = re.compile(
    r"(?i)\b(?:no|not|none|nothing|nobody|never|neither|cannot|can't|couldn't|didn't|doesn't|don't|isn't|aren't|wasn't|hasn't|haven't|without)\b|\?\s*$"
)
_DEICTIC = re.compile(
    r"(?i)\b(?:today|tomorrow|yesterday|tonight|now|this|next|last|past|coming|current|previous|so far|to date|ytd|ago|weekend)\b"
)
# Counts in words that are rarely counts: "one of them", "a second look", "half of it".
_LOOSE_WORDS = frozenset(("one", "a", "an", "half", "zero", "couple"))
_ROUNDED = re.compile(
    r"(?i)(?:about|around|roughly|nearly|almost|over|some|approx\w*|circa|~|≈|more than|less than|under|just)\s*$"
)
_MONTH_DAYS = Decimal("30.44")


@dataclass(frozen=True)
class _Figure:
    value: Decimal
    step: Decimal
    """The size of its last stated digit."""
    currency: str | None
    money: bool
    span: Span
    rounded: bool


def unsupported(sentence: str, evidence: Evidence) -> list[str]:
    """The figures, days, names and quotes of a sentence that the evidence does not hold, as they are written.

    A figure may be rounded to the digits that it shows, and may be the sum, the difference or the percentage between
    figures of the same sentence that are supported. What only the person said may be repeated in a denial or a question.
    """
    plain = flat(_MARKUP.sub(" ", MARK.sub(" ", _NUMBERING.sub("", sentence))))
    found = [one.strip(" .,;:!?") for one in _missing(plain, evidence)]
    if found and evidence.asked is not None and _DENIED.search(plain):
        said = {one.strip(" .,;:!?") for one in _missing(plain, evidence.asked)}
        return [one for one in found if one in said]
    return found


def _missing(text: str, evidence: Evidence) -> Iterator[str]:
    blanked: list[Span] = []
    for quote in _QUOTED.finditer(text):
        words = quote[1].strip(" .,!?…").lower()
        if len(words.split()) >= _FEWEST_QUOTED_WORDS:
            blanked.append(Span.of(text, *quote.span()))
            if not all(part.strip(" .,") in evidence.text for part in re.split(r"\.\.\.|…", words)):
                yield quote[0]
    for pattern in (_ADDRESS, _PHONE):
        for match in pattern.finditer(without(text, blanked)):
            digits = re.sub(r"\D", "", match[0])
            is_phone = pattern is _PHONE
            if is_phone and (len(digits) < 7 or read_times(match[0], evidence.now)):
                continue
            blanked.append(Span.of(text, *match.span()))
            held = (
                digits in re.sub(r"\D", "", evidence.text)
                if is_phone
                else match[0].rstrip(".,)").lower() in evidence.text
            )
            if not held:
                yield match[0]
    rest = without(text, blanked)
    times = read_times(rest, evidence.now, prefer="past")
    for reading in times:
        if not _dated(reading, evidence):
            yield reading.span.text
    rest = without(rest, [reading.span for reading in times])
    figures = list(_figures(rest))
    supported = [figure for figure in figures if _held(figure, evidence)]
    for figure in figures:
        if figure not in supported and not _derived(figure, supported):
            yield figure.span.text
    yield from (
        name for name in names_in(without(rest, [figure.span for figure in figures])) if not _named(name, evidence)
    )


def _dated(reading: TimeReading, evidence: Evidence) -> bool:
    """Whether a time is one that the evidence names, or one that is said from today on ("next week") and names nothing."""
    if reading.kind in ("recurrence", "time"):
        return True
    if reading.length is not None:
        return _lasting(reading, evidence)
    starts = [reading.start, *(other.start for other in reading.ambiguous)]
    ends = [reading.end, *(other.end for other in reading.ambiguous)]
    if reading.kind in ("date", "datetime"):
        days = [moment.date() if isinstance(moment, datetime) else moment for moment in starts if moment is not None]
        if any(day in evidence.days for day in days) or reading.span.text.lower() in evidence.text:
            return True
        if any(character.isdigit() for character in reading.span.text):
            return False
        return bool(_DEICTIC.search(reading.span.text)) or any(_same_weekday(day, evidence) for day in days)
    if _DEICTIC.search(reading.span.text) or reading.span.text.lower() in evidence.text:
        return True
    return any(_within(start, end, evidence) for start, end in zip(starts, ends, strict=True))


def _within(start: date | datetime | None, end: date | datetime | None, evidence: Evidence) -> bool:
    low = start.date() if isinstance(start, datetime) else start
    high = end.date() if isinstance(end, datetime) else end
    return any((low is None or low <= day) and (high is None or day < high) for day in evidence.days)


def _same_weekday(day: date, evidence: Evidence) -> bool:
    """ "On Thursday" is any Thursday of the evidence that lies within two weeks."""
    near = timedelta(days=14)
    return any(one.weekday() == day.weekday() and abs(one - evidence.today) <= near for one in evidence.days)


def _lasting(reading: TimeReading, evidence: Evidence) -> bool:
    """A length of time: its number is in the evidence, or that long lies between today and a day of the evidence."""
    counts = {figure.value for figure in read_numbers(reading.span.text)}
    if not counts or counts <= evidence.values or reading.span.text.lower() in evidence.text:
        return True
    assert reading.length is not None
    length = Decimal(reading.length.total_seconds) / 86_400
    slack = Decimal(1) if length < 14 else Decimal(4) if reading.length.days else _MONTH_DAYS / 2
    return any(abs(abs((day - evidence.today).days) - length) <= slack for day in evidence.days)


def _figures(text: str) -> Iterator[_Figure]:
    spans: list[Span] = []
    for money in read_money(text):
        spans.append(money.span)
        rounded = money.approximate or bool(_ROUNDED.search(text[: money.span.start]))
        for minor in dict.fromkeys((money.low, money.high) if money.low is not None else (money.amount_minor,)):
            assert minor is not None
            value = Decimal(minor).scaleb(-exponent(money.currency))
            yield _Figure(value, _step(money.span.text, value), money.currency, True, money.span, rounded)
    for number in read_numbers(without(text, spans)):
        words = number.span.text.lower()
        if number.kind == "ordinal" or words in _LOOSE_WORDS or words.split()[0] in _LOOSE_WORDS:
            continue
        rounded = bool(_ROUNDED.search(text[: number.span.start]))
        yield _Figure(number.value, _step(words, number.value), None, False, number.span, rounded)


def _step(written: str, value: Decimal) -> Decimal:
    """The size of the last digit that is written: 0.1 million in "1.2m", 1 in "412"; never more than the figure shows."""
    digits = re.search(r"\d[\d,.' ]*", written)
    if digits is None:
        return Decimal(1)
    figure = digits[0].rstrip(" .,'").replace("'", "").replace(" ", "")
    decimals = len(figure) - figure.rfind(".") - 1 if re.search(r"\.\d{1,2}$", figure) else 0
    stated = Decimal(figure.replace(",", "")) if re.fullmatch(r"[\d,]+(?:\.\d+)?", figure) else value
    scale = value / stated if stated else Decimal(1)
    return Decimal(1).scaleb(-decimals) * (scale if scale > 0 else Decimal(1))


def _held(figure: _Figure, evidence: Evidence) -> bool:
    if figure.money:
        known = {one for one in evidence.sums if figure.currency is None or one.currency in (figure.currency, None)}
        if any(_matches(figure, one.value) for one in known):
            return True
        return figure.currency is None and any(_matches(figure, value) for value in evidence.values)
    return any(_matches(figure, value) for value in evidence.values) or any(
        _matches(figure, one.value) for one in evidence.sums if one.value >= 1000
    )


def _matches(figure: _Figure, value: Decimal) -> bool:
    """Whether a value is the figure, or rounds to it at the digits that it shows. "About 400" may stand for 412."""
    slack = figure.step / 2 if figure.step != 1 or value != value.to_integral_value() else Decimal(0)
    if figure.rounded:
        slack = max(slack, abs(figure.value) / 20)
    return abs(value - figure.value) <= slack


def _derived(figure: _Figure, known: list[_Figure]) -> bool:
    """Whether it follows by adding, taking away or comparing figures of the same sentence."""
    values = [one.value for one in known]
    if len(values) > 1 and _matches(figure, sum(values, Decimal(0))):
        return True
    for at, first in enumerate(values):
        for second in values[at + 1 :]:
            results = [first + second, abs(first - second)]
            results += [abs(first - second) * 100 / base for base in (first, second) if base]
            results += [part * 100 / whole for part, whole in ((first, second), (second, first)) if whole]
            if any(_matches(figure, round(result, 1)) or _matches(figure, round(result, 0)) for result in results):
                return True
    return False


def _named(name: str, evidence: Evidence) -> bool:
    """Whether every word of a name is among the evidence's words."""
    words = [part for part in re.split(r"[\s'&.-]+", name.lower()) if part and part != "s"]
    return all(word in evidence.words or word.removesuffix("s") in evidence.words for word in words)


__all__ = ["Sum", "unsupported"]
