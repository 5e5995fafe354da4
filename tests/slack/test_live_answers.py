"""An answer that is shown while it is still being made: begun early, finished once, taken back where it must be."""

from collections.abc import Callable

import pytest

from bot.local.workspace import LocalWorkspace
from bot.questions import Answer, Question
from bot.slack.app import web_client
from bot.slack.inbound import JOB_KIND, begins
from bot.slack.live import keep
from bot.slack.outbound import Posted
from crm_store.access import Scope
from crm_store.models import Job
from tests.slack.company import GUEST, REP, Company
from tests.slack.conftest import Office, running

Until = Callable[[Callable[[], bool]], None]
FIRST = "Meridian renews in March. "
REST = "Anna Keller wants a security review before that."


def _states(office: Office) -> set[str]:
    with office.company.store.read(Scope.system("test")) as session:
        return {job.status for job in session.query(Job).filter_by(kind=JOB_KIND)}


def _texts(office: Office, channel: str | None = None) -> list[str]:
    return [message.full_text for message in office.bot_messages(channel=channel)]


def _says_first(office: Office, until: Until, finished: str, seen: list[list[str]]) -> Callable[[Question], Answer]:
    """A model that says its first sentence, and the rest when that is on screen."""

    def answer(question: Question) -> Answer:
        assert question.hear is not None
        question.hear(FIRST)
        until(lambda: any(FIRST.strip() in text for text in _texts(office)))
        seen.append(_texts(office))
        question.hear("And a word that is dropped. ")
        return Answer(text=finished)

    return answer


def test_the_first_sentence_is_on_screen_before_the_answer_is_done(office: Office, until: Until) -> None:
    seen: list[list[str]] = []
    office.company.scripts["news"] = _says_first(office, until, FIRST + REST, seen)
    office.as_(REP).say("news")
    until(lambda: _states(office) == {"done"})
    assert len(seen) == 1
    assert REST not in seen[0][0]
    (message,) = office.bot_messages()
    assert (FIRST + REST) in message.full_text
    assert "dropped" not in message.full_text


def test_what_was_said_too_early_is_replaced_by_the_answer_that_counts(office: Office, until: Until) -> None:
    office.company.scripts["news"] = _says_first(office, until, "I do not know when they renew.", [])
    office.as_(REP).say("news")
    until(lambda: _states(office) == {"done"})
    (message,) = office.bot_messages()
    assert "I do not know" in message.full_text
    assert "March" not in message.full_text


@pytest.mark.parametrize(
    ("method", "error"), [("chat.appendStream", "message_not_in_streaming_state"), ("chat.stopStream", "internal_error")]
)
def test_a_live_answer_whose_stream_breaks_ends_as_one_whole_message(office: Office, until: Until, method: str, error: str) -> None:
    office.company.scripts["news"] = _says_first(office, until, FIRST + REST, [])
    office.workspace.faults.refuse(method, error)
    office.as_(REP).say("news")
    until(lambda: _states(office) == {"done"})
    (message,) = office.bot_messages()
    assert (FIRST + REST) in message.full_text


def test_a_stream_that_cannot_begin_leaves_the_finished_answer(office: Office, until: Until) -> None:
    def answer(question: Question) -> Answer:
        assert question.hear is not None
        question.hear(FIRST)
        return Answer(text=FIRST + REST)

    office.company.scripts["news"] = answer
    office.workspace.faults.refuse("chat.startStream", "internal_error")
    office.as_(REP).say("news")
    until(lambda: _states(office) == {"done"})
    assert (FIRST + REST) in office.bot_messages()[0].full_text


def test_a_stop_while_it_is_made_leaves_what_was_said(office: Office, until: Until) -> None:
    rep = office.as_(REP)
    said: list[str] = []

    def answer(question: Question) -> Answer:
        assert question.hear is not None
        question.hear(FIRST)
        until(lambda: bool(_texts(office)))
        rep.stop(said[0])
        until(lambda: office.slack.stops.stopped(rep.dm(), said[0], since=office.company.now))
        return Answer(text=FIRST + REST)

    office.company.scripts["news"] = answer
    with office.company.answering:
        said.append(rep.say("news"))
    until(lambda: _states(office) == {"done"})
    (text,) = _texts(office)
    assert FIRST.strip() in text
    assert REST not in text


def test_nothing_is_said_early_where_not_everyone_may_see_it(office: Office, until: Until) -> None:
    heard: list[str] = []

    def answer(question: Question) -> Answer:
        assert question.hear is not None
        question.hear(FIRST)
        heard.append(question.text)
        return Answer(text=FIRST + REST)

    office.company.scripts["news"] = answer
    rep = office.as_(REP)
    partners = rep.channel("partners")
    reply = rep.wait_for_reply(rep.say("@Rapport news", partners), channel=partners)
    until(lambda: _states(office) == {"done"})
    assert (FIRST + REST) in reply.full_text
    assert heard == ["news"]
    assert not office.bot_messages(GUEST, partners)


def test_a_stream_that_a_crash_left_open_becomes_the_answer_in_other_words(
    workspace: LocalWorkspace, company: Company, until: Until
) -> None:
    company.scripts["news"] = lambda question: Answer(text="Said anew after the crash: " + REST)
    with running(workspace, company) as office:
        rep = office.as_(REP)
        with company.answering:
            asked = rep.say("news")
            until(lambda: _states(office) != set())
            begun = web_client(office.tokens).chat_startStream(
                channel=rep.dm(), thread_ts=asked, recipient_user_id=rep.user_id, chunks=[{"type": "markdown_text", "text": FIRST}]
            )
            with company.store.read(Scope.system("test")) as session:
                key = str(session.query(Job).filter_by(kind=JOB_KIND).one().payload["key"])
            assert begins(company, key)
            keep(company, f"{key}:0", Posted(rep.dm(), str(begun["ts"])))
        until(lambda: _states(office) == {"done"})
        (text,) = _texts(office)
    assert "Said anew" in text
    assert "March" not in text
