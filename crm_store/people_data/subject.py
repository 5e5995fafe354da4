"""Who a person is in the record: all rows that are them, and every name, address, number and title they ever had there."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import Account, ChangeLine, Contact, FieldHistory, Merged, Person, ProposalItem
from crm_store.names.words import fold, is_common, keys_of
from crm_store.people_data.terms import Terms, terms_for

_NOBODY = "I can't find anybody of that name or address among those you can see."
_MASTER = ("name", "email", "phone", "title")


@dataclass(frozen=True)
class Subject:
    """``contact_ids`` are all records of one person, ``lost_ids`` those that were merged into them."""

    contact_ids: tuple[str, ...]
    lost_ids: tuple[str, ...]
    account_ids: frozenset[str]
    names: frozenset[str]
    emails: frozenset[str]
    phones: frozenset[str]
    titles: frozenset[str]

    @property
    def ids(self) -> tuple[str, ...]:
        return self.contact_ids + self.lost_ids


def find_contacts(session: ScopedSession, text: str) -> list[Contact]:
    """The contacts that an id, an e-mail address or a full name means.

    :raises NotVisible: when there is none that the session's scope lets through.
    """
    wanted = text.strip()
    for condition in (
        Contact.id == wanted,
        func.lower(Contact.email) == wanted.lower(),
        func.lower(Contact.name) == wanted.lower(),
    ):
        found = list(session.scalars(select(Contact).where(condition).order_by(Contact.name, Contact.id)))
        if found:
            return found
    raise NotVisible(_NOBODY)


def subject_of(session: ScopedSession, contact_id: str) -> Subject:
    """Everything that names this person. Records with the same e-mail address and name are the same person.

    :raises NotVisible: when there is no such contact that the session's scope lets through.
    """
    first = session.get(Contact, contact_id)
    if first is None:
        raise NotVisible(_NOBODY)
    rows = [first]
    if first.email:
        same = (func.lower(Contact.email) == first.email.lower(), Contact.id != first.id)
        rows += [row for row in session.scalars(select(Contact).where(*same)) if fold(row.name) == fold(first.name)]
    ids = tuple(row.id for row in rows)
    merged = list(session.scalars(select(Merged).where(Merged.entity == "contact", Merged.kept_id.in_(ids))))
    found: dict[str, set[str]] = {name: set() for name in _MASTER}
    for row in rows:
        _take(found, {name: getattr(row, name) for name in _MASTER})
    for line in merged:
        _take(found, line.lost)
    for values in _earlier(session, (*ids, *(line.lost_id for line in merged))):
        _take(found, values)
    return Subject(
        ids, tuple(line.lost_id for line in merged), frozenset(row.account_id for row in rows if row.account_id),
        *(frozenset(found[name]) for name in _MASTER),
    )  # fmt: skip


def _earlier(session: ScopedSession, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What the record said of them before, in the history, the audit and in proposals."""
    wanted = list(ids)
    for line in session.scalars(
        select(FieldHistory).where(FieldHistory.entity == "contact", FieldHistory.entity_id.in_(wanted))
    ):
        yield {line.field: line.old}
        yield {line.field: line.new}
    for change in session.scalars(
        select(ChangeLine).where(ChangeLine.entity == "contact", ChangeLine.entity_id.in_(wanted))
    ):
        yield change.before
        yield change.after
    for item in session.scalars(
        select(ProposalItem).where(ProposalItem.entity == "contact", ProposalItem.entity_id.in_(wanted))
    ):
        for name, each in item.changes.items():
            yield {name: each.get("old")}
            yield {name: each.get("new")}


def _take(found: dict[str, set[str]], values: dict[str, Any]) -> None:
    for name in _MASTER:
        if isinstance(value := values.get(name), str) and value.strip():
            found[name].add(value.strip())


def terms_of(session: ScopedSession, subject: Subject) -> Terms:
    """The words to take out of texts. A part of a name that a colleague, another contact or the employer bears too, or
    that is an ordinary word, is taken out near the person only."""
    parts = {part for name in subject.names for part in keys_of(name)}
    shared = {part for part in parts if is_common(part)}
    others = [
        select(Contact.name).where(Contact.id.not_in(subject.contact_ids)),
        select(Person.name),
        select(Account.name),
    ]
    for statement in others:
        column = statement.selected_columns[0]
        for part in parts - shared:
            bearing = statement.where(func.lower(column).contains(part[:40], autoescape=True)).limit(200)
            if any(part in keys_of(name) for name in session.scalars(bearing)):
                shared.add(part)
    return terms_for(subject.names, subject.emails, subject.phones, subject.titles, shared=frozenset(shared))


def names_person(value: Any, ids: Iterable[str]) -> bool:
    """Whether a JSON value holds one of the ids."""
    text = value if isinstance(value, str) else json.dumps(value)
    return any(id_ in text for id_ in ids)
