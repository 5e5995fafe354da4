"""The page's own JSON door, `/local/…`, through which people act; the test driver uses it too."""

import dataclasses

from bot.local import conversing, interactions
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.desk import Desk, Endpoint
from bot.local.files import public
from bot.local.places import public_message
from bot.local.state import State


def _user(desk: Desk, args: Arguments) -> Json:
    return desk.state.directory.person(args.required("as"))


def _object(args: Arguments, name: str) -> Json:
    found = args.data(name)
    return found if isinstance(found, dict) else {}


def _said(outcome: interactions.Outcome) -> Json:
    return dataclasses.asdict(outcome)


def people(desk: Desk, _args: Arguments) -> Json:
    """The workspace: its app, people, commands and shortcuts."""
    me = desk.state.identity
    return {
        "team": me.team_name,
        "version": desk.state.changes.version,
        "commands": sorted(desk.commands),
        "bot": {"id": me.bot_user_id, "name": me.bot_name, "connected": desk.state.sockets.count},
        "shortcuts": [dataclasses.asdict(s) for s in desk.shortcuts],
        "people": [
            {
                "id": u["id"],
                "email": u["profile"]["email"],
                "name": u["real_name"],
                "title": u["profile"]["title"],
                "is_guest": u["is_restricted"],
                "is_stranger": u["is_stranger"],
                "handle": u["name"],
            }
            for u in desk.state.directory.people()
        ],
    }


def conversations(desk: Desk, args: Arguments) -> Json:
    """The person's conversations; the DM with the app first."""
    user, state = _user(desk, args), desk.state
    mine = [c for c in state.directory.channels() if state.directory.is_member(c["id"], user["id"])]
    mine.sort(key=lambda c: (not c["is_im"], c.get("name", "")))
    return {
        "conversations": [
            {
                "id": c["id"],
                "name": c.get("name") or state.identity.bot_name,
                "is_im": c["is_im"],
                "is_private": c["is_private"],
                "topic": c.get("topic", {}).get("value", ""),
                "latest": _latest(state, user["id"], c["id"]),
                "bot": state.directory.is_member(c["id"], state.identity.bot_user_id),
                "members": len(state.directory.members(c["id"])),
            }
            for c in mine
        ]
    }


def _latest(state: State, user: str, channel: str) -> str:
    row = state.database.row(
        "select max(ts) as ts from message where channel = ? and (ephemeral_to is null or ephemeral_to = ?)",
        (channel, user),
    )
    return str(row["ts"] or "") if row else ""


def messages(desk: Desk, args: Arguments) -> Json:
    """What this person sees in one conversation: everything, from `oldest` on, or the newest `limit`."""
    user, state = _user(desk, args), desk.state
    channel = conversing.membership(state, user, args.required("channel"))["id"]
    version = state.changes.version
    limit = args.number("limit", -1)
    found = [public_message(m) for m in state.messages.visible(user["id"], channel, args.text("oldest"), limit)]
    return {
        "version": version,
        "more": len(found) == limit,
        "messages": found,
        "statuses": state.sessions.statuses(channel),
        "prompts": _prompts(state, channel),
        "titles": state.sessions.titles(channel),
    }


def _prompts(state: State, channel: str) -> dict[str, Json]:
    """What the app suggests, and what its manifest suggests until it does."""
    set_by_app = state.sessions.prompts(channel)
    offered = list(state.settings.prompts)
    return set_by_app if "" in set_by_app or not offered else {"": {"title": "", "prompts": offered}, **set_by_app}


def say(desk: Desk, args: Arguments) -> Json:
    """Post a message."""
    wanted = args.data("files")
    files = [str(f) for f in wanted] if isinstance(wanted, list) else []
    message = conversing.say(
        desk.state, _user(desk, args), args.required("channel"), args.text("text"), args.optional("thread_ts"), files
    )
    return {"ts": message["ts"], "message": public_message(message)}


def edit(desk: Desk, args: Arguments) -> Json:
    """Edit one's own message."""
    conversing.edit(desk.state, _user(desk, args), args.required("channel"), args.required("ts"), args.required("text"))
    return {}


def delete(desk: Desk, args: Arguments) -> Json:
    """Delete one's own message."""
    conversing.delete(desk.state, _user(desk, args), args.required("channel"), args.required("ts"))
    return {}


