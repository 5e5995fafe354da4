"""What we sell and what they bought."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.base import Base, ByAccount, Edited, External


class Product(Base, External):
    """Something in the price list; everyone in the company may see it."""

    __tablename__ = "product"
    __table_args__ = (Index("ix_product_external", "external_source", "external_id", unique=True),)
    name: Mapped[str] = mapped_column(String(160), index=True)
    family: Mapped[str | None] = mapped_column(String(80))
    code: Mapped[str | None] = mapped_column(String(64))
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    description: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)


class Order(Base, Edited, External, ByAccount):
    """A purchase. ``amount_minor`` is the sum of its lines."""

    __tablename__ = "order"
    __table_args__ = (
        Index("ix_order_external", "external_source", "external_id", unique=True),
        Index("ix_order_account_on", "account_id", "ordered_on"),
    )
    number: Mapped[str] = mapped_column(String(64))
    ordered_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(16), default="fulfilled")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    deal_id: Mapped[str | None] = mapped_column(ForeignKey("deal.id"))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)


class OrderLine(Base, External, ByAccount):
    __tablename__ = "order_line"
    __table_args__ = (
        Index("ix_order_line_external", "external_source", "external_id", unique=True),
        Index("ix_order_line_account_product", "account_id", "product_id", "owner_id"),
    )
    order_id: Mapped[str] = mapped_column(ForeignKey("order.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), index=True)
    quantity: Mapped[int] = mapped_column(default=1)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    # without an index of its own, which would be the beginning of the one above
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))


class Subscription(Base, Edited, External, ByAccount):
    """A recurring purchase; ``amount_minor`` is per year. ``ends_on`` is the renewal date."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_external", "external_source", "external_id", unique=True),
        Index("ix_subscription_account_product", "account_id", "product_id", "owner_id"),
    )
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(16), default="active")  # active | cancelled | lapsed
    seats: Mapped[int | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    renewal_deal_id: Mapped[str | None] = mapped_column(ForeignKey("deal.id"))
    # without an index of its own, which would be the beginning of the one above
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
