"""What stands in the fields of a message or view, and what a client checks before it submits."""

import re
from collections.abc import Iterator

from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.validate_elements import IN_INPUT

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
VALUE_KEYS: dict[str, tuple[str, str]] = {
    # element type -> (its initial property, the property that holds its value)
    "plain_text_input": ("initial_value", "value"),
    "email_text_input": ("initial_value", "value"),
    "url_text_input": ("initial_value", "value"),
    "number_input": ("initial_value", "value"),
    "rich_text_input": ("initial_value", "rich_text_value"),
    "file_input": ("initial_files", "files"),
    "static_select": ("initial_option", "selected_option"),
    "external_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "checkboxes": ("initial_options", "selected_options"),
    "multi_static_select": ("initial_options", "selected_options"),
    "multi_external_select": ("initial_options", "selected_options"),
    "datepicker": ("initial_date", "selected_date"),
    "timepicker": ("initial_time", "selected_time"),
    "datetimepicker": ("initial_date_time", "selected_date_time"),
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "multi_conversations_select": ("initial_conversations", "selected_conversations"),
    "channels_select": ("initial_channel", "selected_channel"),
    "multi_channels_select": ("initial_channels", "selected_channels"),
}
LIST_VALUES = frozenset({"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"})


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, nested ones included."""
    for block in blocks:
        match block.get("type"):
            case "actions" | "context_actions":
                yield from ((block, element) for element in block.get("elements", []))
            case "section" if block.get("accessory"):
                yield block, block["accessory"]
            case "input":
                yield block, block["element"]
            case "card":
                yield from ((block, element) for element in block.get("actions") or [])
            case "carousel":
                yield from elements(block.get("elements", []))
            case "container":
                yield from elements(block.get("child_blocks", []))
            case _:
                continue


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The block and the element of an action; refuses what is not there (any more)."""
    for block, element in elements(blocks):
        if element.get("action_id") == action_id and block_id in (None, "", block.get("block_id")):
            return block, element
    raise SlackRefusal("action_not_found")


def state_values(blocks: list[Json], typed: Json) -> Json:
    """`state.values`: what each field starts with, overlaid with what the person changed."""
    values: Json = {}
    for block, element in elements(blocks):
        kind = element["type"]
        if kind not in VALUE_KEYS:
            continue
        initial, key = VALUE_KEYS[kind]
        start = element.get(initial)
        value = typed.get(block["block_id"], {}).get(element["action_id"])
        if isinstance(value, dict):
            start = value.get(key)
        elif value is not None:
            start = value
        if start is None and key in LIST_VALUES:
            start = []
        values.setdefault(block["block_id"], {})[element["action_id"]] = {
            "type": kind,
            key: start if start != "" else None,
        }
    return values


def field_errors(blocks: list[Json], values: Json) -> dict[str, str]:
    """Block id -> what is wrong, as a Slack client says before it sends the form."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input" or block["element"]["type"] not in IN_INPUT:
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]].get(VALUE_KEYS[element["type"]][1])
        problem = _problem(element, value, optional=bool(block.get("optional")))
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(element: Json, value: object, *, optional: bool) -> str:
    if value in (None, "", []):
        return "" if optional else "Please complete this required field."
    text = str(value)
    match element["type"]:
        case "plain_text_input":
            if len(text) > (element.get("max_length") or 3000):
                return f"Please use at most {element.get('max_length') or 3000} characters."
            if len(text) < (element.get("min_length") or 0):
                return f"Please use at least {element['min_length']} characters."
        case "email_text_input" if not EMAIL.fullmatch(text):
            return "Please enter an email address."
        case "url_text_input" if not text.startswith(("http://", "https://")):
            return "Please enter a link."
        case "number_input":
            return _number_problem(element, text)
        case "multi_static_select" | "multi_users_select" if isinstance(value, list):
            if len(value) > (element.get("max_selected_items") or 100):
                return f"Please choose at most {element['max_selected_items']}."
        case _:
            pass
    return ""


def _number_problem(element: Json, text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != int(number):
        return "Please enter a whole number."
    if element.get("min_value") and number < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if element.get("max_value") and number > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""
