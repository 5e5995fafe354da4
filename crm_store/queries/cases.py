"""Support cases and answers to surveys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from crm_store.access import ScopedSession
from crm_store.models import Account, Case, Contact, SurveyResponse
from crm_store.queries.pages import Page, filled, page_of

OPEN = ("open", "waiting")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    id: str
    number: str
    subject: str
    description: str | None
    status: str
    priority: str
    opened_at: datetime
    first_response_at: datetime | None
    closed_at: datetime | None
    satisfaction: int | None
    account_id: str | None
    account: str | None
    contact: str | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    id: str
    kind: str
    score: int
    comment: str | None
    at: datetime
    contact_id: str | None
    contact: str | None


def cases(
    session: ScopedSession,
    *,
    account_id: str | None = None,
    owner_ids: frozenset[str] | None = None,
    status: str | None = None,
    limit: int = 20,
) -> Page[CaseFacts]:
    """Cases, open ones first by urgency, and the newest first. ``status`` open includes waiting ones.

    ``owner_ids`` are the owners of the accounts.
    """
    conditions: list[ColumnElement[bool]] = []
    if account_id:
        conditions.append(Case.account_id == account_id)
    if owner_ids is not None:
        conditions.append(Case.account_id.in_(select(Account.id).where(Account.owner_id.in_(sorted(owner_ids)))))
    if status == "open":
        conditions.append(Case.status.in_(OPEN))
    elif status:
        conditions.append(Case.status == status)
    urgency = case({"urgent": 0, "high": 1, "normal": 2, "low": 3}, value=Case.priority, else_=2)
    closed = Case.status.not_in(OPEN)
    statement = (
        select(
            Case.id, Case.number, Case.subject, Case.description, Case.status, Case.priority, Case.opened_at,
            Case.first_response_at, Case.closed_at, Case.satisfaction, Case.account_id, Account.name, Contact.name,
        )
        .outerjoin(Account, Account.id == Case.account_id)
        .outerjoin(Contact, Contact.id == Case.contact_id)
        .where(*conditions)
        .order_by(closed, case((closed, 0), else_=urgency), Case.opened_at.desc())
        .limit(limit)
    )  # fmt: skip
    rows = filled(CaseFacts, session.execute(statement))
    return page_of(session, rows, limit, select(func.count(Case.id)).where(*conditions))


def surveys(
    session: ScopedSession, account_id: str, *, kind: str | None = None, limit: int = 5
) -> tuple[SurveyFacts, ...]:
    """Answers from an account, newest first."""
    statement = (
        select(
            SurveyResponse.id, SurveyResponse.kind, SurveyResponse.score, SurveyResponse.comment, SurveyResponse.at,
            SurveyResponse.contact_id, Contact.name,
        )
        .outerjoin(Contact, Contact.id == SurveyResponse.contact_id)
        .where(SurveyResponse.account_id == account_id)
        .order_by(SurveyResponse.at.desc())
        .limit(limit)
    )  # fmt: skip
    if kind:
        statement = statement.where(SurveyResponse.kind == kind)
    return filled(SurveyFacts, session.execute(statement))
