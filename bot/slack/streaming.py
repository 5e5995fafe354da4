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
    pieces = _pieces(text)
    started = out.patiently(
        lambda: out.client.chat_startStream(
            channel=to.channel, thread_ts=to.thread_ts, recipient_team_id=to.team, recipient_user_id=to.user,
            chunks=[{"type": "markdown_text", "text": pieces[0]}],
        )
    )  # fmt: skip
    posted = Posted(to.channel, str(started["ts"]))
    try:
        for piece in pieces[1:]:
            _append(out, posted, piece)
        _stop(out, posted, below, key)
    except Unavailable as error:
        if _reason(error) == "stopped_by_user":
            return None
        LOG.warning("The stream broke (%s); the message is updated instead", error)
        whole: tuple[Json, ...] = ({"type": "markdown", "text": text}, *below)
        end(out, posted)
        out.update(posted.channel, posted.ts, Message(fallback, whole), key=key)
    return posted


def end(out: Outbound, posted: Posted) -> None:
    """Close a stream that may be open still; one that is closed already stays as it is."""
    try:
        out.patiently(lambda: out.client.chat_stopStream(channel=posted.channel, ts=posted.ts))
    except Unavailable as error:
        LOG.debug("Nothing to close: %s", error)


def _append(out: Outbound, posted: Posted, piece: str) -> None:
    """Never repeated: an append whose reply was lost may have arrived, and the update below mends either case."""
    chunks = [{"type": "markdown_text", "text": piece}]
    out.patiently(lambda: out.client.chat_appendStream(channel=posted.channel, ts=posted.ts, chunks=chunks))


def _stop(out: Outbound, posted: Posted, blocks: list[Json], key: str) -> None:
    metadata = marked(key)
    out.patiently(
        lambda: out.client.chat_stopStream(
            channel=posted.channel, ts=posted.ts, blocks=blocks or None, metadata=metadata
        )
    )


def _pieces(text: str) -> list[str]:
    """The first words soon, the rest in few calls; nothing is lost between them."""
    first = split(text, FIRST)[0] if text.strip() else "…"
    start = text.find(first) + len(first)
    rest = text[start:]
    return [first, *(rest[at : at + PIECE] for at in range(0, len(rest), PIECE))]


def _reason(error: Unavailable) -> str:
    cause = error.__cause__
    if isinstance(error, Unsendable) and isinstance(cause, SlackApiError):
        return str(cause.response.get("error"))
    return ""
