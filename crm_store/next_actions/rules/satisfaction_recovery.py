"""A case that ended badly for the customer, and nobody has spoken to them since."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import case_source
from crm_store.next_actions.facts import TWO_WAY, Facts
from crm_store.next_actions.words import day_words

BAD_SCORE = 2
WITHIN_DAYS = 60


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for case in facts.cases:
        account = facts.account_by_id.get(case.account_id or "")
        if account is None or account.owner_id not in facts.owner_ids:
            continue
        if (
            case.closed_at is None
            or case.closed_at > facts.now
            or case.satisfaction is None
            or case.satisfaction > BAD_SCORE
        ):
            continue
        closed = case.closed_at.date()
        if (today - closed).days > WITHIN_DAYS:
            continue
        if any(
            touch.channel in TWO_WAY and case.closed_at < touch.at <= facts.now
            for touch in facts.touches_of_account.get(account.id, ())
        ):
            continue
        contact = facts.contact_by_id.get(case.contact_id or "") or facts.main_contact(account.id)
        yield Candidate(
            rule="satisfaction_recovery",
            subject="case",
            subject_id=case.id,
            account_id=account.id,
            contact_id=contact.id if contact else None,
            title=f"Call {contact.name if contact else account.name} about case {case.number}",
            why=f"Case {case.number} closed {day_words(closed, today)} with a score of {case.satisfaction}/5; "
            "nobody has called.",
            evidence=(case_source(case),),
            value_minor=account.value_minor,
            trigger=closed,
            owner_id=account.owner_id,
        )


RULE = Rule(
    "satisfaction_recovery",
    accept=0.6,
    effect=0.08,
    half_life=3,
    find=find,
    purpose="service",
    channels=("phone", "email"),
    bearing="retention",
)
