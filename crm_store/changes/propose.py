"""Making and editing a proposal. Nothing of the customer record is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from crm_store.access import scope_of, scoped
from crm_store.base import Base, Edited, new_id
from crm_store.changes.consents import counting
from crm_store.changes.custom import is_custom, stored_values
from crm_store.changes.fields import entity
from crm_store.changes.forms import emptied
from crm_store.changes.hidden import check_drafted
from crm_store.changes.merge_fields import merged_changes
from crm_store.changes.rows import check_references, complete, lock, read, stored
from crm_store.errors import AlreadyDecided, Conflict, Invalid, NotVisible
from crm_store.masking import hidden_columns
from crm_store.models import DealContact, ItemStatus, Proposal, ProposalItem
from crm_store.people_data.erasing import check_admin


@dataclass(frozen=True)
class Draft:
    """One row to create, update or delete, or to merge with the row ``other_id``, which goes; ``values`` then are those to
    take instead of what the survivor has. ``values`` are Python values; ``evidence`` are JSON objects with ``kind``, ``text``
    and an optional ``citation``. A row to create may be given its id, so that a later draft can name it."""

    action: Literal["create", "update", "delete", "merge", "erase"]
    entity: str
    values: Mapping[str, Any]
    entity_id: str | None = None
    label: str = ""
    evidence: tuple[Mapping[str, Any], ...] = ()
    other_id: str | None = None


def propose(
    session: Session,
    *,
    person_id: str,
    drafts: Sequence[Draft],
    summary: str,
    origin: str,
    now: datetime,
    thread_id: str | None = None,
    dedupe_key: str | None = None,
) -> str:
    """Write a proposal down and return its id. With a ``dedupe_key`` that was used before, the earlier one's.

    :raises NotVisible: when a draft names a row that this person may not see.
    :raises Invalid: when a value does not fit its field, or nothing would change.
    """
    earlier = _earlier(session, dedupe_key)
    if earlier is not None:
        return earlier
    proposal = Proposal(
        id=new_id(), person_id=person_id, summary=summary, origin=origin, thread_id=thread_id,
        dedupe_key=dedupe_key, created_at=now,
    )  # fmt: skip
    items: list[ProposalItem] = []
    fresh: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        item = _item(session, draft, person_id, fresh)
        if item is not None:
            item.position, item.proposal_id = len(items), proposal.id
            items.append(item)
            if draft.action == "create":
                fresh[item.entity_id] = {name: each["new"] for name, each in item.changes.items()}
    if not items:
        raise Invalid("Nothing would change: the record already says so.")
    if dedupe_key is not None:
        try:
            with session.begin_nested():
                session.add(proposal)
                session.flush()
        except IntegrityError:  # somebody was faster with the same key
            earlier = _earlier(session, dedupe_key)
            if earlier is None:
                raise Conflict("The same was proposed to somebody else already.") from None
            return earlier
    session.add_all([proposal, *items])
    session.flush()
    return proposal.id


def permitted(session: Session, drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts without the values of fields that this person does not see, for what was found and not asked for; one with
    nothing left to update goes."""
    hidden = hidden_columns(scope_of(session).hidden)
    kept = []
    for draft in drafts:
        values = {name: each for name, each in draft.values.items() if name not in hidden.get(draft.entity, ())}
        if values or not draft.values:
            kept.append(replace(draft, values=values))
    return kept


def _earlier(session: Session, dedupe_key: str | None) -> str | None:
    if dedupe_key is None:
        return None
    return session.scalars(select(Proposal.id).where(Proposal.dedupe_key == dedupe_key)).one_or_none()


