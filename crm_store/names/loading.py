"""Reads the names a session may see, and keeps the index of each scope as new as the record."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from crm_store.access import Scope, ScopedSession
from crm_store.custom_fields import Definition, definitions
from crm_store.models import Account, AccountMember, Contact, Deal, OwnDocument, Person, Pipeline, Product, Stage, Team
from crm_store.names.forms import Kind, Name, Trait
from crm_store.names.index import Names
from crm_store.own_documents import own_terms

OVERLAP = timedelta(minutes=10)
"""How long before the newest change another process may have begun to write what it commits only now."""
MOST_NAMES = 600_000
"""How many names are kept for all scopes together; one takes about a kilobyte."""
_PAGE = 1_000
_SMALL: tuple[Any, ...] = (Product, Stage, Pipeline, Team)
_FEW: tuple[Kind, ...] = ("product", "stage", "pipeline", "team")


def names_for(session: ScopedSession) -> Names:
    """An index of everything this session's scope may see. Reads every name; keep it in a :class:`NameCache`."""
    return _indexed(session, {model: {} for model in _EDITED})


def _indexed(session: ScopedSession, versions: "_Versions") -> Names:
    """The index, with the version of every row that it was made of put into ``versions``."""
    names = Names(_read(session, versions), definitions(session))
    names.papers = own_terms(session)
    names.traits = _traits(session, Account, None) | _traits(session, Deal, None)
    return names


@dataclass
class _Held:
    """The index of one scope, the version of every row in it, and what the record looked like then (see :func:`_gate`)."""

    names: Names
    gate: "_Gate | None" = None
    versions: "_Versions" = field(default_factory=dict)
    since: dict[Any, datetime] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class NameCache:
    """The indexes of the scopes that asked last. Safe to share by threads; what other processes write is seen too."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._held: OrderedDict[Scope, _Held] = OrderedDict()
        self._lock = threading.Lock()

    def names(self, session: ScopedSession) -> Names:
        """The index for this session's scope. Only what changed since the last call is read again."""
        with self._lock:
            held = self._held.get(session.scope)
            if held is not None:
                self._held.move_to_end(session.scope)
        if held is None or held.names.worn:
            return self._keep(session, _built(session))
        gate = _gate(session, held.since)
        if gate != held.gate:
            with held.lock:
                _refresh(session, held, gate)
        return held.names

    def _keep(self, session: ScopedSession, held: _Held) -> Names:
        with self._lock:
            self._held[session.scope] = held
            self._held.move_to_end(session.scope)
            while len(self._held) > 1 and sum(len(one.names) for one in self._held.values()) > self._most:
                self._held.popitem(last=False)
        return held.names


def _built(session: ScopedSession) -> _Held:
    versions: _Versions = {model: {} for model in _EDITED}
    held = _Held(_indexed(session, versions), versions=versions)
    _look(session, held)
    return held


def _look(session: ScopedSession, held: _Held) -> None:
    """Remember what the record looks like."""
    with session.raw(_WHY):
        for model in _EDITED:
            newest = session.scalar(select(func.max(model.updated_at)))
            held.since[model] = (newest or datetime(1970, 1, 2, tzinfo=UTC)) - OVERLAP
    held.gate = _gate(session, held.since)


@dataclass(frozen=True)
class _Gate:
    """How many rows there are and which is the newest: of teams, of what there is little of, and of what people edit, there
    with the sum of the versions of those written of late."""

    team: tuple[object, ...]
    small: tuple[object, ...]
    edited: tuple[object, ...]
    fields: tuple[Definition, ...]


def _gate(session: ScopedSession, since: dict[Any, datetime]) -> _Gate:
    """Differs whenever a row was added, changed or removed. It asks indexes alone, in one statement since every turn asks
    several times, and shows no name, so that it may ask about all rows."""
    with session.raw(_WHY):
        row = session.execute(_COUNTED, {model.__tablename__: at for model, at in since.items()}).one()
    found = tuple(row)
    return _Gate(found[:2], found[2 : -3 * len(_EDITED)], found[-3 * len(_EDITED) :], definitions(session))


_WHY = "whether any name changed; the names are read through the scope"


def _how_many(model: Any, newest: Any) -> tuple[Any, Any]:
    return select(func.count()).select_from(model).scalar_subquery(), select(func.max(newest)).scalar_subquery()


def _lately(model: Any) -> tuple[Any, Any, Any]:
    late = model.updated_at >= bindparam(model.__tablename__, type_=model.updated_at.type)
    return (
        select(func.count()).select_from(model).scalar_subquery(),
        select(func.count()).select_from(model).where(late).scalar_subquery(),
        select(func.sum(model.version)).where(late).scalar_subquery(),
    )


def _refresh(session: ScopedSession, held: _Held, now: _Gate) -> None:
    """Read again what changed: the rows written of late, or, when their number does not add up, whatever has another
    version than before."""
    before = held.gate
    moved, few = before is None or now.team != before.team, before is None or now.small != before.small
    for model, reader in _EDITED.items():
        known = held.versions[model]
        stated = select(model.id, model.version)
        seen = _versions(session, stated.where(model.updated_at >= held.since[model]))
        changed = [id_ for id_, version in seen.items() if known.get(id_) != version]
        known |= seen
        if moved or session.scalar(select(func.count(model.id))) != len(known):
            all_ = _versions(session, stated)
            changed += [id_ for id_, version in all_.items() if known.get(id_) != version]
            for id_ in known.keys() - all_.keys():
                held.names.drop(id_)
            held.versions[model] = all_
        _put(held.names, reader, session, changed)
        for start in range(0, len(changed), _PAGE):
            held.names.traits |= _traits(session, model, changed[start : start + _PAGE])
        if model is Deal and changed:
            for name in _competitors(session):
                held.names.put(name)
    if few:
        _reread_few(session, held.names)
    held.names.fields = now.fields
    _look(session, held)


