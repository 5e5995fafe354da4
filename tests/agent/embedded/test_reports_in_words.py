"""Numbers asked for in people's words: which report they mean, from the catalogue's vocabulary."""

from typing import Any

import pytest

from crm_store.reports import SUBJECTS
from tests.agent.embedded.record import MANAGER, plan

ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("forecast by category", {"subject": "deals", "group_by": "forecast_category", "status": "open"}),
    ("win rate by competitor this year", {"measure": "win_rate", "group_by": "competitor", "status": "any"}),
    ("stage conversion last quarter", {"subject": "stage_entries", "measure": "conversion,deals", "group_by": "stage"}),
    ("funnel by team", {"subject": "stage_entries", "group_by": "team"}),
    ("average time in stage", {"subject": "stage_entries", "measure": "time_in_stage,count", "group_by": "stage"}),
    ("which month stands out for cases", {"subject": "cases", "group_by": "month", "keep": "outliers"}),
    ("any unusual weeks for orders this year", {"subject": "orders", "group_by": "week", "keep": "outliers"}),
    ("best win rate among reps with at least 5 deals", {"measure": "win_rate", "group_by": "owner", "keep": "best", "at_least": 5}),
    ("slowest sales cycle by industry", {"measure": "sales_cycle", "group_by": "industry", "keep": "worst"}),
    ("months with more than twice the mean of won revenue", {"subject": "deals", "keep": "over_mean", "keep_value": 2.0, "group_by": "month"}),
    ("which reps have a below average win rate", {"measure": "win_rate", "group_by": "owner", "keep": "under_mean", "keep_value": 1.0}),
    ("orders this year", {"subject": "orders", "since": "2026-01-01", "until": "2026-12-31"}),
    ("contacts by account", {"subject": "contacts", "measure": "count", "group_by": "account"}),
    ("coverage vs quota", {"subject": "quotas", "measure": "coverage,open,left"}),
    ("quota attainment by rep this quarter", {"subject": "quotas", "measure": "attainment,won,quota", "group_by": "owner"}),
    ("churn this year", {"subject": "retention", "measure": "churn,churned_accounts,count"}),
    ("nrr by country", {"subject": "retention", "measure": "net_revenue_retention", "group_by": "country"}),
    ("ARR by product family", {"subject": "subscriptions", "measure": "recurring_revenue", "group_by": "product_family"}),
    ("NPS by quarter", {"subject": "surveys", "measure": "nps", "group_by": "quarter"}),
    ("lead conversion by source", {"subject": "leads", "measure": "lead_conversion,count", "group_by": "source"}),
    ("median order value by industry", {"subject": "orders", "measure": "amount.median,count", "group_by": "industry"}),
    ("repeat rate of customers", {"subject": "orders", "measure": "repeat_rate,accounts"}),
    ("handle time per agent", {"subject": "cases", "measure": "handle_time,count", "group_by": "owner"}),
    ("unsubscribe rate by campaign", {"subject": "campaign_members", "group_by": "campaign"}),
    ("deals by region and quarter", {"subject": "deals", "group_by": "region,quarter"}),
    ("accounts by company size", {"subject": "accounts", "group_by": "size"}),
    ("overdue tasks by rep", {"subject": "tasks", "group_by": "owner", "status": "open"}),
    ("which accounts bought more than EUR 100k this year", {"subject": "orders", "group_by": "account", "keep": "over", "keep_value": 100_000_00}),
    ("how many cases were transferred between owners", {"subject": "cases", "measure": "count,transfers", "where": [{"field": "transfers", "op": "gt", "value": 0}]}),
    ("how many members unsubscribed", {"subject": "campaign_members", "measure": "unsubscribe_rate,count"}),
    ("how many recipients responded this year", {"subject": "campaign_members", "measure": "response_rate,count"}),
    ("converted leads by source", {"subject": "leads", "measure": "converted_leads,time_to_conversion", "group_by": "source"}),
    ("how many tickets were resolved this year", {"subject": "cases", "status": "closed", "date_field": "closed"}),
    ("top 3 customers by revenue with share", {"group_by": "account", "limit": 3, "share": True}),
    ("what share of revenue comes from the top 5 customers", {"group_by": "account", "limit": 5, "share": True, "status": "won"}),
    ("percent of cases by priority", {"subject": "cases", "group_by": "priority", "share": True}),
    ("tickets by state", {"subject": "cases", "group_by": "status"}),
    ("accounts by state", {"subject": "accounts", "group_by": "region"}),
    ("won deals this quarter verus last quarter", {"compare_since": "2026-07-01", "compare_until": "2026-09-30"}),
    ("best month for revenue this year", {"subject": "deals", "group_by": "month", "keep": "best", "status": "won"}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ASKED, ids=[text for text, _ in ASKED])
def test_a_number_is_asked_for_in_plain_words(text: str, wanted: dict[str, Any]) -> None:
    (call,) = plan(text, caller=MANAGER).calls
    assert call.tool == "report"
    assert {key: call.args.get(key) for key in wanted} == wanted


def test_what_was_done_with_the_rows_is_counted_or_said_to_be_left_out() -> None:
    told = plan("how many cases were reopened", caller=MANAGER)
    assert told.calls[0].tool == "report"
    assert "reopened" in (told.say or "")
    assert plan("how many cases were opened this year", caller=MANAGER).say is None
    assert plan("how many cases were transferred", caller=MANAGER).say is None


SLIPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("how often did Quanta Textiles slip", {"account": "quanta"}),
    ("which deals slipped more than twice this quarter", {"at_least": 3, "since": "2026-10-01"}),
    ("who pushes close dates the most", {"split_by": "changed_by"}),
    ("slips by rep this quarter", {"split_by": "changed_by"}),
    ("which deals slipped at least three times", {"at_least": 3}),
)


@pytest.mark.parametrize(("text", "wanted"), SLIPS, ids=[text for text, _ in SLIPS])
def test_slips_are_asked_for_in_plain_words(text: str, wanted: dict[str, Any]) -> None:
    (call,) = plan(text, caller=MANAGER).calls
    assert call.tool == "slips"
    assert {key: call.args.get(key) for key in wanted} == wanted


NAMED = [
    (subject.name, one.name)
    for subject in SUBJECTS
    for one in subject.ratios
    if "_" in one.name and "accounts" not in one.name and one.name != "churn_rate"  # a rate of accounts is meant
]


@pytest.mark.parametrize(("subject", "measure"), NAMED)
def test_every_rate_of_the_catalogue_is_known_by_its_own_name(subject: str, measure: str) -> None:
    (call,) = plan(f"what is the {measure.replace('_', ' ')} by month", caller=MANAGER).calls
    assert call.tool == "report"
    assert str(call.args["measure"]).split(",")[0] == measure


def test_a_measure_that_does_not_exist_is_passed_on_and_not_replaced_by_another() -> None:
    (call,) = plan("average discount by rep", caller=MANAGER).calls
    assert (call.tool, call.args["measure"]) == ("report", "discount")


@pytest.mark.parametrize(
    "text",
    [
        "Rashid told me to push the close date to march",
        "log a call with Quanta Textiles, they asked about churn",
        "remind me to check pipeline coverage tomorrow",
        "add a task to prepare the win rate by rep",
    ],
)
def test_what_is_to_be_written_down_is_no_question_for_a_number(text: str) -> None:
    assert not {call.tool for call in plan(text).calls} & {"report", "slips"}
