"""A subscription that ends soon while nobody works on its renewal."""

from collections.abc import Iterator
from datetime import date, timedelta

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import subscription_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import day_words

AHEAD_DAYS = 90


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    worked_on = {deal.account_id for deal in facts.deals if deal.kind == "renewal"}
    for subscription in facts.subscriptions:
        account = facts.account_by_id.get(subscription.account_id or "")
        left = (subscription.ends_on - today).days
        if account is None or account.owner_id not in facts.owner_ids or not 0 <= left <= AHEAD_DAYS:
            continue
        if subscription.account_id in worked_on or subscription.renewal_deal_id is not None:
            continue
        contact = facts.main_contact(account.id)
        yield Candidate(
            rule="renewal_due",
            subject="subscription",
            subject_id=subscription.id,
            account_id=account.id,
            contact_id=contact.id if contact else None,
            title=f"Start the {subscription.product} renewal with {account.name}",
            why=f"{subscription.product} renews on {day_words(subscription.ends_on, today)}; no renewal deal is open.",
            evidence=(subscription_source(subscription),),
            value_minor=subscription.value_minor,
            trigger=subscription.ends_on - timedelta(days=AHEAD_DAYS),
            deadline=subscription.ends_on,
            owner_id=account.owner_id,
        )


RULE = Rule(
    "renewal_due",
    accept=0.7,
    effect=0.12,
    half_life=20,
    find=find,
    purpose="service",
    channels=("phone", "email"),
    bearing="retention",
)
