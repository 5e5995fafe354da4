"""Names, telephone numbers, addresses and domains in the form in which two records are compared."""

import re
from dataclasses import dataclass
from datetime import datetime

from crm_store.names.nicknames import is_first_name, other_forms
from crm_store.names.words import LEGAL_FORMS, fold, keys_of

_LEGAL = LEGAL_FORMS | {
    "mbh",
    "ug",
    "ohg",
    "kgaa",
    "eg",
    "cie",
    "sro",
    "doo",
    "kft",
    "zrt",
    "pvt",
    "pte",
    "holding",
    "group",
}
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "sir", "jr", "sr", "ii", "iii", "phd", "mba"}
)
_ANYBODY = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com",
    "gmx.de", "gmx.net", "web.de", "t-online.de", "proton.me", "protonmail.com", "mail.ru", "orange.fr", "libero.it",
})  # fmt: skip
"""Domains of mailboxes that anybody can have: they say nothing of an employer."""
_STREET = re.compile(r"\b(?:strasse|street|str|st|road|rd|avenue|ave|platz|lane|ln|drive|dr)\b")
SIGNIFICANT_DIGITS = 9
"""The last digits of a telephone number, which are the same with and without country code and trunk prefix."""


@dataclass(frozen=True, slots=True)
class AccountForm:
    """``core`` are the words of the name without legal forms; ``joined`` the same as one word, as in a domain."""

    id: str
    name: str
    core: tuple[str, ...]
    domain: str | None
    phone: str | None
    street: str | None
    city: str | None
    country: str | None
    filled: int
    created_at: datetime

    @property
    def joined(self) -> str:
        return "".join(self.core)


@dataclass(frozen=True, slots=True)
class ContactForm:
    id: str
    name: str
    first: str
    last: str
    email: str | None
    phone: str | None
    account_id: str | None
    account: str | None
    title: str | None
    filled: int
    created_at: datetime

    @property
    def mail_domain(self) -> str | None:
        return company_domain(self.email.partition("@")[2]) if self.email else None


def core_words(name: str) -> tuple[str, ...]:
    """``"Acme, Inc."`` and ``"ACME GmbH & Co. KG"`` are both ``("acme",)``; a name of legal forms alone keeps them.
    Single letters between dots are one word: "A.C.M.E." is "acme"."""
    keys = keys_of(re.sub(r"\b(\w)\.(?=\w\b)", r"\1", name))
    kept = tuple(_plain(key) for key in keys if key not in _LEGAL and key != "and")
    return kept or keys


def person_words(name: str) -> tuple[str, str]:
    """First and last name, folded: "Doe, Jane" and "Dr. Jane M. Doe" are both ``("jane", "doe")``."""
    if name.count(",") == 1:
        last, _, first = name.partition(",")
        if keys_of(last) and keys_of(first) and not set(keys_of(first)) & _TITLES:
            name = f"{first} {last}"
    keys = [key for key in keys_of(name) if key not in _TITLES] or list(keys_of(name)) or [""]
    first = keys[0] if is_first_name(keys[0]) else _plain(keys[0])
    return first, _plain(keys[-1]) if len(keys) > 1 else ""


def _plain(key: str) -> str:
    """An umlaut that was written out as the one that lost its dots: Mueller and Müller are both "muller"."""
    return re.sub("(?<=[aou])e", "", key) if len(key) > 3 else key


def same_first_name(one: str, other: str) -> str | None:
    """How two first names can be one: ``same``, ``nickname``, ``initial`` or None."""
    if one == other:
        return "same"
    if other in other_forms(one) or other_forms(one) & other_forms(other):
        return "nickname"
    shorter, longer = sorted((one, other), key=len)
    return "initial" if len(shorter) == 1 and longer.startswith(shorter) else None


def digits(phone: str | None) -> str | None:
    """The digits that tell a telephone number apart; None where there are too few."""
    found = re.sub(r"\D", "", re.split(r"(?i)\s*(?:ext|x|durchwahl)\b\.?", phone or "")[0])
    return found[-SIGNIFICANT_DIGITS:] if len(found) >= SIGNIFICANT_DIGITS - 2 else None


def company_domain(domain: str | None) -> str | None:
    """A company's own domain without protocol, path and www; None where anybody can have a mailbox."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", (domain or "").strip().lower()).split("/")[0]
    return bare if bare and bare not in _ANYBODY else None


def mailbox(email: str | None) -> str | None:
    """An address in lower case without a ``+tag``."""
    local, at, domain = (email or "").strip().lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}" if at and local and domain else None


def place(text: str | None) -> str | None:
    """A street, town or country as it is compared."""
    words = fold(text or "").replace(".", " ")
    words = re.sub(r"(?<=\w)(?:strasse|str)\b", "", words)
    return " ".join(re.findall(r"\w+", _STREET.sub(" ", words))) or None
