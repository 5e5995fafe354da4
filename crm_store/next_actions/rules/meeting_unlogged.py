"""A meeting took place and nothing was written down."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import touch_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import day_words

WITHIN_DAYS = 14


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for touch in facts.touches:
        held = touch.at.date()
        if touch.channel != "meeting" or touch.written or touch.at > facts.now or (today - held).days > WITHIN_DAYS:
            continue
        if touch.owner_id not in facts.owner_ids:
            continue
        deal = facts.deal_by_id.get(touch.deal_id or "")
        yield Candidate(
            rule="meeting_unlogged",
            subject="interaction",
            subject_id=touch.id,
            account_id=touch.account_id,
            contact_id=None,
            title=f"Write down '{touch.subject}' with {facts.account_name(touch.account_id)}",
            why=f"The meeting of {day_words(held, today)} has no note.",
            evidence=(touch_source(touch),),
            value_minor=deal.at_stake if deal else facts.account_value(touch.account_id) // 10,
            trigger=held,
            owner_id=touch.owner_id,
            deal_id=touch.deal_id,
        )


RULE = Rule("meeting_unlogged", accept=0.7, effect=0.02, half_life=2, find=find)
