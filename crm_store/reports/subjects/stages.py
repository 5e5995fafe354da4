"""Stays of deals in stages, from the history of their stage: conversion and time in stage."""

from typing import Any

from sqlalchemy import case, func, literal, null, or_, select, union_all

from crm_store.models import Deal, FieldHistory, Stage
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
)
from crm_store.reports.sql import EVER, PERIOD_FIRST, PERIOD_START, TODAY, days_between
from crm_store.reports.subjects.deals import DEAL_RATE_DAY, WON, deal_fields, deal_joins_of

_WON_RANK = 1_000_000
"""Won is later than any stage; lost is not later than any."""


def _stays() -> Any:
    """One row for each time a deal entered a stage, as the history of the stage tells it. A deal whose first recorded
    change left another stage has been in that one since it was made; a deal without any history has been in its stage
    since it entered it. A change to the stage the deal is in already is none. Deals that
    nothing happened to since the period began, and that close before it, are left out early: none of their dates can lie
    in it."""
    since = (
        select(FieldHistory.entity_id)
        .where(FieldHistory.entity == "deal", FieldHistory.field == "stage_id", FieldHistory.at >= PERIOD_START)
        .union_all(
            select(Deal.id).where(
                or_(
                    Deal.created_at >= PERIOD_START,
                    Deal.stage_entered_at >= PERIOD_START,
                    Deal.closed_at >= PERIOD_START,
                    Deal.close_date >= PERIOD_FIRST,
                )
            )
        )
    )
    whole = PERIOD_START == EVER
    moves = (
        select(
            FieldHistory.entity_id.label("deal_id"),
            FieldHistory.id.label("place"),
            FieldHistory.old.label("old"),
            FieldHistory.new.label("new"),
            FieldHistory.at.label("at"),
            func.row_number()
            .over(partition_by=FieldHistory.entity_id, order_by=(FieldHistory.at, FieldHistory.id))
            .label("number"),
        )
        .select_from(FieldHistory)
        .where(
            FieldHistory.entity == "deal",
            FieldHistory.field == "stage_id",
            or_(FieldHistory.old.is_(None), FieldHistory.new != FieldHistory.old),
            or_(whole, FieldHistory.entity_id.in_(since)),
        )
        .cte("report_stage_moves")
    )
    entries = union_all(
        select(moves.c.deal_id, moves.c.new.label("stage_id"), moves.c.at, moves.c.place).where(
            moves.c.new.is_not(None)
        ),
        select(Deal.id, moves.c.old, Deal.created_at, literal(""))
        .select_from(Deal)
        .join(moves, moves.c.deal_id == Deal.id)
        .where(moves.c.number == 1, moves.c.old.is_not(None)),
        select(Deal.id, Deal.stage_id, Deal.stage_entered_at, literal(""))
        .select_from(Deal)
        .outerjoin(moves, (moves.c.deal_id == Deal.id) & (moves.c.number == 1))
        .where(moves.c.deal_id.is_(None), or_(whole, Deal.id.in_(since))),
    ).subquery("report_stage_entries")
    order: dict[str, Any] = {"partition_by": entries.c.deal_id, "order_by": (entries.c.at, entries.c.place)}
    rank = case((Stage.status == "won", _WON_RANK), (Stage.status == "lost", -1), else_=Stage.position)
    return (
        select(
            entries.c.deal_id.label("id"),
            entries.c.stage_id,
            rank.label("rank"),
            entries.c.at.label("entered_at"),
            func.lead(entries.c.at).over(**order).label("left_at"),
            func.max(rank).over(**order, rows=(1, None)).label("furthest"),
        )
        .join(Stage, Stage.id == entries.c.stage_id)
        .subquery("report_stage_stays")
    )


_STAYS = _stays()
_OPEN = Stage.status == "open"
_DEAL_IN_STAGE = case((_OPEN, _STAYS.c.id.concat(":").concat(_STAYS.c.stage_id)))
_WENT_ON = case((_STAYS.c.furthest > _STAYS.c.rank, 1), else_=0)

STAGE_ENTRIES = Subject(
    name="stage_entries",
    noun="stage entry",
    plural="stage entries",
    model=_STAYS,
    day="entered",
    day_words={"entered": "entered", "left": "left", "created": "of deals created", "closed": "of deals closed"},
    joins={
        **owner_joins(Deal, after="deal"),
        **account_joins(Deal, after="deal"),
        **deal_joins_of(_STAYS.c.id),
        "stage": Join(Stage, Stage.id == _STAYS.c.stage_id),
    },
    fields=(
        *owner_fields(Deal),
        *account_fields(Deal),
        *deal_fields(("deal",)),
        Field("deal", "text", _STAYS.c.id, label=Deal.name, needs=("deal",), named=(Deal.id, Deal.name)),
        Field(
            "amount", "money", Deal.amount_minor, needs=("deal",), currency=Deal.currency, rate_day=DEAL_RATE_DAY
        ),
        Field("entered", "moment", _STAYS.c.entered_at),
        Field("left", "moment", _STAYS.c.left_at, "day of leaving"),
    ),
    quantities=(
        Quantity(
            "time_in_stage",
            "days",
            case(
                (~_OPEN, null()),
                (_STAYS.c.left_at.is_not(None), days_between(_STAYS.c.entered_at, _STAYS.c.left_at)),
                else_=days_between(_STAYS.c.entered_at, TODAY),
            ),
            "time in stage",
            ("stage",),
            meaning="from entering the stage to leaving it, or to today",
        ),
    ),
    ratios=(
        Each(
            "conversion",
            _DEAL_IN_STAGE,
            "stage conversion",
            ("stage",),
            times=1,
            if_=_WENT_ON,
            meaning="of the deals that entered the stage, those that entered a later one or were won since",
        ),
        Each(
            "conversion_to_win",
            _DEAL_IN_STAGE,
            "conversion to win",
            ("stage", "deal"),
            times=1,
            if_=case((WON, 1), else_=0),
            meaning="of the deals that entered the stage, those that are won by now",
        ),
        Each("deals", _STAYS.c.id, "deals that entered the stage"),
    ),
    always=("deal",),
    only=Deal.id.is_not(None),
)
"""Each deal counts once for each open stage it entered in the period, however often it came back. It is converted when
it entered a later stage of any kind but lost, or was won, at any time since: a deal that is still in the stage has not
been. The field ``stage`` is the one that was entered, ``status`` the deal's own today."""
