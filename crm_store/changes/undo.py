"""Taking a change back, exactly, or not at all."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session, selectinload

from crm_store.access import scope_of, scoped
from crm_store.base import Base, Edited, new_id
from crm_store.changes import consents
from crm_store.changes.apply import account_of, audited, enqueue_index, refusals_as_sentences
from crm_store.changes.custom import custom_column, held, is_custom, label_of
from crm_store.changes.fields import entity
from crm_store.changes.following import (
    PARTICIPANTS,
    Place,
    join_teams,
    keep_participants,
    leave_teams,
    move_children,
    places,
    release,
)
from crm_store.changes.hidden import check_undone
from crm_store.changes.merging import split
from crm_store.changes.rows import INDEXED, keep_deletion, keep_history, lock, read, restored, touch
from crm_store.errors import Conflict, Invalid, NotVisible
from crm_store.merged import followed
from crm_store.models import Change, ChangeLine, Deal, Interaction, ItemStatus, Merged, ProposalItem

_OPPOSITE = {"create": "delete", "delete": "create", "update": "update", "merge": "split"}


def undo(session: Session, change_id: str, *, now: datetime, origin: str) -> str:
    """Restore what a change replaced and return the id of the change that did; a second undo returns the same.

    :raises Conflict: when one of its rows was changed since; nothing is written then.
    :raises NotVisible: when there is no such change of this person, or it touched what they may no longer see.
    :raises Invalid: when it defined a custom field, which is changed where it was defined.
    """
    statement = select(Change).where(Change.id == change_id).options(selectinload(Change.lines)).with_for_update()
    change = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    person_id = scope_of(session).person_id
    if change is None or (person_id is not None and change.person_id != person_id):
        raise NotVisible("I can't find that change among yours, so there is nothing to undo.")
    earlier = session.scalars(select(Change.id).where(Change.undo_of == change_id)).one_or_none()
    if earlier is not None:
        return earlier
    _refuse_definition(change)
    if any(line.after.get("erased") for line in change.lines):
        raise Conflict(
            "That change held something of a person whose data was erased since, so it cannot be taken back; "
            "I left everything as it is."
        )
    _refuse_half(session, change)
    check_undone(session, change)
    taken_back = Change(
        id=new_id(),
        person_id=change.person_id,
        summary=f"Undo: {change.summary}",
        origin=origin,
        at=now,
        undo_of=change.id,
    )
    session.add(taken_back)
    session.flush()
    lock(session, ((line.entity, line.entity_id) for line in change.lines if line.action != "delete"))
    affected: set[Place] = set()
    with refusals_as_sentences():
        for position, line in enumerate(reversed(change.lines)):
            if line.entity == "consent" and line.action == "create":
                session.add(consents.taken_back(session, taken_back.id, position, line, now))
                continue
            row, version = _take_back(session, taken_back, line, now)
            affected |= places(row, line.after, gone=line.action == "create")
            session.add(
                ChangeLine(
                    change_id=taken_back.id, position=position, action=_OPPOSITE[line.action], entity=line.entity,
                    entity_id=line.entity_id, before=line.after, after=line.before, version_after=version,
                    account_id=account_of(row, gone=line.action == "create"), owner_id=getattr(row, "owner_id", None),
                )
            )  # fmt: skip
            session.flush()
            if line.entity in INDEXED:
                enqueue_index(session, line.entity, line.entity_id, taken_back.id, now)
        leave_teams(session, affected)
    return taken_back.id


def _refuse_definition(change: Change) -> None:
    if any(line.entity == "custom_field" for line in change.lines):
        raise Invalid("What defined a field is not undone from here; use 'rapport field add, change or remove'.")


def _refuse_half(session: Session, change: Change) -> None:
    """A change is taken back whole: lines of a record that was given away since are hidden by the scope."""
    first = change
    while first.undo_of is not None:
        first = session.scalars(select(Change).where(Change.id == first.undo_of)).one()
    items = select(ProposalItem.id).where(ProposalItem.proposal_id == first.proposal_id)
    applied = items.where(ProposalItem.status == ItemStatus.APPLIED)
    lines = select(func.count(ChangeLine.id))
    seen = (
        session.scalar(lines.where(ChangeLine.change_id == first.id)),
        session.scalar(lines.where(ChangeLine.item_id.in_(items))),
    )
    if seen != (len(change.lines), len(session.scalars(applied).all())):
        raise NotVisible(
            "That change touched a record you can no longer see, so I left everything as it is. "
            "Ask whoever looks after it now to change it back."
        )


def _take_back(session: Session, change: Change, line: ChangeLine, now: datetime) -> tuple[Base, int | None]:
    if line.action == "delete":
        return _bring_back(session, line, now), 1
    if line.action == "split":
        raise Conflict("The two records were taken apart again; to make them one after all, ask me to merge them.")
    row = read(session, line.entity, line.entity_id)
    current = audited(session, row)
    noun = entity(line.entity).noun
    if line.action == "create":
        _refuse_merged(session, line)
        if {name: value for name, value in current.items() if value is not None} != line.after:
            raise Conflict(f"The {noun} was changed since, so I left everything as it is.")
        if isinstance(row, Deal):
            keep_deletion(session, row, by_id=change.person_id, change_id=change.id, now=now)
        release(session, row)
        session.delete(row)
        session.flush()
        return row, None
    moved = [name for name, value in line.after.items() if current.get(name) != value]
    if moved:
        known = entity(line.entity).fields
        labels = [label_of(session, line.entity, name) for name in moved if name in known or is_custom(name)]
        raise Conflict(f"{', '.join(labels) or 'The record'} changed again since, so I left everything as it is.")
    emptied = dict.fromkeys(filter(is_custom, line.after))
    written = _columns(session, type(row), line.before) | custom_column(emptied | line.before, held(row))
    for name, value in written.items():
        setattr(row, name, value)
    if isinstance(row, Interaction) and PARTICIPANTS in line.before:
        keep_participants(session, row, line.before[PARTICIPANTS])
    if line.action == "merge":
        split(scoped(session), line.entity, row.id, line.change_id, change.id, now)
    version = touch(row, now)
    join_teams(session, places(row, current))
    move_children(session, row, current)
    keep_history(session, line.entity, row, current, by_id=change.person_id, change_id=change.id, now=now)
    return row, version


def _refuse_merged(session: Session, line: ChangeLine) -> None:
    if session.scalars(select(Merged.id).where(Merged.entity == line.entity, Merged.kept_id == line.entity_id)).first():
        raise Conflict(
            f"Another {entity(line.entity).noun} was merged into this one since, so I left everything as it is. "
            "Undo the merge first."
        )


def _bring_back(session: Session, line: ChangeLine, now: datetime) -> Base:
    """The row as it was, made again under its own id."""
    model = entity(line.entity).model
    row = model(id=line.entity_id, **_columns(session, model, line.before), **custom_column(line.before, {}))
    if isinstance(row, Edited):
        row.version, row.created_at, row.updated_at = 1, row.created_at or now, now
    session.add(row)
    session.flush()
    if isinstance(row, Interaction):
        keep_participants(session, row, line.before.get(PARTICIPANTS, []))
    join_teams(session, places(row, {}))
    return row


def _columns(session: Session, model: type[Base], values: dict[str, Any]) -> dict[str, Any]:
    """Column values from their JSON form, but the key."""
    found = restored(inspect(model).columns, followed(session, values))
    found.pop("id", None)
    return found
