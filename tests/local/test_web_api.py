"""The Web API answers and refuses as Slack does."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.local import LocalWorkspace, Settings, WorkspaceError
from tests.local.bench import PEOPLE
from tests.local.blocks import GOOD, Quiet, actions, button, dm, mrkdwn, refusal
from tests.local.driver import Actor


def test_a_message_must_say_something_and_not_too_much(quiet: Quiet) -> None:
    client, channel = quiet[1], dm(quiet)
    assert refusal(lambda: client.api_call("chat.postMessage", json={"channel": channel}))["error"] == "no_text"
    assert refusal(lambda: client.chat_postMessage(channel=channel, text="x" * 40_001))["error"] == "msg_too_long"
    assert client.chat_postMessage(channel=channel, text="x" * 40_000)["ok"]
    many = [{"type": "divider"}] * 51
    assert refusal(lambda: client.chat_postMessage(channel=channel, text="t", blocks=many))["error"] == "invalid_blocks"
    heavy = [{"type": "section", "text": mrkdwn("x" * 3000)}] * 4
    assert (
        refusal(lambda: client.chat_postMessage(channel=channel, text="t", blocks=heavy))["error"]
        == "msg_blocks_too_long"
    )
    twins = [{"type": "divider", "block_id": "b"}] * 2
    assert (
        refusal(lambda: client.chat_postMessage(channel=channel, text="t", blocks=twins))["error"] == "invalid_blocks"
    )
    across = [actions(button("a")), actions(button("a"))]
    assert (
        refusal(lambda: client.chat_postMessage(channel=channel, text="t", blocks=across))["error"] == "invalid_blocks"
    )
    tables = [GOOD["table"]] * 2
    said = refusal(lambda: client.chat_postMessage(channel=channel, text="t", blocks=tables))
    assert said["error"] == "only_one_table_allowed"


def test_places_that_are_not_there_are_refused(quiet: Quiet) -> None:
    workspace, client = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    ids = {c["name"]: c["id"] for c in workspace.state.directory.channels() if not c["is_im"]}
    cases = {
        "channel_not_found": lambda: client.chat_postMessage(channel="C0NOWHERE", text="x"),
        "not_in_channel": lambda: client.chat_postMessage(channel=ids["random"], text="x"),
        "thread_not_found": lambda: client.conversations_replies(channel=ana.dm(), ts="1.000000"),
        "message_not_found": lambda: client.chat_update(channel=ana.dm(), ts="1.000000", text="x"),
        "cant_update_message": lambda: client.chat_update(channel=ana.dm(), ts=ana.say("mine"), text="x"),
        "cant_delete_message": lambda: client.chat_delete(channel=ana.dm(), ts=ana.say("mine")),
        "users_not_found": lambda: client.users_lookupByEmail(email="nobody@north.example"),
        "user_not_found": lambda: client.users_info(user="U0NOBODY"),
        "file_not_found": lambda: client.files_info(file="F0NOTHING"),
        "user_not_in_channel": lambda: client.chat_postEphemeral(
            channel=ids["sales"], user=Actor(workspace.base_url, "gus@agency.example").user_id, text="x"
        ),
        "time_in_past": lambda: client.chat_scheduleMessage(channel=ana.dm(), post_at=1, text="x"),
        "invalid_scheduled_message_id": lambda: client.chat_deleteScheduledMessage(
            channel=ana.dm(), scheduled_message_id="Q1"
        ),
        "unknown_method": lambda: client.api_call("chat.shout"),
    }
    assert {code: refusal(call)["error"] for code, call in cases.items()} == {code: code for code in cases}
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.conversations_info(channel=ids["board"])


def test_only_the_right_token_is_taken(quiet: Quiet) -> None:
    base = quiet[0].api_url
    assert refusal(lambda: WebClient(base_url=base).auth_test())["error"] == "not_authed"
    assert refusal(lambda: WebClient("xoxb-no", base_url=base).auth_test())["error"] == "invalid_auth"
    swapped = WebClient(quiet[0].app_token, base_url=base)
    assert refusal(lambda: swapped.auth_test())["error"] == "not_allowed_token_type"


def test_arguments_come_as_json_form_or_query(quiet: Quiet) -> None:
    workspace, channel = quiet[0], dm(quiet)
    values = {"channel": channel, "text": "t", "token": workspace.bot_token, "blocks": json.dumps([GOOD["header"]])}
    encoded = urllib.parse.urlencode(values).encode()
    url = f"{workspace.api_url}chat.postMessage"
    as_query = json.load(urllib.request.urlopen(f"{url}?{encoded.decode()}"))
    as_form = json.load(urllib.request.urlopen(url, encoded))
    request = urllib.request.Request(
        url, json.dumps(values).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
    as_json = json.load(urllib.request.urlopen(request))
    for reply in (as_query, as_form, as_json):
        assert reply["message"]["blocks"][0]["type"] == "header"


def test_a_stream_ends_by_stop_by_time_and_by_the_person(quiet: Quiet) -> None:
    workspace, client = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    root, channel = ana.say("go"), ana.dm()

    def start() -> str:
        return str(client.chat_startStream(channel=channel, thread_ts=root, markdown_text="a")["ts"])

    done = start()
    assert (
        refusal(lambda: client.chat_update(channel=channel, ts=done, text="x"))["error"] == "streaming_state_conflict"
    )
    assert refusal(lambda: client.chat_appendStream(channel=channel, ts=done, markdown_text=""))["error"] == "no_text"
    too_long = refusal(lambda: client.chat_appendStream(channel=channel, ts=done, markdown_text="x" * 12_000))
    assert too_long["error"] == "msg_too_long"
    client.chat_stopStream(channel=channel, ts=done, markdown_text="b")
    over = refusal(lambda: client.chat_appendStream(channel=channel, ts=done, markdown_text="c"))
    assert over["error"] == "message_not_in_streaming_state"
    assert client.chat_update(channel=channel, ts=done, text="whole")["message"]["text"] == "whole"
    old = start()
    lasting = workspace.state.settings
    workspace.state.settings = replace(lasting, stream_seconds=-1.0)
    assert refusal(lambda: client.chat_appendStream(channel=channel, ts=old, markdown_text="c"))["error"] == (
        "message_not_in_streaming_state"
    )
    workspace.state.settings = lasting
    assert client.chat_update(channel=channel, ts=old, text="in the end")["message"]["text"] == "in the end"
    stopped = start()
    ana.stop(root)
    assert refusal(lambda: client.chat_appendStream(channel=channel, ts=stopped, markdown_text="c"))["error"] == (
        "stopped_by_user"
    )
    by_fault = start()
    ana.fault("stopped_stream")
    assert refusal(lambda: client.chat_appendStream(channel=channel, ts=by_fault, markdown_text="c"))["error"] == (
        "stopped_by_user"
    )
    assert refusal(lambda: client.chat_appendStream(channel=channel, ts=by_fault, markdown_text="c"))["error"] == (
        "stopped_by_user"
    )
    sales = ana.channel("sales")
    thread = ana.say("@Rapport", channel=sales)
    assert (
        refusal(lambda: client.chat_startStream(channel=sales, thread_ts=thread))["error"]
        == "missing_recipient_user_id"
    )


def test_faults_hit_the_next_calls_and_no_more(quiet: Quiet) -> None:
    workspace, client = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    workspace.faults.rate_limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel=ana.dm(), text="limited")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    ana.fault("server_error", method="chat.postMessage", status=503)
    with pytest.raises(SlackApiError) as broken:
        client.chat_postMessage(channel=ana.dm(), text="broken")
    assert broken.value.response.status_code == 503
    workspace.faults.refuse("chat.update", "edit_window_closed")
    ts = str(client.chat_postMessage(channel=ana.dm(), text="fine")["ts"])
    assert refusal(lambda: client.chat_update(channel=ana.dm(), ts=ts, text="x"))["error"] == "edit_window_closed"
    texts = [m.text for m in ana.messages()]
    assert texts.count("fine") == 1
    assert not {"limited", "broken"} & set(texts)


def test_a_lost_reply_was_carried_out(quiet: Quiet) -> None:
    workspace, _ = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    careful = WebClient(workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    workspace.faults.lose_reply("chat.postMessage")
    with pytest.raises((urllib.error.URLError, http.client.RemoteDisconnected, ConnectionError)):
        careful.chat_postMessage(channel=ana.dm(), text="did it arrive?")
    assert [m.text for m in ana.messages()].count("did it arrive?") == 1


def test_reading_back_gives_threads_people_and_permalinks(quiet: Quiet) -> None:
    workspace, client = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    sales = ana.channel("sales")
    root = ana.say("root", channel=sales)
    reply = client.chat_postMessage(
        channel=sales, thread_ts=root, text="reply", metadata={"event_type": "log", "event_payload": {"id": 1}}
    )["ts"]
    replies = client.conversations_replies(channel=sales, ts=root, include_all_metadata=True)["messages"]
    assert [m["text"] for m in replies] == ["root", "reply"]
    assert replies[1]["metadata"]["event_payload"] == {"id": 1}
    assert replies[0]["reply_count"] == 1
    assert "reply" not in [m["text"] for m in client.conversations_history(channel=sales)["messages"]]
    link = client.chat_getPermalink(channel=sales, message_ts=reply)["permalink"]
    assert link == f"{workspace.base_url}#{sales}/{reply}?thread_ts={root}"
    assert ana.user_id in client.conversations_members(channel=sales)["members"]
    assert client.conversations_open(users=ana.user_id)["channel"]["id"] == ana.dm()
    client.reactions_add(channel=sales, timestamp=root, name="eyes")
    twice = refusal(lambda: client.reactions_add(channel=sales, timestamp=root, name="eyes"))
    assert twice["error"] == "already_reacted"
    newest = client.conversations_history(channel=sales, limit=1)
    assert [m["text"] for m in newest["messages"]] == ["root"]
    assert client.conversations_history(channel=sales, limit=1, oldest=root)["messages"] == []
    older = client.conversations_history(channel=sales, limit=1, cursor="", latest=root, inclusive=True)
    assert [m["ts"] for m in older["messages"]] == [root]


def test_a_scheduled_message_is_posted_when_its_time_comes(quiet: Quiet) -> None:
    workspace, client = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    after = ana.say("remind me")
    client.chat_scheduleMessage(channel=ana.dm(), post_at=int(time.time()) + 1, text="It is time")
    assert ana.wait_for_reply(after).text == "It is time"


def test_scopes_that_were_not_granted_are_missed(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(scopes=frozenset({"chat:write", "im:history"}))
    with LocalWorkspace(tmp_path_factory.mktemp("scopes"), PEOPLE, settings=settings) as workspace:
        client = WebClient(workspace.bot_token, base_url=workspace.api_url)
        ana = Actor(workspace.base_url, "ana@north.example")
        assert client.conversations_history(channel=ana.dm())["ok"]
        said = refusal(lambda: client.conversations_members(channel=ana.channel("sales")))
        assert (said["error"], said["needed"]) == ("missing_scope", "channels:read")


MANIFEST: dict[str, Any] = {
    "features": {
        "bot_user": {"display_name": "Ledger"},
        "agent_view": {"suggested_prompts": [{"title": "Next?", "message": "what next?"}]},
        "slash_commands": [{"command": "/ledger"}],
        "shortcuts": [{"name": "Log", "type": "message", "callback_id": "log"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
}


def test_the_manifest_decides_what_the_app_gets(tmp_path_factory: pytest.TempPathFactory) -> None:
    with LocalWorkspace(tmp_path_factory.mktemp("manifest"), PEOPLE, manifest=MANIFEST) as workspace:
        client = WebClient(workspace.bot_token, base_url=workspace.api_url)
        ana = Actor(workspace.base_url, "ana@north.example")
        assert ana.prompts() == ["what next?"]
        ana.say("nobody subscribed to this")
        assert workspace.deliveries().waiting == 0
        ana.say("@Ledger are you there?", channel=ana.channel("sales"))
        assert workspace.deliveries().waiting == 1
        assert refusal(lambda: client.users_info(user=ana.user_id))["error"] == "missing_scope"
        with pytest.raises(WorkspaceError, match="/rapport is not a valid command"):
            ana.command("/rapport")
    with pytest.raises(WorkspaceError, match="not an app manifest"):
        LocalWorkspace(tmp_path_factory.mktemp("broken"), PEOPLE, manifest={"features": {}})


def test_slack_s_rates_can_be_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    with LocalWorkspace(tmp_path_factory.mktemp("rates"), PEOPLE, settings=Settings(rate_limits=True)) as workspace:
        client = WebClient(workspace.bot_token, base_url=workspace.api_url)
        ana = Actor(workspace.base_url, "ana@north.example")

        def burst() -> None:
            for number in range(20):
                client.chat_postMessage(channel=ana.dm(), text=str(number))

        with pytest.raises(SlackApiError) as limited:
            burst()
        assert limited.value.response.status_code == 429
        assert int(limited.value.response.headers["Retry-After"]) >= 1
        assert client.chat_postMessage(channel=ana.channel("sales"), text="another place")["ok"]


def test_a_response_address_is_good_for_five_answers(quiet: Quiet) -> None:
    workspace, _ = quiet
    ana = Actor(workspace.base_url, "ana@north.example")
    url = f"{workspace.base_url}response/{workspace.state.sessions.new_address(ana.dm(), ana.user_id)}"
    hook = WebhookClient(url)
    assert [hook.send(text=str(n), response_type="ephemeral").status_code for n in range(6)] == [200] * 5 + [404]
    assert [m.text for m in ana.messages() if m.ephemeral][-5:] == ["0", "1", "2", "3", "4"]
    assert WebhookClient(f"{workspace.base_url}response/unknown").send(text="x").status_code == 404


def test_a_link_is_told_of_and_unfurled(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(events=frozenset({"link_shared"}), unfurl_domains=frozenset({"crm.example"}))
    with LocalWorkspace(tmp_path_factory.mktemp("links"), PEOPLE, settings=settings) as workspace:
        client = WebClient(workspace.bot_token, base_url=workspace.api_url)
        ana = Actor(workspace.base_url, "ana@north.example")
        ana.say("see https://elsewhere.example/1", channel=ana.channel("sales"))
        assert workspace.deliveries().waiting == 0
        ts = ana.say("see https://crm.example/deals/1", channel=ana.channel("sales"))
        assert workspace.deliveries().waiting == 1
        client.chat_unfurl(
            channel=ana.channel("sales"), ts=ts, unfurls={"https://crm.example/deals/1": {"text": "A deal"}}
        )
        assert ana.messages(ana.channel("sales"))[-1].raw["attachments"][0]["text"] == "A deal"
