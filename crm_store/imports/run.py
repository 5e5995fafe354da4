"""What every reader of rows is given: the source, the moment, what is known, and how to resolve what a row points at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.imports.bulk import insert_rows
from crm_store.imports.columns import key
from crm_store.imports.custom import Definitions
from crm_store.imports.known import NAMED, Known, Ref, external, fold
from crm_store.imports.near import Vocabulary
from crm_store.imports.report import Notes
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.stages import Stages
from crm_store.imports.writing import Draft
from crm_store.models import Account, AccountMember, CampaignMember

_NAMES_OF_ACCOUNTS = {"accountname", "company", "companyname", "associatedcompany", "associatedcompanyprimary", "associatedcompanies",
                      "associatedcompanynames"}  # fmt: skip


class Said(NamedTuple):
    """What a row of contacts says of one channel."""

    external_id: str
    channel: str
    status: str
    at: datetime
    source: str


class Conversion(NamedTuple):
    """A lead that became the contact ``ref``; ``lifecycle`` is what that made of it."""

    external_id: str
    ref: Ref
    source: str | None
    lifecycle: str
    created_at: datetime
    converted_at: datetime


class Line(NamedTuple):
    """What a line of a history tells: of which row, and (column of the record, value, field of the file) of what took on that
    value. ``bad`` is what is wrong with it."""

    line: int
    row: str
    told: tuple[tuple[str, str, str], ...] = ()
    at: datetime | None = None
    old: str = ""
    bad: BadValue | None = None


@dataclass
class Run:
    """One import. ``currency`` is that of amounts without one, ``lines`` are those of each file of
    histories, ``history_given`` the columns of each deal (by external id) that those files tell of."""

    source: str
    now: datetime
    currency: str
    notes: Notes
    known: Known
    stages: Stages
    custom: Definitions
    session: Session | None = None
    pending_members: dict[tuple[str, str], str] = field(default_factory=dict)
    history_given: dict[str, set[str]] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    has_accounts: bool = False
    said: list[Said] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    words: dict[str, Vocabulary] = field(default_factory=dict)
    pairs: dict[tuple[str, str], str] | None = None
    leading: set[str] = field(default_factory=set)
    parents: list[tuple[str, str, Row]] = field(default_factory=list)
    priced: set[str] = field(default_factory=set)

    @property
    def here(self) -> Session:
        assert self.session is not None, "rows are read inside a batch"
        return self.session

    def currency_of(self, row: Row) -> str:
        """What amounts of a row are in that name no currency."""
        return row.sheet.said.currency or self.currency

    def external(self, given: str) -> str:
        return external(given, self.source)

    def owner(self, row: Row, field_: str = "owner") -> str | None:
        """The person who owns a row; None, and said so, when the file names somebody unknown."""
        given = row.raw(field_)
        if not given:
            return None
        found = self.known.people.find(given, self.source)
        if found is None and not given.isdigit() and "@" not in given:
            near = self.known.people.find_near(given)
            if near is not None:
                row.decide(field_, near[1], "read as the closest name there is")
                return near[0].id
        if found is None:
            row.decide(field_, "", "nobody of this id, e-mail or name is known; administrators see the row")
        return None if found is None else found.id

    def word(self, row: Row, field_: str, given: str | None) -> str | None:
        """A word of a free column, without its slips; what was changed is said."""
        if not given or field_ not in self.words:
            return given
        taken, why = self.words[field_].read(given)
        if why:
            row.decide(field_, taken, why)
        return taken

    def account(self, row: Row, *links: tuple[str, str]) -> Ref | None:
        """The account a row names by id or by name, or an association table ties it to as (table, id)."""
        given = [
            *row.all("account_id"),
            *(other for table, row_id in links for other, _ in self.known.linked(table, row_id)),
        ]
        names = [row.raw("account")] if row.raw("account") else []
        for each in (*given, *names):
            found = self.known.accounts.find(each, self.source)
            if found is not None:
                return found
        found = self._account_like(row, names)
        if found is not None:
            return found
        name = self._name_of_account(row)
        if name:
            return self._make_account(row, name)
        if given or names:
            field_ = "account_id" if row.raw("account_id") else "account"
            row.decide(field_, "", "no account of this id or name is known", (given or names)[0])
        return None

    def _account_like(self, row: Row, names: list[str]) -> Ref | None:
        """By the name without its legal form, or the one domain that the e-mail address is of; either is said."""
        for name in names:
            found = self.known.account_like(name)
            if found is not None:
                row.decide("account", name, "the account of this name but for its legal form or punctuation")
                return found
        domain = row.raw("email").rpartition("@")[2].lower().rstrip(">")
        found = self.known.domains.get(domain) if domain else None
        if found is not None:
            row.decide("email", domain, "no known account is named; this is the one of the e-mail's domain")
        return found

    def _name_of_account(self, row: Row) -> str:
        """The company a deal or contact names, where no file of accounts could say more of it."""
        if self.has_accounts or row.sheet.kind.name not in ("deal", "contact"):
            return ""
        for field_ in ("account", "account_id"):
            given = row.raw(field_)
            if given and key(row.sheet.column(field_, row.cells)) in _NAMES_OF_ACCOUNTS and not given.isdigit():
                return " ".join(given.split(";")[0].split())[:200]
        return ""

    def _make_account(self, row: Row, name: str) -> Ref:
        owner = self.known.people.find(row.raw("owner"), self.source) if row.raw("owner") else None
        ref = Ref(new_id(), None, owner.id if owner else None)
        ref = ref._replace(account_id=ref.id)
        insert_rows(self.here, Account, [{
            "id": ref.id, "name": name, "kind": "prospect", "owner_id": ref.owner_id, "external_source": self.source, "custom": {},
            "external_id": f"{NAMED}{fold(name)}"[:128], "version": 1, "created_at": self.now, "updated_at": self.now}])  # fmt: skip
        self.known.accounts.add(ref, f"{NAMED}{fold(name)}"[:128], name)
        self.join(ref.id, ref.owner_id, "owner")
        row.decide(
            "account" if row.raw("account") else "account_id",
            name,
            "made an account of this name, since no file lists accounts",
        )
        return ref

    def contacts(self, row: Row, *links: tuple[str, str]) -> list[tuple[Ref, str]]:
        """(contact, role) of everybody a row names or is tied to; who is unknown is said."""
        found: dict[str, tuple[Ref, str]] = {}
        given = [(each, "") for each in row.all("contact")]
        for each, role in [*given, *(pair for table, row_id in links for pair in self.known.linked(table, row_id))]:
            ref = self._contact(each)
            if ref is None:
                row.decide("contact", "", "no contact of this id, e-mail or name is known", each)
            else:
                found.setdefault(ref.id, (ref, role))
        return list(found.values())

    def _contact(self, given: str) -> Ref | None:
        merged = self.known.also.get("contact", {}).get(self.external(given))
        return self.known.contacts.find(given, self.source) or (
            self.known.contacts.find(merged, self.source) if merged else None
        )

    def deal(self, row: Row, *links: tuple[str, str]) -> Ref | None:
        """The deal a row names or is tied to; one that is unknown is said."""
        given = [*row.all("deal"), *(other for table, row_id in links for other, _ in self.known.linked(table, row_id))]
        found = next((ref for each in given if (ref := self.deal_of(each)) is not None), None)
        if given and found is None:
            row.decide("deal", "", "no deal of this id or name is known", given[0])
        return found

    def deal_of(self, given: str) -> Ref | None:
        """The deal of an id, of one that was merged into another, or of a name."""
        merged = self.known.also.get("deal", {}).get(self.external(given))
        return self.known.deals.find(given, self.source) or (
            self.known.deals.find(merged, self.source) if merged else None
        )

    def members_of_campaigns(self) -> dict[tuple[str, str], str]:
        """(campaign, contact) -> the external id of the row that made the one a member of the other."""
        if self.pairs is None:
            of, who = CampaignMember.campaign_id, CampaignMember.contact_id
            columns = select(of, who, CampaignMember.external_source, CampaignMember.external_id)
            self.pairs = {
                (row.campaign_id, row.contact_id): str(row.external_id) if row.external_source == self.source else ""
                for row in self.here.execute(columns)
            }
        return self.pairs

    def join(self, account_id: str | None, person_id: str | None, reason: str) -> None:
        """Put a person on an account's team once the batch is written, so that they may see what is there."""
        if account_id and person_id and (account_id, person_id) not in self.known.members:
            self.pending_members.setdefault((account_id, person_id), reason)

    def write_members(self, session: Session) -> None:
        rows: list[dict[str, Any]] = [
            {"id": new_id(), "account_id": account_id, "person_id": person_id, "reason": reason}
            for (account_id, person_id), reason in self.pending_members.items()
        ]
        if rows:
            insert_rows(session, AccountMember, rows)
            self.known.members |= self.pending_members.keys()
            self.pending_members.clear()


Reader = Callable[[Row, Run, str], Draft | None]


def need(text: str | None, field_: str, what: str) -> str:
    """:raises BadValue: when a row lacks what it cannot be without."""
    if not text:
        raise BadValue(field_, f"{what} is missing")
    return text


def put(values: dict[str, Any], row: Row, name: str, value: object, field_: str = "") -> None:
    """Set a value where the file has a column for it, by its own name or another field's; what a file does not speak of is
    left alone."""
    if (field_ or name) in row.sheet.given:
        values[name] = value
