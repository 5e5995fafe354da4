"""What was just listed, asked for as one figure, is counted from the same conditions."""

import pytest

from bot.agent.memory import Made, Memory
from tests.agent.embedded.record import MANAGER, plan

RENEWALS = Made(tool="list_deals", args={"owner": "team", "kind": "renewal", "closing_since": "2026-11-22", "closing_until": "2027-02-20"})
ASKED = ("how much is that in total", "what do they add up to", "total?", "and whats the sum", "add them up", "how much are they worth together", "so what's the total value")


@pytest.mark.parametrize("words", ASKED)
def test_the_total_of_a_list_is_that_of_its_conditions(words: str) -> None:
    (call,) = plan(words, memory=Memory(calls=(RENEWALS,)), caller=MANAGER).calls
    assert call.tool == "report"
    assert call.args == {
        "subject": "deals", "measure": "sum", "status": "open", "owner": "team", "kind": "renewal", "since": "2026-11-22", "until": "2027-02-20",
    }  # fmt: skip


def test_how_many_counts_them() -> None:
    (call,) = plan("how many is that", memory=Memory(calls=(RENEWALS,)), caller=MANAGER).calls
    assert call.args["measure"] == "count"


def test_a_condition_that_no_figure_knows_shows_the_list_again_whose_first_line_has_the_total() -> None:
    silent = Made(tool="list_deals", args={"owner": "me", "untouched_days": 30, "order": "untouched"})
    (call,) = plan("how much is that in total", memory=Memory(calls=(silent,))).calls
    assert (call.tool, call.args) == ("list_deals", silent.args)


def test_the_total_of_a_split_figure_is_the_figure_without_its_split() -> None:
    split = Made(tool="report", args={"subject": "deals", "measure": "sum", "owner": "team", "status": "open", "group_by": "stage"})
    (call,) = plan("and in total", memory=Memory(calls=(split,)), caller=MANAGER).calls
    assert call.args == {"subject": "deals", "measure": "sum", "owner": "team", "status": "open"}


def test_without_a_list_before_it_a_total_is_of_nothing_listed() -> None:
    assert not any(call.args.get("kind") == "renewal" for call in plan("how much is that in total", caller=MANAGER).calls)


def test_the_standing_by_rep_keeps_its_quarter() -> None:
    standing = Made(tool="standing", args={"owner": "team", "since": "2026-07-01", "until": "2026-09-30"})
    (call,) = plan("by rep", memory=Memory(calls=(standing,)), caller=MANAGER).calls
    assert (call.args["group_by"], call.args["since"], call.args["until"]) == ("owner", "2026-07-01", "2026-09-30")


def test_who_is_the_least_happy_asks_of_customers_and_who_has_most_tasks_of_us() -> None:
    (happy,) = plan("who is the least happy customer", caller=MANAGER).calls
    assert (happy.args["measure"], happy.args["group_by"], happy.args["ascending"]) == ("csat", "account", True)
    (tasks,) = plan("who has the most overdue tasks", caller=MANAGER).calls
    assert (tasks.args["subject"], tasks.args["group_by"], tasks.args["owner"]) == ("tasks", "owner", "team")
