"""The app manifest: what "create an app from a manifest" on Slack's site is given.

``manifest.json`` beside this module is what :func:`manifest` returns, kept in step by a test;
``python -m bot.slack.manifest`` prints it.
"""

import json
import sys

from bot.slack.home import prompts
from bot.slack.interactions import LOG_ANYTHING, LOG_MESSAGE
from bot.slack.kit import Json

SCOPES = (
    "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands",
    "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write", "users:read",
    "users:read.email",
)  # fmt: skip
EVENTS = (
    "agent_session_stopped", "app_context_changed", "app_home_opened", "app_mention", "message.channels",
    "message.groups", "message.im",
)  # fmt: skip
DESCRIPTION = "Your CRM in Slack: ask about customers, log what happened, hear what to do next."
LONG_DESCRIPTION = (
    "Rapport is a sales team's whole CRM, in Slack. Ask what is the latest on a customer, what was promised and to "
    "whom, which deals close this month; say what happened and confirm what is written; drop a transcript and the meeting "
    "is logged. "
    "Every answer shows its sources, and nothing is written without your word."
)


def manifest(name: str = "Rapport", command: str = "/rapport", url: str | None = None) -> Json:
    """The manifest as Slack takes it: for Socket Mode, or for signed HTTP to the public address ``url``."""
    requests = {"url": url} if url else {}
    request = {"request_url": url} if url else {}
    return {
        "display_information": {
            "name": name, "description": DESCRIPTION, "long_description": LONG_DESCRIPTION,
            "background_color": "#1f2a44",
        },
        "features": {
            "agent_view": {"agent_description": DESCRIPTION, "suggested_prompts": prompts()},
            "app_home": {
                "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": command, "description": "Ask Rapport, or tell it what happened",
                    "usage_hint": "what's the latest on Meridian?", "should_escape": True, **requests,
                }
            ],
            "shortcuts": [
                {
                    "name": "Log this message", "type": "message", "callback_id": LOG_MESSAGE,
                    "description": "Put what this message says on the customer's record",
                },
                {
                    "name": "Log something", "type": "global", "callback_id": LOG_ANYTHING,
                    "description": "Say what happened with a customer",
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False, "socket_mode_enabled": url is None, "token_rotation_enabled": False,
        },
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(manifest(), indent=2) + "\n")