def _item(session: Session, draft: Draft, person_id: str, fresh: dict[str, dict[str, Any]]) -> ProposalItem | None:
    """The proposal's item for a draft; None where it changes nothing."""
    if draft.action not in entity(draft.entity).actions:
        raise Invalid(f"A {entity(draft.entity).noun} cannot be made, merged or deleted from here.")
    check_drafted(session, draft.action, draft.entity, draft.values)
    values = _given(session, draft.action, draft.entity, draft.values)
    version: int | None = None
    match draft.action:
        case "create":
            row_id = draft.entity_id or new_id()
            values = complete(session, draft.entity, values, person_id, fresh)
            for name, spec in entity(draft.entity).fields.items():
                if spec.required and not values.get(name):
                    raise Invalid(f"{spec.label} is needed for a new {entity(draft.entity).noun}.")
            if draft.entity == "deal_contact" and _plays(session, values):
                return None
            changes = {name: {"old": None, "new": value} for name, value in values.items() if value not in (None, [])}
            if draft.entity == "consent":
                changes["status"]["old"] = counting(session, values)
        case "update" | "delete":
            if draft.entity_id is None:
                raise Invalid(f"Which {entity(draft.entity).noun}?")
            row = read(session, draft.entity, draft.entity_id)
            row_id, version = row.id, row.version if isinstance(row, Edited) else None
            old = {name: stored(session, row, name) for name in values}
            changes = {name: {"old": old[name], "new": new} for name, new in values.items() if old[name] != new}
            if draft.action == "update" and not changes:
                return None
        case "erase":
            if draft.entity_id is None:
                raise Invalid("Who is to be erased?")
            check_admin(scoped(session))
            row_id, changes = read(session, draft.entity, draft.entity_id).id, {}
        case "merge":
            row, changes = _merged(session, draft, values)
            row_id, version = row.id, row.version if isinstance(row, Edited) else None
    check_references(session, draft.entity, {name: each["new"] for name, each in changes.items()}, set(fresh))
    return ProposalItem(
        id=new_id(), person_id=person_id, action=draft.action, entity=draft.entity, entity_id=row_id,
        other_id=draft.other_id,
        base_version=version, label=draft.label[:300], changes=changes, evidence=[dict(each) for each in draft.evidence],
        status=ItemStatus.OPEN,
    )  # fmt: skip


def _merged(session: Session, draft: Draft, chosen: dict[str, Any]) -> tuple[Base, dict[str, dict[str, Any]]]:
    """The row that survives and what it takes over; both rows are locked in one order."""
    if draft.entity_id is None or draft.other_id is None or draft.entity_id == draft.other_id:
        raise Invalid(f"Name two different {entity(draft.entity).noun}s to merge.")
    both = (draft.entity, draft.entity_id), (draft.entity, draft.other_id)
    locked = lock(session, both)
    kept, lost = (locked[each] for each in both)
    changes = merged_changes(draft.entity, kept, lost)
    for name, value in chosen.items():
        changes[name] = {"old": stored(session, kept, name), "new": value}
    return kept, changes


def _given(session: Session, action: str, entity_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in their stored form. A new row takes its defaults for what is empty, a known one is emptied."""
    given = stored_values(session, entity_name, values)
    if action == "create":
        return given
    return {
        name: emptied(entity_name, name) if value is None and not is_custom(name) else value
        for name, value in given.items()
    }


def _plays(session: Session, values: Mapping[str, Any]) -> bool:
    """Whether the contact plays that part in the deal already."""
    there = select(DealContact.id).where(
        DealContact.deal_id == values.get("deal_id"),
        DealContact.contact_id == values.get("contact_id"),
        DealContact.role == (values.get("role") or DealContact.role.property.columns[0].default.arg),
    )
    return session.scalars(there).first() is not None


def own_proposal(session: Session, proposal_id: str, person_id: str | None) -> Proposal:
    """The proposal with its items, locked.

    :raises NotVisible: when there is none of that id, or it waits for somebody else's word.
    """
    statement = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    proposal = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if proposal is None or (person_id is not None and proposal.person_id != person_id):
        raise NotVisible("I can't find that proposal among yours; ask again and I'll make a new one.")
    its = select(ProposalItem).where(ProposalItem.proposal_id == proposal_id).order_by(ProposalItem.position)
    items = session.scalars(its.execution_options(populate_existing=True)).all()
    set_committed_value(proposal, "items", list(items))
    return proposal


def edit(session: Session, proposal_id: str, values: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    """Change what open items would write: ``{item id: {field: value}}``. An item edited back to what the record says
    stays, and applies as nothing.

    :raises AlreadyDecided: when an item was applied or rejected before.
    """
    proposal = own_proposal(session, proposal_id, scope_of(session).person_id)
    items = {item.id: item for item in proposal.items}
    fresh = {item.entity_id for item in proposal.items if item.action == "create"}
    for item_id, fields in values.items():
        item = items.get(item_id)
        if item is None:
            raise NotVisible("I can't find that part of the proposal.")
        if item.status != ItemStatus.OPEN:
            raise AlreadyDecided("That part was decided before; ask again to change it further.")
        check_drafted(session, item.action, item.entity, fields)
        new = _given(session, item.action, item.entity, fields)
        check_references(session, item.entity, new, fresh)
        kept = dict(item.changes)
        for name, value in new.items():
            if name in kept:
                old = kept[name]["old"]
            elif item.action == "create":
                old = None
            else:
                old = stored(session, read(session, item.entity, item.entity_id), name)
            kept[name] = {"old": old, "new": value}
        item.changes = kept
    session.flush()
