"""One task is moved, given away, renamed or cancelled; several at their places in the list are done."""

import pytest

from bot.agent.embedded.plans import Plan
from bot.agent.memory import Made, Memory, Said
from tests.agent.embedded.record import plan

_TASKS = (Said(kind="task", id="t1", name="Call Priya"), Said(kind="task", id="t2", name="Send the deck"), Said(kind="task", id="t3", name="Second review"))
LISTED = Memory(shown=_TASKS, subjects=_TASKS, calls=(Made(tool="list_tasks", args={"owner": "me"}),))
ONE = Memory(subjects=_TASKS[:1], calls=(Made(tool="complete_task", args={"task": "t1"}),))
CHANGES = [
    ("move the task to call Priya to Friday", {"task": "call Priya", "due": "2026-11-27"}),
    ("push my Northgate follow-up to next week", {"task": "Northgate follow-up", "due": "2026-11-23"}),
    ("reschedule the call with Helena to Tuesday", {"task": "call with Helena", "due": "2026-11-24"}),
    ("snooze the contract task until Monday", {"task": "contract", "due": "2026-11-23"}),
    ("the legal task can wait until next month", {"task": "legal", "due": "2026-12-01"}),
    ("give the contract task to Tom", {"task": "contract", "owner": "tom"}),
    ("I'll take over the invoice task from Tom", {"task": "invoice", "owner": "me"}),
    ("Tom is out, Mei will do his quote task", {"task": "quote", "owner": "mei"}),
    ('rename the contract task to "send signed contract"', {"task": "contract", "title": "send signed contract"}),
    ("cancel my reminder about Quanta", {"task": "Quanta", "cancel": True}),
    ("I don't need the reminder for Tessera any more", {"task": "Tessera", "cancel": True}),
    ("delete the task about the deck", {"task": "deck", "cancel": True}),
    ("postpone the follow up with Rashid by a week", {"task": "follow up with Rashid", "shift_days": 7}),
    ("pull the contract task forward by two days", {"task": "contract", "shift_days": -2}),
    ("not today, push the deck task from tomorrow to Thursday", {"task": "deck", "due": "2026-11-26"}),
]  # fmt: skip


def _calls(found: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(call.tool, dict(call.args)) for call in found.calls]


@pytest.mark.parametrize(("said", "args"), CHANGES)
def test_a_task_is_named_wherever_its_words_stand(said: str, args: dict[str, object]) -> None:
    assert _calls(plan(said)) == [("update_task", args)]


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("the second is done", ("complete_task", {"task": "t2"})),
        ("move the last one to friday", ("update_task", {"task": "t3", "due": "2026-11-27"})),
        ("cancel the second one", ("update_task", {"task": "t2", "cancel": True})),
        ("give number 3 to Tom", ("update_task", {"task": "t3", "owner": "tom"})),
        ('rename the first one to "Ring Priya"', ("update_task", {"task": "t1", "title": "Ring Priya"})),
    ],
)
def test_the_task_at_a_place_of_the_list_is_meant(said: str, call: tuple[str, dict[str, object]]) -> None:
    assert _calls(plan(said, memory=LISTED)) == [call]


def test_several_places_of_the_list_are_several_tasks() -> None:
    assert _calls(plan("the first two are done", memory=LISTED)) == [("complete_task", {"task": "t1"}), ("complete_task", {"task": "t2"})]
    assert _calls(plan("1 and 3 are done", memory=LISTED)) == [("complete_task", {"task": "t1"}), ("complete_task", {"task": "t3"})]


def test_it_is_the_one_task_talked_about_and_asked_for_among_several() -> None:
    assert _calls(plan("push it to Monday", memory=ONE)) == [("update_task", {"task": "t1", "due": "2026-11-23"})]
    found = plan("push it to Monday", memory=LISTED)
    assert found.question is not None
    assert [option.value for option in found.question.options] == ["t1", "t2", "t3"]


def test_a_place_in_a_list_that_was_not_shown_is_asked_about() -> None:
    assert plan("the second is done").question is not None


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("create a task to reschedule the call with Helena on Tuesday", "create_task"),
        ("give Tom a task to call Helena", "create_task"),
        ("move the Quanta deal to Friday", "update_deal"),
        ("move all my tasks to Monday", "change_tasks"),
        ("mark the send deck task as done", "complete_task"),
        ("my expenses are a mess, task for me, file the expenses, 30 November", "create_task"),
    ],
)
def test_a_new_task_a_deal_and_many_tasks_are_no_change_of_one(said: str, tool: str) -> None:
    assert [call.tool for call in plan(said).calls] == [tool]


@pytest.mark.parametrize(
    ("said", "task"),
    [
        ("complete my task review contract, sorted it this morning", "review contract"),
        ("finally got round to it, send contract can be checked off", "send contract"),
        ('"order samples" can be checked off my to-do list', "order samples"),
        ("just did it, mark send contract complete", "send contract"),
    ],
)
def test_the_story_around_what_is_done_is_no_part_of_it(said: str, task: str) -> None:
    assert _calls(plan(said)) == [("complete_task", {"task": task})]


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("they only pick up at lunch, so: task for tuesday, call Rashid between 12 and 1", {"title": "Call Rashid between 12 and 1", "due": "2026-11-24", "contact": "rashid-quanta"}),
        ("review Quanta once a quarter, make that a repeating task with the first due 15 January", {"title": "Review Quanta", "due": "2027-01-15", "account": "quanta", "repeats": "quarter"}),
        ("every friday starting next week remind me to clean up my pipeline", {"title": "Clean up my pipeline", "due": "2026-11-27", "repeats": "week"}),
        ("wednesday: call Grace. add it", {"title": "Call Grace", "due": "2026-11-25", "contact": "grace-cedar"}),
        ("Mei needs to visit Nadine next friday, create a task for it", {"title": "Visit Nadine", "due": "2026-11-27", "contact": "nadine-solstice", "owner": "mei"}),
    ],
)
def test_what_is_to_be_done_is_found_beside_the_words_that_ask_for_a_task(said: str, args: dict[str, object]) -> None:
    assert _calls(plan(said)) == [("create_task", args)]


def test_two_reminders_in_one_breath_are_two_tasks() -> None:
    found = plan("two reminders please, call Helena on monday and email Helena on tuesday")
    assert [call.args["title"] for call in found.calls] == ["Call Helena", "Email Helena"]
