"""The second one, number 3, the last: what stood there in the list that was shown."""

import pytest

from bot.agent.memory import Made, Memory, Said
from tests.agent.embedded.record import after, plan


def listed(*ids: str, kind: str | None = None) -> Memory:
    said = tuple(Said(kind=kind, id=one, name=one) for one in ids) if kind is not None else after(*ids).subjects
    return Memory(shown=said, just_shown=True, subjects=said)


DEALS = listed("bw-renewal", "quanta-loom", "tessera-lims")


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("push the second one to jan 15", "update_deal", {"deal": "quanta-loom", "close_date": "2027-01-15"}),
        ("put the last to 20k", "update_deal", {"deal": "tessera-lims", "amount_minor": 2_000_000}),
        ("move number 3 to Negotiation", "update_deal", {"deal": "tessera-lims", "stage": "Negotiation"}),
        ("who is the champion on the first deal", "account_people", {"deal": "bw-renewal", "role": "champion"}),
    ],
)
def test_the_nth_of_a_list_is_what_was_shown_there(text: str, tool: str, args: dict[str, object]) -> None:
    call = plan(text, memory=DEALS).calls[0]
    assert (call.tool, dict(call.args)) == (tool, args)


def test_the_latest_on_the_second_account_is_of_that_account() -> None:
    assert dict(plan("what's the story with the second one", memory=listed("northgate", "quanta", "tessera")).calls[0].args) == {"account": "quanta"}


def test_a_task_is_taken_by_its_place_and_not_by_the_words_of_another() -> None:
    tasks = listed("t-1", "t-2", "t-3", kind="task")
    assert dict(plan("the second is done", memory=tasks).calls[0].args) == {"task": "t-2"}


def test_the_other_one_is_the_one_not_talked_about() -> None:
    memory = listed("bw-renewal", "bw-pilot")
    assert plan("push the other one to jan 15", memory=memory).calls[0].args["deal"] == "bw-pilot"


def test_a_place_in_no_list_is_no_name() -> None:
    assert not any(call.args.get("deal") for call in plan("push the second one to jan 15").calls)


def test_the_first_quarter_is_a_time_also_after_a_list() -> None:
    call = plan("how much did I win in the first quarter", memory=DEALS).calls[0]
    assert "deal" not in call.args
    assert call.args["since"] == "2026-01-01"


def test_why_the_second_asks_for_the_reasons_of_the_suggestion() -> None:
    memory = DEALS.model_copy(update={"calls": (Made(tool="next_actions", args={"owner": "me"}),)})
    assert plan("why the second one?", memory=memory).calls[0].tool == "why_action"


def test_a_change_of_that_after_a_list_asks_which() -> None:
    made = plan("push that to jan 15", memory=DEALS)
    assert not made.calls
    assert made.question is not None
    assert [option.value for option in made.question.options] == ["bw-renewal", "quanta-loom", "tessera-lims"]
    assert made.waiting is not None
    assert dict(made.waiting.args) == {"close_date": "2027-01-15"}
    assert made.missing == "deal"


def test_a_change_of_the_one_thing_that_was_shown_asks_nothing() -> None:
    assert plan("push that to jan 15", memory=after("quanta-loom")).calls[0].args["deal"] == "quanta-loom"


def test_a_draft_about_a_deal_goes_to_the_customer_of_that_deal() -> None:
    call = plan("draft a mail about the second one", memory=DEALS).calls[0]
    assert (call.tool, dict(call.args)) == ("draft_email", {"account": "quanta", "topic": "Quanta loom sensors"})


def test_a_draft_to_nobody_in_particular_after_a_list_asks_for_whom() -> None:
    made = plan("draft a follow up", memory=DEALS)
    assert not made.calls
    assert made.question is not None


def _shown(*ids: str) -> Memory:
    listed = after(*ids).subjects
    return Memory(subjects=listed, shown=listed, just_shown=True)


@pytest.mark.parametrize(
    ("text", "deal"),
    [("2 is 120k now", "ng-wards"), ("make the Quanta one 120k", "quanta-loom"), ("make the second last one 120k", "ng-wards"), ("the last one's 120k now, update it", "quanta-loom")],
)
def test_a_deal_of_the_list_is_pointed_at_by_number_place_or_words(text: str, deal: str) -> None:
    (call,) = plan(text, memory=_shown("bw-renewal", "ng-wards", "quanta-loom")).calls
    assert (call.tool, call.args) == ("update_deal", {"deal": deal, "amount_minor": 12_000_000})


def test_several_of_the_list_are_one_change_of_them() -> None:
    (call,) = plan("mark the first two as lost", memory=_shown("cedar-showroom", "ng-wards", "bw-pilot")).calls
    assert (call.tool, call.args) == ("change_deals", {"deals": ["cedar-showroom", "ng-wards"], "to_stage": "lost"})


def test_the_bigger_one_is_the_deal_of_the_larger_amount() -> None:
    (call,) = plan("push the bigger one to 29 January", memory=_shown("tessera-lims", "quanta-loom")).calls
    assert call.args == {"deal": "quanta-loom", "close_date": "2027-01-29"}


def test_all_of_those_after_an_empty_list_are_none() -> None:
    made = plan("push all of those a week", memory=Memory(nothing_listed=True))
    assert not made.calls
    assert made.say == "That list was empty, so there is nothing to change."


def test_all_of_those_after_a_list_of_tasks_are_the_tasks_of_that_list() -> None:
    memory = _shown().model_copy(update={"just_shown": True, "calls": (Made(tool="list_tasks", args={"owner": "me", "overdue": True}),)})
    (call,) = plan("push all of those a week", memory=memory).calls
    assert (call.tool, call.args) == ("change_tasks", {"owner": "me", "overdue": True, "shift_days": 7})
