"""Whether the number that is asked about lies in the range that a row of a table is for. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?: ?(k)\b)?"
_UNIT = r"(?: ?(%|percent\b|per cent\b|[a-z]{3,}))?"
_ASKED = re.compile(rf"(?<![\d.,\w]){_NUMBER}{_UNIT}", re.IGNORECASE)
_SPAN = re.compile(rf"(?:\bfrom |\bbetween )?{_NUMBER}{_UNIT}\s*(?:-|–|to|and|until)\s*{_NUMBER}{_UNIT}", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?P<most>up to|at most|no more than|not more than|until|maximum(?: of)?|max\.?)\s+(?:[A-Z]{3} )?"
    rf"{_NUMBER}|\b(?P<below>below|under|less than|fewer than)\s+(?:[A-Z]{{3}} )?{_NUMBER}"
    rf"|\b(?P<above>more than|over|above|exceeding)\s+(?:[A-Z]{{3}} )?{_NUMBER}"
    rf"|\b(?P<least>from|at least|minimum(?: of)?)\s+(?:[A-Z]{{3}} )?{_NUMBER}",
    re.IGNORECASE,
)
_BEYOND = re.compile(r"\b(?:more than|over|above|exceeding|beyond|higher than)\s+(?:[A-Z]{3} )?$", re.IGNORECASE)
_A_LITTLE = Decimal("0.01")
"""How much more than 18 % "over 18 %" is at least."""
_PERCENT = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds that are None are open; ``over`` and ``under`` are left out of the range themselves."""

    least: Decimal | None = None
    most: Decimal | None = None
    over: Decimal | None = None
    under: Decimal | None = None

    def holds(self, number: Decimal) -> bool:
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and (self.over is None or number > self.over)
            and (self.under is None or number < self.under)
        )


def holds(cell: str, question: str) -> bool:
    """Whether a cell such as "more than 10 % and up to 18 %" is for the number in the question; numbers of per cent and others
    are never compared."""
    wanted = range_of(cell)
    if wanted is None:
        return False
    percent = _PERCENT.search(cell) is not None
    asked = [match for match in _ASKED.finditer(question) if _is_percent(match) == percent]
    if len(asked) != 1:
        return False
    beyond = _BEYOND.search(question[: asked[0].start()])
    return wanted.holds(_value(asked[0][1], asked[0][2]) + (_A_LITTLE if beyond else 0))


def range_of(cell: str) -> Range | None:
    """The range that a cell names; None where it names none."""
    bounds = list(_BOUND.finditer(cell))
    if not bounds:
        span = _SPAN.search(cell)
        return Range(least=_value(span[1], span[2]), most=_value(span[4], span[5])) if span else None
    found = Range()
    for match in bounds:
        kind = _kind(match)
        value = next(_value(match[at], match[at + 1]) for at in (2, 5, 8, 11) if match[at] is not None)
        found = Range(
            value if kind == "least" else found.least,
            value if kind == "most" else found.most,
            value if kind == "above" else found.over,
            value if kind == "below" else found.under,
        )
    return found


def _kind(match: re.Match[str]) -> str:
    return next(name for name in ("most", "below", "above", "least") if match[name] is not None)


def _is_percent(match: re.Match[str]) -> bool:
    return match[3] is not None and _PERCENT.match(match[3]) is not None


def _value(number: str, thousands: str | None) -> Decimal:
    value = Decimal(number.replace(",", ""))
    return value * 1000 if thousands else value
