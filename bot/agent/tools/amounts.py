"""Numbers as people write and say them: 41,000 and 41k, "forty-one thousand", "a hundred and forty". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000, "k": 1_000, "m": 1_000_000}
_SPOKEN = "|".join(sorted((*_WORDS, "hundred"), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?(?P<scale>k|m|thousand|grand|million)\b)?(?![\d%])"
    rf"|\b(?P<said>(?:(?:a )?(?:{_SPOKEN}|thousand|grand|million)(?:[ -]and)?[ -])*(?:{_SPOKEN}|thousand|grand|million))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at ``start`` to ``end`` of a text."""

    value: float
    start: int
    end: int


def amounts_in(text: str) -> Iterator[Amount]:
    """Every number of a text, in order. A word such as "one" that stands alone counts as well."""
    for match in _NUMBER.finditer(text):
        if match["digits"] is not None:
            value = float(match["digits"].replace(",", "")) * _SCALES.get((match["scale"] or "").casefold(), 1)
        else:
            value = _spoken(match["said"])
        yield Amount(value, match.start(), match.end())


def _spoken(text: str) -> float:
    total, group = 0, 0
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word in _WORDS:
            group += _WORDS[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total += max(group, 1) * _SCALES[word]
            group = 0
    return float(total + group)
