"""A message cut into words, with the values that single words and written-out numbers have by themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from dateutil.parser import isoparse

from bot.agent.embedded.reading.calendars import month_day, settled
from bot.agent.embedded.reading.numbers import spelled
from bot.agent.embedded.reading.values import (
    Clock,
    Context,
    Interval,
    Length,
    MonthName,
    Number,
    Ordinal,
    Unit,
    Value,
    WeekdayName,
    When,
)
from bot.agent.embedded.reading.vocabulary import GLUED_UNITS, MONTHS, UNITS, WEEKDAYS, corrected

_MERIDIAN = r"\s?(?:[ap]\.?\s?m\b\.?|[ap]\b)"
_ALTERNATIVES = {
    "skip": (
        r"\w+://\S+|<[^>\s]*>|\S+@\S+|[#@]\w[\w-]*|\bwww\.\S+|\bv\.?\d+(?:\.\d+)*\b|\d+(?:\.\d+){3,}|"
        r"\b24/7\b|\b(?:365|7)/24\b"
    ),
    "stamp": r"(?<!\d)\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z\b|[+-]\d\d:?\d\d)?(?!\d)",
    "date": (
        r"(?<![\d.,/])(?<!\D-)(?:\d{4}(?P<s1>[-/.])\d{1,2}(?P=s1)\d{1,2}|"
        r"\d{1,2}(?P<s2>[-/.])\d{1,2}(?P=s2)(?:\d{4}|\d{2}))"
        r"(?!\d|[/.]\d|-\d(?!\d?[-/.]\d{1,2}[-/.]\d))"
    ),
    "phone": (
        r"\+\d[\d() .-]{6,}\d|\(\d{3}\)\s?\d{3}[-. ]\d{4}|"
        r"(?<!\d)\d{3}[-.]\d{3,4}(?:[-.]\d{3,4})+(?!\d)|(?<!\d)\d{3}-\d{4}(?!\d)"
    ),
    "yearmonth": (
        r"(?<![\w.,/-])(?:\d{4}\s?[-/]\s?(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])\s?[-/]\s?\d{4})"
        r"(?![\d%:]|[-/.,]\d|\s?[ap]m)"
    ),
    "mixed": r"(?<![\d.,/])(?:\d{1,3}[ -])?[13]/[24](?=(?: of an?)?[ -](?:hour|hr|day|week|month|year)s?\b)|(?<![\d.,/])\d{0,3}\s?[½¼¾]|"
    r"(?<![\d.,/])\d{1,3},\d{1,2}(?=[ -](?:hour|hr|day|week|month|year)s?\b)",
    "spell": r"(?<![\d.,])\d{1,2}\s?h(?:rs?)?\s?[0-5]?\d\s?m(?:ins?)?\b",
    "compact": r"(?<![\w.,/-])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\w/-]|[.,]\d)",
    "money": (
        r"(?:[$€£¥₹]|\b(?:usd|eur|gbp|chf)\s?)\s?\d[\d.,]*(?:\s?(?:k|m|mm|bn|b|mio|million|thousand|billion)\b)?|"
        r"\d[\d.,]*\s?[kK]?\s?[€£$](?!\d)"
    ),
    "amount": r"(?<![\w.])\d[\d.,]*(?:k|K|M|mm|bn|%|x)(?!\w)|(?<![\w.])\d[\d.,]*\s?%",
    "clock": (
        r"(?<![\d.,:/])(?<!\D-)(?![12](?-i:H)\d\d)(?:[01]?\d|2[0-4])"
        rf"(?:[:.][0-5]\d(?::[0-5]\d)?{_MERIDIAN}|[:h][0-5]\d(?::[0-5]\d)?(?!\d|:\d)h?|{_MERIDIAN})(?!\w)|"
        rf"(?<![\d.,:/-])(?:1[0-2]|[1-9])[0-5]\d{_MERIDIAN}(?!\w)|"
        r"(?<![\d.,:/-])(?:[01]\d|2[0-3])[0-5]\d\s?(?:hours|hrs|hr|h)\b"
    ),
    "slash": r"(?<![\w.,/])\d{1,2}/\d{1,2}(?![\d%]|/\d|\.\d)",
    "ordinal": r"(?<![\w.])0?\d{1,3}(?:st|nd|rd|th)(?![\w])",
    "number": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
    "word": r"[^\W\d_]+(?:['’][^\W\d_]+)*",
    "other": r"\S",
}
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ALTERNATIVES.items()), re.IGNORECASE)
_FRACTION_SIGNS = {
    sign: Decimal(value)
    for signs, value in (
        (("½", "1/2", "2/4"), "0.5"),
        (("¼", "1/4"), "0.25"),
        (("¾", "3/4"), "0.75"),
        (("3/2",), "1.5"),
    )
    for sign in signs
}
_PAIR = re.compile(r"(?<![\d/])(\d{1,2})/([0-3]?\d)(?=/\d{2}|/\d{4}|[^\d/]|$)")
_TIDY = re.compile(r"[.\s]")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_PREVIOUS_WORD = re.compile(rf"\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’](?:s)?$")


@dataclass(frozen=True)
class Token:
    """One word: corrected and in lower case, its place, and the values it may stand for, each with its length."""

    word: str
    start: int
    end: int
    text: str
    glued: bool = False
    values: tuple[tuple[Value, int], ...] = ()


def tokenise(message: str, context: Context) -> list[Token]:
    """The tokens of a message. Figures that are plainly something else (money, phones, versions) carry no value."""
    tokens: list[Token] = []
    context = replace(context, day_first=_day_first(message, context.day_first))
    for match in _TOKEN.finditer(message):
        kind = match.lastgroup if match.lastgroup not in ("s1", "s2") else "date"
        text = match.group()
        glued = bool(tokens) and tokens[-1].end == match.start()
        token = Token("", match.start(), match.end(), text, glued)
        if kind == "word":
            lower = text.lower().replace("’", "'")
            token = replace(token, word=corrected(_POSSESSIVE.sub("", lower)))
        elif kind == "other":
            if text in "-–—" and _is_hyphen(message, match.start(), match.end()):
                continue
            if text == "." and tokens and glued and _is_abbreviation(tokens[-1].word):
                tokens[-1] = replace(tokens[-1], end=match.end(), text=message[tokens[-1].start : match.end()])
                continue
            token = replace(token, word="-" if text in "-–—~" else "half" if text == "½" else text)
        elif kind in ("number", "ordinal"):
            token = replace(token, word=text.lower())
        else:
            token = replace(
                token, word=f"#{kind}", values=tuple((value, 1) for value in _literal(str(kind), text, context))
            )
        tokens.append(token)
    return [replace(token, values=token.values or _own(tokens, at)) for at, token in enumerate(tokens)]


def _day_first(message: str, usual: bool) -> bool:
    """The order of day and month that the message itself shows: a "12/23" in it settles how its "1/2" is meant."""
    pairs = [(int(first), int(second)) for first, second in _PAIR.findall(message)]
    day_first = any(first > 12 >= second > 0 for first, second in pairs)
    month_first = any(second > 12 >= first > 0 for first, second in pairs)
    return usual if day_first == month_first else day_first


def _is_hyphen(message: str, start: int, end: int) -> bool:
    """A hyphen inside a word ("mid-November", "30-minute") joins it; between figures it is a range or a date."""
    before, after = message[start - 1 : start], _NEXT_WORD.match(message, end)
    if after is None:
        return False
    word = corrected(after.group().lower())
    if before.isdigit():
        return word in UNITS or word in ("business", "working")
    return (before.isalpha() and _PREVIOUS_WORD.search(message[max(0, start - 12) : start]) is None) or word in UNITS


def _is_abbreviation(word: str) -> bool:
    return word in MONTHS or word in WEEKDAYS or word in ("hr", "hrs", "min", "mins", "wk", "yr", "yrs")


def _counts(tokens: Sequence[Token], at: int) -> bool:
    """Whether the letter at ``at`` is written on to a small number that stands by itself: "90d", not "86221d"."""
    spaced = tokens[at].word == "h" and not (at + 1 < len(tokens) and tokens[at + 1].text[0].isdigit())
    if not at or not (tokens[at].glued or spaced) or not re.fullmatch(r"\d{1,3}(?:\.\d)?", tokens[at - 1].text):
        return False
    if at + 1 < len(tokens) and tokens[at + 1].glued and tokens[at + 1].text[0].isalnum():
        return False
    return not tokens[at - 1].glued or tokens[at - 2].text[-1] in "(-–/"


def _own(tokens: Sequence[Token], at: int) -> tuple[tuple[Value, int], ...]:
    token = tokens[at]
    word = token.word
    values: list[tuple[Value, int]] = []
    if word in MONTHS:
        values.append((MonthName(MONTHS[word], token.text), 1))
    if word in WEEKDAYS:
        values.append((WeekdayName(WEEKDAYS[word], token.text), 1))
    if word in UNITS:
        values.append((Unit(UNITS[word], word.endswith("s")), 1))
    elif word in GLUED_UNITS and _counts(tokens, at):
        values.append((Unit(GLUED_UNITS[word]), 1))
    words = []
    for other in tokens[at : at + 12]:
        if not other.word or not (other.word[0].isalnum()):
            break
        words.append(other.word)
    if words:
        number = spelled(words)
        if number is not None:
            if number.ordinal:
                values.append((Ordinal(int(number.value), number.in_words), number.length))
            else:
                values.append((Number(number.value, number.in_words), number.length))
    return tuple(values)


def _literal(kind: str, text: str, context: Context) -> list[Value]:
    """What a figure written as a whole stands for; nothing when it is no possible date or time."""
    try:
        if kind == "stamp":
            moment = isoparse(re.sub(r" (?=\d\d:)", "T", text, count=1))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=context.zone)
            return [When(moment.astimezone(context.zone), None, "minute")]
        if kind == "date":
            return _numeric_date(text, context)
        if kind == "yearmonth":
            return _year_month(text)
        if kind == "slash":
            return _short_date(text, context)
        if kind == "compact":
            return [_day(date(int(text[:4]), int(text[4:6]), int(text[6:])))]
        if kind == "mixed":
            return [Number(_mixed(text))]
        if kind == "spell":
            hours, minutes = (int(part) for part in re.findall(r"\d+", text))
            return [Length(seconds=hours * 3600 + minutes * 60)]
        if kind == "clock":
            return [_clock(text)]
    except (ValueError, OverflowError):
        return []
    return []


def _mixed(text: str) -> Decimal:
    """ "1½", "2 1/2", "3/4", "1,5"."""
    if "," in text:
        return Decimal(text.replace(",", "."))
    parts = re.findall(r"\d+/\d+|\d+|[½¼¾]", text)
    return sum((_FRACTION_SIGNS[one] if one in _FRACTION_SIGNS else Decimal(one) for one in parts), Decimal(0))


def _numeric_date(text: str, context: Context) -> list[Value]:
    first, second, third = (int(part) for part in re.split(r"[-/.]", text))
    if first > 31:
        return [_day(date(first, second, third))]
    year = third if third > 99 else 2000 + third if third < 70 else 1900 + third
    options = _orders(first, second, year, context.day_first)
    if "." in text and context.day_first:
        options = options[:1]
    return [_day(options[0], options[1:])] if options else []


def _orders(first: int, second: int, year: int, day_first: bool) -> list[date]:
    """The dates that two figures can be in a year, the likelier order first."""
    options: list[date] = []
    for day, month in ((first, second), (second, first)) if day_first else ((second, first), (first, second)):
        try:
            option = date(year, month, day)
        except ValueError:
            continue
        if option not in options:
            options.append(option)
    return options


def _short_date(text: str, context: Context) -> list[Value]:
    first, second = (int(part) for part in text.split("/"))
    settles = [
        settled(month_day(option.month, option.day), context)
        for option in _orders(first, second, 2024, context.day_first)
    ]
    readings = [one for one in settles if one is not None]
    if not readings:
        return []
    others = [*readings[0].others, *(reading.interval for reading in readings[1:])]
    return [replace(readings[0], others=tuple(others))]


def _year_month(text: str) -> list[Value]:
    first, second = (int(part) for part in re.split(r"\s?[-/]\s?", text))
    year, month = (first, second) if first > 12 else (second, first)
    if not 1900 <= year <= 2099:
        return []
    start = date(year, month, 1)
    return [When(start, date(year + month // 12, month % 12 + 1, 1), "month")]


def _day(day: date, others: Sequence[date] = ()) -> When:
    return When(day, _after(day), "day", others=tuple(Interval(other, _after(other), "day") for other in others))


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _clock(text: str) -> Clock:
    text = re.sub(r"(?<=\d)[hH](?=\d)", ":", text)
    text = re.sub(r"^(\d{1,2})(\d\d)(?=\s?[aphAPH])", r"\1:\2", text)
    text = re.sub(r"(?i)\s?h(?:ou)?r?s?$", "", text)
    tidy = (
        _TIDY.sub("", text.replace(".", ":") if re.search(r"\d\.\d", text) else text)
        .lower()
        .replace(":m", "m")
        .rstrip(":")
    )
    found = re.fullmatch(r"(\d{1,2})(?::(\d\d))?(?::(\d\d))?([ap]?)[:m]*", tidy)
    if found is None:
        raise ValueError(text)
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if hour == 0 and found[4] == "a":
            return Clock(0, minute, second)
        if not 1 <= hour <= 12:
            if hour > 12 and found[4] == "p":
                return Clock(hour % 24, minute, second)
            raise ValueError(text)
        return Clock(hour % 12 + (12 if found[4] == "p" else 0), minute, second)
    time(hour % 24, minute, second)
    return Clock(hour % 24, minute, second, open=1 <= hour <= 12 and not found[1].startswith("0"))
