"""Contacts, the parts they play in deals, and what they allowed us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.merged import kept_id
from crm_store.models import (
    RETRACTED,
    Account,
    Consent,
    Contact,
    Deal,
    DealContact,
    Direction,
    Interaction,
    Participant,
)
from crm_store.queries.pages import filled


@dataclass(frozen=True, slots=True)
class ContactFacts:
    id: str
    name: str
    title: str | None
    email: str | None
    phone: str | None
    account_id: str | None
    account: str | None
    lifecycle: str
    is_advocate: bool
    do_not_contact: bool
    left_on: date | None
    description: str | None
    updated_at: datetime
    last_touch: datetime | None


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """The part a contact plays in a deal; ``id`` is the row that says so."""

    id: str
    deal_id: str
    deal: str
    deal_status: str
    deal_updated_at: datetime
    account_id: str | None
    contact_id: str
    contact: str
    title: str | None
    role: str
    left_on: date | None


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A line of the ledger: ``status`` is granted or withdrawn."""

    id: str
    channel: str
    purpose: str
    status: str
    at: datetime
    source: str


def contacts(
    session: ScopedSession,
    *,
    now: datetime,
    account_id: str | None = None,
    contact_ids: Iterable[str] | None = None,
) -> tuple[ContactFacts, ...]:
    """Contacts of an account or by id, those still there first, then by name."""
    touched = (
        select(Participant.at)
        .join(Interaction, Interaction.id == Participant.interaction_id)
        .where(
            Participant.contact_id == Contact.id,
            Participant.at <= now,
            Interaction.direction != Direction.INTERNAL,
        )
        .order_by(Participant.at.desc())
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )
    statement = select(
        Contact.id, Contact.name, Contact.title, Contact.email, Contact.phone, Contact.account_id, Account.name,
        Contact.lifecycle, Contact.is_advocate, Contact.do_not_contact, Contact.left_on, Contact.description,
        Contact.updated_at, touched,
    ).outerjoin(Account, Account.id == Contact.account_id)  # fmt: skip
    if account_id is not None:
        statement = statement.where(Contact.account_id == account_id)
    if contact_ids is not None:
        statement = statement.where(Contact.id.in_(list(contact_ids)))
    statement = statement.order_by(Contact.left_on.is_not(None), Contact.name)
    return filled(ContactFacts, session.execute(statement))


def contact(session: ScopedSession, contact_id: str, *, now: datetime) -> ContactFacts:
    """:raises NotVisible: when they are not there or may not be seen."""
    found = contacts(session, contact_ids=(contact_id,), now=now)
    if not found and (kept := kept_id(session, "contact", contact_id)) != contact_id:
        return contact(session, kept, now=now)
    if not found:
        raise NotVisible("I can't find that contact among those you can see.")
    return found[0]


def roles(
    session: ScopedSession,
    *,
    account_id: str | None = None,
    deal_id: str | None = None,
    contact_id: str | None = None,
) -> tuple[RoleFacts, ...]:
    """Who plays which part, open deals first, the next one to close first."""
    statement = (
        select(
            DealContact.id, Deal.id, Deal.name, Deal.status, Deal.updated_at, Deal.account_id, Contact.id, Contact.name,
            Contact.title, DealContact.role, Contact.left_on,
        )
        .join(Deal, Deal.id == DealContact.deal_id)
        .join(Contact, Contact.id == DealContact.contact_id)
    )  # fmt: skip
    if account_id is not None:
        statement = statement.where(Deal.account_id == account_id)
    if deal_id is not None:
        statement = statement.where(Deal.id == deal_id)
    if contact_id is not None:
        statement = statement.where(Contact.id == contact_id)
    statement = statement.order_by(
        Deal.status != "open", Deal.close_date.is_(None), Deal.close_date, DealContact.role, Contact.name
    )
    return filled(RoleFacts, session.execute(statement))


def consents(session: ScopedSession, contact_id: str, *, now: datetime) -> tuple[ConsentFacts, ...]:
    """The line that counts per channel and purpose: the newest one that is in force."""
    statement = (
        select(Consent.id, Consent.channel, Consent.purpose, Consent.status, Consent.at, Consent.source)
        .where(Consent.contact_id == contact_id, Consent.at <= now)
        .order_by(Consent.at.desc(), Consent.id.desc())
    )
    newest: dict[tuple[str, str], ConsentFacts] = {}
    for row in session.execute(statement):
        found = ConsentFacts(*row)
        newest.setdefault((found.channel, found.purpose), found)
    return tuple(line for line in newest.values() if line.status != RETRACTED)
