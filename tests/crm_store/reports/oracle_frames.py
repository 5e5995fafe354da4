"""The tables of a company as pandas frames, and each subject's rows with every field a report speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias, cast

import pandas as pd
from sqlalchemy import inspect, select

from crm_store.access import ScopedSession
from crm_store.base import Base
from crm_store.models import (
    Account,
    Campaign,
    CampaignMember,
    Case,
    Change,
    ChangeLine,
    Contact,
    Deal,
    DealLine,
    ExchangeRate,
    FieldHistory,
    Interaction,
    Order,
    OrderLine,
    Participant,
    Person,
    Product,
    Proposal,
    ProposalItem,
    Stage,
    Subscription,
    SurveyResponse,
    Task,
    Team,
)

Column: TypeAlias = "pd.Series[Any]"
MODELS: tuple[type[Base], ...] = (
    Account, Campaign, CampaignMember, Case, Change, ChangeLine, Contact, Deal, DealLine, ExchangeRate, FieldHistory,
    Interaction, Order, OrderLine, Participant, Person, Product, Proposal, ProposalItem, Stage, Subscription,
    SurveyResponse, Task, Team,
)  # fmt: skip
_MINOR = {"JPY": 0}
_MILLION = 1_000_000


@dataclass(frozen=True)
class Tables:
    """Every table whole, by the name of its model."""

    of: dict[str, pd.DataFrame]
    known: dict[tuple[object, ...], pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def load(cls, session: ScopedSession) -> "Tables":
        found = {}
        for model in MODELS:
            names = [column.key for column in inspect(model).columns]
            rows = [[getattr(row, name) for name in names] for row in session.scalars(select(model))]
            found[model.__name__] = pd.DataFrame(rows, columns=names, dtype=object)
        return cls(found)


def facts(
    tables: Tables, subject: str, owners: set[str] | None, today: pd.Timestamp, zone: str, more: Mapping[str, Any]
) -> pd.DataFrame:
    """The rows of ``subject`` on accounts of ``owners``, a column for each field, days as those of ``zone``."""
    known = {
        "deals": _deals, "orders": _orders, "cases": _cases, "interactions": _interactions, "accounts": _accounts,
        "surveys": _surveys, "tasks": _tasks,
    }  # fmt: skip
    accounts = tables.of["Account"]
    if owners is not None:
        accounts = accounts[accounts["owner_id"].isin(owners)]
    asked = (subject, None if owners is None else frozenset(owners), today, zone)
    if asked not in tables.known:
        frame: pd.DataFrame = (known | dict(more))[subject](tables, accounts, today, zone)
        tables.known[asked] = frame.reset_index(drop=True)
    return tables.known[asked].copy()


def base(tables: Tables, model: str, accounts: pd.DataFrame) -> pd.DataFrame:
    """Rows with their owner's and their account's words."""
    rows = tables.of[model]
    people = tables.of["Person"].set_index("id")
    teams = tables.of["Team"].set_index("id")["name"]
    known = accounts.set_index("id")
    rows = rows[rows["account_id"].isin(known.index)].copy() if model != "Account" else accounts.copy()
    rows["owner"] = rows["owner_id"].map(people["name"]).astype(object)
    rows["team"] = rows["owner_id"].map(people["team_id"]).map(teams).astype(object)
    if model != "Account":
        rows["account"] = rows["account_id"].map(known["name"]).astype(object)
        for name in ("industry", "country"):
            rows[name] = rows["account_id"].map(known[name]).astype(object)
        rows["employees"] = numbers(rows["account_id"].map(known["employees"]))
    return rows


def numbers(column: Column) -> Column:
    return cast(Column, pd.to_numeric(column).astype("Int64"))


def local(moments: Column, zone: str) -> Column:
    """The day of each moment where the reader is."""
    return (
        pd.to_datetime(moments, utc=True)
        .dt.tz_convert(zone)
        .dt.tz_localize(None)
        .dt.normalize()
        .astype("datetime64[us]")
    )


def days(column: Column) -> Column:
    return pd.to_datetime(column.astype(object)).astype("datetime64[us]")


def apart(first: Column, second: Any) -> Column:
    return cast(Column, (second - first).dt.days.astype("Int64"))


def micro(tables: Tables, frame: pd.DataFrame, amount: str, rate_day: str) -> Column:
    """Amounts in millionths of a euro cent, by the newest rate that is not after the row's day; none without one."""
    rates = tables.of["ExchangeRate"].copy()
    rates["on"] = days(rates["on"])
    rates["rate"] = pd.to_numeric(rates["rate_millionths"])
    left = frame[["currency", rate_day]].copy()
    left["at"] = range(len(left))
    left["on"] = left[rate_day]
    left["currency"] = left["currency"].fillna("").astype(str)
    rates["currency"] = rates["currency"].astype(str)
    matched = pd.merge_asof(
        left.dropna(subset=["on"]).sort_values("on"),
        rates[["currency", "on", "rate"]].sort_values("on"),
        on="on",
        by="currency",
    ).set_index("at")["rate"]
    found: list[int | None] = []
    for at, (value, currency) in enumerate(zip(frame[amount], frame["currency"], strict=True)):
        if pd.isna(value):
            found.append(None)
        elif currency == "EUR":
            found.append(int(value) * _MILLION)
        else:
            rate: Any = matched.get(at)
            known = rate is not None and not pd.isna(rate) and currency
            found.append(int(value) * int(rate) * 10 ** (2 - _MINOR.get(currency, 2)) if known else None)
    return pd.Series(found, index=frame.index, dtype=object)


