"""The identifiers and secrets of one workspace: made once, kept in its database."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from bot.local.database import Database


def stable_id(prefix: str, name: str) -> str:
    """An identifier that looks like Slack's and is the same for the same name everywhere."""
    digest = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()
    return f"{prefix}0{digest[:9]}"


def random_id(prefix: str) -> str:
    """A fresh identifier that looks like Slack's."""
    return f"{prefix}0{base64.b32encode(secrets.token_bytes(6)).decode()[:9]}"


@dataclass(frozen=True)
class Identity:
    """Who the app is here."""

    team_id: str
    team_name: str
    stranger_team_id: str
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_name: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str


def load_identity(database: Database, bot_name: str) -> Identity:
    """The workspace's identity; tokens are made on the first start."""
    return Identity(
        team_id=stable_id("T", "local-team"),
        team_name="Local workspace",
        stranger_team_id=stable_id("T", "partner-team"),
        app_id=stable_id("A", "app"),
        bot_id=stable_id("B", "bot"),
        bot_user_id=stable_id("U", "bot-user"),
        bot_name=bot_name,
        bot_token=database.meta("bot_token", f"xoxb-local-{secrets.token_hex(12)}"),
        app_token=database.meta("app_token", f"xapp-local-{secrets.token_hex(12)}"),
        signing_secret=database.meta("signing_secret", secrets.token_hex(16)),
        verification_token=database.meta("verification_token", secrets.token_hex(12)),
    )
