"""What the name index holds and what it answers with."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["account", "contact", "deal", "person", "product", "stage", "pipeline", "team", "competitor"]
How = Literal["id", "exact", "email", "domain", "part", "nickname", "typo", "account", "status"]

SAME = 0.06
"""Scores closer than this do not tell two names apart; someone has to be asked."""


@dataclass(frozen=True, slots=True)
class Name:
    """Something of the record by its name. ``also`` holds e-mail addresses, domains and codes. ``title`` is a contact's
    job title; ``status`` is a deal's or a stage's (open, won, lost) and "left" for a contact who is gone. ``close_date`` and
    the amount, in minor units of ``currency``, are a deal's."""

    kind: Kind
    id: str
    text: str
    also: tuple[str, ...] = ()
    account_id: str | None = None
    title: str | None = None
    status: str | None = None
    close_date: date | None = None
    owner_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """A value that accounts or deals of the record have in a field of the reports: industry, country, region, city, source."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """``score`` is 1.0 for an identical name and falls with what was left out or misspelt."""

    name: Name
    score: float
    how: How


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a sentence names something: ``sentence[start:end]``, and what it may be, best first."""

    start: int
    end: int
    text: str
    matches: tuple[Match, ...]

    def of(self, *kinds: Kind) -> list[Match]:
        """The matches of these kinds that cannot be told apart from the best one among them."""
        return winners([match for match in self.matches if match.name.kind in kinds])

    @property
    def kind(self) -> Kind:
        """The kind of the best match."""
        return self.matches[0].name.kind


def winners(matches: list[Match]) -> list[Match]:
    """The matches that share the first place. One: it is meant. Several: ask. None: nothing of that name is seen."""
    if not matches:
        return []
    best = max(match.score for match in matches)
    return [match for match in matches if match.score > best - SAME]
