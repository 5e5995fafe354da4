"""Rows as they are stored in the audit: every column in JSON form, and what follows from setting some of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from crm_store.base import Base, Edited
from crm_store.changes.fields import ENTITIES, entity
from crm_store.errors import Invalid, NotVisible
from crm_store.models import (
    Account,
    AccountMember,
    Contact,
    Deal,
    DealStatus,
    FieldHistory,
    ForecastCategory,
    Interaction,
    Participant,
    Person,
    Pipeline,
    Stage,
    Task,
)

INDEXED = {"interaction", "account", "case"}
_NOT_AUDITED = {"version", "created_at", "updated_at"}
_REFERENCES: dict[str, type[Base]] = {name: each.model for name, each in ENTITIES.items()} | {
    "person": Person,
    "stage": Stage,
    "pipeline": Pipeline,
}


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def snapshot(row: Base) -> dict[str, Any]:
    """Every column of a row but its bookkeeping, in JSON form."""
    columns = inspect(type(row)).column_attrs
    return {each.key: as_json(getattr(row, each.key)) for each in columns if each.key not in _NOT_AUDITED}


def read(session: Session, entity_name: str, row_id: str) -> Base:
    """The row, locked for the rest of the transaction.

    :raises NotVisible: when it does not exist or may not be seen; the two read the same.
    """
    model = entity(entity_name).model
    row = session.scalars(select(model).where(model.id == row_id).with_for_update()).one_or_none()
    if row is None:
        raise NotVisible(f"I can't find that {entity(entity_name).noun} among the records you can see.")
    return row


def check_references(session: Session, entity_name: str, values: dict[str, Any], fresh: set[str]) -> None:
    """Refuse ids that name nothing this person may see; ``fresh`` are rows made in the same proposal."""
    for name, value in values.items():
        spec = entity(entity_name).fields[name]
        if spec.kind not in ("row", "rows") or not value:
            continue
        for row_id in value if spec.kind == "rows" else [value]:
            if row_id not in fresh and session.get(_REFERENCES[spec.refers_to], row_id) is None:
                raise NotVisible(f"I can't find that {spec.refers_to} among the records you can see.")


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
    if "owner_id" in known and not values.get("owner_id"):
        values["owner_id"] = person_id
    if entity_name == "deal" and not values.get("pipeline_id") and values.get("stage_id"):
        stage = session.get(Stage, values["stage_id"])
        if stage is not None:
            values["pipeline_id"] = stage.pipeline_id
    return values


def follow(session: Session, row: Any, before: dict[str, Any], now: datetime) -> None:
    """Set what follows from the fields that were just written."""
    changed = {name for name, value in snapshot(row).items() if before.get(name) != value}
    if isinstance(row, Deal) and "stage_id" in changed:
        stage = session.get(Stage, row.stage_id)
        if stage is None or (row.pipeline_id and row.pipeline_id != stage.pipeline_id):
            raise Invalid("That stage belongs to another pipeline; name a stage of the deal's own pipeline.")
        row.status, row.stage_entered_at = stage.status, now
        row.closed_at = None if stage.status == DealStatus.OPEN else now
        if stage.status != DealStatus.OPEN:
            row.forecast_category = ForecastCategory.CLOSED
        elif row.forecast_category == ForecastCategory.CLOSED:
            row.forecast_category = ForecastCategory.PIPELINE
    if isinstance(row, Task) and "status" in changed:
        row.done_at = now if row.status == "done" else None
    if isinstance(row, Account | Deal) and changed & {"owner_id", "account_id", "id"}:
        account_id = row.id if isinstance(row, Account) else row.account_id
        _join_team(session, account_id, row.owner_id, "owner" if isinstance(row, Account) else "deal")


def _join_team(session: Session, account_id: str | None, person_id: str | None, reason: str) -> None:
    if account_id is None or person_id is None:
        return
    session.flush()
    there = select(AccountMember.id).where(AccountMember.account_id == account_id, AccountMember.person_id == person_id)
    if session.scalars(there).first() is None:
        session.add(AccountMember(account_id=account_id, person_id=person_id, reason=reason))
        session.flush()  # what follows in this change is seen through this membership


def add_participants(session: Session, row: Interaction, values: dict[str, Any]) -> None:
    """Us, them, and the names nobody could match."""
    part = "recipient" if row.direction == "outbound" else "sender" if row.direction == "inbound" else "attendee"
    common = {"interaction_id": row.id, "account_id": row.account_id, "owner_id": row.owner_id}
    for contact_id in values.get("contact_ids") or []:
        session.add(Participant(contact_id=contact_id, part=part, **common))
    for name in values.get("attendee_names") or []:
        session.add(Participant(name=name, **common))
    if row.owner_id:
        session.add(Participant(person_id=row.owner_id, **common))


def keep_history(
    session: Session, entity_name: str, row: Any, before: dict[str, Any], *, by_id: str, change_id: str, now: datetime
) -> None:
    """One history line for every tracked field whose value is another one now."""
    after = snapshot(row)
    for name, spec in entity(entity_name).fields.items():
        if spec.tracked and before.get(name) != after[name]:
            session.add(
                FieldHistory(
                    entity=entity_name,
                    entity_id=row.id,
                    field=name,
                    old=history_form(before.get(name)),
                    new=history_form(after[name]),
                    at=now,
                    by_id=by_id,
                    change_id=change_id,
                    account_id=getattr(row, "account_id", row.id),
                    owner_id=getattr(row, "owner_id", None),
                )
            )


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
