"""Taking a change back, exactly, or not at all."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from crm_store.access import scope_of
from crm_store.base import Base, Edited, UtcDateTime, new_id
from crm_store.changes.apply import enqueue_index, keep_deletable
from crm_store.changes.fields import entity
from crm_store.changes.rows import INDEXED, keep_history, read, snapshot, touch
from crm_store.errors import Conflict, NotVisible
from crm_store.models import Change, ChangeLine

_OPPOSITE = {"create": "delete", "delete": "create", "update": "update"}


def undo(session: Session, change_id: str, *, now: datetime, origin: str) -> str:
    """Restore what a change replaced and return the id of the change that did; a second undo returns the same.

    :raises Conflict: when one of its rows was changed since; nothing is written then.
    :raises NotVisible: when there is no such change of this person.
    """
    statement = select(Change).where(Change.id == change_id).options(selectinload(Change.lines)).with_for_update()
    change = session.scalars(statement).one_or_none()
    person_id = scope_of(session).person_id
    if change is None or (person_id is not None and change.person_id != person_id):
        raise NotVisible("I can't find that change among yours, so there is nothing to undo.")
    earlier = session.scalars(select(Change.id).where(Change.undo_of == change_id)).one_or_none()
    if earlier is not None:
        return earlier
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
    for position, line in enumerate(reversed(change.lines)):
        account_id, owner_id, version = _take_back(session, taken_back, line, now)
        session.add(
            ChangeLine(
                change_id=taken_back.id, position=position, action=_OPPOSITE[line.action], entity=line.entity,
                entity_id=line.entity_id, before=line.after, after=line.before, version_after=version,
                account_id=account_id, owner_id=owner_id,
            )
        )  # fmt: skip
        session.flush()
        if line.entity in INDEXED:
            enqueue_index(session, line.entity, line.entity_id, taken_back.id, now)
    return taken_back.id


def _take_back(
    session: Session, change: Change, line: ChangeLine, now: datetime
) -> tuple[str | None, str | None, int | None]:
    model = entity(line.entity).model
    if line.action == "delete":
        row = model(id=line.entity_id, **_restored(model, line.before))
        if isinstance(row, Edited):
            row.version, row.created_at, row.updated_at = 1, now, now
        session.add(row)
        session.flush()
        return line.account_id, line.owner_id, 1
    row = read(session, line.entity, line.entity_id)
    if line.action == "create":
        if isinstance(row, Edited) and row.version != line.version_after:
            raise Conflict(f"The {entity(line.entity).noun} was changed since, so I left everything as it is.")
        keep_deletable(session, row)
        session.delete(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict(
                f"Something was added to the {entity(line.entity).noun} since, so I left everything as it is."
            ) from error
        return line.account_id, line.owner_id, None
    current = snapshot(row)
    moved = [name for name, value in line.after.items() if current.get(name) != value]
    if moved:
        labels = [entity(line.entity).fields[name].label for name in moved if name in entity(line.entity).fields]
        raise Conflict(f"{', '.join(labels) or 'The record'} changed again since, so I left everything as it is.")
    for name, value in _restored(model, line.before).items():
        setattr(row, name, value)
    version = touch(row, now)
    keep_history(session, line.entity, row, current, by_id=change.person_id, change_id=change.id, now=now)
    return line.account_id, line.owner_id, version


def _restored(model: type[Base], values: dict[str, Any]) -> dict[str, Any]:
    """Column values from their JSON form."""
    columns = inspect(model).columns
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name == "id" or name not in columns:
            continue
        kind = columns[name].type
        if value is not None and isinstance(kind, UtcDateTime | DateTime):
            value = datetime.fromisoformat(value)
        elif value is not None and kind.python_type is date:
            value = date.fromisoformat(value)
        found[name] = value
    return found
