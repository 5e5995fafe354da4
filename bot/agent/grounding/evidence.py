"""What a turn's tools returned, taken apart into the things that a sentence can be checked against."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic import BaseModel

from bot.agent.embedded.reading.currencies import exponent
from bot.agent.embedded.reading.money import read_money
from bot.agent.embedded.reading.numbers import read_numbers
from bot.agent.embedded.reading.times import read_times
from bot.agent.turn import Found

WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "})
_FEWEST_TO_ADD = 2


@dataclass(frozen=True)
class Sum:
    """An amount in major units; ``currency`` is None when none was said with it."""

    value: Decimal
    currency: str | None


@dataclass(frozen=True)
class Evidence:
    """Everything that may be repeated. ``asked`` is what the person said, which only a denial or a question may repeat."""

    now: datetime
    text: str
    words: frozenset[str]
    values: frozenset[Decimal]
    sums: frozenset[Sum]
    days: frozenset[date]
    asked: "Evidence | None" = None

    @property
    def today(self) -> date:
        return self.now.date()


def gathered(found: Sequence[Found], said: str, earlier: Iterable[str], now: datetime, *names: str) -> Evidence:
    """The evidence of a turn: its tools' results, and ``earlier`` answers of the conversation, which were checked then.

    ``said`` is the person's message, ``now`` the time in the person's zone, ``names`` those that may always be said.
    """
    texts = [*earlier, *(text for one in found for text in _texts(one)), *names]
    values, sums, days = set[Decimal](), set[Sum](), set[date]()
    for one in found:
        for figure in one.figures:
            value = Decimal(str(figure.value))
            is_money = len(figure.unit) == 3 and figure.unit.isupper()
            values.add(value)
            if is_money:
                sums.add(Sum(value.scaleb(-exponent(figure.unit)), figure.unit))
        for card in (*one.cards, *one.proposals, *one.citations):
            _walk(card.model_dump(mode="json"), values, sums, days)
    return _read(texts, now, values, sums, days, _read([said], now))


def _texts(found: Found) -> Iterator[str]:
    yield found.text
    yield from (figure.label for figure in found.figures)
    yield from (subject.name for subject in found.subjects)
    shown: tuple[BaseModel, ...] = (*found.citations, *found.cards, *found.proposals)
    for one in shown:
        yield from _strings(one.model_dump(mode="json"))
    if found.question is not None:
        yield from _strings(found.question.model_dump(mode="json"))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def _walk(value: object, values: set[Decimal], sums: set[Sum], days: set[date]) -> None:
    """Numbers, amounts, days, lengths of lists, and the totals of lists of amounts, wherever they lie in a card."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        values.add(Decimal(str(value)))
    elif isinstance(value, str):
        days.update(date.fromisoformat(each) for each in _ISO_DAY.findall(value) if _is_day(each))
    elif isinstance(value, Mapping):
        sums.update(_amounts(value))
        for each in value.values():
            _walk(each, values, sums, days)
    elif isinstance(value, list | tuple):
        values.add(Decimal(len(value)))
        amounts = [amount for each in value if isinstance(each, Mapping) for amount in _first_amount(each)]
        for currency in {amount.currency for amount in amounts}:
            of_currency = [amount.value for amount in amounts if amount.currency == currency]
            if len(of_currency) >= _FEWEST_TO_ADD:
                sums.add(Sum(sum(of_currency, Decimal(0)), currency))
        for each in value:
            _walk(each, values, sums, days)


def _amounts(value: Mapping[str, object]) -> Iterator[Sum]:
    currency = value.get("currency")
    for key, each in value.items():
        if key.endswith("_minor") and isinstance(each, int):
            code = currency if isinstance(currency, str) else None
            yield Sum(Decimal(each).scaleb(-exponent(code)), code)


def _first_amount(value: Mapping[str, object]) -> list[Sum]:
    """The amount of a row: its own, or that of the first field that holds one."""
    own = list(_amounts(value))
    nested = [amount for each in value.values() if isinstance(each, Mapping) for amount in _amounts(each)]
    return [*own, *nested][:1]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _read(
    texts: Iterable[str],
    now: datetime,
    values: Iterable[Decimal] = (),
    sums: Iterable[Sum] = (),
    days: Iterable[date] = (),
    asked: Evidence | None = None,
) -> Evidence:
    """Evidence from plain texts, with what was found in cards."""
    texts = list(dict.fromkeys(texts))
    values, sums, days = set(values), set(sums), set(days)
    for text in texts:
        values.update(reading.value for reading in read_numbers(text))
        for money in read_money(text):
            for minor in {money.amount_minor, money.low, money.high} - {None}:
                assert minor is not None
                sums.add(Sum(Decimal(minor).scaleb(-exponent(money.currency)), money.currency))
        for prefer in ("past", "future"):
            for reading in read_times(text, now, prefer=prefer):
                days.update(_days(reading.start, reading.end))
                for other in reading.ambiguous:
                    days.update(_days(other.start, other.end))
    whole = flat(" \n ".join(texts))
    words = frozenset(word.lower() for word in WORD.findall(whole))
    parts = frozenset(part for word in words for part in re.split(r"['&.-]", word) if part)
    return Evidence(now, whole.lower(), words | parts, frozenset(values), frozenset(sums), frozenset(days), asked)


def _days(start: date | datetime | None, end: date | datetime | None) -> Iterator[date]:
    """The day a time begins, and the last one of a stretch."""
    if start is not None:
        yield start.date() if isinstance(start, datetime) else start
    if end is not None:
        yield (end.date() if isinstance(end, datetime) else end) - timedelta(days=1)


def flat(text: str) -> str:
    """The text on one line, with one kind of quote, dash and space."""
    return _SPACES.sub(" ", text.translate(_QUOTES))
