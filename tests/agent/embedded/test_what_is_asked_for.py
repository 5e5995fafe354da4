"""With which arguments a question asks, in families of wordings: roles, channels, limits, order, silence, whose, periods, comparisons."""

import itertools
from typing import Any

import pytest

from tests.agent.embedded.record import MANAGER, REP, plan


def args_of(text: str, *, manager: bool = False) -> tuple[str, dict[str, Any]]:
    (call,) = plan(text, caller=MANAGER if manager else REP).calls
    return call.tool, dict(call.args)


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("is calling the shots", "decision_maker"), ("runs the show", "decision_maker"), ("pulls the trigger", "decision_maker"),
        ("signs the cheques", "economic_buyer"), ("holds the purse strings", "economic_buyer"), ("controls the budget", "economic_buyer"),
        ("is rooting for us", "champion"), ("is in our corner", "champion"), ("is standing in our way", "blocker"), ("is slowing us down", "blocker"),
    ],
)  # fmt: skip
def test_a_part_is_known_by_what_people_say_of_it(words: str, role: str) -> None:
    assert args_of(f"who {words} at Tessera") == ("account_people", {"account": "tessera", "role": role})


@pytest.mark.parametrize(
    ("text", "channel", "purpose"),
    [
        ("may I ring Priya for marketing", "phone", "marketing"), ("did Priya consent to being called", "phone", "marketing"),
        ("has Priya opted out of marketing calls", "phone", "marketing"), ("is it okay to put Priya on the mailing list", "email", "marketing"),
        ("marketing wants to email Priya a campaign, is that permitted", "email", "marketing"), ("may we text Priya offers", "sms", "marketing"),
        ("can we send Priya a brochure by post", "post", "marketing"), ("may we phone Priya about their contract", "phone", "service"),
    ],
)  # fmt: skip
def test_how_and_why_somebody_would_be_contacted(text: str, channel: str, purpose: str) -> None:
    assert args_of(text) == ("may_contact", {"contact": "priya-bluewater", "channel": channel, "purpose": purpose})


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("what did we promise Vireo", {}), ("what did we promise Vireo that we have not done", {"open_only": True}),
        ("did we forget something we promised Vireo", {"open_only": True}), ("what are we on the hook for with Vireo", {"open_only": True}),
        ("what has Vireo promised us", {"by": "them"}), ("what does Vireo still owe us", {"by": "them", "open_only": True}),
        ("promises with Vireo, ours and theirs", {"by": "both"}), ("all promises with Vireo, open and kept ones", {}),
    ],
)  # fmt: skip
def test_whose_promises_and_whether_only_the_open_ones(text: str, more: dict[str, Any]) -> None:
    assert args_of(text) == ("promises", {"account": "vireo", **more})


def test_a_question_that_ends_in_what_is_no_note() -> None:
    assert args_of("Helena promised us what exactly") == ("promises", {"contact": "helena-northgate", "by": "them"})


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("any tickets at Vireo that are not resolved", "open"), ("support tickets of Vireo still going", "open"), ("unsolved cases at Vireo", "open"),
        ("closed cases of Vireo", "closed"), ("all support cases of Vireo, also the closed ones", None), ("cases of Vireo, open and closed", None),
    ],
)  # fmt: skip
def test_which_cases_by_how_they_stand(text: str, status: str | None) -> None:
    tool, args = args_of(text)
    assert (tool, args["account"], args.get("status")) == ("list_cases", "vireo", status)


@pytest.mark.parametrize(("word", "number"), list(itertools.product(("fattest", "biggest", "largest", "priciest"), ("3", "five"))))
def test_so_many_of_the_largest(word: str, number: str) -> None:
    assert args_of(f"my {number} {word} deals") == ("list_deals", {"owner": "me", "order": "amount", "limit": {"3": 3, "five": 5}[number]})


SILENCES = ("nobody has looked at", "nobody touched", "with no sign of life", "gathering dust", "rotting", "where nothing happened", "with zero activity", "I have been ignoring")


@pytest.mark.parametrize("words", SILENCES)
def test_silence_in_any_words_is_measured_in_days(words: str) -> None:
    tool, args = args_of(f"my deals {words} for 40 days")
    assert (tool, args["untouched_days"], args["order"]) == ("list_deals", 40, "untouched")


def test_the_longest_silence_on_top_is_no_order_by_amount() -> None:
    assert args_of("stale deals of mine, 30 days, longest silence at the top")[1]["order"] == "untouched"


