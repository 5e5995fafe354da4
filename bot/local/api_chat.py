"""chat.*: post, update, delete, ephemeral, permalinks, schedules and unfurls."""

import json
import time
from collections.abc import Callable

from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.identity import random_id
from bot.local.places import (
    altered,
    bot_message,
    check_slack_files,
    conversation,
    posted,
    public_message,
    thread_of,
)
from bot.local.state import State
from bot.local.validate import check_blocks, check_message, check_metadata

Handler = Callable[[State, Arguments], Json]
SCHEDULE_DAYS = 120


def _content(state: State, args: Arguments) -> Json:
    """Text, blocks, attachments and metadata of a post, checked."""
    blocks = args.data("blocks", "invalid_blocks_format")
    attachments = args.data("attachments")
    text = args.optional("text")
    markdown = args.optional("markdown_text")
    if markdown is not None:
        if text or blocks:
            raise SlackRefusal("markdown_text_conflict")
        if len(markdown) > 12_000:
            raise SlackRefusal("msg_too_long")
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    checked = check_message(text, blocks, attachments)
    check_slack_files(state, checked)
    metadata = args.data("metadata", "invalid_metadata_format")
    check_metadata(metadata)
    return {"text": text or "", "blocks": checked or None, "attachments": attachments, "metadata": metadata}


def post_message(state: State, args: Arguments) -> Json:
    """Post in a channel, DM or thread."""
    channel = conversation(state, args)
    content = _content(state, args)
    thread_ts = thread_of(state.messages, channel["id"], args.optional("thread_ts"))
    broadcast = True if args.flag("reply_broadcast") and thread_ts else None
    message = state.messages.add(
        channel["id"],
        bot_message(state, content.pop("text"), **content, thread_ts=thread_ts, reply_broadcast=broadcast),
    )
    posted(state, channel, message)
    return {"channel": channel["id"], "ts": message["ts"], "message": public_message(message)}


def post_ephemeral(state: State, args: Arguments) -> Json:
    """Post for one person's eyes; nothing is kept for `chat.update`."""
    channel = conversation(state, args)
    user = args.required("user")
    if not state.directory.is_member(channel["id"], user):
        raise SlackRefusal("user_not_in_channel")
    content = _content(state, args)
    thread_ts = thread_of(state.messages, channel["id"], args.optional("thread_ts"))
    message = state.messages.add(
        channel["id"], bot_message(state, content.pop("text"), **content, thread_ts=thread_ts), ephemeral_to=user
    )
    state.changed()
    return {"message_ts": message["ts"]}


def _own(state: State, channel: str, ts: str, error: str) -> Json:
    message = state.messages.get(channel, ts)
    if message.get("bot_id") != state.identity.bot_id:
        raise SlackRefusal(error)
    return message


def update(state: State, args: Arguments) -> Json:
    """Replace text and blocks of the app's own message."""
    channel = conversation(state, args)
    message = _own(state, channel["id"], args.required("ts"), "cant_update_message")
    if message.get("streaming_state") == "in_progress":
        raise SlackRefusal("streaming_state_conflict")
    before = public_message(message)
    given = {key for key in ("text", "blocks", "attachments", "markdown_text", "metadata") if key in args.values}
    content = _content(state, args)
    if "blocks" in given or "text" in given or "markdown_text" in given:
        # A text without blocks removes the blocks, as Slack does.
        message["text"] = content["text"] or message["text"]
        message["blocks"] = content["blocks"]
        message.pop("_stream", None)
    for key in ("attachments", "metadata"):
        if key in given:
            message[key] = content[key]
    message = {key: value for key, value in message.items() if value is not None}
    message["edited"] = {"user": state.identity.bot_user_id, "ts": state.database.new_ts()}
    state.messages.save(channel["id"], message)
    altered(state, channel, "message_changed", message=public_message(message), previous_message=before)
    return {"channel": channel["id"], "ts": message["ts"], "text": message["text"], "message": public_message(message)}


def delete(state: State, args: Arguments) -> Json:
    """Delete the app's own message."""
    channel = conversation(state, args)
    message = _own(state, channel["id"], args.required("ts"), "cant_delete_message")
    state.messages.delete(channel["id"], message["ts"])
    altered(state, channel, "message_deleted", deleted_ts=message["ts"], previous_message=public_message(message))
    return {"channel": channel["id"], "ts": message["ts"]}


def get_permalink(state: State, args: Arguments) -> Json:
    """An address that opens the message in the page."""
    channel = state.directory.channel(args.text("channel"))
    message = state.messages.get(channel["id"], args.required("message_ts"))
    thread_ts = message.get("thread_ts")
    suffix = f"?thread_ts={thread_ts}" if thread_ts and thread_ts != message["ts"] else ""
    return {"channel": channel["id"], "permalink": f"{state.base_url}#{channel['id']}/{message['ts']}{suffix}"}


def schedule_message(state: State, args: Arguments) -> Json:
    """Post later; at most 120 days ahead."""
    channel = conversation(state, args)
    post_at = args.number("post_at", 0)
    if post_at <= time.time():
        raise SlackRefusal("time_in_past")
    if post_at > time.time() + SCHEDULE_DAYS * 86_400:
        raise SlackRefusal("time_too_far")
    content = _content(state, args)
    identifier = random_id("Q")
    message = bot_message(state, content.pop("text"), **content, thread_ts=args.optional("thread_ts"))
    state.database.run(
        "insert into scheduled values(?, ?, ?, ?)", (identifier, channel["id"], post_at, json.dumps(message))
    )
    return {"channel": channel["id"], "scheduled_message_id": identifier, "post_at": str(post_at), "message": message}


def delete_scheduled_message(state: State, args: Arguments) -> Json:
    """Take back a scheduled message."""
    if not state.database.run(
        "delete from scheduled where id = ? and channel = ?",
        (args.required("scheduled_message_id"), args.text("channel")),
    ):
        raise SlackRefusal("invalid_scheduled_message_id")
    return {}


def post_scheduled(state: State) -> None:
    """Post every scheduled message whose time has come."""
    for row in state.database.rows("select * from scheduled where post_at <= ?", (int(time.time()),)):
        if state.database.run("delete from scheduled where id = ?", (row["id"],)):
            channel = state.directory.channel(row["channel"])
            posted(state, channel, state.messages.add(channel["id"], json.loads(row["doc"])))


def unfurl(state: State, args: Arguments) -> Json:
    """Attach previews to a message that carries links: `unfurls` by address, or entity `metadata`."""
    channel = conversation(state, args)
    message = state.messages.find(channel["id"], args.text("ts"))
    if message is None:
        raise SlackRefusal("cannot_find_message")
    unfurls, metadata = (
        args.data("unfurls", "cannot_parse_attachment"),
        args.data("metadata", "invalid_metadata_format"),
    )
    if unfurls is None and metadata is None:
        raise SlackRefusal("missing_unfurls")
    previews = []
    for url, preview in (unfurls if isinstance(unfurls, dict) else {}).items():
        if isinstance(preview, dict) and preview.get("blocks"):
            check_blocks(preview["blocks"])
        previews.append({"from_url": url, **(preview if isinstance(preview, dict) else {})})
    entities = metadata.get("entities", []) if isinstance(metadata, dict) else []
    message["attachments"] = previews + [{"from_url": e.get("app_unfurl_url", ""), "entity": e} for e in entities]
    state.messages.save(channel["id"], message)
    state.changed()
    return {}


METHODS: dict[str, Handler] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.scheduleMessage": schedule_message,
    "chat.deleteScheduledMessage": delete_scheduled_message,
    "chat.unfurl": unfurl,
}
