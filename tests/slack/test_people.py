"""Who is answered, where, and what others may read."""

import json
from collections.abc import Callable

import pytest

from bot.cards import FollowUpsCard, Option
from bot.questions import Answer
from bot.slack.interactions import LOG_ANYTHING, LOG_MESSAGE
from crm_store.access import Scope
from crm_store.models import Person
from tests.slack.company import BOSS, GUEST, OTHER, REP, STRANGER, UNKNOWN
from tests.slack.conftest import Office

Until = Callable[[Callable[[], bool]], None]


@pytest.mark.parametrize(
    ("email", "words"),
    [(GUEST, "guest account"), (STRANGER, "members of the company"), (UNKNOWN, "Ask an administrator")],
)
def test_whoever_is_not_of_the_team_gets_one_kind_sentence(office: Office, email: str, words: str) -> None:
    reply = office.ask("what's the latest on Meridian?", email)
    assert words in reply.full_text
    assert "Meridian" not in reply.full_text
    assert not office.company.questions


def test_a_missing_permission_is_told_and_not_swallowed(office: Office) -> None:
    office.workspace.faults.refuse("users.info", "missing_scope")
    assert "missing_scope" in office.ask("hello").full_text


def test_an_empty_message_gets_a_hint(office: Office) -> None:
    reply = office.as_(REP)
    channel = reply.channel("duo")
    asked = reply.say("@Rapport", channel)
    answer = reply.wait_for_reply(asked, channel=channel)
    assert "did not get any words" in answer.full_text
    assert "What should I do next?" in answer.buttons


def test_forty_thousand_characters_are_refused_with_advice(office: Office) -> None:
    reply = office.ask("word " * 7_900)
    assert "Send it as a .txt, .md or .vtt file" in reply.full_text
    assert not office.company.questions


def test_a_follow_up_in_a_thread_belongs_to_the_same_conversation(office: Office) -> None:
    rep = office.as_(REP)
    asked = rep.say("what's the latest on Meridian?")
    rep.wait_for_reply(asked)
    then = rep.say("and who is the champion there?", thread_ts=asked)
    rep.wait_for_reply(then, thread_ts=asked)
    first, second = office.company.questions
    assert first.thread == second.thread
    assert first.caller.email == REP


def test_two_top_level_questions_are_two_conversations(office: Office) -> None:
    office.ask("one")
    office.ask("two")
    assert len({question.thread for question in office.company.questions}) == 2


def test_in_a_channel_where_others_see_less_the_answer_is_for_one_pair_of_eyes(office: Office) -> None:
    boss = office.as_(BOSS)
    sales = boss.channel("sales")
    asked = boss.say("@Rapport how is Meridian?", sales)
    reply = boss.wait_for_reply(asked, channel=sales)
    assert reply.ephemeral
    assert "Share" in reply.buttons
    assert office.company.questions[0].text == "how is Meridian?"
    assert not office.bot_messages(REP, sales)


def test_where_everyone_may_see_it_the_answer_is_for_everyone(office: Office) -> None:
    rep = office.as_(REP)
    duo = rep.channel("duo")
    asked = rep.say("@Rapport how is Meridian?", duo)
    reply = rep.wait_for_reply(asked, channel=duo)
    assert not reply.ephemeral
    assert reply.thread_ts == asked
    assert [message.ts for message in office.bot_messages(BOSS, duo)] == [reply.ts]


@pytest.mark.parametrize(("channel", "for_everyone"), [("duo", True), ("partners", False)])
def test_who_reads_along_is_asked_of_slack_once_for_many_answers(
    office: Office, channel: str, for_everyone: bool
) -> None:
    rep = office.as_(REP)
    where = rep.channel(channel)
    replies = [rep.wait_for_reply(rep.say("@Rapport how is Meridian?", where), channel=where)]
    office.workspace.faults.server_error("users.info", times=1_000)
    replies.append(rep.wait_for_reply(rep.say("@Rapport and now?", where), channel=where))
    assert [reply.ephemeral for reply in replies] == [not for_everyone] * 2


def test_a_colleague_who_is_let_go_reads_no_answer_for_everyone_from_then_on(office: Office) -> None:
    rep = office.as_(REP)
    duo = rep.channel("duo")
    assert not rep.wait_for_reply(rep.say("@Rapport how is Meridian?", duo), channel=duo).ephemeral
    with office.company.store.write(Scope.system("test")) as session:
        session.query(Person).filter_by(email=BOSS).one().active = False
    assert rep.wait_for_reply(rep.say("@Rapport and now?", duo), channel=duo).ephemeral


