"""Every way to say which rows, what becomes of them and in what order, crossed: a condition that a list understands is understood
by a change of many and by a change of one deal on a condition, wherever it stands."""

import pytest

from tests.agent.embedded.record import MANAGER, plan

Args = dict[str, object]

ROWS: list[tuple[str, Args]] = [
    ("my deals in Negotiation", {"owner": "me", "stage": "Negotiation"}),
    ("everything of mine over 50k", {"owner": "me", "min_amount_minor": 5_000_000}),
    ("my 200k-plus opportunities", {"owner": "me", "min_amount_minor": 20_000_000}),
    ("anything of mine nobody has touched in 60 days", {"owner": "me", "untouched_days": 60}),
    ("all my deals closing in December", {"owner": "me", "closing_since": "2026-12-01", "closing_until": "2026-12-31"}),
    ("those deals of mine where the close date has already passed", {"owner": "me", "closing_until": "2026-11-19"}),
    ("everything of Tom's over 50k", {"owner": "tom", "min_amount_minor": 5_000_000}),
    ("every deal of mine without a next step", {"owner": "me", "without_next_step": True}),
    ("all my best case deals", {"owner": "me", "forecast_category": "best_case"}),
    ("the deals in my name that are older than a year", {"owner": "me", "older_than_days": 365}),
    ("my Negotiation ones due to close in December", {"owner": "me", "stage": "Negotiation", "closing_since": "2026-12-01", "closing_until": "2026-12-31"}),
    ("my German deals", {"owner": "me", "where": [{"field": "country", "op": "eq", "value": "Germany"}]}),
    ("the whole pipeline of Mei", {"owner": "mei"}),
]  # fmt: skip
_STAGE: Args = {"to_stage": "Proposal"}
_LOST: Args = {"to_stage": "lost"}
_COMMIT: Args = {"to_forecast_category": "commit"}
_OWNER: Args = {"to_owner": "tom"}
_DATE: Args = {"to_close_date": "2027-01-29"}
_SHIFT: Args = {"shift_days": 14}
_STEP: Args = {"to_next_step": "book a demo"}
ORDERS: list[tuple[str, Args]] = [
    *((words, _STAGE) for words in ("move {} to Proposal", "{}: move them to Proposal", "{} should go to Proposal", "{} need to be in Proposal", "{} -> Proposal", "the stage of {} becomes Proposal", "i want {} moved to Proposal", "can we get {} into Proposal?", "to Proposal with {}")),
    *((words, _LOST) for words in ("mark {} as lost", "{}, just mark it lost", "kill {}", "not worth my time: close {} as lost", "set {} to lost, nobody answers", "we should call {} lost")),
    *((words, _COMMIT) for words in ("can you put {} into commit, boss wants it in there", "set the forecast category to commit on {}", "{}: forecast category commit for all of these", "commit {}", "{} belong in commit")),
    *((words, _OWNER) for words in ("Tom takes over {}", "make Tom the owner of {}", "i am on leave from Monday, give {} to Tom", "transfer ownership of {} to Tom", "let Tom have {}")),
    *((words, _DATE) for words in ("{}, set them all to 29 January", "{}: new close date 29 January", "new close date 29 January for {}", "{}, new close date 29 January for the lot")),
    *((words, _SHIFT) for words in ("{}, move each one two weeks later", "add two weeks to the close date of {}", "{}: +14 days")),
    *((words, _STEP) for words in ('{} gets "book a demo" as the next step', 'put "book a demo" as next step on {}', 'for {} the next step is "book a demo"')),
]  # fmt: skip


def _calls(text: str) -> list[tuple[str, Args]]:
    return [(call.tool, dict(call.args)) for call in plan(text, caller=MANAGER).calls]


@pytest.mark.parametrize(("order", "change"), ORDERS)
def test_every_condition_goes_with_every_change_in_every_order(order: str, change: Args) -> None:
    read = {rows: _calls(order.format(rows)) for rows, _ in ROWS}
    assert read == {rows: [("change_deals", {**which, **change})] for rows, which in ROWS}


