"""What a bad day does to a message: duplicates, retries, lost replies, limits, crashes. One reply, always."""

from collections.abc import Callable

import pytest

from bot.local.workspace import LocalWorkspace
from bot.questions import Answer, Question
from bot.redaction import RedactingFormatter
from bot.slack.app import SlackTokens, build, web_client
from bot.slack.inbound import JOB_KIND, SOURCE
from bot.slack.kit import Message
from bot.slack.outbound import LOOK_BACK, Outbound, Unsendable
from bot.slack.pacing import Pace
from bot.slack.serve import SocketServer
from crm_store.access import Scope
from crm_store.models import InboundEvent, Job
from crm_store.store import Store
from tests.local.driver import Actor
from tests.slack.company import REP, Company, crash, refuse
from tests.slack.conftest import Office, no_pause, running

Until = Callable[[Callable[[], bool]], None]
LONG = " ".join(f"Sentence number {number} of a long answer." for number in range(60))


def rows(company: Company, model: type[InboundEvent] | type[Job]) -> int:
    with company.store.read(Scope.system("test")) as session:
        if model is Job:
            return session.query(Job).filter_by(kind=JOB_KIND).count()
        return session.query(InboundEvent).filter_by(source=SOURCE).count()


def test_four_deliveries_at_once_give_one_row_and_one_reply(office: Office, until: Until) -> None:
    office.workspace.faults.duplicate_next_event(times=3, at_once=True)
    office.ask("hello")
    until(lambda: office.workspace.deliveries().waiting + office.workspace.deliveries().sent == 0)
    assert len(office.bot_messages()) == 1
    assert rows(office.company, InboundEvent) == rows(office.company, Job) == 1


def test_an_event_whose_acknowledgement_is_lost_is_answered_once(office: Office, until: Until) -> None:
    office.workspace.faults.lose_acks()
    office.ask("hello")
    until(lambda: office.workspace.deliveries().acked >= 1)
    assert len(office.bot_messages()) == 1


def test_a_failed_write_is_not_acknowledged_and_is_delivered_again(
    workspace: LocalWorkspace, company: Company, until: Until
) -> None:
    with running(workspace, company) as office:
        good, company.store = company.store, Store("sqlite:////nowhere/at/all.db")
        rep = office.as_(REP)
        asked = rep.say("hello")
        until(lambda: any(d.attempts > 0 for d in workspace.state.outbox.due()) or workspace.deliveries().waiting > 0)
        assert not office.bot_messages()
        company.store = good
        assert "You said: hello" in rep.wait_for_reply(asked).full_text


def test_the_reply_comes_after_a_crash_between_acknowledgement_and_reply(
    workspace: LocalWorkspace, company: Company, until: Until
) -> None:
    tokens = SlackTokens(workspace.bot_token, workspace.app_token, "", workspace.api_url)
    with SocketServer(build(company, tokens), tokens, workers=2):  # no worker: the process dies before it answers
        asked = Actor(workspace.base_url, REP).say("hello")
        until(lambda: workspace.deliveries().acked == 1)
    with running(workspace, company) as office:
        assert "You said: hello" in office.as_(REP).wait_for_reply(asked).full_text


def test_a_job_that_runs_again_after_its_reply_was_posted_posts_nothing(office: Office, until: Until) -> None:
    office.ask("hello")
    until(lambda: job_states(office) == {"done"})
    with office.company.store.write(Scope.system("test")) as session:
        session.query(Job).filter_by(kind=JOB_KIND).one().status = "ready"
    office.company.wake()
    until(lambda: len(office.company.questions) == 2 and job_states(office) == {"done"})
    assert len(office.bot_messages()) == 1


def test_a_stream_that_was_left_open_is_completed(office: Office, until: Until) -> None:
    office.company.scripts["long"] = lambda question: Answer(text=LONG)
    office.workspace.faults.refuse("chat.stopStream", "internal_error", times=2)
    office.workspace.faults.server_error("chat.update", times=4)
    office.as_(REP).say("long")
    until(lambda: job_states(office) == {"done"})
    assert "Sentence number 59" in office.bot_messages()[0].full_text
    assert len(office.bot_messages()) == 1


def test_a_lost_reply_in_a_thread_of_hundreds_is_found_and_not_posted_again(office: Office, until: Until) -> None:
    first = office.ask("hello")
    rep = office.as_(REP)
    for number in range(LOOK_BACK * 2):
        office.workspace.state.messages.add(
            rep.dm(), {"text": f"hm {number}", "user": "U1", "thread_ts": first.thread_ts}
        )
    office.workspace.faults.lose_reply("chat.postMessage")
    asked = rep.say("again", thread_ts=first.thread_ts)
    until(lambda: rows(office.company, Job) == 2 and job_states(office) == {"done"})
    said = [message for message in rep.messages(thread_ts=first.thread_ts) if "You said: again" in message.full_text]
    assert len(said) == 1
    assert float(said[0].ts) > float(asked)


