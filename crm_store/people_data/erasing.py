"""Erasing a person (Article 17 of the GDPR): no trace of who they were stays anywhere in the record.

What is only theirs goes: the contact, their consents, roles, answers, history and the suggestions about them. What belongs
to others as well stays without them: a shared meeting keeps what the others said, an order its amount. Of a conversation
that only they took part in, the date and the channel stay, so that no number changes, and every word goes. The audit says
that one person's data was erased, when and by whom, and no more; a change that held something of them cannot be undone.

The words go from the tables, the full-text index and the vectors in the caller's transaction. What files still hold between
their pages is removed afterwards by the job :data:`JOB_KIND` (see :meth:`crm_store.store.Store.compact`), which also makes
the passages of the rows it names and the vector index anew.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession
from crm_store.errors import NotPermitted
from crm_store.jobs import enqueue
from crm_store.models import (
    ChangeLine,
    Contact,
    ConversationTurn,
    FieldHistory,
    ItemStatus,
    Job,
    Merged,
    Participant,
    Person,
    Proposal,
    ProposalItem,
    Role,
    SuggestionEvent,
    SurveyResponse,
)
from crm_store.people_data.redacting import (
    MARK,
    about,
    conversations,
    empty,
    linked_rows,
    pages,
    redact_rows,
    silence,
    unread,
)
from crm_store.people_data.scanning import named
from crm_store.people_data.subject import Subject, names_person, terms_of
from crm_store.people_data.terms import ERASED, Terms
from crm_store.references import read_again, references, table_of

JOB_KIND = "after_erasure"
SUMMARY = "One person's data was erased"
_HELD_MEETING = "meeting_held"


@dataclass(frozen=True)
class Erasure:
    """``deleted`` and ``redacted`` count rows by table; ``emptied`` the conversations only this person took part in.
    ``terms`` are for what lies outside the record; they are not to be kept or logged."""

    contacts: int
    deleted: Mapping[str, int]
    redacted: Mapping[str, int]
    emptied: int
    terms: Terms


def check_admin(session: ScopedSession) -> None:
    """:raises NotPermitted: unless the session is an administrator's, or the system's, with nothing narrowed."""
    person_id = session.scope.person_id
    person = session.get(Person, person_id) if person_id is not None else None
    if not session.scope.everything or (person_id is not None and (person is None or person.role != Role.ADMIN)):
        raise NotPermitted(
            "Only an administrator can erase a person, in a conversation that nobody else reads. Ask one to run "
            "'rapport person erase'."
        )


def preview(session: ScopedSession, subject: Subject) -> Erasure:
    """What :func:`erase` would do; nothing is written."""
    check_admin(session)
    terms = terms_of(session, subject)
    with session.raw("what erasing a person would touch"):
        alone, shared = conversations(session, subject)
        found = Counter(
            each.table.name for each in named(session, terms, linked_rows(session, subject, alone | shared))
        )
        deleted = {
            reference.table.name: count
            for reference in references("contact")
            if _goes(reference.table, reference.column.nullable)
            and (count := len(list(session.scalars(select(reference.table.c.id).where(about(reference, subject))))))
        }
    return Erasure(len(subject.contact_ids), deleted, dict(found), len(alone), terms)


def erase(session: ScopedSession, subject: Subject, *, change_id: str, now: datetime) -> Erasure:
    """Erase the person in this transaction.

    :raises NotPermitted: for anybody but an administrator.
    """
    check_admin(session)
    session.flush()
    terms = terms_of(session, subject)
    with session.raw("erasing a person"):
        alone, shared = conversations(session, subject)
        linked = linked_rows(session, subject, alone | shared)
        empty(session, alone)
        silence(session, shared, terms)
        stale = redact_rows(session, terms, linked, alone)
        _close_audit(session, subject, alone)
        deleted = _let_go(session, subject)
        _drop_held_meetings(session, terms)
        rows = sorted(stale.rows | {("interaction", id_) for id_ in alone | shared})
        unread(session, rows, emptied=alone)
    enqueue(session, JOB_KIND, f"{JOB_KIND}:{change_id}", {"rows": [list(row) for row in rows]}, now=now)
    session.flush()
    read_again(session)
    return Erasure(len(subject.contact_ids), deleted, dict(stale.counts), len(alone), terms)


# The audit, and what is only theirs.


def _close_audit(session: Session, subject: Subject, alone: set[str]) -> None:
    lines, items, proposals = table_of(ChangeLine), table_of(ProposalItem), table_of(Proposal)
    for entity, ids in (("contact", subject.ids), ("interaction", sorted(alone))):
        for page in pages(ids):
            their = (lines.c.entity == entity, lines.c.entity_id.in_(page))
            session.execute(update(lines).where(*their).values(before={}, after=MARK, evidence=[]))
            about = (items.c.entity == entity, items.c.entity_id.in_(page))
            session.execute(update(items).where(*about).values(changes={}, evidence=[], label=ERASED))
            waiting = update(items).where(*about, items.c.status == ItemStatus.OPEN)
            session.execute(waiting.values(status=ItemStatus.REJECTED))
    for table in (lines, items):
        for page in pages(sorted(subject.account_ids)):
            if "account_id" in table.c:
                quoting = select(table.c.id, table.c.evidence).where(table.c.account_id.in_(page))
            else:
                their_lines = select(lines.c.item_id).where(lines.c.account_id.in_(page))
                quoting = select(table.c.id, table.c.evidence).where(
                    table.c.id.in_(their_lines) | (table.c.status == ItemStatus.OPEN)
                )
            for id_, evidence in session.execute(quoting).all():
                kept = [each for each in evidence if not names_person(each, alone)]
                if kept != evidence:
                    session.execute(update(table).where(table.c.id == id_).values(evidence=kept))
    decided = select(items.c.proposal_id).where(items.c.label == ERASED)
    session.execute(
        update(proposals).where(proposals.c.id.in_(decided), proposals.c.decided_at.is_(None)).values(summary=SUMMARY)
    )


def _let_go(session: Session, subject: Subject) -> dict[str, int]:
    """Delete what is only theirs and take the person out of the rest; returns how many rows went, by table."""
    gone: Counter[str] = Counter()
    answers, merged, turns = table_of(SurveyResponse), table_of(Merged), table_of(ConversationTurn)
    session.execute(update(answers).where(answers.c.contact_id.in_(subject.ids)).values(comment=None))
    for reference in references("contact"):
        table = reference.table
        if _goes(table, reference.column.nullable):
            statement = delete(table).where(about(reference, subject)).returning(table.c.id)
            gone[table.name] += len(list(session.execute(statement).scalars()))
        elif reference.kind is None:
            session.execute(update(table).where(about(reference, subject)).values({reference.column.name: None}))
    theirs = (merged.c.entity == "contact", merged.c.kept_id.in_(subject.ids) | merged.c.lost_id.in_(subject.ids))
    session.execute(delete(merged).where(*theirs))
    session.execute(update(merged).where(_holds(merged.c.undoing, subject.ids)).values(lost={}, undoing={}))
    session.execute(update(turns).where(_holds(turns.c.memory, subject.ids)).values(memory={}))
    table = table_of(Contact)
    session.execute(delete(table).where(table.c.id.in_(subject.contact_ids)))
    gone["contact"] = len(subject.contact_ids)
    return dict(gone)


def _holds(column: Column[Any], ids: Collection[str]) -> ColumnElement[bool]:
    """Whether a JSON value holds one of the ids, which the database finds: there may be very many values, and long ones."""
    return or_(*(cast(column, Text).contains(id_) for id_ in ids))


_ONLY_THEIRS = frozenset(model.__tablename__ for model in (Participant, FieldHistory, SuggestionEvent))
_KEPT_EMPTY = frozenset(model.__tablename__ for model in (ChangeLine, ProposalItem))


def _goes(table: Table, nullable: bool | None) -> bool:
    """Whether a row that names the contact is only theirs: it cannot be without one, or says nothing without."""
    return table.name not in _KEPT_EMPTY and (table.name in _ONLY_THEIRS or not nullable)


def _drop_held_meetings(session: Session, terms: Terms) -> None:
    """Transcripts that wait to be filed are kept as they came, in a form that no search of words sees."""
    jobs = table_of(Job)
    for id_, payload in session.execute(select(jobs.c.id, jobs.c.payload).where(jobs.c.kind == _HELD_MEETING)).all():
        if any(terms.redact(text, about=True) != text for text in _texts(payload)):
            session.execute(delete(jobs).where(jobs.c.id == id_))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
        try:
            yield base64.b64decode(value, validate=True).decode("utf-8", "ignore")
        except (binascii.Error, ValueError):
            return
