"""Tasks and promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import Account, Contact, Deal, Person, Task
from crm_store.queries.pages import Page, filled, page_of


@dataclass(frozen=True, slots=True)
class TaskFacts:
    id: str
    title: str
    kind: str
    status: str
    due: date | None
    done_at: datetime | None
    account_id: str | None
    account: str | None
    deal_id: str | None
    deal: str | None
    contact_id: str | None
    contact: str | None
    owner_id: str | None
    owner: str | None
    source_id: str | None
    created_at: datetime

    def overdue_days(self, today: date) -> int:
        """How many days it is late, 0 when it is not."""
        return max(0, (today - self.due).days) if self.due and self.status == "open" else 0


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; an empty field asks for nothing. Both ends of the period are included."""

    ids: frozenset[str] | None = None
    owner_ids: frozenset[str] | None = None
    account_id: str | None = None
    deal_id: str | None = None
    contact_id: str | None = None
    status: str | None = None
    kind: str | None = None
    due_since: date | None = None
    due_until: date | None = None


def _conditions(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        found.append(Task.id.in_(sorted(wanted.ids)))
    if wanted.owner_ids is not None:
        found.append(Task.owner_id.in_(sorted(wanted.owner_ids)))
    for column, value in (
        (Task.account_id, wanted.account_id), (Task.deal_id, wanted.deal_id), (Task.contact_id, wanted.contact_id),
        (Task.status, wanted.status), (Task.kind, wanted.kind),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.due_since:
        found.append(Task.due >= wanted.due_since)
    if wanted.due_until:
        found.append(Task.due <= wanted.due_until)
    return found


def tasks(session: ScopedSession, wanted: TaskFilter, *, limit: int = 50) -> Page[TaskFacts]:
    """Tasks by their due date, undated ones last, done ones after open ones. What they are about is looked up for those that
    are listed: PostgreSQL would otherwise read all contacts for their names."""
    conditions = _conditions(wanted)
    listed = select(*(getattr(Task, name) for name in _OWN)).where(*conditions)
    its = listed.order_by(*_ordering(Task)).limit(limit).subquery("page").c
    statement = (
        select(
            its.id, its.title, its.kind, its.status, its.due, its.done_at, its.account_id, Account.name, its.deal_id,
            Deal.name, its.contact_id, Contact.name, its.owner_id, Person.name, its.source_id, its.created_at,
        )
        .outerjoin(Account, Account.id == its.account_id)
        .outerjoin(Deal, Deal.id == its.deal_id)
        .outerjoin(Contact, Contact.id == its.contact_id)
        .outerjoin(Person, Person.id == its.owner_id)
        .order_by(*_ordering(its))
    )  # fmt: skip
    rows = filled(TaskFacts, session.execute(statement))
    return page_of(session, rows, limit, select(func.count(Task.id)).where(*conditions))


_OWN = (
    "id", "title", "kind", "status", "due", "done_at", "account_id", "deal_id", "contact_id", "owner_id", "source_id",
    "created_at",
)  # fmt: skip


def _ordering(of: Any) -> tuple[Any, ...]:
    return of.status.desc(), of.due.is_(None), of.due, of.title, of.id


def task(session: ScopedSession, task_id: str) -> TaskFacts:
    """:raises NotVisible: when it is not there or may not be seen."""
    found = tasks(session, TaskFilter(ids=frozenset({task_id})), limit=1).rows
    if not found:
        raise NotVisible("I can't find that task among those you can see.")
    return found[0]


def of_sources(session: ScopedSession, interaction_ids: Iterable[str]) -> tuple[TaskFacts, ...]:
    """Tasks that came out of these interactions."""
    wanted = set(interaction_ids)
    found = session.scalars(select(Task.id).where(Task.source_id.in_(sorted(wanted)))) if wanted else ()
    ids = frozenset(found)
    return tasks(session, TaskFilter(ids=ids), limit=len(ids)).rows if ids else ()
