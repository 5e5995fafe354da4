"""The contacts whom the rules look at, and the parts they play in open deals."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm_store.hints import unindexed
from crm_store.listed import among
from crm_store.models import Contact, ContactRole, DealContact
from crm_store.next_actions.facts import ContactFact, RoleFact
from crm_store.next_actions.load_touches import Touches
from crm_store.queries.pages import filled

_ROLE = (DealContact.deal_id, DealContact.contact_id, DealContact.role)
_CONTACT = (
    Contact.id, Contact.name, Contact.account_id, Contact.do_not_contact, Contact.left_on, Contact.updated_at,
)  # fmt: skip


class People:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._contacts: dict[str, ContactFact] = {}
        self._roles: set[RoleFact] = set()

    def of_deals(self, deal_ids: Collection[str], touches: Touches) -> None:
        """Champions who fell silent, with what passed since into ``touches``; and everyone on the deals that somebody left."""
        champion = select(*_ROLE).where(
            DealContact.role == ContactRole.CHAMPION.value, among(DealContact.deal_id, deal_ids)
        )
        champions = filled(RoleFact, self._session.execute(champion))
        silent = touches.silent({role.contact_id for role in champions})
        self._roles.update(role for role in champions if role.contact_id in silent)
        self.named(silent)
        left = (
            select(DealContact.deal_id)
            .join(Contact, Contact.id == DealContact.contact_id)
            .where(Contact.left_on.is_not(None), among(unindexed(DealContact.deal_id), deal_ids))
        )
        orphaned = set(self._session.scalars(left))
        if orphaned:
            everyone = select(*_ROLE, *_CONTACT).join(Contact, Contact.id == DealContact.contact_id)
            rows = self._session.execute(everyone.where(among(DealContact.deal_id, orphaned))).all()
            self._roles.update(filled(RoleFact, (row[: len(_ROLE)] for row in rows)))
            self._keep(row[len(_ROLE) :] for row in rows)

    def named(self, ids: Collection[str]) -> None:
        """These very ones."""
        self._read(Contact.id, {id_ for id_ in ids if id_ not in self._contacts})

    def of_accounts(self, account_ids: Collection[str]) -> None:
        """Everyone of these accounts."""
        self._read(Contact.account_id, account_ids)

    def knows(self, contact_id: str | None) -> bool:
        return contact_id in self._contacts

    def contacts(self) -> tuple[ContactFact, ...]:
        return tuple(self._contacts[id_] for id_ in sorted(self._contacts))

    def roles(self) -> tuple[RoleFact, ...]:
        return tuple(sorted(self._roles, key=lambda role: (role.deal_id, role.contact_id, role.role)))

    def _read(self, column: ColumnElement[Any] | Any, keys: Collection[str]) -> None:
        if keys:
            self._keep(self._session.execute(select(*_CONTACT).where(among(column, keys))))

    def _keep(self, rows: Iterable[Any]) -> None:
        self._contacts |= {contact.id: contact for contact in filled(ContactFact, rows)}
