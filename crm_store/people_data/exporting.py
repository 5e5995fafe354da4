"""Everything about one person as one document (Articles 15 and 20 of the GDPR), as far as whoever asks may see it.

The shape is :class:`PersonExport`. Every table that refers to the person is in it, found from the mapped tables, so that a
new one is covered by being mapped. Of conversations with others it holds what the person said and the passages that name
them, not what the others said.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import or_, select

from crm_store.access import ScopedSession
from crm_store.base import Base
from crm_store.changes.rows import as_json
from crm_store.errors import NotVisible
from crm_store.models import (
    Account,
    Campaign,
    Change,
    Contact,
    ConversationTurn,
    Deal,
    Interaction,
    Participant,
    Person,
    Product,
    Proposal,
    Quota,
    SlackIdentity,
    SuggestionEvent,
)
from crm_store.people_data.scanning import model_of, named
from crm_store.people_data.subject import Subject, subject_of, terms_of
from crm_store.people_data.terms import ERASED, Terms
from crm_store.references import references

Row = dict[str, Any]
README = (
    "Everything this customer record holds about one person, as far as the person who made this export may see it. Times are in "
    "UTC, days are year-month-day, amounts are in the currency's smallest unit (cents) beside its code. 'person' is how they are "
    "known and were known before; 'contacts' their own records; 'conversations' what they took part in (their own words, and the "
    "passages that name them); 'records' what else is kept about them, by kind (consents with every earlier line, roles in deals, "
    "campaigns, surveys, cases, orders, tasks, every earlier value, proposals and changes); 'mentions' every other text that "
    "names them, with the passage."
)
_LEFT_OUT = frozenset({"vector", "digest", "undoing"})
_NAMES: Mapping[str, tuple[str, Any, Any]] = {
    "account_id": ("account", Account, Account.name),
    "deal_id": ("deal", Deal, Deal.name),
    "campaign_id": ("campaign", Campaign, Campaign.name),
    "product_id": ("product", Product, Product.name),
    "owner_id": ("owner", Person, Person.name),
    "by_id": ("by", Person, Person.name),
    "person_id": ("colleague", Person, Person.name),
}
_TOLD_ELSEWHERE = frozenset({"participant", "chunk", "document"})
_AROUND = 200
"""Characters of a passage on either side of the name."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KnownAs(_Shown):
    """Every name, address, number and title that the record has or had."""

    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


class Conversation(_Shown):
    """``text`` is whole where nobody else of theirs took part; ``passages`` are the person's own words and those that
    name them."""

    id: str
    at: datetime
    channel: str
    direction: str
    subject: str
    account: str | None
    part: str | None
    text: str | None
    passages: tuple[str, ...]


class Mention(_Shown):
    """A text of a row that names the person."""

    kind: str
    id: str
    field: str
    passages: tuple[str, ...]


class PersonExport(_Shown):
    """``records`` maps a kind of row to its rows, each with every column and the names behind its ids."""

    readme: str = README
    made_at: datetime
    made_by: str
    person: KnownAs
    contacts: tuple[Row, ...] = ()
    colleague: Row | None = None
    conversations: tuple[Conversation, ...] = ()
    records: dict[str, tuple[Row, ...]] = {}
    mentions: tuple[Mention, ...] = ()


def export_contact(session: ScopedSession, contact_id: str, *, made_by: str, now: datetime) -> PersonExport:
    """Everything about a contact.

    :raises NotVisible: when the session's scope lets no such contact through.
    """
    subject = subject_of(session, contact_id)
    terms = terms_of(session, subject)
    rows = list(session.scalars(select(Contact).where(Contact.id.in_(subject.contact_ids))))
    conversations = _conversations(session, subject, terms)
    records: dict[str, tuple[Row, ...]] = {}
    told = {"contact": set(subject.contact_ids), "interaction": {each.id for each in conversations}}
    for reference in references("contact"):
        model = model_of(reference.table)
        about = getattr(model, reference.column.name).in_(subject.ids)
        if reference.kind is not None:
            about &= getattr(model, reference.kind.name) == "contact"
        if reference.table.name not in _TOLD_ELSEWHERE:
            found = list(session.scalars(select(model).where(about).order_by(model.id)))
            told.setdefault(reference.table.name, set()).update(row.id for row in found)
            if found:
                records[reference.table.name] = records.get(reference.table.name, ()) + _rows(session, found)
    return PersonExport(
        made_at=now, made_by=made_by, person=_known_as(subject), contacts=_rows(session, rows),
        conversations=conversations, records=records, mentions=tuple(_mentions(session, terms, told)),
    )  # fmt: skip


