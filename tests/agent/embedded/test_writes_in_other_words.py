"""What is written, with which values, however a colleague puts it: reasons, echoes, order and fragments change nothing about it."""

import itertools

import pytest

from bot.agent.memory import Made, Memory
from tests.agent.embedded.record import MANAGER, after, plan

WRITES = frozenset(
    ["update_deal", "change_deals", "change_tasks", "change_accounts", "create_task", "complete_task", "update_task", "log_interaction", "create_contact", "create_deal", "create_account", "update_contact", "set_role"]
)  # fmt: skip
Written = list[tuple[str, dict[str, object]]]

_LEADS = ("they want fewer seats, so ", "new quote came in. ", "customer is happy: ", "procurement finally moved, please ", "slipped again - ", "")
_ECHOES = (", fix that please", ", update the record", " - please set it so", ". change it would you", "")
_CHANGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("set Quanta to 45k", {"amount_minor": 4_500_000}),
    ("move the Quanta deal to Negotiation", {"stage": "Negotiation"}),
    ("Quanta goes to commit", {"forecast_category": "commit"}),
    ("the Quanta deal now closes on January 15", {"close_date": "2027-01-15"}),
)


def _calls(text: str, memory: Memory | None = None) -> Written:
    return [(call.tool, dict(call.args)) for call in plan(text, memory=memory).calls]


@pytest.mark.parametrize(("lead", "change", "echo"), list(itertools.product(_LEADS, _CHANGES, _ECHOES)))
def test_the_reason_before_a_change_and_the_echo_after_it_leave_it_as_it_is(lead: str, change: tuple[str, dict[str, object]], echo: str) -> None:
    said, changed = change
    assert _calls(f"{lead}{said}{echo}") == [("update_deal", {"deal": "quanta-loom", **changed})]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("stage of Quanta should be Negotiation now", {"stage": "Negotiation"}),
        ("Quanta should not be in commit, make it pipeline", {"forecast_category": "pipeline"}),
        ("knock 5k off Quanta and move it to Proposal", {"amount_minor": 5_500_000, "currency": "EUR", "stage": "Proposal"}),
        ("Quanta moves to Proposal, 39k, end of January", {"stage": "Proposal", "amount_minor": 3_900_000, "close_date": "2027-01-31"}),
        ("commit Quanta at 62k for December 20", {"forecast_category": "commit", "amount_minor": 6_200_000, "close_date": "2026-12-20"}),
        ("make Quanta 45k and next step send contract", {"amount_minor": 4_500_000, "next_step": "Send contract"}),
        ("Mei should own Quanta from today", {"owner": "mei"}),
        ("let Tom run Quanta", {"owner": "tom"}),
        ("amount of Quanta: 42k, not what is in there now", {"amount_minor": 4_200_000}),
        ("ugh, Kolvane beat us, put Quanta down as lost", {"stage": "lost", "lost_reason": "Lost to Kolvane"}),
        ("budget got cut, close Quanta as lost", {"stage": "lost", "lost_reason": "Budget got cut"}),
        ("we lost Quanta :( no budget", {"stage": "lost", "lost_reason": "No budget"}),
    ],
)  # fmt: skip
def test_every_value_of_a_deal_that_is_said_is_written(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("update_deal", {"deal": "quanta-loom", **args})]


@pytest.mark.parametrize(
    "frame", ["put {} as next step on Quanta", "next step on Quanta should be {}", "Quanta next: {}", "write as next step in Quanta {}", "on Quanta make the next step {}", "put next step as {} on Quanta"]
)
@pytest.mark.parametrize("step", ["send the order form", "chase legal"])
def test_a_next_step_is_read_wherever_it_stands(frame: str, step: str) -> None:
    made = dict(plan(frame.format(step)).calls[0].args)
    assert made["deal"] == "quanta-loom"
    assert str(made["next_step"]).lower() == step


@pytest.mark.parametrize("text", ["Quanta to Negotiation on Monday", "Quanta is 60k and clsoes January 15"])
def test_a_day_that_went_into_no_field_is_asked_about(text: str) -> None:
    found = plan(text)
    assert not found.calls
    assert found.question is not None