@pytest.mark.parametrize(
    ("limit", "key"),
    [("20k and under", "max"), ("20k tops", "max"), ("no bigger than 20k", "max"), ("20k and up", "min"), ("no smaller than 20k", "min"), ("20k plus", "min"), ("north of 20k", "min")],
)
def test_a_limit_says_which_side_it_is_on(limit: str, key: str) -> None:
    assert args_of(f"my deals, {limit}")[1] == {"owner": "me", f"{key}_amount_minor": 2_000_000}


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("my entire pipeline value", "me"), ("value of the pipeline across the team", "team"), ("everyone's pipeline value", "everyone"),
        ("my overall win rate", "me"), ("Tom's win rate", "tom"), ("pipeline value across the whole company", "everyone"),
    ],
)  # fmt: skip
def test_whose_number_it_is(text: str, owner: str) -> None:
    assert args_of(text, manager=True)[1]["owner"] == owner


JOINS = ("vs", "versus", "against", "compared to", "compared with", "next to", "alongside")


@pytest.mark.parametrize("join", JOINS)
def test_two_periods_beside_each_other_are_compared(join: str) -> None:
    _, args = args_of(f"revenue won in Q3 {join} Q2", manager=True)
    assert [args[key] for key in ("since", "until", "compare_since", "compare_until")] == ["2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30"]


@pytest.mark.parametrize("text", ["did my sales in October beat August", "did I win more in October than in August", "October vs August, what I won"])
def test_months_that_are_asked_about_as_past_are_the_last_of_their_name(text: str) -> None:
    tool, args = args_of(text)
    assert (tool, args["since"], args["until"], args["compare_since"], args["compare_until"]) == ("report", "2026-10-01", "2026-10-31", "2026-08-01", "2026-08-31")


def test_years_that_stand_alone_are_compared_too() -> None:
    _, args = args_of("my win rate 2026 vs 2025")
    assert (args["since"], args["compare_since"]) == ("2026-01-01", "2025-01-01")


@pytest.mark.parametrize("words", ["stage wise", "stage-wise", "for each of the stages", "in every stage", "split out per stage", "broken down by stage", "as a stage breakdown"])
def test_every_way_to_ask_for_a_split_splits(words: str) -> None:
    _, args = args_of(f"number of my open deals {words}")
    assert (args["measure"], args["group_by"], args["status"]) == ("count", "stage", "open")


def test_an_order_is_no_split() -> None:
    assert args_of("my deals sorted by size") == ("list_deals", {"owner": "me", "order": "amount"})


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("every email with Helena from last month", "2026-10-01", "2026-10-31"), ("my calls with Helena in September", "2026-09-01", "2026-09-30"),
        ("meetings with Helena since Monday", "2026-11-16", "2026-11-20"),
    ],
)  # fmt: skip
def test_what_has_been_is_bounded_at_both_ends(text: str, since: str, until: str) -> None:
    tool, args = args_of(text)
    assert (tool, args["since"], args["until"]) == ("timeline", since, until)


def test_from_a_weekday_onwards_is_the_one_that_was() -> None:
    assert args_of("what moved in my pipeline from Wednesday onwards") == ("what_changed", {"owner": "me", "since": "2026-11-18"})


def test_up_to_is_an_idiom_where_somebody_is_up_to_something() -> None:
    assert args_of("what has my team been up to this week", manager=True) == ("team_week", {"since": "2026-11-16", "until": "2026-11-22"})


@pytest.mark.parametrize("text", ["what must I get done by Tuesday", "which tasks are still to be completed by Tuesday"])
def test_what_is_to_get_done_is_not_done(text: str) -> None:
    tool, args = args_of(text)
    assert tool == "list_tasks"
    assert "status" not in args


def test_words_of_an_own_matter_are_no_account() -> None:
    assert args_of("for my expenses I need to know which meetings I had last week") == (
        "timeline", {"owner": "me", "channel": "meeting", "since": "2026-11-09", "until": "2026-11-15"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("which deals have no champion", {"owner": "me", "without_role": "champion"}),
        ("deals without an economic buyer", {"owner": "me", "without_role": "economic_buyer"}),
        ("my negotiation deals where we don't have a decision maker", {"owner": "me", "stage": "Negotiation", "without_role": "decision_maker"}),
    ],
)
def test_a_part_that_nobody_plays_narrows_a_list_of_deals(text: str, args: dict[str, Any]) -> None:
    assert args_of(text) == ("list_deals", args)


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("whos gone quiet on me", {"owner": "me", "untouched_days": 30}),
        ("who am I losing touch with", {"owner": "me", "untouched_days": 30}),
        ("who haven't I spoken to in 60 days", {"owner": "me", "untouched_days": 60}),
    ],
)
def test_who_is_quiet_is_asked_of_the_accounts(text: str, args: dict[str, Any]) -> None:
    assert args_of(text) == ("list_accounts", args)
