"""What comes back every year: subscriptions, and how much of it stays, goes and grows.

A subscription is active from its first to its last day, both included, whatever became of it later: one that was
cancelled runs until it ends. Recurring revenue is its yearly amount while it is active."""

from typing import Any

from sqlalchemy import case, func, select

from crm_store.models import Account, Product, Subscription
from crm_store.reports.catalogue import (
    Each,
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
    product_fields,
)
from crm_store.reports.sql import AS_OF, PERIOD_EVE, PERIOD_FIRST, TODAY, days_between


def _active(day: Any) -> Any:
    return (Subscription.starts_on <= day) & (Subscription.ends_on >= day)


_NOW = case((_active(AS_OF), Subscription.amount_minor))

SUBSCRIPTIONS = Subject(
    name="subscriptions",
    noun="subscription",
    model=Subscription,
    day="ends",
    day_words={"ends": "ending", "starts": "starting", "active": "active"},
    joins={
        **owner_joins(Subscription),
        **account_joins(Subscription),
        "product": Join(Product, Product.id == Subscription.product_id),
    },
    fields=(
        *owner_fields(Subscription),
        *account_fields(Subscription),
        *product_fields(Subscription.product_id),
        Field("status", "choice", Subscription.status),
        Field("seats", "number", Subscription.seats),
        Field("amount", "money", Subscription.amount_minor),
        Field("currency", "text", Subscription.currency),
        Field("renewal_deal", "text", Subscription.renewal_deal_id),
        Field("starts", "day", Subscription.starts_on),
        Field("ends", "day", Subscription.ends_on),
        Field("active", "day", Subscription.starts_on, ends=Subscription.ends_on, past=True),
    ),
    quantities=(
        Quantity("amount", "money", Subscription.amount_minor, "yearly amount", usual="sum"),
        Quantity(
            "recurring_revenue",
            "money",
            _NOW,
            "yearly recurring revenue",
            usual="sum",
            day="active",
            rate_day=AS_OF,
        ),
        Quantity(
            "monthly_recurring_revenue",
            "money",
            _NOW,
            "monthly recurring revenue",
            usual="sum",
            divisor=12,
            day="active",
            rate_day=AS_OF,
        ),
        Quantity("seats", "number", Subscription.seats, usual="sum"),
        Quantity("term", "days", days_between(Subscription.starts_on, Subscription.ends_on) + 1, "length"),
        Quantity(
            "days_to_renewal",
            "days",
            case((Subscription.ends_on >= TODAY, days_between(TODAY, Subscription.ends_on))),
            usual="smallest",
        ),
    ),
    ratios=(
        Ratio(
            "churn_rate",
            "percent",
            case((Subscription.status.in_(("cancelled", "lapsed")), 1), else_=0),
            case((Subscription.id.is_not(None), 1), else_=0),
            "churn rate",
            lower_is_better=True,
            meaning="of the subscriptions, those cancelled or lapsed",
        ),
        Each("accounts", Subscription.account_id, "accounts with a subscription"),
    ),
    amount="amount",
    currency=Subscription.currency,
    rate_day=Subscription.starts_on,
)


def _accounts() -> Any:
    """One row for each account with a subscription before the period began or on its last day, and for each of its
    currencies: what was active on both days, and whether the account had any on either."""
    sums = (
        select(
            Subscription.account_id.label("id"),
            Subscription.account_id.label("account_id"),
            Subscription.currency.label("currency"),
            func.sum(case((_active(PERIOD_EVE), Subscription.amount_minor), else_=0)).label("before"),
            func.sum(case((_active(AS_OF), Subscription.amount_minor), else_=0)).label("after"),
            func.max(case((_active(PERIOD_EVE), 1), else_=0)).label("was"),
            func.max(case((_active(AS_OF), 1), else_=0)).label("is_"),
        )
        .where(Subscription.account_id.is_not(None), _active(PERIOD_EVE) | _active(AS_OF))
        .group_by(Subscription.account_id, Subscription.currency)
        .subquery("report_active")
    )
    return select(
        sums.c.id,
        sums.c.account_id,
        sums.c.currency,
        sums.c.before,
        sums.c.after,
        func.max(sums.c.was).over(partition_by=sums.c.id).label("was"),
        func.max(sums.c.is_).over(partition_by=sums.c.id).label("is_"),
    ).subquery("report_retained")


