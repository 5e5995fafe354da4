"""Reading what people and programs write in cells: dates, times, numbers, amounts, flags and plain text.

Dates come as ISO, American, European, with month names, or as epoch seconds or milliseconds; numbers with points or
commas. Which of the two a file means is found once per file (:func:`habits`), never cell by cell.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from html.parser import HTMLParser

LARGEST = 2**53  # what JSON and every language after us can still count exactly
# The MD5 of nothing: what warehouses that hash their columns leave where there was no value.
_EMPTY = {"", "null", r"\n", "nan", "d41d8cd98f00b204e9800998ecf8427e", "1b2m2y8asgtpgamy7phcfg=="}
_TRUE = {"true", "yes", "1", "y", "t", "x", "wahr", "ja", "oui"}
_FALSE = {"false", "no", "0", "n", "f", "falsch", "nein", "non", "0.0"}
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?)?\s*(?:UTC|GMT|Z)?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})\.?[\s-]+(?P<m1>[a-z]{3,9})\.?|(?P<m2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?),?[\s-]+(?P<y>\d{4})"
    r"(?:,?\s+(?:at\s+)?(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<ap>[ap]\.?m\.?)?)?\s*(?:UTC|GMT|Z)?$",
    re.IGNORECASE,
)
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "kr": "SEK",
    "zł": "PLN",
    "us$": "USD",
    "chf": "CHF",
}
_TIMES = {"k": 3, "m": 6, "mio": 6, "mn": 6, "mm": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_AROUND = re.compile(
    r"^(?P<sign1>[+-])?\s*(?P<before>[^\d\s.,+-]{0,4}?)\s*(?P<sign2>[+-])?(?P<number>[\d.,][\d.,'’\s\u00a0\u202f]*?)\s*"
    r"(?P<times>k|mio|mn|mm|million|m|bn|billion|b)?\.?\s*(?P<after>[^\d\s.,+-]{0,4})$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Habits:
    """How a file writes: 31.12. or 12/31 first, 1.234,56 or 1,234.56. ``sure`` is False where it showed neither."""

    day_first: bool = False
    decimal_comma: bool = False
    sure: bool = True


def is_empty(cell: str) -> bool:
    return cell.strip().lower() in _EMPTY


def habits(dates: Iterable[str], numbers: Iterable[str], delimiter: str) -> Habits:
    """From cells of date columns and of number columns; a semicolon file without evidence is a European one."""
    european = delimiter == ";"
    day, month, dotted, slashed = 0, 0, 0, 0
    for cell in dates:
        if found := _SLASHED.match(cell.strip()):
            first, second = int(found[1]), int(found[3])
            day, month = day + (first > 12 >= second), month + (second > 12 >= first)
            dotted, slashed = dotted + (found[2] == "."), slashed + 1
    comma, point = 0, 0
    for cell in numbers:
        digits = re.sub(r"[^\d.,]", "", cell)
        comma += bool(re.search(r",\d{1,2}$", digits) or re.search(r"\.\d{3},", digits) or digits.count(".") > 1)
        point += bool(re.search(r"\.\d{1,2}$", digits) or re.search(r",\d{3}\.", digits) or digits.count(",") > 1)
    sure = not slashed or day != month or dotted == slashed or european
    day_first = day > month or (day == month and (european or (dotted > 0 and dotted == slashed)))
    return Habits(day_first, comma > point or (comma == point and european), sure)


def moment(cell: str, habit: Habits) -> datetime | None:
    """A time in UTC, which is what a time without a zone is taken to be; None for no value or the year 9999.

    :raises ValueError: when it is no date.
    """
    text = cell.strip()
    if is_empty(text):
        return None
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    if found := _ISO.match(text):
        return _iso(found)
    if found := _SLASHED.match(text):
        first, second = int(found[1]), int(found[3])
        day, month = (first, second) if habit.day_first else (second, first)
        return _made(
            _year(found[4]), month, day, _hour(found[5], found[8]), int(found[6] or 0), int(found[7] or 0), text
        )
    if found := _NAMED.match(text):
        month = _MONTHS.get((found["m1"] or found["m2"])[:3].lower(), 0)
        clock = _hour(found["h"], found["ap"]), int(found["min"] or 0), int(found["s"] or 0)
        return _made(int(found["y"]), month, int(found["d1"] or found["d2"]), *clock, text)
    raise ValueError(f"{_short(text)} is no date that I can read; write it as 2026-11-30")


def day(cell: str, habit: Habits) -> date | None:
    """:raises ValueError: when it is no date."""
    found = moment(cell, habit)
    return None if found is None else found.date()


def _iso(found: re.Match[str]) -> datetime | None:
    if found[1] == "9999":
        return None
    value = _made(
        int(found[1]),
        int(found[2]),
        int(found[3]),
        int(found[4] or 0),
        int(found[5] or 0),
        int(found[6] or 0),
        found[0],
    )
    value = value.replace(microsecond=int((found[7] or "0")[:6].ljust(6, "0")))
    zone = (found[8] or "Z").upper()
    if zone in ("Z", "UTC", "GMT"):
        return value
    minutes = int(zone[1:3]) * 60 + int(zone[-2:] if len(zone) > 3 else 0)
    if minutes >= 24 * 60:
        raise ValueError(f"{_short(found[0])} names no time zone there is")
    offset = timedelta(minutes=minutes if zone[0] == "+" else -minutes)
    return value.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _made(year: int, month: int, day_: int, hour: int, minute: int, second: int, text: str) -> datetime:
    try:
        value = datetime(year, month, day_, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{_short(text)} is no day of the calendar") from None
    if not 1900 <= year <= 2200:
        raise ValueError(f"{_short(text)} is not in a year that can be meant")
    return value


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _hour(hour: str | None, half: str | None) -> int:
    value = int(hour or 0)
    if not half:
        return value
    return value % 12 + (12 if half[0].lower() == "p" else 0)


def number(cell: str, habit: Habits) -> Decimal | None:
    """A plain number with or without thousands separators, a percent sign or a currency beside it; None for no value.

    :raises ValueError: when it is no number.
    """
    found = amount(cell, habit)
    return None if found is None else found[0]


def amount(cell: str, habit: Habits) -> tuple[Decimal, str | None] | None:
    """The number and the currency written beside it, if one is. ``(1,200)`` is below zero, ``84k`` is 84000.

    :raises ValueError: when it is no number.
    """
    text = cell.strip().removesuffix("%").replace("\u00a0", " ").replace("\u202f", " ").strip()
    if is_empty(text):
        return None
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}", text):
        return Decimal(text), None
    found = _AROUND.match(text)
    if not found or (found["sign1"] and found["sign2"]):
        raise ValueError(f"{_short(cell)} is no number")
    value = _plain(found["number"], habit, cell).scaleb(_TIMES.get((found["times"] or "").lower(), 0))
    beside = (found["before"] or found["after"] or "").strip()
    currency = _SIGNS.get(beside.lower()) or (beside.upper() if re.fullmatch(r"[A-Za-z]{3}", beside) else None)
    if beside and currency is None:
        raise ValueError(f"{_short(cell)} is no number")
    if abs(value) >= LARGEST:
        raise ValueError(f"{_short(cell)} is too large")
    return (-value if negative or "-" in (found["sign1"], found["sign2"]) else value), currency


def _plain(text: str, habit: Habits, cell: str) -> Decimal:
    text = re.sub(r"['’\s]", "", text)
    if "," in text and "." in text:
        decimal = max(text.rfind(","), text.rfind("."))
        mark = text[decimal]
        thousands = "," if mark == "." else "."
        groups = text[:decimal].split(thousands)
        good = (
            text.count(mark) == 1 and all(len(group) == 3 for group in groups[1:]) and thousands not in text[decimal:]
        )
        text = text[:decimal].replace(thousands, "") + "." + text[decimal + 1 :]
    elif "," in text or "." in text:
        mark = "," if "," in text else "."
        groups = text.split(mark)
        grouped = all(len(group) == 3 for group in groups[1:]) and 0 < len(groups[0]) <= 3 and groups[0] != "0"
        decimal_mark = "," if habit.decimal_comma else "."
        if len(groups) > 2 or (grouped and mark != decimal_mark):
            good, text = grouped, "".join(groups)
        else:
            good, text = True, ".".join(groups)
    else:
        good = text.isdigit()
    if not good or not re.fullmatch(r"\d*\.?\d*", text) or not re.search(r"\d", text):
        raise ValueError(f"{_short(cell)} is no number")
    return Decimal(text)


def flag(cell: str) -> bool | None:
    """:raises ValueError: when it says neither yes nor no."""
    text = cell.strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if is_empty(text):
        return None
    raise ValueError(f"{_short(cell)} says neither yes nor no")


def plain_text(text: str) -> str:
    """Text without markup: HubSpot keeps notes and e-mails as HTML."""
    text = text.replace("\x00", "").strip()
    if not re.search(r"</?[a-zA-Z][^>]*>|&[a-z#0-9]+;", text):
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.parts))).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script")
        if tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3"):
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
