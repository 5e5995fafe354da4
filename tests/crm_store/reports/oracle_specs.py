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
    kind = random.choice(["word", "word", "number", "day"])
    if kind == "word":
        words = _WORDS | about["words"]
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
