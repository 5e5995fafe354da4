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
    ("who did we lose to by competitor this year, amounts", {"measure": "sum", "group_by": "competitor", "status": "lost"}),
    ("lost revenue by competitor this year", {"measure": "sum", "group_by": "competitor", "status": "lost"}),
    ("growth from Q2 to Q3", {"since": "2026-07-01", "until": "2026-09-30", "compare_since": "2026-04-01", "compare_until": "2026-06-30"}),
    ("how does won revenue in October stack up to September", {"since": "2026-10-01", "compare_since": "2026-09-01"}),
    ("am I doing better than in Q3? euros won this quarter compared to that one", {"since": "2026-10-01", "compare_since": "2026-07-01"}),
    ("yoy revenue", {"since": "2026-01-01", "until": "2026-11-20", "compare_with": "same_period_last_year"}),
    ("how much pipeline did we create this month", {"date_field": "created", "status": "any"}),
    ("rank the reps by meetings held this month", {"subject": "interactions", "channel": "meeting", "group_by": "owner"}),
    ("number of meetings per rep per week this quarter", {"measure": "count", "group_by": "owner,week"}),
    ("pipeline by stage and rep", {"group_by": "stage,owner", "owner": "team", "status": "open"}),
    ("open pipeline by close month", {"group_by": "month", "status": "open"}),
    ("months in which we won more than 100k", {"group_by": "month", "keep": "over", "keep_value": 100_000_00}),
    ("reps with more than 5 won deals this year", {"group_by": "owner", "measure": "count", "at_least": 6, "compare_with": None}),
    ("customers that ordered at least 3 times this year", {"subject": "orders", "group_by": "account", "measure": "count", "at_least": 3}),
    ("reps below average win rate", {"group_by": "owner", "keep": "under_mean"}),
    ("win rate for renewals vs new business", {"group_by": "kind", "kind": None}),
    ("Tom vs Mei win rate", {"measure": "win_rate", "group_by": "owner", "owner": "tom,mei"}),
    ("compare the team's win rates rep by rep for last quarter", {"group_by": "owner", "compare_with": None}),
    ("conversion from Discovery to Proposal", {"subject": "stage_entries", "stage": "Discovery", "account": None}),
    ("how long do deals stay in Proposal", {"subject": "stage_entries", "measure": "time_in_stage,count", "stage": "Proposal"}),
    ("what share of revenue comes from renewals", {"group_by": "kind", "share": True, "kind": None}),
    ("what percentage of our deals do we lose on price", {"group_by": "lost_reason", "share": True, "where": None}),
    ("how many stale deals does each rep have", {"group_by": "owner", "where": [{"field": "last_touch", "op": "lt", "value": "2026-10-21"}]}),
    ("how many deals have no next step by rep", {"group_by": "owner", "where": [{"field": "next_step", "op": "is_empty", "value": True}]}),
    ("sum of overdue deals", {"measure": "sum", "where": [{"field": "close_date", "op": "lt", "value": "today"}]}),
    ("how many prospects do we have by region", {"group_by": "region", "where": [{"field": "kind", "op": "eq", "value": "prospect"}]}),
    ("how many deals did Mei lose to competitors", {"owner": "mei", "where": [{"field": "competitor", "op": "is_empty", "value": False}]}),
    ("which customer has the most open tickets", {"subject": "cases", "group_by": "account", "status": "open"}),
    ("who has the most work on the team", {"subject": "tasks", "group_by": "owner", "status": "open", "keep": "highest"}),
    ("who has the biggest pipeline", {"subject": "deals", "group_by": "owner", "status": "open"}),
    ("commit vs best case by rep", {"subject": "deals", "status": "open"}),
    ("win rate trend this year", {"measure": "win_rate", "group_by": "month", "compare_with": None}),
    ("top 5 industries by revenue", {"group_by": "industry", "limit": 5}),
    ("tickets closed per agent last week", {"subject": "cases", "group_by": "owner", "status": "closed"}),
    ("how long do my deals take to close", {"measure": "sales_cycle", "owner": "me"}),
    ("where does our revenue come from", {"group_by": "source", "status": "won"}),
    ("total accounts across the team", {"subject": "accounts", "group_by": None, "owner": "team"}),
    ("how did each rep do last quarter", {"group_by": "owner", "status": "won"}),
    ("who closes fastest", {"measure": "sales_cycle", "group_by": "owner", "keep": "best"}),
    ("how many meetings did it take to win a deal", {"measure": "touches_to_win,won_deals"}),
    ("units sold by product last quarter", {"subject": "order_lines", "measure": "quantity.sum,sum", "group_by": "product"}),
    ("how many seats do we have per product", {"subject": "subscriptions", "measure": "seats.sum", "group_by": "product"}),
    ("which subscriptions end next quarter", {"subject": "subscriptions", "since": "2027-01-01", "until": "2027-03-31"}),
    ("rolling 12 months revenue by month", {"since": "2025-11-21", "until": "2026-11-20", "group_by": "month"}),
    ("bottom 3 reps by won revenue this quarter", {"group_by": "owner", "limit": 3, "ascending": True}),
    ("top 5 of my customers by won revenue this year", {"group_by": "account", "limit": 5, "owner": "me"}),
    ("Loss reasons for the team in Q3, how many deals each?", {"group_by": "lost_reason", "measure": "count", "since": "2026-07-01"}),
    ("how many new customers did we win this quarter", {"subject": "deals", "measure": "count", "kind": "new", "status": "won"}),
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


