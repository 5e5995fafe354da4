"""Somebody who plays a part in an open deal no longer works there."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import contact_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import day_words


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for deal in facts.deals:
        for role in facts.roles_of.get(deal.id, ()):
            contact = facts.contact_by_id.get(role.contact_id)
            if contact is None or contact.left_on is None or contact.left_on > today:
                continue
            heirs = (
                other.contact_id
                for other in facts.roles_of[deal.id]
                if other.role == role.role and other.contact_id != contact.id
            )
            if any(heir in facts.contact_by_id and facts.contact_by_id[heir].left_on is None for heir in heirs):
                continue  # their part was taken over
            yield Candidate(
                rule="contact_left",
                subject="deal",
                subject_id=deal.id,
                account_id=deal.account_id,
                contact_id=None,
                title=f"Find who follows {contact.name} on {deal.name}",
                why=f"{contact.name}, the {role.role.replace('_', ' ')} ({deal.shown}), "
                f"left on {day_words(contact.left_on, today)}.",
                evidence=(contact_source(contact, today),),
                value_minor=deal.at_stake,
                trigger=contact.left_on,
                owner_id=deal.owner_id,
                deal_id=deal.id,
            )
            break


RULE = Rule("contact_left", accept=0.7, effect=0.1, half_life=5, find=find, bearing="retention")
