"""Rows of the deals: who plays which part in them, their lines and their history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from random import Random

from crm_store.base import Base
from crm_store.models import Deal, DealContact, DealLine, FieldHistory
from crm_store.sample.accounts import ACCOUNTS
from crm_store.sample.company import PIPELINES, PRODUCTS_BY_KEY
from crm_store.sample.custom import deal_values
from crm_store.sample.customers import contact_id, edited, external, person_id
from crm_store.sample.days import resolve, spoken
from crm_store.sample.forms import AccountEntry, DealEntry
from crm_store.sample.identity import sample_id
from crm_store.sample.timeline import FieldChange, Timeline, timeline

SOURCES = ("Trade fair", "Website", "Referral", "Outbound call", "Webinar")


@dataclass(frozen=True)
class PlannedDeal:
    """A deal with its timeline worked out."""

    account: AccountEntry
    entry: DealEntry
    past: Timeline

    @property
    def id(self) -> str:
        return deal_id(self.account.key, self.entry.key)

    @property
    def owner(self) -> str:
        return self.entry.owner or self.account.owner

    @property
    def pipeline(self) -> str:
        return PIPELINES[1 if self.entry.kind == "renewal" else 0][0]


def deal_id(account: str, deal: str) -> str:
    return sample_id("deal", f"{account}/{deal}")


def planned_deals(today: Date) -> list[PlannedDeal]:
    return [
        PlannedDeal(
            account, deal, timeline(deal, deal.owner or account.owner, today, Random(f"deal:{account.key}:{deal.key}"))
        )
        for account in ACCOUNTS
        for deal in account.deals
    ]


def _past(account: AccountEntry, deal: DealEntry, today: Date) -> Timeline:
    return timeline(deal, deal.owner or account.owner, today, Random(f"deal:{account.key}:{deal.key}"))


def deals(planned: list[PlannedDeal], today: Date) -> Iterator[Deal]:
    for deal in planned:
        entry, past = deal.entry, deal.past
        is_open = past.closed_at is None
        yield Deal(
            id=deal.id,
            name=entry.name,
            pipeline_id=sample_id("pipeline", deal.pipeline),
            stage_id=sample_id("stage", f"{deal.pipeline}/{past.stage}"),
            status=past.status,
            kind=entry.kind,
            amount_minor=entry.amount * 100_000,
            currency=deal.account.currency,
            close_date=past.close_date,
            closed_at=past.closed_at,
            forecast_category=past.forecast,
            next_step=entry.next_step or None if is_open else None,
            next_step_due=resolve(entry.next_due, today) if is_open and entry.next_due is not None else None,
            lost_reason=entry.lost or None,
            competitor=entry.versus or None,
            source=source_of(deal),
            stage_entered_at=past.stage_entered_at,
            description=spoken(entry.about, today) or None,
            custom=deal_values(entry, deal.id, past.status, past.close_date),
            account_id=sample_id("account", deal.account.key),
            owner_id=person_id(deal.owner),
            **external(f"{deal.account.key}/{entry.key}"),
            **edited(past.opened_at, past.changes[-1].at),
        )


def source_of(deal: PlannedDeal) -> str:
    return deal.entry.source or Random(f"source:{deal.id}").choice(SOURCES)


def deal_contacts(planned: list[PlannedDeal]) -> Iterator[DealContact]:
    for deal in planned:
        for part in deal.entry.roles.split():
            contact, role = part.split(":")
            yield DealContact(
                id=sample_id("deal_contact", f"{deal.id}/{part}"),
                deal_id=deal.id,
                contact_id=contact_id(deal.account.key, contact),
                role=role,
                account_id=sample_id("account", deal.account.key),
                owner_id=person_id(deal.owner),
            )


def shares(lines: str, amount_minor: int) -> list[tuple[str, int, int]]:
    """(product, quantity, amount) for "product:quantity …", in proportion to list prices and adding up to the whole."""
    parsed = [(product, int(quantity)) for product, quantity in (part.split(":") for part in lines.split())]
    listed = [PRODUCTS_BY_KEY[product].price * quantity for product, quantity in parsed]
    amounts = [amount_minor * value // sum(listed) // 100 * 100 for value in listed]
    if amounts:
        amounts[0] += amount_minor - sum(amounts)
    return [(product, quantity, amount) for (product, quantity), amount in zip(parsed, amounts, strict=True)]


def deal_lines(planned: list[PlannedDeal]) -> Iterator[DealLine]:
    for deal in planned:
        for product, quantity, amount in shares(deal.entry.lines, deal.entry.amount * 100_000):
            yield DealLine(
                id=sample_id("deal_line", f"{deal.id}/{product}"),
                deal_id=deal.id,
                product_id=sample_id("product", product),
                quantity=quantity,
                amount_minor=amount,
                currency=deal.account.currency,
                account_id=sample_id("account", deal.account.key),
                owner_id=person_id(deal.owner),
                **external(f"{deal.account.key}/{deal.entry.key}/{product}"),
            )


def history(planned: list[PlannedDeal]) -> Iterator[Base]:
    for deal in planned:
        for position, change in enumerate(deal.past.changes):
            field, old, new = _stored(deal, change)
            yield FieldHistory(
                id=sample_id("history", f"{deal.id}/{position}"),
                entity="deal",
                entity_id=deal.id,
                field=field,
                old=old,
                new=new,
                at=change.at,
                by_id=person_id(change.by),
                account_id=sample_id("account", deal.account.key),
                owner_id=person_id(deal.owner),
            )


def _stored(deal: PlannedDeal, change: FieldChange) -> tuple[str, str | None, str]:
    """The change with the ids that the record keeps instead of the sample's names."""
    match change.field:
        case "stage":
            old = None if change.old is None else sample_id("stage", f"{deal.pipeline}/{change.old}")
            return "stage_id", old, sample_id("stage", f"{deal.pipeline}/{change.new}")
        case "owner_id":
            return "owner_id", None if change.old is None else person_id(change.old), person_id(change.new)
        case field:
            return field, change.old, change.new
