"""Quotas of a period, and what was won and is still open against them."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from crm_store.models import Deal, Quota
from crm_store.reports.catalogue import Distinct, Field, Quantity, Ratio, Subject, owner_joins, person_fields
from crm_store.reports.rollup import rolled_up
from crm_store.reports.sql import PERIOD_FIRST, PERIOD_LAST, days_between


def _rows() -> Any:
    """One row for each quota with days in the period (its share of them, to the minor unit), and for each deal that was
    won or is open with its close date in the period; what is omitted from the forecast is not open here."""
    first = case((Quota.starts > PERIOD_FIRST, Quota.starts), else_=PERIOD_FIRST)
    last = case((Quota.ends < PERIOD_LAST, Quota.ends), else_=PERIOD_LAST)
    shared, length = days_between(first, last) + 1, days_between(Quota.starts, Quota.ends) + 1
    part = (2 * Quota.amount_minor * shared + length) // (2 * length)
    due = Deal.close_date.between(PERIOD_FIRST, PERIOD_LAST)
    return union_all(
        select(
            Quota.id.label("id"),
            literal("quota").label("part"),
            Quota.person_id.label("owner_id"),
            cast(part, BigInteger).label("amount"),
            Quota.currency.label("currency"),
            Quota.starts.label("rate_day"),
        )
        .select_from(Quota)
        .where(Quota.starts <= PERIOD_LAST, Quota.ends >= PERIOD_FIRST),
        select(Deal.id, Deal.status, Deal.owner_id, Deal.amount_minor, Deal.currency, Deal.close_date)
        .select_from(Deal)
        .where(due, (Deal.status == "won") | ((Deal.status == "open") & (Deal.forecast_category != "omitted"))),
    ).subquery("report_quota")


_ROW = _rows()
_QUOTA: ColumnElement[bool] = _ROW.c.part == "quota"
_WON: ColumnElement[bool] = _ROW.c.part == "won"
_OPEN: ColumnElement[bool] = _ROW.c.part == "open"


def _once(session: Session, distinct: Distinct, split: frozenset[str]) -> ColumnElement[bool]:
    """A quota counts once in a whole or a team: not also as part of a manager's. By owner it is each one's own."""
    if "owner" in split:
        return true()
    people = distinct(case((_QUOTA, _ROW.c.owner_id))) - {None}
    managers = rolled_up(session, people, within_team="team" in split)
    return or_(~_QUOTA, _ROW.c.owner_id.not_in(sorted(frozenset().union(*managers.values()))))


def _amount(name: str, title: str, which: ColumnElement[bool]) -> Quantity:
    return Quantity(name, "money", case((which, _ROW.c.amount)), title, usual="sum")


_LEFT = case((_QUOTA, _ROW.c.amount), (_WON, -_ROW.c.amount), else_=0)

QUOTAS = Subject(
    name="quotas",
    noun="quota and its deals",
    plural="quotas and their deals",
    model=_ROW,
    day="period",
    day_words={"period": "of"},
    joins=owner_joins(_ROW.c),
    fields=(
        *person_fields(_ROW.c.owner_id, apart=True),
        Field("part", "choice", _ROW.c.part),
        Field("period", "day", PERIOD_FIRST, ends=PERIOD_LAST),
    ),
    quantities=(
        _amount("quota", "quota", _QUOTA),
        _amount("won", "won", _WON),
        _amount("open", "open pipeline closing in the period", _OPEN),
        Quantity("left", "money", _LEFT, "left to the quota", usual="sum", lower_is_better=True),
    ),
    ratios=(
        Ratio(
            "attainment",
            "percent",
            case((_WON, _ROW.c.amount), else_=0),
            case((_QUOTA, _ROW.c.amount), else_=0),
            "attainment",
            money=True,
            meaning="amount won of the quota",
        ),
        Ratio(
            "coverage",
            "percent",
            case((_OPEN, _ROW.c.amount), else_=0),
            _LEFT,
            "pipeline coverage",
            money=True,
            meaning="open pipeline closing in the period, of the quota less what is won",
        ),
    ),
    amount="quota",
    currency=_ROW.c.currency,
    rate_day=_ROW.c.rate_day,
    period="A quota is for a period.",
    narrowed=_once,
)
"""A quota that lies partly in the period counts with the share of its days that do. Split by owner, everybody has their
own quota; together or by team, a manager's quota stands for the people below. ``coverage`` is None where nothing is left
to reach."""
