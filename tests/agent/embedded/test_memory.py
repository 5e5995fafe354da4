"""What a conversation remembers."""

from bot.agent.memory import Made, Memory, Said, load
from bot.agent.turn import Found, OpenCall, Subject
from bot.cards import Asked, Option, ProposalView
from crm_store.access import Scope
from crm_store.models import ConversationTurn
from crm_store.store import Store
from tests import builders as make


def test_the_newest_subject_comes_first_and_none_twice() -> None:
    memory = Memory(subjects=(Said(kind="account", id="a", name="A"), Said(kind="account", id="b", name="B")))
    after = memory.after((), (Found("", subjects=(Subject("contact", "c", "C"), Subject("account", "b", "B"))),))
    assert [one.id for one in after.subjects] == ["c", "b", "a"]
    assert after.newest("account") == Said(kind="account", id="b", name="B")


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
    with store.write(Scope.system("test")) as session:
        person = make.person(session, "Ida Ekman")
        session.add(
            ConversationTurn(
                person_id=person.id,
                thread_id="t",
                at=make.NOW,
                question="",
                answer="",
                memory=memory.model_dump(mode="json"),
            )
        )
        me = person.id
    with store.read(Scope(me, frozenset({me}))) as session:
        assert load(session, me, "t") == memory
        assert load(session, me, "other") == Memory()