def test_a_thread_is_read_to_its_end_and_from_a_message_on(office: Office) -> None:
    first = office.ask("hello")
    dm = office.as_(REP).dm()
    added = [
        office.workspace.state.messages.add(dm, {"text": f"hm {number}", "user": "U1", "thread_ts": first.thread_ts})
        for number in range(LOOK_BACK + 5)
    ]
    out = Outbound(web_client(office.tokens), Pace(sleep=no_pause))
    assert [each["ts"] for each in out.recent(dm, first.thread_ts)][-LOOK_BACK - 5 :] == [each["ts"] for each in added]
    since = out.recent(dm, first.thread_ts, since=added[-2]["ts"])
    assert [each["ts"] for each in since if each["ts"] != first.thread_ts] == [each["ts"] for each in added[-2:]]


@pytest.mark.parametrize("fault", ["rate_limited", "lost_reply", "server_error"])
@pytest.mark.parametrize("text", ["hello", "long"])
def test_a_post_in_trouble_arrives_exactly_once(office: Office, until: Until, fault: str, text: str) -> None:
    office.company.scripts["long"] = lambda question: Answer(text=LONG)
    method = "chat.startStream" if text == "long" else "chat.postMessage"
    office.workspace.faults.set(fault, method=method, times=1, retry_after=0)
    office.as_(REP).say(text)
    until(lambda: job_states(office) == {"done"})
    assert len(office.bot_messages()) == 1
    assert ("Sentence number 59" if text == "long" else "You said: hello") in office.bot_messages()[0].full_text


def test_an_append_that_fails_leaves_one_whole_message(office: Office, until: Until) -> None:
    office.company.scripts["long"] = lambda question: Answer(text=LONG)
    office.workspace.faults.refuse("chat.appendStream", "message_not_in_streaming_state")
    office.as_(REP).say("long")
    until(lambda: job_states(office) == {"done"})
    assert len(office.bot_messages()) == 1
    assert "Sentence number 59" in office.bot_messages()[0].full_text


def test_a_stream_that_the_person_stops_stays_as_it_was(office: Office, until: Until) -> None:
    office.company.scripts["long"] = lambda question: Answer(text=LONG)
    office.workspace.faults.refuse("chat.appendStream", "stopped_by_user")
    office.as_(REP).say("long")
    until(lambda: job_states(office) == {"done"})
    assert len(office.bot_messages()) == 1
    assert "Sentence number 59" not in office.bot_messages()[0].full_text


def test_an_answer_that_was_stopped_while_it_was_made_is_not_posted(office: Office, until: Until) -> None:
    rep = office.as_(REP)
    said: list[str] = []

    def slow(question: Question) -> Answer:
        rep.stop(said[0])
        until(lambda: office.slack.stops.stopped(rep.dm(), said[0], since=office.company.now))
        return Answer(text="too late")

    office.company.scripts["slow"] = slow
    with office.company.answering:
        said.append(rep.say("slow"))
    until(lambda: job_states(office) == {"done"})
    assert not office.bot_messages()


def test_an_error_nobody_foresaw_shows_a_reference_and_logs_the_trace_without_secrets(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.company.scripts["crash"] = crash
    reply = office.ask("crash")
    reference = next(word for word in reply.full_text.replace(".", " ").split() if word.startswith("R-"))
    record = next(record for record in caplog.records if reference in record.getMessage())
    logged = RedactingFormatter("%(message)s").format(record)
    assert "ZeroDivisionError" in logged
    assert "xoxb-1-secret" not in logged + reply.full_text


def test_a_known_error_shows_its_own_sentence(office: Office) -> None:
    office.company.scripts["forbidden"] = refuse
    assert office.ask("forbidden").full_text == "Only managers may ask that. Ask yours."


def test_nothing_that_breaks_a_limit_is_sent(workspace: LocalWorkspace) -> None:
    out = Outbound(web_client(SlackTokens(workspace.bot_token, api_url=workspace.api_url)), Pace(sleep=no_pause))
    button = {"type": "button", "text": {"type": "plain_text", "text": "x" * 76}, "action_id": "a", "value": "v"}
    with pytest.raises(Unsendable, match="75 are allowed"):
        out.post("D1", Message("hello", ({"type": "actions", "elements": [button]},)), key="k")


def test_posts_in_one_channel_keep_a_second_between_them() -> None:
    slept: list[float] = []
    moment = [100.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        moment[0] += seconds

    pace = Pace(burst=1, now=lambda: moment[0], sleep=sleep)
    assert [pace.wait("C1"), pace.wait("C1"), pace.wait("C2")] == [0.0, 1.0, 0.0]
    assert slept == [1.0]


def test_the_bot_reconnects_when_slack_asks_it_to(office: Office) -> None:
    office.ask("hello")
    office.workspace.disconnect_sockets()
    assert "again" in office.ask("again").full_text


def job_states(office: Office) -> set[str]:
    with office.company.store.read(Scope.system("test")) as session:
        return {job.status for job in session.query(Job).filter_by(kind=JOB_KIND)}
