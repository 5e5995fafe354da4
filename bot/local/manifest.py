"""The app's manifest, as Slack reads it: commands, shortcuts, subscriptions, scopes and suggested prompts."""

import json
from dataclasses import dataclass
from pathlib import Path

from bot.local.database import Json
from bot.local.errors import WorkspaceError


@dataclass(frozen=True)
class LocalShortcut:
    """A shortcut of the app: `on_message` ones stand in a message's menu."""

    name: str
    callback_id: str
    on_message: bool = True


@dataclass(frozen=True)
class AppManifest:
    """What of a manifest changes how the workspace behaves. `prompts` are objects with a title and a message."""

    name: str
    commands: tuple[str, ...]
    shortcuts: tuple[LocalShortcut, ...]
    events: frozenset[str]
    scopes: frozenset[str]
    prompts: tuple[Json, ...]


def read_manifest(source: Path | Json) -> AppManifest:
    """A manifest, parsed or in a JSON file; WorkspaceError when it cannot be read."""
    try:
        found = json.loads(source.read_text()) if isinstance(source, Path) else source
        features, settings = found["features"], found["settings"]
        return AppManifest(
            name=features["bot_user"]["display_name"],
            commands=tuple(each["command"] for each in features.get("slash_commands", [])),
            shortcuts=tuple(
                LocalShortcut(each["name"], each["callback_id"], each["type"] == "message")
                for each in features.get("shortcuts", [])
            ),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            scopes=frozenset(found["oauth_config"]["scopes"]["bot"]),
            prompts=tuple(features.get("agent_view", {}).get("suggested_prompts", [])),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"This is not an app manifest in JSON ({type(error).__name__}: {error}).") from error
