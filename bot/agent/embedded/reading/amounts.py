"""Finds the numbers of a text that could be amounts: multiplied by what follows, with the currency beside them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.agent.embedded.reading.currencies import CODES, COINS, COMMON_CODES, DOLLARS, NAMES, SIGNS
from bot.agent.embedded.reading.numbers import SUFFIXES, spelled
from bot.agent.embedded.reading.vocabulary import ORDINALS, SCALES, SMALL, TENS


@dataclass(frozen=True)
class Amount:
    """A number of the text, what it was multiplied by ("k", "million"), and the currency beside it, if any."""

    value: Decimal
    scale: Decimal
    start: int
    end: int
    currency: str | None = None
    loose: bool = False

    @property
    def total(self) -> Decimal:
        return self.value * self.scale


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))


_SPACE = "[ \\t\u00a0\u202f]"


_FIGURE = re.compile(
    r"(?<![\d.,:/])(?:\d{1,3}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3})+(?:,\d{1,2})?"
    r"|(?:['’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?)(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)"
)


_WORD = re.compile(r"[A-Za-z]+")


_SCALES: dict[str, int] = {
    **SUFFIXES,
    **SCALES,
    "grand": 1000,
    "mil": 10**6,
    "tn": 10**12,
    "t": 1000,
    "tsd": 1000,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
}


_OPENING = frozenset(("a", "an", "half", "quarter", "dozen", "couple", "hundred"))
_FRACTIONS = {"and a half": Decimal("0.5"), "and a quarter": Decimal("0.25")}


_SCALE = re.compile(rf"[ \u00a0-]?(?P<scale>{_either(_SCALES)})(?!\w)\.?(?=$|\W)", re.IGNORECASE)


# "48.5 MGBP": the banks' way to write millions and thousands.
_BANK_SCALE = re.compile(rf"{_SPACE}?(?P<scale>[kKmM]|T)(?=(?:{_either(CODES)})\b)")


# "kEUR 45", "k€ 45", "TEUR 45".
_THOUSANDS_BEFORE = re.compile(rf"(?<!\w)[kT](?:(?P<sign>[€£$])|(?P<code>EUR|USD|GBP|CHF)){_SPACE}?$")


_BEFORE = re.compile(
    rf"(?:(?<!\w)(?P<sign>{_either(SIGNS)})|(?<!\w)(?P<code>{_either(CODES)})){_SPACE}?$", re.IGNORECASE
)


_AFTER = re.compile(
    rf"(?:(?<=mio|mrd|mln)\.)?(?:[.,][-–]{{1,2}})?[ \u00a0\u202f-]{{0,2}}"
    rf"(?:(?P<name>{_either(NAMES)})(?!\w)|(?P<code>{_either(CODES)})(?!\w)|(?P<sign>{_either(SIGNS)})(?!\w))",
    re.IGNORECASE,
)


_COIN = re.compile(rf"[ \u00a0-]?(?P<coin>{_either(COINS)}|¢)(?!\w)", re.IGNORECASE)


_POINT_IS_DECIMAL = re.compile(r"(?:(?<![A-Za-z])(?:US)?\$|£)\s?$")


_THREE_PLACES = re.compile(
    r"\b(?:KWD|BHD|OMR|JOD|TND|IQD|LYD)\b|\b(?:kuwaiti|bahraini|jordanian|tunisian)\b", re.IGNORECASE
)


def amounts_in(text: str) -> list[Amount]:
    """Every number that could be an amount, with its multiplier."""
    found: list[Amount] = []
    for match in _FIGURE.finditer(text):
        scale = _BANK_SCALE.match(text, match.end()) or _SCALE.match(text, match.end())
        if text[max(0, match.start() - 1) : match.start()].isalpha() and not _BEFORE.search(
            text, max(0, match.start() - 8), match.start()
        ):
            continue
        value = _value(
            match.group(),
            scale is not None,
            text[max(0, match.start() - 4) : match.start()],
            text[match.end() : match.end() + 16],
        )
        end, factor = match.end(), Decimal(1)
        loose = False
        while scale is not None:
            word = scale.group("scale").lower()
            factor *= _SCALES[word]
            loose = loose or word not in ("hundred", "hundreds", "t")
            end = scale.end("scale")
            scale = _SCALE.match(text, end) if word in ("hundred", "k") else None
        found.append(Amount(value, factor, match.start(), end, loose=loose))
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        word = words[at].group().lower()
        if not (word in SMALL or word in TENS or word in _OPENING):
            at += 1
            continue
        end = at + 1
        while end < len(words) and end - at < 14 and not text[words[end - 1].end() : words[end].start()].strip(" -\t"):
            end += 1
        run = [word.group().lower() for word in words[at:end]]
        reading = spelled(["one", *run] if run[0] == "hundred" else run)
        if len(run) > 2 and SMALL.get(run[0], 0) in range(1, 10) and run[1] in TENS and {"k", "grand"} & set(run[2:4]):
            reading = spelled([run[0], "hundred", *run[1:]])  # "one fifty k" is spoken for 150k
            reading = None if reading is None else replace(reading, length=reading.length - 1)
        elif reading is not None and run[0] == "hundred":
            reading = replace(reading, length=reading.length - 1)
        if reading is None and run[0] in ("a", "an") and len(run) > 1 and (run[1] in SCALES or run[1] == "grand"):
            reading = spelled(["one", *run[1:]])
        if reading is None or reading.ordinal or any(run[i] in ORDINALS for i in range(reading.length)):
            at += 1
            continue
        last, value, factor = at + reading.length, reading.value, Decimal(1)
        if last < end and run[reading.length] in ("grand", "k"):
            last, factor = last + 1, Decimal(1000)
        elif SCALES.get(run[reading.length - 1], 0) >= 1000:
            factor = Decimal(SCALES[run[reading.length - 1]])
            value /= factor
        fraction = _FRACTIONS.get(" ".join(run[last - at : last - at + 3]))
        if fraction is not None and factor >= 1000:
            last, value = last + 3, value + fraction
        loose = any((w in SCALES and SCALES[w] >= 1000) or w in ("grand", "k") for w in run[: last - at])
        found.append(Amount(value, factor, words[at].start(), words[last - 1].end(), loose=loose))
        at = last
    found.sort(key=lambda amount: amount.start)
    kept: list[Amount] = []
    for amount in found:
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
    return kept


def _value(figure: str, scaled: bool, before: str, after: str) -> Decimal:
    """The value of a figure, whichever of comma and point is its decimal sign."""
    plain = re.sub(r"['’\s]", "", figure)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        thousands, decimal = (",", ".") if point > comma else (".", ",")
        return Decimal(plain.replace(thousands, "").replace(decimal, "."))
    sign = "," if comma >= 0 else "."
    parts = plain.split(sign)
    if len(parts) > 2:
        return Decimal("".join(parts))
    if len(parts) == 2:
        dollars = sign == "." and bool(_POINT_IS_DECIMAL.search(before) or _THREE_PLACES.search(before + " " + after))
        grouped = (
            len(parts[1]) == 3
            and 0 < len(parts[0]) <= 3
            and parts[0] != "0"
            and not (scaled and sign == ".")
            and not dollars
        )
        return Decimal("".join(parts)) if grouped else Decimal(f"{parts[0] or 0}.{parts[1]}")
    return Decimal(plain)


def with_currency(text: str, amount: Amount, default: str | None, floor: int) -> Amount:
    before = _THOUSANDS_BEFORE.search(text, max(floor, amount.start - 8), amount.start)
    if before is not None and amount.scale == 1:
        named = SIGNS[before["sign"]] if before["sign"] else before["code"]
        return replace(amount, scale=Decimal(1000), currency=named, start=before.start())
    before = _BEFORE.search(text, max(floor, amount.start - 8), amount.start)
    after = _AFTER.match(text, amount.end)
    if before is not None:
        named = SIGNS[re.sub(r"\s+", " ", before["sign"].lower())] if before["sign"] else before["code"].upper()
        if before["code"] and not _is_code(before["code"]):
            return amount
        if before["sign"] == "$" and default in DOLLARS:
            named = str(default)
        end = amount.end
        if after is not None and (after["name"] or after["code"]):
            repeated = _named(after, default)
            if repeated == named or (before["sign"] == "$" and repeated in DOLLARS):
                named, end = repeated, after.end()
        return replace(amount, currency=named, start=before.start(), end=end)
    coin = _COIN.match(text, amount.end)
    if coin is not None:
        named = "USD" if coin["coin"] == "¢" else COINS[coin["coin"].lower()]
        named = str(default) if named == "USD" and default in DOLLARS | {"EUR"} else named
        return replace(amount, scale=amount.scale / 100, currency=named, end=coin.end())
    belongs_right = (
        after is not None
        and after["sign"]
        and text[after.end() : after.end() + 1].isdigit()
        and after.group()[0].isspace()
    )
    if after is not None and not belongs_right and not (after["code"] and not _is_code(after["code"])):
        return replace(amount, currency=_named(after, default), end=after.end())
    return amount


def _is_code(written: str) -> bool:
    return written.isupper() or written.upper() in COMMON_CODES


def _named(match: re.Match[str], default: str | None) -> str:
    if match["code"]:
        return match["code"].upper()
    if match["sign"]:
        return str(default) if match["sign"] == "$" and default in DOLLARS else SIGNS[match["sign"].lower()]
    name = re.sub(r"\s+", " ", match["name"].lower())
    return str(default) if name in ("dollar", "dollars", "bucks", "buck") and default in DOLLARS else NAMES[name]
