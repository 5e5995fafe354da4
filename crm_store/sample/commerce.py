"""Rows of what was bought and whom we addressed: orders and subscriptions, and campaigns."""

from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta
from random import Random

from crm_store.base import Base
from crm_store.models import (
    Campaign,
    CampaignMember,
    DealStatus,
    Order,
    OrderLine,
    Subscription,
)
from crm_store.sample.company import PEOPLE_BY_KEY, PRODUCTS_BY_KEY
from crm_store.sample.consents import consents_of
from crm_store.sample.customers import contact_id, edited, external, person_id
from crm_store.sample.days import moment, resolve, workday
from crm_store.sample.feedback import REORDERS
from crm_store.sample.forms import AccountEntry, ContactEntry, Contract, Purchase, Story
from crm_store.sample.identity import sample_id
from crm_store.sample.selling import PlannedDeal, deal_id, shares

RECURRING = (
    "plan",
    "scenario",
    "demand",
    "floor",
    "mobile",
    "trace",
    "recall",
    "connect",
    "insight",
    "signon",
    "support",
)
CAMPAIGNS = (  # key, name, channel, starts, ends, budget in thousands of EUR, status
    ("spring-webinar", "Webinar: planning without spreadsheets", "event", -250, -249, 6, "completed"),
    ("fair", "Autumn trade fair", "event", -62, -58, 48, "completed"),
    ("case-study", "Case study by mail: recall in forty minutes", "email", -100, -86, 3, "completed"),
    ("offline", "Offline on the floor", "email", -190, -170, 4, "completed"),
    ("newsletter", "Newsletter: planning notes", "email", -54, -50, 1, "completed"),
    ("guide", "Market guide download", "social", -30, 20, 9, "active"),
    ("user-day", "User day", "event", 45, 46, 22, "planned"),
)


NOTICE_DAYS = 60  # by how much the word that a customer goes may come after the contract has run out
GIVEN_UP = (  # account and what it no longer renews, though it stays a customer
    ("thornwick", Contract("mobile", -401, -36, 40, 4, "cancelled")),
    ("castellaro", Contract("recall", -528, -163, 3, 11, "lapsed")),
    ("larkfield", Contract("insight", -300, 65, 2, 8, "cancelled")),
)


def orders(account: AccountEntry, stories: list[Story], deals: list[PlannedDeal], today: Date) -> Iterator[Base]:
    told = [purchase for story in stories for purchase in story.purchases]
    bought = {purchase.deal for purchase in told}
    for deal in deals:
        if (
            deal.past.status == DealStatus.WON
            and deal.entry.lines
            and deal.entry.key not in bought
            and deal.past.closed_at
        ):
            buyer = deal.entry.roles.split()[0].split(":")[0]
            ago = (deal.past.closed_at.date() - today).days
            told.append(Purchase(ago, deal.entry.lines, buyer, deal.entry.key))
    told += [Purchase(-ago, lines, who) for key, who, lines, agos in REORDERS if key == account.key for ago in agos]
    for position, purchase in enumerate(told):
        yield from _order(account, purchase, f"{account.key}/{position}", today)


def _order(account: AccountEntry, purchase: Purchase, key: str, today: Date) -> Iterator[Base]:
    day = workday(resolve(purchase.day, today), forward=False)
    agreed = next((deal.amount for deal in account.deals if deal.key == purchase.deal), None)
    listed = sum(
        PRODUCTS_BY_KEY[product].price * int(count)
        for product, count in (part.split(":") for part in purchase.lines.split())
    )
    amount = listed * 100 if agreed is None else agreed * 100_000
    order = sample_id("order", key)
    common = {"account_id": sample_id("account", account.key), "owner_id": person_id(account.owner)}
    at = moment(day, PEOPLE_BY_KEY[account.owner].timezone, today, Random(f"order:{key}"))
    yield Order(
        id=order,
        number=f"HV-{int(order[-5:], 16) % 90000 + 10000}",
        ordered_on=day,
        status=purchase.status,
        amount_minor=amount,
        currency=account.currency,
        deal_id=deal_id(account.key, purchase.deal) if purchase.deal else None,
        contact_id=contact_id(account.key, purchase.who) if purchase.who else None,
        **common,
        **external(key),
        **edited(at),
    )
    for product, quantity, part in shares(purchase.lines, amount):
        yield OrderLine(
            id=sample_id("order_line", f"{key}/{product}"),
            order_id=order,
            product_id=sample_id("product", product),
            quantity=quantity,
            amount_minor=part,
            currency=account.currency,
            **common,
        )