@pytest.mark.parametrize(
    "text", ["fingers crossed Quanta gets signed on Monday", "with any luck we win Quanta", "once legal approves, move Quanta to Negotiation", "they said they will sign if we set it to 40k", "did Rashid ask us to move Quanta"]
)
def test_hopes_conditions_and_questions_change_nothing(text: str) -> None:
    assert not [call for call in plan(text).calls if call.tool in WRITES and call.tool != "log_interaction"]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("met Rashid at their office yesterday - asked for a second demo", {"channel": "meeting", "at": "2026-11-19", "text": "asked for a second demo"}),
        ("coffee with Rashid on Wednesday, keen on the premium package", {"channel": "meeting", "at": "2026-11-18", "text": "keen on the premium package"}),
        ("just out of a meeting w/ Rashid, pilot went down well", {"channel": "meeting", "text": "pilot went down well"}),
        ("45 minute call with Rashid, reviewed the draft", {"channel": "call", "duration_minutes": 45, "text": "reviewed the draft"}),
        ("please note a telephone call with Rashid: budget is approved", {"channel": "call", "text": "budget is approved"}),
        ("tried Rashid, left a voicemail", {"channel": "call", "outcome": "left voicemail", "text": "left a voicemail"}),
        ("Rashid pinged me on linkedin, open to a demo", {"channel": "social", "direction": "inbound", "text": "open to a demo"}),
        ("email came in from Rashid: board meets on the 3rd", {"channel": "email", "direction": "inbound", "text": "board meets on the 3rd"}),
        ("received a text from Rashid: running late", {"channel": "chat", "direction": "inbound", "text": "running late"}),
        ("had a chat with Rashid over the phone yesterday; budget confirmed", {"channel": "call", "at": "2026-11-19", "text": "budget confirmed"}),
    ],
)  # fmt: skip
def test_only_what_was_said_is_logged(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("log_interaction", {"contacts": ["rashid-quanta"], **args})]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("jot this down for Quanta, they switched banks", "they switched banks"), ("for the record on Quanta, new CFO since October", "new CFO since October"),
        ("quick note to file, Quanta: merging two teams", "merging two teams"), ("please add to Quanta the note: hiring freeze until March", "hiring freeze until March"),
        ("Quanta note - patent dispute settled", "patent dispute settled"),
    ],
)  # fmt: skip
def test_a_note_is_a_note_however_it_is_filed(text: str, content: str) -> None:
    assert _calls(text) == [("log_interaction", {"channel": "note", "account": "quanta", "text": content})]


def test_an_entry_about_nobody_is_asked_about() -> None:
    found = plan("log a call")
    assert not found.calls
    assert found.question is not None


@pytest.mark.parametrize(
    "text",
    ["put calling Rashid on my list for Monday", "call Rashid on Monday, make me a task", "new task for Monday, call Rashid", "I should really call Rashid on Monday, put it on my list", "note me for Monday: call Rashid", "give me a nudge on Monday to call Rashid"],
)  # fmt: skip
def test_a_task_is_what_is_to_be_done_and_when(text: str) -> None:
    assert _calls(text) == [("create_task", {"title": "Call Rashid", "due": "2026-11-23", "contact": "rashid-quanta"})]


@pytest.mark.parametrize(
    "text",
    ["email Rashid every two weeks, first on 4 December", "create a recurring task, email Rashid every 2 weeks, starting 4 December", "starting 4 December I need to email Rashid every two weeks, make it a repeating task", "every two weeks from 4 December on remind me to email Rashid"],
)  # fmt: skip
def test_what_comes_again_begins_on_the_day_that_is_said(text: str) -> None:
    assert _calls(text) == [("create_task", {"title": "Email Rashid", "due": "2026-12-04", "contact": "rashid-quanta", "repeats": "2 weeks"})]


def test_two_reminders_in_one_breath_are_two_tasks() -> None:
    found = _calls("remind me to call Rashid on Monday and to email Helena on Tuesday")
    assert [(args["title"], args["due"]) for _, args in found] == [("Call Rashid", "2026-11-23"), ("Email Helena", "2026-11-24")]


@pytest.mark.parametrize("text", ["remind me to call Rashid on Tuesday if no reply by then", "call Rashid on Tuesday unless he answers before, make me a task"])
def test_a_reminder_unless_they_answer_says_so(text: str) -> None:
    ((tool, args),) = _calls(text)
    assert (tool, args["due"], args["unless_answered"]) == ("create_task", "2026-11-24", True)
    assert args["title"] == "Call Rashid"


