"""What a rep says after a call, in the car or at the end of the day: entries, tasks and changes in one breath, nothing lost and nothing invented."""

import pytest

from tests.agent.embedded.record import after, plan

CALL, MEETING, NOTE, EMAIL = "call", "meeting", "note", "email"
ENTRIES = [
    ("Call log, Rashid: POC goes live in two weeks", CALL, "POC goes live in two weeks"),
    ("call recap w/ rashid: NDA signed, security review starts monday", CALL, "NDA signed, security review starts monday"),
    ("Call summary for Rashid: they signed the NDA", CALL, "they signed the NDA"),
    ("put a comment on Rashid: prefers mornings", NOTE, "prefers mornings"),
    ("Only a note on Rashid, don't change anything: they want to pay in two instalments", NOTE, "they want to pay in two instalments"),
    ("Log this for Rashid but leave the deal alone: they asked to push it to March", NOTE, "they asked to push it to March"),
    ("Before I forget it, a note for Rashid: the plant in Brno will be sold", NOTE, "the plant in Brno will be sold"),
    ("worth jotting down about Rashid - he sits on the board of a rival mill", NOTE, "he sits on the board of a rival mill"),
    ("log an email to Rashid, text is: shared the revised SOW", EMAIL, "shared the revised SOW"),
    ("Dropped Rashid a line about the delay", EMAIL, "a line about the delay"),
    ("I replied to Rashid's mail, told him the sensors ship on Monday", EMAIL, "told him the sensors ship on Monday"),
    ("no joy with Rashid, his assistant says he is travelling", CALL, "his assistant says he is travelling"),
    ("60 min huddle with Rashid, went over the rollout", MEETING, "went over the rollout"),
    ("on the train, met Rashid, wants two lines, log it", MEETING, "wants two lines"),
    ("Quick update after the Rashid call. Board is on board. Close slips to 15 January", CALL, "Board is on board. Close slips to 15 January"),
    ("Please log the following for Rashid: the opening is moved", NOTE, "the opening is moved"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "channel", "text"), ENTRIES)
def test_words_around_an_entry_are_no_part_of_it(said: str, channel: str, text: str) -> None:
    (call,) = plan(said).calls
    assert (call.tool, call.args["contacts"]) == ("log_interaction", ["rashid-quanta"])
    assert (call.args["channel"], call.args["text"]) == (channel, text)


def test_how_long_it_took_is_taken_from_behind_what_happened() -> None:
    (call,) = plan("Demo with Rashid went well, 45 min, next step is a pilot plan due 4 December").calls
    assert (call.args["duration_minutes"], call.args["text"]) == (45, "went well")
    assert (call.args["next_step"], call.args["next_step_due"]) == ("A pilot plan", "2026-12-04")


def test_a_day_behind_what_was_sent_is_when_it_was() -> None:
    (call,) = plan("spoke to Rashid about the outage yesterday").calls
    assert (call.args["at"], call.args["text"]) == ("2026-11-19", "the outage")


def test_several_talks_are_several_entries() -> None:
    found = plan("end of day dump: called Rashid (no answer), met Grace (wants new pricing), emailed Ingrid the SLA")
    assert [(call.args["channel"], call.args["contacts"], call.args["text"]) for call in found.calls] == [
        (CALL, ["rashid-quanta"], "no answer"), (MEETING, ["grace-cedar"], "wants new pricing"), (EMAIL, ["ingrid-tessera"], "the SLA"),
    ]  # fmt: skip


def test_a_second_talk_with_the_same_one_stays_in_one_entry() -> None:
    assert len(plan("called Rashid twice, emailed Rashid the offer afterwards").calls) == 1


