"""Blocks: every kind the app may send, with Slack's limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.local.database import Json
from bot.local.validate_elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from bot.local.validate_tables import check_rows
from bot.local.validate_text import PLAIN, Check

Surface = Literal["message", "modal", "home"]
MESSAGE_ONLY = frozenset({"markdown", "table", "data_table", "plan", "task_card", "context_actions"})
MARKDOWN_LIMIT = 12_000
TASK_STATES = ("pending", "in_progress", "complete", "error")
RICH_TEXT_PARTS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
BLOCK_KEYS: dict[str, tuple[str, ...]] = {
    "section": ("text", "fields", "accessory", "expand"),
    "divider": (),
    "image": ("alt_text", "image_url", "title", "slack_file"),
    "actions": ("elements",),
    "context": ("elements",),
    "context_actions": ("elements",),
    "input": ("label", "hint", "element", "optional", "dispatch_action"),
    "header": ("text", "level"),
    "markdown": ("text",),
    "video": (
        "alt_text",
        "video_url",
        "thumbnail_url",
        "title",
        "title_url",
        "description",
        "provider_icon_url",
        "provider_name",
        "author_name",
    ),
    "rich_text": ("elements",),
    "table": ("rows", "column_settings"),
    "data_table": ("rows", "caption", "page_size", "row_header_column_index"),
    "task_card": ("task_id", "title", "details", "output", "sources", "status"),
    "plan": ("title", "tasks"),
    "alert": ("text", "level"),
    "card": ("hero_image", "icon", "title", "subtitle", "body", "actions", "subtext", "slack_icon"),
    "container": (
        "title",
        "rich_text_title",
        "subtitle",
        "child_blocks",
        "width",
        "icon",
        "is_collapsible",
        "default_collapsed",
        "has_header_divider",
    ),
    "carousel": ("elements",),
}


@dataclass
class Blocks:
    """One pass over the blocks of a message or view; identifiers must be unique over the whole pass."""

    check: Check
    surface: Surface
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    actions: list[str] = field(default_factory=list)
    markdown: int = 0
    tables: int = 0
    characters: int = 0

    def run(self, blocks: object, where: str, most: int, least: int = 1) -> None:
        """Check a list of blocks."""
        for number, block in enumerate(self.check.items(blocks, where, most, least)):
            self.block(block, f"{where}/{number}")

    def block(self, block: object, where: str) -> None:
        """Check one block."""
        if not isinstance(block, dict):
            self.check.fail("must be an object", where)
            return
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in BLOCK_KEYS or (self.surface != "message" and kind in MESSAGE_ONLY):
            self.check.fail(f"unsupported type: {kind}", f"{where}/type")
            return
        self.check.known(block, ("type", "block_id", *BLOCK_KEYS[kind]), where)
        self._identify(block, where)
        outer, self.actions = self.actions, []
        CHECKS[kind](self, block, where)
        self._unique(where)
        self.actions = outer

    def _identify(self, block: Json, where: str) -> None:
        self.check.string(block.get("block_id"), f"{where}/block_id", 255)
        identifier = block.get("block_id")
        if identifier and identifier in self.block_ids:
            self.check.fail(f"block_id {identifier} already exists", f"{where}/block_id")
        elif identifier:
            self.block_ids.add(str(identifier))

    def _unique(self, where: str) -> None:
        # Views repeat one action_id over many rows; only the block must not. A message must not at all.
        seen = self.action_ids if self.surface == "message" else set[str]()
        for action in self.actions:
            if action in seen:
                self.check.fail(f"action_id {action} already exists", where)
            seen.add(action)

    def count(self, text: object) -> None:
        """Add to the characters of all blocks together."""
        if isinstance(text, dict):
            text = text.get("text")
        self.characters += len(text) if isinstance(text, str) else 0


def _section(at: Blocks, block: Json, where: str) -> None:
    if block.get("text") is None and not block.get("fields"):
        at.check.fail("missing required field: text or fields", where)
    at.check.text(block.get("text"), f"{where}/text", 3000, required=False)
    at.count(block.get("text"))
    if block.get("fields") is not None:
        for number, text in enumerate(at.check.items(block["fields"], f"{where}/fields", 10)):
            at.check.text(text, f"{where}/fields/{number}", 2000)
            at.count(text)
    if block.get("accessory") is not None:
        check_element(at.check, block["accessory"], f"{where}/accessory", IN_SECTION, at.actions)


def _image(at: Blocks, block: Json, where: str) -> None:
    check_image(at.check, block, where)
    at.check.text(block.get("title"), f"{where}/title", 2000, PLAIN, required=False)


def _actions(at: Blocks, block: Json, where: str) -> None:
    for number, element in enumerate(at.check.items(block.get("elements"), f"{where}/elements", 25)):
        check_element(at.check, element, f"{where}/elements/{number}", IN_ACTIONS, at.actions)


def _context(at: Blocks, block: Json, where: str) -> None:
    for number, element in enumerate(at.check.items(block.get("elements"), f"{where}/elements", 10)):
        place = f"{where}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(at.check, element, place)
        else:
            at.check.text(element, place, 3000)
            at.count(element)


def _context_actions(at: Blocks, block: Json, where: str) -> None:
    for number, element in enumerate(at.check.items(block.get("elements"), f"{where}/elements", 5)):
        check_element(at.check, element, f"{where}/elements/{number}", IN_CONTEXT_ACTIONS, at.actions)


def _input(at: Blocks, block: Json, where: str) -> None:
    at.check.text(block.get("label"), f"{where}/label", 2000, PLAIN)
    at.check.text(block.get("hint"), f"{where}/hint", 2000, PLAIN, required=False)
    check_element(at.check, block.get("element"), f"{where}/element", IN_INPUT, at.actions)


def _header(at: Blocks, block: Json, where: str) -> None:
    at.check.text(block.get("text"), f"{where}/text", 150, PLAIN)
    at.count(block.get("text"))


def _markdown(at: Blocks, block: Json, where: str) -> None:
    at.check.string(block.get("text"), f"{where}/text", MARKDOWN_LIMIT, least=1, required=True)
    at.markdown += len(block["text"]) if isinstance(block.get("text"), str) else 0
    at.count(block.get("text"))


def _rich_text(at: Blocks, block: Json, where: str) -> None:
    for number, part in enumerate(at.check.items(block.get("elements"), f"{where}/elements", 1000)):
        place = f"{where}/elements/{number}"
        if at.check.is_object(part, place) and isinstance(part, dict):
            at.check.one_of(part.get("type"), f"{place}/type", RICH_TEXT_PARTS, required=True)
            at.check.items(part.get("elements"), f"{place}/elements", 1000)


def _table(at: Blocks, block: Json, where: str) -> None:
    at.tables += 1
    at.characters += check_rows(at.check, block, where, 100, 1)
    if block.get("column_settings") is not None:
        at.check.items(block["column_settings"], f"{where}/column_settings", 20, 0)


def _data_table(at: Blocks, block: Json, where: str) -> None:
    at.check.string(block.get("caption"), f"{where}/caption", 3000, least=1, required=True)
    at.check.whole(block.get("page_size"), f"{where}/page_size", 1, 100)
    at.characters += check_rows(at.check, block, where, 201, 2)
    rows = block.get("rows")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for index, cell in enumerate(rows[0]):
            if isinstance(cell, dict) and cell.get("type") == "rich_text":
                at.check.fail("a header cell cannot be rich_text", f"{where}/rows/0/{index}")


def _task_card(at: Blocks, block: Json, where: str) -> None:
    at.check.string(block.get("task_id"), f"{where}/task_id", 255, least=1, required=True)
    at.check.string(block.get("title"), f"{where}/title", 3000, least=1, required=True)
    at.check.one_of(block.get("status"), f"{where}/status", TASK_STATES)
    for key in ("details", "output"):
        if block.get(key) is not None and (not isinstance(block[key], dict) or block[key].get("type") != "rich_text"):
            at.check.fail("must be a rich_text block", f"{where}/{key}")


def _plan(at: Blocks, block: Json, where: str) -> None:
    at.check.string(block.get("title"), f"{where}/title", 3000, least=1, required=True)
    if block.get("tasks") is not None:
        for number, task in enumerate(at.check.items(block["tasks"], f"{where}/tasks", 50, 0)):
            if at.check.is_object(task, f"{where}/tasks/{number}") and isinstance(task, dict):
                _task_card(at, task, f"{where}/tasks/{number}")


def _alert(at: Blocks, block: Json, where: str) -> None:
    at.check.text(block.get("text"), f"{where}/text", 3000)
    at.check.one_of(block.get("level"), f"{where}/level", ("default", "info", "warning", "error", "success"))
    at.count(block.get("text"))


def _card(at: Blocks, block: Json, where: str) -> None:
    if not any(block.get(key) for key in ("hero_image", "title", "actions", "body")):
        at.check.fail("missing required field: hero_image, title, actions or body", where)
    for key, most in (("title", 150), ("subtitle", 150), ("body", 200), ("subtext", 200)):
        at.check.text(block.get(key), f"{where}/{key}", most, required=False)
        at.count(block.get(key))
    for key in ("hero_image", "icon"):
        if block.get(key) is not None and at.check.is_object(block[key], f"{where}/{key}"):
            check_image(at.check, block[key], f"{where}/{key}")
    if block.get("actions") is not None:
        for number, element in enumerate(at.check.items(block["actions"], f"{where}/actions", 3)):
            check_element(at.check, element, f"{where}/actions/{number}", frozenset({"button"}), at.actions)


def _container(at: Blocks, block: Json, where: str) -> None:
    if block.get("title") is None and block.get("rich_text_title") is None:
        at.check.fail("missing required field: title or rich_text_title", where)
    at.check.text(block.get("title"), f"{where}/title", 150, PLAIN, required=False)
    at.check.text(block.get("subtitle"), f"{where}/subtitle", 150, required=False)
    at.check.one_of(block.get("width"), f"{where}/width", ("narrow", "standard", "wide", "full"))
    if block.get("is_collapsible") and block.get("has_header_divider"):
        at.check.fail("has_header_divider cannot be set when is_collapsible is true", where)
    for number, child in enumerate(at.check.items(block.get("child_blocks"), f"{where}/child_blocks", 10)):
        if isinstance(child, dict) and child.get("type") in ("container", "carousel"):
            at.check.fail(f"unsupported type: {child['type']}", f"{where}/child_blocks/{number}/type")
        else:
            at.block(child, f"{where}/child_blocks/{number}")


def _carousel(at: Blocks, block: Json, where: str) -> None:
    for number, card in enumerate(at.check.items(block.get("elements"), f"{where}/elements", 10)):
        if isinstance(card, dict) and card.get("type") == "card":
            at.block(card, f"{where}/elements/{number}")
        else:
            at.check.fail("must be a card", f"{where}/elements/{number}")


def _free(_at: Blocks, _block: Json, _where: str) -> None:
    return None


CHECKS: dict[str, Callable[[Blocks, Json, str], None]] = {
    "section": _section,
    "divider": _free,
    "image": _image,
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "input": _input,
    "header": _header,
    "markdown": _markdown,
    "video": _free,
    "rich_text": _rich_text,
    "table": _table,
    "data_table": _data_table,
    "task_card": _task_card,
    "plan": _plan,
    "alert": _alert,
    "card": _card,
    "container": _container,
    "carousel": _carousel,
}