@pytest.mark.parametrize(
    "text",
    [
        "tick off pricing sheet", 'done with "pricing sheet", check it off', "the pricing sheet is sent, tick it off", "pricing sheet went out, task can be ticked off", "close the task pricing sheet, it is done",
        "you can set my pricing sheet task to done", "task pricing sheet: finished", "I've done the pricing sheet, mark it as complete", "pricing sheet sent - close that task",
    ],
)  # fmt: skip
def test_a_task_is_ticked_off_by_its_own_words(text: str) -> None:
    assert _calls(text) == [("complete_task", {"task": "pricing sheet"})]


_WAITING: tuple[tuple[str, dict[str, object], tuple[str, ...], dict[str, object]], ...] = (
    ("update_deal", {"deal": "quanta-loom", "amount_minor": 4_100_000}, ("oops, meant 61k", "61k, I mistyped", "61k not 41k", "no, make it 61k", "that's wrong, it's 61k", "correction: 61k"), {"amount_minor": 6_100_000}),
    ("update_deal", {"deal": "quanta-loom", "stage": "Proposal"}, ("not Proposal, Negotiation", "sorry I meant Negotiation", "wrong stage, it should be Negotiation"), {"stage": "Negotiation"}),
    ("update_deal", {"deal": "quanta-loom", "forecast_category": "best_case"}, ("no, commit not best case", "commit I mean"), {"forecast_category": "commit"}),
    ("update_deal", {"deal": "quanta-loom", "owner": "tom"}, ("not Tom, Mei", "no, to Mei", "Mei I meant"), {"owner": "mei"}),
    ("create_task", {"title": "Call Priya", "due": "2026-11-25", "contact": "priya-bluewater"}, ("not Wednesday, Thursday", "make that Thursday instead, the 26th", "Thursday works better"), {"due": "2026-11-26"}),
    ("create_task", {"title": "Call Priya", "due": "2026-11-25", "contact": "priya-bluewater"}, ("not Priya, Helena", "oh sorry, I meant Helena"), {"title": "Call Helena", "contact": "helena-northgate"}),
)  # fmt: skip


@pytest.mark.parametrize(("tool", "args", "text", "changed"), [(tool, args, text, new) for tool, args, texts, new in _WAITING for text in texts])
def test_a_fragment_corrects_the_proposal_that_waits(tool: str, args: dict[str, object], text: str, changed: dict[str, object]) -> None:
    memory = Memory(calls=(Made(tool=tool, args=args),), proposal_ids=("p",))
    assert _calls(text, memory) == [("reject_proposal", {"proposal": "p"}), (tool, args | changed)]


@pytest.mark.parametrize("text", ["what is the latest on Quanta", "remind me tomorrow to call Helena", "thanks"])
def test_another_request_is_no_correction(text: str) -> None:
    memory = Memory(calls=(Made(tool="update_deal", args={"deal": "quanta-loom", "amount_minor": 4_100_000}),), proposal_ids=("p",))
    assert "reject_proposal" not in {call.tool for call in plan(text, memory=memory).calls}


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("proceed with the same please", "confirm_proposal"), ("looks right, apply it", "confirm_proposal"), ("forget it, don't make that change", "reject_proposal"), ("stop, don't save that", "reject_proposal"),
    ],
)  # fmt: skip
def test_a_word_on_a_proposal_decides_it(text: str, tool: str) -> None:
    assert [call.tool for call in plan(text, memory=Memory(proposal_ids=("p",))).calls] == [tool]


@pytest.mark.parametrize("text", ["revert please, I clicked too fast", "ah damn that was wrong, undo please", "can you change it back"])
def test_a_regretted_change_is_undone(text: str) -> None:
    assert [call.tool for call in plan(text, memory=Memory(change_id="c")).calls] == ["undo_change"]


@pytest.mark.parametrize(
    "text",
    ["move my overdue tasks to Wednesday", "whatever I've got overdue, set it to Wednesday", "my overdue tasks all have to go to Wednesday", "I'm ill, push all my overdue tasks to Wednesday", "all my overdue tasks should be moved to Wednesday", "my overdue tasks: push to Wednesday"],
)  # fmt: skip
def test_many_tasks_are_moved_in_whatever_order_it_is_said(text: str) -> None:
    assert _calls(text) == [("change_tasks", {"owner": "me", "overdue": True, "to_due": "2026-11-25"})]


