"""Values of custom fields in their one stored form, and from and to words.

The forms, each of which sorts and compares rightly in SQLite's and in PostgreSQL's JSON: text and choices are strings
(a choice spelled as defined), days are ISO strings, flags are true or false, money is a whole number of minor units of the row's
currency, and a number is a JSON number with at most 11 digits before the point and 4 after it: 15 significant
digits are what a double keeps exactly, so it reads back as it was written everywhere. An empty field has no key.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz, process

from crm_store.currencies import amount_text, decimals
from crm_store.custom_fields.definitions import Definition, folded
from crm_store.errors import Invalid
from crm_store.models import CustomKind

MOST_TEXT = 2_000
PLACES = 4
_MOST_NUMBER = Decimal(10) ** 11
_MOST_MONEY = 2**53 - 1  # what JSON readers keep exactly
_NEAR = 60
"""Likeness of two choices, 0 to 100, from which one is named as what was probably meant."""
_YES = frozenset({"yes", "y", "true", "1", "on", "x"})
_NO = frozenset({"no", "n", "false", "0", "off"})


def canonical(definition: Definition, value: Any) -> Any:
    """The stored form of a value given as Python or as JSON; None for nothing. Money is in minor units.

    :raises Invalid: names the field and says what it takes.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        return _FORMS[definition.kind](definition, value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Invalid(f"{definition.label}: {_reason(definition, error, value)}") from None


def parse_custom(definition: Definition, text: str, currency: str | None = None) -> Any:
    """The stored form of what a person wrote: an amount in whole units ("12,500.50", with or without its ISO code), a day
    as 2026-11-30, yes or no, a choice in any case.

    :raises Invalid: names the field and says what it takes.
    """
    text = text.strip()
    if not text:
        return None
    if definition.kind is CustomKind.MONEY:
        return _amount(definition, text, currency)
    if definition.kind is CustomKind.NUMBER:
        return canonical(definition, text.replace(",", ""))
    return canonical(definition, text)


def nearest_choice(definition: Definition, text: str) -> str | None:
    """The choice that a text which is none of them probably means; None when it resembles none."""
    found = process.extractOne(text.casefold(), [each.casefold() for each in definition.choices], scorer=fuzz.WRatio)
    return definition.choices[found[2]] if found is not None and found[1] >= _NEAR else None


def value_text(definition: Definition, value: Any, currency: str | None = None) -> str:
    """A stored value as a person reads it, days in ISO form; empty for nothing."""
    if value is None:
        return ""
    match definition.kind:
        case CustomKind.FLAG:
            return "yes" if value else "no"
        case CustomKind.MONEY:
            return amount_text(int(value), currency or "EUR")
        case CustomKind.NUMBER:
            return f"{value:,}"
        case _:
            return str(value)


def from_history(definition: Definition, text: str | None) -> Any:
    """A value of the field history, which holds texts, in its stored form."""
    if text is None:
        return None
    match definition.kind:
        case CustomKind.FLAG:
            return text == "true"
        case CustomKind.MONEY:
            return int(text)
        case CustomKind.NUMBER:
            return canonical(definition, text)
        case _:
            return text


def _reason(definition: Definition, error: Exception, value: Any) -> str:
    said = str(error)
    if isinstance(error, ArithmeticError):
        return f"takes a number, not {value!r}"
    if definition.kind is CustomKind.DATE:
        return said if said.startswith("takes") else f"takes a day such as 2026-11-30, not {value!r}"
    return said


def _amount(definition: Definition, text: str, currency: str | None) -> int:
    words = text.replace("\u00a0", " ").split()
    codes = [word.upper() for word in words if len(word) == 3 and word.isalpha()]
    figures = "".join(word for word in words if not (len(word) == 3 and word.isalpha()))
    if codes and currency and codes[0] != currency.upper():
        raise Invalid(f"{definition.label}: this record's amounts are in {currency}, not {codes[0]}.")
    try:
        minor = Decimal(figures.replace(",", "")).scaleb(decimals(currency or (codes[0] if codes else "EUR")))
    except InvalidOperation:
        raise Invalid(f"{definition.label}: takes an amount such as 12500.50, not {text!r}.") from None
    if not minor.is_finite() or abs(minor) > _MOST_MONEY:
        raise Invalid(f"{definition.label}: takes an amount such as 12500.50, not {text!r}.")
    if minor != minor.to_integral_value():
        raise Invalid(f"{definition.label}: {text} is more exact than its currency.")
    return int(minor)


def _text(definition: Definition, value: Any) -> str:
    text = str(value).strip()
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must not contain NUL characters or halves of characters")
    if len(text) > MOST_TEXT:
        raise ValueError(f"is {len(text):,} characters long; {MOST_TEXT:,} fit")
    return text


def _number(definition: Definition, value: Any) -> int | float:
    if isinstance(value, bool):
        raise ValueError("takes a number")
    number = Decimal(str(value).strip())
    if not number.is_finite():
        raise ValueError("takes a number")
    if abs(number) >= _MOST_NUMBER:
        raise ValueError(f"takes a number under {_MOST_NUMBER:,}")
    if number != round(number, PLACES):
        raise ValueError(f"takes at most {PLACES} digits after the point")
    return int(number) if number == number.to_integral_value() else float(number)


def _money(definition: Definition, value: Any) -> int:
    if isinstance(value, bool) or Decimal(str(value)) != int(Decimal(str(value))):
        raise ValueError("takes a whole number of minor units")
    minor = int(Decimal(str(value)))
    if abs(minor) > _MOST_MONEY:
        raise ValueError(f"takes an amount of at most {_MOST_MONEY:,} minor units")
    return minor


def _date(definition: Definition, value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    given = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    if not 1900 <= given.year <= 2200:
        raise ValueError(f"takes a day from 1900 to 2200, not {given.isoformat()}")
    return given.isoformat()


def _flag(definition: Definition, value: Any) -> bool:
    word = str(value).strip().casefold()
    if word not in _YES | _NO:
        raise ValueError(f"takes yes or no, not {value!r}")
    return word in _YES


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _choice(definition: Definition, value: Any) -> str:
    for alike in (str, _plain, folded):  # "1-10" and "11-0" are alike only when nothing but letters and digits counts
        there = [choice for choice in definition.choices if alike(choice) == alike(str(value))]
        if len(there) == 1:
            return there[0]
    near = nearest_choice(definition, str(value))
    hint = f" Did you mean {near}?" if near else ""
    raise ValueError(f"“{value}” is none of {', '.join(definition.choices)}.{hint}")


_FORMS: Mapping[CustomKind, Callable[[Definition, Any], Any]] = {
    CustomKind.TEXT: _text,
    CustomKind.NUMBER: _number,
    CustomKind.MONEY: _money,
    CustomKind.DATE: _date,
    CustomKind.FLAG: _flag,
    CustomKind.CHOICE: _choice,
}
