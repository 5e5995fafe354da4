"""Rows of how contacts came to us: their journeys from lead to customer, the newest leads, and records made twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, timedelta
from random import Random

from crm_store.base import Base
from crm_store.models import Account, AccountMember, Consent, Contact, DealStatus, FieldHistory
from crm_store.sample.accounts import ACCOUNTS
from crm_store.sample.company import PEOPLE_BY_KEY
from crm_store.sample.consents import consents_of
from crm_store.sample.customers import (
    address,
    contact_id,
    edited,
    external,
    known_since,
    lifecycle_of,
    person_id,
    phone,
)
from crm_store.sample.days import moment, workday
from crm_store.sample.dealings import PlannedTouch
from crm_store.sample.forms import AccountEntry, ContactEntry
from crm_store.sample.identity import sample_id
from crm_store.sample.newcomers import LEADS, TWIN_ACCOUNTS, TWIN_CONTACTS, Lead, TwinAccount, TwinContact
from crm_store.sample.selling import SOURCES, PlannedDeal, source_of

_BY_KEY = {account.key: account for account in ACCOUNTS}
ADVOCATE_AFTER = timedelta(days=45)  # a won customer recommends us after the first weeks of use


@dataclass(frozen=True)
class Journey:
    """When a contact became known and from where, and each lifecycle stage with the moment it was reached."""

    recorded: datetime
    source: str
    steps: tuple[tuple[str, datetime], ...]


def journeys(deals: list[PlannedDeal], touches: list[PlannedTouch], today: Date) -> dict[str, Journey]:
    """By contact id, for everybody who was a lead: those who were there before their company first bought."""
    spoken: dict[str, datetime] = {}
    for touch in touches:
        for key in touch.touch.who.split():
            person = contact_id(touch.account.key, key)
            spoken[person] = min(spoken.get(person, touch.at), touch.at)
    found = {}
    for account in ACCOUNTS:
        own = [deal for deal in deals if deal.account is account and deal.entry.kind != "renewal"]
        bought = min(
            (d.past.closed_at for d in own if d.past.status == DealStatus.WON and d.past.closed_at), default=None
        )
        for contact in account.contacts if account.kind not in ("partner", "influencer") else ():
            parts = [
                deal for deal in own if any(part.split(":")[0] == contact.key for part in deal.entry.roles.split())
            ]
            if parts and (bought is None or min(deal.past.opened_at for deal in parts) < bought):
                met = spoken.get(contact_id(account.key, contact.key))
                found[contact_id(account.key, contact.key)] = _journey(account, contact, parts, met, today)
    return found


def _journey(
    account: AccountEntry, contact: ContactEntry, deals: list[PlannedDeal], met: datetime | None, today: Date
) -> Journey:
    random = Random(f"journey:{account.key}:{contact.key}")
    first = min(deals, key=lambda deal: deal.past.opened_at)
    told = [consent.at for consent in consents_of(account, contact, today)]
    began = min([first.past.opened_at - timedelta(days=random.randrange(4, 40)), *told, *([met] if met else [])])
    recorded = max(began - timedelta(days=1, minutes=random.randrange(5, 90)), known_since(account, today))
    steps = [("lead", recorded)]
    between = first.past.opened_at - recorded
    steps.append(("qualified", recorded + between * random.uniform(0.3, 0.9)))
    steps.append(("opportunity", first.past.opened_at))
    won = [deal.past.closed_at for deal in deals if deal.past.status == DealStatus.WON and deal.past.closed_at]
    lost = [deal.past.closed_at for deal in deals if deal.past.status == DealStatus.LOST and deal.past.closed_at]
    now = lifecycle_of(account, contact)
    if won and now in ("customer", "advocate"):
        steps.append(("customer", min(won)))
    if now == "advocate":
        steps.append(("advocate", steps[-1][1] + ADVOCATE_AFTER))
    if now == "lead" and lost:
        steps.append(("lead", max(lost)))
    return Journey(
        recorded,
        source_of(first) if first.entry.roles.startswith(contact.key) else random.choice(SOURCES),
        _until(steps, now),
    )


def _until(steps: list[tuple[str, datetime]], now: str) -> tuple[tuple[str, datetime], ...]:
    """The steps as far as the stage that the contact has now."""
    reached = [place for place, (stage, _) in enumerate(steps) if stage == now]
    return tuple(steps[: reached[-1] + 1])


def histories(found: dict[str, Journey]) -> Iterator[FieldHistory]:
    for account in ACCOUNTS:
        for contact in account.contacts:
            if journey := found.get(contact_id(account.key, contact.key)):
                yield from _history(account, contact.key, journey.steps)


def _history(account: AccountEntry, contact: str, steps: tuple[tuple[str, datetime], ...]) -> Iterator[FieldHistory]:
    before: str | None = None
    for position, (stage, at) in enumerate(steps):
        yield FieldHistory(
            id=sample_id("history", f"lifecycle/{account.key}/{contact}/{position}"),
            entity="contact",
            entity_id=contact_id(account.key, contact),
            field="lifecycle",
            old=before,
            new=stage,
            at=at,
            by_id=person_id(account.owner),
            account_id=sample_id("account", account.key),
            owner_id=person_id(account.owner),
        )
        before = stage


def _at(account: AccountEntry, key: str, day: int, today: Date) -> datetime:
    on = workday(today + timedelta(days=day), forward=False)
    return moment(on, PEOPLE_BY_KEY[account.owner].timezone, today, Random(f"came:{account.key}:{key}:{day}"))


def newcomers(today: Date) -> Iterator[Base]:
    """The newest leads, with what they agreed to."""
    for lead in LEADS:
        yield _lead(_BY_KEY[lead.account], lead, today)


def newcomer_rows(today: Date) -> Iterator[Base]:
    """What hangs on the newest leads: their journeys and their consents."""
    for lead in LEADS:
        account = _BY_KEY[lead.account]
        yield from _history(account, lead.key, _lead_steps(account, lead, today))
        for status, day in (("granted", lead.recorded), ("withdrawn", lead.withdrew)):
            if lead.withdrew is not None and day is not None:
                yield Consent(
                    id=sample_id("consent", f"{account.key}/{lead.key}/{status}"),
                    contact_id=contact_id(account.key, lead.key),
                    channel="email",
                    purpose="marketing",
                    status=status,
                    at=_at(account, f"{lead.key}:{status}", day, today),
                    source="Web form" if status == "granted" else "Unsubscribe link",
                    account_id=sample_id("account", account.key),
                    owner_id=person_id(account.owner),
                )


def _lead_steps(account: AccountEntry, lead: Lead, today: Date) -> tuple[tuple[str, datetime], ...]:
    steps = [("lead", _at(account, lead.key, lead.recorded, today))]
    if lead.qualified is not None:
        steps.append(
            ("qualified", max(_at(account, lead.key, lead.qualified, today), steps[0][1] + timedelta(hours=1)))
        )
    return tuple(steps)


def _lead(account: AccountEntry, lead: Lead, today: Date) -> Contact:
    steps = _lead_steps(account, lead, today)
    entry = ContactEntry(lead.key, lead.name, lead.title)
    return Contact(
        id=contact_id(account.key, lead.key),
        name=lead.name,
        email=address(account, entry),
        phone=phone(account, lead.key),
        title=lead.title,
        source=lead.source,
        lifecycle=steps[-1][0],
        custom={},
        account_id=sample_id("account", account.key),
        owner_id=person_id(account.owner),
        **external(f"{account.key}/{lead.key}"),
        **edited(steps[0][1], steps[-1][1]),
    )


def twin_accounts(today: Date) -> Iterator[Account]:
    for twin in TWIN_ACCOUNTS:
        account = _BY_KEY[twin.of]
        yield Account(
            id=sample_id("account", _twin(twin)),
            name=twin.name,
            kind="prospect",
            owner_id=person_id(account.owner),
            domain=f"{account.key}.example",
            industry=account.industry,
            city=account.city,
            country=account.country,
            currency=account.currency,
            custom={},
            **external(_twin(twin)),
            **edited(_at(account, _twin(twin), twin.recorded, today)),
        )


def _twin(twin: TwinAccount) -> str:
    return f"{twin.of}-again"


def twins(today: Date) -> Iterator[Base]:
    """Who belongs to the accounts that are there twice, and the contacts that are."""
    for twin in TWIN_ACCOUNTS:
        account = _BY_KEY[twin.of]
        yield AccountMember(
            id=sample_id("account_member", f"{_twin(twin)}/{account.owner}"),
            account_id=sample_id("account", _twin(twin)),
            person_id=person_id(account.owner),
            reason="owner",
        )
        entry = next(contact for contact in account.contacts if contact.key == twin.contact)
        same = TwinContact(account.key, entry.key, entry.name, "", twin.source, twin.recorded, "email")
        yield _twin_contact(account, same, _twin(twin), today)
    for contact in TWIN_CONTACTS:
        yield _twin_contact(_BY_KEY[contact.account], contact, contact.account, today)


def _twin_contact(account: AccountEntry, twin: TwinContact, home: str, today: Date) -> Contact:
    entry = next(contact for contact in account.contacts if contact.key == twin.of)
    key = f"{home}/{twin.of}-again"
    return Contact(
        id=sample_id("contact", key),
        name=twin.name,
        email=address(account, entry) if twin.same == "email" else None,
        phone=phone(account, entry.key) if twin.same == "phone" else None,
        title=twin.title or None,
        source=twin.source,
        lifecycle=lifecycle_of(account, entry) if home == account.key else "lead",
        custom={},
        account_id=sample_id("account", home),
        owner_id=person_id(account.owner),
        **external(key),
        **edited(_at(account, key, twin.recorded, today)),
    )
