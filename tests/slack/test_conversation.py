"""From a message to its reply, and from a button to what it changes."""

from collections.abc import Callable

from bot.questions import Answer
from crm_store.models import Interaction, Task
from tests.slack.company import REP
from tests.slack.conftest import Office

Until = Callable[[Callable[[], bool]], None]


def test_a_question_in_a_direct_message_is_answered_in_its_thread(office: Office) -> None:
    reply = office.ask("what's the latest on Meridian?")
    assert "You said: what's the latest on Meridian?" in reply.full_text
    assert reply.thread_ts is not None


def test_a_confirmed_proposal_is_written_and_its_card_says_so(office: Office, until: Until) -> None:
    office.company.scripts["log call w Anna"] = office.company.propose_call
    reply = office.ask("log call w Anna")
    assert reply.buttons.count("Confirm all") == 1
    before = office.company.rows(Interaction)
    rep = office.as_(REP)
    rep.press(reply, "Confirm all")
    until(lambda: any("Undo" in message.buttons for message in office.bot_messages()))
    card = next(message for message in office.bot_messages() if "Undo" in message.buttons)
    assert office.company.rows(Interaction) == before + 1
    assert office.company.rows(Task) == 1
    assert office.company.next_step() == "Security review"
    assert "Logged at 09:00 by you" in card.full_text
    assert "Confirm all" not in card.buttons
    rep.press(card, "Undo")
    until(lambda: any("Undone" in message.full_text for message in office.bot_messages()))
    assert office.company.rows(Interaction) == before
    assert office.company.next_step() is None


def test_a_long_answer_arrives_whole(office: Office) -> None:
    lines = "\n".join(f"- Line {number} of the history." for number in range(100))
    office.company.scripts["history"] = lambda question: Answer(text=lines)
    reply = office.ask("history")
    assert "Line 0 of" in reply.full_text
    assert "Line 99 of" in reply.full_text
