"""What people do in conversations: write, edit, delete, stop the app, open its home."""

import re
import secrets

from bot.local.database import Json
from bot.local.errors import WorkspaceError
from bot.local.files import public
from bot.local.places import altered, channel_type, public_message, subscription, thread_of
from bot.local.state import State
from bot.local.validate import TEXT_LIMIT

URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)'\"]")
EMAIL = re.compile(r"(?<![\w/:.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def encode_text(state: State, text: str) -> str:
    """What a Slack client sends for typed text: entities escaped; mentions, channels, links and addresses marked up."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = URL.sub(lambda m: f"<{m[0]}>", text)
    text = EMAIL.sub(lambda m: f"<mailto:{m[0]}|{m[0]}>", text)
    names = [(state.identity.bot_name, state.identity.bot_user_id)]
    names += [(name, u["id"]) for u in state.directory.people() for name in (u["real_name"], u["name"])]
    for name, user in sorted(names, key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<![\w@])@{re.escape(name)}\b", f"<@{user}>", text, flags=re.IGNORECASE)
    for channel in state.directory.channels():
        if channel.get("name"):
            text = re.sub(rf"(?<![\w#&])#{re.escape(channel['name'])}\b", f"<#{channel['id']}|{channel['name']}>", text)
    return text


def membership(state: State, user: Json, channel_id: str) -> Json:
    """The channel, when the person is in it."""
    channel = state.directory.channel(channel_id)
    if not state.directory.is_member(channel_id, user["id"]):
        raise WorkspaceError(f"{user['real_name']} is not in this conversation.")
    return channel


def say(state: State, user: Json, channel_id: str, text: str, thread_ts: str | None, files: list[str]) -> Json:
    """Post as this person and tell the app, as Slack does; the stored message."""
    channel = membership(state, user, channel_id)
    if not text.strip() and not files:
        raise WorkspaceError("Write something, or attach a file, before you send.")
    if len(text) > TEXT_LIMIT:
        raise WorkspaceError(f"A message may have at most {TEXT_LIMIT} characters; this one has {len(text)}.")
    docs = [state.files.get(identifier).doc for identifier in files]
    message: Json = {
        "user": user["id"],
        "team": user["team_id"],
        "text": encode_text(state, text),
        "client_msg_id": secrets.token_hex(16),
    }
    if docs:
        for doc in docs:
            doc["channels"] = sorted({*doc["channels"], channel_id})
            state.files.save(doc)
        message |= {"files": [public(d) for d in docs], "subtype": "file_share", "upload": False}
    root = thread_of(state.messages, channel_id, thread_ts)
    if root:
        message |= {"thread_ts": root}
        parent = state.messages.get(channel_id, root)
        message["parent_user_id"] = parent.get("user", "")
    with state.database.transaction():
        stored = state.messages.add(channel_id, message)
        _announce(state, user, channel, stored, docs)
    state.changed()
    return stored


def _announce(state: State, user: Json, channel: Json, message: Json, docs: list[Json]) -> None:
    me = state.identity
    external = user["team_id"] != me.team_id or bool(channel.get("is_ext_shared"))
    origin: Json = {"user_team": user["team_id"], "source_team": user["team_id"]} if external else {}
    event: Json = {
        **public_message(message),
        **origin,
        "channel": channel["id"],
        "event_ts": message["ts"],
        "channel_type": channel_type(channel),
    }
    mentioned = f"<@{me.bot_user_id}>" in message["text"] and not channel["is_im"]
    if not state.directory.is_member(channel["id"], me.bot_user_id):
        if mentioned:
            state.messages.add(channel["id"], _invitation(state, message), ephemeral_to=user["id"])
        return
    if mentioned:
        state.emit(
            "app_mention",
            {k: v for k, v in event.items() if k not in ("channel_type", "subtype")} | {"type": "app_mention"},
            external=external,
        )
    state.emit(subscription(channel), event, external=external)
    for doc in docs:
        state.emit(
            "file_shared",
            {
                "type": "file_shared",
                "file_id": doc["id"],
                "file": {"id": doc["id"]},
                "user_id": user["id"],
                "channel_id": channel["id"],
                "event_ts": message["ts"],
            },
            external=external,
        )
    links = [{"url": m[0], "domain": m[0].split("/")[2].split(":")[0]} for m in URL.finditer(message["text"])]
    links = [link for link in links if link["domain"] in state.settings.unfurl_domains]
    if links:
        state.emit(
            "link_shared",
            {
                "type": "link_shared",
                "channel": channel["id"],
                "user": user["id"],
                "links": links,
                "is_bot_user_member": True,
                "message_ts": message["ts"],
                "event_ts": message["ts"],
                "source": "conversations_history",
            },
            external=external,
        )


def _invitation(state: State, message: Json) -> Json:
    return {
        "user": "USLACKBOT",
        "text": f"{state.identity.bot_name} is not in this channel, so it did not hear you. "
        f"Type `/invite @{state.identity.bot_name}` to add it.",
        "thread_ts": message.get("thread_ts"),
    }


def invite(state: State, user: Json, channel_id: str) -> None:
    """Add the app to a channel."""
    membership(state, user, channel_id)
    state.directory.join(channel_id, state.identity.bot_user_id)
    state.changed()


def _own(state: State, user: Json, channel_id: str, ts: str) -> Json:
    message = state.messages.get(channel_id, ts)
    if message.get("user") != user["id"]:
        raise WorkspaceError("Only one's own messages can be changed.")
    return message


def edit(state: State, user: Json, channel_id: str, ts: str, text: str) -> None:
    """Change one's own message."""
    channel = membership(state, user, channel_id)
    message = _own(state, user, channel_id, ts)
    before = dict(message)
    message |= {"text": encode_text(state, text), "edited": {"user": user["id"], "ts": state.database.new_ts()}}
    state.messages.save(channel_id, message)
    altered(state, channel, "message_changed", message=message, previous_message=before)


def delete(state: State, user: Json, channel_id: str, ts: str) -> None:
    """Delete one's own message."""
    channel = membership(state, user, channel_id)
    message = _own(state, user, channel_id, ts)
    state.messages.delete(channel_id, ts)
    altered(state, channel, "message_deleted", deleted_ts=ts, previous_message=message)


def stop(state: State, user: Json, channel_id: str, thread_ts: str) -> list[str]:
    """Press Stop: open streams of the thread end, and the app is told; the streams' timestamps."""
    membership(state, user, channel_id)
    with state.database.transaction():
        streams = state.messages.streaming(channel_id, thread_ts)
        for message in streams:
            message["streaming_state"] = "stopped_by_user"
            state.messages.save(channel_id, message)
        ts = state.database.new_ts()
        state.emit(
            "agent_session_stopped",
            {
                "type": "agent_session_stopped",
                "channel": channel_id,
                "thread_ts": thread_ts,
                "user": user["id"],
                "streaming_message_ts": [m["ts"] for m in streams],
                "event_ts": ts,
            },
        )
    state.changed()
    return [str(m["ts"]) for m in streams]


def open_home(state: State, user: Json, tab: str) -> None:
    """Look at the app's Home or Messages tab."""
    if tab not in ("home", "messages"):
        raise WorkspaceError("The app's tabs are home and messages.")
    event: Json = {
        "type": "app_home_opened",
        "user": user["id"],
        "tab": tab,
        "event_ts": state.database.new_ts(),
        "channel": state.directory.direct_message(user["id"]),
    }
    home = state.views.home(user["id"])
    if tab == "home" and home is not None:
        event["view"] = home
    state.emit("app_home_opened", event)


def change_context(state: State, user: Json, entities: list[Json]) -> None:
    """Look at something else while the app's pane is open."""
    state.emit(
        "app_context_changed",
        {
            "type": "app_context_changed",
            "user": user["id"],
            "channel": state.directory.direct_message(user["id"]),
            "context": {"entities": entities},
            "event_ts": state.database.new_ts(),
        },
    )
