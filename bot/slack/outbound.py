"""Everything that leaves for Slack: validated, paced, retried only where that cannot post twice.

A post whose reply was lost may or may not have arrived. It carries metadata with its own key, so the conversation
itself is asked before it is sent again. No retry handler of the SDK is used.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.errors import Unavailable
from bot.slack.kit import Json, Message
from bot.slack.limits import check
from bot.slack.pacing import Pace

LOG = logging.getLogger(__name__)
EVENT_TYPE = "rapport_reply"
ATTEMPTS = 4
LONGEST_RETRY_AFTER = 60.0
RETRY_PAUSE = 0.5
LOOK_BACK = 200
"""Messages that are asked for at once, which is as many as Slack advises."""


class Unsendable(Unavailable):
    """Slack does not take this payload; nothing was posted."""


@dataclass(frozen=True)
class Posted:
    """Where a message stands now; an ephemeral one cannot be updated by ``ts``."""

    channel: str
    ts: str


def marked(key: str) -> Json:
    """The metadata that tells one reply from every other."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


class Outbound:
    """Posts, updates and files, over one client. Safe to share between threads."""

    def __init__(self, client: WebClient, pace: Pace | None = None) -> None:
        self.client = client
        self._pace = pace or Pace()

    def post(
        self, channel: str, message: Message, *, key: str, thread_ts: str | None = None, since: str | None = None
    ) -> Posted:
        """Post once. ``key`` tells this message from every other; it is kept in the message's metadata. It was not posted
        before ``since``, which is a message's ``ts``.

        :raises Unsendable: when the payload breaks one of Slack's limits or Slack refuses it.
        :raises Unavailable: when Slack does not answer, and the message is not there.
        """
        payload = self._checked(message)
        metadata = marked(key)
        for attempt in range(ATTEMPTS):
            self._pace.wait(channel)
            try:
                reply = self.patiently(
                    lambda: self.client.chat_postMessage(
                        channel=channel,
                        thread_ts=thread_ts,
                        metadata=metadata,
                        unfurl_links=False,
                        unfurl_media=False,
                        **payload,
                    )
                )
                return Posted(str(reply["channel"]), str(reply["ts"]))
            except Unavailable as error:
                LOG.warning("A post got no reply (%s); looking whether it arrived", error)
                self._pace.pause(RETRY_PAUSE * 2**attempt)
                found = self.find(channel, thread_ts, key, since=since)
                if found is not None:
                    return found
        raise Unavailable("Slack does not answer right now. I will try again in a moment.")

    def find(self, channel: str, thread_ts: str | None, key: str, *, since: str | None = None) -> Posted | None:
        """The message with this key, when it was posted already, and ``since`` then."""
        for message in self.recent(channel, thread_ts, since=since):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
                return Posted(channel, str(message["ts"]))
        return None

    def recent(self, channel: str, thread_ts: str | None, *, since: str | None = None) -> list[Json]:
        """The messages of the thread, or the newest of the conversation; with ``since`` those from that ``ts`` on. Slack
        gives a thread from its beginning, so it is read to its end."""
        if thread_ts is None:
            reply = self.patiently(
                lambda: self.client.conversations_history(
                    channel=channel, limit=LOOK_BACK, oldest=since, inclusive=True, include_all_metadata=True
                ),
                again=True,
            )
            return list(reply["messages"])
        found: list[Json] = []
        cursor: str | None = None
        while True:
            reply = self._replies(channel, thread_ts, since, cursor)
            found += reply["messages"]
            cursor = (reply.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    def _replies(self, channel: str, thread_ts: str, since: str | None, cursor: str | None) -> SlackResponse:
        return self.patiently(
            lambda: self.client.conversations_replies(
                channel=channel, ts=thread_ts, limit=LOOK_BACK, oldest=since, inclusive=True, cursor=cursor,
                include_all_metadata=True,
            ),
            again=True,
        )  # fmt: skip

    def update(self, channel: str, ts: str, message: Message, *, key: str | None = None) -> None:
        """Replace a message of the bot's own; with ``key`` it is marked as the reply of that key."""
        payload = self._checked(message)
        if key is not None:
            payload["metadata"] = marked(key)
        self.patiently(lambda: self.client.chat_update(channel=channel, ts=ts, **payload), again=True)

    def ephemeral(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Post for one person's eyes. A lost one is sent again: twice is better than never, and only they see it."""
        payload = self._checked(message)
        self._pace.wait(channel)
        self.patiently(
            lambda: self.client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread_ts, **payload),
            again=True,
        )

    def respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        """Answer a command or a button where the bot is no member, for one person's eyes."""
        payload = self._checked(message)
        hook = WebhookClient(response_url)
        body = {**payload, "response_type": "ephemeral", "replace_original": replace}
        for attempt in range(ATTEMPTS):
            try:
                reply = hook.send_dict(body)
            except OSError as error:
                raise Unavailable("Slack does not answer right now.") from error
            if reply.status_code == 429 and attempt < ATTEMPTS - 1:
                self._pace.pause(_retry_after(reply.headers))
            elif reply.status_code != 200:
                raise Unsendable(f"Slack did not take the reply ({reply.body or reply.status_code}). Ask again.")
            else:
                return

    def picture(self, content: bytes, name: str, alt: str) -> str:
        """Upload a PNG that blocks can show; its file id."""
        reply = self.patiently(
            lambda: self.client.files_upload_v2(content=content, filename=name, title=name, alt_txt=alt)
        )
        return str(reply["file"]["id"])

    def patiently(self, call: Callable[[], SlackResponse], *, again: bool = False) -> SlackResponse:
        """Make a call, waiting when Slack says so. With ``again`` it is also repeated when the reply is lost.

        :raises Unsendable: when Slack refuses it.
        :raises Unavailable: when it stays rate limited, fails, or its reply is lost.
        """
        for attempt in range(ATTEMPTS):
            last = attempt == ATTEMPTS - 1
            try:
                return call()
            except SlackApiError as error:
                status = int(error.response.status_code)
                if status == 429 and not last:
                    self._pace.pause(_retry_after(error.response.headers))
                elif status == 429 or status >= 500:
                    if status == 429 or last or not again:
                        raise Unavailable(f"Slack is busy ({status}).") from error
                    self._pace.pause(RETRY_PAUSE * 2**attempt)
                else:
                    raise Unsendable(f"Slack refused it: {error.response.get('error')}.") from error
            except (OSError, HTTPException) as error:
                if last or not again:
                    raise Unavailable(f"Slack did not answer ({type(error).__name__}).") from error
                self._pace.pause(RETRY_PAUSE * 2**attempt)
        raise Unavailable("Slack is busy.")

    def checked_blocks(self, blocks: Sequence[Json]) -> list[Json]:
        """Blocks of a message, when they keep to Slack's limits.

        :raises Unsendable: names the first limit that is broken.
        """
        _refuse({"text": "…", "blocks": list(blocks)})
        return list(blocks)

    def _checked(self, message: Message) -> dict[str, Any]:
        payload: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        _refuse(payload)
        return payload


def _refuse(payload: dict[str, Any]) -> None:
    violations = check(payload)
    if violations:
        LOG.error("A payload breaks Slack's limits: %s", violations[:5])
        raise Unsendable(f"My reply breaks one of Slack's limits ({violations[0].where} {violations[0].what}).")


def _retry_after(headers: dict[str, Any]) -> float:
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return min(float(found[0] if isinstance(found, list) else found), LONGEST_RETRY_AFTER)
    except ValueError:
        return 1.0
