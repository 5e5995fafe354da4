"""Reading proposals and changes back, with the names behind the ids they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from crm_store.changes.custom import fields_of, other_values
from crm_store.changes.fields import Field, entity
from crm_store.changes.rows import reference
from crm_store.errors import NotVisible
from crm_store.models import Change, ChangeLine, ItemStatus, Proposal, ProposalItem


@dataclass(frozen=True)
class ReadItem:
    """``changes`` maps a field to its old and new value in JSON form; ``names`` maps every id among them to a name.
    ``others`` are the row's custom values that are not among them, ``fields`` describes both."""

    id: str
    action: str
    entity: str
    entity_id: str
    label: str
    changes: Mapping[str, Mapping[str, Any]]
    evidence: tuple[Mapping[str, Any], ...]
    status: str
    names: Mapping[str, str]
    currency: str | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadProposal:
    """``change_id`` is the newest change it became, ``undone`` whether that was taken back."""

    id: str
    person_id: str
    summary: str
    origin: str
    thread_id: str | None
    decided_at: datetime | None
    items: tuple[ReadItem, ...]
    change_id: str | None
    undone: bool

    @property
    def status(self) -> str:
        """open, applied, partly applied, rejected or replaced."""
        found = {item.status for item in self.items}
        if len(found) == 1:
            return found.pop()
        if ItemStatus.APPLIED in found:
            return "partly applied" if ItemStatus.OPEN in found else "applied"
        return "open" if ItemStatus.OPEN in found else "rejected"


def read_proposal(session: Session, proposal_id: str) -> ReadProposal:
    """:raises NotVisible: when there is none of this id that the session's scope lets through."""
    statement = select(Proposal).where(Proposal.id == proposal_id).options(selectinload(Proposal.items))
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotVisible("I can't find that proposal among yours; ask again and I'll make a new one.")
    change_id = session.scalars(
        select(Change.id)
        .where(Change.proposal_id == row.id, Change.undo_of.is_(None))
        .order_by(Change.at.desc(), Change.id.desc())
    ).first()
    undone = (
        change_id is not None
        and session.scalars(select(Change.id).where(Change.undo_of == change_id)).first() is not None
    )
    fresh = {item.entity_id: _label(item) for item in row.items if item.action == "create"}
    items = tuple(_item(session, item, fresh) for item in row.items)
    return ReadProposal(
        row.id, row.person_id, row.summary, row.origin, row.thread_id, row.decided_at, items, change_id, undone
    )


def open_proposals(session: Session, person_id: str, thread_id: str) -> list[str]:
    """Ids of a person's proposals in a thread that still wait, newest first."""
    waiting = select(ProposalItem.proposal_id).where(ProposalItem.status == ItemStatus.OPEN)
    statement = select(Proposal.id).where(
        Proposal.person_id == person_id, Proposal.thread_id == thread_id, Proposal.id.in_(waiting)
    )
    return list(session.scalars(statement.order_by(Proposal.created_at.desc(), Proposal.id.desc())))


def latest_change(session: Session, person_id: str, thread_id: str | None = None) -> str | None:
    """The newest change of a person (in a thread) that is neither an undo nor undone."""
    undone = select(Change.undo_of).where(Change.undo_of.is_not(None))
    statement = select(Change.id).where(
        Change.person_id == person_id, Change.undo_of.is_(None), Change.id.not_in(undone)
    )
    if thread_id is not None:
        statement = statement.where(Change.proposal_id.in_(select(Proposal.id).where(Proposal.thread_id == thread_id)))
    return session.scalars(statement.order_by(Change.at.desc(), Change.id.desc())).first()


def change_summary(session: Session, change_id: str) -> tuple[str, datetime, int]:
    """What a change did in words, when, and how many rows it touched.

    :raises NotVisible: when there is none of this id that the session's scope lets through.
    """
    row = session.get(Change, change_id)
    if row is None:
        raise NotVisible("I can't find that change among yours.")
    lines = len(list(session.scalars(select(ChangeLine.id).where(ChangeLine.change_id == change_id))))
    return row.summary, row.at, lines


def _label(item: ProposalItem) -> str:
    return str(
        (item.changes.get("name") or item.changes.get("title") or item.changes.get("subject") or {}).get("new")
        or item.label
    )


def _item(session: Session, item: ProposalItem, fresh: Mapping[str, str]) -> ReadItem:
    names: dict[str, str] = dict(fresh)
    fields = fields_of(session, item.entity, removed=True)
    for name, each in item.changes.items():
        spec = fields.get(name)
        if spec is None or spec.kind not in ("row", "rows"):
            continue
        for value in (each["old"], each["new"], each.get("other")):
            for row_id in value if isinstance(value, list) else [value]:
                if row_id and row_id not in names:
                    names[row_id] = reference(session, spec.refers_to, row_id) or "someone you cannot see"
    row = None if item.action == "create" else session.get(entity(item.entity).model, item.entity_id)
    currency = (item.changes.get("currency") or {}).get("new") or getattr(row, "currency", None)
    others = other_values(row, fields, item.changes) if item.action in ("create", "update") else {}
    described = {name: fields[name] for name in (*item.changes, *others) if name in fields}
    return ReadItem(
        item.id, item.action, item.entity, item.entity_id, item.label, item.changes, tuple(item.evidence), item.status, names,
        currency, described, others,
    )  # fmt: skip
