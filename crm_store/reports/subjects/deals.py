"""Deals and the products on them: pipeline, results and pace."""

from dataclasses import replace
from typing import Any

from sqlalchemy import case, false, func, select, true
from sqlalchemy.orm import aliased

from crm_store.models import Deal, DealLine, FieldHistory, Interaction, Pipeline, Product, Stage
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
    through,
)
from crm_store.reports.sql import AFTER_TODAY, TODAY, day_of, days_between

_OF_DEAL = (Interaction.deal_id == Deal.id) & (Interaction.at < AFTER_TODAY)
LAST_TOUCH = (
    select(Interaction.at).where(_OF_DEAL).order_by(Interaction.at.desc()).limit(1).correlate(Deal).scalar_subquery()
)
TOUCHES = select(func.count()).select_from(Interaction).where(_OF_DEAL).correlate(Deal).scalar_subquery()
"""One look into the index for each deal that counts: faster than one pass over all interactions even where every deal does."""
WON, LOST, OPEN = Deal.status == "won", Deal.status == "lost", Deal.status == "open"

_CLOSED_STAGE, _OPEN_STAGE = aliased(Stage), aliased(Stage)
_REOPENED = (
    select(FieldHistory.id)
    .join(_CLOSED_STAGE, _CLOSED_STAGE.id == FieldHistory.old)
    .join(_OPEN_STAGE, _OPEN_STAGE.id == FieldHistory.new)
    .where(
        FieldHistory.entity == "deal",
        FieldHistory.entity_id == Deal.id,
        FieldHistory.field == "stage_id",
        _CLOSED_STAGE.status != "open",
        _OPEN_STAGE.status == "open",
    )
    .correlate(Deal)
    .exists()
)

_LINES = (
    select(
        DealLine.deal_id.label("deal_id"),
        DealLine.product_id.label("product_id"),
        DealLine.currency.label("currency"),
        func.sum(DealLine.amount_minor).label("amount_minor"),
    )
    .group_by(DealLine.deal_id, DealLine.product_id, DealLine.currency)
    .subquery("report_lines")
)
_LINE_AMOUNT = (_LINES.c.amount_minor, _LINES.c.currency)
_ON_DEAL = DealLine.deal_id == Deal.id
_ITS_PRODUCT = (Product, Product.id == DealLine.product_id)


def deal_joins() -> dict[str, Join]:
    """The stage and the pipeline that the deal is in."""
    return {
        "stage": Join(Stage, Stage.id == Deal.stage_id),
        "pipeline": Join(Pipeline, Pipeline.id == Deal.pipeline_id),
    }


def deal_joins_of(deal_id: Any) -> dict[str, Join]:
    """The deal that a row belongs to, its stage and pipeline."""
    beyond = {name: replace(join, after="deal") for name, join in deal_joins().items()}
    return {"deal": Join(Deal, Deal.id == deal_id), **beyond}