LISTED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("biggest deal we lost this year", {"status": "lost", "order": "amount", "limit": 1, "owner": "team"}),
    ("which of my deals are older than a year", {"owner": "me", "where": [{"field": "created", "op": "lt", "value": "2025-11-20"}]}),
    ("any open deals of mine where the close date already passed?", {"owner": "me", "closing_until": "2026-11-19"}),
    ("deals in Germany and Austria closing this month", {"where": [{"field": "country", "op": "in", "value": ["Germany", "Austria"]}]}),
    ("whales only: my deals from 100k up", {"min_amount_minor": 100_000_00, "order": None}),
    ("top 5 of my deals by size", {"order": "amount", "limit": 5}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LISTED, ids=[text for text, _ in LISTED])
def test_deals_are_listed_where_deals_are_asked_for(text: str, wanted: dict[str, Any]) -> None:
    (call,) = plan(text, caller=MANAGER).calls
    assert call.tool == "list_deals"
    assert {key: call.args.get(key) for key in wanted} == wanted


def test_what_may_slip_is_shown_as_what_closes_soon_and_said_to_be_no_more() -> None:
    made = plan("anything about to slip this month", caller=MANAGER)
    (call,) = made.calls
    assert (call.tool, call.args["closing_until"], call.args["order"]) == ("list_deals", "2026-11-30", "untouched")
    assert "can't tell what will slip" in (made.say or "")


def test_a_number_the_record_does_not_have_is_not_answered_by_another() -> None:
    made = plan("what is our profit margin this year", caller=MANAGER)
    assert not made.calls
    assert "profit margin" in (made.say or "")


SLIPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("how often did Quanta Textiles slip", {"account": "quanta"}),
    ("which deals slipped more than twice this quarter", {"at_least": 3, "since": "2026-10-01"}),
    ("who pushes close dates the most", {"split_by": "changed_by"}),
    ("slips by rep this quarter", {"split_by": "changed_by"}),
    ("which deals slipped at least three times", {"at_least": 3}),
    ("how often has the Bluewater dock pilot slipped", {"deal": "bw-pilot", "owner": None}),
    ("how many deals slipped this quarter", {"since": "2026-10-01", "owner": "team"}),
    ("whose deals slip the most", {"split_by": "owner", "owner": "team"}),
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


@pytest.mark.parametrize("text", ["what's hot", "low hanging fruit?", "which deals are closest to closing", "which of Tom's deals are most likely to close"])
def test_what_may_close_is_shown_as_what_is_forecast_to_and_said_to_be_no_more(text: str) -> None:
    made = plan(text, caller=MANAGER)
    (call,) = made.calls
    assert call.tool == "list_deals"
    assert call.args["where"] == [{"field": "forecast_category", "op": "in", "value": ["commit", "best_case"]}]
    assert "can't tell which will close" in (made.say or "")


@pytest.mark.parametrize("text", ["what's the weakest deal in my pipeline", "which deals look shaky", "any deals at risk", "which deals are we likely to lose"])
def test_what_may_be_lost_is_shown_as_what_is_silent_and_said_to_be_no_more(text: str) -> None:
    made = plan(text, caller=MANAGER)
    (call,) = made.calls
    assert (call.tool, call.args["untouched_days"], call.args["order"]) == ("list_deals", 30, "untouched")
    assert "can't tell which will be lost" in (made.say or "")


CHANGED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("what changed at Bluewater", "account_latest", {"account": "bluewater"}),
    ("what has changed at Bluewater since Monday", "what_changed", {"account": "bluewater", "since": "2026-11-16"}),
    ("anything changed with the Bluewater renewal since last week", "what_changed", {"deal": "bw-renewal", "since": "2026-11-09"}),
    ("show me Mei's deals that slipped", "slips", {"owner": "mei"}),
    ("show me team deals that have slid at least twice", "slips", {"owner": "team", "at_least": 2}),
    ("how many calls did I log each week in October", "report", {"group_by": "week", "channel": "call"}),
    ("won deals in 2025 by rep year over year", "report", {"since": "2025-01-01", "until": "2025-12-31", "compare_with": "same_period_last_year"}),
)


@pytest.mark.parametrize(("text", "tool", "wanted"), CHANGED, ids=[text for text, _, _ in CHANGED])
def test_what_changed_or_slipped_is_asked_for_in_plain_words(text: str, tool: str, wanted: dict[str, Any]) -> None:
    (call,) = plan(text, caller=MANAGER).calls
    assert call.tool == tool
    assert {key: call.args.get(key) for key in wanted} == wanted
