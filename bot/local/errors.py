"""What the local workspace refuses, in Slack's own words."""

from collections.abc import Sequence

from bot.errors import RapportError
from bot.local.database import Json


class WorkspaceError(RapportError):
    """The local workspace cannot do what was asked; the sentence says what to do."""


class SlackRefusal(WorkspaceError):
    """A Web API call that Slack would refuse: `{"ok": false, "error": code, ...extra}`."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: object) -> None:
        super().__init__(f"{code}: {'; '.join(messages)}" if messages else code)
        self.code = code
        self.extra: Json = dict(extra)
        if messages:
            self.extra["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}

    def body(self) -> Json:
        """The JSON object Slack answers with."""
        return {"ok": False, "error": self.code, **self.extra}
