"""Events: every message that wants an answer is written down before it is acknowledged.

A listener that raises leaves the event unacknowledged, and Slack delivers it again; that is what a failed write needs.
Events that nothing is done about are acknowledged too, because Slack repeats what it gets no answer to.
"""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from slack_bolt import App

from bot.slack.home import prompts
from bot.slack.identity import Identities
from bot.slack.inbound import Asking, Dropping, accept
from bot.slack.parts import Parts
from bot.slack.places import Place
from bot.slack.stops import Stops
from bot.slack.tabs import Tabs

LOG = logging.getLogger(__name__)
SPOKEN = (None, "file_share", "thread_broadcast", "me_message")
PROMPTS_TITLE = "Ask me, or tell me what happened"


def listen(app: App, parts: Parts, tabs: Tabs, stops: Stops, identities: Identities, team: str) -> None:
    """Register what is done about each event."""

    def message(body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("channel_type") == "im":
            if _is_spoken(event):
                _accept(parts, body, event, "dm", team)
        elif _may_follow_up(event) and identities.has_been_answered(
            event["user"], _place(event, "channel", team).thread
        ):
            _accept(parts, body, event, "channel", team, follow_up=True)

    def mention(body: dict[str, Any], event: dict[str, Any]) -> None:
        if _is_spoken(event) and event.get("channel_type") != "im":
            _accept(parts, body, event, "channel", team)

    def home_opened(event: dict[str, Any]) -> None:
        user = str(event.get("user", ""))
        if event.get("tab") == "home":
            tabs.soon(lambda: tabs.show_home(user))
        else:
            channel = str(event.get("channel", ""))
            tabs.soon(
                lambda: app.client.assistant_threads_setSuggestedPrompts(
                    channel_id=channel, prompts=prompts(), title=PROMPTS_TITLE
                )
            )

    def stopped(event: dict[str, Any]) -> None:
        stops.stop(str(event.get("channel") or event.get("channel_id") or ""), event.get("thread_ts"), parts.clock())

    def context_changed(event: dict[str, Any]) -> None:
        LOG.debug("Somebody looks at %d things", len((event.get("context") or {}).get("entities") or []))

    def nothing() -> None:
        return None

    app.event("message")(message)
    app.event("app_mention")(mention)
    app.event("app_home_opened")(home_opened)
    app.event("agent_session_stopped")(stopped)
    app.event("app_context_changed")(context_changed)
    app.event(re.compile(".*"))(nothing)


def _is_spoken(event: dict[str, Any]) -> bool:
    """Whether a person said this: no bot, no edit, no deletion, no joining."""
    return event.get("subtype") in SPOKEN and not event.get("bot_id") and bool(event.get("user"))


def _may_follow_up(event: dict[str, Any]) -> bool:
    """Whether a message in a channel can be a reply to the bot: plain words in a thread that mention nobody. One that
    mentions the bot comes as an ``app_mention`` too and is answered there."""
    in_thread = event.get("thread_ts") not in (None, event.get("ts"))
    return in_thread and event.get("subtype") is None and _is_spoken(event) and "<@" not in str(event.get("text", ""))


def _place(event: dict[str, Any], kind: str, team: str) -> Place:
    return Place.model_validate(
        {
            "kind": kind, "team": team, "channel": event["channel"], "user": event["user"],
            "thread_ts": event.get("thread_ts") or event["ts"], "asked_ts": event["ts"],
        }
    )  # fmt: skip


def _accept(
    parts: Parts, body: dict[str, Any], event: dict[str, Any], kind: str, team: str, *, follow_up: bool = False
) -> None:
    place = _place(event, kind, team)
    key = str(body.get("event_id") or f"{event['channel']}:{event['ts']}")
    at = datetime.fromtimestamp(float(event["ts"]), UTC)
    files = [str(file["id"]) for file in event.get("files") or [] if file.get("id")]
    text = str(event.get("text") or "")
    accept(
        parts,
        Dropping(key=key, place=place, at=at, files=files, text=text)
        if files
        else Asking(key=key, place=place, at=at, text=text, follow_up=follow_up),
    )
