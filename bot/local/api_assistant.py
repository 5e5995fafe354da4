"""assistant.threads.* and agents.sessions.*: status lines, suggested prompts and titles."""

from bot.local.api_chat import Handler
from bot.local.api_stream import SESSION_STATES
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.places import conversation, thread_of
from bot.local.state import State
from bot.local.validate import check_prompts

TITLE_LIMIT = 200


def set_status(state: State, args: Arguments) -> Json:
    """Show "… is thinking" under a thread; an empty status clears it, as does the next post."""
    channel = conversation(state, args, "channel_id")
    thread = args.required("thread_ts")
    if "status" not in args.values:
        raise SlackRefusal("invalid_arguments", ["missing required field: status [json-pointer:/status]"])
    thread = thread_of(state.messages, channel["id"], thread) or thread
    loading = args.data("loading_messages")
    if loading is not None and (not isinstance(loading, list) or len(loading) > 10):
        raise SlackRefusal("invalid_arguments", ["no more than 10 items allowed [json-pointer:/loading_messages]"])
    state.sessions.set_status(channel["id"], thread, args.text("status"), tuple(str(m) for m in loading or ()))
    state.changed()
    return {}


def set_title(state: State, args: Arguments) -> Json:
    """Name a thread."""
    channel = conversation(state, args, "channel_id")
    thread = thread_of(state.messages, channel["id"], args.required("thread_ts"))
    title = args.required("title")
    if len(title) > TITLE_LIMIT:
        raise SlackRefusal("invalid_arguments", [f"title must be less than {TITLE_LIMIT + 1} characters"])
    state.sessions.set_title(channel["id"], str(thread), title)
    state.changed()
    return {}


def set_suggested_prompts(state: State, args: Arguments) -> Json:
    """Offer up to four prompts, for the DM or for one thread."""
    channel = conversation(state, args, "channel_id")
    prompts = check_prompts(args.data("prompts"))
    thread = thread_of(state.messages, channel["id"], args.optional("thread_ts"))
    state.sessions.set_prompts(channel["id"], thread or "", args.text("title"), prompts)
    state.changed()
    return {}


def sessions_set_status(state: State, args: Arguments) -> Json:
    """The session's lifecycle; while it is `processing` the person sees a Stop button."""
    channel = conversation(state, args, "channel_id")
    status = args.required("status")
    if status not in SESSION_STATES:
        raise SlackRefusal("invalid_arguments", [f"status must be one of {', '.join(SESSION_STATES)}"])
    thread = str(thread_of(state.messages, channel["id"], args.required("thread_ts")))
    state.sessions.set_agent(channel["id"], thread, status)
    title = args.text("title")
    if title and thread not in state.sessions.titles(channel["id"]):
        state.sessions.set_title(channel["id"], thread, title[:TITLE_LIMIT])
    state.changed()
    body: Json = {
        "status": status,
        "agent_status": status,
        "title": state.sessions.titles(channel["id"]).get(thread, ""),
    }
    if "agent_session_stopped" not in state.settings.events:
        body["warning"] = "missing_agent_session_stopped_event_subscription"
    return body


METHODS: dict[str, Handler] = {
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setTitle": set_title,
    "assistant.threads.setSuggestedPrompts": set_suggested_prompts,
    "agents.sessions.setStatus": sessions_set_status,
    "agents.sessions.rename": set_title,
}
