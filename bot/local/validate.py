"""Whole payloads: messages, views, prompts. Each function refuses as the Web API refuses."""

import json

from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.validate_blocks import MARKDOWN_LIMIT, Blocks
from bot.local.validate_text import PLAIN, Check

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TEXT_LIMIT = 40_000
BLOCK_TEXT_LIMIT = 11_000  # all blocks of one message together; measured, not documented
VIEW_SIZE_LIMIT = 250_000
VIEW_KEYS = (
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
)


def check_message(text: object, blocks: object, attachments: object = None, *, files: bool = False) -> list[Json]:
    """Refuse a message Slack would refuse; returns the blocks (an empty list when there are none)."""
    if text is not None and not isinstance(text, str):
        raise SlackRefusal("invalid_arguments", ["text must be a string"])
    if text and len(text) > TEXT_LIMIT:
        raise SlackRefusal("msg_too_long")
    if blocks in (None, []) and not attachments and not files and not (text or "").strip():
        raise SlackRefusal("no_text")
    if blocks is None:
        return []
    return check_blocks(blocks)


def check_blocks(blocks: object) -> list[Json]:
    """The blocks of a message, when Slack would take them."""
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format")
    run = Blocks(Check(), "message")
    run.run(blocks, "/blocks", MESSAGE_BLOCKS, least=0)
    if run.check.problems:
        raise SlackRefusal("invalid_blocks", run.check.problems)
    if run.tables > 1:
        raise SlackRefusal("only_one_table_allowed")
    if run.markdown > MARKDOWN_LIMIT or run.characters > BLOCK_TEXT_LIMIT:
        raise SlackRefusal("msg_blocks_too_long")
    return blocks


def check_metadata(metadata: object) -> None:
    """Message metadata is an event_type and an event_payload."""
    if metadata is None:
        return
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackRefusal("invalid_metadata_format")


def check_view(view: object, kinds: tuple[str, ...]) -> Json:
    """A modal or home view, when Slack would take it; `invalid_arguments` otherwise."""
    if not isinstance(view, dict):
        raise SlackRefusal("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    check = Check()
    kind = view.get("type")
    if kind not in kinds:
        check.fail(f"unsupported type: {kind}", "/view/type")
    check.known(view, VIEW_KEYS, "/view")
    home = kind == "home"
    run = Blocks(check, "home" if home else "modal")
    run.run(view.get("blocks"), "/view/blocks", VIEW_BLOCKS, least=0)
    check.text(view.get("title"), "/view/title", 24, PLAIN, required=not home)
    for key in ("submit", "close"):
        if home and view.get(key) is not None:
            check.fail(f"home view cannot have {key}", f"/view/{key}")
        check.text(view.get(key), f"/view/{key}", 24, PLAIN, required=False)
    check.string(view.get("private_metadata"), "/view/private_metadata", 3000)
    check.string(view.get("callback_id"), "/view/callback_id", 255)
    check.string(view.get("external_id"), "/view/external_id", 255)
    blocks = view.get("blocks")
    inputs = (
        any(isinstance(b, dict) and b.get("type") == "input" for b in blocks) if isinstance(blocks, list) else False
    )
    if inputs and not home and view.get("submit") is None:
        check.fail("missing required field: submit is required when there is an input block", "/view/submit")
    if check.problems:
        raise SlackRefusal("invalid_arguments", check.problems)
    if len(json.dumps(view)) > VIEW_SIZE_LIMIT:
        raise SlackRefusal("view_too_large")
    return view


def check_prompts(prompts: object) -> list[Json]:
    """Suggested prompts: at most four, each a title and a message."""
    check = Check()
    for number, prompt in enumerate(check.items(prompts, "/prompts", 4, 1)):
        if check.is_object(prompt, f"/prompts/{number}") and isinstance(prompt, dict):
            check.string(prompt.get("title"), f"/prompts/{number}/title", 255, least=1, required=True)
            check.string(prompt.get("message"), f"/prompts/{number}/message", 4000, least=1, required=True)
    if check.problems:
        raise SlackRefusal("invalid_arguments", check.problems)
    return prompts if isinstance(prompts, list) else []
