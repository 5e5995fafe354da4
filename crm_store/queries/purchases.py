"""What an account bought: orders with their products, and subscriptions."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.models import Order, OrderLine, Product, Subscription
from crm_store.queries.pages import filled


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """``products`` are (name, quantity), the largest line first."""

    id: str
    number: str
    ordered_on: date
    status: str
    amount_minor: int
    currency: str
    updated_at: datetime
    products: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """``amount_minor`` is per year; ``ends_on`` is the renewal date."""

    id: str
    product: str
    starts_on: date
    ends_on: date
    status: str
    seats: int | None
    amount_minor: int
    currency: str
    renewal_deal_id: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """Orders of one currency that were not cancelled."""

    currency: str
    orders: int
    amount_minor: int
    first_on: date
    last_on: date


def orders(session: ScopedSession, account_id: str, *, limit: int = 50) -> tuple[OrderFacts, ...]:
    """An account's orders, newest first."""
    rows = session.scalars(
        select(Order)
        .where(Order.account_id == account_id)
        .order_by(Order.ordered_on.desc(), Order.number.desc())
        .limit(limit)
    ).all()
    bought: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for order_id, product, quantity in session.execute(
        select(OrderLine.order_id, Product.name, OrderLine.quantity)
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id.in_([row.id for row in rows]))
        .order_by(OrderLine.amount_minor.desc())
    ):
        bought[order_id].append((product, quantity))
    return tuple(
        OrderFacts(
            row.id, row.number, row.ordered_on, row.status, row.amount_minor, row.currency, row.updated_at,
            tuple(bought[row.id]),
        )
        for row in rows
    )  # fmt: skip


def order_totals(session: ScopedSession, account_id: str) -> tuple[OrderTotals, ...]:
    """How much an account bought, per currency, cancelled orders left out."""
    statement = (
        select(
            Order.currency, func.count(Order.id), func.sum(Order.amount_minor), func.min(Order.ordered_on),
            func.max(Order.ordered_on),
        )
        .where(Order.account_id == account_id, Order.status.not_in(("cancelled", "returned")))
        .group_by(Order.currency)
        .order_by(func.sum(Order.amount_minor).desc())
    )  # fmt: skip
    return tuple(
        OrderTotals(currency, count, int(amount), first, last)
        for currency, count, amount, first, last in session.execute(statement)
    )


def subscriptions(session: ScopedSession, account_id: str) -> tuple[SubscriptionFacts, ...]:
    """An account's subscriptions, active ones first, by renewal date."""
    statement = (
        select(
            Subscription.id, Product.name, Subscription.starts_on, Subscription.ends_on, Subscription.status,
            Subscription.seats, Subscription.amount_minor, Subscription.currency, Subscription.renewal_deal_id,
            Subscription.updated_at,
        )
        .join(Product, Product.id == Subscription.product_id)
        .where(Subscription.account_id == account_id)
        .order_by(Subscription.status != "active", Subscription.ends_on)
    )  # fmt: skip
    return filled(SubscriptionFacts, session.execute(statement))
