"""What they bought: orders and the products on them."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from crm_store.models import Deal, Order, OrderLine, Product
from crm_store.reports.catalogue import (
    Each,
    Field,
    Join,
    Quantity,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
    product_fields,
    through,
)
from crm_store.reports.sql import days_between

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
_BOUGHT = Order.status != "cancelled"
_OTHER = aliased(Order, name="report_other")
_ORDERED_BEFORE = (
    select(func.max(_OTHER.ordered_on))
    .where(
        _OTHER.account_id == Order.account_id,
        _OTHER.status != "cancelled",
        (_OTHER.ordered_on < Order.ordered_on) | ((_OTHER.ordered_on == Order.ordered_on) & (_OTHER.id < Order.id)),
    )
    .correlate(Order)
    .scalar_subquery()
)
"""When the same account ordered last before an order; what was cancelled was never ordered."""
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
        "deal": Join(Deal, Deal.id == Order.deal_id),
    },
    fields=(
        Field("number", "text", Order.number),
        *owner_fields(Order),
        *account_fields(Order),
        Field("status", "choice", Order.status),
        Field("amount", "money", Order.amount_minor),
        Field("currency", "text", Order.currency),
        Field("ordered", "day", Order.ordered_on),
        Field("deal", "text", Order.deal_id, label=Deal.name, needs=("deal",), named=(Deal.id, Deal.name)),
        Field("source", "text", Deal.source, "source of the deal", needs=("deal",)),
        Field(
            "product",
            "text",
            Product.id,
            label=Product.name,
            needs=("product",),
            named=(Product.id, Product.name),
            many=through(OrderLine, _ON_ORDER, Product.id, Product.name, _ITS_PRODUCT),
            amount=_LINE_AMOUNT,
        ),
        Field(
            "product_family",
            "text",
            Product.family,
            needs=("product",),
            many=through(OrderLine, _ON_ORDER, Product.family, None, _ITS_PRODUCT),
            amount=_LINE_AMOUNT,
        ),
    ),
    quantities=(
        Quantity("amount", "money", Order.amount_minor, "order value", usual="sum"),
        Quantity(
            "time_between_orders",
            "days",
            case((_BOUGHT, days_between(_ORDERED_BEFORE, Order.ordered_on))),
            "time between orders",
            meaning="since the order before of the same account",
        ),
    ),
    ratios=(
        Each(
            "repeat_rate",
            Order.account_id,
            "repeat rate",
            times=2,
            if_=case((_BOUGHT, 1), else_=0),
            meaning="of the accounts that ordered, those with two orders or more",
        ),
        Each("accounts", Order.account_id, "accounts that ordered"),
    ),
    amount="amount",
    currency=Order.currency,
    rate_day=Order.ordered_on,
)

ORDER_LINES = Subject(
    name="order_lines",
    noun="order line",
    model=OrderLine,
    day="ordered",
    day_words={"ordered": "ordered"},
    joins={
        **owner_joins(Order, after="order"),
        **account_joins(OrderLine),
        "order": Join(Order, Order.id == OrderLine.order_id),
        "product": Join(Product, Product.id == OrderLine.product_id),
    },
    fields=(
        *owner_fields(Order),
        *account_fields(OrderLine),
        *product_fields(OrderLine.product_id),
        Field(
            "order", "text", OrderLine.order_id, label=Order.number, needs=("order",), named=(Order.id, Order.number)
        ),
        Field("status", "choice", Order.status, needs=("order",)),
        Field("quantity", "number", OrderLine.quantity),
        Field("amount", "money", OrderLine.amount_minor),
        Field("currency", "text", OrderLine.currency),
        Field("ordered", "day", Order.ordered_on, needs=("order",)),
    ),
    quantities=(
        Quantity("amount", "money", OrderLine.amount_minor, usual="sum"),
        Quantity("quantity", "number", OrderLine.quantity, "pieces", usual="sum"),
    ),
    ratios=(
        Each("orders", OrderLine.order_id, "orders with the product"),
        Each("accounts", OrderLine.account_id, "accounts that bought"),
    ),
    amount="amount",
    currency=OrderLine.currency,
    rate_day=Order.ordered_on,
    always=("order",),
    only=Order.id.is_not(None),
)
