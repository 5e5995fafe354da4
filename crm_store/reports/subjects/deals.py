"""Deals: pipeline, results and pace."""

from sqlalchemy import case, func, select

from crm_store.models import Deal, DealLine, Interaction, Pipeline, Product, Stage
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
from crm_store.reports.sql import day_of, days_between, the_day

LAST_TOUCH = select(func.max(Interaction.at)).where(Interaction.deal_id == Deal.id).correlate(Deal).scalar_subquery()
TOUCHES = select(func.count(Interaction.id)).where(Interaction.deal_id == Deal.id).correlate(Deal).scalar_subquery()
WON, LOST, OPEN = Deal.status == "won", Deal.status == "lost", Deal.status == "open"

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

DEALS = Subject(
    name="deals",
    noun="deal",
    model=Deal,
    day="close_date",
    day_words={"close_date": "closing", "closed": "closed", "created": "created", "last_touch": "last touched"},
    joins={
        **owner_joins(Deal),
        **account_joins(Deal),
        "stage": Join(Stage, Stage.id == Deal.stage_id),
        "pipeline": Join(Pipeline, Pipeline.id == Deal.pipeline_id),
        "lines": Join(_LINES, _LINES.c.deal_id == Deal.id),
        "product": Join(Product, Product.id == _LINES.c.product_id, after="lines"),
    },
    fields=(
        Field("name", "text", Deal.name),
        *owner_fields(Deal),
        *account_fields(Deal),
        Field("status", "choice", Deal.status),
        Field(
            "stage",
            "text",
            Stage.name,
            needs=("stage",),
            named=(Stage.id, Stage.name),
            also=Stage.id,
            rank=Stage.position,
        ),
        Field(
            "pipeline",
            "text",
            Deal.pipeline_id,
            label=Pipeline.name,
            needs=("pipeline",),
            named=(Pipeline.id, Pipeline.name),
        ),
        Field("probability", "number", Stage.probability, needs=("stage",)),
        Field("forecast_category", "choice", Deal.forecast_category),
        Field("kind", "choice", Deal.kind),
        Field("source", "text", Deal.source),
        Field("lost_reason", "text", Deal.lost_reason),
        Field("competitor", "text", Deal.competitor),
        Field("currency", "text", Deal.currency),
        Field("amount", "money", Deal.amount_minor),
        Field("next_step", "text", Deal.next_step, "next step"),
        Field("next_step_due", "day", Deal.next_step_due),
        Field("close_date", "day", Deal.close_date),
        Field("created", "moment", Deal.created_at),
        Field("closed", "moment", Deal.closed_at),
        Field("stage_entered", "moment", Deal.stage_entered_at),
        Field("last_touch", "moment", LAST_TOUCH),
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
        Quantity("sales_cycle", "days", case((WON, days_between(Deal.created_at, Deal.closed_at)))),
        Quantity(
            "age",
            "days",
            lambda today: case((OPEN, days_between(Deal.created_at, the_day(today)))),
            "age of open deals",
        ),
        Quantity(
            "time_in_stage",
            "days",
            lambda today: case((OPEN, days_between(Deal.stage_entered_at, the_day(today)))),
            "time in the current stage",
        ),
        Quantity("days_since_last_touch", "days", lambda today: days_between(LAST_TOUCH, the_day(today))),
        Quantity("won_deals", "number", case((WON, 1)), usual="sum"),
        Quantity("touches", "number", TOUCHES),
        Quantity(
            "overdue",
            "days",
            lambda today: case(((OPEN & (Deal.close_date < today)), days_between(Deal.close_date, the_day(today)))),
            "days past the close date",
        ),
    ),
    ratios=(Ratio("win_rate", "percent", case((WON, 1), else_=0), case((WON | LOST, 1), else_=0)),),
    amount="amount",
    currency=Deal.currency,
    rate_day=func.coalesce(Deal.close_date, day_of(Deal.created_at), type_=Deal.close_date.type),
)
