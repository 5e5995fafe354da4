"""Deals, their stages and every earlier value of their fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import case, func, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.hints import FEW_ROWS
from crm_store.masking import refuse_figures
from crm_store.models import (
    Account,
    Deal,
    DealLine,
    DealStatus,
    FieldHistory,
    Person,
    Pipeline,
    Product,
    Stage,
)
from crm_store.queries.deal_filter import DealFilter, conditions, pushes, touched
from crm_store.queries.pages import filled

Order = Literal["close_date", "amount", "untouched"]
_FEW = 100
"""Deals that are looked up by their keys; more are found faster in a list of all that may be seen."""


class DealFacts(NamedTuple):
    """A tuple, because lists hold thousands. ``pushes`` counts how often the close date moved later; ``last_touch`` is the
    newest interaction on the deal, or on its account when that is tied to no other deal."""

    id: str
    name: str
    account_id: str | None
    account: str | None
    owner_id: str | None
    owner: str | None
    pipeline_id: str
    stage_id: str
    stage: str
    status: str
    kind: str
    amount_minor: int | None
    currency: str | None
    close_date: date | None
    closed_at: datetime | None
    forecast_category: str
    next_step: str | None
    next_step_due: date | None
    lost_reason: str | None
    competitor: str | None
    source: str | None
    description: str | None
    stage_entered_at: datetime
    created_at: datetime
    updated_at: datetime
    pushes: int
    last_touch: datetime | None


@dataclass(frozen=True, slots=True)
class DealPage:
    """The first deals of a list, how many there are, and the sum of all of them per currency."""

    rows: tuple[DealFacts, ...]
    total: int
    sums: tuple[tuple[str, int], ...]

    @property
    def more(self) -> int:
        return max(0, self.total - len(self.rows))


@dataclass(frozen=True, slots=True)
class StageFacts:
    id: str
    pipeline_id: str
    pipeline: str
    name: str
    position: int
    status: str


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """One change of one field, newest first in lists. Values as they were stored."""

    id: str
    field: str
    old: str | None
    new: str | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class DealLineFacts:
    product: str
    quantity: int
    amount_minor: int
    currency: str


def deals(
    session: ScopedSession, wanted: DealFilter, *, now: datetime, order: Order = "close_date", limit: int = 10
) -> DealPage:
    """Deals that fit, in order: the nearest close date, the largest amount or the longest silence first. What is told of
    each beside its own fields is looked up for those that are listed, not for all that fit.

    :raises NotPermitted: where they are chosen or ordered by an amount that this person is not shown.
    """
    if order == "amount" or wanted.min_amount_minor is not None or wanted.max_amount_minor is not None:
        refuse_figures(session.scope.hidden, "deal.amount_minor")
    fits = conditions(wanted, now)
    chosen = select(*(getattr(Deal, name) for name in _OWN)).where(*fits)
    if order == "untouched":
        chosen = chosen.add_columns(touched(Deal, now).label("touched"))
    page = chosen.order_by(*_ordering(order, chosen.selected_columns)).limit(limit).subquery("page")
    its = page.c
    statement = (
        select(
            its.id, its.name, its.account_id, Account.name, its.owner_id, Person.name, its.pipeline_id, its.stage_id,
            Stage.name, its.status, its.kind, its.amount_minor, its.currency, its.close_date, its.closed_at,
            its.forecast_category, its.next_step, its.next_step_due, its.lost_reason, its.competitor, its.source,
            its.description, its.stage_entered_at, its.created_at, its.updated_at, pushes(its),
            its.touched if order == "untouched" else touched(its, now),
        )
        .select_from(page)
        .join(Stage, Stage.id == its.stage_id)
        .outerjoin(Account, Account.id == its.account_id)
        .outerjoin(Person, Person.id == its.owner_id)
        .order_by(*_ordering(order, its))
    )  # fmt: skip
    few = wanted.account_id or (wanted.deal_ids is not None and len(wanted.deal_ids) <= _FEW)
    size = FEW_ROWS if few else {}
    rows = filled(DealFacts, session.execute(statement.execution_options(**size)))
    if len(rows) < limit:
        return DealPage(rows, len(rows), _summed((row.currency, row.amount_minor) for row in rows))
    sums = session.execute(
        select(Deal.currency, func.count(Deal.id), func.sum(Deal.amount_minor)).where(*fits).group_by(Deal.currency)
    ).all()
    return DealPage(
        rows, sum(count for _, count, _ in sums), _summed((currency, amount) for currency, _, amount in sums)
    )


_OWN = (
    "id", "name", "account_id", "owner_id", "pipeline_id", "stage_id", "status", "kind", "amount_minor", "currency",
    "close_date", "closed_at", "forecast_category", "next_step", "next_step_due", "lost_reason", "competitor", "source",
    "description", "stage_entered_at", "created_at", "updated_at",
)  # fmt: skip


def _ordering(order: Order, of: Any) -> tuple[Any, ...]:
    match order:
        case "amount":
            return of.amount_minor.is_(None), of.amount_minor.desc(), of.name, of.id
        case "untouched":
            return case((of.touched > of.created_at, of.touched), else_=of.created_at), of.name, of.id
        case "close_date":
            return of.close_date.is_(None), of.close_date, of.name, of.id


def _summed(amounts: Iterable[tuple[str | None, int | None]]) -> tuple[tuple[str, int], ...]:
    """The sum of each currency, the largest first."""
    sums = dict[str, int]()
    for currency, amount in amounts:
        if currency and amount:
            sums[currency] = sums.get(currency, 0) + int(amount)
    return tuple(
        sorted(((currency, total) for currency, total in sums.items() if total), key=lambda one: (-one[1], one[0]))
    )


def deal(session: ScopedSession, deal_id: str, *, now: datetime) -> DealFacts:
    """:raises NotVisible: when it is not there or may not be seen."""
    for found in deals(session, DealFilter(deal_ids=frozenset({deal_id})), now=now, limit=2).rows:  # so that none are summed
        return found
    raise NotVisible("I can't find that deal among those you can see.")


def open_deals(session: ScopedSession, account_id: str, *, now: datetime) -> tuple[DealFacts, ...]:
    """An account's open deals, the nearest close date first."""
    wanted = DealFilter(account_id=account_id, status=DealStatus.OPEN)
    return deals(session, wanted, now=now, limit=50).rows


