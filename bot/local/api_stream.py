"""chat.startStream, appendStream and stopStream: a message that grows while it is read."""

import time

from bot.local.api_chat import Handler
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.places import bot_message, check_slack_files, conversation, posted, public_message, thread_of
from bot.local.state import State
from bot.local.validate import check_blocks, check_metadata
from bot.local.validate_blocks import MARKDOWN_LIMIT, TASK_STATES

PLAN_TASKS = 50
SESSION_STATES = ("active", "processing", "suspended", "closed")


def start(state: State, args: Arguments) -> Json:
    """Begin a streaming message in a thread; in a channel the recipient must be named."""
    channel = conversation(state, args)
    thread_ts = thread_of(state.messages, channel["id"], args.required("thread_ts"))
    if not channel["is_im"]:
        for name in ("recipient_user_id", "recipient_team_id"):
            if not args.text(name):
                raise SlackRefusal(f"missing_{name}")
    mode = args.text("task_display_mode", "timeline")
    if mode not in ("timeline", "plan"):
        raise SlackRefusal("invalid_arguments", ["task_display_mode must be timeline or plan"])
    stream: Json = {"started": time.time(), "mode": mode, "parts": [], "plan": ""}
    _extend(state, stream, args)
    message = state.messages.add(
        channel["id"], bot_message(state, "", thread_ts=thread_ts, streaming_state="in_progress", _stream=stream)
    )
    _render(message)
    state.messages.save(channel["id"], message)
    state.sessions.set_status(channel["id"], str(thread_ts), "")
    state.changed()
    return {"channel": channel["id"], "ts": message["ts"]}


def _end_if_due(state: State, args: Arguments, *, stopping: bool = False) -> None:
    """A stream that lived too long, or that the fault `stopped_stream` meets, ends in a write of its own: the call
    itself is then refused, and what a refused call wrote is taken back."""
    with state.database.transaction():
        channel = conversation(state, args)
        message = state.messages.get(channel["id"], args.required("ts"))
        if message.get("streaming_state") != "in_progress" or message.get("bot_id") != state.identity.bot_id:
            return
        if time.time() - message["_stream"]["started"] > state.settings.stream_seconds:
            message["streaming_state"] = "errored"
        elif not stopping and state.faults.take("stopped_streams"):
            message["streaming_state"] = "stopped_by_user"
        else:
            return
        state.messages.save(channel["id"], message)
    state.changed()


def _open(state: State, args: Arguments, *, stopping: bool = False) -> tuple[Json, Json]:
    channel = conversation(state, args)
    message = state.messages.get(channel["id"], args.required("ts"))
    if message.get("bot_id") != state.identity.bot_id:
        raise SlackRefusal("message_not_owned_by_app")
    streaming = message.get("streaming_state")
    if streaming == "stopped_by_user" and stopping:
        return channel, message
    if streaming == "stopped_by_user":
        raise SlackRefusal("stopped_by_user")
    if streaming != "in_progress":
        raise SlackRefusal("message_not_in_streaming_state")
    return channel, message


def append(state: State, args: Arguments) -> Json:
    """Add text or chunks."""
    _end_if_due(state, args)
    with state.database.transaction():
        channel, message = _open(state, args)
        if not args.text("markdown_text") and not args.data("chunks"):
            raise SlackRefusal("no_text")
        _extend(state, message["_stream"], args)
        _render(message)
        state.messages.save(channel["id"], message)
    state.changed()
    return {"channel": channel["id"], "ts": message["ts"]}


def stop(state: State, args: Arguments) -> Json:
    """Finish the message; `blocks` stand below its text."""
    _end_if_due(state, args, stopping=True)
    with state.database.transaction():
        channel, message = _open(state, args, stopping=True)
        blocks = args.data("blocks", "invalid_blocks_format")
        checked = check_blocks(blocks) if blocks is not None else []
        check_slack_files(state, checked)
        metadata = args.data("metadata", "invalid_metadata_format")
        check_metadata(metadata)
        session = args.text("session_status", "active")
        if session not in SESSION_STATES:
            raise SlackRefusal("invalid_arguments", ["session_status is unknown"])
        if message["streaming_state"] == "in_progress":
            _extend(state, message["_stream"], args)
            message["streaming_state"] = "completed"
        if checked:
            message["_stream"]["parts"].append({"blocks": checked})
        _render(message)
        if metadata is not None:
            message["metadata"] = metadata
        state.messages.save(channel["id"], message)
    state.sessions.set_agent(channel["id"], str(message.get("thread_ts")), session)
    posted(state, channel, message)
    return {"channel": channel["id"], "ts": message["ts"], "message": public_message(message)}


