"""Who of many people may be written to: the consent ledger over an account, or over the contacts of some owners."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from crm_store.access import ScopedSession
from crm_store.models import RETRACTED, Account, Consent, Contact
from crm_store.queries.pages import filled


@dataclass(frozen=True, slots=True)
class Standing:
    """One contact and the line of the ledger that counts for a channel and a purpose; ``status`` is None where none does."""

    contact_id: str
    name: str
    account: str | None
    email: str | None
    phone: str | None
    do_not_contact: bool
    left_on: date | None
    updated_at: datetime
    status: str | None
    at: datetime | None
    source: str | None


def standings(
    session: ScopedSession,
    channel: str,
    purpose: str,
    *,
    now: datetime,
    account_id: str | None = None,
    owner_ids: Collection[str] | None = None,
) -> tuple[Standing, ...]:
    """Every contact of the account or the owners, by account and name, each with the newest line in force."""
    newest = (
        select(
            Consent.contact_id, Consent.status, Consent.at, Consent.source,
            func.row_number().over(partition_by=Consent.contact_id, order_by=(Consent.at.desc(), Consent.id.desc())).label("place"),
        )
        .where(Consent.channel == channel, Consent.purpose == purpose, Consent.at <= now)
        .subquery()
    )  # fmt: skip
    statement = (
        select(
            Contact.id, Contact.name, Account.name, Contact.email, Contact.phone, Contact.do_not_contact, Contact.left_on,
            Contact.updated_at, newest.c.status, newest.c.at, newest.c.source,
        )
        .outerjoin(Account, Account.id == Contact.account_id)
        .outerjoin(newest, and_(newest.c.contact_id == Contact.id, newest.c.place == 1, newest.c.status != RETRACTED))
        .order_by(Account.name, Contact.name, Contact.id)
    )  # fmt: skip
    if account_id is not None:
        statement = statement.where(Contact.account_id == account_id)
    if owner_ids is not None:
        statement = statement.where(Contact.owner_id.in_(sorted(owner_ids)))
    return filled(Standing, session.execute(statement))
