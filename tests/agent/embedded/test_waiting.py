"""What is said after a question: the answer to it, or something else."""

import pytest

from bot.agent.memory import Made, Memory, Said
from bot.cards import Option
from tests.agent.embedded.record import plan

WHICH_DEAL = Memory(
    open_call=Made(tool="update_deal", args={"deal": "Bluewater Logistics", "amount_minor": 9_000_000}, missing="deal"),
    options=(Option(label="Bluewater renewal, Proposal", value="bw-renewal"), Option(label="Bluewater dock pilot, Qualification", value="bw-pilot")),
    subjects=(Said(kind="account", id="bluewater", name="Bluewater Logistics"),),
)
WHICH_ACCOUNT = Memory(open_call=Made(tool="account_people", args={"role": "champion"}, missing="account"))


@pytest.mark.parametrize(
    ("text", "deal"),
    [("the renewal", "bw-renewal"), ("the pilot one", "bw-pilot"), ("second one please", "bw-pilot"), ("2", "bw-pilot"), ("the one in proposal", "bw-renewal"), ("i mean the dock one", "bw-pilot"), ("renewl", "bw-renewal")],
)
def test_a_choice_is_made_by_words_or_by_place(text: str, deal: str) -> None:
    assert dict(plan(text, memory=WHICH_DEAL).calls[0].args) == {"deal": deal, "amount_minor": 9_000_000}


def test_both_is_each_of_them() -> None:
    assert [call.args["deal"] for call in plan("both", memory=WHICH_DEAL).calls] == ["bw-renewal", "bw-pilot"]


def test_a_corrected_value_waits_for_the_same_choice() -> None:
    made = plan("no wait, 95", memory=WHICH_DEAL)
    assert [(call.tool, dict(call.args)) for call in made.calls] == [("update_deal", {"deal": "Bluewater Logistics", "amount_minor": 9_500_000})]


def test_words_that_choose_nothing_are_asked_again_with_the_same_buttons() -> None:
    made = plan("the bigger one", memory=WHICH_DEAL)
    assert not made.calls
    assert made.question is not None
    assert made.question.options == WHICH_DEAL.options
    assert made.waiting is not None
    assert made.missing == "deal"


@pytest.mark.parametrize(("text", "account"), [("Quanta", "quanta"), ("at Quanta", "quanta"), ("the Quanta one", "quanta"), ("for Northgate please", "northgate"), ("Orion Labs", "Orion Labs")])
def test_a_typed_name_answers_the_question(text: str, account: str) -> None:
    assert dict(plan(text, memory=WHICH_ACCOUNT).calls[0].args) == {"role": "champion", "account": account}


@pytest.mark.parametrize(
    ("text", "tool"),
    [("my tasks", "list_tasks"), ("what's the latest on Quanta", "account_latest"), ("log a call with Priya: wants a demo", "log_interaction"), ("draft Priya a quick check-in", "draft_email")],
)
def test_a_request_is_not_taken_for_the_name_that_was_asked_for(text: str, tool: str) -> None:
    for waiting in (WHICH_ACCOUNT, WHICH_DEAL):
        assert [call.tool for call in plan(text, memory=waiting).calls] == [tool]


def test_never_mind_leaves_it() -> None:
    made = plan("never mind", memory=WHICH_DEAL)
    assert not made.calls
    assert made.understood


@pytest.mark.parametrize(("text", "title"), [("actually make it 10", "Call her at 10"), ("no, at 10:30", "Call her at 10:30"), ("make it 4pm", "Call her at 4pm")])
def test_another_hour_changes_the_hour_of_a_task_and_not_its_day(text: str, title: str) -> None:
    args: dict[str, object] = {"title": "Call her at 9", "due": "2026-11-23", "contact": "priya-bluewater"}
    made = plan(text, memory=Memory(proposal_ids=("p",), calls=(Made(tool="create_task", args=args),)))
    assert dict(made.calls[-1].args) == {**args, "title": title}


def proposed(tool: str, **args: object) -> Memory:
    return Memory(proposal_ids=("p",), calls=(Made(tool=tool, args=args),))


@pytest.mark.parametrize(
    ("text", "spared"), [("except the Bluewater renewal", ["bw-renewal"]), ("but not Quanta", ["quanta"]), ("yes but skip Quanta", ["quanta"]), ("leave out Tessera LIMS upgrade and the Bluewater renewal", ["tessera-lims", "bw-renewal"])]
)
def test_what_is_named_is_left_out_of_the_change_of_many_that_waits(text: str, spared: list[str]) -> None:
    made = plan(text, memory=proposed("change_deals", owner="me", shift_days=14))
    assert [call.tool for call in made.calls] == ["reject_proposal", "change_deals"]
    assert dict(made.calls[1].args) == {"owner": "me", "shift_days": 14, "excluding": spared}


@pytest.mark.parametrize(
    ("text", "new"),
    [("edit: it was yesterday", {"at": "2026-11-19"}), ("it was on Monday", {"at": "2026-11-16"}), ("that was a call", {"channel": "call"}), ("no it was with Helena", {"contacts": ["helena-northgate"]})],
)
def test_an_entry_that_waits_is_corrected_in_passing(text: str, new: dict[str, object]) -> None:
    args: dict[str, object] = {"channel": "meeting", "contacts": ["priya-bluewater"], "text": "wants a contract"}
    assert dict(plan(text, memory=proposed("log_interaction", **args)).calls[-1].args) == {**args, **new}


@pytest.mark.parametrize(("text", "deal"), [("not the renewal", "bw-pilot"), ("dock pilot I think", "bw-pilot"), ("renewal obvs", "bw-renewal"), ("the one in Proposal", "bw-renewal")])
def test_a_choice_is_made_by_what_it_is_not_or_with_words_around_it(text: str, deal: str) -> None:
    assert dict(plan(text, memory=WHICH_DEAL).calls[0].args)["deal"] == deal


def test_none_of_the_options_asks_for_the_name() -> None:
    made = plan("neither of those", memory=WHICH_DEAL)
    assert not made.calls
    assert made.missing == "deal"
    assert made.question is not None
    assert not made.question.options


def test_with_whom_it_was_completes_the_entry() -> None:
    waiting = Memory(open_call=Made(tool="log_interaction", args={"channel": "call", "text": "budget signed off"}, missing="contacts"))
    for text in ("spoke to Rashid", "my call was with Rashid", "it was Rashid I talked to"):
        (call,) = plan(text, memory=waiting).calls
        assert call.args == {"channel": "call", "text": "budget signed off", "contacts": ["rashid-quanta"]}


def test_a_day_by_its_number_alone_is_the_next_of_that_number() -> None:
    waiting = Memory(open_call=Made(tool="create_task", args={"title": "Call the bank"}, missing="due"))
    assert plan("28th", memory=waiting).calls[0].args["due"] == "2026-11-28"
    assert plan("the 3rd will do", memory=waiting).calls[0].args["due"] == "2026-12-03"