def _extend(state: State, stream: Json, args: Arguments) -> None:
    text = args.text("markdown_text")
    if text:
        _add_text(stream, text)
    chunks = args.data("chunks", "invalid_chunks")
    if chunks is None:
        return
    if not isinstance(chunks, list):
        raise SlackRefusal("invalid_chunks")
    for chunk in chunks:
        _add_chunk(state, stream, chunk)


def _add_text(stream: Json, text: str) -> None:
    written = sum(len(part.get("text", "")) for part in stream["parts"])
    if len(text) > MARKDOWN_LIMIT or written + len(text) > MARKDOWN_LIMIT:
        raise SlackRefusal("msg_too_long")
    parts = stream["parts"]
    if parts and "text" in parts[-1]:
        parts[-1]["text"] += text
    else:
        parts.append({"text": text})


def _add_chunk(state: State, stream: Json, chunk: object) -> None:
    if not isinstance(chunk, dict):
        raise SlackRefusal("invalid_chunks")
    match chunk.get("type"):
        case "markdown_text" if isinstance(chunk.get("text"), str):
            _add_text(stream, chunk["text"])
        case "plan_update" if isinstance(chunk.get("title"), str):
            stream["plan"] = chunk["title"]
        case "task_update" if chunk.get("id") and chunk.get("title") and chunk.get("status") in TASK_STATES:
            _add_task(stream, chunk)
        case "blocks":
            checked = check_blocks(chunk.get("blocks"))
            check_slack_files(state, checked)
            stream["parts"].append({"blocks": checked})
        case _:
            raise SlackRefusal("invalid_chunks", [f"invalid chunk: {chunk.get('type')}"])


def _add_task(stream: Json, chunk: Json) -> None:
    tasks = [part["task"] for part in stream["parts"] if "task" in part]
    known = next((task for task in tasks if task["task_id"] == chunk["id"]), None)
    if known is None:
        if len(tasks) >= PLAN_TASKS:
            raise SlackRefusal("invalid_chunks", [f"no more than {PLAN_TASKS} tasks allowed"])
        known = {"type": "task_card", "task_id": chunk["id"]}
        stream["parts"].append({"task": known})
    known.update(title=chunk["title"], status=chunk["status"])
    for key in ("details", "output"):
        if chunk.get(key):
            # Slack appends what arrives for the same task.
            known[f"_{key}"] = known.get(f"_{key}", "") + str(chunk[key])
            known[key] = {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": known[f"_{key}"]}]}],
            }
    if chunk.get("sources"):
        known["sources"] = [*known.get("sources", []), *chunk["sources"]]


def _render(message: Json) -> None:
    """Text and blocks of the message from what was streamed so far."""
    stream = message["_stream"]
    message["text"] = "".join(part.get("text", "") for part in stream["parts"])
    blocks: list[Json] = []
    plan: Json | None = None
    if stream["mode"] == "plan" and (stream["plan"] or any("task" in p for p in stream["parts"])):
        plan = {"type": "plan", "title": stream["plan"] or "Working on it", "tasks": []}
        blocks.append(plan)
    for part in stream["parts"]:
        if "text" in part:
            blocks.append({"type": "markdown", "text": part["text"]})
        elif "task" in part:
            task = {key: value for key, value in part["task"].items() if not key.startswith("_")}
            (plan["tasks"] if plan else blocks).append(task)
        else:
            blocks.extend(part["blocks"])
    message["blocks"] = blocks


METHODS: dict[str, Handler] = {"chat.startStream": start, "chat.appendStream": append, "chat.stopStream": stop}
