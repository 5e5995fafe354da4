"""How much each agreement between two records says for their being one, and how much each difference says against it.

The method is that of Fellegi and Sunter (A Theory for Record Linkage, Journal of the American Statistical Association 64,
1969): every field adds ``log2(m / u)``, where m is how often it agrees in true pairs and u how often it agrees by chance, and
a difference takes away ``log2((1 - u) / (1 - m))``. The weights below are such binary logarithms, rounded, for business
records; a frequent name says less than a rare one, after Winkler's frequency-based matching (U.S. Census Bureau, 1989).
"""

import math
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from crm_store.duplicates.forms import AccountForm, ContactForm, same_first_name

SUGGESTED_FROM = 9.0
"""Bits of evidence from which two records are suggested: a shared name alone is less, a shared name and employer more."""
_SHORT = 5
"""Names of fewer letters are not compared for misspellings: Asa and Ava are two people."""


@dataclass(frozen=True)
class Weighed:
    """``bits`` for their being one, and each agreement in words."""

    bits: float
    reasons: tuple[str, ...]

    @property
    def probability(self) -> float:
        """Of 0 to 1; one half at the bits from which they are suggested, less two."""
        return 1 / (1 + 2 ** -(self.bits - SUGGESTED_FROM + 2))


class _Sum:
    def __init__(self) -> None:
        self.bits = 0.0
        self.reasons: list[str] = []

    def add(self, bits: float, reason: str = "") -> None:
        self.bits += bits
        if reason:
            self.reasons.append(reason)

    def weighed(self) -> Weighed:
        return Weighed(round(self.bits, 2), tuple(self.reasons))


def weigh_accounts(one: AccountForm, other: AccountForm, sharing_name: int = 2) -> Weighed:
    """``sharing_name`` is how many accounts have this name."""
    total = _Sum()
    if one.core == other.core:
        less = math.log2(max(sharing_name - 1, 1))
        total.add(
            11 - less, "same name" + ("" if one.name.casefold() == other.name.casefold() else " but for its legal form")
        )
    elif one.joined == other.joined:
        total.add(10, "same name, written apart")
    elif _close(one.joined, other.joined):
        total.add(7, "almost the same name")
    elif set(one.core) < set(other.core) or set(other.core) < set(one.core):
        total.add(9 if min(len(one.core), len(other.core)) > 1 else 5, "one name is part of the other")
    else:
        total.add(-3)
    if one.domain and other.domain:
        total.add(9, f"same domain {one.domain}") if one.domain == other.domain else total.add(-3)
    if one.phone and other.phone:
        total.add(7, "same phone number") if one.phone == other.phone else total.add(-0.5)
    if one.street and one.street == other.street and one.city == other.city:
        total.add(6, "same address")
    elif one.city and other.city:
        total.add(1, "same city") if one.city == other.city else total.add(-1.5)
    if one.country and other.country and one.country != other.country:
        total.add(-4)
    return total.weighed()


def weigh_contacts(one: ContactForm, other: ContactForm, sharing_name: int = 2) -> Weighed:
    """``sharing_name`` is how many contacts have this name."""
    total = _Sum()
    _weigh_names(total, one, other, sharing_name)
    if one.email and other.email:
        if one.email == other.email:
            total.add(10, f"same e-mail {one.email}")
        elif one.email.partition("@")[2] == other.email.partition("@")[2]:
            total.add(-2)  # one employer rarely gives one person two addresses
    if one.phone and other.phone:
        total.add(7, "same phone number") if one.phone == other.phone else total.add(-0.5)
    if one.account_id and other.account_id:
        total.add(4, f"both at {one.account}") if one.account_id == other.account_id else total.add(-2)
    elif one.mail_domain and one.mail_domain == other.mail_domain:
        total.add(4, f"both at {one.mail_domain}")
    if one.title and other.title and one.title.casefold() == other.title.casefold():
        total.add(1, "same job title")
    return total.weighed()


def _weigh_names(total: _Sum, one: ContactForm, other: ContactForm, sharing_name: int) -> None:
    how = same_first_name(one.first, other.first)
    crossed = one.first == other.last and one.last == other.first and bool(one.last)
    if (how == "same" and one.last == other.last and one.last) or crossed:
        total.add(8 - math.log2(max(sharing_name - 1, 1)) / 2, "same name" + (", in another order" if crossed else ""))
    elif one.last and one.last == other.last and how is not None:
        words = {
            "nickname": f"{one.first.title()} is short for {other.first.title()} or the other way round",
            "initial": "same initial",
        }
        total.add(6 if how == "nickname" else 5, f"same last name, {words[how]}")
    elif one.last and other.last and _close(f"{one.first} {one.last}", f"{other.first} {other.last}"):
        total.add(5, "almost the same name")
    elif how == "same" and not (one.last and other.last):
        total.add(2, "same first name")
    else:
        total.add(-6)


def _close(one: str, other: str) -> bool:
    """Whether one is a misspelling of the other: one letter, or two in a long name, the first letter never."""
    if min(len(one), len(other)) < _SHORT or one[:1] != other[:1]:
        return False
    allowed = 1 if min(len(one), len(other)) < 10 else 2
    return bool(OSA.distance(one, other, score_cutoff=allowed) <= allowed)
