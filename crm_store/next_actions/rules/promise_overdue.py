"""Something we told a customer we would do, and did not by the day we said."""

from collections.abc import Iterator
from datetime import date

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import task_source
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.words import day_words, days_words


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    touches = {touch.id: touch for touch in facts.touches}
    for task in facts.tasks:
        if task.kind != "promise" or task.due is None or task.due >= today or task.owner_id not in facts.owner_ids:
            continue
        deal = facts.deal_by_id.get(task.deal_id or "")
        contact = facts.contact_by_id.get(task.contact_id or "")
        late = days_words((today - task.due).days)
        to = f" to {contact.name}" if contact and contact.name.split(" ")[0] not in task.title else ""
        said = touches.get(task.source_id or "")
        yield Candidate(
            rule="promise_overdue",
            subject="task",
            subject_id=task.id,
            account_id=task.account_id,
            contact_id=task.contact_id,
            title=f"Keep the promise{to}: {task.title}",
            why=f"Promised for {day_words(task.due, today)}, {late} late"
            + (f"; {deal.shown} is open in {deal.stage}." if deal else "."),
            evidence=task_source(task, said),
            value_minor=deal.at_stake if deal else facts.account_value(task.account_id) // 10,
            trigger=task.due,
            owner_id=task.owner_id,
            deal_id=task.deal_id,
        )


RULE = Rule(
    "promise_overdue",
    accept=0.8,
    effect=0.08,
    half_life=3,
    find=find,
    purpose="service",
    channels=("email", "phone"),
    bearing="retention",
)