_LAST_MONTH: Args = {"closing_since": "2026-11-01", "closing_until": "2026-11-30"}
IF: list[tuple[str, Args]] = [
    ("it is still in Discovery", {"stage": "Discovery"}), ("it's sitting in best case", {"forecast_category": "best_case"}), ("it is worth 80k or more", {"min_amount_minor": 8_000_000}),
    ("nobody has touched it for 45 days", {"untouched_days": 45}), ("it closes this month", _LAST_MONTH), ("it has no next step", {"without_next_step": True}),
    ("it is overdue", {"closing_until": "2026-11-19"}), ("it is older than a year", {"older_than_days": 365}), ("it is against Zephyrix", {"competitor": "Zephyrix"}),
    ("it is not in commit yet", {"where": [{"field": "forecast_category", "op": "ne", "value": "commit"}]}), ("it belongs to Tom", {"where": [{"field": "owner", "op": "eq", "value": "Tom Becker"}]}),
]  # fmt: skip
ONE: list[tuple[str, Args]] = [
    ("move the Quanta deal to Proposal", _STAGE), ("mark the Quanta deal as lost", _LOST), ("put the Quanta deal into commit", _COMMIT),
    ("give the Quanta deal to Tom", _OWNER), ("push the Quanta deal to 29 January", _DATE),
]  # fmt: skip
WHEN = ("if {0}, {1}", "{1} if {0}", "{1}, but only if {0}", "{1} provided {0}", "only if {0}: {1}", "{1} as long as {0}, otherwise leave it alone")


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize(("command", "change"), ONE)
def test_every_condition_on_one_deal_goes_with_every_change_of_it(when: str, command: str, change: Args) -> None:
    read = {condition: _calls(when.format(condition, command)) for condition, _ in IF}
    assert read == {condition: [("change_deals", {"deal": "quanta-loom", **what, **change})] for condition, what in IF}


@pytest.mark.parametrize(
    "text",
    [
        "all my deals in Proposal", "which of my deals should I push to January?", "should I move all my Discovery deals to lost?", "don't move all my deals to Proposal", "never push all my deals to January", "I don't want to move all my deals to Proposal", "Rashid wants us to move all our deals to Mei", "maybe close all my Discovery deals as lost", "I might close all my Discovery deals as lost", "half of my pipeline is dead",
        "we moved all our deals to the new pipeline last week", "delete all my deals", "show me all my deals in Proposal and which ones should move to Negotiation", "I lost all my deals in Discovery",
        "if Rashid signs, move the Quanta deal to won", "when legal approves it, move the Quanta deal to Negotiation", "what happens if the Quanta deal is lost", "move all my enterprise-only deals to Proposal",
        "my Discovery deals with a works council: move them to Proposal", "kill everything of mine that is blue",
    ],
)  # fmt: skip
def test_what_asks_for_no_change_or_has_a_condition_unread_changes_nothing(text: str) -> None:
    assert not [tool for tool, _ in _calls(text) if tool.startswith(("change_", "update_", "log_", "create_"))]


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("Tom handed in notice, so move every task of theirs over to me", "change_tasks", {"owner": "tom", "to_owner": "me"}),
        ("did all my overdue tasks last night, tick them off", "change_tasks", {"owner": "me", "overdue": True, "done": True}),
        ("I finished every task I had for Solstice Foods, please mark those as complete", "change_tasks", {"owner": "me", "account": "solstice", "done": True}),
        ("every task i have due up to and including Sunday, new due date Friday the 27th", "change_tasks", {"owner": "me", "due_until": "2026-11-22", "to_due": "2026-11-27"}),
        ("close every Zephyrix deal of mine older than 6 months as lost, reason went with Zephyrix", "change_deals", {"owner": "me", "competitor": "Zephyrix", "older_than_days": 180, "to_stage": "lost", "lost_reason": "Went with Zephyrix"}),
        ("no point keeping the tiny ones, delete my deals of 500 bucks or less", "change_deals", {"owner": "me", "max_amount_minor": 50_000, "delete": True}),
        ("remind me to push all my deals at Quanta on Monday", "create_task", {"title": "Push all my deals at Quanta", "due": "2026-11-23", "account": "quanta"}),
    ],
)  # fmt: skip
def test_reasons_and_pointing_words_do_not_get_in_the_way(text: str, tool: str, args: Args) -> None:
    assert _calls(text) == [(tool, args)]
