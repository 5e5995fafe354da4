"""Reading numbers and amounts with points or commas, signs, thousands, currencies and multiples such as 84k."""

import re
from collections.abc import Iterable
from decimal import Decimal

from crm_store.imports.values import Habits, is_empty, quoted

LARGEST = 2**53  # what JSON and every language after us can still count exactly
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,2})?$")  # reads the same whatever the file's decimal mark
_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "kr": "SEK",
    "zł": "PLN",
    "kč": "CZK",
    "₺": "TRY",
    "₩": "KRW",
    "₪": "ILS",
    "₴": "UAH",
    "฿": "THB",
    "us$": "USD",
    "a$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "nz$": "NZD",
    "s$": "SGD",
    "hk$": "HKD",
    "r$": "BRL",
    "chf": "CHF",
}
_TIMES = {"k": 3, "m": 6, "mio": 6, "mn": 6, "mm": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_AROUND = re.compile(
    r"^(?P<sign1>[+-])?\s*(?P<before>[^\d\s.,+-]{0,4}?)\s*(?P<sign2>[+-])?(?P<number>[\d.,][\d.,'’\s\u00a0\u202f]*?)\s*"
    r"(?P<times>k|mio|mn|mm|million|m|bn|billion|b)?\.?\s*(?P<after>[^\d\s.,+-]{0,4})$",
    re.IGNORECASE,
)


def comma_or_point(cells: Iterable[str]) -> tuple[int, int, int]:
    """(how many numbers must have a decimal comma, how many a decimal point, how many could be read either way)."""
    comma, point, either = 0, 0, 0
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        digits = re.sub(r"[^\d.,]", "", cell)
        a_comma = bool(re.search(r",\d{1,2}$", digits) or re.search(r"\.\d{3},", digits) or digits.count(".") > 1)
        a_point = bool(re.search(r"\.\d{1,2}$", digits) or re.search(r",\d{3}\.", digits) or digits.count(",") > 1)
        comma, point = comma + a_comma, point + a_point
        either += bool(not a_comma and not a_point and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits))
    return comma, point, either


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
    if _PLAIN_NUMBER.match(cell):
        return Decimal(cell), None
    text = cell.strip().removesuffix("%").replace("\u00a0", " ").replace("\u202f", " ").strip()
    if is_empty(text):
        return None
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}", text):
        return Decimal(text), None
    found = _AROUND.match(text)
    if not found or (found["sign1"] and found["sign2"]):
        raise ValueError(f"{quoted(cell)} is no number")
    value = _plain(found["number"], habit, cell).scaleb(_TIMES.get((found["times"] or "").lower(), 0))
    beside = (found["before"] or found["after"] or "").strip()
    currency = _SIGNS.get(beside.lower()) or (beside.upper() if re.fullmatch(r"[A-Za-z]{3}", beside) else None)
    if beside and currency is None:
        raise ValueError(f"{quoted(cell)} is no number")
    if abs(value) >= LARGEST:
        raise ValueError(f"{quoted(cell)} is too large")
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
        raise ValueError(f"{quoted(cell)} is no number")
    return Decimal(text)
