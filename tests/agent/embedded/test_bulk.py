"""Requests about many rows at once, changes on a condition, and corrections of what waits."""

import pytest

from bot.agent.memory import Made, Memory, Said
from tests.agent.embedded.record import MANAGER, after, plan

WRITING = frozenset(["update_deal", "change_deals", "change_tasks", "change_accounts", "create_task", "log_interaction", "erase_person"])


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("close as lost everything untouched for 90 days", "change_deals", {"owner": "me", "untouched_days": 90, "to_stage": "lost"}),
        ("for all deals closing this quarter set forecast to commit", "change_deals", {"owner": "me", "closing_since": "2026-10-01", "closing_until": "2026-12-31", "to_forecast_category": "commit"}),
        ("give Mei all of my deals at Northgate", "change_deals", {"owner": "me", "account": "northgate", "to_owner": "mei"}),
        ("set forecast to best case on all deals where probability is over 60", "change_deals", {"owner": "me", "where": [{"field": "probability", "op": "gt", "value": 60}], "to_forecast_category": "best_case"}),
        ("move all deals not in commit to best case", "change_deals", {"owner": "me", "where": [{"field": "forecast_category", "op": "ne", "value": "commit"}], "to_forecast_category": "best_case"}),
        ("close all stale deals except Quanta as lost", "change_deals", {"owner": "me", "untouched_days": 30, "to_stage": "lost", "excluding": ["quanta"]}),
        ("push Quanta and Northgate by a week", "change_deals", {"deals": ["quanta-loom", "ng-wards"], "shift_days": 7}),
        ("mark every task due today as done", "change_tasks", {"owner": "me", "due_since": "2026-11-20", "due_until": "2026-11-20", "done": True}),
        ("snooze my overdue tasks until Monday", "change_tasks", {"owner": "me", "overdue": True, "to_due": "2026-11-23"}),
        ("transfer all of Tom's customers to Mei", "change_accounts", {"owner": "tom", "kind": "customer", "to_owner": "mei"}),
    ],
)  # fmt: skip
def test_a_change_of_many_is_one_call(text: str, tool: str, args: dict[str, object]) -> None:
    assert [(call.tool, dict(call.args)) for call in plan(text).calls] == [(tool, args)]


def test_those_of_the_last_list_are_meant_by_them_all() -> None:
    shown = Memory(shown=(Said(kind="deal", id="quanta-loom", name="Quanta loom sensors"), Said(kind="deal", id="bw-pilot", name="Bluewater dock pilot")))
    assert dict(plan("move them all to proposal", memory=shown).calls[0].args) == {"deals": ["quanta-loom", "bw-pilot"], "to_stage": "Proposal"}
    assert plan("move them all to proposal").question is not None


@pytest.mark.parametrize(
    "text",
    ["reassign all deals in Narnia to Mei", "move all my purple deals to proposal", "set the amount of all my deals to 10k", "close all deals I lost", "wipe all tasks", "delete all my deals", "mark all emails as read"],
)  # fmt: skip
def test_a_condition_that_is_not_understood_changes_nothing(text: str) -> None:
    assert not [call for call in plan(text).calls if call.tool in WRITING]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("if Quanta is still in discovery, mark it lost", {"deal": "quanta-loom", "stage": "Discovery", "to_stage": "lost"}),
        ("unless it's already in negotiation, move Quanta to proposal", {"deal": "quanta-loom", "where": [{"field": "stage", "op": "ne", "value": "Negotiation"}], "to_stage": "Proposal"}),
        ("if nobody has touched Quanta in 60 days mark it as lost", {"deal": "quanta-loom", "untouched_days": 60, "to_stage": "lost"}),
        ("if Quanta closes this month push it to January 31", {"deal": "quanta-loom", "closing_since": "2026-11-01", "closing_until": "2026-11-30", "to_close_date": "2027-01-31"}),
    ],
)  # fmt: skip
def test_a_change_only_if_the_record_says_so_carries_its_condition(text: str, args: dict[str, object]) -> None:
    assert [(call.tool, dict(call.args)) for call in plan(text).calls] == [("change_deals", args)]


@pytest.mark.parametrize(
    "text",
    ["if they sign tomorrow mark Quanta as won", "if Quanta is over 30k put it in commit, otherwise best case", "move Quanta to negotiation if Rashid replies", "push Quanta to Q2 unless they object", "hi, if they sign, move Quanta to negotiation"],
)  # fmt: skip
def test_what_may_yet_happen_is_asked_about(text: str) -> None:
    found = plan(text)
    assert found.question is not None
    assert not found.calls


def test_a_reminder_unless_they_have_answered_is_checked_against_the_record() -> None:
    found = plan("unless they've answered, remind me Thursday", memory=after("northgate"))
    assert [(call.tool, dict(call.args)) for call in found.calls] == [
        ("create_task", {"title": "Follow up with Northgate Clinics", "due": "2026-11-26", "account": "northgate", "unless_answered": True})
    ]


@pytest.mark.parametrize("text", ["put Falcon Ridge on hold until March", "the Quanta deal is on hold until Q2", "pause Tessera until January"])
def test_on_hold_asks_what_it_shall_mean(text: str) -> None:
    found = plan(text)
    assert found.question is not None
    assert len(found.question.options) == 3
    assert not found.calls


@pytest.mark.parametrize(
    ("text", "changed"),
    [("actually make that best case", {"forecast_category": "best_case"}), ("no, 52k", {"amount_minor": 5_200_000}), ("I meant end of January", {"close_date": "2027-01-31"})],
)  # fmt: skip
def test_a_waiting_proposal_is_made_anew_with_one_value_replaced(text: str, changed: dict[str, object]) -> None:
    args: dict[str, object] = {"deal": "quanta-loom", "amount_minor": 4_100_000, "forecast_category": "commit"}
    found = plan(text, memory=Memory(calls=(Made(tool="update_deal", args=args),), proposal_ids=("p",)))
    assert [(call.tool, dict(call.args)) for call in found.calls] == [
        ("reject_proposal", {"proposal": "p"}),
        ("update_deal", args | changed),
    ]


def test_two_changes_of_one_deal_are_one_proposal() -> None:
    found = plan("set Quanta to 38k and push it to the end of January")
    assert [dict(call.args) for call in found.calls] == [{"deal": "quanta-loom", "amount_minor": 3_800_000, "close_date": "2027-01-31"}]


def test_the_amount_that_is_denied_is_not_written() -> None:
    assert plan("the dock pilot is 25k not 30k").calls[0].args["amount_minor"] == 2_500_000


@pytest.mark.parametrize(("text", "owner"), [("TOM'S OPEN TASKS", "tom"), ("toms open tasks", "tom"), ("Mei's open tasks", "mei")])
def test_a_possessive_is_understood_however_it_is_typed(text: str, owner: str) -> None:
    assert plan(text).calls[0].args["owner"] == owner


def test_a_managers_many_are_the_teams_unless_they_are_the_managers_own() -> None:
    assert plan("mark all stale deals as lost", caller=MANAGER).calls[0].args["owner"] == "team"
    assert plan("mark all my stale deals as lost", caller=MANAGER).calls[0].args["owner"] == "me"
