"""What the record already knows, by the ids and names that files use: read once, kept up while the import runs."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from uuid import NAMESPACE_URL

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils import UUID, uuid5

from crm_store.imports.columns import key
from crm_store.imports.near import nearest
from crm_store.models import (
    Account,
    AccountMember,
    Campaign,
    Case,
    Contact,
    Deal,
    FieldHistory,
    Merged,
    Order,
    Person,
    Product,
    Team,
)
from crm_store.names.words import LEGAL_FORMS

NAMED = "~"  # starts the external id of a row that was told apart by its name
_URLS = UUID(str(NAMESPACE_URL))
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class Ref(NamedTuple):
    """A row that others point at, with what they inherit from it."""

    id: str
    account_id: str | None = None
    owner_id: str | None = None
    currency: str | None = None


class KeptRow(NamedTuple):
    """The row that one with a number of the source was merged into, and its own number there."""

    row_id: str
    external_id: str | None


class Index:
    """Rows of one table by external id and by name; a name that several rows have finds none of them."""

    def __init__(self) -> None:
        self.by_id: dict[str, Ref] = {}
        self._by_name: dict[str, Ref | None] = {}
        self._near: dict[str, tuple[Ref, str] | None] = {}
        self._named: dict[str, Ref | None] = {}  # what was asked for by a name: owners, above all, again and again

    def add(self, ref: Ref, external_id: str | None, *names: str | None) -> None:
        self._named.clear()
        if external_id:
            self.by_id[external_id] = ref
        for name in names:
            if name:
                folded = fold(name)
                before = self._by_name.get(folded, ref)
                self._by_name[folded] = ref if before is not None and before.id == ref.id else None

    def named_only(self, name: str) -> Ref | None:
        """The row of this name that came in without an id of its own, as from a mere mention."""
        ref = self._by_name.get(fold(name))
        mentioned = self.by_id.get(f"{NAMED}{fold(name)}"[:128])
        return ref if ref is not None and mentioned is not None and mentioned.id == ref.id else None

    def find_near(self, given: str) -> tuple[Ref, str] | None:
        """(row, its name) of the one name that ``given`` is a misspelling of."""
        if given not in self._near:
            names = {key(name): name for name, ref in self._by_name.items() if ref is not None}
            meant = nearest(given, names)
            ref = self._by_name[meant] if meant is not None else None
            self._near[given] = (ref, str(meant)) if ref is not None else None
        return self._near[given]

    def find(self, given: str, source: str) -> Ref | None:
        """By id first, then by name."""
        if given in self._named:
            return self._named[given]
        found = self.by_id.get(external(given, source))
        if found is None:
            found = self._named[given] = self._by_name.get(fold(given))
        return found


class Known:
    def __init__(self, source: str) -> None:
        self.source = source
        self.people, self.teams, self.accounts, self.contacts = Index(), Index(), Index(), Index()
        self.deals, self.products, self.campaigns, self.orders = Index(), Index(), Index(), Index()
        self.cases = Index()
        self.domains: dict[str, Ref | None] = {}
        self._bare: dict[str, Ref | None] = {}
        self.members: set[tuple[str, str]] = set()
        self.links: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self.also: dict[str, dict[str, str]] = {}
        self.words: dict[str, list[str]] = {}
        self.merged: dict[str, dict[str, KeptRow]] = {}
        self.has_history = True

    def load(self, session: Session) -> None:
        source = self.source
        self.has_history = session.scalars(select(FieldHistory.id).limit(1)).first() is not None
        for person in session.execute(
            select(Person.id, Person.email, Person.name, Person.external_source, Person.external_id)
        ):
            self.people.add(Ref(person.id), _of(person, source), person.name, person.email)
        for team in session.execute(select(Team.id, Team.name, Team.external_source, Team.external_id)):
            self.teams.add(Ref(team.id), _of(team, source), team.name)
        for at in session.execute(
            select(
                Account.id, Account.name, Account.domain, Account.owner_id, Account.external_source, Account.external_id
            )
        ):
            self.accounts.add(Ref(at.id, at.id, at.owner_id), _of(at, source), at.name)
            self.know_domain(at.id, at.domain, at.name)
        for who in session.execute(select(Contact.id, Contact.account_id, Contact.owner_id, Contact.name, Contact.email,
                                          Contact.external_source, Contact.external_id)):  # fmt: skip
            self.contacts.add(Ref(who.id, who.account_id, who.owner_id), _of(who, source), who.name, who.email)
        for sale in session.execute(select(Deal.id, Deal.account_id, Deal.owner_id, Deal.currency, Deal.name, Deal.external_source,
                                          Deal.external_id)):  # fmt: skip
            self.deals.add(Ref(sale.id, sale.account_id, sale.owner_id, sale.currency), _of(sale, source), sale.name)
        for item in session.execute(
            select(Product.id, Product.name, Product.code, Product.external_source, Product.external_id)
        ):
            self.products.add(Ref(item.id), _of(item, source), item.name, item.code)
        for effort in session.execute(
            select(Campaign.id, Campaign.name, Campaign.external_source, Campaign.external_id)
        ):
            self.campaigns.add(Ref(effort.id), _of(effort, source), effort.name)
        for order in session.execute(select(Order.id, Order.account_id, Order.owner_id, Order.currency, Order.number,
                                          Order.external_source, Order.external_id)):  # fmt: skip
            self.orders.add(
                Ref(order.id, order.account_id, order.owner_id, order.currency), _of(order, source), order.number
            )
        for ticket in session.execute(
            select(Case.id, Case.account_id, Case.owner_id, Case.number, Case.external_source, Case.external_id)
        ):
            self.cases.add(Ref(ticket.id, ticket.account_id, ticket.owner_id), _of(ticket, source), ticket.number)
        self.members = {(row.account_id, row.person_id) for row in
                        session.execute(select(AccountMember.account_id, AccountMember.person_id))}  # fmt: skip

        for field, column in (
            ("industry", Account.industry), ("source", Deal.source), ("lost_reason", Deal.lost_reason), ("competitor", Deal.competitor),
        ):  # fmt: skip
            self.words[field] = [
                str(each) for each in session.scalars(select(column).where(column.is_not(None)).distinct())
            ]
        self._load_merged(session)

    def know_domain(self, account_id: str, domain: str | None, name: str) -> None:
        """Remember by what an account can be found that a row names only roughly."""
        named = self.accounts.find(name, self.source)
        ref = named if named is not None and named.id == account_id else Ref(account_id, account_id)
        for known, text in ((self.domains, (domain or "").lower()), (self._bare, _bare(name))):
            if text:
                before = known.get(text, ref)
                known[text] = ref if before is not None and before.id == account_id else None

    def account_like(self, name: str) -> Ref | None:
        """The one account whose name differs in nothing but its legal form and punctuation."""
        return self._bare.get(_bare(name))

    def _load_merged(self, session: Session) -> None:
        """The rows of the source that were merged into others here are found as those."""
        for entity, index, model in (("account", self.accounts, Account), ("contact", self.contacts, Contact)):
            lost = select(Merged.external_id, Merged.kept_id).where(
                Merged.entity == entity, Merged.external_source == self.source, Merged.external_id.is_not(None)
            )
            for external_id, kept_id in session.execute(lost):
                row = session.execute(
                    select(model.external_source, model.external_id, model.owner_id).where(model.id == kept_id)
                ).one_or_none()
                if row is None:
                    continue
                own = _of(row, self.source)
                account_id = (
                    kept_id
                    if model is Account
                    else session.scalars(select(Contact.account_id).where(Contact.id == kept_id)).one()
                )
                index.by_id[str(external_id)] = Ref(kept_id, account_id, row.owner_id)
                self.merged.setdefault(entity, {})[str(external_id)] = KeptRow(kept_id, own)

    def index(self, entity: str) -> Index:
        """The index of accounts, contacts, deals or cases."""
        return {"account": self.accounts, "contact": self.contacts, "deal": self.deals, "case": self.cases}[entity]

    def linked(self, table: str, external_id: str) -> list[tuple[str, str]]:
        """(id, role) of what an association table ties to a row."""
        return self.links.get(table, {}).get(external_id, [])


def _of(row: object, source: str) -> str | None:
    external_id = getattr(row, "external_id", None)
    return external_id if getattr(row, "external_source", None) == source else None


def _bare(name: str) -> str:
    """A company's name without legal form and punctuation."""
    words = re.findall(r"\w+", name.casefold().replace(".", ""))
    return " ".join(word for word in words if word not in LEGAL_FORMS)


def fold(text: str) -> str:
    return " ".join(text.casefold().split())


def external(given: str, source: str) -> str:
    """An id as it is kept. Salesforce writes 15 characters in reports and 18 in exports for one and the same row; a
    whole number that went through a spreadsheet comes back as ``123.0``."""
    given = given.strip()
    if source == "salesforce" and re.fullmatch(r"[A-Za-z0-9]{15}", given):
        groups = (given[place : place + 5] for place in (0, 5, 10))
        return given + "".join(
            _SUFFIX[sum(1 << i for i, each in enumerate(group) if each.isupper())] for group in groups
        )
    return (re.sub(r"^(\d+)\.0+$", r"\1", given) if ".0" in given else given)[:128]


def stable_id(*parts: str) -> str:
    """The same id for the same row in every import, where the table has no index of external ids."""
    return str(uuid5(_URLS, "rapport:" + "\x1f".join(parts)))


def first(index: Index, given: Iterable[str], source: str) -> Ref | None:
    return next((found for each in given if (found := index.find(each, source)) is not None), None)
