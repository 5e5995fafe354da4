"""Slack on a bad day, with the whole bot: duplicates, lost acknowledgements, lost replies, a record that is away."""

import shutil
from pathlib import Path

from bot.app import Rapport
from bot.local.workspace import LocalWorkspace
from crm_store.access import Scope
from crm_store.models import Change, Interaction
from tests.reliability.conftest import Office, Until, at_once, working

QUESTION = "What is the latest on Larkfield Mills?"
LOGGING = "Log a call with Oskar Wendt: he wants a second reading of the offer"


def test_an_event_delivered_four_times_at_once_is_one_row_and_one_reply(office: Office, until: Until) -> None:
    office.workspace.faults.duplicate_next_event(times=3, at_once=True)
    asked = office.rep.say(QUESTION)
    office.rep.wait_for_reply(asked, timeout=60)
    until(lambda: office.workspace.deliveries().waiting + office.workspace.deliveries().sent == 0 and office.idle())
    assert len(office.said_by_bot()) == 1
    assert office.events() == 1
    assert office.jobs() == ["done"]


def test_an_event_whose_acknowledgement_was_lost_is_answered_once(office: Office, until: Until) -> None:
    office.workspace.faults.lose_acks()
    asked = office.rep.say(QUESTION)
    office.rep.wait_for_reply(asked, timeout=60)
    until(lambda: office.workspace.deliveries().waiting + office.workspace.deliveries().sent == 0 and office.idle())
    assert len(office.said_by_bot()) == 1
    assert office.events() == 1


def test_a_write_that_fails_before_the_acknowledgement_is_made_up_for_by_slacks_retry(
    rapport: Rapport, workspace: LocalWorkspace, until: Until
) -> None:
    with working(rapport, workspace) as office:
        _statement(rapport, "ALTER TABLE inbound_event RENAME TO put_aside")
        asked = office.rep.say(QUESTION)
        until(lambda: any(delivery.attempts > 0 for delivery in workspace.state.outbox.due()) or _waits(workspace))
        assert not office.said_by_bot()
        _statement(rapport, "ALTER TABLE put_aside RENAME TO inbound_event")
        assert "Larkfield Mills" in office.rep.wait_for_reply(asked, timeout=60).full_text
        until(office.idle)
        assert len(office.said_by_bot()) == 1
        assert office.events() == 1


def _statement(rapport: Rapport, sql: str) -> None:
    with rapport.store.write(Scope.system("test")) as session:
        session.connection().exec_driver_sql(sql)


def _waits(workspace: LocalWorkspace) -> bool:
    return workspace.deliveries().waiting > 0


def test_a_reply_whose_receipt_was_lost_is_not_posted_twice(office: Office, until: Until) -> None:
    for method in ("chat.postMessage", "chat.startStream"):
        office.workspace.faults.lose_reply(method)
    office.rep.say(QUESTION)
    office.rep.say("hello")
    until(lambda: len(office.jobs()) == 2 and office.idle())
    assert len(office.said_by_bot()) == 2


def test_a_confirm_that_is_pressed_four_times_at_once_writes_once(office: Office, until: Until) -> None:
    reply = office.rep.wait_for_reply(office.rep.say(LOGGING), timeout=60)
    button = next(label for label in reply.buttons if label in ("Log all", "Log this", "Confirm", "Confirm all"))
    wrong = at_once(*[lambda: office.rep.press(reply, button)] * 4)
    assert wrong == []
    until(lambda: _count(office, Interaction) > 0 and office.idle())
    assert _count(office, Interaction) == 1
    assert _count(office, Change) == 1


def _count(office: Office, model: type[Interaction] | type[Change]) -> int:
    with office.rapport.store.read(Scope.system("test")) as session:
        return session.query(model).count()


def test_many_questions_at_once_are_each_answered_in_their_own_thread(office: Office, until: Until) -> None:
    asked = [office.rep.say(QUESTION if number % 2 else "my tasks") for number in range(8)]
    for ts in asked:
        office.rep.wait_for_reply(ts, timeout=120)
    until(office.idle)
    threads = [message.thread_ts for message in office.said_by_bot()]
    assert sorted(str(each) for each in threads) == sorted(asked)


def test_the_bot_answers_when_the_vector_index_was_deleted_under_it(
    rapport: Rapport, workspace: LocalWorkspace, tmp_path: Path
) -> None:
    rapport.close()
    shutil.rmtree(tmp_path / "home" / "chroma", ignore_errors=True)
    with (
        Rapport(rapport.settings) as again,
        working(again.open(hold_index=True), workspace) as office,
    ):
        assert "Larkfield Mills" in office.rep.wait_for_reply(office.rep.say(QUESTION), timeout=60).full_text
