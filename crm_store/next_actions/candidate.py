"""What a rule finds, what a suggestion is, and what a rule must say about itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crm_store.next_actions.facts import Facts

Purpose = Literal["service", "marketing"]
Effect = Literal["retention", "growth", "neutral"]


@dataclass(frozen=True)
class SourceRef:
    """A row that a reason rests on. ``quote`` is verbatim from it, or empty until
    :func:`~crm_store.next_actions.quotes.quoted` reads it from the row; ``hint`` are the words to look for there."""

    kind: str
    id: str
    title: str
    at: datetime
    quote: str = ""
    hint: str = ""
    speaker: str | None = None
    channel: str = ""


@dataclass(frozen=True)
class Candidate:
    """An action a rule would suggest. ``value_minor`` is the money at stake in the reporting currency; ``trigger``
    is the day it became due; ``deadline`` a day it has to be done by, when there is one."""

    rule: str
    subject: str
    subject_id: str
    account_id: str | None
    contact_id: str | None
    title: str
    why: str
    evidence: tuple[SourceRef, ...]
    value_minor: int
    trigger: date
    deadline: date | None = None
    owner_id: str | None = None
    deal_id: str | None = None

    @property
    def id(self) -> str:
        return f"{self.rule}:{self.subject_id}"


@dataclass(frozen=True)
class Rule:
    """``accept`` and ``effect`` are priors (guesses until feedback and outcomes replace them); ``half_life`` is in
    days. A customer-facing rule has a ``purpose`` and the ``channels`` it would use, best first."""

    name: str
    accept: float
    effect: float
    half_life: int
    find: Callable[[Facts, date], Iterable[Candidate]]
    purpose: Purpose | None = None
    channels: tuple[str, ...] = ()
    bearing: Effect = "neutral"

    @property
    def customer_facing(self) -> bool:
        return self.purpose is not None


@dataclass(frozen=True)
class Factors:
    """``score = P * E * V * U * C * F * L``: likely to be accepted, its effect, the value at stake, how urgent, the
    context, the fatigue of the contact, and the administrator's lever."""

    p: float
    e: float
    v: float
    u: float
    c: float
    f: float
    l: float  # noqa: E741  (its name in the formula)

    @property
    def score(self) -> float:
        return self.p * self.e * self.v * self.u * self.c * self.f * self.l

    def named(self) -> tuple[tuple[str, float], ...]:
        return (
            ("P", self.p),
            ("E", self.e),
            ("V", self.v),
            ("U", self.u),
            ("C", self.c),
            ("F", self.f),
            ("L", self.l),
            ("score", self.score),
        )


@dataclass(frozen=True)
class Suggestion:
    """A candidate that passed every gate. ``channel`` is the one it may use, None when it does not go to the
    customer. ``also`` are further reasons to act on the same account, which passed the gates too."""

    candidate: Candidate
    factors: Factors
    channel: str | None = None
    also: tuple[Candidate, ...] = ()

    @property
    def id(self) -> str:
        return self.candidate.id

    @property
    def score(self) -> float:
        return self.factors.score


@dataclass(frozen=True)
class Refusal:
    """A candidate that a gate held back, and why, in a sentence."""

    candidate: Candidate
    gate: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """The suggestions in order, and everything that was held back."""

    suggestions: tuple[Suggestion, ...]
    refused: tuple[Refusal, ...]
