"""Rows of our people, the catalogue, and the accounts with their people and consents."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date
from random import Random
from typing import Any

from crm_store.base import Base
from crm_store.models import (
    Account,
    AccountMember,
    Contact,
    CustomField,
    ExchangeRate,
    Person,
    Pipeline,
    Product,
    Quota,
    Stage,
    Team,
)
from crm_store.sample.accounts import ACCOUNTS
from crm_store.sample.company import PEOPLE, PEOPLE_BY_KEY, PIPELINES, PRODUCTS, RATES, REPORTING_CURRENCY, TEAMS
from crm_store.sample.custom import account_values, fields
from crm_store.sample.days import moment, quarter_start, resolve, workday
from crm_store.sample.forms import AccountEntry, ContactEntry
from crm_store.sample.identity import sample_id

SOURCE = "sample"
STARTED_DAYS_AGO = 920  # when Halvern began to keep this record
_PREFIX = {
    "Germany": "+49 40 555 0", "Sweden": "+46 31 555 0", "Denmark": "+45 55 50 ", "Norway": "+47 55 50 ",
    "Finland": "+358 3 555 0", "Netherlands": "+31 20 555 0", "Italy": "+39 02 555 0", "Spain": "+34 910 55 ",
    "Portugal": "+351 21 555 0", "France": "+33 1 99 55 ", "United Kingdom": "+44 20 7946 0",
    "United States": "+1 312 555 0",
}  # fmt: skip
_STREETS = (
    "Harbour Road",
    "Mill Lane",
    "Station Street",
    "Canal Row",
    "Foundry Way",
    "Market Quay",
    "Kiln Street",
    "Depot Road",
)
_CHANNELS = ("email", "phone")


def external(key: str) -> dict[str, Any]:
    return {"external_source": SOURCE, "external_id": key}


def edited(created: datetime, updated: datetime | None = None) -> dict[str, Any]:
    return {"created_at": created, "updated_at": max(created, updated or created)}


def person_id(key: str) -> str:
    return sample_id("person", key)


def contact_id(account: str, contact: str) -> str:
    return sample_id("contact", f"{account}/{contact}")


def _started(today: Date) -> datetime:
    return datetime.combine(today - timedelta(days=STARTED_DAYS_AGO), time(9), UTC)


def teams() -> Iterator[Team]:
    for name, parent, _ in TEAMS:
        yield Team(
            id=sample_id("team", name),
            name=name,
            parent_id=sample_id("team", parent) if parent else None,
            **external(name),
        )


def people(today: Date) -> Iterator[Base]:
    for person in PEOPLE:
        yield Person(
            id=person_id(person.key),
            email=person.email,
            name=person.name,
            role=person.role,
            title=person.title,
            team_id=sample_id("team", person.team),
            timezone=person.timezone,
            **external(person.key),
            **edited(_started(today)),
        )


def quotas(today: Date) -> Iterator[Quota]:
    """The last five quarters, the current one and the next."""
    for person in PEOPLE:
        for ahead in range(-5, 2) if person.quota else ():
            starts = quarter_start(today, ahead)
            growth = 1 + 0.015 * ahead
            yield Quota(
                id=sample_id("quota", f"{person.key}/{ahead}"),
                person_id=person_id(person.key),
                starts=starts,
                ends=quarter_start(today, ahead + 1) - timedelta(days=1),
                amount_minor=round(person.quota * growth) * 100_000,
                currency=REPORTING_CURRENCY,
            )


def catalogue(today: Date) -> Iterator[Base]:
    for currency, ago, rate in RATES:
        yield ExchangeRate(
            id=sample_id("rate", f"{currency}/{ago}"),
            currency=currency,
            base=REPORTING_CURRENCY,
            on=today - timedelta(days=ago),
            rate_millionths=rate,
        )
    for product in PRODUCTS:
        yield Product(
            id=sample_id("product", product.key),
            name=product.name,
            family=product.family,
            code=product.code,
            price_minor=product.price * 100,
            currency=REPORTING_CURRENCY,
            description=product.description,
            **external(product.key),
        )
    for position, (name, _) in enumerate(PIPELINES):
        yield Pipeline(id=sample_id("pipeline", name), name=name, position=position, **external(name))


def stages() -> Iterator[Stage]:
    for pipeline, steps in PIPELINES:
        for position, (name, status, probability) in enumerate(steps):
            yield Stage(
                id=sample_id("stage", f"{pipeline}/{name}"),
                pipeline_id=sample_id("pipeline", pipeline),
                name=name,
                position=position,
                status=status,
                probability=probability,
                **external(f"{pipeline}/{name}"),
            )


def known_since(account: AccountEntry, today: Date) -> datetime:
    """Before anything else that happened with the account."""
    first = min((deal.opened for deal in account.deals), default=-560)
    day = workday(today + timedelta(days=min(first, -560) - 20), forward=False)
    return moment(day, PEOPLE_BY_KEY[account.owner].timezone, today, Random(f"known:{account.key}"))


def phone(account: AccountEntry, key: str) -> str:
    number = Random(f"phone:{account.key}:{key}").randrange(100, 1000)
    return f"{_PREFIX[account.country]}{number}"


def custom_fields(today: Date) -> Iterator[CustomField]:
    return fields(_started(today))


def accounts(today: Date) -> Iterator[Account]:
    for account in ACCOUNTS:
        random = Random(f"account:{account.key}")
        yield Account(
            id=sample_id("account", account.key),
            name=account.name,
            kind=account.kind,
            owner_id=person_id(account.owner),
            domain=f"{account.key}.example",
            phone=phone(account, "switchboard"),
            industry=account.industry,
            employees=account.employees,
            annual_revenue_minor=account.revenue * 100_000_000,
            currency=account.currency,
            street=f"{random.randrange(2, 180)} {random.choice(_STREETS)}",
            city=account.city,
            country=account.country,
            description=account.about,
            custom=account_values(account),
            **external(account.key),
            **edited(known_since(account, today)),
        )


def members() -> Iterator[AccountMember]:
    for account in ACCOUNTS:
        reasons = {account.owner: "owner"}
        for deal in account.deals:
            reasons.setdefault(deal.owner or account.owner, "deal")
        for member in account.members:
            reasons.setdefault(member, "added")
        for person, reason in reasons.items():
            yield AccountMember(
                id=sample_id("account_member", f"{account.key}/{person}"),
                account_id=sample_id("account", account.key),
                person_id=person_id(person),
                reason=reason,
            )


def lifecycle_of(account: AccountEntry, contact: ContactEntry) -> str:
    if contact.lifecycle:
        return contact.lifecycle
    if contact.advocate:
        return "advocate"
    if account.kind == "customer":
        return "customer"
    if any(contact.key in deal.roles for deal in account.deals if deal.stage not in ("lost", "churned")):
        return "opportunity"
    return "qualified" if account.kind in ("partner", "influencer") else "lead"


def address(account: AccountEntry, contact: ContactEntry) -> str:
    plain = contact.name.lower().translate(str.maketrans("áàâäãåéèêëíìîïóòôöøúùûüñçæ", "aaaaaaeeeeiiiiooooouuuunca"))
    return f"{plain.replace(' ', '.')}@{account.key}.example"


def _birthday(account: AccountEntry, contact: ContactEntry) -> Date | None:
    """One in seven has told us."""
    random = Random(f"born:{account.key}:{contact.key}")
    return (
        Date(random.randrange(1962, 1996), random.randrange(1, 13), random.randrange(1, 29))
        if random.random() < 0.14
        else None
    )


def contacts(came: Mapping[str, tuple[datetime, str]], today: Date) -> Iterator[Contact]:
    """``came`` says when and from where those came who were leads."""
    for account in ACCOUNTS:
        for contact in account.contacts:
            since, source = came.get(contact_id(account.key, contact.key), (known_since(account, today), None))
            left = None if contact.left is None else resolve(contact.left, today)
            yield Contact(
                id=contact_id(account.key, contact.key),
                name=contact.name,
                email=address(account, contact),
                phone=phone(account, contact.key) if contact.phone else None,
                title=contact.title,
                source=source,
                lifecycle=lifecycle_of(account, contact),
                is_advocate=contact.advocate,
                do_not_contact=contact.no_contact,
                left_on=left,
                born_on=_birthday(account, contact),
                description=contact.about or None,
                custom={},
                account_id=sample_id("account", account.key),
                owner_id=person_id(account.owner),
                **external(f"{account.key}/{contact.key}"),
                **edited(since),
            )
