"""Generated report specs as JSON: every part of the language, in random company."""

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.crm_store.reports.company import TODAY

Spec = dict[str, Any]
_WORDS: dict[str, list[str]] = {
    "owner": ["Person 0", "person 2", "nobody"],
    "team": ["North", "south"],
    "industry": ["rail", "Food"],
    "country": ["Germany", "spain"],
}
_SUBJECTS: dict[str, dict[str, Any]] = {
    "deals": {
        "words": {
            "status": ["open", "won", "lost"], "stage": ["Proposal", "won", "Lost"], "kind": ["new", "renewal"],
            "forecast_category": ["commit", "pipeline"], "competitor": ["Corvane", "mitrel"], "lost_reason": ["price"],
            "next_step": ["Call back"], "currency": ["EUR", "gbp"], "product": ["Product 1", "product 3"],
            "product_family": ["A"],
        },
        "numbers": {"employees": 250, "probability": 40},
        "days": ["close_date", "created", "closed"],
        "groups": ["owner", "team", "stage", "status", "kind", "industry", "country", "competitor", "lost_reason",
                   "forecast_category", "product", "product_family"],
        "measures": ["sum", "average", "median", "smallest", "largest", "win_rate", "sales_cycle", "sales_cycle.median",
                     "age.largest", "time_in_stage", "weighted", "amount.median", "won_deals", "overdue", "touches",
                     "touches.sum", "days_since_last_touch", "days_since_last_touch.smallest"],
    },
    "orders": {
        "words": {"status": ["fulfilled", "cancelled"], "currency": ["GBP", "CHF"]},
        "numbers": {"employees": 10},
        "days": ["ordered"],
        "groups": ["owner", "team", "status", "industry", "account", "currency"],
        "measures": ["sum", "average", "median", "smallest", "largest"],
    },
    "cases": {
        "words": {"status": ["open", "closed"], "priority": ["urgent", "low"]},
        "numbers": {"satisfaction": 3, "employees": 250},
        "days": ["opened", "closed"],
        "groups": ["owner", "team", "status", "priority", "country"],
        "measures": ["csat", "csat.median", "time_to_close", "first_response.median", "first_response",
                     "time_to_close.largest", "age"],
    },
    "interactions": {
        "words": {"channel": ["call", "email"], "direction": ["inbound"], "deal": ["Deal 3", "deal 40"]},
        "numbers": {"employees": 250},
        "days": ["at"],
        "groups": ["owner", "team", "channel", "direction", "account"],
        "measures": ["duration", "duration.average", "duration.median"],
    },
    "accounts": {
        "words": {"kind": ["customer", "prospect"]},
        "numbers": {"employees": 250, "open_deals": 3},
        "days": ["created"],
        "groups": ["owner", "team", "kind", "industry", "country"],
        "measures": ["open_deals", "open_deals.median", "days_since_last_touch", "employees.average"],
    },
    "surveys": {
        "words": {"kind": ["nps", "csat"]},
        "numbers": {"score": 4},
        "days": ["at"],
        "groups": ["owner", "team", "kind", "account"],
        "measures": ["nps", "satisfied_rate", "csat", "score.median"],
    },
    "tasks": {
        "words": {"status": ["open", "done"], "kind": ["promise", "to_do"]},
        "numbers": {"employees": 10},
        "days": ["due", "done", "created"],
        "groups": ["owner", "team", "status", "kind"],
        "measures": ["on_time_rate", "overdue", "time_to_done", "time_to_done.median"],
    },
}  # fmt: skip
_MORE: dict[str, dict[str, Any]] = {
    "contacts": {
        "words": {"lifecycle": ["lead", "customer"], "source": ["Fair", "web"], "title": ["Buyer"]},
        "numbers": {"employees": 250},
        "days": ["created", "left"],
        "groups": ["owner", "team", "source", "lifecycle", "country", "industry"],
        "measures": ["touches", "touches.sum", "days_since_last_touch", "accounts"],
    },
    "leads": {
        "words": {"lifecycle": ["lead", "qualified", "customer"], "source": ["Fair", "referral"]},
        "numbers": {"employees": 10},
        "days": ["created", "converted", "qualified"],
        "groups": ["owner", "source", "lifecycle", "industry", "team"],
        "measures": ["lead_conversion", "qualification_rate", "time_to_conversion", "time_to_qualified.median", "age"],
    },
    "campaign_members": {
        "words": {"campaign": ["Campaign 1", "campaign 2"], "channel": ["email"], "status": ["opened", "responded"],
                  "lifecycle": ["lead", "customer"]},
        "numbers": {"employees": 250},
        "days": ["at", "campaign_starts"],
        "groups": ["campaign", "channel", "status", "owner", "industry", "lifecycle"],
        "measures": ["response_rate", "open_rate", "unsubscribe_rate", "contacts", "accounts"],
    },
    "subscriptions": {
        "words": {"status": ["active", "cancelled"], "currency": ["EUR", "jpy"], "product": ["Product 1", "product 3"],
                  "product_family": ["A"]},
        "numbers": {"seats": 5, "amount": 4_000_000},
        "days": ["ends", "starts"],
        "groups": ["owner", "status", "currency", "product", "product_family", "industry"],
        "measures": ["sum", "amount.median", "seats", "term", "days_to_renewal", "churn_rate", "accounts"],
    },
    "deal_products": {
        "words": {"status": ["open", "won"], "product": ["product 0"], "product_family": ["b"], "competitor": ["mitrel"]},
        "numbers": {"quantity": 1, "amount": 1_000_000},
        "days": ["close_date", "created", "closed"],
        "groups": ["product", "product_family", "status", "owner", "competitor", "industry"],
        "measures": ["sum", "average", "won_amount", "quantity", "win_rate", "win_rate_amount", "deals", "accounts"],
    },
    "order_lines": {
        "words": {"status": ["fulfilled"], "product": ["product 2"], "product_family": ["A", "b"]},
        "numbers": {"quantity": 4, "amount": 400_000},
        "days": ["ordered"],
        "groups": ["product", "product_family", "owner", "team", "status"],
        "measures": ["sum", "average", "median", "quantity", "quantity.largest"],
    },
    "stage_entries": {
        "words": {"status": ["open", "won"], "stage": ["Proposal", "won", "discovery"], "kind": ["new"]},
        "numbers": {"employees": 250},
        "days": ["entered", "left", "created", "closed"],
        "groups": ["stage", "owner", "team", "kind", "industry"],
        "measures": ["time_in_stage", "time_in_stage.median", "conversion", "conversion_to_win", "deals"],
    },
    "proposals": {
        "words": {"status": ["applied", "open"], "action": ["create"], "entity": ["deal"], "origin": ["slack"]},
        "numbers": {},
        "days": ["created", "decided"],
        "groups": ["owner", "team", "status", "entity", "origin"],
        "measures": ["time_to_decide", "time_to_decide.median", "confirmed_rate", "undo_rate", "rows"],
    },
    "changes": {
        "words": {"entity": ["contact", "deal"], "new": ["customer", "stage-1"]},
        "numbers": {},
        "days": ["at"],
        "groups": ["owner", "team", "entity", "field", "industry"],
        "measures": ["rows", "people", "accounts"],
    },
}  # fmt: skip
_PERIODS = ("this_quarter", "last_quarter", "this_year", "last_year", "year_to_date", "last_90_days", "last_month",
            "this_fiscal_year", "last_fiscal_quarter", "last_half")  # fmt: skip