def subscriptions(account: AccountEntry, stories: list[Story], deals: list[PlannedDeal], today: Date) -> Iterator[Base]:
    contracts = [contract for story in stories for contract in story.contracts] or _from_deals(account, deals, today)
    contracts += [contract for key, contract in GIVEN_UP if key == account.key]
    for position, contract in enumerate(contracts):
        starts, ends = resolve(contract.starts, today), resolve(contract.ends, today)
        key = f"{account.key}/{position}"
        at = moment(
            workday(min(starts, today), forward=False),
            PEOPLE_BY_KEY[account.owner].timezone,
            today,
            Random(f"subscription:{key}"),
        )
        yield Subscription(
            id=sample_id("subscription", key),
            product_id=sample_id("product", contract.product),
            starts_on=starts,
            ends_on=ends,
            status=contract.status,
            seats=contract.seats,
            amount_minor=contract.amount * 100_000,
            currency=account.currency,
            renewal_deal_id=deal_id(account.key, contract.renewal) if contract.renewal else None,
            account_id=sample_id("account", account.key),
            owner_id=person_id(account.owner),
            **external(key),
            **edited(at),
        )


def _from_deals(account: AccountEntry, deals: list[PlannedDeal], today: Date) -> list[Contract]:
    """The recurring lines of won deals, running from year to year; a former customer's have ended."""
    renewal = next(
        (deal.entry.key for deal in deals if deal.entry.kind == "renewal" and deal.past.status == DealStatus.OPEN), ""
    )
    contracts = []
    ended = account.kind == "former"
    churned = [deal.past.closed_at for deal in deals if deal.past.stage == "Churned" and deal.past.closed_at]
    lost = max(((at.date() - today).days for at in churned), default=-365) - NOTICE_DAYS
    for deal in deals:
        if deal.past.status != DealStatus.WON or deal.past.closed_at is None or deal.entry.kind == "renewal":
            continue
        starts = (deal.past.closed_at.date() - today).days
        ends = starts + 365
        while ends <= (lost if ended else 0):
            ends += 365
        for product, seats, amount in shares(deal.entry.lines, deal.entry.amount * 100_000):
            if product in RECURRING:
                contracts.append(
                    Contract(
                        product,
                        starts,
                        ends,
                        seats,
                        max(amount // 100_000, 1),
                        "lapsed" if ended else "active",
                        renewal,
                    )
                )
    return contracts


def campaigns(today: Date) -> Iterator[Base]:
    for key, name, channel, starts, ends, budget, status in CAMPAIGNS:
        yield Campaign(
            id=sample_id("campaign", key),
            name=name,
            channel=channel,
            status=status,
            starts_on=resolve(starts, today),
            ends_on=resolve(ends, today),
            budget_minor=budget * 100_000,
            currency="EUR",
            **external(key),
        )


UNSUBSCRIBED_WITHIN = timedelta(days=60)  # a later withdrawal had other reasons than the mailing


def _agreed(account: AccountEntry, contact: ContactEntry, day: Date, today: Date) -> tuple[bool, Date | None]:
    """Whether the contact agreed to marketing mail on ``day``, and when that was taken back afterwards."""
    lines = [line for line in consents_of(account, contact, today) if (line.channel, line.purpose) == _MAILING]
    before = [line for line in lines if line.at.date() < day]
    gone = [line.at.date() for line in lines if line.at.date() >= day and line.status == "withdrawn"]
    return bool(before) and before[-1].status == "granted", min(gone, default=None)


_MAILING = ("email", "marketing")


def campaign_members(accounts: tuple[AccountEntry, ...], today: Date) -> Iterator[Base]:
    """Mailings went only to those who agreed and had not taken it back; some took it back for that."""
    for key, _, channel, starts, _, _, status in CAMPAIGNS:
        for account in accounts if status != "planned" else ():
            for contact in account.contacts:
                random = Random(f"campaign:{key}:{account.key}:{contact.key}")
                drawn = random.random() <= 0.3
                day = workday(today + timedelta(days=starts + random.randrange(0, 10)), forward=False)
                left = False
                if channel == "email":
                    day = workday(today + timedelta(days=starts), forward=False)
                    agreed, gone = _agreed(account, contact, day, today)
                    left = agreed and gone is not None and gone - day <= UNSUBSCRIBED_WITHIN
                    drawn = left or (drawn and agreed)
                if not drawn:
                    continue
                yield CampaignMember(
                    id=sample_id("campaign_member", f"{key}/{account.key}/{contact.key}"),
                    campaign_id=sample_id("campaign", key),
                    contact_id=contact_id(account.key, contact.key),
                    status="unsubscribed" if left else random.choice(("sent", "opened", "opened", "responded")),
                    at=moment(day, PEOPLE_BY_KEY[account.owner].timezone, today, random),
                    account_id=sample_id("account", account.key),
                    owner_id=person_id(account.owner),
                )
