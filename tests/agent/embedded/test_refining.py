"""A word on the answer before changes one argument of it and leaves the rest."""

import pytest

from bot.agent.memory import Made, Memory
from tests.agent.embedded.record import MANAGER, after, plan

CLOSING = {"owner": "me", "closing_since": "2026-11-01", "closing_until": "2026-11-30"}
CALLS = {"subject": "interactions", "measure": "count", "owner": "me", "channel": "call", "since": "2026-11-01", "until": "2026-11-30"}
WON = {"subject": "deals", "measure": "sum", "owner": "me", "status": "won", "since": "2026-07-01", "until": "2026-09-30"}


def said_after(tool: str, args: dict[str, object], text: str) -> tuple[str, dict[str, object]]:
    made = plan(text, memory=Memory(calls=(Made(tool=tool, args=args),)), caller=MANAGER)
    return made.calls[0].tool, dict(made.calls[0].args)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("which of those are in proposal", {"stage": "Proposal"}),
        ("only the ones over 50k", {"min_amount_minor": 5_000_000}),
        ("which is the biggest", {"order": "amount", "limit": 1}),
        ("and Tom's?", {"owner": "tom"}),
        ("how much of that is commit", {"forecast_category": "commit"}),
        ("renewals only", {"kind": "renewal"}),
        ("just the ones with Zephyrix", {"competitor": "Zephyrix"}),
        ("and what about next month", {"closing_since": "2026-12-01", "closing_until": "2026-12-31"}),
    ],
)
def test_a_list_is_narrowed_by_what_is_said_next(text: str, new: dict[str, object]) -> None:
    assert said_after("list_deals", dict(CLOSING), text) == ("list_deals", {**CLOSING, **new})


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("and last month", {"since": "2026-10-01", "until": "2026-10-31"}),
        ("what about October", {"since": "2026-10-01", "until": "2026-10-31"}),
        ("emails?", {"channel": "email"}),
        ("and how many meetings", {"channel": "meeting"}),
        ("by week", {"group_by": "week"}),
        ("per rep", {"group_by": "owner", "owner": "team"}),
        ("vs the month before", {"compare_since": "2026-10-01", "compare_until": "2026-10-31"}),
    ],
)
def test_a_number_of_activities_is_asked_again_with_another_word(text: str, new: dict[str, object]) -> None:
    assert said_after("report", dict(CALLS), text) == ("report", {**CALLS, **new})


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("by industry", {"group_by": "industry"}),
        ("and lost", {"status": "lost"}),
        ("what about this quarter", {"since": "2026-10-01", "until": "2026-12-31"}),
        ("and the year before", {"since": "2025-07-01", "until": "2025-09-30"}),
        ("vs the quarter before", {"compare_since": "2026-04-01", "compare_until": "2026-06-30"}),
        ("number of deals?", {"measure": "count"}),
        ("as a percentage", {"share": True}),
    ],
)
def test_revenue_is_asked_again_with_another_word(text: str, new: dict[str, object]) -> None:
    assert said_after("report", dict(WON), text) == ("report", {**WON, **new})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("and security?", {"query": "security", "account": "quanta"}),
        ("what about Northgate", {"query": "pricing", "account": "northgate"}),
        ("and Priya", {"query": "pricing", "contact": "priya-bluewater"}),
    ],
)
def test_a_search_is_made_again_for_another_topic_or_customer(text: str, expected: dict[str, object]) -> None:
    assert said_after("search_notes", {"query": "pricing", "account": "quanta"}, text) == ("search_notes", expected)


@pytest.mark.parametrize(
    ("text", "tool"),
    [("what's the latest on Quanta", "account_latest"), ("my tasks", "list_tasks"), ("who is the champion at Quanta", "account_people"), ("and log a call with Priya: wants a demo", "log_interaction")],
)
def test_a_request_of_its_own_is_not_taken_for_a_word_on_the_list(text: str, tool: str) -> None:
    assert said_after("list_deals", dict(CLOSING), text)[0] == tool


def test_a_change_is_never_made_again_by_a_word_after_it() -> None:
    memory = Memory(calls=(Made(tool="update_deal", args={"deal": "quanta-loom", "stage": "Proposal"}),))
    assert not any(call.tool == "update_deal" for call in plan("and Northgate?", memory=memory).calls)


@pytest.mark.parametrize("text", ["so can I do 18% for Bluewater", "what about renewals", "and who approves more than that"])
def test_a_question_after_our_own_rules_is_asked_of_them_too(text: str) -> None:
    assert said_after("search_documents", {"query": "what is our discount policy"}, text) == ("search_documents", {"query": text})


@pytest.mark.parametrize("text", ["what's the latest on Bluewater", "may I email Priya the newsletter", "my tasks"])
def test_another_question_after_our_own_rules_is_not_asked_of_them(text: str) -> None:
    assert said_after("search_documents", {"query": "what is our discount policy"}, text)[0] != "search_documents"


