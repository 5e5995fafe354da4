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
