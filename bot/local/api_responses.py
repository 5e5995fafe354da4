"""What an app may say to a `response_url`, and what a slash command's acknowledgement may carry."""

from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.places import altered, bot_message, check_slack_files, posted, public_message
from bot.local.sessions import ResponseAddress
from bot.local.state import State
from bot.local.validate import check_message

KEYS = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "unfurl_links",
        "unfurl_media",
        "thread_ts",
        "metadata",
        "mrkdwn",
    }
)


def respond(state: State, address: ResponseAddress, body: Json) -> None:
    """Carry out one response: replace or delete the original, or post beside it. Refuses bad content."""
    unknown = set(body) - KEYS
    if unknown:
        raise SlackRefusal("invalid_payload", [f"unknown field: {name}" for name in sorted(unknown)])
    channel = state.directory.channel(address.channel)
    if body.get("delete_original") and address.message_ts:
        state.messages.delete(channel["id"], address.message_ts)
        state.changed()
        return
    blocks = check_message(body.get("text"), body.get("blocks"), body.get("attachments"))
    check_slack_files(state, blocks)
    content = {"blocks": blocks or None, "attachments": body.get("attachments"), "metadata": body.get("metadata")}
    text = str(body.get("text") or "")
    if body.get("replace_original") and address.message_ts:
        _replace(state, channel, address, text, content)
        return
    thread_ts = body.get("thread_ts") or address.thread_ts
    message = bot_message(state, text, **content, thread_ts=thread_ts)
    if body.get("response_type") == "in_channel":
        posted(state, channel, state.messages.add(channel["id"], message))
    else:
        state.messages.add(channel["id"], message, ephemeral_to=address.user)
        state.changed()


def _replace(state: State, channel: Json, address: ResponseAddress, text: str, content: Json) -> None:
    message, ephemeral = state.messages.seen_by(address.user, channel["id"], str(address.message_ts))
    before = public_message(message)
    message.pop("_stream", None)
    message.update(text=text, **content)
    message = {key: value for key, value in message.items() if value is not None}
    if not content["blocks"]:
        message.pop("blocks", None)
    state.messages.save(channel["id"], message)
    if ephemeral:
        state.changed()
    else:
        altered(state, channel, "message_changed", message=public_message(message), previous_message=before)
