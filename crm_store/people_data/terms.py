"""The words that name a person, and taking them out of texts.

A person is named by every name, e-mail address, telephone number and job title the record ever had of them. A part of a
name counts by itself where it is no ordinary word and nobody else bears it; the other parts only in texts that are about
the person. Case, accents, written-out umlauts, line breaks inside a name and the notation of a number make no difference.
A misspelt first name alone is not recognised.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crm_store.names.words import fold

ERASED = "[erased]"
MIN_PART = 3
"""Letters from which a part of a name counts by itself."""
_MIN_DIGITS = 7
_PHONE = re.compile(r"\+?\d(?:[\s()/.\-–]{0,3}\d){6,}")
_LETTERS = {"a": "aàáâãäåā", "c": "cçćč", "e": "eèéêëēęě", "i": "iìíîïī", "l": "lł", "n": "nñńň", "o": "oòóôõöøō", "s": "sśšş",
            "u": "uùúûüūů", "y": "yýÿ", "z": "zźżž", "r": "rř", "d": "dđ", "t": "tťţ", "g": "gğ"}  # fmt: skip
_ALSO_WRITTEN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"}


@dataclass(frozen=True)
class Terms:
    """``everywhere`` are taken out of every text, ``near`` only of texts about the person; ``digits`` are the last
    digits of telephone numbers."""

    everywhere: frozenset[str]
    near: frozenset[str] = field(default_factory=frozenset)
    digits: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def _everywhere(self) -> re.Pattern[str] | None:
        return _pattern(self.everywhere)

    @cached_property
    def _near(self) -> re.Pattern[str] | None:
        return _pattern(self.everywhere | self.near)

    def redact(self, text: str, *, about: bool = False) -> str:
        """The text without the person; ``about`` where it is known to be about them."""
        pattern = self._near if about else self._everywhere
        if pattern is not None:
            text = pattern.sub(ERASED, text)
        return _PHONE.sub(self._phone, text) if self.digits else text

    def redact_json(self, value: Any, *, about: bool = False) -> Any:
        """The same for every text inside a JSON value; keys are left as they are."""
        if isinstance(value, str):
            return self.redact(value, about=about)
        if isinstance(value, list):
            return [self.redact_json(each, about=about) for each in value]
        if isinstance(value, dict):
            return {name: self.redact_json(each, about=about) for name, each in value.items()}
        return value

    def fragments(self, *, about: bool = False) -> frozenset[str]:
        """Plain lower-case pieces one of which is in every text that a term is in, also where JSON wrote accents as
        escapes: what a database can look for."""
        terms = self.everywhere | (self.near if about else frozenset())
        pieces = {max(re.findall(r"[!#-\[\]-~]+", _ascii(term)), key=len, default="") for term in terms}
        return frozenset(piece.lower() for piece in pieces if len(piece) >= 2)

    def _phone(self, found: re.Match[str]) -> str:
        number = re.sub(r"\D", "", found.group())
        return ERASED if any(number.endswith(known) for known in self.digits) else found.group()


def terms_for(
    names: Iterable[str], emails: Iterable[str], phones: Iterable[str], others: Iterable[str], *, shared: Collection[str]
) -> Terms:  # fmt: skip
    """``others`` are texts to take out as a whole, such as job titles, near the person only; ``shared`` are the folded
    parts of names that others bear or that are ordinary words."""
    everywhere: set[str] = set()
    near: set[str] = {other for other in others if len(other.strip()) >= MIN_PART}
    for name in names:
        parts = [part for part in re.split(r"[\s,]+", name.strip()) if part]
        if len(parts) > 1:
            everywhere |= {" ".join(parts), f"{parts[-1]}, {' '.join(parts[:-1])}", f"{parts[0]} {parts[-1]}"}
        elif parts:
            (near if fold(parts[0]) in shared else everywhere).add(parts[0])
        for part in parts:
            if len(part.strip(".")) >= MIN_PART:
                (near if fold(part) in shared else everywhere).add(part)
    for email in emails:
        address = email.strip().lower()
        local = address.partition("@")[0]
        everywhere.add(address)
        if re.search(r"[._\d-]", local) and len(local) >= 5:
            everywhere.add(local)
    digits = {re.sub(r"\D", "", phone)[-9:] for phone in phones}
    return Terms(
        frozenset(everywhere), frozenset(near - everywhere), frozenset(d for d in digits if len(d) >= _MIN_DIGITS)
    )


def _pattern(terms: Collection[str]) -> re.Pattern[str] | None:
    """Longest first, so that a whole name goes as one."""
    ordered = sorted({term for term in terms if term.strip()}, key=len, reverse=True)
    if not ordered:
        return None
    return re.compile("|".join(rf"(?<!\w){_loose(term)}(?!\w)" for term in ordered), re.IGNORECASE)


def _loose(term: str) -> str:
    found = []
    for letter in " ".join(term.split()).lower():
        plain = fold(letter)
        if letter == " ":
            found.append(r"[\s ]+")
        elif letter in _ALSO_WRITTEN:
            found.append(f"(?:{re.escape(letter)}|{_ALSO_WRITTEN[letter]}|{re.escape(plain)})")
        elif plain in _LETTERS:
            found.append(f"[{_LETTERS[plain]}]")
        else:
            found.append(re.escape(letter))
    return "".join(found)


def _ascii(term: str) -> str:
    """The letters of which no variant exists, and the rest as gaps. A dotted e-mail address is one piece."""
    if "@" in term and term.isascii():
        return term
    kept = [letter if letter.isascii() and (letter.isalnum() or letter in ".-_'") else " " for letter in term]
    return "".join(kept)