def touches(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    """The visible interactions that have happened, with the day of each."""
    held = tables.of["Interaction"]
    held = held[held["account_id"].isin(accounts["id"])].copy()
    held["day"] = local(held["at"], zone)
    return held[held["day"] <= today]


def _deals(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Deal", accounts)
    stages = tables.of["Stage"].set_index("id")
    frame["stage"] = frame["stage_id"].map(stages["name"]).astype(object)
    frame["probability"] = numbers(frame["stage_id"].map(stages["probability"]))
    frame["amount"] = numbers(frame["amount_minor"])
    frame["close_date"] = days(frame["close_date"])
    frame["created"], frame["closed"] = local(frame["created_at"], zone), local(frame["closed_at"], zone)
    frame["rate_day"] = frame["close_date"].fillna(frame["created"])
    frame["amount_micro"] = micro(tables, frame, "amount", "rate_day")
    frame["weighted"] = frame["amount"] * frame["probability"]
    weighted: list[Any] = [
        None if value is None else Fraction(value * int(chance), 100)
        for value, chance in zip(frame["amount_micro"], frame["probability"], strict=True)
    ]
    frame["weighted_micro"] = pd.Series(weighted, index=frame.index, dtype=object)
    won, is_open = frame["status"] == "won", frame["status"] == "open"
    frame["won_deals"] = won.astype("Int64").where(won)
    frame["sales_cycle"] = apart(frame["created"], frame["closed"]).where(won)
    frame["age"] = apart(frame["created"], today).where(is_open)
    frame["time_in_stage"] = apart(local(frame["stage_entered_at"], zone), today).where(is_open)
    frame["overdue"] = apart(frame["close_date"], today).where(is_open & (frame["close_date"] < today))
    held = touches(tables, accounts, today, zone).groupby("deal_id")
    frame["touches"] = numbers(frame["id"].map(held.size().to_dict()).fillna(0))
    frame["days_since_last_touch"] = apart(days(frame["id"].map(held["day"].max().to_dict())), today)
    return _with_lines(tables, frame)


def _with_lines(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    """``lines`` is a list of (product, family, amount, currency, micro) of each deal, one for each product."""
    lines = tables.of["DealLine"].merge(
        tables.of["Product"][["id", "name", "family"]].rename(columns={"id": "product_id"}), on="product_id"
    )
    lines["amount"] = pd.to_numeric(lines["amount_minor"])
    each = ["deal_id", "product_id", "name", "family", "currency"]
    lines = lines.groupby(each)["amount"].sum().reset_index()
    lines["rate_day"] = days(lines["deal_id"].map(frame.set_index("id")["rate_day"].to_dict()))
    lines["micro"] = micro(tables, lines, "amount", "rate_day")
    columns = ["name", "family", "amount", "currency", "micro"]
    by_deal = {
        deal: [tuple(row) for row in part[columns].itertuples(index=False)] for deal, part in lines.groupby("deal_id")
    }
    frame["lines"] = pd.Series([by_deal.get(deal, []) for deal in frame["id"]], index=frame.index, dtype=object)
    frame["product"] = frame["lines"].map(lambda one: tuple(line[0] for line in one)).astype(object)
    frame["product_family"] = frame["lines"].map(lambda one: tuple(line[1] for line in one)).astype(object)
    return frame


def _orders(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Order", accounts)
    frame["amount"] = numbers(frame["amount_minor"])
    frame["ordered"] = days(frame["ordered_on"])
    frame["amount_micro"] = micro(tables, frame, "amount", "ordered")
    return frame


def _cases(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Case", accounts)
    frame["opened"], frame["closed"] = local(frame["opened_at"], zone), local(frame["closed_at"], zone)
    frame["satisfaction"] = frame["csat"] = numbers(frame["satisfaction"])
    frame["time_to_close"] = apart(frame["opened"], frame["closed"])
    waited = pd.to_datetime(frame["first_response_at"], utc=True) - pd.to_datetime(frame["opened_at"], utc=True)
    frame["first_response"] = (waited.dt.total_seconds() // 60).astype("Int64")
    frame["age"] = apart(frame["opened"], today).where(frame["status"] != "closed")
    return frame


def _interactions(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Interaction", accounts)
    deals = tables.of["Deal"]
    seen = deals[deals["account_id"].isin(accounts["id"])].set_index("id")["name"]
    frame["deal"] = frame["deal_id"].map(lambda deal: None if deal is None else seen.get(deal, "unseen")).astype(object)
    frame["at"] = local(frame["at"], zone)
    frame["duration"] = numbers(frame["duration_s"])
    return frame


def _accounts(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Account", accounts)
    frame["account"] = frame["name"]
    frame["employees"] = numbers(frame["employees"])
    frame["created"] = local(frame["created_at"], zone)
    deals = tables.of["Deal"]
    counts = deals[deals["status"] == "open"].groupby("account_id").size()
    frame["open_deals"] = numbers(frame["id"].map(counts).fillna(0))
    frame["days_since_last_touch"] = apart(
        days(frame["id"].map(touches(tables, accounts, today, zone).groupby("account_id")["day"].max().to_dict())),
        today,
    )
    return frame


def _surveys(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "SurveyResponse", accounts)
    frame["at"] = local(frame["at"], zone)
    frame["score"] = numbers(frame["score"])
    frame["csat"] = frame["score"].where(frame["kind"] == "csat")
    return frame


def _tasks(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Task", accounts)
    frame["due"] = days(frame["due"])
    frame["done"], frame["created"] = local(frame["done_at"], zone), local(frame["created_at"], zone)
    is_open = frame["status"] == "open"
    frame["overdue"] = apart(frame["due"], today).where(is_open & (frame["due"] < today))
    frame["time_to_done"] = apart(frame["created"], frame["done"]).where(frame["status"] == "done")
    return frame
