"""An open deal whose close date has passed."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import day_words, times_words


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for deal in facts.deals:
        close = deal.close_date
        if close is None or close >= today:
            continue
        yield Candidate(
            rule="close_date_passed",
            subject="deal",
            subject_id=deal.id,
            account_id=deal.account_id,
            contact_id=None,
            title=f"Re-date or close {deal.name}",
            why=f"{deal.shown} in {deal.stage} was to close {day_words(close, today)}; {times_words(deal.pushes)}.",
            evidence=(deal_source(deal, f"Close date {close.isoformat()}"),),
            value_minor=deal.at_stake,
            trigger=close,
            owner_id=deal.owner_id,
            deal_id=deal.id,
        )


RULE = Rule("close_date_passed", accept=0.7, effect=0.03, half_life=7, find=find)