def history(
    session: ScopedSession, deal_id: str, *, fields: Iterable[str] | None = None, limit: int = 50
) -> tuple[HistoryFacts, ...]:
    """What changed on a deal, newest first; first values are left out."""
    statement = (
        select(FieldHistory.id, FieldHistory.field, FieldHistory.old, FieldHistory.new, FieldHistory.at, Person.name)
        .outerjoin(Person, Person.id == FieldHistory.by_id)
        .where(FieldHistory.entity == "deal", FieldHistory.entity_id == deal_id, FieldHistory.old.is_not(None))
        .order_by(FieldHistory.at.desc(), FieldHistory.id.desc())
        .limit(limit)
    )
    if fields is not None:
        statement = statement.where(FieldHistory.field.in_(list(fields)))
    return filled(HistoryFacts, session.execute(statement))


def stages(session: ScopedSession, *, pipeline_id: str | None = None) -> tuple[StageFacts, ...]:
    """The stages of one pipeline, or of all, in their order."""
    columns = (Stage.id, Stage.pipeline_id, Pipeline.name, Stage.name, Stage.position, Stage.status)
    wanted = () if pipeline_id is None else (Stage.pipeline_id == pipeline_id,)
    joined = select(*columns).join(Pipeline, Pipeline.id == Stage.pipeline_id).where(*wanted)
    return filled(StageFacts, session.execute(joined.order_by(Pipeline.position, Stage.position)))


def stage_names(session: ScopedSession) -> dict[str, str]:
    """Stage names by id."""
    return {stage.id: stage.name for stage in stages(session)}


def lines(session: ScopedSession, deal_id: str) -> tuple[DealLineFacts, ...]:
    """The products on a deal, the largest line first."""
    statement = (
        select(Product.name, DealLine.quantity, DealLine.amount_minor, DealLine.currency)
        .join(Product, Product.id == DealLine.product_id)
        .where(DealLine.deal_id == deal_id)
        .order_by(DealLine.amount_minor.desc())
    )
    return filled(DealLineFacts, session.execute(statement))


__all__ = [
    "DealFacts", "DealFilter", "DealLineFacts", "DealPage", "HistoryFacts", "Order", "StageFacts", "deal", "deals", "history",
    "lines", "open_deals", "stage_names", "stages",
]  # fmt: skip