def test_a_follow_up_in_a_channels_thread_needs_no_second_mention(office: Office) -> None:
    rep = office.as_(REP)
    duo = rep.channel("duo")
    root = rep.say("@Rapport how is Meridian?", duo)
    rep.wait_for_reply(root, channel=duo)
    reply = rep.wait_for_reply(rep.say("and who is the champion there?", duo, root), channel=duo)
    assert "You said: and who is the champion there?" in reply.full_text
    assert reply.thread_ts == root


def test_a_talk_among_people_in_a_thread_is_left_alone(office: Office) -> None:
    rep, boss = office.as_(REP), office.as_(BOSS)
    duo = rep.channel("duo")
    root = rep.say("@Rapport how is Meridian?", duo)
    rep.wait_for_reply(root, channel=duo)
    boss.say("I was never answered here", duo, root)
    rep.say("true, boss", duo, root)
    rep.say("out of any thread", duo)
    rep.say("thank you <@U0SOMEBODY>", duo, root)
    last = rep.say("@Rapport and the champion?", duo, root)
    rep.wait_for_reply(last, channel=duo)
    assert [question.text for question in office.company.questions] == ["how is Meridian?", "and the champion?"]


def test_where_a_guest_listens_the_answer_is_for_one_pair_of_eyes(office: Office) -> None:
    rep = office.as_(REP)
    partners = rep.channel("partners")
    reply = rep.wait_for_reply(rep.say("@Rapport how is Meridian?", partners), channel=partners)
    assert reply.ephemeral
    assert not office.bot_messages(GUEST, partners)


def test_a_shared_answer_is_posted_once_for_everyone(office: Office, until: Until) -> None:
    boss = office.as_(BOSS)
    sales = boss.channel("sales")
    reply = boss.wait_for_reply(boss.say("@Rapport how is Meridian?", sales), channel=sales)
    boss.press(reply, "Share")
    until(lambda: bool(office.bot_messages(OTHER, sales)))
    shared = office.bot_messages(OTHER, sales)
    assert len(shared) == 1
    assert "how is Meridian?" in shared[0].full_text
    assert "Share" not in shared[0].buttons


def test_text_from_the_record_pings_nobody(office: Office) -> None:
    canary = "<!channel> <@U0123456> <!subteam^S1> & <b>"
    office.company.scripts["canary"] = lambda question: Answer(
        text=f"They wrote: {canary}", cards=(FollowUpsCard(options=(Option(label=canary, value="x"),)),)
    )
    reply = office.ask("canary")
    sent = json.dumps([reply.text, *reply.blocks])
    assert "<!" not in sent
    assert "<@" not in sent


def test_a_slash_command_is_answered_to_the_one_who_typed_it(office: Office, until: Until) -> None:
    rep = office.as_(REP)
    sales = rep.channel("sales")
    rep.command("/rapport", "my pipeline", sales)
    until(lambda: any("You said: my pipeline" in message.full_text for message in office.bot_messages(REP, sales)))
    assert not office.bot_messages(OTHER, sales)


def test_a_message_can_be_put_on_the_record_from_its_menu(office: Office, until: Until) -> None:
    rep = office.as_(REP)
    sales = rep.channel("sales")
    said = rep.say("Anna called: they want the security review", sales)
    rep.shortcut(next(message for message in rep.messages(sales) if message.ts == said), LOG_MESSAGE)
    rep.submit(rep.modal(), {"text": "call w Anna: wants the security review"})
    until(lambda: bool(office.bot_messages()))
    assert office.company.questions[0].text == "log call w Anna: wants the security review"


def test_something_can_be_logged_from_anywhere(office: Office) -> None:
    rep = office.as_(REP)
    rep.shortcut(None, LOG_ANYTHING)
    assert rep.modal()["callback_id"] == "log"


def test_a_dropped_transcript_is_read_and_anything_else_is_refused(office: Office) -> None:
    rep = office.as_(REP)
    reply = rep.wait_for_reply(rep.say("", files=[("call.vtt", b"WEBVTT")]))
    assert reply.full_text == "Read call.vtt."
    assert office.company.dropped == [("call.vtt", b"WEBVTT")]
    refused = rep.wait_for_reply(rep.say("", files=[("budget.xlsx", b"PK")]))
    assert "I cannot read budget.xlsx" in refused.full_text


def test_the_messages_tab_suggests_what_to_ask(office: Office, until: Until) -> None:
    rep = office.as_(REP)
    rep.open_messages_tab()
    until(lambda: len(rep.prompts()) == 4)


def test_a_guest_sees_no_records_on_the_home_tab(office: Office) -> None:
    guest = office.as_(GUEST)
    guest.open_home()
    assert "guest account" in json.dumps(guest.home(timeout=5))
