"""Generated specs, answered by the compiler and by plain Python: equal to the cent."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from crm_store.access import Scope
from crm_store.reports import AllOf, AnyOf, Condition, Filter, NotThis, ReportSettings, ReportSpec, Span, run
from crm_store.store import Store
from tests.crm_store.reports.company import TODAY
from tests.crm_store.reports.oracle import bucket_key, holds, measured, world

SETTINGS = ReportSettings()
TEXTS = {
    "owner": ["Person 0", "person 2", "nobody"],
    "team": ["North", "south"],
    "industry": ["rail", "Food"],
    "country": ["Germany", "spain"],
    "status": ["open", "won", "lost"],
}
DEAL_TEXTS = TEXTS | {
    "stage": ["Proposal", "won", "Lost"],
    "kind": ["new", "renewal"],
    "forecast_category": ["commit", "pipeline"],
    "competitor": ["Corvane", "mitrel"],
    "lost_reason": ["price"],
    "next_step": ["Call back"],
    "currency": ["EUR", "gbp"],
}
ABOUT: dict[str, dict[str, Any]] = {
    "deals": {
        "texts": DEAL_TEXTS,
        "numbers": {"amount": 4_000_000, "employees": 250},
        "days": ["close_date", "created", "closed"],
        "groups": [
            "owner",
            "team",
            "stage",
            "status",
            "kind",
            "industry",
            "country",
            "competitor",
            "lost_reason",
            "forecast_category",
        ],
        "measures": [
            "sum",
            "average",
            "median",
            "smallest",
            "largest",
            "win_rate",
            "sales_cycle",
            "sales_cycle.median",
            "age.largest",
            "time_in_stage",
            "weighted",
            "amount.median",
        ],
        "basis": "close_date",
    },
    "orders": {
        "texts": TEXTS | {"status": ["fulfilled", "cancelled"], "currency": ["GBP", "CHF"]},
        "numbers": {"amount": 3_000_000, "employees": 10},
        "days": ["ordered"],
        "groups": ["owner", "team", "status", "industry", "account", "currency"],
        "measures": ["sum", "average", "median", "smallest", "largest"],
        "basis": "ordered",
    },
    "cases": {
        "texts": TEXTS | {"status": ["open", "closed"], "priority": ["urgent", "low"]},
        "numbers": {"satisfaction": 3, "employees": 250},
        "days": ["opened", "closed"],
        "groups": ["owner", "team", "status", "priority", "country"],
        "measures": [
            "csat",
            "csat.median",
            "time_to_close",
            "first_response.median",
            "first_response",
            "time_to_close.largest",
        ],
        "basis": "opened",
    },
}


def _condition(random: Random, about: dict[str, Any]) -> Condition:
    kind = random.choice(["text", "text", "number", "day"])
    if kind == "text":
        field = random.choice(list(about["texts"]))
        op = random.choice(["eq", "ne", "in", "not_in", "is_empty", "contains"])
        words = about["texts"][field]
        value: Any = {"in": tuple(words[:2]), "not_in": tuple(words[:2]), "is_empty": random.choice([True, False])}.get(
            op, random.choice(words)
        )
        if op == "contains":
            value = value[1:4]
        if field == "status" and op == "contains":
            op, value = "eq", words[0]
        return Condition(field=field, op=op, value=value)
    if kind == "number":
        field, about_value = random.choice(list(about["numbers"].items()))
        op = random.choice(["lt", "le", "gt", "ge", "eq", "ne", "between", "is_empty"])
        value = {"between": (about_value // 4, about_value), "is_empty": True}.get(op, about_value)
        return Condition(field=field, op=op, value=value)
    day = TODAY - timedelta(days=random.randrange(-30, 500))
    op = random.choice(["lt", "le", "gt", "ge", "eq", "between", "is_empty"])
    later = (day + timedelta(days=90)).isoformat()
    value = {"between": (day.isoformat(), later), "is_empty": False}.get(op, day.isoformat())
    return Condition(field=random.choice(about["days"]), op=op, value=value)


def _filter(random: Random, about: dict[str, Any], depth: int = 2) -> Filter:
    shape = random.choice(["leaf", "leaf", "and", "or", "not"]) if depth else "leaf"
    if shape == "leaf":
        return _condition(random, about)
    if shape == "not":
        return NotThis(negated=_filter(random, about, depth - 1))
    parts = tuple(_filter(random, about, depth - 1) for _ in range(random.choice([2, 3])))
    return AllOf(all_of=parts) if shape == "and" else AnyOf(any_of=parts)


def _spec(seed: int) -> ReportSpec:
    random = Random(seed)
    subject = random.choice(["deals", "deals", "deals", "orders", "cases"])
    about = ABOUT[subject]
    groups = random.sample([*about["groups"], "month", "quarter", "week", "year"], random.choice([0, 1, 1, 2]))
    since = TODAY - timedelta(days=random.randrange(100, 500))
    period = random.choice(
        [None, None, Span(since=since), Span(since=since, until=since + timedelta(days=random.randrange(300)))]
    )
    return ReportSpec.model_validate(
        {
            "subject": subject,
            "measures": ["count", *random.sample(about["measures"], random.choice([1, 2, 3]))],
            "filter": random.choice([None, _filter(random, about), _filter(random, about)]),
            "group_by": groups,
            "period": period,
        }
    )


@pytest.mark.parametrize("seed", range(120))
def test_the_compiler_and_plain_python_agree(store: Store, seed: int) -> None:
    spec = _spec(seed)
    owners = [None, {"person-0", "person-1"}, {"person-3"}][seed % 3]
    with store.read(Scope.system("oracle")) as session:
        known = world(session, spec.subject, TODAY, owners)
    scope = Scope.system("test") if owners is None else Scope("person-0", frozenset(owners))
    with store.read(scope) as session:
        result = run(session, spec, TODAY, SETTINGS)
    basis = ABOUT[spec.subject]["basis"]
    kept = [record for record in known.records if holds(record, spec.filter) and _in_period(record[basis], spec.period)]
    assert result.count == len(kept)
    assert result.total.values == tuple(measured(known, kept, name) for name in spec.measures)
    if not spec.group_by:
        return
    groups: dict[tuple[str | None, ...], list[Any]] = defaultdict(list)
    for record in kept:
        groups[tuple(_key(record, name, basis) for name in spec.group_by)].append(record)
    expected = {keys: tuple(measured(known, rows, name) for name in spec.measures) for keys, rows in groups.items()}
    found = {_named(row.keys, row.labels, spec.group_by): row.values for row in result.rows if row.values[0]}
    assert found == expected


def _in_period(day: Any, period: object) -> bool:
    if not isinstance(period, Span):
        return True
    return (
        day is not None
        and (period.since is None or day >= period.since)
        and (period.until is None or day <= period.until)
    )


def _key(record: dict[str, Any], name: str, basis: str) -> str | None:
    return bucket_key(record[basis], name) if name in ("week", "month", "quarter", "year") else record[name] or None


def _named(keys: tuple[str | None, ...], labels: tuple[str, ...], groups: tuple[str, ...]) -> tuple[str | None, ...]:
    """Groups of rows are told apart by id; the oracle knows their names."""
    by_name = ("owner", "team", "account")
    return tuple(
        label if name in by_name and key is not None else key
        for key, label, name in zip(keys, labels, groups, strict=True)
    )