def export_member(session: ScopedSession, person_id: str, *, made_by: str, now: datetime) -> PersonExport:
    """Everything about one of the own organisation: their entry, what they asked and were answered, what they proposed
    and changed, and the conversations they took part in, without the customers' words.

    :raises NotVisible: when there is no such person, or the scope does not cover them.
    """
    person = session.get(Person, person_id)
    owners = session.scope.owner_ids
    if person is None or (owners is not None and person_id not in owners):
        raise NotVisible("I can't find anybody of that name or address among those you can see.")
    kept: tuple[type[Any], ...] = (Quota, SlackIdentity, ConversationTurn, Proposal, Change, SuggestionEvent)
    records = {
        model.__tablename__: _rows(session, found)
        for model in kept
        if (found := list(session.scalars(select(model).where(model.person_id == person_id).order_by(model.id))))
    }
    parts = select(Participant.interaction_id).where(Participant.person_id == person_id)
    took_part = or_(Interaction.id.in_(parts), Interaction.owner_id == person_id)
    conversations = tuple(
        Conversation(
            id=row.id, at=row.at, channel=row.channel, direction=row.direction, subject=row.subject, account=None,
            part="colleague", text=None, passages=_said(row, [person.name]),
        )
        for row in session.scalars(select(Interaction).where(took_part).order_by(Interaction.at))
    )  # fmt: skip
    known = KnownAs(names=(person.name,), emails=(person.email,), titles=(person.title,) if person.title else ())
    return PersonExport(
        made_at=now, made_by=made_by, person=known, colleague=_rows(session, [person])[0], conversations=conversations,
        records=records,
    )  # fmt: skip


def _known_as(subject: Subject) -> KnownAs:
    return KnownAs(
        names=tuple(sorted(subject.names)), emails=tuple(sorted(subject.emails)), phones=tuple(sorted(subject.phones)),
        titles=tuple(sorted(subject.titles)),
    )  # fmt: skip


def _conversations(session: ScopedSession, subject: Subject, terms: Terms) -> tuple[Conversation, ...]:
    parts = select(Participant).where(Participant.contact_id.in_(subject.contact_ids))
    played = {part.interaction_id: part.part for part in session.scalars(parts)}
    others = {
        part.interaction_id
        for part in session.scalars(select(Participant).where(Participant.interaction_id.in_(list(played))))
        if part.person_id is None and part.contact_id not in subject.contact_ids
    }
    statement = (
        select(Interaction, Account.name)
        .outerjoin(Account, Account.id == Interaction.account_id)
        .where(Interaction.id.in_(list(played)))
        .order_by(Interaction.at, Interaction.id)
    )
    found = []
    for row, account in session.execute(statement):
        whole = row.id not in others
        passages = () if whole else (*_said(row, subject.names), *_passages(row.body, terms, about=True))
        text = "\n".join([row.body, *(f"{turn.get('speaker')}: {turn['text']}" for turn in row.turns or [])])
        found.append(
            Conversation(
                id=row.id, at=row.at, channel=row.channel, direction=row.direction, subject=row.subject, account=account,
                part=played[row.id], text=text if whole else None, passages=passages,
            )
        )  # fmt: skip
    return tuple(found)


def _said(row: Interaction, names: Iterable[str]) -> tuple[str, ...]:
    known = {name.casefold() for name in names}
    return tuple(str(turn["text"]) for turn in row.turns or [] if str(turn.get("speaker") or "").casefold() in known)


def _mentions(session: ScopedSession, terms: Terms, told: Mapping[str, set[str]]) -> Iterable[Mention]:
    for row in named(session, terms, {}):
        if row.table.name in _TOLD_ELSEWHERE or row.id in told.get(row.table.name, ()):
            continue
        for field in row.without:
            passages = _passages(_words(row.was[field]), terms, about=True)
            if passages:
                yield Mention(kind=row.table.name, id=row.id, field=field, passages=passages)


def _words(value: Any) -> str:
    if isinstance(value, dict | list):
        return "\n".join(_words(each) for each in (value.values() if isinstance(value, dict) else value))
    return str(value) if isinstance(value, str) else ""


def _passages(text: str, terms: Terms, *, about: bool) -> tuple[str, ...]:
    """The sentences that name the person."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    return tuple(
        sentence.strip()[: 2 * _AROUND] for sentence in sentences if ERASED in terms.redact(sentence, about=about)
    )


def _rows(session: ScopedSession, rows: Iterable[Base]) -> tuple[Row, ...]:
    """Rows with every column, and beside each id the name it stands for."""
    found = []
    for row in rows:
        values = {
            column.key: as_json(getattr(row, column.key))
            for column in type(row).__mapper__.column_attrs
            if column.key not in _LEFT_OUT
        }
        for name, (label, model, attribute) in _NAMES.items():
            if values.get(name):
                told = session.scalars(select(attribute).where(model.id == values[name])).one_or_none()
                values[label] = told
        found.append(values)
    return tuple(found)