@pytest.mark.parametrize(
    ("said", "task", "due"),
    [
        ("Spoke with Priya about the renewal. They'll sign if we hold the price. Need to check with Viktor by Monday.", "Check with Viktor", "2026-11-23"),
        ("met Rashid, he needs the SOC report, I need to get it to him by Tuesday", "Get it to him", "2026-11-24"),
        ("sent Grace the contract this morning, chase Friday", "Chase Grace Oyelaran", "2026-11-27"),
        ("left a message for Rashid, try again tomorrow", "Try again", "2026-11-21"),
    ],
)
def test_what_we_have_to_do_ourselves_becomes_the_task_of_the_entry(said: str, task: str, due: str) -> None:
    (call,) = plan(said).calls
    assert (call.tool, call.args["task"], call.args["task_due"]) == ("log_interaction", task, due)


def test_what_they_have_to_do_is_no_task_of_ours() -> None:
    (call,) = plan("met Rashid, they need to check with legal by Tuesday").calls
    assert "task" not in call.args


def test_a_dictated_run_on_loses_neither_the_entry_nor_the_reminder() -> None:
    found = plan("I'm in the car, just did an hour with Ingrid at Tessera, she and Paul want to go live on 1 February, budget is 45k, can you log that and remind me to send the order form first thing Monday")
    entry, task = found.calls
    assert (entry.tool, entry.args["duration_minutes"], entry.args["text"]) == ("log_interaction", 60, "she and Paul want to go live on 1 February, budget is 45k")
    assert (task.args["title"], task.args["due"]) == ("Send the order form", "2026-11-23")


def test_an_entry_a_change_and_a_reminder_in_one_message_are_three_calls() -> None:
    found = plan("ok so Helena called, she said the tender is delayed to March, so push Northgate ward tablets to end of March and remind me first week of Feb to check in")
    assert [call.tool for call in found.calls] == ["log_interaction", "update_deal", "create_task"]
    assert (found.calls[1].args["close_date"], found.calls[2].args["title"], found.calls[2].args["due"]) == ("2027-03-31", "Check in with Helena Brandt", "2027-02-01")


def test_what_is_told_before_a_task_with_its_own_next_step_is_kept() -> None:
    found = plan("Log a call with Helena: she's in. Task for me: send the contract tomorrow. Next step: signature by 4 December")
    assert [call.tool for call in found.calls] == ["log_interaction", "create_task", "update_deal"]


def test_done_and_then_the_next_one_are_two_things() -> None:
    found = plan("done, next: send contract to Rashid by Friday")
    assert [(call.args["title"], call.args["due"]) for call in found.calls] == [("Send contract to Rashid", "2026-11-27")]
    assert found.question is not None
    assert found.missing == "task"


def test_a_call_that_is_to_be_made_is_a_task_and_one_that_was_made_an_entry() -> None:
    assert [call.tool for call in plan("call Priya about the offer").calls] == ["create_task"]
    assert [call.tool for call in plan("called Priya about the offer").calls] == ["log_interaction"]


