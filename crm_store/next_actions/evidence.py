"""Sources of reasons: which row, and its words."""

from datetime import UTC, date, datetime, time

from crm_store.next_actions.candidate import SourceRef
from crm_store.next_actions.facts import (
    CaseFact,
    ContactFact,
    DealFact,
    SubscriptionFact,
    SurveyFact,
    TaskFact,
    TouchFact,
)
from crm_store.next_actions.words import day_words


def deal_source(deal: DealFact, quote: str) -> SourceRef:
    return SourceRef("deal", deal.id, deal.name, deal.updated_at, quote)


def touch_source(touch: TouchFact, hint: str = "") -> SourceRef:
    """Its quote is read from the interaction once the suggestion is shown."""
    return SourceRef("interaction", touch.id, touch.subject, touch.at, "", hint, None, touch.channel)


def task_source(task: TaskFact, said: TouchFact | None) -> tuple[SourceRef, ...]:
    """The promise, and where it was made."""
    own = SourceRef("task", task.id, "Promise" if task.kind == "promise" else "Task", task.created_at, task.title)
    return (own,) if said is None else (touch_source(said, task.title), own)


def subscription_source(subscription: SubscriptionFact) -> SourceRef:
    quote = f"{subscription.product}, ends {subscription.ends_on.isoformat()}"
    return SourceRef(
        "subscription", subscription.id, f"{subscription.product} subscription", subscription.updated_at, quote
    )


def case_source(case: CaseFact) -> SourceRef:
    return SourceRef("case", case.id, f"Case {case.number}: {case.subject}", case.opened_at, case.subject)


def survey_source(survey: SurveyFact, speaker: str) -> SourceRef:
    return SourceRef(
        "survey", survey.id, f"NPS {survey.score}", survey.at, survey.comment or f"Score {survey.score}", "", speaker
    )


def contact_source(contact: ContactFact, today: date) -> SourceRef:
    assert contact.left_on is not None
    at = datetime.combine(contact.left_on, time(12), UTC)
    return SourceRef("contact", contact.id, contact.name, at, f"Left on {day_words(contact.left_on, today)}")
