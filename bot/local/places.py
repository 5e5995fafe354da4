"""Where a call acts: resolves conversations and threads, and says what the app posted there."""

from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.messages import Messages
from bot.local.state import State


def conversation(state: State, args: Arguments, name: str = "channel") -> Json:
    """The conversation of a call in which the app is a member; a user id means the DM with that person."""
    identifier = args.text(name)
    if identifier.startswith("U"):
        try:
            identifier = state.directory.direct_message(state.directory.user(identifier)["id"])
        except SlackRefusal:
            raise SlackRefusal("channel_not_found") from None
    channel = state.directory.channel(identifier)
    if not state.directory.is_member(identifier, state.identity.bot_user_id):
        raise SlackRefusal("channel_not_found" if channel["is_private"] else "not_in_channel")
    return channel


def thread_of(messages: Messages, channel: str, thread_ts: str | None) -> str | None:
    """The root of the thread; refuses a thread that does not exist and flattens a reply to its root."""
    if not thread_ts:
        return None
    root = messages.find(channel, thread_ts)
    if root is None:
        raise SlackRefusal("thread_not_found")
    return str(root.get("thread_ts") or root["ts"])


def subscription(channel: Json) -> str:
    """The name of the message event of this kind of conversation."""
    if channel["is_im"]:
        return "message.im"
    return "message.groups" if channel["is_private"] else "message.channels"


def channel_type(channel: Json) -> str:
    """`im`, `group` or `channel`, as message events carry it."""
    if channel["is_im"]:
        return "im"
    return "group" if channel["is_private"] else "channel"


def public_message(message: Json) -> Json:
    """The message as the API shows it: keys that start with an underscore are ours."""
    return {key: value for key, value in message.items() if not key.startswith("_")}


def bot_message(state: State, text: str, **extra: object) -> Json:
    """A message of the app, without its place and time."""
    me = state.identity
    return {
        "user": me.bot_user_id,
        "bot_id": me.bot_id,
        "app_id": me.app_id,
        "team": me.team_id,
        "text": text,
        "bot_profile": {
            "id": me.bot_id,
            "app_id": me.app_id,
            "name": me.bot_name,
            "team_id": me.team_id,
            "deleted": False,
            "updated": 0,
            "icons": {},
        },
        **{key: value for key, value in extra.items() if value is not None},
    }


def posted(state: State, channel: Json, message: Json) -> None:
    """After the app posted: its status line goes, everyone sees it, and Slack echoes the event."""
    for thread in {message.get("thread_ts"), message["ts"]} - {None}:
        state.sessions.set_status(channel["id"], str(thread), "")
    state.emit(
        subscription(channel),
        {
            **public_message(message),
            "channel": channel["id"],
            "channel_type": channel_type(channel),
            "event_ts": message["ts"],
        },
        external=bool(channel.get("is_ext_shared")),
    )
    state.changed()


def altered(state: State, channel: Json, subtype: str, **parts: object) -> None:
    """After a message was edited or deleted: everyone sees it, and Slack sends the event."""
    ts = state.database.new_ts()
    state.emit(
        subscription(channel),
        {
            "type": "message",
            "subtype": subtype,
            "channel": channel["id"],
            "ts": ts,
            "channel_type": channel_type(channel),
            "event_ts": ts,
            "hidden": True,
            **parts,
        },
        external=bool(channel.get("is_ext_shared")),
    )
    state.changed()


def check_slack_files(state: State, blocks: object) -> None:
    """Every `slack_file` names an uploaded image."""
    if isinstance(blocks, list):
        for part in blocks:
            check_slack_files(state, part)
    elif isinstance(blocks, dict):
        slack_file = blocks.get("slack_file")
        if isinstance(slack_file, dict):
            _check_file(state, slack_file)
        for value in blocks.values():
            if isinstance(value, list | dict):
                check_slack_files(state, value)


def _check_file(state: State, slack_file: Json) -> None:
    url = str(slack_file.get("url") or "")
    identifier = str(
        slack_file.get("id") or url.removeprefix(f"{state.base_url}files-pri/").partition("-")[2].partition("/")[0]
    )
    try:
        found = state.files.get(identifier)
    except SlackRefusal:
        raise SlackRefusal("invalid_blocks", ["invalid slack file"]) from None
    if found.content is None or not str(found.doc["mimetype"]).startswith("image/"):
        raise SlackRefusal("invalid_blocks", ["invalid slack file"])
