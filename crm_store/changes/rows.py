"""Rows as proposals and the audit read them: every column in JSON form, locked where it is about to be written."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Date, DateTime, inspect, select
from sqlalchemy.orm import Session

from crm_store.base import Base, Edited, UtcDateTime
from crm_store.changes.custom import custom_value, held, is_custom
from crm_store.changes.fields import ENTITIES, entity
from crm_store.custom_fields import PREFIX
from crm_store.errors import NotVisible
from crm_store.listed import among
from crm_store.models import Contact, Deal, FieldHistory, Participant, Person, Pipeline, Stage

INDEXED = {"interaction", "account", "case"}
PSEUDO = {"contact_ids", "attendee_names"}
"""Fields of a new interaction that are rows of their own."""
DELETED = "deleted"
"""The field under which the history says that a deal was deleted."""
_NOT_AUDITED = {"version", "created_at", "updated_at", "custom"}
_REFERENCES: dict[str, type[Base]] = {name: each.model for name, each in ENTITIES.items()} | {
    "person": Person,
    "stage": Stage,
    "pipeline": Pipeline,
}


def as_json(value: Any) -> Any:
    """Times in UTC, so that one moment has one form whoever wrote it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def snapshot(row: Base) -> dict[str, Any]:
    """Every column of a row but its bookkeeping, in JSON form; custom values one by one, under ``custom.<name>``."""
    columns = inspect(type(row)).column_attrs
    plain = {each.key: as_json(getattr(row, each.key)) for each in columns if each.key not in _NOT_AUDITED}
    return plain | {PREFIX + name: value for name, value in held(row).items()}


def restored(columns: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from their JSON form; what is no column (``columns`` are those of a table or mapper) is left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in columns:
            continue
        kind = columns[name].type
        if value is not None and isinstance(kind, UtcDateTime | DateTime):
            value = datetime.fromisoformat(value)
        elif value is not None and isinstance(kind, Date):
            value = date.fromisoformat(value)
        found[name] = value
    return found


def read(session: Session, entity_name: str, row_id: str) -> Base:
    """The row as it is now, locked for the rest of the transaction.

    :raises NotVisible: when it does not exist or may not be seen; the two read the same.
    """
    return lock(session, [(entity_name, row_id)])[entity_name, row_id]


def lock(session: Session, rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Base]:
    """Lock rows, given as entity and id, in one order for everybody, so that no two changes wait for each other. Returns
    them as they are then; nobody else changes them before this transaction ends.

    :raises NotVisible: when one does not exist or may not be seen; the two read the same.
    """
    found: dict[tuple[str, str], Base] = {}
    for entity_name, named in groupby(sorted(set(rows)), key=itemgetter(0)):
        ids = [row_id for _, row_id in named]
        model = entity(entity_name).model
        # Not against its key: a new row that refers to this one locks that much, and the two would wait for each other.
        statement = select(model).where(among(model.id, ids)).order_by(model.id).with_for_update(key_share=True)
        # What this session read before the lock may be out of date.
        for row in session.scalars(statement.execution_options(populate_existing=True)):
            found[entity_name, row.id] = row
        if any((entity_name, row_id) not in found for row_id in ids):
            raise NotVisible(f"I can't find that {entity(entity_name).noun} among the records you can see.")
    return found


def check_references(session: Session, entity_name: str, values: dict[str, Any], fresh: set[str]) -> None:
    """Refuse ids that name nothing this person may see; ``fresh`` are rows made in the same proposal."""
    for name, value in values.items():
        spec = entity(entity_name).fields.get(name)
        if spec is None or spec.kind not in ("row", "rows") or not value:
            continue
        for row_id in value if spec.kind == "rows" else [value]:
            if row_id not in fresh and session.get(_REFERENCES[spec.refers_to], row_id) is None:
                raise NotVisible(f"I can't find that {spec.refers_to} among the records you can see.")


def stored(session: Session, row: Base, name: str) -> Any:
    """What a field holds now, in JSON form; who took part is kept in rows of its own."""
    if is_custom(name):
        return custom_value(row, name)
    if name not in PSEUDO:
        return as_json(getattr(row, name))
    parts = select(Participant).where(Participant.interaction_id == row.id).order_by(Participant.id)
    column = "contact_id" if name == "contact_ids" else "name"
    return [getattr(part, column) for part in session.scalars(parts) if getattr(part, column)]


def reference(session: Session, refers_to: str, row_id: str) -> str | None:
    """The name of a row that a field points at; None when it may not be seen."""
    row = session.get(_REFERENCES[refers_to], row_id)
    name = getattr(row, "name", None) or getattr(row, "title", None) or getattr(row, "subject", None)
    return None if row is None else str(name)


def complete(
    session: Session, entity_name: str, values: dict[str, Any], person_id: str, fresh: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Fill in what follows from other fields when a row is created: the account of a deal or contact, the owner.
    ``fresh`` are the values of rows made in the same proposal, by id."""
    known = entity(entity_name).fields
    parents: tuple[tuple[str, Any], ...] = (("deal_id", Deal), ("contact_id", Contact))
    for name, model in parents:
        if "account_id" in known and not values.get("account_id") and values.get(name):
            found = session.get(model, values[name])
            account_id = found.account_id if found is not None else fresh.get(values[name], {}).get("account_id")
            if account_id:
                values["account_id"] = account_id
    if entity_name == "consent" and (contact := session.get(Contact, values.get("contact_id"))) is not None:
        # Whoever sees the contact has to see it, whoever enters it.
        values |= {"account_id": contact.account_id, "owner_id": contact.owner_id}
    if "owner_id" in known and not values.get("owner_id"):
        values["owner_id"] = person_id
    if entity_name == "deal" and not values.get("pipeline_id") and values.get("stage_id"):
        stage = session.get(Stage, values["stage_id"])
        if stage is not None:
            values["pipeline_id"] = stage.pipeline_id
    return values


def keep_history(
    session: Session, entity_name: str, row: Any, before: dict[str, Any], *, by_id: str, change_id: str, now: datetime
) -> None:
    """One history line for every tracked field whose value is another one now; every custom field is tracked."""
    after = snapshot(row)
    tracked = [name for name, spec in entity(entity_name).fields.items() if spec.tracked]
    tracked += sorted(filter(is_custom, before.keys() | after.keys()))
    for name in tracked:
        if before.get(name) != after.get(name):
            session.add(
                FieldHistory(
                    entity=entity_name,
                    entity_id=row.id,
                    field=name,
                    old=history_form(before.get(name)),
                    new=history_form(after.get(name)),
                    at=now,
                    by_id=by_id,
                    change_id=change_id,
                    account_id=getattr(row, "account_id", row.id),
                    owner_id=getattr(row, "owner_id", None),
                )
            )


def keep_deletion(session: Session, deal: Deal, *, by_id: str, change_id: str, now: datetime) -> None:
    """When a deal went: the audit's line has what it was, and this what the bridge of the pipeline finds it by."""
    session.add(
        FieldHistory(
            entity="deal", entity_id=deal.id, field=DELETED, old=None, new="true", at=now, by_id=by_id,
            change_id=change_id, account_id=deal.account_id, owner_id=deal.owner_id,
        )
    )  # fmt: skip


def history_form(value: Any) -> str | None:
    """How the field history writes a value: ISO dates, decimal integers, ids and words as they are."""
    value = as_json(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def touch(row: Base, now: datetime) -> int | None:
    """Count one more write of a row that people edit; returns its new version."""
    if not isinstance(row, Edited):
        return None
    row.version, row.updated_at = row.version + 1, now
    return row.version
