"""One of the largest open deals has gone quiet."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source, touch_source
from crm_store.next_actions.facts import DealFact, Facts
from crm_store.next_actions.words import days_words, times_words

QUIET_DAYS = 14
LEAST_DEALS = 4  # among fewer, none is large


def large_amount(deals: Sequence[DealFact]) -> int | None:
    """What a deal's amount must be above to be among the largest quarter; None where there are too few to say."""
    if len(deals) < LEAST_DEALS:
        return None
    return sorted((deal.amount_minor for deal in deals), reverse=True)[len(deals) // 4]


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    large = large_amount(facts.deals)
    if large is None:
        return
    for deal in facts.deals:
        if deal.amount_minor <= large or deal.distant(today) or facts.planned(deal):
            continue
        last = facts.last_touch(deal)
        since = last.at.date() if last else deal.created
        quiet = (today - since).days
        if quiet < QUIET_DAYS:
            continue
        yield Candidate(
            rule="big_deal_at_risk",
            subject="deal",
            subject_id=deal.id,
            account_id=deal.account_id,
            contact_id=None,
            title=f"Revive {deal.name}",
            why=f"Large deal ({deal.shown}) quiet {days_words(quiet)}, {times_words(deal.pushes)}.",
            evidence=(
                deal_source(deal, f"{deal.shown} in {deal.stage}"),
                *(() if last is None else (touch_source(last),)),
            ),
            value_minor=deal.at_stake,
            trigger=since + timedelta(days=QUIET_DAYS),
            owner_id=deal.owner_id,
            deal_id=deal.id,
        )


RULE = Rule("big_deal_at_risk", accept=0.6, effect=0.08, half_life=7, find=find)