_UNITS = ("week", "month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter")
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
OWNERS = (None, {"person-0", "person-1"}, {"person-3"}, set[str]())


def spec_of(seed: int) -> Spec:
    random = Random(seed)
    subject = random.choice(["deals", "deals", "deals", *(name for name in _SUBJECTS if name != "deals")])
    about = _SUBJECTS[subject]
    units = [*_UNITS, *(f"{day}.month" for day in about["days"])]
    groups = random.choice([[], [random.choice(about["groups"])], [random.choice(units)], _two(random, about, units)])
    measures = random.sample(["count", *about["measures"]], random.choice([1, 2, 3]))
    spec: Spec = {"subject": subject, "measures": measures, "group_by": groups, "period": _period(random)}
    if random.random() < 0.7:
        spec["filter"] = _filter(random, about, 2)
    if random.random() < 0.3:
        spec["date_field"] = random.choice(about["days"])
    if spec["period"] is not None and random.random() < 0.5:
        spec["compare"] = random.choice(
            ["previous_period", "same_period_last_year", {"since": "2025-02-01", "until": "2025-08-31"}]
        )
    if groups:
        _decorate(random, spec)
    return spec


def further_spec_of(seed: int) -> Spec:
    """A spec on one of the further subjects, or with a condition on an amount."""
    random = Random(f"further {seed}")
    names = [*_MORE, "deals", "orders"]
    subject = names[seed % len(names)]
    about = _MORE.get(subject) or _SUBJECTS[subject]
    units = [*_UNITS, *(f"{day}.month" for day in about["days"])]
    groups = random.choice([[], [random.choice(about["groups"])], [random.choice(units)], _two(random, about, units)])
    measures = random.sample(["count", *about["measures"]], random.choice([1, 2, 3]))
    spec: Spec = {"subject": subject, "measures": measures, "group_by": groups, "period": _period(random)}
    if subject == "leads" and random.random() < 0.4:
        spec |= {"measures": ["converted_leads", "count"], "date_field": "converted"}
    elif random.random() < 0.3:
        spec["date_field"] = random.choice(about["days"])
    trees = [_filter(random, about, 2)] if random.random() < 0.6 else []
    if subject in ("deals", "orders") or ("amount" in about["numbers"] and random.random() < 0.5):
        amount: Spec = _amount(random)
        trees.append(random.choice([amount, {"not": amount}, {"or": [amount, _condition(random, about)]}]))
    if trees:
        spec["filter"] = trees[0] if len(trees) == 1 else {random.choice(["and", "and", "or"]): trees}
    if spec["period"] is not None and random.random() < 0.4:
        spec["compare"] = random.choice(["previous_period", "same_period_last_year"])
    if groups:
        _decorate(random, spec)
    spec["drill_down"] = random.random() < 0.5
    return spec


