"""Keeping no longer than was decided: conversations with the assistant, finished work, and people nobody deals with.

Everything goes in batches, each a transaction of its own, so that a run that is stopped goes on where it was. People are not
erased by a clock: those nobody dealt with for so long are proposed to an administrator, who confirms.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from crm_store.access import Scope
from crm_store.base import Base
from crm_store.changes import Draft, propose
from crm_store.models import (
    CampaignMember,
    Case,
    Contact,
    ConversationTurn,
    Deal,
    DealContact,
    DealStatus,
    InboundEvent,
    Interaction,
    Job,
    Order,
    Participant,
    Person,
    ProposalItem,
    Role,
    SurveyResponse,
    Task,
)
from crm_store.store import Store

BATCH = 1_000
MOST_PROPOSED = 25
"""People in one proposal: what a person can look through before they confirm."""
_MONTH = timedelta(days=30.44)
_SYSTEM = Scope.system("retention")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Retention:
    """Days that conversations and finished jobs are kept, and months after which people nobody dealt with are proposed for
    erasure; 0 keeps them for good."""

    conversations_days: int = 0
    jobs_days: int = 0
    contacts_months: int = 0

    @property
    def any(self) -> bool:
        return bool(self.conversations_days or self.jobs_days or self.contacts_months)


@dataclass(frozen=True)
class Due:
    """How much is older than it is to be kept. ``contacts`` are ids and names of those whose erasure nobody was asked about yet,
    longest untouched first; ``proposed`` is how many of them a run put before an administrator."""

    conversations: int
    jobs: int
    events: int
    contacts: tuple[tuple[str, str], ...]
    proposed: int = 0


def due(session: Session, retention: Retention, now: datetime) -> Due:
    """What a run would remove or propose; nothing is written."""
    counts = dict.fromkeys(("conversations", "jobs", "events"), 0)
    for name, model, old in _old(retention, now):
        counts[name] = session.scalar(select(func.count(model.id)).where(old)) or 0
    silent = list(session.execute(_silent(retention, now))) if retention.contacts_months else []
    return Due(**counts, contacts=tuple((row.id, row.name) for row in silent))


def keep_to(
    store: Store, retention: Retention, now: datetime, progress: Progress, stop: Callable[[], bool] = lambda: False
) -> Due:
    """Remove what is older than it is to be kept, batch by batch, and propose the erasure of silent people to an
    administrator, so many in a run as one person can look through. Returns what was due when it began."""
    with store.read(_SYSTEM) as session:
        found = due(session, retention, now)
    for name, model, old in _old(retention, now):
        total, done = getattr(found, name), 0
        while not stop():
            with store.write(_SYSTEM) as session:
                batch = list(session.scalars(select(model.id).where(old).order_by(model.id).limit(BATCH)))
                session.execute(delete(model).where(model.id.in_(batch)).execution_options(synchronize_session=False))
            done += len(batch)
            progress(f"Removing old {name}", done, max(total, done))
            if len(batch) < BATCH:
                break
    if not found.contacts or stop():
        return found
    return replace(found, proposed=_propose(store, found.contacts[:MOST_PROPOSED], now))


def _old(retention: Retention, now: datetime) -> list[tuple[str, type[Any], ColumnElement[bool]]]:
    """What goes by age alone, as a name, a table and a condition."""
    found: list[tuple[str, type[Any], ColumnElement[bool]]] = []
    if retention.conversations_days:
        before = now - timedelta(days=retention.conversations_days)
        found.append(("conversations", ConversationTurn, ConversationTurn.at < before))
    if retention.jobs_days:
        before = now - timedelta(days=retention.jobs_days)
        over = Job.status.in_(("done", "dead")) & (func.coalesce(Job.finished_at, Job.created_at) < before)
        found.append(("jobs", Job, over))
        found.append(("events", InboundEvent, InboundEvent.received_at < before))
    return found


def _silent(retention: Retention, now: datetime) -> Any:
    """People in the record for so long with whom nobody dealt since: no conversation, order, case, answer or open task,
    and no part in an open deal. Those an administrator was asked about are left to that word."""
    before = now - _MONTH * retention.contacts_months
    met = (
        select(Participant.contact_id)
        .join(Interaction, Interaction.id == Participant.interaction_id)
        .where(Interaction.at >= before, Participant.contact_id.is_not(None))
    )
    plays = (
        select(DealContact.contact_id)
        .join(Deal, Deal.id == DealContact.deal_id)
        .where((Deal.status == DealStatus.OPEN) | (Deal.closed_at >= before))
    )
    since: list[tuple[type[Base], Any]] = [
        (Order, Order.ordered_on >= before.date()),
        (Case, (Case.opened_at >= before) | (Case.status != "closed")),
        (SurveyResponse, SurveyResponse.at >= before),
        (CampaignMember, (CampaignMember.at >= before) & (CampaignMember.status == "responded")),
        (Task, Task.status == "open"),
    ]
    asked = select(ProposalItem.entity_id).where(ProposalItem.action == "erase", ProposalItem.entity == "contact")
    active: list[Any] = [met, plays, asked]
    for model, recent in since:
        named: Any = model
        active.append(select(named.contact_id).where(recent, named.contact_id.is_not(None)))
    statement = select(Contact.id, Contact.name).where(Contact.created_at < before, Contact.updated_at < before)
    for ids in active:
        statement = statement.where(Contact.id.not_in(ids))
    return statement.order_by(Contact.updated_at, Contact.id)


def _propose(store: Store, contacts: tuple[tuple[str, str], ...], now: datetime) -> int:
    """Put these people before an administrator; returns how many, which is none where there is no administrator."""
    with store.read(_SYSTEM) as session:
        admins = (
            select(Person.id).where(Person.role == Role.ADMIN, Person.active).order_by(Person.created_at, Person.id)
        )
        admin = session.scalars(admins).first()
    if admin is None:
        return 0
    drafts = [Draft("erase", "contact", {}, id_, f"Erase {name}") for id_, name in contacts]
    with store.write(Scope(admin, None)) as session:
        propose(
            session,
            person_id=admin,
            drafts=drafts,
            summary="Erase people nobody has dealt with for long",
            origin="rule",
            now=now,
            dedupe_key=f"retention:{contacts[0][0]}",  # two runs at once propose the same people
        )
    return len(contacts)
