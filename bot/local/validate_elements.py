"""Block elements: buttons, selects, pickers, inputs; where each may stand and how long its parts may be."""

import re

from bot.local.database import Json
from bot.local.validate_text import PLAIN, Check

SELECTS = frozenset({"static_select", "external_select", "users_select", "conversations_select", "channels_select"})
MULTI_SELECTS = frozenset(f"multi_{name}" for name in SELECTS)
CHOICES = frozenset({"checkboxes", "radio_buttons"})
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
TYPED = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"}
)

IN_ACTIONS = SELECTS | CHOICES | PICKERS | {"button", "overflow", "workflow_button"}
IN_SECTION = IN_ACTIONS | MULTI_SELECTS | {"image"}
IN_INPUT = SELECTS | MULTI_SELECTS | CHOICES | PICKERS | TYPED
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

COMMON = frozenset({"type", "action_id", "confirm", "focus_on_load", "placeholder"})
PROPERTIES: dict[str, frozenset[str]] = {
    "button": frozenset(
        {"type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt"}
    ),
    "overflow": frozenset({"type", "action_id", "options", "confirm"}),
    "workflow_button": frozenset({"type", "action_id", "text", "workflow", "style", "accessibility_label"}),
    "image": frozenset({"type", "image_url", "alt_text", "slack_file"}),
    "feedback_buttons": frozenset({"type", "action_id", "positive_button", "negative_button"}),
    "icon_button": frozenset(
        {"type", "action_id", "icon", "text", "accessibility_label", "value", "visible_to_user_ids", "confirm"}
    ),
    "static_select": COMMON | {"options", "option_groups", "initial_option"},
    "multi_static_select": COMMON | {"options", "option_groups", "initial_options", "max_selected_items"},
    "external_select": COMMON | {"initial_option", "min_query_length"},
    "multi_external_select": COMMON | {"initial_options", "min_query_length", "max_selected_items"},
    "users_select": COMMON | {"initial_user"},
    "multi_users_select": COMMON | {"initial_users", "max_selected_items"},
    "conversations_select": COMMON
    | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
    "multi_conversations_select": COMMON
    | {"initial_conversations", "default_to_current_conversation", "max_selected_items", "filter"},
    "channels_select": COMMON | {"initial_channel", "response_url_enabled"},
    "multi_channels_select": COMMON | {"initial_channels", "max_selected_items"},
    "checkboxes": COMMON | {"options", "initial_options"},
    "radio_buttons": COMMON | {"options", "initial_option"},
    "datepicker": COMMON | {"initial_date"},
    "timepicker": COMMON | {"initial_time", "timezone"},
    "datetimepicker": COMMON | {"initial_date_time"},
    "plain_text_input": COMMON | {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"},
    "email_text_input": COMMON | {"initial_value", "dispatch_action_config"},
    "url_text_input": COMMON | {"initial_value", "dispatch_action_config"},
    "number_input": COMMON
    | {"is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config"},
    "rich_text_input": COMMON | {"initial_value", "dispatch_action_config"},
    "file_input": frozenset({"type", "action_id", "filetypes", "max_files"}),
}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"[0-2]\d:[0-5]\d")


def check_element(check: Check, element: object, where: str, allowed: frozenset[str], actions: list[str]) -> None:
    """One element in a place that takes the `allowed` types; its action_id is appended to `actions`."""
    if not isinstance(element, dict):
        check.fail("must be an object", where)
        return
    kind = element.get("type")
    if kind not in allowed or kind not in PROPERTIES:
        check.fail(f"unsupported type: {kind}", f"{where}/type")
        return
    check.known(element, PROPERTIES[kind], where)
    if kind == "image":
        check_image(check, element, where)
        return
    check.string(element.get("action_id"), f"{where}/action_id", 255, least=1)
    if element.get("action_id"):
        actions.append(str(element["action_id"]))
    check.text(element.get("placeholder"), f"{where}/placeholder", 150, PLAIN, required=False)
    _check_confirm(check, element.get("confirm"), f"{where}/confirm")
    if kind in ("button", "workflow_button", "icon_button"):
        _check_button(check, element, where)
    elif kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            button = element.get(side)
            if check.is_object(button, f"{where}/{side}") and isinstance(button, dict):
                check.known(button, ("text", "accessibility_label", "value"), f"{where}/{side}")
                check.text(button.get("text"), f"{where}/{side}/text", 75, PLAIN)
                check.string(button.get("value"), f"{where}/{side}/value", 2000, required=True)
    elif kind == "overflow":
        _check_options(check, element, where, most=5)
    elif kind in CHOICES:
        _check_options(check, element, where, most=10, descriptions=True)
    elif kind in ("static_select", "multi_static_select"):
        _check_select(check, element, where)
    elif kind in PICKERS:
        _check_picker(check, element, where)
    elif kind in TYPED:
        _check_typed(check, element, where)
    if kind in MULTI_SELECTS:
        check.whole(element.get("max_selected_items"), f"{where}/max_selected_items", 1, 100)