def _amount(random: Random) -> Spec:
    op = random.choice(["lt", "le", "gt", "ge", "eq", "ne", "between", "in", "not_in"])
    value = random.randrange(1, 9_000_000)
    several = [value // 2, value] if op == "between" else [value, 1]
    return {
        "field": "amount", "op": op, "value": several if op in ("between", "in", "not_in") else value,
        "currency": random.choice([None, None, "EUR", "GBP"]),
    }  # fmt: skip


def setting_of(seed: int) -> dict[str, Any]:
    random = Random(f"setting {seed}")
    return {
        "zone": random.choice(_ZONES),
        "week_start": random.choice([0, 0, 6]),
        "fiscal_start": random.choice([1, 2, 4, 10]),
    }


def _decorate(random: Random, spec: Spec) -> None:
    spec["at_least"] = random.choice([0, 0, 0, 2, 5])
    spec["limit"] = random.choice([None, None, 1, 3])
    spec["share"] = spec["measures"][0] in ("count", "sum", "weighted") and random.random() < 0.5
    if random.random() < 0.45:
        rule = random.choice(
            ["highest", "lowest", "best", "worst", "over", "under", "over_mean", "under_mean", "outliers"]
        )
        value = {"over": 3, "under": 4, "over_mean": random.choice([1, 1.5, 2]), "under_mean": 0.5, "outliers": None}
        spec["keep"] = {"rule": rule, "number": random.choice([1, 1, 3]), "value": value.get(rule)}
        if len(spec["measures"]) > 1 and random.random() < 0.5:
            spec["keep"]["measure"] = spec["measures"][1]


def _two(random: Random, about: Spec, units: list[str]) -> list[str]:
    found = random.sample([*about["groups"], random.choice(units)], 2)
    return found if not {"product", "product_family"} <= set(found) else found[:1]


def _period(random: Random) -> Any:
    since = TODAY - timedelta(days=random.randrange(100, 500))
    until = since + timedelta(days=random.randrange(300))
    closed = {"since": since.isoformat(), "until": until.isoformat()}
    return random.choice([None, None, {"since": since.isoformat()}, closed, closed, *random.sample(_PERIODS, 4)])


def _filter(random: Random, about: Spec, depth: int) -> Spec:
    shape = random.choice(["leaf", "leaf", "and", "or", "not"]) if depth else "leaf"
    if shape == "leaf":
        return _condition(random, about)
    if shape == "not":
        return {"not": _filter(random, about, depth - 1)}
    return {shape: [_filter(random, about, depth - 1) for _ in range(random.choice([2, 3]))]}


def _condition(random: Random, about: Spec) -> Spec:
    kind = random.choice(["word", "word", "number" if about["numbers"] else "word", "day"])
    if kind == "word":
        words = _WORDS | about["words"]
        if about is _MORE["proposals"]:
            words = {key: value for key, value in words.items() if key not in ("industry", "country")}
        if about is _SUBJECTS["accounts"]:
            words = {key: value for key, value in words.items() if key != "account"}
        name = random.choice(list(words))
        op = random.choice(["eq", "ne", "in", "not_in", "is_empty", "contains"])
        value: Any = {"in": words[name][:2], "not_in": words[name][:2], "is_empty": random.choice([True, False])}.get(
            op, random.choice(words[name])
        )
        if op == "contains":
            value = value[1:4]
        return {"field": name, "op": op, "value": value}
    if kind == "number":
        name, about_value = random.choice(list(about["numbers"].items()))
        op = random.choice(["lt", "le", "gt", "ge", "eq", "ne", "between", "is_empty"])
        return {
            "field": name,
            "op": op,
            "value": {"between": [about_value // 4, about_value], "is_empty": True}.get(op, about_value),
        }
    day = TODAY - timedelta(days=random.randrange(-30, 500))
    op = random.choice(["lt", "le", "gt", "ge", "eq", "between", "is_empty", "during"])
    later: date = day + timedelta(days=90)
    value = {"between": [day.isoformat(), later.isoformat()], "is_empty": False, "during": random.choice(_PERIODS)}
    return {"field": random.choice(about["days"]), "op": op, "value": value.get(op, day.isoformat())}
