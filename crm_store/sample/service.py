"""Rows of support cases and of what customers said when asked."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date
from random import Random

from crm_store.base import Base
from crm_store.models import Case, FieldHistory, SurveyResponse
from crm_store.sample.company import PEOPLE, PEOPLE_BY_KEY
from crm_store.sample.customers import contact_id, edited, external, person_id
from crm_store.sample.days import moment, resolve, workday
from crm_store.sample.feedback import CASES, NPS
from crm_store.sample.forms import AccountEntry, Story, Trouble, Verdict
from crm_store.sample.identity import sample_id


def service(account: AccountEntry, stories: list[Story], today: Date) -> Iterator[Base]:
    """Support cases and what was answered when we asked."""
    random = Random(f"service:{account.key}")
    troubles = [trouble for story in stories for trouble in story.troubles]
    verdicts = [verdict for story in stories for verdict in story.verdicts]
    present = [contact.key for contact in account.contacts if contact.left is None]
    if account.kind in ("customer", "former"):
        for position in range(2 if troubles else 3):
            subject, description, comment = CASES[
                (int(sample_id("case", account.key)[-4:], 16) + position * 7) % len(CASES)
            ]
            opened = -random.randrange(70, 500)
            closed = opened + random.randrange(1, 9)
            priority = random.choice(("low", "normal", "normal", "high"))
            troubles.append(
                Trouble(
                    f"{account.key}-r{position}",
                    subject,
                    description,
                    opened,
                    random.choice(present),
                    priority,
                    closed,
                    satisfaction=random.choice((3, 4, 4, 5, 5)),
                    comment=comment,
                )
            )
        if not verdicts:
            score, comment = NPS[int(sample_id("nps", account.key)[-4:], 16) % len(NPS)]
            verdicts.append(Verdict(random.choice(present), score, comment, -random.randrange(20, 200)))
    for trouble in troubles:
        yield from _case(account, trouble, today)
    for position, verdict in enumerate(verdicts):
        yield _response(
            account,
            "nps",
            verdict.score,
            verdict.comment,
            resolve(verdict.day, today),
            verdict.who,
            None,
            f"nps/{account.key}/{position}",
            today,
        )


def _case(account: AccountEntry, trouble: Trouble, today: Date) -> Iterator[Base]:
    zone = PEOPLE_BY_KEY[account.owner].timezone
    random = Random(f"case:{trouble.key}")
    opened = moment(workday(resolve(trouble.opened, today), forward=False), zone, today, random)
    closed = None
    if trouble.closed is not None:
        closed = max(
            moment(workday(resolve(trouble.closed, today), forward=False), zone, today, random),
            opened + timedelta(hours=3),
        )
    case = sample_id("case", trouble.key)
    yield Case(
        id=case,
        number=f"CS-{int(case[-5:], 16) % 9000 + 1000}",
        subject=trouble.subject,
        description=trouble.description,
        status=trouble.status or ("closed" if closed else "open"),
        priority=trouble.priority,
        opened_at=opened,
        first_response_at=opened + timedelta(minutes=random.randrange(5, 120)),
        closed_at=closed,
        contact_id=contact_id(account.key, trouble.who),
        satisfaction=trouble.satisfaction,
        account_id=sample_id("account", account.key),
        owner_id=person_id(account.owner),
        **external(trouble.key),
        **edited(opened, closed),
    )
    yield from _hands(account, trouble, case, opened, closed, today)
    if trouble.satisfaction is not None and closed is not None:
        day = min(closed.date() + timedelta(days=1), today)
        yield _response(
            account, "csat", trouble.satisfaction, trouble.comment, day, trouble.who, case, f"csat/{trouble.key}", today
        )


HANDED_ON = 0.35
"""Of the cases, how many somebody else of the team took first; one in four of those went through a third pair of hands."""


def _hands(
    account: AccountEntry, trouble: Trouble, case: str, opened: datetime, closed: datetime | None, today: Date
) -> Iterator[FieldHistory]:
    """Who had the case, from the first to the account's owner."""
    random = Random(f"hands:{trouble.key}")
    own = PEOPLE_BY_KEY[account.owner]
    others = [one.key for one in PEOPLE if one.team == own.team and one.role == own.role and one.key != own.key]
    owners = [own.key]
    if random.random() < HANDED_ON:
        owners = [*random.sample(others, 2 if random.random() < 0.25 else 1), own.key]
    latest = closed or datetime.combine(today, time(8), UTC)
    step = (max(latest, opened) - opened) / (len(owners) + 1)
    before: str | None = None
    for position, owner in enumerate(owners):
        yield FieldHistory(
            id=sample_id("history", f"case/{trouble.key}/{position}"),
            entity="case",
            entity_id=case,
            field="owner_id",
            old=before,
            new=person_id(owner),
            at=opened + step * position,
            by_id=person_id(owners[max(position - 1, 0)]),
            account_id=sample_id("account", account.key),
            owner_id=person_id(account.owner),
        )
        before = person_id(owner)


def _response(
    account: AccountEntry,
    kind: str,
    score: int,
    comment: str,
    day: Date,
    who: str,
    case: str | None,
    key: str,
    today: Date,
) -> SurveyResponse:
    at = moment(workday(day, forward=False), PEOPLE_BY_KEY[account.owner].timezone, today, Random(f"survey:{key}"))
    return SurveyResponse(
        id=sample_id("survey", key),
        kind=kind,
        score=score,
        comment=comment or None,
        at=at,
        contact_id=contact_id(account.key, who),
        case_id=case,
        account_id=sample_id("account", account.key),
        owner_id=person_id(account.owner),
        **external(key),
    )