def check_image(check: Check, image: Json, where: str) -> None:
    """An image names exactly one source and always has an alternative text."""
    check.string(image.get("alt_text"), f"{where}/alt_text", 2000, required=True)
    check.string(image.get("image_url"), f"{where}/image_url", 3000, least=1)
    sources = [key for key in ("image_url", "slack_file") if image.get(key) is not None]
    if len(sources) != 1:
        check.fail("must provide exactly one of image_url and slack_file", where)
    url = image.get("image_url")
    if isinstance(url, str) and not url.startswith(("https://", "http://")):
        check.fail("invalid url", f"{where}/image_url")
    slack_file = image.get("slack_file")
    if slack_file is None or not check.is_object(slack_file, f"{where}/slack_file"):
        return
    if len([key for key in ("id", "url") if slack_file.get(key)]) != 1:
        check.fail("must provide exactly one of id and url", f"{where}/slack_file")


def _check_confirm(check: Check, confirm: object, where: str) -> None:
    if confirm is None or not check.is_object(confirm, where) or not isinstance(confirm, dict):
        return
    check.known(confirm, ("title", "text", "confirm", "deny", "style"), where)
    check.text(confirm.get("title"), f"{where}/title", 100, PLAIN)
    check.text(confirm.get("text"), f"{where}/text", 300)
    check.text(confirm.get("confirm"), f"{where}/confirm", 30, PLAIN)
    check.text(confirm.get("deny"), f"{where}/deny", 30, PLAIN)
    check.one_of(confirm.get("style"), f"{where}/style", ("primary", "danger"))


def _check_button(check: Check, button: Json, where: str) -> None:
    check.text(button.get("text"), f"{where}/text", 75, PLAIN)
    check.string(button.get("value"), f"{where}/value", 2000)
    check.string(button.get("url"), f"{where}/url", 3000, least=1)
    check.string(button.get("accessibility_label"), f"{where}/accessibility_label", 75)
    check.string(button.get("agent_prompt"), f"{where}/agent_prompt", 4000)
    check.one_of(button.get("style"), f"{where}/style", ("primary", "danger"))
    if button["type"] == "icon_button":
        check.string(button.get("icon"), f"{where}/icon", 255, required=True)
        if button.get("visible_to_user_ids") is not None:
            check.items(button["visible_to_user_ids"], f"{where}/visible_to_user_ids", 10)


def _check_option(check: Check, option: object, where: str, kinds: tuple[str, ...]) -> None:
    if not check.is_object(option, where) or not isinstance(option, dict):
        return
    check.known(option, ("text", "value", "description", "url"), where)
    check.text(option.get("text"), f"{where}/text", 75, kinds)
    check.string(option.get("value"), f"{where}/value", 150, required=True)
    check.text(option.get("description"), f"{where}/description", 75, kinds, required=False)
    check.string(option.get("url"), f"{where}/url", 3000)


def _check_options(check: Check, element: Json, where: str, most: int, *, descriptions: bool = False) -> list[object]:
    options = check.items(element.get("options"), f"{where}/options", most)
    kinds = ("plain_text", "mrkdwn") if descriptions else PLAIN
    for number, option in enumerate(options):
        _check_option(check, option, f"{where}/options/{number}", kinds)
    _check_initial(check, element, where, options)
    return options


def _check_initial(check: Check, element: Json, where: str, options: list[object]) -> None:
    chosen = element.get("initial_options") or ([element["initial_option"]] if element.get("initial_option") else [])
    values = [o.get("value") for o in options if isinstance(o, dict)]
    for option in chosen if isinstance(chosen, list) else []:
        if not isinstance(option, dict) or option.get("value") not in values:
            check.fail("initial option must match one of the options", f"{where}/initial_option")


def _check_select(check: Check, element: Json, where: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        check.fail("must provide exactly one of options and option_groups", where)
        return
    if "options" in element:
        _check_options(check, element, where, most=100)
        return
    everything: list[object] = []
    for number, group in enumerate(check.items(element["option_groups"], f"{where}/option_groups", 100)):
        place = f"{where}/option_groups/{number}"
        if check.is_object(group, place) and isinstance(group, dict):
            check.text(group.get("label"), f"{place}/label", 75, PLAIN)
            options = check.items(group.get("options"), f"{place}/options", 100)
            for index, option in enumerate(options):
                _check_option(check, option, f"{place}/options/{index}", PLAIN)
            everything.extend(options)
    _check_initial(check, element, where, everything)


def _check_picker(check: Check, element: Json, where: str) -> None:
    date, time = element.get("initial_date"), element.get("initial_time")
    if date is not None and not (isinstance(date, str) and DATE.fullmatch(date)):
        check.fail("must be a date as YYYY-MM-DD", f"{where}/initial_date")
    if time is not None and not (isinstance(time, str) and TIME.fullmatch(time)):
        check.fail("must be a time as HH:mm", f"{where}/initial_time")


def _check_typed(check: Check, element: Json, where: str) -> None:
    if element["type"] == "plain_text_input":
        check.whole(element.get("min_length"), f"{where}/min_length", 0, 3000)
        check.whole(element.get("max_length"), f"{where}/max_length", 1, 3000)
        most = element.get("max_length") or 3000
        check.string(element.get("initial_value"), f"{where}/initial_value", most if isinstance(most, int) else 3000)
    if element["type"] == "number_input" and not isinstance(element.get("is_decimal_allowed"), bool):
        check.fail("missing required field", f"{where}/is_decimal_allowed")
