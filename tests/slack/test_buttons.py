"""What buttons and forms do, and that pressing twice does it once."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.cards import (
    ChartCard,
    FollowUpsCard,
    Option,
    PassagesCard,
    SuggestionLine,
    SuggestionsCard,
    TaskLine,
    TasksCard,
)
from bot.local.errors import WorkspaceError
from bot.questions import Answer
from crm_store.access import Scope
from crm_store.models import Change, Interaction, Job, Person, Task
from tests import builders
from tests.slack.company import OTHER, QUOTE, REP
from tests.slack.conftest import Office

Until = Callable[[Callable[[], bool]], None]
SUGGESTION = "promise_overdue:0190"


def shows(office: Office, words: str) -> Callable[[], bool]:
    return lambda: any(words in message.full_text for message in office.bot_messages())


def changes(office: Office) -> int:
    with office.company.store.read(Scope.system("test")) as session:
        return session.query(Change).count()


def test_confirming_twice_makes_one_change(office: Office, until: Until) -> None:
    office.company.scripts["amount"] = office.company.propose_amount
    reply = office.ask("amount")
    rep = office.as_(REP)
    rep.press(reply, "Confirm")
    until(shows(office, "Written at"))
    with pytest.raises(WorkspaceError):
        rep.press(next(m for m in office.bot_messages() if "Undo" in m.buttons), "Confirm")
    office.company.confirm(office.company.caller_for_email(REP), proposal_of(reply))
    assert changes(office) == 1


def proposal_of(reply: object) -> str:
    found = json.dumps(getattr(reply, "blocks", []))
    return found.split('"proposal.')[1].split(".")[0]


def test_one_item_can_be_left_out_and_the_rest_confirmed(office: Office, until: Until) -> None:
    office.company.scripts["log"] = office.company.propose_call
    reply = office.ask("log")
    rep = office.as_(REP)
    rep.press(reply, "Not the next step")
    until(lambda: "Not the next step" not in office.bot_messages()[0].buttons)
    rep.press(office.bot_messages()[0], "Confirm all")
    until(shows(office, "Logged at"))
    assert office.company.next_step() is None
    assert office.company.rows(Task) == 1


def test_one_item_can_be_confirmed_alone(office: Office, until: Until) -> None:
    office.company.scripts["log"] = office.company.propose_call
    before = office.company.rows(Interaction)
    rep = office.as_(REP)
    rep.press(office.ask("log"), "Confirm this")
    until(lambda: office.company.rows(Interaction) == before + 1)
    until(lambda: office.bot_messages()[0].buttons.count("Confirm this") == 2)
    assert office.company.rows(Task) == 0


def test_a_rejected_proposal_writes_nothing(office: Office, until: Until) -> None:
    office.company.scripts["amount"] = office.company.propose_amount
    office.as_(REP).press(office.ask("amount"), "Reject")
    until(shows(office, "Not written."))
    assert changes(office) == 0


def test_the_edit_form_changes_what_would_be_written(office: Office, until: Until) -> None:
    office.company.scripts["amount"] = office.company.propose_amount
    rep = office.as_(REP)
    rep.press(office.ask("amount"), "Edit")
    form = rep.modal()
    assert rep.submit(form, {"Amount (EUR)": "ninety"}) != {}
    assert rep.submit(form, {"Amount (EUR)": "95000.50", "Close date": "2026-12-24"}) == {}
    until(shows(office, "95,000.50"))
    assert "24 Dec" in office.bot_messages()[0].full_text
    assert changes(office) == 0


def test_a_source_opens_with_its_words_in_their_surroundings(office: Office) -> None:
    citation = office.company.citation()
    office.company.scripts["latest"] = lambda question: Answer(text="They hesitate [1].", citations=(citation,))
    rep = office.as_(REP)
    rep.press(office.ask("latest"), "[1] call: Anna Keller")
    texts = [block["text"]["text"] for block in rep.modal()["blocks"] if block["type"] == "section"]
    assert f">{QUOTE}" in texts
    assert "*Rena Kaur:* We spoke for a while." in texts
    assert "Then lunch." in texts


def test_somebody_elses_source_says_nothing_of_it(office: Office) -> None:
    office.company.scripts["latest"] = lambda question: Answer(
        text="x", cards=(PassagesCard(title="Passages", passages=(office.company.citation(),)),)
    )
    other = office.as_(OTHER)
    asked = other.say("latest")
    other.press(other.wait_for_reply(asked), "Open")
    shown = json.dumps(other.modal())
    assert "can't find that source" in shown
    assert QUOTE not in shown


def test_an_option_says_its_value_in_the_same_conversation(office: Office, until: Until) -> None:
    options = (Option(label="Anna Keller, Meridian", value="contact 17"),)
    office.company.scripts["call Anna"] = lambda question: Answer(
        text="Which one?", cards=(FollowUpsCard(options=options),)
    )
    office.as_(REP).press(office.ask("call Anna"), "Anna Keller, Meridian")
    until(shows(office, "You said: contact 17"))
    assert len({question.thread for question in office.company.questions}) == 1
    assert shows(office, "↳ Anna Keller, Meridian")()


def failed_once(office: Office) -> bool:
    with office.company.store.read(Scope.system("test")) as session:
        return session.query(Job).filter(Job.status == "ready", Job.error.is_not(None)).count() == 1


def give_a_task(office: Office) -> None:
    with office.company.store.write(Scope.system("test")) as session:
        owner = session.get(Person, office.company.rep_id)
        assert owner is not None
        task_id = builders.task(session, "Send the usage report", None, owner).id
    line = TaskLine(id=task_id, title="Send the usage report", due=builders.TODAY)
    office.company.scripts["tasks"] = lambda question: Answer(
        text="One task.", cards=(TasksCard(title="Tasks", tasks=(line,)),)
    )


def test_a_task_is_done_with_one_tap_and_taken_back_with_another(office: Office, until: Until) -> None:
    give_a_task(office)
    rep = office.as_(REP)
    rep.press(office.ask("tasks"), "Done")
    until(shows(office, "~Send the usage report~"))
    rep.press(office.bot_messages()[0], "Undo")
    until(shows(office, "Undone"))


def test_a_task_is_done_once_although_its_card_could_not_be_updated_at_first(office: Office, until: Until) -> None:
    give_a_task(office)
    asked = office.ask("tasks")
    office.workspace.faults.server_error("chat.update", times=8)  # as long as one attempt tries
    office.as_(REP).press(asked, "Done")
    until(lambda: failed_once(office))
    office.company.now += timedelta(minutes=1)
    until(shows(office, "~Send the usage report~"))
    assert not shows(office, "Nothing would change")()
    assert changes(office) == 1


@pytest.mark.parametrize(
    ("button", "word", "said"),
    [
        ("Snooze", "snoozed", "Snoozed until"),
        ("Not useful", "not_useful", "not useful"),
        ("Done", "done", "Noted as done"),
    ],
)
def test_a_suggestion_hears_what_was_said_of_it(
    office: Office, until: Until, button: str, word: str, said: str
) -> None:
    suggest(office)
    office.as_(REP).press(office.ask("next"), button)
    until(shows(office, said))
    assert office.company.suggestion_words[0][:2] == (SUGGESTION, word)
    assert "Snooze" not in office.bot_messages()[0].buttons


def test_a_suggestion_says_why(office: Office) -> None:
    suggest(office)
    rep = office.as_(REP)
    rep.press(office.ask("next"), "Why")
    shown = json.dumps(rep.modal(), ensure_ascii=False)
    assert "*promised* report" in shown
    assert QUOTE in shown


def suggest(office: Office) -> None:
    line = SuggestionLine(
        id=SUGGESTION, subject="deal", rule="promise_overdue", title="Call Anna Keller", why="The report is late [1].",
        about="Meridian Foods", citations=(office.company.citation(),),
    )  # fmt: skip
    office.company.scripts["next"] = lambda question: Answer(
        text="One thing.", cards=(SuggestionsCard(title="Next", suggestions=(line,)),)
    )


def test_a_chart_is_a_picture_and_a_table_where_pictures_fail(office: Office) -> None:
    card = ChartCard(title="Won", unit="EUR", labels=("Q1", "Q2"), series=(("won", (1.0, 2.0)),), alt="Twice as much.")
    office.company.scripts["chart"] = lambda question: Answer(text="Here.", cards=(card,))
    assert "image" in [block["type"] for block in office.ask("chart").blocks]
    office.workspace.faults.refuse("files.getUploadURLExternal", "internal_error")
    rep = office.as_(REP)
    assert "table" in [block["type"] for block in rep.wait_for_reply(rep.say("chart")).blocks]


def test_an_ephemeral_proposal_can_be_confirmed_too(office: Office, until: Until) -> None:
    office.company.scripts["amount"] = office.company.propose_amount
    rep = office.as_(REP)
    sales = rep.channel("partners")
    reply = rep.wait_for_reply(rep.say("@Rapport amount", sales), channel=sales)
    rep.press(reply, "Confirm")
    until(lambda: any(" by " in message.full_text for message in office.bot_messages(REP, sales)))
    assert changes(office) == 1


def test_buttons_of_the_home_tab_work(office: Office, until: Until) -> None:
    with office.company.store.write(Scope.system("test")) as session:
        owner = session.get(Person, office.company.rep_id)
        assert owner is not None
        task_id = builders.task(session, "Send the usage report", None, owner).id
    office.company.home_tab = [TasksCard(title="Today", tasks=(TaskLine(id=task_id, title="Send it", due=None),))]
    rep = office.as_(REP)
    rep.open_home()
    home = rep.home(timeout=5)
    rep.press(home, "My tasks")
    until(shows(office, "You said: What are my tasks?"))
    office.company.home_tab = []
    rep.press(home, "Done")
    until(lambda: "Send it" not in json.dumps(rep.home()))
