"""Invented companies, people, products and numbers for the test sets."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_FRONT, _TRADE, _FIRST, _LAST, _SERIES, _DEVICE = (
    line.split() for line in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines()[1:]
)


@dataclass(frozen=True)
class Account:
    name: str
    people: tuple[str, ...]


def accounts(draw: random.Random, count: int) -> list[Account]:
    """Companies with three people each. Fronts and surnames recur, as in life, so that neither alone tells them apart."""
    both = [f"{front} {trade}" for front in _FRONT for trade in _TRADE]
    return [
        Account(name, tuple(f"{draw.choice(_FIRST)} {draw.choice(_LAST)}" for _ in range(3))) for name in draw.sample(both, count)
    ]  # fmt: skip


def products(draw: random.Random, count: int) -> list[str]:
    return draw.sample([f"{series} {device}" for series in _SERIES for device in _DEVICE], count)


def colleagues(draw: random.Random, count: int) -> list[str]:
    return [f"{draw.choice(_FIRST)} {draw.choice(_LAST)}" for _ in range(count)]


def codes(draw: random.Random, prefix: str, count: int, digits: int = 5) -> list[str]:
    """Numbers such as SO-48213, every third of them another one with two digits swapped."""
    found: list[str] = []
    while len(found) < count:
        number = str(draw.randrange(10 ** (digits - 1), 10**digits))
        found.append(f"{prefix}-{number}")
        if len(found) % 3 == 1 and number[1] != number[2]:
            found.append(f"{prefix}-{number[0]}{number[2]}{number[1]}{number[3:]}")
    return list(dict.fromkeys(found))[:count]


def pick(draw: random.Random, wordings: Sequence[str], **slots: str) -> str:
    return draw.choice(wordings).format(**slots)
