"""Small facts for the rules: one account with one open deal and one contact, to be varied by each test."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from crm_store.next_actions import Candidate, decide, rank
from crm_store.next_actions.candidate import Plan
from crm_store.next_actions.facts import (
    AccountFact,
    CaseFact,
    ContactFact,
    DealFact,
    Facts,
    RoleFact,
    SubscriptionFact,
    SurveyFact,
    TaskFact,
    TouchFact,
)
from crm_store.next_actions.rules import RULES

TODAY = date(2026, 11, 18)
ME = "me"


def day(offset: int, hour: int = 10) -> datetime:
    """The moment ``offset`` days from today."""
    return datetime.combine(TODAY + timedelta(days=offset), time(hour), UTC)


def on(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def deal(key: str = "deal", **changes: Any) -> DealFact:
    """A healthy deal: entered its stage lately, closes later, has a next step that is not due yet."""
    healthy = DealFact(
        key,
        f"Deal {key}",
        "account",
        ME,
        "Proposal",
        "proposal",
        60,
        "new",
        50_000_00,
        "EUR 50,000",
        on(40),
        "Call them",
        on(5),
        on(-6),
        on(-60),
        day(-6),
    )
    return replace(healthy, **changes)


def contact(key: str = "contact", **changes: Any) -> ContactFact:
    return replace(ContactFact(key, f"Person {key}", "account", False, None, day(-90)), **changes)


def touch(key: str, offset: int, **changes: Any) -> TouchFact:
    """An outbound e-mail to the contact about the deal."""
    plain = TouchFact(
        key, day(offset), "email", "outbound", "account", "deal", ME, f"About {key}", True, frozenset({"contact"})
    )
    return replace(plain, **changes)


def task(key: str = "task", **changes: Any) -> TaskFact:
    """A promise, due tomorrow."""
    plain = TaskFact(key, "Send the report", "promise", on(1), "account", "deal", "contact", ME, None, day(-9))
    return replace(plain, **changes)


def subscription(**changes: Any) -> SubscriptionFact:
    """Ends in a month and has no renewal deal."""
    return replace(SubscriptionFact("subscription", "account", "Plan", on(30), 20_000_00, None, day(-300)), **changes)


def case(**changes: Any) -> CaseFact:
    """Closed five days ago with the worst score."""
    plain = CaseFact("case", "account", "contact", "C-1", "Label printer down", "closed", "high", day(-9), day(-5), 1)
    return replace(plain, **changes)


def survey(**changes: Any) -> SurveyFact:
    """A promoter's answer of last week."""
    return replace(SurveyFact("survey", "account", "contact", "nps", 10, "Glad we chose you.", day(-7)), **changes)


def facts(**rows: Any) -> Facts:
    """One account of mine with one contact, its champion; nothing is due."""
    usual: dict[str, Any] = {
        "accounts": (AccountFact("account", "Acme", "customer", ME, 30_000_00),),
        "contacts": (contact(),),
        "deals": (deal(),),
        "roles": (RoleFact("deal", "contact", "champion"),),
    }
    return Facts(now=day(0, 12), owner_ids=frozenset({ME}), **(usual | rows))


def found(rule: str, known: Facts) -> list[Candidate]:
    """What one rule finds, before any gate."""
    return [candidate for entry in RULES if entry.name == rule for candidate in entry.find(known, TODAY)]


def plan(known: Facts, **options: Any) -> Plan:
    return decide(known, TODAY, ME, **options)


def passing(known: Facts) -> set[str]:
    """The names of the rules with a candidate that passes every gate of contact, consent and cool-down."""
    return {one.candidate.rule for one in rank(known, TODAY, ME)[0]}
