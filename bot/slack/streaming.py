"""A reply that grows while it is read, and the two ways down when it cannot."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot.errors import Unavailable
from bot.slack.kit import Json, Message
from bot.slack.outbound import Outbound, Posted, Unsendable, marked
from bot.slack.text import split

LOG = logging.getLogger(__name__)
FIRST = 400
PIECE = 1_200


@dataclass(frozen=True)
class Recipient:
    """Where a stream goes; in a channel Slack wants to know for whom."""

    channel: str
    thread_ts: str
    team: str
    user: str


def stream(
    out: Outbound, to: Recipient, text: str, blocks: Sequence[Json], *, fallback: str, key: str
) -> Posted | None:
    """Stream ``text`` (Markdown), then set ``blocks`` below it; None when the person pressed Stop.

    ``fallback`` is what a notification shows where the message has to be updated as a whole.

    :raises Unavailable: when no stream could be started; nothing was posted then, so a plain post is safe.
    """
    below = out.checked_blocks(blocks) if blocks else []
    first = _first(text)
    posted = start(out, to, first)
    try:
        finish(out, posted, text[text.find(first) + len(first) :], below, key=key)
    except Unavailable as error:
        if reason(error) == "stopped_by_user":
            return None
        LOG.warning("The stream broke (%s); the message is updated instead", error)
        whole: tuple[Json, ...] = ({"type": "markdown", "text": text}, *below)
        end(out, posted)
        out.update(posted.channel, posted.ts, Message(fallback, whole), key=key)
    return posted


def start(out: Outbound, to: Recipient, piece: str) -> Posted:
    """Begin a stream with its first words.

    :raises Unavailable: when none could be started.
    """
    chunks = [{"type": "markdown_text", "text": piece}]
    started = out.patiently(
        lambda: out.client.chat_startStream(
            channel=to.channel, thread_ts=to.thread_ts, recipient_team_id=to.team, recipient_user_id=to.user,
            chunks=chunks,
        )
    )  # fmt: skip
    return Posted(to.channel, str(started["ts"]))


def append(out: Outbound, posted: Posted, piece: str) -> None:
    """Add words to a stream. Never repeated: an append whose reply was lost may have arrived, and an update of the whole
    message mends either case.

    :raises Unavailable: when the stream is no more, or Slack does not answer; :func:`reason` tells a Stop from the rest.
    """
    chunks = [{"type": "markdown_text", "text": piece}]
    out.patiently(lambda: out.client.chat_appendStream(channel=posted.channel, ts=posted.ts, chunks=chunks))


def finish(out: Outbound, posted: Posted, rest: str, blocks: Sequence[Json], *, key: str) -> None:
    """Add the rest of the words in few calls, set ``blocks`` below them and mark the message as the reply of ``key``.

    :raises Unavailable: as :func:`append` does.
    """
    below = out.checked_blocks(blocks) if blocks else []
    for at in range(0, len(rest), PIECE):
        append(out, posted, rest[at : at + PIECE])
    metadata = marked(key)
    out.patiently(
        lambda: out.client.chat_stopStream(
            channel=posted.channel, ts=posted.ts, blocks=below or None, metadata=metadata
        )
    )


def end(out: Outbound, posted: Posted) -> None:
    """Close a stream that may be open still; one that is closed already stays as it is."""
    try:
        out.patiently(lambda: out.client.chat_stopStream(channel=posted.channel, ts=posted.ts))
    except Unavailable as error:
        LOG.debug("Nothing to close: %s", error)


def _first(text: str) -> str:
    """The words to begin with: few, so that they come soon."""
    return split(text, FIRST)[0] if text.strip() else "…"


def reason(error: Unavailable) -> str:
    """What Slack called the error it refused with; empty where it did not answer."""
    cause = error.__cause__
    if isinstance(error, Unsendable) and isinstance(cause, SlackApiError):
        return str(cause.response.get("error"))
    return ""
