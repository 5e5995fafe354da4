"""views.*: modals and the home tab."""

from bot.local.api_chat import Handler
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.errors import SlackRefusal
from bot.local.places import check_slack_files
from bot.local.state import State
from bot.local.validate import check_view


def _view(state: State, args: Arguments, kinds: tuple[str, ...]) -> Json:
    view = check_view(args.data("view"), kinds)
    try:
        check_slack_files(state, view["blocks"])
    except SlackRefusal as refusal:
        raise SlackRefusal("invalid_arguments", ["invalid slack file"]) from refusal
    return view


def open_(state: State, args: Arguments) -> Json:
    """Open a modal with a fresh trigger_id."""
    view = _view(state, args, ("modal",))
    user = state.sessions.take_trigger(args.text("trigger_id"))
    opened = state.views.open(user, view)
    state.changed()
    return {"view": opened}


def push(state: State, args: Arguments) -> Json:
    """Put a modal on top of the open one."""
    view = _view(state, args, ("modal",))
    user = state.sessions.take_trigger(args.text("trigger_id"))
    pushed = state.views.push(user, view)
    state.changed()
    return {"view": pushed}


def update(state: State, args: Arguments) -> Json:
    """Replace an open modal, found by view_id or external_id."""
    view = _view(state, args, ("modal", "home"))
    updated = state.views.update(
        view, view_id=args.optional("view_id"), external_id=args.optional("external_id"), hash_=args.optional("hash")
    )
    state.changed()
    return {"view": updated}


def publish(state: State, args: Arguments) -> Json:
    """Set a person's home tab."""
    view = _view(state, args, ("home",))
    user = state.directory.user(args.text("user_id"))["id"]
    published = state.views.publish(user, view, args.optional("hash"))
    state.changed()
    return {"view": published}


METHODS: dict[str, Handler] = {
    "views.open": open_,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
