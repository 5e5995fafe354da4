"""Blocks within Slack's limits and beyond them, by what each shows, and how a call is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.local import LocalWorkspace
from tests.local.driver import Actor

Quiet = tuple[LocalWorkspace, WebClient]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str = "a", **extra: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": action_id, **extra}


def options(count: int) -> list[dict[str, Any]]:
    return [{"text": plain(f"o{n}"), "value": f"v{n}"} for n in range(count)]


def row(*cells: str) -> list[dict[str, str]]:
    return [{"type": "raw_text", "text": cell} for cell in cells]


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def refusal(call: Callable[[], object]) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call()
    return dict(caught.value.response.data)


def dm(quiet: Quiet) -> str:
    return Actor(quiet[0].base_url, "ana@north.example").dm()


CARD = {"type": "card", "title": mrkdwn("t")}


GOOD: dict[str, dict[str, Any]] = {
    "section": {"type": "section", "text": mrkdwn("x" * 3000)},
    "fields": {"type": "section", "fields": [mrkdwn("x")] * 10},
    "header": {"type": "header", "text": plain("x" * 150)},
    "buttons": actions(*[button(f"a{n}", value="v" * 2000) for n in range(5)]),
    "select": actions({"type": "static_select", "action_id": "s", "options": options(100)}),
    "overflow": actions({"type": "overflow", "action_id": "o", "options": options(5)}),
    "checkboxes": actions(
        {"type": "checkboxes", "action_id": "c", "options": options(10), "initial_options": options(1)}
    ),
    "markdown": {"type": "markdown", "text": "x" * 10_000},
    "table": {"type": "table", "rows": [row(*"abc")] * 100},
    "data table": {"type": "data_table", "caption": "c", "rows": [row("a")] * 201},
    "plan": {
        "type": "plan",
        "title": "p",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "error"}],
    },
    "feedback": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": plain("+"), "value": "1"},
                "negative_button": {"text": plain("-"), "value": "0"},
            }
        ],
    },
    "alert": {"type": "alert", "text": mrkdwn("x"), "level": "warning"},
    "carousel": {"type": "carousel", "elements": [CARD] * 10},
    "container": {"type": "container", "title": plain("t"), "child_blocks": [{"type": "divider"}]},
    "rich text": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    },
}


CONFIRM = {"title": plain("t"), "text": plain("x" * 301), "confirm": plain("y"), "deny": plain("n")}


BAD: dict[str, dict[str, Any]] = {
    "unknown block": {"type": "mystery"},
    "unknown property": {"type": "divider", "color": "red"},
    "section without text": {"type": "section"},
    "empty text": {"type": "section", "text": mrkdwn("")},
    "long section": {"type": "section", "text": mrkdwn("x" * 3001)},
    "long field": {"type": "section", "fields": [mrkdwn("x" * 2001)]},
    "eleven fields": {"type": "section", "fields": [mrkdwn("x")] * 11},
    "mrkdwn header": {"type": "header", "text": mrkdwn("x")},
    "long header": {"type": "header", "text": plain("x" * 151)},
    "no elements": actions(),
    "26 elements": actions(*[button(f"a{n}") for n in range(26)]),
    "one action_id twice": actions(button("a"), button("a")),
    "long label": actions({**button(), "text": plain("x" * 76)}),
    "long value": actions(button(value="x" * 2001)),
    "long url": actions(button(url="https://x.example/" + "x" * 3000)),
    "odd style": actions(button(style="loud")),
    "long confirm": actions(button(confirm=CONFIRM)),
    "input outside an input block": actions({"type": "plain_text_input", "action_id": "a"}),
    "multi select in actions": actions({"type": "multi_static_select", "action_id": "a", "options": options(1)}),
    "101 options": actions({"type": "static_select", "action_id": "s", "options": options(101)}),
    "six overflow options": actions({"type": "overflow", "action_id": "o", "options": options(6)}),
    "eleven radios": actions({"type": "radio_buttons", "action_id": "r", "options": options(11)}),
    "long option value": actions(
        {"type": "static_select", "action_id": "s", "options": [{"text": plain("x"), "value": "v" * 151}]}
    ),
    "foreign initial option": actions(
        {
            "type": "static_select",
            "action_id": "s",
            "options": options(2),
            "initial_option": {"text": plain("o9"), "value": "v9"},
        }
    ),
    "eleven context elements": {"type": "context", "elements": [mrkdwn("x")] * 11},
    "image without alt_text": {"type": "image", "image_url": "https://x.example/a.png"},
    "unknown slack_file": {"type": "image", "alt_text": "x", "slack_file": {"id": "F0NOTTHERE"}},
    "long markdown": {"type": "markdown", "text": "x" * 12_001},
    "101 rows": {"type": "table", "rows": [row("a")] * 101},
    "21 columns": {"type": "table", "rows": [row(*"abcdefghijklmnopqrstu")]},
    "ragged table": {"type": "table", "rows": [row("a", "b"), row("a")]},
    "data_table without rows": {"type": "data_table", "caption": "c", "rows": [row("a")]},
    "long card": {"type": "card", "title": mrkdwn("x" * 151)},
    "four card actions": {"type": "card", "actions": [button(f"a{n}") for n in range(4)]},
    "eleven cards": {"type": "carousel", "elements": [CARD] * 11},
    "51 tasks": {
        "type": "plan",
        "title": "p",
        "tasks": [{"type": "task_card", "task_id": str(n), "title": "t", "status": "complete"} for n in range(51)],
    },
    "odd task": {"type": "task_card", "task_id": "1", "title": "t", "status": "half done"},
    "long block_id": {"type": "divider", "block_id": "x" * 256},
    "six context actions": {
        "type": "context_actions",
        "elements": [
            {"type": "icon_button", "icon": "trash", "text": plain("x"), "action_id": f"a{n}"} for n in range(6)
        ],
    },
}
