"""auth.test, users.*, conversations.* and reactions.*."""

from typing import TypeVar

from bot.local.api_chat import Handler
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal, WorkspaceError
from bot.local.places import conversation, public_message
from bot.local.state import State

T = TypeVar("T")


def auth_test(state: State, _args: Arguments) -> Json:
    """Who the token belongs to."""
    me = state.identity
    return {
        "url": state.base_url,
        "team": me.team_name,
        "user": me.bot_name.lower(),
        "team_id": me.team_id,
        "user_id": me.bot_user_id,
        "bot_id": me.bot_id,
        "is_enterprise_install": False,
    }


def _shown(state: State, user: Json) -> Json:
    """A user object as the app sees it: no address of a stranger."""
    if user["team_id"] == state.identity.team_id:
        return user
    return {**user, "profile": {key: value for key, value in user["profile"].items() if key != "email"}}


def users_info(state: State, args: Arguments) -> Json:
    """One person."""
    return {"user": _shown(state, state.directory.user(args.text("user")))}


def users_list(state: State, args: Arguments) -> Json:
    """Everyone of the own team, and the app."""
    own = [u for u in state.directory.people() if u["team_id"] == state.identity.team_id]
    members, cursor = _page([*own, state.directory.user(state.identity.bot_user_id)], args, 1000)
    return {"members": members, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


def users_lookup_by_email(state: State, args: Arguments) -> Json:
    """The person of the own team with this address."""
    try:
        user = state.directory.person(args.required("email"))
    except WorkspaceError:
        raise SlackRefusal("users_not_found") from None
    if user["team_id"] != state.identity.team_id:
        raise SlackRefusal("users_not_found")
    return {"user": user}


def _readable(state: State, args: Arguments) -> Json:
    channel = state.directory.channel(args.text("channel"))
    if channel["is_private"] and not state.directory.is_member(channel["id"], state.identity.bot_user_id):
        raise SlackRefusal("channel_not_found")
    return channel


def conversations_info(state: State, args: Arguments) -> Json:
    """One conversation."""
    channel = _readable(state, args)
    shown = {**channel, "is_member": state.directory.is_member(channel["id"], state.identity.bot_user_id)}
    if args.flag("include_num_members"):
        shown["num_members"] = len(state.directory.members(channel["id"]))
    return {"channel": shown}


def conversations_list(state: State, args: Arguments) -> Json:
    """Conversations of the asked `types`, public channels by default."""
    types = args.text("types", "public_channel").split(",")
    found = []
    for channel in state.directory.channels():
        kind = "im" if channel["is_im"] else "private_channel" if channel["is_private"] else "public_channel"
        member = state.directory.is_member(channel["id"], state.identity.bot_user_id)
        if kind in types and (member or kind == "public_channel"):
            found.append({**channel, "is_member": member})
    channels, cursor = _page(found, args, 1000)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def conversations_open(state: State, args: Arguments) -> Json:
    """The DM with one person."""
    users = [u for u in args.text("users").split(",") if u]
    if len(users) != 1:
        raise SlackRefusal("users_list_not_supplied" if not users else "too_many_users")
    identifier = state.directory.direct_message(state.directory.user(users[0])["id"])
    channel = state.directory.channel(identifier) if args.flag("return_im") else {"id": identifier}
    return {"channel": channel, "no_op": True, "already_open": True}


def conversations_members(state: State, args: Arguments) -> Json:
    """User ids of the members."""
    channel = _readable(state, args)
    members, cursor = _page(state.directory.members(channel["id"]), args, 1000)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversations_history(state: State, args: Arguments) -> Json:
    """Top-level messages, newest first."""
    channel = conversation(state, args)
    return _messages([m for m in state.messages.history(channel["id"]) if _within(m, args)], args, 999)


def conversations_replies(state: State, args: Arguments) -> Json:
    """A thread: the parent, then replies, oldest first."""
    channel = conversation(state, args)
    found = state.messages.replies(channel["id"], args.required("ts"))
    if not found:
        raise SlackRefusal("thread_not_found")
    return _messages([m for m in found if m["ts"] == args.text("ts") or _within(m, args)], args, 1000)


def _within(message: Json, args: Arguments) -> bool:
    oldest, latest, inclusive = args.text("oldest"), args.text("latest"), args.flag("inclusive")
    ts = float(message["ts"])
    if oldest and (ts < float(oldest) or (ts == float(oldest) and not inclusive)):
        return False
    return not (latest and (ts > float(latest) or (ts == float(latest) and not inclusive)))


def _messages(found: list[Json], args: Arguments, most: int) -> Json:
    messages, cursor = _page(found, args, most)
    shown = [public_message(m) for m in messages]
    if not args.flag("include_all_metadata"):
        shown = [{key: value for key, value in m.items() if key != "metadata"} for m in shown]
    return {"messages": shown, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _page(found: list[T], args: Arguments, most: int) -> tuple[list[T], str]:
    limit = args.number("limit", 100) or 100
    if not 0 < limit <= most:
        raise SlackRefusal("invalid_limit")
    cursor = args.text("cursor") or "0"
    if not cursor.isdigit():
        raise SlackRefusal("invalid_cursor")
    start = int(cursor)
    return found[start : start + limit], str(start + limit) if start + limit < len(found) else ""


def _react(state: State, args: Arguments, *, add: bool) -> Json:
    channel = conversation(state, args)
    name, me = args.text("name").strip(":"), state.identity.bot_user_id
    if not name:
        raise SlackRefusal("invalid_name")
    message = state.messages.get(channel["id"], args.required("timestamp"))
    reactions: list[Json] = message.get("reactions", [])
    found = next((r for r in reactions if r["name"] == name), None)
    if add and found and me in found["users"]:
        raise SlackRefusal("already_reacted")
    if not add and not (found and me in found["users"]):
        raise SlackRefusal("no_reaction")
    if found is None:
        found = {"name": name, "users": []}
        reactions.append(found)
    found["users"] = [*found["users"], me] if add else [u for u in found["users"] if u != me]
    found["count"] = len(found["users"])
    message["reactions"] = [r for r in reactions if r["users"]]
    state.messages.save(channel["id"], message)
    state.changed()
    return {}


def reactions_add(state: State, args: Arguments) -> Json:
    """React as the app."""
    return _react(state, args, add=True)


def reactions_remove(state: State, args: Arguments) -> Json:
    """Take the app's reaction back."""
    return _react(state, args, add=False)


METHODS: dict[str, Handler] = {
    "auth.test": auth_test,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_lookup_by_email,
    "conversations.info": conversations_info,
    "conversations.list": conversations_list,
    "conversations.open": conversations_open,
    "conversations.members": conversations_members,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "reactions.add": reactions_add,
    "reactions.remove": reactions_remove,
}
