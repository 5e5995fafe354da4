"""Events reach the app at least once, as Slack delivers them; interactions at most once."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Literal

import pytest
from slack_bolt import Ack, BoltRequest

from bot.local import LocalWorkspace, WorkspaceError
from tests.local.bench import PEOPLE, Bench, echo, open_bench, until
from tests.local.driver import Actor


def wire_stubborn(bench: Bench) -> None:
    """Fails on the first two deliveries of every person's message."""
    tries: dict[str, int] = {}

    @bench.app.event("message")
    def on_message(body: dict[str, Any], request: BoltRequest) -> None:
        if body["event"].get("bot_id"):
            return
        number = tries[body["event_id"]] = tries.get(body["event_id"], 0) + 1
        bench.note(
            {
                "retry": request.headers.get("x-slack-retry-num", [""])[0],
                "number": number,
                "reason": request.headers.get("x-slack-retry-reason", [""])[0],
                "id": body["event_id"],
            }
        )
        if number <= 2:
            raise RuntimeError("the database is away")


@pytest.mark.parametrize(("transport", "reason"), [("socket", "timeout"), ("http", "http_error")])
def test_an_event_that_is_not_acknowledged_comes_again(
    tmp_path: Path, transport: Literal["socket", "http"], reason: str
) -> None:
    bench = open_bench(tmp_path, wire_stubborn, transport, ack_seconds=1.2 if transport == "socket" else 10.0)
    bench.actor().say("hello")
    until(bench, lambda: len(bench.seen) == 3 and bench.workspace.deliveries().acked == 1)
    assert len({s["id"] for s in bench.seen}) == 1
    assert [s["retry"] for s in bench.seen[1:]] == ["1", "2"]
    assert {s["reason"] for s in bench.seen[1:]} == {reason}
    bench.close()


def test_slack_gives_up_after_three_retries(tmp_path: Path) -> None:
    def refuse(bench: Bench) -> None:
        @bench.app.event("message")
        def on_message(body: dict[str, Any]) -> None:
            bench.note(body)
            raise RuntimeError("never")

    bench = open_bench(tmp_path, refuse, "http", ack_seconds=10.0)
    bench.actor().say("hello")
    until(bench, lambda: bench.workspace.deliveries().failed == 1)
    assert len(bench.seen) == 4
    bench.close()


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_lost_acknowledgement_brings_the_event_twice(tmp_path: Path, transport: Literal["socket", "http"]) -> None:
    def listen(bench: Bench) -> None:
        @bench.app.event("message")
        def on_message(body: dict[str, Any]) -> None:
            bench.note(body)

    bench = open_bench(tmp_path, listen, transport, ack_seconds=1.5 if transport == "socket" else 10.0)
    bench.workspace.faults.lose_acks()
    bench.actor().say("once")
    until(bench, lambda: bench.workspace.deliveries().acked == 1)
    assert len(bench.seen) == 2
    assert len({b["event_id"] for b in bench.seen}) == 1
    bench.close()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_duplicated_event_arrives_as_often_as_asked(bench: Bench, at_once: bool) -> None:
    bench.actor().fault("duplicate_event", times=3, at_once=at_once)
    bench.actor().say("four times")
    until(bench, lambda: len([b for b in bench.seen if not b["event"].get("bot_id")]) == 4)
    assert len({b["event_id"] for b in bench.seen if not b["event"].get("bot_id")}) == 1


def test_events_wait_until_a_socket_is_open_and_survive_a_restart(tmp_path: Path) -> None:
    with LocalWorkspace(tmp_path, PEOPLE) as workspace:
        bench = Bench(workspace, None, None, "socket")  # type: ignore[arg-type]  # no app yet: that is the point
        sent = bench.actor().say("are you there?")
        token = workspace.bot_token
    later = open_bench(tmp_path, echo)
    assert later.workspace.bot_token == token
    assert later.actor().wait_for_reply(sent).text == "You said: are you there?"
    assert later.seen[0]["event"]["ts"] == sent
    later.close()


