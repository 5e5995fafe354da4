"""What a person sees, typed: messages, the places of their elements, and the values of fields."""

from dataclasses import dataclass, field

from bot.local.database import Json
from bot.local.errors import WorkspaceError
from bot.local.form_values import VALUE_KEYS, elements


@dataclass(frozen=True)
class Message:
    """One message as the person sees it. `done` is False while it streams."""

    ts: str
    text: str
    user: str
    thread_ts: str | None
    channel: str
    from_bot: bool
    ephemeral: bool
    done: bool
    blocks: tuple[Json, ...] = ()
    files: tuple[Json, ...] = ()
    raw: Json = field(default_factory=dict)

    @property
    def buttons(self) -> list[str]:
        """The labels of the message's buttons, in order."""
        return [str(e["text"]["text"]) for _, e in elements(list(self.blocks)) if e.get("type") == "button"]

    @property
    def full_text(self) -> str:
        """Every readable text of the blocks, or the message's text when it has none."""
        found: list[str] = []
        _texts(list(self.blocks), found)
        return "\n".join(found) if found else self.text


def _texts(part: object, found: list[str]) -> None:
    if isinstance(part, list):
        for item in part:
            _texts(item, found)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "title", "caption", "alt_text") and isinstance(value, str):
                found.append(value)
            elif key not in ("confirm", "placeholder"):
                _texts(value, found)


def place_of(where: Message | Json) -> tuple[list[Json], Json]:
    """The blocks of a message or view, and how the door names that place."""
    if isinstance(where, Message):
        return list(where.blocks), {"channel": where.channel, "ts": where.ts}
    return where["blocks"], {"view_id": where["id"]}


def labels_of(element: Json) -> list[tuple[str, Json]]:
    """What can be pressed on an element: its label, and what pressing it sends."""
    if element["type"] == "feedback_buttons":
        sides = [element["positive_button"], element["negative_button"]]
        return [(str(side["text"]["text"]), {"value": side["value"]}) for side in sides]
    if element["type"] in ("button", "icon_button"):
        return [(str(element["text"]["text"]), {})]
    return []


def given_value(element: Json, value: object) -> Json:
    """The value as the element reports it: an option object for an option's value or label, else itself."""
    key = "selected_option" if element["type"] == "overflow" else VALUE_KEYS[element["type"]][1]
    if key == "selected_option":
        return {key: _option(element, value)}
    if key == "selected_options":
        chosen = value if isinstance(value, list | tuple) else [value]
        return {key: [_option(element, one) for one in chosen]}
    return {key: str(value) if key in ("value", "selected_date", "selected_time") else value}


def _option(element: Json, value: object) -> Json:
    groups = element.get("option_groups") or [element]
    for option in [o for group in groups for o in group.get("options", [])]:
        if value in (option.get("value"), option["text"]["text"]):
            found: Json = option
            return found
    raise WorkspaceError(f"There is no option {value!r}.")
