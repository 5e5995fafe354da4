"""What was taken back, and names that nothing in the record has."""

import pytest

from bot.agent.embedded.corrections import corrected
from bot.agent.embedded.sentence import read_sentence
from bot.agent.memory import Made, Memory
from bot.settings import Settings
from tests.agent.embedded.record import NAMES, NOW, plan


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("move Quanta to proposal, no wait, negotiation", "move Quanta to negotiation"),
        ("remind me Tuesday, I mean Wednesday, to call Helena", "remind me Wednesday to call Helena"),
        ("set Quanta to 40k scratch that 45k", "set Quanta to 45k"),
        ("log a meeting with Priya, sorry no, a call: wants sso", "log a call with Priya : wants sso"),
        ("email Helena? no wait, remind me tomorrow to call Helena", "remind me tomorrow to call Helena"),
    ],
)
def test_what_is_corrected_while_typing_counts_as_corrected(said: str, meant: str) -> None:
    assert corrected(read_sentence(said, NAMES, NOW, Settings())) == meant


@pytest.mark.parametrize(
    "text",
    [
        "log a call with Priya: she said no wait, not before March",
        'note on Quanta: "move it to proposal, no wait, negotiation"',
        "move Quanta to proposal",
    ],
)
def test_what_the_customer_takes_back_is_left_as_told(text: str) -> None:
    assert corrected(read_sentence(text, NAMES, NOW, Settings())) is None


@pytest.mark.parametrize(
    ("text", "tool", "name"),
    [
        ("any updates from brennholm", "account_latest", "brennholm"),
        ("who owns Veldkamp", "account_latest", "Veldkamp"),
        ("Orion", "account_latest", "Orion"),
        ("promises to hexamer", "promises", "hexamer"),
        ("open cases at lintex", "list_cases", "lintex"),
        ("who owns marlowe paints", "account_latest", "marlowe paints"),
    ],
)
def test_a_name_that_nothing_has_reaches_the_tool_as_an_account(text: str, tool: str, name: str) -> None:
    assert [(call.tool, call.args["account"]) for call in plan(text).calls] == [(tool, name)]


@pytest.mark.parametrize("text", ["has anyone mentioned Kubernetes?", "find notes about Terraform", "who asked about OpenShift"])
def test_a_topic_that_nothing_is_called_is_searched_for(text: str) -> None:
    assert [call.tool for call in plan(text).calls] == ["search_notes"]


@pytest.mark.parametrize(
    "text",
    [
        "Quanta is going to be won, I can feel it",
        "maybe push Cedar showroom to January",
        "set all close dates to Dec 31",
        "wipe all tasks",
        "remove the Quanta deal from the pipeline",
        "rename Quanta to Quanto",
        "pretend Quanta is won",
    ],
)
def test_hopes_bulk_and_deletion_write_nothing(text: str) -> None:
    tools = {call.tool for call in plan(text).calls}
    assert tools <= {"list_deals", "list_tasks", "deal_details", "account_latest", "search_notes"}


def test_asked_to_delete_it_says_that_it_does_not_and_shows_what_was_meant() -> None:
    found = plan("delete all my lost deals")
    assert "delete nothing" in (found.say or "")
    assert [(call.tool, dict(call.args)) for call in found.calls] == [("list_deals", {"owner": "me", "status": "lost"})]


def test_a_step_is_counted_from_the_present_amount() -> None:
    assert plan("increase Quanta by 10k").calls[0].args["amount_minor"] == 7_000_000
    assert plan("knock 5k off Quanta").calls[0].args["amount_minor"] == 5_500_000
    assert plan("increase Northgate by 10k").question is not None


@pytest.mark.parametrize(
    ("text", "new"),
    [("no, the 22nd", {"close_date": "2027-01-22"}), ("yes but 80k", {"amount_minor": 8_000_000}), ("not that one, the Quanta one", {"deal": "quanta-loom"})],
)
def test_a_waiting_change_takes_what_is_said_of_it(text: str, new: dict[str, object]) -> None:
    args = {"deal": "cedar-showroom", "close_date": "2027-01-15"}
    memory = Memory(proposal_ids=("p",), calls=(Made(tool="update_deal", args=args),))
    assert [(call.tool, dict(call.args)) for call in plan(text, memory=memory).calls] == [("reject_proposal", {"proposal": "p"}), ("update_deal", {**args, **new})]


def test_the_wrong_one_is_put_aside_and_the_right_one_asked_for() -> None:
    memory = Memory(proposal_ids=("p",), calls=(Made(tool="update_deal", args={"deal": "cedar-showroom", "close_date": "2027-01-15"}),))
    made = plan("not that one", memory=memory)
    assert [call.tool for call in made.calls] == ["reject_proposal"]
    assert made.waiting is not None
    assert (made.missing, made.waiting.args) == ("deal", {"close_date": "2027-01-15"})
