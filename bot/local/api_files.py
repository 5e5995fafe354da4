"""files.*: upload in two steps, share, look up."""

from bot.local.api_chat import Handler
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.files import public
from bot.local.places import bot_message, conversation, posted, thread_of
from bot.local.state import State


def get_upload_url(state: State, args: Arguments) -> Json:
    """An address that takes the bytes, and the id of the file they become."""
    name, length = args.required("filename"), args.number("length", 0)
    if length <= 0:
        raise SlackRefusal("invalid_arguments", ["length must be positive"])
    doc = state.files.reserve(name, length, state.identity.bot_user_id, alt_text=args.optional("alt_txt"))
    return {"upload_url": f"{state.base_url}upload/v1/{doc['upload_token']}", "file_id": doc["id"]}


def complete_upload(state: State, args: Arguments) -> Json:
    """Finish uploads, and share them in a channel when one is named."""
    wanted = args.data("files")
    if not isinstance(wanted, list) or not wanted:
        raise SlackRefusal("invalid_arguments", ["missing required field: files"])
    docs = []
    for entry in wanted:
        stored = state.files.get(str(entry.get("id", "")) if isinstance(entry, dict) else "")
        if stored.content is None:
            raise SlackRefusal("file_not_found")
        if entry.get("title"):
            stored.doc["title"] = entry["title"]
        docs.append(stored.doc)
    place = args.optional("channel_id")
    if place:
        channel = conversation(state, args, "channel_id")
        thread_ts = thread_of(state.messages, channel["id"], args.optional("thread_ts"))
        share(state, docs, channel["id"])
        message = state.messages.add(
            channel["id"],
            bot_message(state, args.text("initial_comment"), files=[public(d) for d in docs], thread_ts=thread_ts),
        )
        for doc in docs:
            visibility = "private" if channel["is_private"] else "public"
            doc["shares"] = {visibility: {channel["id"]: [{"ts": message["ts"], "thread_ts": thread_ts}]}}
            state.files.save(doc)
        posted(state, channel, message)
    else:
        for doc in docs:
            state.files.save(doc)
    return {"files": [public(d) for d in docs]}


def share(state: State, docs: list[Json], channel: str) -> None:
    """Note that these files can be seen in the channel."""
    for doc in docs:
        doc["channels"] = sorted({*doc["channels"], channel})
        state.files.save(doc)


def files_info(state: State, args: Arguments) -> Json:
    """One file."""
    return {"file": public(state.files.get(args.text("file")).doc)}


METHODS: dict[str, Handler] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": files_info,
}
