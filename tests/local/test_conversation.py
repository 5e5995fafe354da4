"""A person talks with an unmodified Bolt app: messages, buttons, forms, commands, files."""

from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest
from slack_bolt import Ack, Respond, SayStream
from slack_sdk import WebClient

from bot.local import WorkspaceError
from tests.local.bench import Bench, echo, open_bench, until


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(label: str, action_id: str) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": "7"}


FORM = {
    "type": "modal",
    "callback_id": "log",
    "title": plain("Log a call"),
    "submit": plain("Save"),
    "private_metadata": "m1",
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": plain("What"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "kind",
            "label": plain("Kind"),
            "element": {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": plain("Call"), "value": "call"}, {"text": plain("Mail"), "value": "mail"}],
            },
        },
        {
            "type": "input",
            "block_id": "amount",
            "optional": True,
            "label": plain("Amount"),
            "element": {"type": "number_input", "is_decimal_allowed": False, "action_id": "n"},
        },
    ],
}


def wire_actions(bench: Bench) -> None:
    @bench.app.event("message")
    def on_message(event: dict[str, Any], client: WebClient) -> None:
        if not event.get("bot_id") and event.get("subtype") is None:
            client.chat_postMessage(
                channel=event["channel"],
                thread_ts=event["ts"],
                text="Log this?",
                blocks=[
                    {"type": "section", "text": {"type": "mrkdwn", "text": "*Log this?*"}},
                    {"type": "actions", "elements": [button("Log all", "log_all"), button("Edit", "edit")]},
                ],
            )

    @bench.app.action("log_all")
    def log_all(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        ack()
        bench.note(body)
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Logged.")
        client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text="Only for you")
        respond(text="Also by response_url", replace_original=False)

    @bench.app.action("edit")
    def edit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bench.app.view("log")
    def saved(ack: Ack, body: dict[str, Any]) -> None:
        bench.note(body)
        if body["view"]["state"]["values"]["what"]["text"]["value"] == "too short":
            ack(response_action="errors", errors={"what": "Say more."})
        else:
            ack()

    @bench.app.view_closed("log")
    def closed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        bench.note(body)

    @bench.app.command("/rapport")
    def command(ack: Ack, command: dict[str, Any]) -> None:
        bench.note(dict(command))
        ack(f"Heard {command['text']}")

    @bench.app.shortcut("log_this")
    def shortcut(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        bench.note(body)
        client.views_open(trigger_id=body["trigger_id"], view=FORM)


@pytest.fixture(params=["socket", "http"])
def acting(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    bench = open_bench(tmp_path, wire_actions, request.param)
    yield bench
    bench.close()


def test_a_direct_message_is_answered_in_its_thread(either: Bench) -> None:
    ana = either.actor()
    ts = ana.say("R&D <3 https://halden.example/x?a=1&b=2 ask idris@north.example")
    reply = ana.wait_for_reply(ts)
    assert reply.thread_ts == ts
    assert reply.text == (
        "You said: R&amp;D &lt;3 <https://halden.example/x?a=1&amp;b=2> ask "
        "<mailto:idris@north.example|idris@north.example>"
    )
    event = either.seen[0]["event"]
    assert event["channel_type"] == "im"
    assert event["user"] == ana.user_id
    assert "thread_ts" not in event


def test_the_app_hears_of_a_mention_twice_and_only_where_it_was_invited(tmp_path: Path) -> None:
    bench = open_bench(tmp_path, echo)
    mentions: list[dict[str, Any]] = []

    @bench.app.event("app_mention")
    def on_mention(event: dict[str, Any]) -> None:
        mentions.append(event)

    ana = bench.actor()
    ts = ana.say("@Rapport what closed? cc @Idris Bello", channel=ana.channel("#sales"))
    ana.wait_for_reply(ts, channel=ana.channel("sales"))
    idris = bench.actor("idris@north.example").user_id
    assert [m["text"] for m in mentions] == [f"<@{ana.bot_user_id}> what closed? cc <@{idris}>"]
    assert [e["event"]["channel_type"] for e in bench.seen if not e["event"].get("bot_id")] == ["channel"]
    ana.say("@Rapport hello?", channel=ana.channel("random"))
    notice = ana.messages(ana.channel("random"))[-1]
    assert notice.ephemeral
    assert "not in this channel" in notice.text
    assert len(mentions) == 1
    bench.close()


def test_guests_and_strangers_are_marked_as_slack_marks_them(bench: Bench) -> None:
    gus, stella = bench.actor("gus@agency.example"), bench.actor("stella@buyer.example")
    assert bench.client.users_info(user=gus.user_id)["user"]["is_restricted"] is True
    user = bench.client.users_info(user=stella.user_id)["user"]
    assert user["team_id"] != bench.workspace.state.identity.team_id
    assert "email" not in user["profile"]
    stella.wait_for_reply(stella.say("hi"))
    body = next(b for b in bench.seen if b["event"].get("user") == stella.user_id)
    assert body["is_ext_shared_channel"] is True
    assert body["event"]["user_team"] == user["team_id"]


def test_a_button_updates_its_message_and_an_ephemeral_is_seen_by_one_person(acting: Bench) -> None:
    ana = acting.actor()
    asked = ana.wait_for_reply(ana.say("call with Marta"))
    assert asked.buttons == ["Log all", "Edit"]
    ana.press(asked, "Log all")
    until(acting, lambda: any(m.text == "Also by response_url" for m in ana.messages()))
    texts = {m.text: m for m in ana.messages()}
    assert texts["Logged."].ts == asked.ts
    assert texts["Logged."].blocks == ()
    assert texts["Only for you"].ephemeral
    assert texts["Also by response_url"].ephemeral
    action = acting.seen[0]["actions"][0]
    assert (action["value"], action["type"]) == ("7", "button")
    assert acting.seen[0]["message"]["ts"] == asked.ts


def test_a_form_is_opened_checked_and_submitted(acting: Bench) -> None:
    ana = acting.actor()
    ana.press(ana.wait_for_reply(ana.say("call")), "edit")
    form = ana.modal()
    assert form["private_metadata"] == "m1"
    assert ana.submit(form, {"What": "x"}) == {"kind": "Please complete this required field."}
    assert ana.submit(form, {"what": "ok", "Kind": "Mail", "amount": "many"}) == {"amount": "Please enter a number."}
    assert ana.submit(form, {"What": "too short", "pick": "call"}) == {"what": "Say more."}
    assert ana.has_modal()
    assert ana.submit(form, {"What": "A call", "Kind": "Mail", "Amount": 3}) == {}
    assert not ana.has_modal()
    values = acting.seen[-1]["view"]["state"]["values"]
    assert values["what"]["text"] == {"type": "plain_text_input", "value": "A call"}
    assert values["kind"]["pick"]["selected_option"]["value"] == "mail"
    assert values["amount"]["n"]["value"] == "3"


def test_a_message_shortcut_opens_a_form_and_closing_it_is_heard(acting: Bench) -> None:
    ana = acting.actor()
    reply = ana.wait_for_reply(ana.say("call"))
    ana.shortcut(reply, "log_this")
    assert acting.seen[0]["type"] == "message_action"
    assert acting.seen[0]["message"]["text"] == "Log this?"
    ana.close(ana.modal())
    assert acting.seen[-1]["type"] == "view_closed"
    assert not ana.has_modal()


def test_a_slash_command_is_answered_for_one_person(acting: Bench) -> None:
    ana = acting.actor()
    ana.command("/rapport", "my tasks", channel=ana.channel("sales"))
    shown = ana.messages(ana.channel("sales"))[-1]
    assert (shown.text, shown.ephemeral) == ("Heard my tasks", True)
    assert acting.actor("idris@north.example").messages(ana.channel("sales")) == []
    assert acting.seen[0]["channel_name"] == "sales"
    with pytest.raises(WorkspaceError, match="not a valid command"):
        ana.command("/unknown")


def test_a_file_reaches_the_app_and_needs_its_token(either: Bench) -> None:
    ana = either.actor()
    ana.wait_for_reply(ana.say("notes", files=[("call.vtt", b"WEBVTT\n\nhello")]))
    event = next(b["event"] for b in either.seen if b["event"].get("subtype") == "file_share")
    found = event["files"][0]
    assert (found["name"], found["size"]) == ("call.vtt", 13)
    url = found["url_private_download"]
    response = either.client._perform_urllib_http_request_internal(url, _get(url, either.workspace.bot_token))
    assert response["body"] == "WEBVTT\n\nhello"
    signed_out = either.client._perform_urllib_http_request_internal(url, _get(url, "xoxb-wrong"))
    assert "<!doctype html>" in signed_out["body"]


def _get(url: str, token: str) -> Any:
    return Request(url, headers={"Authorization": f"Bearer {token}"})


def test_the_app_uploads_a_picture_and_shows_it(bench: Bench) -> None:
    ana = bench.actor()
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    uploaded = bench.client.files_upload_v2(
        channel=ana.dm(), filename="chart.png", content=picture, initial_comment="Q4"
    )
    shared = ana.messages()[-1]
    assert shared.text == "Q4"
    assert shared.files[0]["mimetype"] == "image/png"
    blocks = [{"type": "image", "alt_text": "Q4", "slack_file": {"id": uploaded["file"]["id"]}}]
    assert bench.client.chat_postMessage(channel=ana.dm(), text="Q4", blocks=blocks)["ok"]


def test_opening_the_tabs_is_told_and_home_and_prompts_are_shown(bench: Bench) -> None:
    ana = bench.actor()
    bench.client.views_publish(
        user_id=ana.user_id,
        view={"type": "home", "blocks": [{"type": "actions", "elements": [button("Refresh", "refresh")]}]},
    )
    ana.open_home()
    assert ana.home()["blocks"][0]["elements"][0]["text"]["text"] == "Refresh"
    ana.open_messages_tab()
    bench.client.assistant_threads_setSuggestedPrompts(
        channel_id=ana.dm(), prompts=[{"title": "Next?", "message": "what should I do next?"}]
    )
    assert ana.prompts() == ["what should I do next?"]
    until(bench, lambda: len(bench.seen) == 2)
    assert [b["event"]["tab"] for b in bench.seen] == ["home", "messages"]
    assert bench.seen[0]["event"]["view"]["type"] == "home"


def test_a_streamed_reply_is_complete_once_it_was_stopped(tmp_path: Path) -> None:
    def wire(bench: Bench) -> None:
        @bench.app.event("message")
        def on_message(event: dict[str, Any], say_stream: SayStream, client: WebClient) -> None:
            if event.get("bot_id"):
                return
            client.assistant_threads_setStatus(
                channel_id=event["channel"], thread_ts=event["ts"], status="is thinking…"
            )
            stream = say_stream(buffer_size=1, thread_ts=event["ts"], task_display_mode="plan")
            stream.append(chunks=[{"type": "task_update", "id": "1", "title": "Read", "status": "in_progress"}])
            stream.append(markdown_text="**one**")
            stream.append(chunks=[{"type": "task_update", "id": "1", "title": "Read", "status": "complete"}])
            stream.stop(markdown_text=" two", blocks=[{"type": "actions", "elements": [button("Undo", "undo")]}])

    bench = open_bench(tmp_path, wire)
    ana = bench.actor()
    reply = ana.wait_for_reply(ana.say("go"))
    assert reply.text == "**one** two"
    assert [b["type"] for b in reply.blocks] == ["plan", "markdown", "actions"]
    assert reply.blocks[0]["tasks"][0]["status"] == "complete"
    assert reply.buttons == ["Undo"]
    bench.close()
