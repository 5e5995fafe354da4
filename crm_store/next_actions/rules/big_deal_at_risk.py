"""One of the largest open deals has gone quiet."""

from collections.abc import Iterator
from datetime import date, timedelta

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source, touch_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import days_words, times_words

QUIET_DAYS = 14
LEAST_DEALS = 4  # among fewer, none is large


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    amounts = sorted((deal.amount_minor for deal in facts.deals), reverse=True)
    if len(amounts) < LEAST_DEALS:
        return
    large = amounts[len(amounts) // 4]
    for deal in facts.deals:
        last = facts.last_touch(deal)
        since = last.at.date() if last else deal.created
        quiet = (today - since).days
        if deal.amount_minor <= large or quiet < QUIET_DAYS or facts.planned(deal) or deal.distant(today):
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
