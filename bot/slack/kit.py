"""The small pieces that every card is built from, each kept within Slack's limits for it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.text import defuse, escape, shorten

Json = dict[str, Any]

SECTION, HEADER, CELL, BUTTON, VALUE, OPTION_VALUE, IDENTIFIER, CONTEXT = 3_000, 150, 300, 75, 2_000, 150, 255, 2_000
TABLE_ROWS, TABLE_COLUMNS = 100, 20
ONE_LINE = 18
"""Cells up to this many characters, as a date or a name is, stay on one line."""


@dataclass(frozen=True)
class Message:
    """One message to post: ``blocks`` and ``text``, what notifications and old clients show (mrkdwn, escaped)."""

    text: str
    blocks: tuple[Json, ...] = ()


def identifier(*parts: str) -> str:
    """An action or block id; one that would be too long ends in a digest and stays unique."""
    whole = ".".join(parts)
    if len(whole) <= IDENTIFIER:
        return whole
    return f"{whole[:200]}.{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def plain_text(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": shorten(defuse(text).strip() or "…", most), "emoji": False}


def mrkdwn(text: str, most: int = SECTION) -> Json:
    """``text`` is mrkdwn already: whoever calls has escaped what came from the record."""
    return {"type": "mrkdwn", "text": shorten(text.strip() or "…", most)}


def section(text: str, *, accessory: Json | None = None, block_id: str | None = None) -> Json:
    block: Json = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return _identified(block, block_id)


def header(text: str) -> Json:
    return {"type": "header", "text": plain_text(text, HEADER)}


def title(text: str) -> Json:
    return section(f"*{escape(shorten(text, 300))}*")


def context(*texts: str, block_id: str | None = None) -> Json:
    """Small grey lines; at most ten, each mrkdwn."""
    return _identified({"type": "context", "elements": [mrkdwn(text, CONTEXT) for text in texts[:10]]}, block_id)


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": defuse(text)}


def button(label: str, action: str, value: str, *, style: str | None = None, confirm: Json | None = None) -> Json:
    made: Json = {
        "type": "button",
        "text": plain_text(label, BUTTON),
        "action_id": action,
        "value": shorten(value, VALUE),
    }
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = confirm
    return made


def link_button(label: str, action: str, url: str) -> Json:
    return {"type": "button", "text": plain_text(label, BUTTON), "action_id": action, "url": url}


def are_you_sure(heading: str, text: str, yes: str, no: str = "Cancel") -> Json:
    return {
        "title": plain_text(heading, 100), "text": plain_text(text, 300),
        "confirm": plain_text(yes, 30), "deny": plain_text(no, 30),
    }  # fmt: skip


def actions(buttons: Iterable[Json], block_id: str | None = None) -> list[Json]:
    """One row of buttons, several when there are more than 25, none when there are none."""
    buttons = list(buttons)
    rows = [buttons[start : start + 25] for start in range(0, len(buttons), 25)]
    return [
        _identified({"type": "actions", "elements": row}, f"{block_id}.{number}" if block_id and number else block_id)
        for number, row in enumerate(rows)
    ]


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], budget: int = 5_000
) -> tuple[Json, int]:
    """A table block and how many rows it shows; the rest does not fit 100 rows or ``budget`` characters."""
    width = min(len(heads), TABLE_COLUMNS)
    shown: list[list[Json]] = [[_cell(head) for head in heads[:width]]]
    used = 0
    for row in rows[: TABLE_ROWS - 1]:
        cells = [_cell(row[index] if index < len(row) else "") for index in range(width)]
        used += sum(len(cell["text"]) for cell in cells)
        if used > budget:
            break
        shown.append(cells)
    settings = [
        {
            "align": "right" if right[index] else "left",
            "is_wrapped": not right[index] and any(len(row[index]["text"]) > ONE_LINE for row in shown),
        }
        for index in range(width)
    ]
    return {"type": "table", "rows": shown, "column_settings": settings}, len(shown) - 1


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": shorten(defuse(text).strip() or "–", CELL)}


def _identified(block: Json, block_id: str | None) -> Json:
    return block if block_id is None else {**block, "block_id": identifier(block_id)}
