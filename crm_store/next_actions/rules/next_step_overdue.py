"""An open deal whose next step should have happened."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import day_words, days_words


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for deal in facts.deals:
        due = deal.next_step_due
        if not deal.next_step or due is None or due >= today:
            continue
        yield Candidate(
            rule="next_step_overdue",
            subject="deal",
            subject_id=deal.id,
            account_id=deal.account_id,
            contact_id=None,
            title=f"{deal.next_step}: {deal.name}",
            why=f"This next step was due {day_words(due, today)}, {days_words((today - due).days)} ago "
            f"({deal.shown}, {deal.stage}).",
            evidence=(deal_source(deal, f"Next step: {deal.next_step}, due {due.isoformat()}"),),
            value_minor=deal.at_stake,
            trigger=due,
            owner_id=deal.owner_id,
            deal_id=deal.id,
        )


RULE = Rule("next_step_overdue", accept=0.6, effect=0.06, half_life=7, find=find)
