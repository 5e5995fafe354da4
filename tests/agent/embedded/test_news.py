"""What a customer lets us know is noted, and a plain change that comes with it is proposed beside it."""

import pytest

from bot.agent.memory import Memory
from tests.agent.embedded.record import plan


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Helena is on parental leave till March, Oliver takes over", {"contacts": ["helena-northgate"]}),
        ("Falcon Ridge was bought by a holding in Oslo", {"account": "falcon"}),
        ("Bluewater froze all spending until April", {"account": "bluewater"}),
        ("Nadine is super happy with the pilot", {"contacts": ["nadine-solstice"]}),
    ],
)
def test_news_without_a_command_is_noted_as_it_was_told(said: str, who: dict[str, object]) -> None:
    (call,) = plan(said).calls
    assert call.tool == "log_interaction"
    assert {key: call.args[key] for key in who} == who
    assert (call.args["channel"], call.args["text"]) == ("note", said)


def test_a_deal_that_a_customer_says_is_won_is_noted_and_closed() -> None:
    found = plan("Quanta just told me they signed!!")
    assert [call.tool for call in found.calls] == ["log_interaction", "update_deal"]
    assert found.calls[0].args["direction"] == "inbound"
    assert found.calls[1].args == {"deal": "quanta-loom", "stage": "won"}


def test_somebody_nobody_knows_is_asked_about_and_not_refused() -> None:
    (call,) = plan("Mara says budget is cut by 20 percent").calls
    assert (call.tool, call.args["contacts"], call.args["direction"]) == ("log_interaction", ["Mara"], "inbound")


@pytest.mark.parametrize(("said", "tool"), [("Rashid just quit", "update_contact"), ("Quanta went with Kolvane", "update_deal"), ("we won Tessera!!!", "update_deal")])
def test_a_plain_change_stays_a_change(said: str, tool: str) -> None:
    assert [call.tool for call in plan(said).calls] == [tool]


@pytest.mark.parametrize("said", ["Grace thinks we already won", "Rashid was going to leave but stayed", "Quanta might sign next week", "which deals has Quanta signed"])
def test_an_opinion_a_hope_and_a_question_are_no_news(said: str) -> None:
    assert not [call for call in plan(said).calls if call.tool in ("log_interaction", "update_deal", "update_contact")]


WAITS = Memory(proposal_ids=("p",))


@pytest.mark.parametrize("said", ["perfect, thank you so much, do it please", "Yes, this is correct, you can save it", "she'll be right, lock it in"])
def test_agreement_in_other_words_confirms_what_waits(said: str) -> None:
    assert [call.tool for call in plan(said, memory=WAITS).calls] == ["confirm_proposal"]


@pytest.mark.parametrize("said", ["actually bin that suggestion, I've changed my mind", "no thank you, please do not do this"])
def test_declining_in_other_words_rejects_what_waits(said: str) -> None:
    assert [call.tool for call in plan(said, memory=WAITS).calls] == ["reject_proposal"]


def test_a_word_more_than_agreement_confirms_nothing() -> None:
    assert "confirm_proposal" not in [call.tool for call in plan("yes, and what about Quanta", memory=WAITS).calls]


@pytest.mark.parametrize("text", ["email Priya about pricing", "please mail Priya re pricing", "write to Priya about pricing"])
def test_what_is_to_be_written_is_drafted_and_not_logged(text: str) -> None:
    call = plan(text).calls[0]
    assert (call.tool, dict(call.args)) == ("draft_email", {"contact": "priya-bluewater", "topic": "pricing"})


@pytest.mark.parametrize("text", ["emailed Priya about pricing", "wrote Priya an email about pricing", "email sent to Priya, pricing"])
def test_what_was_written_is_logged_and_not_drafted(text: str) -> None:
    assert [call.tool for call in plan(text).calls] == ["log_interaction"]


@pytest.mark.parametrize("text", ["call Priya asap", "call Priya", "call Priya today"])
def test_a_call_to_make_is_a_task(text: str) -> None:
    assert [call.tool for call in plan(text).calls] == ["create_task"]


def test_a_call_of_yesterday_is_logged() -> None:
    call = plan("call Priya yesterday, wants demo").calls[0]
    assert (call.tool, call.args["at"], call.args["text"]) == ("log_interaction", "2026-11-19", "wants demo")
