"""Blocks and views are taken and refused as Slack does."""

from typing import Any

import pytest

from tests.local.blocks import BAD, GOOD, Quiet, dm, plain, refusal
from tests.local.driver import Actor


@pytest.mark.parametrize("name", GOOD)
def test_a_block_within_the_limits_is_taken(quiet: Quiet, name: str) -> None:
    posted = quiet[1].chat_postMessage(channel=dm(quiet), text="t", blocks=[GOOD[name]])
    assert posted["message"]["blocks"][0]["block_id"]


@pytest.mark.parametrize("name", BAD)
def test_a_block_beyond_the_limits_is_refused(quiet: Quiet, name: str) -> None:
    said = refusal(lambda: quiet[1].chat_postMessage(channel=dm(quiet), text="t", blocks=[BAD[name]]))
    assert said["error"] == "invalid_blocks"
    assert said["response_metadata"]["messages"]


def view(**changes: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("T"), "blocks": [{"type": "divider"}], **changes}


FIELD = {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "a"}}


@pytest.mark.parametrize(
    "bad",
    [
        view(title=plain("x" * 25)),
        view(close=plain("x" * 25)),
        view(blocks=[{"type": "divider"}] * 101),
        view(private_metadata="x" * 3001),
        view(callback_id="x" * 256),
        view(blocks=[FIELD]),
        view(title=None),
        view(blocks=[{"type": "markdown", "text": "x"}]),
        view(unknown=1),
        view(type="window"),
    ],
    ids=["title", "close", "blocks", "metadata", "callback", "no submit", "no title", "markdown", "property", "type"],
)
def test_a_view_beyond_the_limits_is_refused(quiet: Quiet, bad: dict[str, Any]) -> None:
    user = Actor(quiet[0].base_url, "ana@north.example").user_id
    trigger = quiet[0].state.sessions.new_trigger(user)
    assert refusal(lambda: quiet[1].views_open(trigger_id=trigger, view=bad))["error"] == "invalid_arguments"


def test_a_trigger_opens_one_view_and_only_in_time(quiet: Quiet) -> None:
    workspace, client = quiet
    user = Actor(workspace.base_url, "ana@north.example").user_id
    trigger = workspace.state.sessions.new_trigger(user)
    opened = client.views_open(trigger_id=trigger, view=view(external_id="one"))["view"]
    assert refusal(lambda: client.views_open(trigger_id=trigger, view=view()))["error"] == "exchanged_trigger_id"
    assert refusal(lambda: client.views_open(trigger_id="1.2.3", view=view()))["error"] == "invalid_trigger_id"
    late = workspace.state.sessions.new_trigger(user, expired=True)
    assert refusal(lambda: client.views_open(trigger_id=late, view=view()))["error"] == "expired_trigger_id"
    updated = client.views_update(view_id=opened["id"], hash=opened["hash"], view=view(title=plain("New")))["view"]
    stale = refusal(lambda: client.views_update(view_id=opened["id"], hash=opened["hash"], view=view()))
    assert stale["error"] == "hash_conflict"
    assert updated["title"]["text"] == "New"
    for _ in range(2):
        client.views_push(trigger_id=workspace.state.sessions.new_trigger(user), view=view())
    fourth = workspace.state.sessions.new_trigger(user)
    assert refusal(lambda: client.views_push(trigger_id=fourth, view=view()))["error"] == "push_limit_reached"
