"""What customers who bought the same things bought besides: what an account may buy next."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.listed import among
from crm_store.models import Account, OrderLine, Product, Subscription

FEWEST_PEERS = 3
"""Of fewer customers nothing follows."""


@dataclass(frozen=True, slots=True)
class NextProduct:
    """A product the account has not: ``owners`` of ``peers`` others, who have something that it has, bought it."""

    id: str
    name: str
    description: str | None
    price_minor: int | None
    currency: str | None
    owners: int
    peers: int


def next_products(session: ScopedSession, account_id: str, *, limit: int = 3) -> tuple[NextProduct, ...]:
    """The products that most of such customers have, of those whose records may be seen; none where they are too few."""
    mine: set[str] = set()
    peers: set[str] = set()
    owners: Counter[str] = Counter()
    holdings: tuple[Any, ...] = (OrderLine, Subscription)
    for held in holdings:
        mine |= set(session.scalars(select(held.product_id).where(held.account_id == account_id).distinct()))
    for held in holdings:
        # the accounts that are seen are named, so that the lines of those are read and not every line
        others = select(held.account_id).where(
            held.account_id.in_(select(Account.id)), held.account_id != account_id, held.product_id.in_(sorted(mine))
        )
        ids = set(session.scalars(others.distinct()))
        peers |= ids
        counted = (
            select(held.product_id, func.count(held.account_id.distinct()))
            .where(among(held.account_id, ids), held.product_id.not_in(sorted(mine)))
            .group_by(held.product_id)
        )
        for product_id, count in session.execute(counted):
            owners[product_id] = max(owners[product_id], int(count))
    if len(peers) < FEWEST_PEERS or not owners:
        return ()
    rows = {row.id: row for row in session.scalars(select(Product).where(Product.id.in_(sorted(owners)), Product.active))}
    best = sorted((id_ for id_ in owners if id_ in rows), key=lambda id_: (-owners[id_], rows[id_].name))
    return tuple(
        NextProduct(
            id_, rows[id_].name, rows[id_].description, rows[id_].price_minor, rows[id_].currency, owners[id_], len(peers)
        )
        for id_ in best[:limit]
    )  # fmt: skip
