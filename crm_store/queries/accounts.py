"""Accounts: what is known of one, and lists of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.merged import kept_id
from crm_store.models import Account, Deal, DealStatus, Direction, Interaction, Person
from crm_store.queries.pages import Page, filled, page_of


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """``last_touch`` is the newest interaction with them that has happened, internal notes left out."""

    id: str
    name: str
    kind: str
    owner_id: str | None
    owner: str | None
    industry: str | None
    domain: str | None
    phone: str | None
    city: str | None
    country: str | None
    employees: int | None
    description: str | None
    updated_at: datetime
    last_touch: datetime | None
    open_deals: int


def _touched(now: datetime) -> ScalarSelect[datetime]:
    return (
        select(func.max(Interaction.at))
        .where(
            Interaction.account_id == Account.id,
            Interaction.at <= now,
            Interaction.direction != Direction.INTERNAL,
        )
        .correlate(Account)
        .scalar_subquery()
    )


def account(session: ScopedSession, account_id: str, *, now: datetime) -> AccountFacts:
    """:raises NotVisible: when it is not there or may not be seen."""
    found = accounts(session, account_ids=(account_id,), now=now, limit=2).rows  # one below it, so that none are counted
    if not found and (kept := kept_id(session, "account", account_id)) != account_id:
        return account(session, kept, now=now)
    if not found:
        raise NotVisible("I can't find that account among those you can see.")
    return found[0]


def named(session: ScopedSession, text: str) -> list[str]:
    """The ids of the accounts that an id or a whole name means, in any case."""
    wanted = text.strip()
    by_id = list(session.scalars(select(Account.id).where(Account.id == wanted)))
    same = select(Account.id).where(func.lower(Account.name) == wanted.lower()).order_by(Account.id)
    return by_id or list(session.scalars(same))


def accounts(
    session: ScopedSession,
    *,
    now: datetime,
    limit: int,
    account_ids: Iterable[str] | None = None,
    owner_ids: Iterable[str] | None = None,
    kind: str | None = None,
    industry: str | None = None,
    untouched_since: datetime | None = None,
) -> Page[AccountFacts]:
    """Accounts by name; those without contact since ``untouched_since`` come longest first, never touched on top."""
    touched = _touched(now)
    open_deals = (
        select(func.count(Deal.id))
        .where(Deal.account_id == Account.id, Deal.status == DealStatus.OPEN)
        .correlate(Account)
        .scalar_subquery()
    )
    conditions: list[ColumnElement[bool]] = []
    if account_ids is not None:
        conditions.append(Account.id.in_(list(account_ids)))
    if owner_ids is not None:
        conditions.append(Account.owner_id.in_(list(owner_ids)))
    if kind:
        conditions.append(func.lower(Account.kind) == kind.lower())
    if industry:
        conditions.append(func.lower(Account.industry).contains(industry.lower(), autoescape=True))
    if untouched_since is not None:
        conditions.append(or_(touched.is_(None), touched < untouched_since))
    statement = (
        select(
            Account.id, Account.name, Account.kind, Account.owner_id, Person.name, Account.industry, Account.domain,
            Account.phone, Account.city, Account.country, Account.employees, Account.description, Account.updated_at,
            touched, open_deals,
        )
        .outerjoin(Person, Person.id == Account.owner_id)
        .where(*conditions)
    )  # fmt: skip
    if untouched_since is not None:
        statement = statement.order_by(touched.is_not(None), touched, Account.name)
    else:
        statement = statement.order_by(Account.name)
    rows = filled(AccountFacts, session.execute(statement.limit(limit)))
    return page_of(session, rows, limit, select(func.count(Account.id)).where(*conditions))
