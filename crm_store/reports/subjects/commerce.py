"""What they bought, and what comes back every year."""

from sqlalchemy import case, func, select

from crm_store.models import Order, OrderLine, Product, Subscription
from crm_store.reports.catalogue import (
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
    through,
)
from crm_store.reports.sql import days_between, the_day

_LINES = (
    select(
        OrderLine.order_id.label("order_id"),
        OrderLine.product_id.label("product_id"),
        OrderLine.currency.label("currency"),
        func.sum(OrderLine.amount_minor).label("amount_minor"),
    )
    .group_by(OrderLine.order_id, OrderLine.product_id, OrderLine.currency)
    .subquery("report_lines")
)
_LINE_AMOUNT = (_LINES.c.amount_minor, _LINES.c.currency)
_ON_ORDER = OrderLine.order_id == Order.id
_ITS_PRODUCT = (Product, Product.id == OrderLine.product_id)

ORDERS = Subject(
    name="orders",
    noun="order",
    model=Order,
    day="ordered",
    day_words={"ordered": "ordered"},
    joins={
        **owner_joins(Order),
        **account_joins(Order),
        "lines": Join(_LINES, _LINES.c.order_id == Order.id),
        "product": Join(Product, Product.id == _LINES.c.product_id, after="lines"),
    },
    fields=(
        Field("number", "text", Order.number),
        *owner_fields(Order),
        *account_fields(Order),
        Field("status", "choice", Order.status),
        Field("amount", "money", Order.amount_minor),
        Field("currency", "text", Order.currency),
        Field("ordered", "day", Order.ordered_on),
        Field(
            "product", "text", Product.id, label=Product.name, needs=("product",), named=(Product.id, Product.name),
            many=through(OrderLine, _ON_ORDER, Product.id, Product.name, _ITS_PRODUCT), amount=_LINE_AMOUNT,
        ),
        Field(
            "product_family", "text", Product.family, needs=("product",),
            many=through(OrderLine, _ON_ORDER, Product.family, None, _ITS_PRODUCT), amount=_LINE_AMOUNT,
        ),
    ),
    quantities=(Quantity("amount", "money", Order.amount_minor, usual="sum"),),
    amount="amount",
    currency=Order.currency,
    rate_day=Order.ordered_on,
)  # fmt: skip

SUBSCRIPTIONS = Subject(
    name="subscriptions",
    noun="subscription",
    model=Subscription,
    day="ends",
    day_words={"ends": "ending", "starts": "starting"},
    joins={
        **owner_joins(Subscription),
        **account_joins(Subscription),
        "product": Join(Product, Product.id == Subscription.product_id),
    },
    fields=(
        *owner_fields(Subscription),
        *account_fields(Subscription),
        Field(
            "product",
            "text",
            Subscription.product_id,
            label=Product.name,
            needs=("product",),
            named=(Product.id, Product.name),
        ),
        Field("product_family", "text", Product.family, needs=("product",)),
        Field("status", "choice", Subscription.status),
        Field("seats", "number", Subscription.seats),
        Field("amount", "money", Subscription.amount_minor),
        Field("renewal_deal", "text", Subscription.renewal_deal_id),
        Field("starts", "day", Subscription.starts_on),
        Field("ends", "day", Subscription.ends_on),
    ),
    quantities=(
        Quantity("amount", "money", Subscription.amount_minor, "yearly amount", usual="sum"),
        Quantity("seats", "number", Subscription.seats, usual="sum"),
        Quantity(
            "days_to_renewal",
            "days",
            lambda today: days_between(the_day(today), Subscription.ends_on),
            usual="smallest",
        ),
    ),
    ratios=(
        Ratio(
            "churn_rate",
            "percent",
            case((Subscription.status.in_(("cancelled", "lapsed")), 1), else_=0),
            case((Subscription.id.is_not(None), 1), else_=0),
        ),
    ),
    amount="amount",
    currency=Subscription.currency,
    rate_day=Subscription.starts_on,
)
