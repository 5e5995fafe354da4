"""Slack's limits, checked before anything is sent.

Sources: Slack's Block Kit reference; the cumulative limit is measured (posts fail from about 11,000 characters).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.kit import Json

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TEXT, MARKDOWN, TOGETHER = 40_000, 12_000, 11_000
TABLES = 1
CONFIRM = (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30))
VIEW_TEXTS = (("title", 24), ("submit", 24), ("close", 24))
ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}
LENGTHS = {"button": (("value", 2_000), ("url", 3_000)), "image": (("image_url", 3_000), ("alt_text", 2_000))}
OPTIONS = {"static_select": 100, "overflow": 5, "radio_buttons": 10, "checkboxes": 10}
MESSAGE_ONLY = ("markdown", "table", "data_table", "context_actions")


@dataclass(frozen=True)
class Violation:
    """What is wrong and where, as a path such as ``blocks/3/text``."""

    where: str
    what: str


def check(payload: Mapping[str, Any]) -> list[Violation]:
    """Everything Slack would refuse in a message (``text``, ``blocks``) or a view (``type`` modal or home)."""
    return list(_view(payload) if payload.get("type") in ("modal", "home") else _message(payload))


def _message(payload: Mapping[str, Any]) -> Iterator[Violation]:
    text, blocks = payload.get("text") or "", payload.get("blocks") or []
    if not text.strip():
        yield Violation("text", "is empty; notifications show it")
    yield from _length(text, TEXT, "text")
    if len(blocks) > MESSAGE_BLOCKS:
        yield Violation("blocks", f"has {len(blocks)} blocks, {MESSAGE_BLOCKS} are allowed")
    yield from _blocks(blocks)
    if sum(block.get("type") == "table" for block in blocks) > TABLES:
        yield Violation("blocks", "has more than one table")
    yield from _unique([element.get("action_id") for block in blocks for element in elements_of(block)], "action_id")
    if sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown") > MARKDOWN:
        yield Violation("blocks", "has too much Markdown")
    if sum(map(characters, blocks)) > TOGETHER:
        yield Violation("blocks", "is too long in all")


def _view(view: Mapping[str, Any]) -> Iterator[Violation]:
    blocks = view.get("blocks") or []
    if len(blocks) > VIEW_BLOCKS:
        yield Violation("blocks", f"has {len(blocks)} blocks, {VIEW_BLOCKS} are allowed")
    for key, most in VIEW_TEXTS:
        if key in view:
            yield from _text(view[key], most, key)
    yield from _length(view.get("private_metadata", ""), 3_000, "private_metadata")
    yield from _length(view.get("callback_id", ""), 255, "callback_id")
    if any(block.get("type") in MESSAGE_ONLY for block in blocks):
        yield Violation("blocks", "has a block that only messages take")
    if view.get("type") == "modal" and any(b.get("type") == "input" for b in blocks) and not view.get("submit"):
        yield Violation("submit", "is needed beside an input")
    yield from _blocks(blocks)


def _blocks(blocks: Sequence[Json]) -> Iterator[Violation]:
    yield from _unique([block.get("block_id") for block in blocks], "block_id")
    for number, block in enumerate(blocks):
        where = f"blocks/{number}"
        yield from _length(block.get("block_id", "x"), 255, f"{where}/block_id")
        kind = block.get("type", "")
        if kind not in KINDS:
            yield Violation(where, f"is of an unknown type {kind!r}")
            continue
        yield from KINDS[kind](block, where)
        for element in elements_of(block):
            yield from _element(element, f"{where}/{element.get('action_id', '')}")


def _section(block: Json, where: str) -> Iterator[Violation]:
    if "text" not in block and not block.get("fields"):
        yield Violation(where, "has neither text nor fields")
    if "text" in block:
        yield from _text(block["text"], 3_000, f"{where}/text")
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield Violation(where, "has more than 10 fields")
    for field in fields:
        yield from _text(field, 2_000, f"{where}/fields")


def _row(block: Json, where: str) -> Iterator[Violation]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= ELEMENTS[block["type"]]:
        yield Violation(where, f"has {len(elements)} elements, 1 to {ELEMENTS[block['type']]} are allowed")
    if block["type"] == "context":
        for element in elements:
            if element.get("type") != "image":
                yield from _text(element, 3_000, f"{where}/elements")


def _header(block: Json, where: str) -> Iterator[Violation]:
    yield from _text(block.get("text"), 150, f"{where}/text")


def _markdown(block: Json, where: str) -> Iterator[Violation]:
    yield from _length(block.get("text", ""), MARKDOWN, f"{where}/text")


def _image(block: Json, where: str) -> Iterator[Violation]:
    yield from _length(block.get("alt_text", ""), 2_000, f"{where}/alt_text")
    if ("image_url" in block) == ("slack_file" in block):
        yield Violation(where, "needs exactly one of image_url and slack_file")
    if "title" in block:
        yield from _text(block["title"], 2_000, f"{where}/title")


def _table(block: Json, where: str) -> Iterator[Violation]:
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100:
        yield Violation(where, f"has {len(rows)} rows, 1 to 100 are allowed")
    if len({len(row) for row in rows}) > 1 or any(not 1 <= len(row) <= 20 for row in rows):
        yield Violation(where, "needs 1 to 20 cells in every row, the same number in each")
    for row in rows:
        for cell in row:
            yield from _length(cell.get("text", ""), 3_000, f"{where}/rows")


def _input(block: Json, where: str) -> Iterator[Violation]:
    yield from _text(block.get("label"), 2_000, f"{where}/label")
    if "hint" in block:
        yield from _text(block["hint"], 2_000, f"{where}/hint")


def _free(block: Json, where: str) -> Iterator[Violation]:
    yield from ()


KINDS: dict[str, Callable[[Json, str], Iterator[Violation]]] = {
    "section": _section, "actions": _row, "context": _row, "context_actions": _row, "header": _header,
    "markdown": _markdown, "image": _image, "table": _table, "input": _input, "divider": _free, "rich_text": _free,
}  # fmt: skip


def elements_of(block: Json) -> list[Json]:
    """The interactive elements and images in a block."""
    found = block.get("elements", []) if block.get("type") in ("actions", "context_actions") else []
    return [*found, *(block[key] for key in ("accessory", "element") if key in block)]


def characters(block: Json) -> int:
    """How much a block counts towards the limit for all blocks together."""
    kind = block.get("type")
    if kind in ("section", "header", "markdown", "context", "image"):
        texts = [block.get("text"), *block.get("fields", []), *(block.get("elements", []) if kind == "context" else [])]
        return sum(_size(text) for text in texts)
    if kind == "table":
        return sum(len(cell.get("text", "")) for row in block.get("rows", []) for cell in row)
    return 0


def _size(text: object) -> int:
    if isinstance(text, dict):
        text = text.get("text")
    return len(text) if isinstance(text, str) else 0


def _element(element: Json, where: str) -> Iterator[Violation]:
    kind = element.get("type", "")
    yield from _length(element.get("action_id", "x"), 255, f"{where}/action_id")
    if kind == "button":
        yield from _text(element.get("text"), 75, f"{where}/text")
    for key, most in LENGTHS.get(kind, ()):
        if key in element:
            yield from _length(element[key], most, f"{where}/{key}", least=0)
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, f"{where}/placeholder")
    for key, most in CONFIRM if "confirm" in element else ():
        yield from _text(element["confirm"].get(key), most, f"{where}/confirm/{key}")
    options = element.get("options", [])
    if len(options) > OPTIONS.get(kind, 100):
        yield Violation(where, "has too many options")
    for option in options:
        yield from _text(option.get("text"), 75, f"{where}/options")
        yield from _length(option.get("value", ""), 150, f"{where}/options")


def _text(value: Any, most: int, where: str) -> Iterator[Violation]:
    if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
        yield Violation(where, "is no text object")
    else:
        yield from _length(value.get("text", ""), most, where)


def _length(value: str, most: int, where: str, *, least: int = 1) -> Iterator[Violation]:
    if not (value or least == 0 or where in ("text", "private_metadata", "callback_id")):
        yield Violation(where, "is empty")
    if len(value) > most:
        yield Violation(where, f"has {len(value)} characters, {most} are allowed")


def _unique(values: Sequence[str | None], what: str) -> Iterator[Violation]:
    given = [value for value in values if value]
    yield from (
        Violation("blocks", f"repeats the {what} {value}") for value in sorted({v for v in given if given.count(v) > 1})
    )