def test_a_meeting_that_a_customer_moved_is_told_and_moves_no_task() -> None:
    (call,) = plan("Ingrid pushed our meeting to Thursday").calls
    assert call.tool == "log_interaction"


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("From the seventh of December on, please remind me every three weeks to call Oliver", {"title": "Call Oliver", "due": "2026-12-07", "repeats": "3 weeks"}),
        ("Recurring task, monthly, beginning December 1: update my QBR notes", {"title": "Update my QBR notes", "due": "2026-12-01", "repeats": "month"}),
        ("twice a year remind me to do an account review for Quanta", {"title": "Do an account review for Quanta", "due": "2027-05-20", "repeats": "6 months"}),
        ("first monday of the month: send the report to Helena", {"title": "Send the report to Helena", "due": "2026-12-07"}),
        ("mondays: update the forecast", {"title": "Update the forecast", "due": "2026-11-23", "repeats": "week"}),
        ("every Monday remind me to update my forecast, starting this coming one", {"title": "Update my forecast", "due": "2026-11-23", "repeats": "week"}),
        ("Please create a task to review Vireo, due date the eleventh of December", {"title": "Review Vireo", "due": "2026-12-11"}),
        ("Don't let me forget to email Sophie the MSA, put it on my task list", {"title": "Email Sophie the MSA"}),
        ("put a task on Tom's list to chase Oliver, due Friday", {"title": "Chase Oliver", "due": "2026-11-27", "owner": "tom"}),
        ("Tom needs to send Grace the samples, task for him by Friday", {"title": "Send Grace the samples", "due": "2026-11-27", "owner": "tom"}),
        ("I promised Rashid to send the case study by wednesday", {"title": "Send the case study", "due": "2026-11-25"}),
        ("I owe Ingrid an answer on the SLA by Thursday", {"title": "Get Ingrid an answer on the SLA", "due": "2026-11-26"}),
        ("call helena tomorrow 10am about the pilot", {"title": "Call helena about the pilot at 10am", "due": "2026-11-21"}),
    ],
)  # fmt: skip
def test_a_task_has_its_title_its_day_and_how_often(said: str, args: dict[str, str]) -> None:
    (call,) = plan(said).calls
    assert call.tool == "create_task"
    assert {key: value for key, value in call.args.items() if key in ("title", "due", "repeats", "owner")} == args


def test_a_list_of_things_to_do_is_several_tasks_of_the_same_day() -> None:
    found = plan("tasks for next week: call Rashid, email Grace, prep the board deck")
    assert [(call.args["title"], call.args["due"]) for call in found.calls] == [(title, "2026-11-23") for title in ("Call Rashid", "Email Grace", "Prep the board deck")]


def test_what_is_to_be_brought_to_a_lunch_is_due_on_its_day() -> None:
    found = plan("lunch with Grace on Thursday, remind me to bring the samples")
    assert [(call.args["due"], call.args["contact"]) for call in found.calls] == [("2026-11-26", "grace-cedar")] * 2


@pytest.mark.parametrize(
    ("said", "task"),
    [
        ("Knocked out call procurement, check that task off for me", "call procurement"), ("done w update price list, cross it off my tasks", "update price list"),
        ("That's the pricing sheet sent, tick it off", "pricing sheet"), ("got the hotel booked, so that task's done", "hotel"), ("price list: done", "price list"),
        ("finished the call with procurement task", "call with procurement"), ("the hotel is booked, mark the task done", "hotel"),
    ],
)  # fmt: skip
def test_a_task_is_done_in_many_words(said: str, task: str) -> None:
    (call,) = plan(said).calls
    assert (call.tool, call.args["task"]) == ("complete_task", task)


@pytest.mark.parametrize(
    ("said", "step", "due"),
    [
        ("Please write down for the Bluewater renewal as the next step: book the plant tour", "Book the plant tour", None),
        ("With the Bluewater renewal the next step is now clarify the delivery terms, due on the first of December", "Clarify the delivery terms", "2026-12-01"),
        ("change the next step of the Bluewater renewal to legal review and make it due next wednesday", "Legal review", "2026-11-25"),
        ("Need to change the next step on the Bluewater renewal, should say: chase legal", "Chase legal", None),
        ("next step on the Bluewater renewal needs updating: chase legal", "Chase legal", None),
    ],
)
def test_a_next_step_is_what_was_said_of_it(said: str, step: str, due: str | None) -> None:
    (call,) = plan(said).calls
    assert (call.args["deal"], call.args["next_step"], call.args.get("next_step_due")) == ("bw-renewal", step, due)


def test_that_a_next_step_is_done_is_no_next_step() -> None:
    assert not plan("next step on the Quanta deal is done").calls


def test_one_deal_that_is_pointed_at_is_no_change_of_many() -> None:
    (call,) = plan("give that deal to Mei", memory=after("quanta-loom", "quanta")).calls
    assert (call.tool, call.args) == ("update_deal", {"deal": "quanta-loom", "owner": "mei"})
