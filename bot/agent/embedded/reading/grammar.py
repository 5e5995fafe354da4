"""A small chart parser: rules over words and values, every reading of every stretch of words.

A pattern is items with spaces between: ``word``, ``one|other``, ``<kind>`` for a value, each optional with
``?``. Only the values reach the builder; one that is optional and absent arrives as None.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.agent.embedded.reading.tokens import Token
from bot.agent.embedded.reading.values import (
    Clock,
    ClockRange,
    Context,
    Every,
    Length,
    MonthName,
    Number,
    Ordinal,
    PartOfDay,
    Unit,
    Value,
    WeekdayName,
    When,
)

# A stretch that can be read in more ways than this is no date.
_MAX_NODES = 80
_COARSE = frozenset(("weekend", "week", "fortnight", "month", "season", "quarter", "half", "year", "decade"))


def _whole(value: Value, low: int, high: int) -> bool:
    return isinstance(value, Number) and value.value == int(value.value) and low <= value.value <= high


def _plain(value: Value) -> bool:
    return isinstance(value, When) and value.bound in ("", "end")


KINDS: Mapping[str, Callable[[Value], bool]] = {
    "number": lambda v: isinstance(v, Number),
    "count": lambda v: _whole(v, 1, 999),
    "small": lambda v: _whole(v, 1, 31),
    "two": lambda v: _whole(v, 0, 99),
    "year": lambda v: _whole(v, 1900, 2099),
    "ordinal": lambda v: isinstance(v, Ordinal),
    "month": lambda v: isinstance(v, MonthName),
    "weekday": lambda v: isinstance(v, WeekdayName),
    "unit": lambda v: isinstance(v, Unit),
    "length": lambda v: isinstance(v, Length),
    "clock": lambda v: isinstance(v, Clock) and not v.bare,
    "hour": lambda v: isinstance(v, Clock),
    "instant": lambda v: isinstance(v, When) and isinstance(v.start, datetime) and v.end is None and v.bound == "",
    "clocks": lambda v: isinstance(v, ClockRange),
    "part": lambda v: isinstance(v, PartOfDay),
    "every": lambda v: isinstance(v, Every),
    "when": _plain,
    "bounded": lambda v: isinstance(v, When) and v.bound not in ("", "end"),
    "any": lambda v: isinstance(v, When),
    "day": lambda v: isinstance(v, When) and v.bound in ("", "end") and v.grain == "day",
    "period": lambda v: isinstance(v, When) and v.bound == "" and v.grain in _COARSE,
}


@dataclass(frozen=True)
class _Item:
    words: frozenset[str]
    kind: Callable[[Value], bool] | None
    optional: bool


@dataclass(frozen=True)
class Rule:
    """``build(context, *values)`` gives the value of the whole stretch, or None when it does not hold."""

    pattern: str
    build: Callable[..., Value | None]


@dataclass(frozen=True)
class Node:
    value: Value
    start: int
    end: int
    pattern: str = ""


@dataclass(frozen=True)
class _Compiled:
    items: tuple[_Item, ...]
    rule: Rule


class Grammar:
    """Rules ready to be matched; holds no state between texts."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        by_word: dict[str, list[_Compiled]] = defaultdict(list)
        by_value: dict[Callable[[Value], bool], list[_Compiled]] = defaultdict(list)
        for rule in rules:
            compiled = _Compiled(tuple(_item(text) for text in rule.pattern.split()), rule)
            for item in compiled.items:
                if item.kind is not None:
                    by_value[item.kind].append(compiled)
                for word in item.words:
                    by_word[word].append(compiled)
                if not item.optional:
                    break
        self._by_word: Mapping[str, Sequence[_Compiled]] = dict(by_word)
        self._by_value: Mapping[Callable[[Value], bool], Sequence[_Compiled]] = dict(by_value)

    def parse(self, tokens: Sequence[Token], context: Context) -> list[Node]:
        """Every reading of every stretch of ``tokens``, the words' own values included."""
        chart: dict[int, list[Node]] = {}
        for start in range(len(tokens) - 1, -1, -1):
            here = [Node(value, start, start + length) for value, length in tokens[start].values]
            chart[start] = here
            seen = {(node.value, node.end) for node in here}
            done = -1
            while done != len(here) and len(here) < _MAX_NODES:
                done = len(here)
                for compiled in self._applicable(tokens[start].word, here):
                    for values, end in list(_match(compiled.items, 0, start, tokens, chart)):
                        built = compiled.rule.build(context, *values)
                        if built is not None and (built, end) not in seen:
                            seen.add((built, end))
                            here.append(Node(built, start, end, compiled.rule.pattern))
        return [node for nodes in chart.values() for node in nodes]

    def _applicable(self, word: str, here: Sequence[Node]) -> list[_Compiled]:
        """The rules that can begin with a word, or with one of the values that are there already."""
        rules = list(self._by_word.get(word, ()))
        for kind, beginning in self._by_value.items():
            if any(kind(node.value) for node in here):
                rules.extend(beginning)
        return rules


def _item(text: str) -> _Item:
    optional = text.endswith("?")
    text = text.removesuffix("?")
    if text.startswith("<"):
        return _Item(frozenset(), KINDS[text[1:-1]], optional)
    return _Item(frozenset(text.split("|")), None, optional)


def _match(
    items: Sequence[_Item], at: int, position: int, tokens: Sequence[Token], chart: Mapping[int, Sequence[Node]]
) -> Iterator[tuple[list[Value | None], int]]:
    if at == len(items):
        yield [], position
        return
    item = items[at]
    if item.kind is None:
        if position < len(tokens) and tokens[position].word in item.words:
            yield from _match(items, at + 1, position + 1, tokens, chart)
    else:
        for node in tuple(chart.get(position, ())):
            if item.kind(node.value):
                for values, end in _match(items, at + 1, node.end, tokens, chart):
                    yield [node.value, *values], end
    if item.optional:
        skipped: list[Value | None] = [] if item.kind is None else [None]
        for values, end in _match(items, at + 1, position, tokens, chart):
            yield [*skipped, *values], end


def whole(number: Number) -> int:
    """The integer of a number that is one."""
    return int(number.value if number.value == number.value.to_integral_value() else Decimal(0))
