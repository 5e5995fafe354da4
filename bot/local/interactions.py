"""Commands, buttons, forms and shortcuts: what Slack asks the app and waits three seconds for."""

import time
from dataclasses import dataclass

from bot.local.api_responses import respond
from bot.local.conversing import encode_text, invite, membership
from bot.local.database import Json
from bot.local.delivery import Delivering, InteractionReply
from bot.local.errors import SlackRefusal, WorkspaceError
from bot.local.form_values import VALUE_KEYS, field_errors, find_element, state_values
from bot.local.places import public_message
from bot.local.sessions import ResponseAddress
from bot.local.state import State
from bot.local.validate import check_view


@dataclass(frozen=True)
class Outcome:
    """What the person sees next: nothing, an error, or errors beside fields (block id -> sentence)."""

    ok: bool = True
    error: str = ""
    errors: dict[str, str] | None = None


def _who(state: State, user: Json) -> Json:
    me = state.identity
    return {
        "team": {"id": me.team_id, "domain": "local"},
        "api_app_id": me.app_id,
        "token": me.verification_token,
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": user["team_id"]},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _trigger(state: State, user: Json) -> str:
    return state.sessions.new_trigger(user["id"], expired=state.faults.take("expired_triggers"))


def _address(state: State, token: str) -> str:
    return f"{state.base_url}response/{token}"


def _channel_name(channel: Json) -> str:
    return "directmessage" if channel["is_im"] else str(channel["name"])


def command(
    state: State, delivering: Delivering, user: Json, channel_id: str, name: str, text: str, known: frozenset[str]
) -> Outcome:
    """Type a slash command in a conversation."""
    channel = membership(state, user, channel_id)
    if name == "/invite":
        invite(state, user, channel_id)
        return Outcome()
    if name not in known:
        return Outcome(False, f"{name} is not a valid command.")
    me, token = state.identity, state.sessions.new_address(channel_id, user["id"])
    reply = delivering.ask(
        "slash_commands",
        {
            "token": me.verification_token,
            "team_id": me.team_id,
            "team_domain": "local",
            "channel_id": channel_id,
            "channel_name": _channel_name(channel),
            "user_id": user["id"],
            "user_name": user["name"],
            "command": name,
            "text": encode_text(state, text),
            "api_app_id": me.app_id,
            "is_enterprise_install": "false",
            "response_url": _address(state, token),
            "trigger_id": _trigger(state, user),
        },
    )
    if not reply.ok:
        return Outcome(False, f'{name} failed with the error "{reply.error}"')
    if reply.body:
        try:
            respond(state, ResponseAddress(channel_id, user["id"], None, None, False, 0.0), reply.body)
        except SlackRefusal as refusal:
            return Outcome(False, f'{name} failed with the error "{refusal}"')
    return Outcome()


def act_in_message(
    state: State,
    delivering: Delivering,
    user: Json,
    channel_id: str,
    ts: str,
    action_id: str,
    block_id: str | None,
    given: Json,
    typed: Json,
) -> Outcome:
    """Use an element of a message."""
    channel = membership(state, user, channel_id)
    message, ephemeral = state.messages.seen_by(user["id"], channel_id, ts)
    blocks = message.get("blocks") or []
    action = _action(blocks, action_id, block_id, given)
    token = state.sessions.new_address(
        channel_id, user["id"], message_ts=ts, thread_ts=message.get("thread_ts"), ephemeral=ephemeral
    )
    container: Json = {"type": "message", "message_ts": ts, "channel_id": channel_id, "is_ephemeral": ephemeral}
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    typed = _with_action(typed, action)
    return _outcome(
        delivering.ask(
            "interactive",
            {
                "type": "block_actions",
                **_who(state, user),
                "container": container,
                "trigger_id": _trigger(state, user),
                "channel": {"id": channel_id, "name": _channel_name(channel)},
                "message": public_message(message),
                "state": {"values": state_values(blocks, typed)},
                "response_url": _address(state, token),
                "actions": [action],
            },
        )
    )


def act_in_view(
    state: State,
    delivering: Delivering,
    user: Json,
    view_id: str,
    action_id: str,
    block_id: str | None,
    given: Json,
    typed: Json,
) -> Outcome:
    """Use an element of an open modal or of the home tab."""
    home = state.views.home(user["id"])
    view = home if home is not None and home["id"] == view_id else _own_view(state, user, view_id)
    action = _action(view["blocks"], action_id, block_id, given)
    view["state"] = {"values": state_values(view["blocks"], _with_action(typed, action))}
    if view is not home:
        state.views.remember(view_id, view["state"]["values"])
    return _outcome(
        delivering.ask(
            "interactive",
            {
                "type": "block_actions",
                **_who(state, user),
                "container": {"type": "view", "view_id": view_id},
                "trigger_id": _trigger(state, user),
                "view": view,
                "actions": [action],
            },
        )
    )


def _own_view(state: State, user: Json, view_id: str) -> Json:
    view, owner = state.views.find(view_id, None)
    if owner != user["id"]:
        raise SlackRefusal("not_found")
    return view


def _action(blocks: list[Json], action_id: str, block_id: str | None, given: Json) -> Json:
    block, element = find_element(blocks, action_id, block_id)
    action: Json = {
        "action_id": action_id,
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": f"{time.time():.6f}",
    }
    for key in ("text", "value", "style"):
        if element["type"] in ("button", "icon_button") and element.get(key) is not None:
            action[key] = element[key]
    if element["type"] == "feedback_buttons":
        sides = [element["positive_button"], element["negative_button"]]
        if given.get("value") not in [side["value"] for side in sides]:
            raise SlackRefusal("action_not_found")
        action["value"] = given["value"]
    if element["type"] == "overflow":
        action["selected_option"] = given.get("selected_option")
    if element["type"] in VALUE_KEYS:
        key = VALUE_KEYS[element["type"]][1]
        action[key] = given.get(key)
    return action


def _with_action(typed: Json, action: Json) -> Json:
    merged = {block: dict(values) for block, values in typed.items()}
    merged.setdefault(action["block_id"], {})[action["action_id"]] = action
    return merged


def _outcome(reply: InteractionReply) -> Outcome:
    return Outcome() if reply.ok else Outcome(False, reply.error)


def submit(state: State, delivering: Delivering, user: Json, view_id: str, typed: Json) -> Outcome:
    """Submit a modal; carries out the app's `response_action`."""
    view = _own_view(state, user, view_id)
    values = state_values(view["blocks"], typed)
    errors = field_errors(view["blocks"], values)
    if errors:
        return Outcome(False, errors=errors)
    view["state"] = {"values": values}
    state.views.remember(view_id, values)
    reply = delivering.ask(
        "interactive",
        {
            "type": "view_submission",
            **_who(state, user),
            "trigger_id": _trigger(state, user),
            "view": view,
            "response_urls": [],
        },
    )
    if not reply.ok:
        return Outcome(False, f"We had some trouble connecting ({reply.error}). Try again?")
    try:
        return _respond_to_submission(state, user, view, reply.body or {})
    except SlackRefusal as refusal:
        return Outcome(False, f"We had some trouble connecting ({refusal}). Try again?")
    finally:
        state.changed()


def _respond_to_submission(state: State, user: Json, view: Json, body: Json) -> Outcome:
    match body.get("response_action"):
        case "errors":
            inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
            errors = body.get("errors")
            if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
                raise SlackRefusal("invalid_errors", ["errors must name input blocks of the view"])
            return Outcome(False, errors={str(k): str(v) for k, v in errors.items()})
        case "update":
            state.views.update(check_view(body.get("view"), ("modal",)), view_id=view["id"])
        case "push":
            state.views.push(user["id"], check_view(body.get("view"), ("modal",)))
        case "clear":
            state.views.clear(user["id"])
        case None:
            state.views.pop(user["id"], view["id"])
        case other:
            raise SlackRefusal("invalid_response_action", [f"{other} is unknown"])
    return Outcome()


def close(state: State, delivering: Delivering, user: Json, view_id: str, *, everything: bool = False) -> Outcome:
    """Close the top modal, or the whole stack; the app hears of views that asked for it."""
    top = _own_view(state, user, view_id)
    closing = state.views.stack(user["id"]) if everything or top.get("clear_on_close") else [top]
    if len(closing) > 1:
        state.views.clear(user["id"])
    else:
        state.views.pop(user["id"], view_id)
    state.changed()
    for view in reversed(closing):
        if view.get("notify_on_close"):
            delivering.ask(
                "interactive",
                {"type": "view_closed", **_who(state, user), "view": view, "is_cleared": len(closing) > 1},
            )
    return Outcome()


def shortcut(state: State, delivering: Delivering, user: Json, callback_id: str, channel_id: str, ts: str) -> Outcome:
    """Use a shortcut: of a message when `ts` is given, else a global one."""
    payload: Json = {
        **_who(state, user),
        "action_ts": f"{time.time():.6f}",
        "callback_id": callback_id,
        "trigger_id": _trigger(state, user),
    }
    if not ts:
        return _outcome(delivering.ask("interactive", {"type": "shortcut", **payload}))
    channel = membership(state, user, channel_id)
    message, ephemeral = state.messages.seen_by(user["id"], channel_id, ts)
    if ephemeral:
        raise WorkspaceError("Slack offers no shortcuts on messages that only you can see.")
    token = state.sessions.new_address(channel_id, user["id"], thread_ts=message.get("thread_ts"))
    return _outcome(
        delivering.ask(
            "interactive",
            {
                "type": "message_action",
                **payload,
                "response_url": _address(state, token),
                "message_ts": ts,
                "channel": {"id": channel_id, "name": _channel_name(channel)},
                "message": public_message(message),
            },
        )
    )
