"""Cutting what is too long for one message into several, at places a reader would choose."""

from collections.abc import Iterator

from bot.slack import kit
from bot.slack.kit import Json, Message
from bot.slack.limits import MESSAGE_BLOCKS, characters
from bot.slack.text import split

TOGETHER = 8_900
MARKDOWN = 8_000


def fit(message: Message) -> list[Message]:
    """The message as one or more that Slack takes; each has a ``text`` of its own."""
    held: list[Json] = []
    done: list[list[Json]] = []
    for block in (piece for whole in message.blocks for piece in _pieces(whole)):
        if held and not _joins(held, block):
            done.append(held)
            held = []
        held.append(block)
    groups = [*done, held] if held else done
    return [
        Message(message.text if number == 0 else f"({number + 1} of {len(groups)})", tuple(unique(group)))
        for number, group in enumerate(groups)
    ] or [message]


def _pieces(block: Json) -> Iterator[Json]:
    """A Markdown block that is too long as several; anything else as it is."""
    if block["type"] != "markdown":
        yield block
        return
    for text in split(block["text"], MARKDOWN):
        yield kit.markdown(text)


def _joins(held: list[Json], block: Json) -> bool:
    if len(held) >= MESSAGE_BLOCKS or sum(map(characters, held)) + characters(block) > TOGETHER:
        return False
    return block["type"] != "table" or all(other["type"] != "table" for other in held)


def unique(blocks: list[Json]) -> list[Json]:
    """The blocks with every action and block id made unique, where one record is shown twice."""
    actions: dict[str, int] = {}
    ids: dict[str, int] = {}
    found: list[Json] = []
    for block in blocks:
        made = dict(block)
        for key in ("accessory", "element"):
            if key in made:
                made[key] = _renamed(made[key], actions)
        if made["type"] in ("actions", "context_actions"):
            made["elements"] = [_renamed(element, actions) for element in made["elements"]]
        if "block_id" in made:
            made["block_id"] = _fresh(made["block_id"], ids)
        found.append(made)
    return found


def _renamed(element: Json, seen: dict[str, int]) -> Json:
    return {**element, "action_id": _fresh(element["action_id"], seen)} if "action_id" in element else element


def _fresh(identifier: str, seen: dict[str, int]) -> str:
    seen[identifier] = seen.get(identifier, 0) + 1
    if seen[identifier] == 1:
        return identifier
    return _fresh(f"{identifier[:245]}~{seen[identifier]}", seen)
