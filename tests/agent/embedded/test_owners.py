"""Whose records are meant: several of us beside each other, somebody's team, and to whom something is only shown."""

from typing import Any

import pytest

from tests.agent.embedded.record import MANAGER, REP, plan

WHOSE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Tom vs Mei win rate this year", "report", {"owner": "tom,mei", "group_by": "owner", "measure": "win_rate"}),
    ("Tom and Mei's open deals", "list_deals", {"owner": "tom,mei"}),
    ("how's Tom doing vs Mei this quarter", "report", {"owner": "tom,mei", "group_by": "owner", "subject": "quotas", "since": "2026-10-01"}),
    ("did I win more than Tom this quarter", "report", {"owner": "me,tom", "group_by": "owner", "status": "won"}),
    ("won revenue of Mei's team this quarter", "report", {"owner": "mei's team", "group_by": None}),
    ("show me Mei's team's pipeline", "list_deals", {"owner": "mei's team"}),
    ("show me revenue by month this year", "report", {"owner": "team"}),
    ("I need the win rate last quarter", "report", {"owner": "team"}),
    ("number of orders across all reps last quarter", "report", {"owner": "everyone", "group_by": None}),
)


@pytest.mark.parametrize(("text", "tool", "wanted"), WHOSE, ids=[text for text, _, _ in WHOSE])
def test_whose_records_are_meant(text: str, tool: str, wanted: dict[str, Any]) -> None:
    (call,) = plan(text, caller=MANAGER).calls
    assert call.tool == tool
    assert {key: call.args.get(key) for key in wanted} == wanted


def test_what_is_shown_to_me_of_an_account_is_everyones() -> None:
    (call,) = plan("show me open deals at Bluewater", caller=REP).calls
    assert call.args == {"owner": "everyone", "account": "bluewater"}
