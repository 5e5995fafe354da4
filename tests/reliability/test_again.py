"""A message that has to be worked on again: its answer is made once, its writes are made once, its words stay the same."""

from bot.app import Rapport
from bot.questions import Answer, Question
from crm_store.models import Change, Job, Proposal
from tests.reliability.conftest import EVERYTHING, REP, Office, Until

POSTS = ("chat.postMessage", "chat.startStream")
ONE_ATTEMPT = 4
PUSH = "push the Larkfield rollout to 15 January 2027"
PUSH_ON = "push the Larkfield rollout to 20 January 2027"


def refuse_the_next_reply(office: Office) -> None:
    """Slack fails for as long as one attempt tries to post; the job is then worked on again."""
    for method in POSTS:
        office.workspace.faults.server_error(method, times=ONE_ATTEMPT)


def say(office: Office, text: str, thread: str | None = None) -> tuple[str, str]:
    """Say something and wait for the reply: when it was said, and the reply's words."""
    asked = office.rep.say(text, thread_ts=thread)
    return asked, office.rep.wait_for_reply(asked, timeout=120).full_text


def changes(rapport: Rapport) -> list[str]:
    with rapport.store.read(EVERYTHING) as session:
        return [change.summary for change in session.query(Change).order_by(Change.at)]


def test_an_undo_whose_reply_could_not_be_posted_takes_back_one_change(office: Office) -> None:
    thread, _ = say(office, PUSH)
    for text in ("yes", PUSH_ON, "yes"):
        say(office, text, thread)
    refuse_the_next_reply(office)
    assert "Undone" in say(office, "undo", thread)[1]
    assert sum(summary.startswith("Undo:") for summary in changes(office.rapport)) == 1


def test_a_yes_whose_reply_could_not_be_posted_is_told_what_was_done(office: Office) -> None:
    thread, _ = say(office, PUSH)
    refuse_the_next_reply(office)
    assert "Done at" in say(office, "yes", thread)[1]
    assert len(changes(office.rapport)) == 1


def test_a_call_whose_card_could_not_be_posted_is_proposed_once(office: Office, until: Until) -> None:
    refuse_the_next_reply(office)
    say(office, "Log a call with Oskar Wendt: he wants a second reading of the offer")
    until(office.idle)
    with office.rapport.store.read(EVERYTHING) as session:
        assert session.query(Proposal).count() == 1


def test_what_was_kept_for_another_attempt_goes_with_the_job(office: Office, until: Until) -> None:
    refuse_the_next_reply(office)
    say(office, "What is the latest on Larkfield Mills?")
    until(office.idle)
    with office.rapport.store.read(EVERYTHING) as session:
        assert [job.progress for job in session.query(Job).filter_by(kind="slack_message")] == [{}]


# A process that dies between a write and the note of its answer: the message is worked on from the start.


def said(rapport: Rapport, text: str, key: str) -> Answer:
    return rapport.answer(Question(text, rapport.caller_for_email(REP), rapport.clock(), "thread", key=key))


def test_an_undo_that_is_worked_on_again_takes_back_the_same_change(rapport: Rapport) -> None:
    for number, text in enumerate((PUSH, "yes", PUSH_ON, "yes")):
        said(rapport, text, f"E{number}")
    both = [said(rapport, "undo", "again").text for _ in range(2)]
    assert both[0] == both[1]
    assert sum(summary.startswith("Undo:") for summary in changes(rapport)) == 1
    said(rapport, "undo", "another message")
    assert sum(summary.startswith("Undo:") for summary in changes(rapport)) == 2


def test_a_yes_that_is_worked_on_again_says_the_same(rapport: Rapport) -> None:
    said(rapport, PUSH, "E1")
    both = [said(rapport, "yes", "again").text for _ in range(2)]
    assert both[0] == both[1]
    assert "Done at" in both[0]


def test_a_call_that_is_worked_on_again_is_one_proposal(rapport: Rapport) -> None:
    cards = [said(rapport, "Log a call with Oskar Wendt: budget is fine", "again").proposals for _ in range(2)]
    assert [card.id for card in cards[0]] == [card.id for card in cards[1]]
    assert len(cards[0]) == 1
