"""What follows from a write: derived fields, the account team, and the rows that belong to a row and to nothing else."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm_store.access import scope_of
from crm_store.base import Base, ByAccount
from crm_store.changes.fields import ENTITIES
from crm_store.changes.rows import snapshot
from crm_store.errors import Invalid
from crm_store.models import (
    Account,
    AccountMember,
    ChangeLine,
    Chunk,
    Consent,
    Contact,
    Deal,
    DealContact,
    DealLine,
    DealStatus,
    Document,
    FieldHistory,
    ForecastCategory,
    Interaction,
    Participant,
    Stage,
    Task,
)

PARTICIPANTS = "participants"
"""How the audit names who took part; the rows are written with their interaction and never alone."""

Place = tuple[str, str]
"""An account and a person who may be on its team."""


def follow(session: Session, row: Any, before: dict[str, Any], now: datetime) -> None:
    """Set what follows from the fields that were just written."""
    changed = {name for name, value in snapshot(row).items() if before.get(name) != value}
    if isinstance(row, Deal) and changed & {"stage_id", "pipeline_id"}:
        stage = session.get(Stage, row.stage_id)
        if stage is None or (row.pipeline_id and row.pipeline_id != stage.pipeline_id):
            raise Invalid("That stage belongs to another pipeline; name a stage of the deal's own pipeline.")
        if "stage_id" in changed:
            _enter(row, stage, now)
    if isinstance(row, Task) and "status" in changed:
        row.done_at = now if row.status == "done" else None


def _enter(deal: Deal, stage: Stage, now: datetime) -> None:
    deal.status, deal.stage_entered_at = stage.status, now
    deal.closed_at = None if stage.status == DealStatus.OPEN else now
    if stage.status != DealStatus.OPEN:
        deal.forecast_category = ForecastCategory.CLOSED
    elif deal.forecast_category == ForecastCategory.CLOSED:
        deal.forecast_category = ForecastCategory.PIPELINE


# The account team: its owner and the owners of its deals are on it for that reason alone.


def places(row: Base, before: dict[str, Any], *, gone: bool = False) -> set[Place]:
    """The team places that a write of an account or deal may have made or ended: none where it stays whose it was."""
    if not isinstance(row, Account | Deal):
        return set()
    owner_stays = before.get("owner_id") == row.owner_id
    if owner_stays and not gone and (isinstance(row, Account) or before.get("account_id") == row.account_id):
        return set()
    accounts = {row.id} if isinstance(row, Account) else {row.account_id, before.get("account_id")}
    people = {row.owner_id, before.get("owner_id")}
    return {(account, person) for account in accounts if account for person in people if person}


def join_teams(session: Session, affected: Collection[Place]) -> None:
    """Put new owners on the team at once: what follows in a change is seen through it."""
    session.flush()
    for account_id, person_id in sorted(affected):
        reason = _reason(session, account_id, person_id)
        member = _member(session, account_id, person_id)
        if reason is not None and member is None:
            session.add(AccountMember(account_id=account_id, person_id=person_id, reason=reason))
        elif reason is not None and member is not None and member.reason != "added":
            member.reason = reason
    if affected:
        session.flush()


def leave_teams(session: Session, affected: Collection[Place]) -> None:
    """Take off the team who neither owns the account nor a deal of it any more; the last thing in a change, because
    it may end the sight of the very person who makes it."""
    session.flush()
    ended = [
        member
        for account_id, person_id in sorted(affected)
        if (member := _member(session, account_id, person_id)) is not None
        and member.reason != "added"
        and _reason(session, account_id, person_id) is None
    ]
    for member in ended:
        session.delete(member)
    if ended:
        session.flush()


def _member(session: Session, account_id: str, person_id: str) -> AccountMember | None:
    there = select(AccountMember).where(AccountMember.account_id == account_id, AccountMember.person_id == person_id)
    return session.scalars(there).one_or_none()


def _reason(session: Session, account_id: str, person_id: str) -> str | None:
    # An account that was made in this change is seen by nobody yet, but it is known to the session.
    known = session.identity_map.get(session.identity_key(Account, account_id))
    account = known if isinstance(known, Account) else session.get(Account, account_id)
    if account is not None and account.owner_id == person_id:
        return "owner"
    owned = select(Deal.id).where(Deal.account_id == account_id, Deal.owner_id == person_id).limit(1)
    return "deal" if session.scalars(owned).first() is not None else None


# Rows that belong to one row.


def move_children(session: Session, row: Base, before: dict[str, Any]) -> None:
    """Give the rows that belong to a row its account, so that whoever sees the one sees the others."""
    if not isinstance(row, ByAccount) or before.get("account_id") == row.account_id:
        return
    for child in _children(session, row):
        child.account_id = row.account_id
        if row.account_id is None:
            child.owner_id = row.owner_id
    session.flush()


def _children(session: Session, row: Any) -> list[ByAccount]:
    name = next(name for name, each in ENTITIES.items() if isinstance(row, each.model))
    about: list[tuple[type[ByAccount], ColumnElement[bool]]] = [
        (FieldHistory, (FieldHistory.entity == name) & (FieldHistory.entity_id == row.id))
    ]
    match row:
        case Deal():
            about += [(DealContact, DealContact.deal_id == row.id), (DealLine, DealLine.deal_id == row.id)]
        case Contact():
            about += [(Consent, Consent.contact_id == row.id)]
        case Interaction():
            text = (Document.source == name) & (Document.source_id == row.id)
            chunks = Chunk.document_id.in_(select(Document.id).where(text))
            about += [(Participant, Participant.interaction_id == row.id), (Document, text), (Chunk, chunks)]
    return [child for model, condition in about for child in session.scalars(select(model).where(condition))]


def participants(session: Session, row: Base) -> list[dict[str, Any]]:
    """Who took part in an interaction, as the audit keeps it."""
    if not isinstance(row, Interaction):
        return []
    parts = session.scalars(select(Participant).where(Participant.interaction_id == row.id))
    told = [{"contact_id": p.contact_id, "person_id": p.person_id, "name": p.name, "part": p.part} for p in parts]
    return sorted(told, key=lambda part: tuple(str(value) for value in part.values()))


def keep_participants(session: Session, row: Interaction, parts: Sequence[dict[str, Any]]) -> None:
    """Make these, as :func:`participants` tells them, the ones who took part."""
    for each in session.scalars(select(Participant).where(Participant.interaction_id == row.id)):
        session.delete(each)
    session.flush()
    session.add_all(
        Participant(interaction_id=row.id, at=row.at, account_id=row.account_id, owner_id=row.owner_id, **part)
        for part in parts
    )
    session.flush()


def name_participants(session: Session, row: Interaction, values: dict[str, Any]) -> None:
    """Write who took part from the fields of a proposal: us, them, and the names nobody could match. A field that is
    not among ``values`` leaves its part of them alone."""
    parts = participants(session, row)
    theirs = {"outbound": "recipient", "inbound": "sender"}.get(row.direction, "attendee")
    if "contact_ids" in values:
        known = {part["contact_id"]: part["part"] for part in parts}
        parts = [part for part in parts if not part["contact_id"]]
        parts += [_part(contact_id=id_, part=known.get(id_, theirs)) for id_ in _each(values["contact_ids"])]
    if "attendee_names" in values:
        parts = [part for part in parts if part["contact_id"] or part["person_id"]]
        parts += [_part(name=name) for name in _each(values["attendee_names"])]
    if row.owner_id and not any(part["person_id"] for part in parts):
        parts.append(_part(person_id=row.owner_id))
    keep_participants(session, row, parts)


def _part(**known: str) -> dict[str, Any]:
    return {"contact_id": None, "person_id": None, "name": None, "part": "attendee"} | known


def _each(values: Sequence[str] | None) -> list[str]:
    return list(dict.fromkeys(values or ()))


def release(session: Session, row: Base) -> None:
    """Let go of what belongs to a row and to nothing else, so that it can be deleted. The audit of an account that
    goes stays with the account's owner, and with whoever deletes it where it has none."""
    if isinstance(row, Interaction):
        keep_participants(session, row, ())
    if isinstance(row, Account):
        owner_id = row.owner_id or scope_of(session).person_id
        kept: tuple[type[ByAccount], ...] = (ChangeLine, FieldHistory, Document, Chunk)
        for model in kept:
            for line in session.scalars(select(model).where(model.account_id == row.id)):
                line.account_id, line.owner_id = None, owner_id
        session.flush()
        for member in session.scalars(select(AccountMember).where(AccountMember.account_id == row.id)):
            session.delete(member)
        session.flush()
