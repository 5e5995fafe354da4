"""A contact who recommends us, with nothing open that would make asking a favour awkward."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import survey_source
from crm_store.next_actions.facts import Facts, SurveyFact
from crm_store.next_actions.words import day_words

PROMOTER = 9
WITHIN_DAYS = 180


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    newest: dict[str, SurveyFact] = {}
    for survey in sorted(facts.surveys, key=lambda survey: (survey.at, survey.id)):
        if survey.kind == "nps" and survey.contact_id is not None:
            newest[survey.contact_id] = survey
    for contact_id, survey in sorted(newest.items()):
        contact = facts.contact_by_id.get(contact_id)
        account = facts.account_by_id.get(survey.account_id or "")
        if contact is None or account is None or account.owner_id not in facts.owner_ids or contact.left_on is not None:
            continue
        given = survey.at.date()
        if survey.score < PROMOTER or (today - given).days > WITHIN_DAYS:
            continue
        if any(case.status != "closed" for case in facts.cases_of_account.get(account.id, ())):
            continue
        yield Candidate(
            rule="referral_ask",
            subject="contact",
            subject_id=contact.id,
            account_id=account.id,
            contact_id=contact.id,
            title=f"Ask {contact.name} at {account.name} for a reference",
            why=f"{contact.name} scored us {survey.score}/10 on {day_words(given, today)}, and no case is open.",
            evidence=(survey_source(survey, contact.name),),
            value_minor=account.value_minor,
            trigger=given,
            owner_id=account.owner_id,
        )


RULE = Rule(
    "referral_ask",
    accept=0.4,
    effect=0.06,
    half_life=30,
    find=find,
    purpose="marketing",
    channels=("email", "phone"),
    bearing="growth",
)
