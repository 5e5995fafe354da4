"""The local workspace: Slack's Web API, Socket Mode and signed HTTP on this machine, with a page to chat on."""

from bot.local.errors import SlackRefusal, WorkspaceError
from bot.local.manifest import LocalShortcut
from bot.local.people import LocalChannel, LocalPerson
from bot.local.state import Settings
from bot.local.workspace import LocalWorkspace

__all__ = [
    "LocalChannel",
    "LocalPerson",
    "LocalShortcut",
    "LocalWorkspace",
    "Settings",
    "SlackRefusal",
    "WorkspaceError",
]
