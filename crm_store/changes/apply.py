"""Confirming and rejecting: where the customer record is written."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from crm_store.access import scope_of, scoped
from crm_store.base import Base, Edited, new_id
from crm_store.changes.custom import as_columns, check_still_defined, held, label_of
from crm_store.changes.fields import entity
from crm_store.changes.following import (
    PARTICIPANTS,
    Place,
    follow,
    join_teams,
    leave_teams,
    move_children,
    name_participants,
    participants,
    places,
    release,
)
from crm_store.changes.hidden import check_proposed
from crm_store.changes.merge_fields import fill_unshown
from crm_store.changes.merging import merge
from crm_store.changes.propose import own_proposal
from crm_store.changes.rows import (
    INDEXED,
    PSEUDO,
    check_references,
    keep_deletion,
    keep_history,
    lock,
    read,
    snapshot,
    stored,
    touch,
)
from crm_store.errors import AlreadyDecided, Conflict, Invalid
from crm_store.jobs import enqueue
from crm_store.models import Account, Change, ChangeLine, Contact, Deal, Interaction, ItemStatus, Proposal, ProposalItem
from crm_store.people_data.erasing import SUMMARY, erase
from crm_store.people_data.redacting import MARK
from crm_store.people_data.subject import subject_of
from crm_store.people_data.terms import ERASED

Locked = dict[tuple[str, str], Base]
"""The rows of a change, by entity and id."""


def confirm(
    session: Session, proposal_id: str, *, now: datetime, origin: str, item_ids: Collection[str] | None = None
) -> str:
    """Apply the open items (or those named) as one change and return its id. Confirming again changes nothing and
    returns the same id.

    :raises Conflict: when a value changed since the proposal was made; nothing is written then.
    :raises AlreadyDecided: when the items were rejected before.
    """
    proposal = own_proposal(session, proposal_id, scope_of(session).person_id)
    chosen = [item for item in proposal.items if item_ids is None or item.id in item_ids]
    todo = [item for item in chosen if item.status == ItemStatus.OPEN]
    if not todo:
        return _earlier_change(session, proposal, chosen)
    check_proposed(session, proposal.id)
    # A row that is created first must come first, whichever items were chosen.
    needed = _needed_with(proposal, todo)
    change = Change(
        id=new_id(),
        person_id=proposal.person_id,
        proposal_id=proposal.id,
        summary=proposal.summary,
        origin=origin,
        at=now,
    )
    session.add(change)
    session.flush()
    locked = lock(session, (row for item in needed for row in _rows_of(item)))
    affected: set[Place] = set()
    with refusals_as_sentences():
        for position, item in enumerate(needed):
            fresh = {each.entity_id for each in needed if each.action == "create"}
            affected |= _apply(session, change, item, position, now, fresh, locked)
            item.status = ItemStatus.APPLIED
        if all(item.status != ItemStatus.OPEN for item in proposal.items):
            proposal.decided_at = now
        leave_teams(session, affected)
    return change.id


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """What the database itself refuses, in words that quote no row."""
    try:
        yield
    except IntegrityError as error:
        if "unique" in str(error.orig).lower():
            raise Conflict("The record has this already, so nothing was written.") from error
        raise Conflict("Another record depends on one of these, so nothing was written.") from error
    except DataError as error:
        raise Invalid("A value does not fit its field, so nothing was written.") from error


def reject(session: Session, proposal_id: str, *, now: datetime, item_ids: Collection[str] | None = None) -> None:
    """Put the open items (or those named) aside for good. What was applied before stays applied."""
    proposal = own_proposal(session, proposal_id, scope_of(session).person_id)
    for item in proposal.items:
        if item.status == ItemStatus.OPEN and (item_ids is None or item.id in item_ids):
            item.status = ItemStatus.REJECTED
    if all(item.status != ItemStatus.OPEN for item in proposal.items):
        proposal.decided_at = now


def _earlier_change(session: Session, proposal: Proposal, items: list[ProposalItem]) -> str:
    applied = [item.id for item in items if item.status == ItemStatus.APPLIED]
    if not applied:
        raise AlreadyDecided("That proposal was put aside before; ask again and I'll make a new one.")
    made = select(Change.id).where(Change.proposal_id == proposal.id, Change.undo_of.is_(None))
    newest = made.order_by(Change.at.desc(), Change.id.desc())
    # The lines of a record that this person lost sight of are hidden from them; their own change is not.
    exact = newest.where(Change.id.in_(select(ChangeLine.change_id).where(ChangeLine.item_id.in_(applied))))
    return session.scalars(exact).first() or session.scalars(newest).one()


def _rows_of(item: ProposalItem) -> list[tuple[str, str]]:
    """The rows that have to be there for an item, as entity and id."""
    ids = [None if item.action == "create" else item.entity_id, item.other_id]
    return [(item.entity, id_) for id_ in ids if id_ is not None]


def _needed_with(proposal: Proposal, todo: list[ProposalItem]) -> list[ProposalItem]:
    """The chosen items and the open ones that create a row they refer to, in order."""
    wanted = set(todo)
    makers = {
        item.entity_id: item for item in proposal.items if item.action == "create" and item.status == ItemStatus.OPEN
    }
    grown = True
    while grown:
        named = {str(value) for item in wanted for each in item.changes.values() for value in _ids(each["new"])}
        more = {maker for row_id, maker in makers.items() if row_id in named} - wanted
        wanted |= more
        grown = bool(more)
    return [item for item in proposal.items if item in wanted]


def _ids(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _apply(
    session: Session, change: Change, item: ProposalItem, position: int, now: datetime, fresh: set[str], locked: Locked
) -> set[Place]:
    """Write one item; returns the places on account teams that it may have ended."""
    if item.action == "erase":
        _erase(session, change, item, position, now)
        return set()
    wanted = {name: each["new"] for name, each in item.changes.items()}
    check_references(session, item.entity, wanted, fresh)
    check_still_defined(session, item.entity, wanted)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    version: int | None = None
    if item.action == "create":
        row = _create(session, item, wanted, now)
    else:
        row = _there(session, item.entity, item.entity_id, locked)
        _refuse_if_changed(session, item, row)
        before = audited(session, row)
    if item.action == "delete":
        if isinstance(row, Edited):
            before["created_at"] = row.created_at.isoformat()
        if isinstance(row, Deal):
            keep_deletion(session, row, by_id=change.person_id, change_id=change.id, now=now)
        release(session, row)
        session.delete(row)
    else:
        if item.action != "create":
            written = {name: value for name, value in wanted.items() if name not in PSEUDO}
            for column, value in as_columns(item.entity, written, held(row)).items():
                setattr(row, column, value)
            if isinstance(row, Interaction) and wanted.keys() & PSEUDO:
                name_participants(session, row, wanted)
            version = touch(row, now)
            if item.other_id is not None:
                _take_in(session, item, row, change, now, locked)
        elif isinstance(row, Edited):
            version = row.version
        follow(session, row, before, now)
        join_teams(session, places(row, before))
        if before:
            move_children(session, row, before)
        after = audited(session, row)
        keep_history(session, item.entity, row, before, by_id=change.person_id, change_id=change.id, now=now)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    session.add(
        ChangeLine(
            change_id=change.id, item_id=item.id, position=position, action=item.action, entity=item.entity,
            entity_id=item.entity_id, before={name: before[name] for name in before if name in changed},
            after={name: after[name] for name in after if name in changed}, evidence=item.evidence,
            version_after=version, account_id=account_of(row, gone=item.action == "delete"),
            owner_id=getattr(row, "owner_id", None) or (change.person_id if item.action == "delete" else None),
        )
    )  # fmt: skip
    session.flush()
    if item.entity in INDEXED:
        enqueue_index(session, item.entity, item.entity_id, change.id, now)
    return places(row, before, gone=item.action == "delete")


def _there(session: Session, entity_name: str, row_id: str, locked: Locked) -> Base:
    """The locked row, or a refusal where an earlier item of the same change did away with it; a merge and an erasure leave
    every row to be read again."""
    row = locked[entity_name, row_id]
    return row if row in session and not inspect(row).expired else read(session, entity_name, row_id)


def _take_in(session: Session, item: ProposalItem, kept: Base, change: Change, now: datetime, locked: Locked) -> None:
    """The second half of a merge: the row that goes, and everything that names it."""
    if item.other_id == item.entity_id:
        raise AlreadyDecided("These two are one record already.")
    lost = _there(session, item.entity, str(item.other_id), locked)
    assert isinstance(kept, Account | Contact)
    assert isinstance(lost, Account | Contact)
    fill_unshown(item.entity, kept, lost)
    merge(scoped(session), item, kept, lost, change.id, now)


def _erase(session: Session, change: Change, item: ProposalItem, position: int, now: datetime) -> None:
    """Erase a person. The audit says that it happened, when and by whom; whom it was about is what had to go."""
    proposal = session.get(Proposal, item.proposal_id)
    assert proposal is not None  # the session has locked it
    item.label, change.summary, proposal.summary = ERASED, SUMMARY, SUMMARY
    session.flush()
    subject = subject_of(scoped(session), item.entity_id)
    erase(scoped(session), subject, change_id=change.id, now=now)
    session.add(
        ChangeLine(
            change_id=change.id, item_id=item.id, position=position, action=item.action, entity=item.entity,
            entity_id=item.entity_id, before={}, after=MARK, evidence=[], owner_id=change.person_id,
        )
    )  # fmt: skip


def audited(session: Session, row: Base) -> dict[str, Any]:
    """Everything the audit keeps of a row."""
    return snapshot(row) | ({PARTICIPANTS: participants(session, row)} if isinstance(row, Interaction) else {})


def account_of(row: Base, *, gone: bool = False) -> str | None:
    """Whose team sees a line of the audit; an account that is gone has none."""
    if isinstance(row, Account):
        return None if gone else row.id
    account_id: str | None = getattr(row, "account_id", None)
    return account_id


def _create(session: Session, item: ProposalItem, wanted: dict[str, Any], now: datetime) -> Base:
    model = entity(item.entity).model
    given = {name: value for name, value in wanted.items() if name not in PSEUDO and value is not None}
    values = as_columns(item.entity, given, {})
    if issubclass(model, Edited):
        values |= {"created_at": now, "updated_at": now, "version": 1}
    if item.entity == "deal":
        values["stage_entered_at"] = now
    row = model(id=item.entity_id, **values)
    session.add(row)
    session.flush()
    if isinstance(row, Interaction):
        name_participants(session, row, wanted)
    return row


def _refuse_if_changed(session: Session, item: ProposalItem, row: Base) -> None:
    """Only the fields that would be overwritten count: a colleague's note on the same deal is no reason to refuse."""
    for name, each in item.changes.items():
        now_there = stored(session, row, name)
        if now_there not in (each["old"], each["new"]):
            label = label_of(session, item.entity, name)
            raise Conflict(
                f"{label} of {item.label or 'this record'} changed since I proposed this, so nothing was written. Ask me again "
                "and I'll start from what is there now."
            )
    if item.action == "delete" and isinstance(row, Edited) and row.version != item.base_version:
        raise Conflict(f"{item.label or 'This record'} changed since I proposed to delete it, so nothing was written.")


def enqueue_index(session: Session, entity_name: str, row_id: str, change_id: str, now: datetime) -> None:
    """Have the row's passages made anew (or dropped, when it is gone) after this transaction."""
    enqueue(
        session, "index", f"index:{entity_name}:{row_id}:{change_id}", {"source": entity_name, "id": row_id}, now=now
    )
