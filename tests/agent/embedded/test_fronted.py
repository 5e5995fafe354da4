"""What stands before a question, or behind it, and belongs to it; and what only leads up to it or tells what it is for."""

from typing import Any

import pytest

from tests.agent.embedded.record import MANAGER, plan

ASKED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("for Tom, how many deals did we win last month", "report", {"owner": "tom", "since": "2026-10-01", "status": "won"}),
    ("by rep, show me the number of calls last quarter", "report", {"group_by": "owner", "channel": "call"}),
    ("since June, tell me how many emails broken down by rep", "report", {"since": "2026-06-01", "group_by": "owner"}),
    ("this year, what is our win rate compared to the same period last year", "report", {"since": "2026-01-01", "compare_with": "same_period_last_year"}),
    ("in Proposal, which of my deals are stuck", "list_deals", {"stage": "Proposal", "untouched_days": 30}),
    ("no activity for 45 days, show me those deals of mine", "list_deals", {"untouched_days": 45, "order": "untouched"}),
    ("can you pull the number of lost deals by rep in Q2", "report", {"status": "lost", "group_by": "owner"}),
    ("we have the QBR in one hour, what did the team win in Q3 compared to the previous period", "report", {"since": "2026-07-01", "compare_with": "previous_period"}),
    ("been out since Wednesday, show me what changed in my pipeline since then", "what_changed", {"since": "2026-11-18"}),
    ("I have my 1:1 with Tom in a minute, what has changed on their deals since 9 November", "what_changed", {"owner": "tom", "since": "2026-11-09"}),
    ("what do my open deals add up to per forecast category, I have to give it to Viktor", "report", {"owner": "me", "group_by": "forecast_category"}),
    ("which deals did I lose to Zephyrix this year, am doing win loss slides", "list_deals", {"status": "lost", "competitor": "Zephyrix"}),
    ("pipeline review tomorrow so list my deals untouched for the last 90 days", "list_deals", {"untouched_days": 90}),
    ("for the Monday forecast call I need the team's open pipeline value by forecast category", "report", {"group_by": "forecast_category", "since": None}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "tool", "wanted"), ASKED, ids=[text for text, _, _ in ASKED])
def test_where_in_a_message_something_is_said_makes_no_difference(text: str, tool: str, wanted: dict[str, Any]) -> None:
    (call,) = plan(text, caller=MANAGER).calls
    assert call.tool == tool
    assert {key: call.args.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("text", ["pull the Bluewater renewal forward to 15 December", "on Friday, remind me to call Ingrid", "for Tom, create a task to call Ingrid tomorrow"])
def test_a_change_is_not_taken_for_a_question(text: str) -> None:
    assert {call.tool for call in plan(text).calls} <= {"update_deal", "create_task"}