_KEPT = _accounts()
_BOTH = (_KEPT.c.was == 1) & (_KEPT.c.is_ == 1)
_GREW, _SHRANK = _KEPT.c.after > _KEPT.c.before, _KEPT.c.after < _KEPT.c.before
_CHURNED = case(((_KEPT.c.was == 1) & (_KEPT.c.is_ == 0), _KEPT.c.before), else_=0)
_CONTRACTED = case((_BOTH & _SHRANK, _KEPT.c.before - _KEPT.c.after), else_=0)
_EXPANDED = case((_BOTH & _GREW, _KEPT.c.after - _KEPT.c.before), else_=0)
_NEW = case((_KEPT.c.was == 0, _KEPT.c.after), else_=0)
_AT_FIRST = case((_KEPT.c.was == 1, _KEPT.c.id))


def _amount(name: str, title: str, value: Any, *, lower: bool = False) -> Quantity:
    return Quantity(name, "money", value, title, usual="sum", lower_is_better=lower)


def _rate(name: str, title: str, top: Any, *, lower: bool = False, meaning: str = "") -> Ratio:
    return Ratio(name, "percent", top, _KEPT.c.before, title, money=True, lower_is_better=lower, meaning=meaning)


RETENTION = Subject(
    name="retention",
    noun="account with a subscription",
    plural="accounts with a subscription",
    model=_KEPT,
    day="period",
    day_words={"period": "at the start or the end of"},
    joins={
        **account_joins(_KEPT.c),
        **owner_joins(Account, after="account"),
    },
    fields=(
        *account_fields(_KEPT.c),
        *owner_fields(Account),
        Field("currency", "text", _KEPT.c.currency),
        Field("period", "day", PERIOD_FIRST, ends=AS_OF, past=True),
    ),
    quantities=(
        _amount("starting_revenue", "recurring revenue at the start", _KEPT.c.before),
        _amount("recurring_revenue", "recurring revenue at the end", _KEPT.c.after),
        _amount("new_revenue", "recurring revenue of new accounts", _NEW),
        _amount("expansion", "expansion of kept accounts", _EXPANDED),
        _amount("contraction", "contraction of kept accounts", _CONTRACTED, lower=True),
        _amount("churned_revenue", "recurring revenue of accounts that left", _CHURNED, lower=True),
    ),
    ratios=(
        Each(
            "retention",
            _AT_FIRST,
            "account retention",
            times=1,
            if_=_KEPT.c.is_,
            meaning="of the accounts with a subscription before the period, those with one at its end",
        ),
        Each(
            "churn",
            _AT_FIRST,
            "account churn",
            times=1,
            if_=1 - _KEPT.c.is_,
            lower_is_better=True,
            meaning="of the accounts with a subscription before the period, those with none at its end",
        ),
        Each("churned_accounts", case(((_KEPT.c.was == 1) & (_KEPT.c.is_ == 0), _KEPT.c.id)), "accounts that left"),
        Each("new_accounts", case((_KEPT.c.was == 0, _KEPT.c.id)), "new accounts"),
        _rate(
            "net_revenue_retention",
            "net revenue retention",
            _KEPT.c.before - _CHURNED - _CONTRACTED + _EXPANDED,
            meaning="recurring revenue at the end of the accounts there at the start, of theirs then",
        ),
        _rate(
            "gross_revenue_retention",
            "gross revenue retention",
            _KEPT.c.before - _CHURNED - _CONTRACTED,
            meaning="recurring revenue at the start less what left and shrank, of it",
        ),
        _rate("revenue_churn", "revenue churn", _CHURNED, lower=True),
        _rate("expansion_rate", "expansion rate", _EXPANDED),
        _rate("contraction_rate", "contraction rate", _CONTRACTED, lower=True),
    ),
    amount="recurring_revenue",
    currency=_KEPT.c.currency,
    rate_day=AS_OF,
    period="Retention compares the start of a period with its end.",
    repeats=True,
)
"""An account is there on a day when it has an active subscription on it, of whatever product, so that a renewal is no
churn. The start is the end of the day before the period's first, so that each period begins where the one before ended;
while a period runs, its end is today. Both are converted at the rate of the end: a currency that moves is neither growth
nor loss. ``starting + new + expansion - contraction - churned`` is the revenue at the end."""
