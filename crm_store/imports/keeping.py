"""What people changed since it came in: never overwritten, but proposed to whoever may decide.

A field is a person's when the audit has a confirmed change of it, later than the last import's own proposal that was
confirmed, and its value is not back at what it was before. What a file says otherwise becomes one proposal an owner and import, to
be confirmed like any other; what was proposed once with the same value is not proposed again, whatever became of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.changes.fields import ENTITIES
from crm_store.changes.forms import from_json
from crm_store.changes.propose import Draft, propose
from crm_store.changes.rows import as_json
from crm_store.errors import CrmError
from crm_store.imports.report import Decision, Kept, Notes, Proposed
from crm_store.models import Account, AccountMember, Change, ChangeLine, ItemStatus, Person, Proposal, ProposalItem
from crm_store.people import caller_for

ORIGIN = "import"
PREFIX = "custom."
_IN = 500
# Fields that follow from another: who keeps the one keeps the others.
TOGETHER = {
    "deal": (("stage_id", ("pipeline_id", "status", "closed_at")), ("amount_minor", ("currency",)), ("currency", ("amount_minor",))),
    "task": (("status", ("done_at",)),),
}  # fmt: skip
Values = dict[str, Any]


def changed_by_people(session: Session, entity: str, rows: Mapping[str, tuple[Any, Values]]) -> dict[str, set[str]]:
    """Row id -> the fields, among those to be written, that are a person's; ``rows`` are (what is there, what is to be
    written) by id."""
    if entity not in ENTITIES:
        return {}
    original: dict[str, Values] = {}
    for part in _parts(list(rows)):
        lines = (
            select(ChangeLine.entity_id, ChangeLine.before, ChangeLine.after, Proposal.origin)
            .join(Change, Change.id == ChangeLine.change_id)
            .outerjoin(Proposal, Proposal.id == Change.proposal_id)
            .where(ChangeLine.entity == entity, ChangeLine.entity_id.in_(part))
            .order_by(ChangeLine.id)
        )
        for line in session.execute(lines):
            first = original.setdefault(line.entity_id, {})
            for name in line.after.keys() | line.before.keys():
                if line.origin == ORIGIN:
                    first.pop(name, None)
                else:
                    first.setdefault(name, line.before.get(name))
    found: dict[str, set[str]] = {}
    for row_id, first in original.items():
        row, new = rows[row_id]
        owned = {name for name in new.keys() & first.keys() if as_json(value_of(row, name)) != first[name]}
        for name, others in TOGETHER.get(entity, ()):
            if name in first and as_json(value_of(row, name)) != first[name]:
                owned |= new.keys() & set(others)
                if name == "stage_id" and "closed" in (
                    new.get("forecast_category"),
                    getattr(row, "forecast_category", ""),
                ):
                    owned |= new.keys() & {"forecast_category"}
        if owned:
            found[row_id] = owned
    return found


def value_of(row: Any, name: str) -> Any:
    """A column, or one custom value as ``custom.<name>``."""
    return (row.custom or {}).get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else getattr(row, name)


def propose_kept(session: Session, notes: Notes, source: str, now: datetime, *, dry_run: bool) -> tuple[Proposed, ...]:
    """Make a proposal an owner of what was kept and not proposed before; returns them by person."""
    fresh = _not_asked_yet(session, notes.kept)
    if not fresh:
        return ()
    by_row: dict[tuple[str, str], list[Kept]] = {}
    for each in fresh:
        by_row.setdefault((each.entity, each.row_id), []).append(each)
    whose: dict[str, list[Draft]] = {}
    for (entity, row_id), several in by_row.items():
        row: Any = session.get(ENTITIES[entity].model, row_id)
        person_id = _decider(session, entity, row)
        if row is None:
            continue
        if person_id is None:
            first = several[0]
            why = "kept, and not proposed: nobody who owns or changed it may see it"
            notes.decide(Decision(first.file, first.line, ", ".join(each.field for each in several), "", "", why))
            continue
        text = f"{source} import: {several[0].file}, line {several[0].line}"
        values = {each.field: from_json_value(entity, each) for each in several}
        label = str(getattr(row, "name", None) or getattr(row, "title", None) or getattr(row, "subject", None) or "")
        evidence = {"kind": "import", "text": text, "citation": None}
        whose.setdefault(person_id, []).append(Draft("update", entity, values, row_id, label, (evidence,)))
    done = []
    for person_id, drafts in sorted(whose.items()):
        made = _propose(session, notes, person_id, drafts, source, now)
        if made is not None:
            proposal_id, values_ = made
            email = session.scalars(select(Person.email).where(Person.id == person_id)).one()
            done.append(Proposed(email, values_, "" if dry_run else proposal_id))
    return tuple(sorted(done, key=lambda each: each.person))


def from_json_value(entity: str, kept: Kept) -> Any:
    return kept.value if kept.field.startswith(PREFIX) else from_json(entity, kept.field, kept.value)


def _propose(
    session: Session, notes: Notes, person_id: str, drafts: list[Draft], source: str, now: datetime
) -> tuple[str, int] | None:
    """A proposal of all that can be proposed; what the write path refuses is told and left out."""
    good: list[Draft] = []
    for draft in drafts:
        try:
            with session.begin_nested() as attempt:
                propose(session, person_id=person_id, drafts=[draft], summary="", origin=ORIGIN, now=now)
                attempt.rollback()
            good.append(draft)
        except CrmError as error:
            notes.decide(Decision("", 0, ", ".join(draft.values), draft.label, "", f"kept, and not proposed: {error}"))
    if not good:
        return None
    count = sum(len(draft.values) for draft in good)
    said = "value differs" if count == 1 else "values differ"
    summary = (
        f"The import from {_NAMES.get(source, 'your files')} says otherwise: {count} {said} from what was changed here"
    )
    return propose(session, person_id=person_id, drafts=good, summary=summary, origin=ORIGIN, now=now), count


_NAMES = {"hubspot": "HubSpot", "salesforce": "Salesforce"}


def _not_asked_yet(session: Session, kept: Sequence[Kept]) -> list[Kept]:
    """Without what the newest import proposal of the field said already; one that waits with another value is replaced."""
    latest: dict[tuple[str, str, str], tuple[Any, ProposalItem]] = {}
    for part in _parts(sorted({each.row_id for each in kept})):
        items = (
            select(ProposalItem)
            .join(Proposal, Proposal.id == ProposalItem.proposal_id)
            .where(Proposal.origin == ORIGIN, ProposalItem.entity_id.in_(part))
            .order_by(ProposalItem.id)
        )
        for item in session.scalars(items):
            for name, each in item.changes.items():
                latest[(item.entity, item.entity_id, name)] = (each["new"], item)
    fresh: dict[tuple[str, str, str], Kept] = {}
    for each in kept:
        key = (each.entity, each.row_id, each.field)
        known = latest.get(key)
        if known is None or known[0] != each.value:
            fresh[key] = each
            if known is not None and known[1].status == ItemStatus.OPEN:
                _replace(known[1], each.field)
    session.flush()
    return list(fresh.values())


def _replace(item: ProposalItem, field: str) -> None:
    """The file says something else by now: the older value is no longer offered."""
    left = {name: each for name, each in item.changes.items() if name != field}
    if left:
        item.changes = left
    else:
        item.status = ItemStatus.REPLACED


def _decider(session: Session, entity: str, row: Any) -> str | None:
    """The owner; else whoever changed the row last, or the account's owner: the first who is active and sees the row."""
    if row is None:
        return None
    last = (
        select(Change.person_id)
        .join(ChangeLine, ChangeLine.change_id == Change.id)
        .where(ChangeLine.entity == entity, ChangeLine.entity_id == row.id)
        .order_by(Change.at.desc())
        .limit(1)
    )
    account_id = row.id if entity == "account" else getattr(row, "account_id", None)
    owner_id = getattr(row, "owner_id", None)
    of_account = select(Account.owner_id).where(Account.id == account_id)
    for person_id in (owner_id, session.scalars(last).first(), session.scalars(of_account).first()):
        if person_id is not None and _sees(session, str(person_id), account_id, owner_id):
            return str(person_id)
    return None


def _sees(session: Session, person_id: str, account_id: str | None, owner_id: str | None) -> bool:
    """Whether somebody is active and sees a row, by what everybody may see at least."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return False
    seen = caller_for(session, person.email).scope.owner_ids
    if seen is None or account_id is None:
        return seen is None or owner_id in seen
    team = select(AccountMember.id).where(AccountMember.account_id == account_id, AccountMember.person_id.in_(seen))
    return session.scalars(team.limit(1)).first() is not None


def _parts(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _IN):
        yield items[start : start + _IN]
