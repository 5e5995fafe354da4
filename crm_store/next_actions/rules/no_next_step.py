"""An open deal with no next step and nothing scheduled."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source, touch_source
from crm_store.next_actions.facts import Facts

GRACE_DAYS = 2  # a deal made today is being worked on


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for deal in facts.deals:
        if deal.next_step or (today - deal.created).days < GRACE_DAYS or facts.planned(deal) or deal.distant(today):
            continue
        last = facts.last_touch(deal)
        yield Candidate(
            rule="no_next_step",
            subject="deal",
            subject_id=deal.id,
            account_id=deal.account_id,
            contact_id=None,
            title=f"Agree a next step on {deal.name}",
            why=f"{deal.shown} in {deal.stage}, with no next step and nothing scheduled.",
            evidence=(deal_source(deal, "No next step"), *(() if last is None else (touch_source(last),))),
            value_minor=deal.at_stake,
            trigger=max(deal.stage_entered, last.at.date() if last else deal.created),
            owner_id=deal.owner_id,
            deal_id=deal.id,
        )


RULE = Rule("no_next_step", accept=0.6, effect=0.06, half_life=14, find=find)