def test_a_question_tied_to_the_one_before_keeps_its_time() -> None:
    tool, args = said_after("report", dict(WON), "ouch, and whats the value i lost in the same quarter")
    assert tool == "report"
    assert (args["status"], args["since"], args["until"]) == ("lost", "2026-07-01", "2026-09-30")


@pytest.mark.parametrize(("text", "tool"), [("MEDDPICC for the Bluewater renewal", "qualify"), ("objections at Quanta", "objections"), ("open cases at Quanta", "list_cases"), ("prep me for Northgate", "account_brief")])
def test_another_kind_of_question_about_somebody_else_is_a_request_of_its_own(text: str, tool: str) -> None:
    turns: tuple[tuple[str, dict[str, object]], ...] = (
        ("account_people", {"account": "quanta", "role": "champion"}), ("list_deals", dict(CLOSING)), ("promises", {"account": "quanta"}), ("report", dict(WON)),
    )  # fmt: skip
    for before, args in turns:
        assert said_after(before, args, text)[0] == tool


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("biggest three only, in a rush", {"order": "amount", "limit": 3}),
        ("sorry, wrong one, Northgate", {"account": "northgate"}),
        ("nothing below 40k please", {"min_amount_minor": 4_000_000}),
        ("switch to Mei", {"owner": "mei"}),
        ("the whole team", {"owner": "team"}),
        ("the month after?", {"closing_since": "2026-12-01", "closing_until": "2026-12-31"}),
    ],
)
def test_what_stands_around_the_change_of_a_list_is_left_out(text: str, new: dict[str, object]) -> None:
    assert said_after("list_deals", dict(CLOSING), text) == ("list_deals", {**CLOSING, **({} if "account" not in new else {"owner": "me"}), **new})


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("meetings not calls, my bad", {"channel": "meeting"}),
        ("I meant emails, not calls", {"channel": "email"}),
        ("need it by week for my QBR slide", {"group_by": "week"}),
        ("the same for social", {"channel": "social"}),
        ("vs same month last year", {"compare_since": "2025-11-01", "compare_until": "2025-11-30"}),
        ("year on year?", {"compare_since": "2025-11-01", "compare_until": "2025-11-30"}),
    ],
)
def test_what_was_said_wrong_of_a_number_is_replaced(text: str, new: dict[str, object]) -> None:
    assert said_after("report", dict(CALLS), text) == ("report", {**CALLS, **new})


@pytest.mark.parametrize(("text", "new"), [("lost ones, same period?", {"status": "lost"}), ("Tom's number?", {"owner": "tom"}), ("how does that stack up against Q1", {"compare_since": "2026-01-01", "compare_until": "2026-03-31"})])
def test_a_number_keeps_what_the_words_do_not_touch(text: str, new: dict[str, object]) -> None:
    assert said_after("report", dict(WON), text) == ("report", {**WON, **new})


def test_a_bound_is_moved_where_only_an_amount_is_said() -> None:
    assert said_after("list_deals", {"owner": "me", "min_amount_minor": 5_000_000}, "make it 100k instead of 50") == ("list_deals", {"owner": "me", "min_amount_minor": 10_000_000})


@pytest.mark.parametrize("text", ["put the Bluewater renewal in commit", "just won Tessera LIMS upgrade!", "Northgate ward tablets: now in negotiation", "drop Tessera LIMS upgrade from commit to pipeline"])
@pytest.mark.parametrize(("tool", "args"), [("list_tasks", {"owner": "me"}), ("account_people", {"account": "quanta", "role": "champion"}), ("list_deals", CLOSING)])
def test_a_change_of_a_named_deal_is_no_word_on_the_answer_before(text: str, tool: str, args: dict[str, object]) -> None:
    assert said_after(tool, dict(args), text)[0] == "update_deal"


@pytest.mark.parametrize("text", ["did it come up at Northgate as well", "has Northgate brought it up too", "same search for Northgate"])
def test_a_search_is_made_elsewhere(text: str) -> None:
    assert said_after("search_notes", {"query": "budget", "account": "cedar"}, text) == ("search_notes", {"query": "budget", "account": "northgate"})


def test_a_question_that_names_nobody_is_about_who_was_talked_of() -> None:
    memory = Memory(subjects=after("northgate").subjects, calls=(Made(tool="account_brief", args={"account": "northgate"}),))
    for text, tool in (("any objections?", "objections"), ("open cases?", "list_cases")):
        call = plan(text, memory=memory).calls[0]
        assert (call.tool, call.args["account"]) == (tool, "northgate")


def test_coming_back_to_somebody_is_no_question_about_them() -> None:
    memory = Memory(subjects=after("quanta").subjects, calls=(Made(tool="account_latest", args={"account": "quanta"}),))
    (call,) = plan("back to Northgate, any objections?", memory=memory).calls
    assert (call.tool, call.args["account"]) == ("objections", "northgate")
