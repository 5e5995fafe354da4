"""The door of the Web API: who calls, with which arguments, and what goes wrong on purpose."""

import json
import urllib.parse
from dataclasses import dataclass, field

from bot.local import api_assistant, api_chat, api_files, api_people, api_stream, api_views
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.rates import RateLimiter
from bot.local.state import State

METHODS = {
    **api_chat.METHODS,
    **api_stream.METHODS,
    **api_views.METHODS,
    **api_people.METHODS,
    **api_assistant.METHODS,
    **api_files.METHODS,
}
SCOPES: dict[str, str] = {
    "chat.unfurl": "links:write",
    "chat.": "chat:write",
    "assistant.": "assistant:write",
    "agents.": "chat:write",
    "users.lookupByEmail": "users:read.email",
    "users.": "users:read",
    "reactions.": "reactions:write",
    "files.info": "files:read",
    "files.": "files:write",
}
READS = frozenset({"conversations.info", "conversations.members", "conversations.list"})
PREFIX = {"im": "im", "private": "groups", "public": "channels"}


@dataclass(frozen=True)
class ApiReply:
    """What goes back over HTTP; `lost` means the connection drops instead."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


def read_arguments(content_type: str, body: bytes, query: str) -> Json:
    """Arguments from the query and from a JSON or form body; `invalid_json` or `json_not_object` when it is neither."""
    values: Json = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    if not body:
        return values
    if content_type.startswith("application/json"):
        try:
            found = json.loads(body)
        except ValueError:
            raise SlackRefusal("invalid_json") from None
        if not isinstance(found, dict):
            raise SlackRefusal("json_not_object")
        values.update(found)
    else:
        values.update(urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return values


def call(state: State, limiter: RateLimiter, method: str, token: str, values: Json) -> ApiReply:
    """One Web API call, with the fault that is due for it."""
    fault = state.faults.take_call(method)
    if fault is not None and fault.kind == "rate_limited":
        return _rate_limited(fault.retry_after)
    if fault is not None and fault.kind == "server_error":
        return ApiReply(fault.status, {"ok": False, "error": "internal_error"})
    if fault is not None and fault.kind == "error":
        return ApiReply(200, {"ok": False, "error": fault.code})
    wait = limiter.wait_seconds(method, str(values.get("channel", ""))) if state.settings.rate_limits else 0
    if wait:
        return _rate_limited(wait)
    try:
        body = {"ok": True, **_act(state, method, token or str(values.get("token") or ""), values)}
    except SlackRefusal as refusal:
        body = refusal.body()
    return ApiReply(200, body, lost=fault is not None and fault.kind == "lost_reply")


def _rate_limited(seconds: int) -> ApiReply:
    return ApiReply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})


def _act(state: State, method: str, token: str, values: Json) -> Json:
    handler = METHODS.get(method)
    if handler is None and method not in ("api.test", "apps.connections.open"):
        raise SlackRefusal("unknown_method", req_method=method)
    if method == "api.test":
        return {"args": values}
    if not token:
        raise SlackRefusal("not_authed")
    me = state.identity
    if token not in (me.bot_token, me.app_token):
        raise SlackRefusal("invalid_auth")
    if (token == me.app_token) != (method == "apps.connections.open"):
        raise SlackRefusal("not_allowed_token_type")
    if handler is None:
        ticket = state.sockets.new_ticket()
        return {"url": f"{state.base_url.replace('http', 'ws', 1)}link?ticket={ticket}"}
    args = Arguments(values)
    _check_scope(state, method, args)
    return handler(state, args)


def _check_scope(state: State, method: str, args: Arguments) -> None:
    if state.settings.scopes is None:
        return
    needed = next((scope for prefix, scope in SCOPES.items() if method.startswith(prefix)), None)
    if method == "conversations.open":
        needed = "im:write"
    elif method == "conversations.list":
        needed = "im:read" if args.text("types") == "im" else "channels:read"
    elif method.startswith("conversations."):
        channel = state.directory.channel(args.text("channel"))
        kind = "im" if channel["is_im"] else "private" if channel["is_private"] else "public"
        needed = f"{PREFIX[kind]}:{'read' if method in READS else 'history'}"
    if needed is not None and needed not in state.settings.scopes:
        raise SlackRefusal("missing_scope", needed=needed, provided=",".join(sorted(state.settings.scopes)))
