"""What a conversation remembers."""

from bot import conversations
from bot.agent.memory import Made, Memory, Said
from bot.agent.turn import Found, OpenCall, Subject
from bot.cards import Asked, Option, ProposalView
from crm_store.access import Scope
from crm_store.conversations import add_turn
from crm_store.people import Caller, caller_for
from crm_store.store import Store
from tests import builders as make
from tests.agent.embedded.record import after, plan


def test_the_newest_subject_comes_first_and_none_twice() -> None:
    memory = Memory(subjects=(Said(kind="account", id="a", name="A"), Said(kind="account", id="b", name="B")))
    later = memory.after((), (Found("", subjects=(Subject("contact", "c", "C"), Subject("account", "b", "B"))),))
    assert [one.id for one in later.subjects] == ["c", "b", "a"]
    assert later.newest("account") == Said(kind="account", id="b", name="B")


def test_an_open_call_waits_with_its_options_for_one_turn_only() -> None:
    options = (Option(label="Ana B", value="1"),)
    asked = Found(
        "Which?",
        question=Asked(text="Which?", options=options),
        open_call=OpenCall("timeline", {"limit": 1}, "contact"),
    )
    waiting = Memory().after((Made(tool="timeline"),), (asked,))
    assert waiting.open_call == Made(tool="timeline", args={"limit": 1}, missing="contact")
    assert waiting.options == options
    assert waiting.after((), (Found("something else"),)).open_call is None


def test_only_an_open_proposal_of_the_last_turn_can_be_confirmed_in_words() -> None:
    proposed = Memory().after((), (Found("", proposals=(ProposalView(id="p", summary="", items=()),)),))
    assert proposed.proposal_ids == ("p",)
    assert proposed.after((), (Found("my pipeline"),)).proposal_ids == ()
    applied = ProposalView(id="p", summary="", items=(), status="applied", change_id="ch")
    confirmed = proposed.after((), (Found("", proposals=(applied,)),))
    assert (confirmed.proposal_ids, confirmed.change_id) == ((), "ch")


def test_it_survives_in_the_record_and_belongs_to_one_thread(store: Store) -> None:
    memory = Memory(subjects=(Said(kind="deal", id="d", name="D"),), calls=(Made(tool="report", args={"owner": "me"}),))
    caller = _caller(store)
    conversations.remember(store, caller, "t", "asked", "answered", memory, make.NOW)
    assert conversations.recall(store, caller, "t").memory == memory
    assert conversations.recall(store, caller, "other").memory == Memory()


def test_a_memory_of_an_unknown_form_is_left_aside(store: Store) -> None:
    caller = _caller(store)
    for stored in ({"subjects": "nonsense"}, {"subjects": [{"kind": 1}]}, {"of another": ["version"]}):
        with store.write(caller.scope) as session:
            add_turn(session, caller.person_id, "t", "asked", "answered", stored, make.NOW)
        assert conversations.recall(store, caller, "t").memory == Memory()


def test_a_thread_of_any_length_is_remembered(store: Store) -> None:
    caller = _caller(store)
    memory = Memory(subjects=(Said(kind="deal", id="d", name="D"),))
    for number, thread in enumerate(("x" * 5_000, "x" * 5_001, "nul \x00", "half \ud800")):
        key = conversations.thread_key(thread)
        assert len(key) <= conversations.LONGEST_THREAD
        assert conversations.recall(store, caller, key).memory == Memory(), number
        conversations.remember(store, caller, key, "asked", "answered", memory, make.NOW)
        assert conversations.recall(store, caller, key).memory == memory


def _caller(store: Store) -> Caller:
    with store.write(Scope.system("test")) as session:
        return caller_for(session, make.person(session, "Ida Ekman").email)



def test_who_was_just_logged_is_them_whatever_was_talked_about_before() -> None:
    before = after("northgate")
    log, task = plan("log a call with Rashid Karim: wants ROI numbers. remind me to send them Thursday", memory=before).calls
    assert log.args["contacts"] == ["rashid-quanta"]
    assert task.args.get("contact", task.args.get("account")) in ("rashid-quanta", "quanta")


def test_an_empty_list_leaves_nothing_to_point_at() -> None:
    full = Memory().after((Made(tool="list_deals"),), (Found("two", subjects=(Subject("deal", "d", "D"), Subject("deal", "e", "E"))),))
    assert [one.id for one in full.shown] == ["d", "e"]
    empty = full.after((Made(tool="list_deals"),), (Found("none"),))
    assert (empty.shown, empty.nothing_listed) == ((), True)
    one = full.after((Made(tool="list_deals"),), (Found("one", subjects=(Subject("deal", "e", "E"),)),))
    assert [said.id for said in one.shown] == ["e"]


def test_who_was_asked_about_is_talked_about_before_others_who_were_there() -> None:
    found = Found("", subjects=(Subject("contact", "j", "J"), Subject("contact", "i", "I")))
    assert Memory().after((Made(tool="timeline", args={"contact": "i"}),), (found,)).newest("contact") == Said(kind="contact", id="i", name="I")
