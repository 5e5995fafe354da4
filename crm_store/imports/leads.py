"""Leads, and what became of them: a contact in the record, with the day on which it stopped being a lead."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.imports.known import stable_id
from crm_store.imports.run import Run
from crm_store.imports.writing import Draft, add_missing
from crm_store.models import Contact, FieldHistory

_EARLY = ("lead", "qualified")


def write(session: Session, run: Run, drafts: list[Draft]) -> None:
    """The history of the contacts that were leads once, and where they came from."""
    found, run.conversions = run.conversions, []
    ids = sorted({each.ref.id for each in found})
    there = {}
    for start in range(0, len(ids), 500):
        columns = select(Contact.id, Contact.source, Contact.lifecycle, Contact.version)
        for row in session.execute(columns.where(Contact.id.in_(ids[start : start + 500]))):
            there[row.id] = row
    history = []
    for each in found:
        contact = there.get(each.ref.id)
        if contact is None:
            continue
        new = {}
        if contact.source is None and each.source:
            new["source"] = each.source
        if contact.lifecycle in _EARLY and each.lifecycle not in _EARLY and contact.version == 1:
            new["lifecycle"] = each.lifecycle
        if new:
            session.execute(
                update(Contact)
                .where(Contact.id == contact.id)
                .values(**new)
                .execution_options(synchronize_session=False)
            )
        for old, value, at in ((None, "lead", each.created_at), ("lead", each.lifecycle, each.converted_at)):
            history.append({
                "id": stable_id(run.source, "lead", each.external_id, value), "entity": "contact", "entity_id": each.ref.id,
                "field": "lifecycle", "old": old, "new": value, "at": at, "by_id": None, "change_id": None,
                "account_id": each.ref.account_id, "owner_id": each.ref.owner_id})  # fmt: skip
    add_missing(session, FieldHistory, history)