def deal_fields(through: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """What a deal is filtered and split by; ``through`` is the join to it from a row that belongs to a deal."""
    stage = ("stage",)
    return (
        Field("status", "choice", Deal.status, needs=through),
        Field(
            "stage", "text", Stage.name, needs=stage, named=(Stage.id, Stage.name), also=Stage.id, rank=Stage.position
        ),
        Field(
            "pipeline",
            "text",
            Deal.pipeline_id,
            label=Pipeline.name,
            needs=("pipeline",),
            named=(Pipeline.id, Pipeline.name),
        ),
        Field("probability", "number", Stage.probability, needs=stage),
        Field("forecast_category", "choice", Deal.forecast_category, needs=through),
        Field("kind", "choice", Deal.kind, needs=through),
        Field("source", "text", Deal.source, needs=through),
        Field("lost_reason", "text", Deal.lost_reason, needs=through),
        Field("competitor", "text", Deal.competitor, needs=through),
        Field("close_date", "day", Deal.close_date, needs=through),
        Field("created", "moment", Deal.created_at, needs=through),
        Field("closed", "moment", Deal.closed_at, needs=through),
    )


DEAL_RATE_DAY = func.coalesce(Deal.close_date, day_of(Deal.created_at), type_=Deal.close_date.type)
"""A deal's amount is converted at the rate of its close date, or of the day it was made."""

DEALS = Subject(
    name="deals",
    noun="deal",
    model=Deal,
    day="close_date",
    day_words={"close_date": "closing", "closed": "closed", "created": "created", "last_touch": "last touched"},
    joins={
        **owner_joins(Deal),
        **account_joins(Deal),
        **deal_joins(),
        "lines": Join(_LINES, _LINES.c.deal_id == Deal.id),
        "product": Join(Product, Product.id == _LINES.c.product_id, after="lines"),
    },
    fields=(
        Field("name", "text", Deal.name),
        *owner_fields(Deal),
        *account_fields(Deal),
        *deal_fields(),
        Field("currency", "text", Deal.currency),
        Field("amount", "money", Deal.amount_minor),
        Field("next_step", "text", Deal.next_step, "next step"),
        Field("next_step_due", "day", Deal.next_step_due),
        Field("stage_entered", "moment", Deal.stage_entered_at),
        Field("last_touch", "moment", LAST_TOUCH),
        Field("reopened", "flag", case((_REOPENED, true()), else_=false())),
        Field(
            "product",
            "text",
            Product.id,
            label=Product.name,
            needs=("product",),
            named=(Product.id, Product.name),
            many=through(DealLine, _ON_DEAL, Product.id, Product.name, _ITS_PRODUCT),
            amount=_LINE_AMOUNT,
        ),
        Field(
            "product_family",
            "text",
            Product.family,
            needs=("product",),
            many=through(DealLine, _ON_DEAL, Product.family, None, _ITS_PRODUCT),
            amount=_LINE_AMOUNT,
        ),
    ),
    quantities=(
        Quantity("amount", "money", Deal.amount_minor, usual="sum"),
        Quantity("weighted", "money", Deal.amount_minor * Stage.probability, "weighted amount", ("stage",), "sum", 100),
        Quantity(
            "sales_cycle",
            "days",
            case((WON, days_between(Deal.created_at, Deal.closed_at))),
            "sales cycle",
            meaning="from the day a won deal was created to the day it was won",
        ),
        Quantity(
            "time_to_lose",
            "days",
            case((LOST, days_between(Deal.created_at, Deal.closed_at))),
            "time to lose",
            meaning="from the day a lost deal was created to the day it was lost",
        ),
        Quantity(
            "age",
            "days",
            case((OPEN, days_between(Deal.created_at, TODAY))),
            "age of open deals",
        ),
        Quantity(
            "time_in_stage",
            "days",
            case((OPEN, days_between(Deal.stage_entered_at, TODAY))),
            "time in the current stage",
        ),
        Quantity("days_since_last_touch", "days", days_between(LAST_TOUCH, TODAY)),
        Quantity("won_deals", "number", case((WON, 1)), usual="sum"),
        Quantity("won_amount", "money", case((WON, Deal.amount_minor)), usual="sum"),
        Quantity("lost_amount", "money", case((LOST, Deal.amount_minor)), usual="sum"),
        Quantity(
            "touches",
            "number",
            TOUCHES,
            "touches",
            meaning="interactions with the deal up to today",
        ),
        Quantity(
            "touches_to_win",
            "number",
            case((WON, TOUCHES)),
            "touches of won deals",
            lower_is_better=True,
            meaning="interactions with each won deal",
        ),
        Quantity(
            "overdue",
            "days",
            case(((OPEN & (Deal.close_date < TODAY)), days_between(Deal.close_date, TODAY))),
            "days past the close date",
        ),
    ),
    ratios=(
        Ratio("win_rate", "percent", case((WON, 1), else_=0), case((WON | LOST, 1), else_=0)),
        Ratio(
            "win_rate_amount",
            "percent",
            case((WON, Deal.amount_minor), else_=0),
            case((WON | LOST, Deal.amount_minor), else_=0),
            "win rate by amount",
            money=True,
            meaning="amount won of the amount of all closed deals",
        ),
        Each("accounts", Deal.account_id, "accounts with deals"),
    ),
    amount="amount",
    currency=Deal.currency,
    rate_day=DEAL_RATE_DAY,
)

DEAL_PRODUCTS = Subject(
    name="deal_products",
    noun="deal product",
    model=DealLine,
    day="close_date",
    day_words={"close_date": "on deals closing", "closed": "on deals closed", "created": "on deals created"},
    joins={
        **owner_joins(Deal, after="deal"),
        **account_joins(DealLine),
        **deal_joins_of(DealLine.deal_id),
        "product": Join(Product, Product.id == DealLine.product_id),
    },
    fields=(
        *owner_fields(Deal),
        *account_fields(DealLine),
        *deal_fields(("deal",)),
        Field("deal", "text", DealLine.deal_id, label=Deal.name, needs=("deal",), named=(Deal.id, Deal.name)),
        *product_fields(DealLine.product_id),
        Field("quantity", "number", DealLine.quantity),
        Field("amount", "money", DealLine.amount_minor),
        Field("currency", "text", DealLine.currency),
    ),
    quantities=(
        Quantity("amount", "money", DealLine.amount_minor, usual="sum"),
        Quantity("won_amount", "money", case((WON, DealLine.amount_minor)), needs=("deal",), usual="sum"),
        Quantity("quantity", "number", DealLine.quantity, "pieces", usual="sum"),
    ),
    ratios=(
        Ratio("win_rate", "percent", case((WON, 1), else_=0), case((WON | LOST, 1), else_=0), needs=("deal",)),
        Ratio(
            "win_rate_amount",
            "percent",
            case((WON, DealLine.amount_minor), else_=0),
            case((WON | LOST, DealLine.amount_minor), else_=0),
            "win rate by amount",
            ("deal",),
            money=True,
            meaning="amount won of the amount of all closed deals",
        ),
        Each("deals", DealLine.deal_id, "deals with the product"),
        Each("accounts", DealLine.account_id, "accounts with deals"),
    ),
    amount="amount",
    currency=DealLine.currency,
    rate_day=DEAL_RATE_DAY,
    always=("deal",),
    only=Deal.id.is_not(None),
)