def test_an_unacknowledged_event_is_delivered_again_after_a_restart(tmp_path: Path) -> None:
    reached = threading.Event()

    def hang(bench: Bench) -> None:
        @bench.app.event("message")
        def on_message() -> None:
            reached.set()
            threading.Event().wait(1.0)

    first = open_bench(tmp_path, hang, ack_seconds=0.5)
    sent = first.actor().say("do not lose me")
    assert reached.wait(5)
    first.close()
    second = open_bench(tmp_path, echo)
    assert second.actor().wait_for_reply(sent).text == "You said: do not lose me"
    second.close()


def test_what_was_said_survives_a_killed_workspace(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from bot.local import LocalWorkspace;"
        "from tests.local.bench import PEOPLE; workspace = LocalWorkspace(Path(sys.argv[1]), PEOPLE);"
        "workspace.start(); print(workspace.base_url, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        sent = Actor(process.stdout.readline().strip(), PEOPLE[0].email).say("remember me")
        process.kill()
    bench = open_bench(tmp_path, echo)
    assert bench.actor().wait_for_reply(sent).text == "You said: remember me"
    bench.close()


def test_the_app_reconnects_when_it_is_told_to(bench: Bench) -> None:
    bench.workspace.disconnect_sockets()
    until(bench, lambda: bench.workspace.state.sockets.count == 0)
    until(bench, lambda: bench.workspace.state.sockets.count == 1)
    ana = bench.actor()
    assert ana.wait_for_reply(ana.say("still there?")).text == "You said: still there?"


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_click_that_is_not_acknowledged_is_not_repeated(tmp_path: Path, transport: Literal["socket", "http"]) -> None:
    def deaf(bench: Bench) -> None:
        @bench.app.action("go")
        def go(ack: Ack, body: dict[str, Any]) -> None:
            bench.note(body)
            raise RuntimeError("before the ack")

    bench = open_bench(tmp_path, deaf, transport, ack_seconds=0.4)
    ana = bench.actor()
    bench.client.chat_postMessage(
        channel=ana.dm(),
        text="?",
        blocks=[
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
            }
        ],
    )
    with pytest.raises(WorkspaceError, match=r"operation_timeout|http_error"):
        ana.press(ana.messages()[-1], "Go")
    threading.Event().wait(0.6)
    assert len(bench.seen) == 1
    bench.close()


def test_a_click_without_a_connected_app_fails_at_once(tmp_path: Path) -> None:
    with LocalWorkspace(tmp_path, PEOPLE) as workspace:
        bench = Bench(workspace, None, None, "socket")  # type: ignore[arg-type]  # no app at all
        with pytest.raises(WorkspaceError, match="dispatch_failed"):
            bench.actor().command("/rapport", "hello")


def test_a_person_who_edits_or_stops_is_heard(tmp_path: Path) -> None:
    def listen(bench: Bench) -> None:
        @bench.app.event("message")
        def on_message(body: dict[str, Any]) -> None:
            bench.note(body["event"])

        @bench.app.event("agent_session_stopped")
        def on_stop(body: dict[str, Any]) -> None:
            bench.note(body["event"])

        @bench.app.event("app_context_changed")
        def on_context(body: dict[str, Any]) -> None:
            bench.note(body["event"])

    bench = open_bench(tmp_path, listen)
    ana = bench.actor()
    ts = ana.say("first")
    ana.edit(ts, "second")
    stream = bench.client.chat_startStream(channel=ana.dm(), thread_ts=ts, markdown_text="a")
    ana.stop(ts)
    ana.look_at([{"type": "channel", "id": "C1"}])
    until(bench, lambda: len(bench.seen) >= 4)
    by_type = {e.get("subtype") or e["type"]: e for e in bench.seen}
    assert by_type["message_changed"]["message"]["text"] == "second"
    assert by_type["agent_session_stopped"]["streaming_message_ts"] == [stream["ts"]]
    assert by_type["app_context_changed"]["context"]["entities"] == [{"type": "channel", "id": "C1"}]
    bench.close()
