"""Reads the names a session may see, and keeps the newest index of each scope."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from crm_store.access import Scope, ScopedSession
from crm_store.models import Account, Contact, Deal, Person, Pipeline, Product, Stage, Team
from crm_store.names.forms import Name
from crm_store.names.index import Names

_EDITED: tuple[Any, ...] = (Account, Contact, Deal, Person)
_COUNTED: tuple[Any, ...] = (Product, Stage, Pipeline, Team)

Version = tuple[object, ...]


def names_for(session: ScopedSession) -> Names:
    """An index of everything this session's scope may see. Reads every name; keep it in a :class:`NameCache`."""
    return Names(_read(session))


def version_of(session: ScopedSession) -> Version:
    """Differs whenever a name this session may see was added, changed or removed."""
    found: list[object] = []
    for model in _EDITED:
        found.extend(session.execute(select(func.count(model.id), func.max(model.updated_at))).one())
    for model in _COUNTED:
        found.extend(session.execute(select(func.count(model.id), func.max(model.id))).one())
    return tuple(found)


class NameCache:
    """The newest index of each of the last scopes asked for. Safe to share by threads."""

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._held: OrderedDict[Scope, tuple[Version, Names]] = OrderedDict()
        self._lock = threading.Lock()

    def names(self, session: ScopedSession) -> Names:
        """The index for this session's scope, built anew when the record changed."""
        version = version_of(session)
        with self._lock:
            held = self._held.get(session.scope)
            if held is not None and held[0] == version:
                self._held.move_to_end(session.scope)
                return held[1]
        names = names_for(session)
        with self._lock:
            self._held[session.scope] = (version, names)
            self._held.move_to_end(session.scope)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return names


def _read(session: ScopedSession) -> Iterator[Name]:
    for id, name, domain, owner in session.execute(select(Account.id, Account.name, Account.domain, Account.owner_id)):
        yield Name("account", id, name, _domain_forms(domain), owner_id=owner)
    contacts = select(Contact.id, Contact.name, Contact.email, Contact.account_id, Contact.title, Contact.left_on)
    for id, name, email, account_id, title, left_on in session.execute(contacts):
        yield Name("contact", id, name, (email,) if email else (), account_id, title, "left" if left_on else None)
    deals = select(
        Deal.id, Deal.name, Deal.account_id, Deal.status, Deal.close_date, Deal.owner_id, Deal.amount_minor, Deal.currency
    )
    for id, name, account_id, status, close_date, owner, amount, currency in session.execute(deals):
        yield Name("deal", id, name, (), account_id, None, status, close_date, owner, amount, currency)
    for id, name, email, title in session.execute(
        select(Person.id, Person.name, Person.email, Person.title).where(Person.active)
    ):
        yield Name("person", id, name, (email,), title=title)
    for id, name, code in session.execute(select(Product.id, Product.name, Product.code)):
        yield Name("product", id, name, (code,) if code else ())
    for id, name, status in session.execute(select(Stage.id, Stage.name, Stage.status).order_by(Stage.position)):
        yield Name("stage", id, name, status=status)
    for id, name in session.execute(select(Pipeline.id, Pipeline.name)):
        yield Name("pipeline", id, name)
    for id, name in session.execute(select(Team.id, Team.name)):
        yield Name("team", id, name)
    for competitor in session.scalars(select(Deal.competitor).where(Deal.competitor.is_not(None)).distinct()):
        if competitor:
            yield Name("competitor", f"competitor:{competitor}", competitor)


def _domain_forms(domain: str | None) -> tuple[str, ...]:
    return (domain.lower().removeprefix("www."),) if domain else ()
