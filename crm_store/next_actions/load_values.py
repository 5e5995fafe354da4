"""Reading what carries value: open deals, subscriptions, and what each account is worth in a year."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.currencies import amount_text
from crm_store.listed import among
from crm_store.models import Account, Deal, FieldHistory, Order, Product, Stage, Subscription
from crm_store.next_actions.facts import AccountFact, DealFact, SubscriptionFact
from crm_store.reports.money import Rates


def _minor(rates: Rates, amount: int | None, currency: str | None, day: date) -> int:
    if not amount or currency == rates.base:
        return amount or 0
    factor = rates.factor(currency, day)
    return 0 if factor is None else round(amount * factor)


def read_deals(session: Session, owners: Sequence[str], today: date, rates: Rates) -> tuple[DealFact, ...]:
    rows = session.execute(
        select(
            Deal.id,
            Deal.name,
            Deal.account_id,
            Deal.owner_id,
            Stage.name.label("stage"),
            Deal.stage_id,
            Stage.probability,
            Deal.kind,
            Deal.amount_minor,
            Deal.currency,
            Deal.close_date,
            Deal.next_step,
            Deal.next_step_due,
            Deal.stage_entered_at,
            Deal.created_at,
            Deal.updated_at,
        )
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Deal.status == "open", Deal.owner_id.in_(owners))
        .order_by(Deal.id)
    ).all()
    worth = [_minor(rates, row.amount_minor, row.currency, today) for row in rows]
    pushes = _pushes(session, [row.id for row in rows])
    return tuple(
        DealFact(
            row.id,
            row.name,
            row.account_id,
            row.owner_id,
            row.stage,
            row.stage_id,
            row.probability,
            row.kind,
            amount_minor,
            amount_text(row.amount_minor, row.currency or rates.base) if row.amount_minor else "no amount",
            row.close_date,
            (row.next_step or "").strip(),
            row.next_step_due,
            row.stage_entered_at.date(),
            row.created_at.date(),
            row.updated_at,
            pushes.get(row.id, 0),
        )
        for row, amount_minor in zip(rows, worth, strict=True)
    )


def _pushes(session: Session, deal_ids: Collection[str]) -> dict[str, int]:
    """How often the close date of each was moved to a later day."""
    moved = (
        select(FieldHistory.entity_id, func.count(FieldHistory.id))
        .where(FieldHistory.entity == "deal", FieldHistory.field == "close_date", FieldHistory.new > FieldHistory.old)
        .where(among(FieldHistory.entity_id, deal_ids))
        .group_by(FieldHistory.entity_id)
    )
    return dict(session.execute(moved).all())


def read_subscriptions(
    session: Session, known: Collection[str], since: date, until: date, rates: Rates
) -> tuple[SubscriptionFact, ...]:
    """The active ones of these accounts that end in those days, both included."""
    ending = (
        select(
            Subscription.id, Subscription.account_id, Product.name, Subscription.ends_on, Subscription.amount_minor,
            Subscription.currency, Subscription.renewal_deal_id, Subscription.updated_at,
        )
        .outerjoin(Product, Product.id == Subscription.product_id)
        .where(
            Subscription.status == "active", Subscription.ends_on >= since, Subscription.ends_on <= until,
            among(Subscription.account_id, known),
        )
    )  # fmt: skip
    rows = sorted(session.execute(ending), key=itemgetter(0))
    return tuple(
        SubscriptionFact(
            id_, account, name or "subscription", ends, _minor(rates, amount, currency, since), renewal, updated
        )
        for id_, account, name, ends, amount, currency, renewal, updated in rows
    )


def read_accounts(
    session: Session, ids: Collection[str], today: date, rates: Rates, deals: Sequence[DealFact]
) -> tuple[AccountFact, ...]:
    """With the value of twelve months: what recurs, or what was bought in the last twelve, and what is expected of
    open deals."""
    recurring: dict[str | None, int] = defaultdict(int)
    bought: dict[str | None, int] = defaultdict(int)
    hoped: dict[str | None, int] = defaultdict(int)
    for deal in deals:
        hoped[deal.account_id] += deal.at_stake
    subscriptions = select(Subscription.account_id, Subscription.amount_minor, Subscription.currency).where(
        Subscription.status == "active", among(Subscription.account_id, ids)
    )
    for account, amount, currency in session.execute(subscriptions):
        recurring[account] += _minor(rates, amount, currency, today)
    orders = select(Order.account_id, Order.currency, func.sum(Order.amount_minor)).where(
        among(Order.account_id, ids),
        Order.ordered_on > today - timedelta(days=365),
        Order.ordered_on <= today,
        Order.status != "cancelled",
    )
    for account, currency, total in session.execute(orders.group_by(Order.account_id, Order.currency)):
        bought[account] += _minor(rates, int(total), currency, today)
    named = select(Account.id, Account.name, Account.kind, Account.owner_id).where(among(Account.id, ids))
    return tuple(
        AccountFact(id_, name, kind, owner, max(recurring[id_], bought[id_]) + hoped[id_])
        for id_, name, kind, owner in session.execute(named.order_by(Account.id))
    )