def _put(names: Names, reader: "_Reader", session: ScopedSession, ids: Collection[str]) -> None:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _PAGE):
        page = wanted[start : start + _PAGE]
        found = {id_: name for id_, _, name in reader(session, page) if name is not None}
        for id_ in page:
            if id_ in found:
                names.put(found[id_])
            else:
                names.drop(id_)


def _reread_few(session: ScopedSession, names: Names) -> None:
    now = list(_few_names(session))
    ids = {name.id for name in now}
    before = [name for kind in _FEW for name in names.of_kind(kind)]
    for name in before:
        if name.id not in ids:
            names.drop(name.id)
    for name in now:
        names.put(name)
    names.papers = own_terms(session)


def _versions(session: ScopedSession, statement: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(statement)}


def _read(session: ScopedSession, versions: "_Versions") -> Iterator[Name]:
    for model, reader in _EDITED.items():
        known = versions[model]
        for id_, version, name in reader(session, None):
            known[id_] = version
            if name is not None:
                yield name
    yield from _few_names(session)
    yield from _competitors(session)


def _these(statement: Any, model: Any, ids: Collection[str] | None) -> Any:
    return statement if ids is None else statement.where(model.id.in_(ids))


def _accounts(session: ScopedSession, ids: Collection[str] | None) -> "Iterator[_Row]":
    asked = _these(select(Account.id, Account.version, Account.name, Account.domain, Account.owner_id), Account, ids)
    for id, version, name, domain, owner in session.execute(asked):
        yield id, version, Name("account", id, name, _domain_forms(domain), owner_id=owner)


def _contacts(session: ScopedSession, ids: Collection[str] | None) -> "Iterator[_Row]":
    columns = (
        Contact.id, Contact.version, Contact.name, Contact.email, Contact.account_id, Contact.title, Contact.left_on,
    )  # fmt: skip
    for id, version, name, email, account_id, title, left_on in session.execute(_these(select(*columns), Contact, ids)):
        also, status = (email,) if email else (), "left" if left_on else None
        yield id, version, Name("contact", id, name, also, account_id, title, status)


def _deals(session: ScopedSession, ids: Collection[str] | None) -> "Iterator[_Row]":
    columns = (
        Deal.id, Deal.version, Deal.name, Deal.account_id, Deal.status, Deal.close_date, Deal.owner_id, Deal.amount_minor,
        Deal.currency,
    )  # fmt: skip
    for id, version, name, account_id, status, close_date, owner, amount, currency in session.execute(
        _these(select(*columns), Deal, ids)
    ):
        yield id, version, Name("deal", id, name, (), account_id, None, status, close_date, owner, amount, currency)


def _people(session: ScopedSession, ids: Collection[str] | None) -> "Iterator[_Row]":
    columns = (Person.id, Person.version, Person.name, Person.email, Person.title, Person.active)
    for id, version, name, email, title, active in session.execute(_these(select(*columns), Person, ids)):
        yield id, version, Name("person", id, name, (email,), title=title) if active else None


def _few_names(session: ScopedSession) -> Iterator[Name]:
    for id, name, code in session.execute(select(Product.id, Product.name, Product.code)):
        yield Name("product", id, name, (code,) if code else ())
    for id, name, status in session.execute(select(Stage.id, Stage.name, Stage.status).order_by(Stage.position)):
        yield Name("stage", id, name, status=status)
    for id, name in session.execute(select(Pipeline.id, Pipeline.name)):
        yield Name("pipeline", id, name)
    for id, name in session.execute(select(Team.id, Team.name)):
        yield Name("team", id, name)


def _competitors(session: ScopedSession) -> Iterator[Name]:
    for competitor in session.scalars(select(Deal.competitor).where(Deal.competitor.is_not(None)).distinct()):
        if competitor:
            yield Name("competitor", f"competitor:{competitor}", competitor)


def _traits(session: ScopedSession, model: Any, ids: Collection[str] | None) -> frozenset[Trait]:
    """The values of the rows with these ids, or of all; those that no row has any more stay until the index is built anew."""
    return frozenset(
        Trait(name, value.strip())
        for name, column in _TRAITS.get(model, ())
        for value in session.scalars(_these(select(column).where(column.is_not(None)).distinct(), model, ids))
        if value.strip()
    )


_TRAITS: dict[Any, tuple[tuple[str, Any], ...]] = {
    Account: (("industry", Account.industry), ("country", Account.country), ("region", Account.region), ("city", Account.city)),
    Deal: (("source", Deal.source),),
}


def _domain_forms(domain: str | None) -> tuple[str, ...]:
    return (domain.lower().removeprefix("www."),) if domain else ()


_Versions = dict[Any, dict[str, int]]
_Row = tuple[str, int, Name | None]
"""The id and the version of a row, and its name where it is one to be called by."""
_Reader = Callable[[ScopedSession, Collection[str] | None], Iterator[_Row]]
_EDITED: dict[Any, _Reader] = {Account: _accounts, Contact: _contacts, Deal: _deals, Person: _people}
"""What reads the names of each table that people edit: those of some ids, or all."""
_COUNTED = select(
    *_how_many(AccountMember, AccountMember.id),
    *(column for model in _SMALL for column in _how_many(model, model.id)),
    *_how_many(OwnDocument, OwnDocument.imported_at),
    *(column for model in _EDITED for column in _lately(model)),
)
