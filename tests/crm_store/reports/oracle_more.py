"""The facts of the further subjects, from whole tables: contacts and leads, campaigns, what recurs, lines, stages, ledger."""

import operator
from collections.abc import Callable
from typing import Any, cast

import pandas as pd

from tests.crm_store.reports.oracle_frames import Column, Tables, apart, base, days, local, micro, numbers, touches

Maker = Callable[[Tables, pd.DataFrame, pd.Timestamp, str], pd.DataFrame]
EARLY, LATE = ("lead", "qualified"), ("opportunity", "customer", "advocate")


def contacts(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Contact", accounts)
    frame["left"], frame["created"] = days(frame["left_on"]), local(frame["created_at"], zone)
    for name in ("is_advocate", "do_not_contact"):
        frame[name] = frame[name].astype(bool)
    held = touches(tables, accounts, today, zone).set_index("id")["day"].to_dict()
    parts = tables.of["Participant"]
    parts = parts[parts["interaction_id"].isin(held) & parts["account_id"].isin(accounts["id"])].copy()
    parts["day"] = parts["interaction_id"].map(held)
    met = parts.groupby("contact_id")
    frame["touches"] = numbers(frame["id"].map(met["interaction_id"].nunique().to_dict()).fillna(0))
    frame["days_since_last_touch"] = apart(days(frame["id"].map(met["day"].max().to_dict())), today)
    frame["accounts"] = frame["account_id"]
    return frame


def leads(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = contacts(tables, accounts, today, zone)
    told = tables.of["FieldHistory"]
    told = told[(told["entity"] == "contact") & (told["field"] == "lifecycle")]
    told = told[told["account_id"].isin(accounts["id"])].sort_values("at")
    seen, qualified, converted = set[str](), dict[str, Any](), dict[str, Any]()
    one: Any
    for one in told.itertuples(index=False):
        if one.old in EARLY or one.new in EARLY:
            seen.add(one.entity_id)
        if one.new == "qualified" and one.old in (None, "lead"):
            qualified[one.entity_id] = one.at
        if one.new in LATE and one.old not in LATE:
            converted[one.entity_id] = one.at
    frame = frame[frame["lifecycle"].isin(EARLY) | frame["id"].isin(seen)].copy()
    now = frame["is_converted"] = frame["lifecycle"].isin(LATE)
    frame["converted_leads"] = now.astype("Int64").where(now)
    frame["converted"] = local(frame["id"].map(converted), zone).where(now)
    frame["qualified"] = local(frame["id"].map(qualified), zone)
    frame["time_to_conversion"] = apart(frame["created"], frame["converted"])
    frame["time_to_qualified"] = apart(frame["created"], frame["qualified"])
    frame["age"] = apart(frame["created"], today).where(~now)
    return frame


def campaign_members(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "CampaignMember", accounts)
    campaigns = tables.of["Campaign"].set_index("id")
    people = tables.of["Contact"]
    stage = people[people["account_id"].isin(accounts["id"])].set_index("id")["lifecycle"].to_dict()
    frame["campaign"] = frame["campaign_id"].map(campaigns["name"]).astype(object)
    frame["channel"] = frame["campaign_id"].map(campaigns["channel"]).astype(object)
    frame["campaign_starts"] = days(frame["campaign_id"].map(campaigns["starts_on"]))
    frame["lifecycle"] = frame["contact_id"].map(stage).astype(object)
    frame["at"] = local(frame["at"], zone)
    frame["contacts"], frame["accounts"] = frame["contact_id"], frame["account_id"]
    return frame


def subscriptions(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "Subscription", accounts)
    frame["starts"], frame["ends"] = days(frame["starts_on"]), days(frame["ends_on"])
    frame["amount"], frame["seats"] = numbers(frame["amount_minor"]), numbers(frame["seats"])
    frame["amount_micro"] = micro(tables, frame, "amount", "starts")
    frame["term"] = apart(frame["starts"], frame["ends"]) + 1
    frame["days_to_renewal"] = (-apart(frame["ends"], today)).where(frame["ends"] >= today)
    frame["accounts"] = frame["account_id"]
    return _with_product(tables, frame)


def _with_product(tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    products = tables.of["Product"].set_index("id")
    frame["product"] = frame["product_id"].map(products["name"]).astype(object)
    frame["product_family"] = frame["product_id"].map(products["family"]).astype(object)
    return frame


def deal_products(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = _with_product(tables, base(tables, "DealLine", accounts))
    frame = _of_deal(tables, accounts, frame, "deal_id", zone)
    frame["amount"], frame["quantity"] = numbers(frame["amount_minor"]), numbers(frame["quantity"])
    frame["rate_day"] = frame["close_date"].fillna(frame["created"])
    frame["amount_micro"] = micro(tables, frame, "amount", "rate_day")
    won = frame["status"] == "won"
    frame["won_amount"], frame["won_amount_micro"] = frame["amount"].where(won), frame["amount_micro"].where(won)
    frame["deals"], frame["accounts"] = frame["deal_id"], frame["account_id"]
    return frame


def _of_deal(tables: Tables, accounts: pd.DataFrame, frame: pd.DataFrame, key: str, zone: str) -> pd.DataFrame:
    """The rows of visible deals, with what they are split by; the owner and the team are the deal's."""
    seen = base(tables, "Deal", accounts).set_index("id")
    frame = frame[frame[key].isin(seen.index)].copy()
    names = ("status", "kind", "forecast_category", "competitor", "lost_reason", "owner", "team", "name")
    for name in names:
        frame["deal" if name == "name" else name] = frame[key].map(seen[name].to_dict()).astype(object)
    frame["close_date"] = days(frame[key].map(seen["close_date"].to_dict()))
    frame["created"] = local(frame[key].map(seen["created_at"].to_dict()), zone)
    frame["closed"] = local(frame[key].map(seen["closed_at"].to_dict()), zone)
    return frame


def order_lines(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = _with_product(tables, base(tables, "OrderLine", accounts))
    orders = base(tables, "Order", accounts).set_index("id")
    frame = frame[frame["order_id"].isin(orders.index)].copy()
    frame["ordered"] = days(frame["order_id"].map(orders["ordered_on"].to_dict()))
    for name in ("status", "owner", "team"):
        frame[name] = frame["order_id"].map(orders[name].to_dict()).astype(object)
    frame["amount"], frame["quantity"] = numbers(frame["amount_minor"]), numbers(frame["quantity"])
    frame["amount_micro"] = micro(tables, frame, "amount", "ordered")
    return frame


def stage_entries(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    """Each time a deal came into a stage, walked through deal by deal."""
    stages = tables.of["Stage"].set_index("id")
    deals = base(tables, "Deal", accounts)
    told = tables.of["FieldHistory"]
    told = told[(told["entity"] == "deal") & (told["field"] == "stage_id") & told["account_id"].isin(accounts["id"])]
    lines: dict[str, list[Any]] = {}
    one: Any
    deal: Any
    for one in told.sort_values(["at", "id"]).itertuples(index=False):
        if one.old is None or one.new != one.old:
            lines.setdefault(one.entity_id, []).append(one)
    rows = []
    for deal in deals.itertuples(index=False):
        moves = lines.get(deal.id, [])
        stays = [(move.at, move.new) for move in moves] or [(deal.stage_entered_at, deal.stage_id)]
        if moves and moves[0].old is not None:
            stays.insert(0, (deal.created_at, moves[0].old))
            stays.sort(key=operator.itemgetter(0))
        for place, (at, stage) in enumerate(stays):
            left = stays[place + 1][0] if place + 1 < len(stays) else None
            later = [_rank(stages, other) for _, other in stays[place + 1 :]]
            rows.append((deal.id, deal.account_id, stage, at, left, any(rank > _rank(stages, stage) for rank in later)))
    columns = ["id", "account_id", "stage_id", "at", "left_at", "went_on"]
    frame = pd.DataFrame(rows, columns=columns)
    known = accounts.set_index("id")
    frame["account"] = frame["account_id"].map(known["name"]).astype(object)
    for name in ("industry", "country"):
        frame[name] = frame["account_id"].map(known[name]).astype(object)
    frame["employees"] = numbers(frame["account_id"].map(known["employees"]))
    frame = _of_deal(tables, accounts, frame, "id", zone)
    frame["stage"] = frame["stage_id"].map(stages["name"]).astype(object)
    is_open = frame["stage_id"].map(stages["status"]) == "open"
    frame["entered"], frame["left"] = local(frame["at"], zone), local(frame["left_at"], zone)
    ended = frame["left"].fillna(today)
    frame["time_in_stage"] = apart(frame["entered"], cast(Any, ended)).where(is_open)
    frame["in_stage"] = (frame["id"] + ":" + frame["stage_id"]).where(is_open, None)
    frame["is_won"] = frame["status"] == "won"
    frame["deals"] = frame["id"]
    return frame


def _rank(stages: pd.DataFrame, stage: str) -> int:
    row: Any = stages.loc[stage]
    return 10**6 if row["status"] == "won" else -1 if row["status"] == "lost" else int(row["position"])


def proposals(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = tables.of["ProposalItem"].copy()
    people = tables.of["Person"].set_index("id")
    frame["owner"] = frame["person_id"].map(people["name"]).astype(object)
    frame["team"] = (
        frame["person_id"].map(people["team_id"]).map(tables.of["Team"].set_index("id")["name"]).astype(object)
    )
    made = tables.of["Proposal"].set_index("id")
    created, decided = (frame["proposal_id"].map(made[name].to_dict()) for name in ("created_at", "decided_at"))
    frame["origin"] = frame["proposal_id"].map(made["origin"]).astype(object)
    frame["created"], frame["decided"] = local(created, zone), local(decided, zone)
    waited = pd.to_datetime(decided, utc=True) - pd.to_datetime(created, utc=True)
    frame["time_to_decide"] = (waited.dt.total_seconds() // 60).astype("Int64")
    undone = set(tables.of["Change"]["undo_of"].dropna())
    lines = tables.of["ChangeLine"]
    taken_back = set(lines[lines["change_id"].isin(undone)]["item_id"])
    frame["undone"] = frame["id"].isin(taken_back)
    frame["rows"] = frame["entity_id"]
    return frame


def changes(tables: Tables, accounts: pd.DataFrame, today: pd.Timestamp, zone: str) -> pd.DataFrame:
    frame = base(tables, "FieldHistory", accounts)
    people = tables.of["Person"].set_index("id")
    frame["owner"] = frame["by_id"].map(people["name"]).astype(object)
    frame["team"] = frame["by_id"].map(people["team_id"]).map(tables.of["Team"].set_index("id")["name"]).astype(object)
    frame["at"] = local(frame["at"], zone)
    frame["rows"], frame["people"], frame["accounts"] = frame["entity_id"], frame["by_id"], frame["account_id"]
    return frame


MORE: dict[str, Maker] = {
    "contacts": contacts, "leads": leads, "campaign_members": campaign_members, "subscriptions": subscriptions,
    "deal_products": deal_products, "order_lines": order_lines, "stage_entries": stage_entries, "proposals": proposals,
    "changes": changes,
}  # fmt: skip
__all__ = ["MORE", "Column"]