def stop(desk: Desk, args: Arguments) -> Json:
    """Stop what the app is doing in a thread."""
    return {
        "stopped": conversing.stop(desk.state, _user(desk, args), args.required("channel"), args.required("thread_ts"))
    }


def tab(desk: Desk, args: Arguments) -> Json:
    """Open the app's home or messages tab."""
    conversing.open_home(desk.state, _user(desk, args), args.required("tab"))
    return {}


def context(desk: Desk, args: Arguments) -> Json:
    """Look at other entities."""
    entities = args.data("entities")
    conversing.change_context(desk.state, _user(desk, args), entities if isinstance(entities, list) else [])
    return {}


def home(desk: Desk, args: Arguments) -> Json:
    """The home tab, or null."""
    return {"view": desk.state.views.home(_user(desk, args)["id"])}


def views(desk: Desk, args: Arguments) -> Json:
    """The open modals, the root first."""
    return {"stack": desk.state.views.stack(_user(desk, args)["id"])}


def command(desk: Desk, args: Arguments) -> Json:
    """Type a slash command."""
    if args.text("thread_ts"):
        return _said(interactions.Outcome(False, f"{args.text('command')} is not supported in threads."))
    return _said(
        interactions.command(
            desk.state,
            desk.delivering,
            _user(desk, args),
            args.required("channel"),
            args.required("command"),
            args.text("text"),
            desk.commands,
        )
    )


def action(desk: Desk, args: Arguments) -> Json:
    """Use an element: of a message (channel, ts) or of a view (view_id)."""
    user, given, typed = _user(desk, args), _object(args, "given"), _object(args, "state")
    if args.text("view_id"):
        return _said(
            interactions.act_in_view(
                desk.state,
                desk.delivering,
                user,
                args.text("view_id"),
                args.required("action_id"),
                args.optional("block_id"),
                given,
                typed,
            )
        )
    return _said(
        interactions.act_in_message(
            desk.state,
            desk.delivering,
            user,
            args.required("channel"),
            args.required("ts"),
            args.required("action_id"),
            args.optional("block_id"),
            given,
            typed,
        )
    )


def submit(desk: Desk, args: Arguments) -> Json:
    """Submit a modal."""
    return _said(
        interactions.submit(
            desk.state, desk.delivering, _user(desk, args), args.required("view_id"), _object(args, "state")
        )
    )


def close(desk: Desk, args: Arguments) -> Json:
    """Close a modal."""
    return _said(
        interactions.close(
            desk.state, desk.delivering, _user(desk, args), args.required("view_id"), everything=args.flag("everything")
        )
    )


def shortcut(desk: Desk, args: Arguments) -> Json:
    """Use a shortcut."""
    return _said(
        interactions.shortcut(
            desk.state,
            desk.delivering,
            _user(desk, args),
            args.required("callback_id"),
            args.text("channel"),
            args.text("ts"),
        )
    )


def faults(desk: Desk, args: Arguments) -> Json:
    """Make something go wrong; see `Faults.set` for the kinds."""
    desk.state.faults.set(
        args.required("kind"),
        method=args.text("method", "*"),
        times=args.number("times", 1),
        retry_after=args.number("retry_after", 1),
        status=args.number("status", 500),
        code=args.text("code", "internal_error"),
        at_once=args.flag("at_once", True),
    )
    desk.delivering.notify()
    return {}


def deliveries(desk: Desk, _args: Arguments) -> Json:
    """How many events wait, are under way, were acknowledged, were given up."""
    return {**dataclasses.asdict(desk.state.outbox.counts()), "sockets": desk.state.sockets.count}


def store_upload(desk: Desk, email: str, name: str, content: bytes) -> Json:
    """Keep an uploaded file; it is shared when a message names it."""
    user = desk.state.directory.person(email)
    doc = desk.state.files.reserve(name, len(content), user["id"])
    desk.state.files.receive(doc["upload_token"], content)
    return {"file": public(desk.state.files.get(doc["id"]).doc)}


READS: dict[str, Endpoint] = {
    "people": people,
    "conversations": conversations,
    "messages": messages,
    "home": home,
    "views": views,
    "deliveries": deliveries,
}
WRITES: dict[str, Endpoint] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "stop": stop,
    "tab": tab,
    "context": context,
    "command": command,
    "action": action,
    "submit": submit,
    "close": close,
    "shortcut": shortcut,
    "faults": faults,
}
