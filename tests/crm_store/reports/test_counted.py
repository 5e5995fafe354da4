"""The sentence that says what was counted: for every spec there is one, and it reads well."""

from pathlib import Path

import pytest

from crm_store.access import Scope
from crm_store.reports import ReportSettings, ReportSpec, resolve, run
from crm_store.store import Store
from tests.crm_store.reports.company import TODAY
from tests.crm_store.reports.oracle_specs import OWNERS, spec_of

GOLDEN = Path(__file__).parent / "counted.txt"
SETTINGS = ReportSettings()
WON = {"field": "status", "op": "eq", "value": "won"}
OPEN = {"field": "status", "op": "eq", "value": "open"}
SPECS: tuple[dict[str, object], ...] = (
    {"measures": ["count", "sum"], "filter": WON, "period": "last_quarter"},
    {"measures": ["count", "sum"], "filter": {"and": [WON, {"field": "owner", "op": "eq", "value": "person 1"}]},
     "period": "last_quarter", "compare": "previous_period"},
    {"measures": ["sum"], "filter": OPEN, "group_by": ["stage"]},
    {"measures": ["win_rate", "count"], "filter": {"field": "status", "op": "in", "value": ["won", "lost"]},
     "group_by": ["owner"], "keep": {"rule": "best"}, "at_least": 5, "period": "this_year"},
    {"measures": ["sum"], "filter": WON, "group_by": ["month"], "period": "last_year",
     "keep": {"rule": "over_mean", "value": 2}},
    {"subject": "cases", "group_by": ["month"], "period": "last_year", "keep": {"rule": "outliers"}},
    {"subject": "cases", "measures": ["count", "first_response"],
     "filter": {"and": [{"field": "priority", "op": "eq", "value": "urgent"}, {"field": "status", "op": "eq", "value": "open"}]}},
    {"subject": "interactions", "filter": {"field": "channel", "op": "eq", "value": "call"}, "period": "last_30_days"},
    {"subject": "orders", "measures": ["sum", "count"], "group_by": ["account"], "limit": 3, "share": True},
    {"subject": "orders", "measures": ["average"], "filter": {"field": "amount", "op": "gt", "value": 4000000}},
    {"filter": {"or": [{"field": "competitor", "op": "is_empty"}, {"field": "stage", "op": "eq", "value": "Proposal"}]}},
    {"filter": {"not": {"or": [{"field": "industry", "op": "in", "value": ["rail", "food"]}, WON]}}},
    {"filter": {"field": "close_date", "op": "lt", "value": "today"}},
    {"filter": {"field": "created", "op": "during", "value": "older_than_90_days"}},
    {"filter": {"field": "next_step", "op": "contains", "value": "call"}, "period": {"since": "2026-07-01"}},
    {"subject": "surveys", "measures": ["nps"], "group_by": ["quarter"], "period": "year_to_date",
     "compare": "same_period_last_year"},
    {"subject": "tasks", "measures": ["on_time_rate"], "filter": {"field": "kind", "op": "eq", "value": "promise"}},
    {"subject": "accounts", "measures": ["count"], "filter": {"field": "employees", "op": "between", "value": [10, 250]}},
    {"measures": ["median", "sales_cycle"], "filter": WON, "group_by": ["fiscal_quarter", "team"]},
)  # fmt: skip


def test_the_sentences_read_as_they_were_approved(store: Store) -> None:
    told = []
    for spec in SPECS:
        with store.read(Scope.system("test")) as session:
            told.append(run(session, ReportSpec.model_validate(spec), TODAY, SETTINGS).counted)
    with store.read(Scope("person-0", frozenset({"person-0"}))) as session:
        told.append(run(session, ReportSpec.model_validate(SPECS[0]), TODAY, SETTINGS).counted)
    assert told == GOLDEN.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("seed", range(0, 320, 2))
def test_every_spec_has_a_sentence_that_names_its_period_its_scope_and_its_numbers(store: Store, seed: int) -> None:
    spec = ReportSpec.model_validate(spec_of(seed))
    owners = OWNERS[seed % 3]
    scope = Scope.system("test") if owners is None else Scope("person-0", frozenset(owners))
    with store.read(scope) as session:
        result = run(session, spec, TODAY, SETTINGS)
    sentence = result.counted
    assert "\n" not in sentence
    assert "None" not in sentence
    assert "_" not in sentence.replace("Person_", "")
    assert "  " not in sentence
    assert sentence.count("(") == sentence.count(")")
    if spec.period is not None:
        days = resolve(spec.period, TODAY, SETTINGS)
        assert days.words() in sentence
    if result.compared is not None:
        assert f"compared with {result.compared}" in sentence
    for missing in result.unconverted:
        assert missing.currency in sentence
    if spec.measures[0] == "count":
        assert f"{result.total.values[0]:,}" in sentence
