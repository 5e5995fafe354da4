"""Deals, their stages and every earlier value of their fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, not_, or_, select, union_all

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import (
    Account,
    Deal,
    DealLine,
    DealStatus,
    Direction,
    FieldHistory,
    Interaction,
    Person,
    Pipeline,
    Product,
    Stage,
)
from crm_store.queries.pages import filled

Order = Literal["close_date", "amount", "untouched"]


@dataclass(frozen=True, slots=True)
class DealFacts:
    """``pushes`` counts how often the close date moved later; ``last_touch`` is the newest interaction on the deal,
    or on its account when that is tied to no other deal."""

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
class DealFilter:
    """What a deal must be to be listed; an empty field asks for nothing. Both ends of a period are included."""

    deal_ids: frozenset[str] | None = None
    owner_ids: frozenset[str] | None = None
    status: str | None = None
    account_id: str | None = None
    stage_ids: frozenset[str] | None = None
    forecast_category: str | None = None
    closing_since: date | None = None
    closing_until: date | None = None
    untouched_since: datetime | None = None
    min_amount_minor: int | None = None
    max_amount_minor: int | None = None
    without_next_step: bool = False
    competitor: str | None = None
    kind: str | None = None
    pushed_since: datetime | None = None
    pushed_until: datetime | None = None
    """Moments between which the close date moved later; the second is excluded."""


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


def _last(now: datetime, *of: ColumnElement[bool]) -> Select[Any]:
    return select(func.max(Interaction.at).label("at")).where(
        *of, Interaction.at <= now, Interaction.direction != Direction.INTERNAL
    )


def _on_deal() -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """What counts as contact on a deal: an interaction on it, or on its account and tied to no deal. Asked for one after
    the other each is a step in an index; asked for with "or" they would be a walk through all of them."""
    return (Interaction.deal_id == Deal.id,), (Interaction.account_id == Deal.account_id, Interaction.deal_id.is_(None))


def _touched(now: datetime) -> Any:
    newest = union_all(*(_last(now, *of).correlate(Deal) for of in _on_deal())).subquery("touch")
    return select(func.max(newest.c.at)).correlate(Deal).scalar_subquery()


def _untouched_since(since: datetime, now: datetime) -> list[ColumnElement[bool]]:
    """No contact from ``since`` to ``now``, and made before."""
    when = (Interaction.at >= since, Interaction.at <= now, Interaction.direction != Direction.INTERNAL)
    touches = (select(Interaction.id).where(*of, *when).correlate(Deal) for of in _on_deal())
    return [Deal.created_at < since, *(not_(one.exists()) for one in touches)]


def _moved_later() -> tuple[ColumnElement[bool], ...]:
    """What of the field history is a close date of this deal that moved later."""
    return (
        FieldHistory.entity == "deal",
        FieldHistory.entity_id == Deal.id,
        FieldHistory.field == "close_date",
        FieldHistory.old.is_not(None),
        FieldHistory.new > FieldHistory.old,
    )


def _pushes() -> Any:
    return select(func.count(FieldHistory.id)).where(*_moved_later()).correlate(Deal).scalar_subquery()


def _pushed(since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    when = [FieldHistory.at >= since] if since is not None else []
    when += [FieldHistory.at < until] if until is not None else []
    return select(FieldHistory.id).where(*_moved_later(), *when).correlate(Deal).exists()


def _conditions(wanted: DealFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.deal_ids is not None:
        found.append(Deal.id.in_(sorted(wanted.deal_ids)))
    if wanted.owner_ids is not None:
        found.append(Deal.owner_id.in_(sorted(wanted.owner_ids)))
    if wanted.status:
        found.append(Deal.status == wanted.status)
    if wanted.account_id:
        found.append(Deal.account_id == wanted.account_id)
    if wanted.stage_ids is not None:
        found.append(Deal.stage_id.in_(sorted(wanted.stage_ids)))
    if wanted.forecast_category:
        found.append(Deal.forecast_category == wanted.forecast_category)
    if wanted.closing_since:
        found.append(Deal.close_date >= wanted.closing_since)
    if wanted.closing_until:
        found.append(Deal.close_date <= wanted.closing_until)
    if wanted.min_amount_minor is not None:
        found.append(Deal.amount_minor >= wanted.min_amount_minor)
    if wanted.max_amount_minor is not None:
        found.append(Deal.amount_minor <= wanted.max_amount_minor)
    if wanted.without_next_step:
        found.append(or_(Deal.next_step.is_(None), func.trim(Deal.next_step) == ""))
    if wanted.competitor:
        found.append(func.lower(Deal.competitor).contains(wanted.competitor.lower(), autoescape=True))
    if wanted.kind:
        found.append(Deal.kind == wanted.kind)
    if wanted.pushed_since is not None or wanted.pushed_until is not None:
        found.append(_pushed(wanted.pushed_since, wanted.pushed_until))
    if wanted.untouched_since is not None:
        found += _untouched_since(wanted.untouched_since, now)
    return found


def deals(
    session: ScopedSession, wanted: DealFilter, *, now: datetime, order: Order = "close_date", limit: int = 10
) -> DealPage:
    """Deals that fit, in order: the nearest close date, the largest amount or the longest silence first."""
    conditions = _conditions(wanted, now)
    touched = _touched(now)
    match order:
        case "amount":
            ordering: tuple[Any, ...] = (Deal.amount_minor.is_(None), Deal.amount_minor.desc(), Deal.name, Deal.id)
        case "untouched":
            ordering = (case((touched > Deal.created_at, touched), else_=Deal.created_at), Deal.name, Deal.id)
        case "close_date":
            ordering = (Deal.close_date.is_(None), Deal.close_date, Deal.name, Deal.id)
    statement = (
        select(
            Deal.id, Deal.name, Deal.account_id, Account.name, Deal.owner_id, Person.name, Deal.pipeline_id,
            Deal.stage_id, Stage.name, Deal.status, Deal.kind, Deal.amount_minor, Deal.currency, Deal.close_date,
            Deal.closed_at, Deal.forecast_category, Deal.next_step, Deal.next_step_due, Deal.lost_reason,
            Deal.competitor, Deal.source, Deal.description, Deal.stage_entered_at, Deal.created_at, Deal.updated_at,
            _pushes(), touched,
        )
        .join(Stage, Stage.id == Deal.stage_id)
        .outerjoin(Account, Account.id == Deal.account_id)
        .outerjoin(Person, Person.id == Deal.owner_id)
        .where(*conditions)
        .order_by(*ordering)
        .limit(limit)
    )  # fmt: skip
    rows = filled(DealFacts, session.execute(statement))
    sums = session.execute(
        select(Deal.currency, func.count(Deal.id), func.sum(Deal.amount_minor))
        .where(*conditions)
        .group_by(Deal.currency)
        .order_by(func.sum(Deal.amount_minor).desc())
    ).all()
    total = sum(count for _, count, _ in sums)
    return DealPage(rows, total, tuple((currency, int(amount)) for currency, _, amount in sums if currency and amount))


def deal(session: ScopedSession, deal_id: str, *, now: datetime) -> DealFacts:
    """:raises NotVisible: when it is not there or may not be seen."""
    for found in deals(session, DealFilter(deal_ids=frozenset({deal_id})), now=now, limit=1).rows:
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