@pytest.mark.parametrize(
    "text",
    ["mark all my deals below 5k as lost", "anything of mine below 5k goes to lost", "every deal of mine below 5k, mark it as lost", "take all deals of mine below 5k and set them to lost", "all my deals below 5k should go to lost"],
)  # fmt: skip
def test_many_deals_are_changed_in_whatever_order_it_is_said(text: str) -> None:
    assert _calls(text) == [("change_deals", {"owner": "me", "max_amount_minor": 500_000, "to_stage": "lost"})]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("everything I have open for Quanta is done, complete those tasks", {"owner": "me", "account": "quanta", "done": True}), ("clear all my overdue tasks, they're done", {"owner": "me", "overdue": True, "done": True}),
        ("Mei takes all my overdue tasks", {"owner": "me", "overdue": True, "to_owner": "mei"}), ("tomorrow's to-dos can all go to Friday", {"owner": "me", "due_since": "2026-11-21", "due_until": "2026-11-21", "to_due": "2026-11-27"}),
    ],
)  # fmt: skip
def test_what_becomes_of_many_tasks_is_read_from_any_sentence(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("change_tasks", args)]


def test_when_a_handover_begins_is_no_condition_on_the_deals() -> None:
    found = plan("Tom's deals all come to me from now on", caller=MANAGER)
    assert [dict(call.args) for call in found.calls] == [{"owner": "tom", "to_owner": "me"}]


@pytest.mark.parametrize("text", ["set all my deals of 7 lakh to commit", "put all my dusty deals in commit", "set all my deals with 12 seats to best case"])
def test_many_are_not_changed_when_a_condition_is_lost(text: str) -> None:
    assert not [call for call in plan(text).calls if call.tool in WRITES]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("no next step on Quanta? then put call the buyer", {"without_next_step": True, "to_next_step": "call the buyer"}), ("should Quanta have no next step, set it to call the buyer", {"without_next_step": True, "to_next_step": "call the buyer"}),
        ("Quanta - if the close date has already passed, make it 29 January", {"closing_until": "2026-11-19", "to_close_date": "2027-01-29"}), ("is Quanta still in Discovery? then move it to Proposal", {"stage": "Discovery", "to_stage": "Proposal"}),
    ],
)  # fmt: skip
def test_a_condition_may_be_put_as_a_question(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("change_deals", {"deal": "quanta-loom", **args})]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("met Lena Forster, new CFO at Quanta, add her", {"name": "Lena Forster", "title": "CFO"}), ("there's a new IT Manager at Quanta called Lena Forster, please create her as contact", {"name": "Lena Forster", "title": "IT Manager"}),
        ("make one new contact under Quanta, name Lena Forster, title Plant Manager", {"name": "Lena Forster", "title": "Plant Manager"}), ("Quanta has somebody new, Lena Forster, lena@new.example, save her as a contact", {"name": "Lena Forster", "email": "lena@new.example"}),
    ],
)  # fmt: skip
def test_a_new_contact_is_read_from_what_is_told_of_them(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("create_contact", {"account": "quanta", **args})]


def test_what_kind_of_account_it_is_may_be_said_before() -> None:
    assert _calls("got a fresh prospect, set up an account called Lindhaven Tools") == [("create_account", {"name": "Lindhaven Tools", "kind": "prospect"})]


@pytest.mark.parametrize("text", ["our champion on Quanta is Rashid", "set the role of Rashid as champion in the Quanta deal", "on Quanta Rashid is our champ, put that in"])
def test_a_role_is_given_in_any_order(text: str) -> None:
    assert _calls(text) == [("set_role", {"contact": "rashid-quanta", "role": "champion", "deal": "quanta-loom"})]


def test_what_is_asked_beside_an_account_is_asked_of_it() -> None:
    assert _calls("what's new at Solstice Foods, also any open tickets")[1] == ("list_cases", {"account": "solstice", "status": "open"})
    assert _calls("give it to Mei then", after("quanta-loom", "quanta")) == [("update_deal", {"deal": "quanta-loom", "owner": "mei"})]
