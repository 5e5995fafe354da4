"""The champion of an open deal no longer answers."""

from collections.abc import Iterator
from datetime import date, timedelta

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source, touch_source
from crm_store.next_actions.facts import DealFact, Facts, TouchFact
from crm_store.next_actions.words import day_words, days_words

SILENT_DAYS = 14
WAIT_DAYS = 3  # an unanswered mail of yesterday is no silence


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for deal in facts.deals:
        for role in facts.roles_of.get(deal.id, ()):
            contact = facts.contact_by_id.get(role.contact_id)
            if role.role != "champion" or contact is None or contact.left_on is not None:
                continue
            past = [t for t in facts.touches_of_contact.get(contact.id, ()) if t.at <= facts.now]
            if any(t.at > facts.now for t in facts.touches_of_contact.get(contact.id, ())):
                continue  # they agreed to meet
            heard = max((t for t in past if t.heard), key=lambda t: (t.at, t.id), default=None)
            tries = [t for t in past if t.to_them and not t.heard and (heard is None or t.at > heard.at)]
            tried = max(tries, key=lambda t: (t.at, t.id), default=None)
            if heard is None or tried is None:
                continue
            quiet = (today - heard.at.date()).days
            if quiet < SILENT_DAYS or (today - tried.at.date()).days < WAIT_DAYS:
                continue
            yield Candidate(
                rule="champion_silent",
                subject="deal",
                subject_id=deal.id,
                account_id=deal.account_id,
                contact_id=contact.id,
                title=f"Win {contact.name} back on {deal.name}",
                why=_why(deal, heard, len(tries), today),
                evidence=(touch_source(heard), touch_source(tried), deal_source(deal, f"{contact.name}: champion")),
                value_minor=deal.at_stake,
                trigger=heard.at.date() + timedelta(days=SILENT_DAYS),
                owner_id=deal.owner_id,
                deal_id=deal.id,
            )
            break


def _why(deal: DealFact, heard: TouchFact, tries: int, today: date) -> str:
    day = heard.at.date()
    unanswered = "our message since is" if tries == 1 else f"our {tries} messages since are"
    return (
        f"The champion last replied {day_words(day, today)}, {days_words((today - day).days)} ago; "
        f"{unanswered} unanswered ({deal.shown}, {deal.stage})."
    )


RULE = Rule(
    "champion_silent",
    accept=0.5,
    effect=0.08,
    half_life=10,
    find=find,
    purpose="service",
    channels=("phone", "email"),
    bearing="retention",
)
