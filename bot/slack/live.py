"""An answer that is still being written, shown as it comes: begun as a stream, finished as the message it becomes."""

import logging
import threading
import time
from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from bot.errors import Unavailable
from bot.slack import kit
from bot.slack.kit import Message
from bot.slack.outbound import Outbound, Posted
from bot.slack.parts import Parts
from bot.slack.streaming import Recipient, append, end, finish, reason, start
from bot.slack.text import strong
from crm_store.access import Scope
from crm_store.models import Job

LOG = logging.getLogger(__name__)
KIND = "slack_stream"
PAUSE_SECONDS = 1.0
"""Between two pieces: Slack takes about a hundred appends a minute."""
MOST = 8_000
"""What comes after so many characters waits for the whole answer, which may need a second message."""


class Live:
    """The beginning of one answer on screen. Nothing is shown before ``may_begin`` says so, and it is asked once.

    What was said while the answer was made counts until it is done: the finished message completes it, or replaces it.
    """

    def __init__(self, out: Outbound, parts: Parts, to: Recipient, mark: str, may_begin: Callable[[], bool]) -> None:
        self._out, self._parts, self._to, self._mark = out, parts, to, mark
        self._may_begin = may_begin
        self._lock = threading.Lock()
        self._posted: Posted | None = None
        self._said, self._waiting = "", ""
        self._last = float("-inf")
        self._silent = self._stopped = False

    @property
    def begun(self) -> bool:
        return self._posted is not None

    def hear(self, sentence: str) -> None:
        """Show the next words, now or with those that follow within a second."""
        with self._lock:
            self._waiting += strong(str(kit.markdown(sentence)["text"]))
            if self._silent or len(self._said) + len(self._waiting) > MOST or not self._waiting.strip():
                return
            if time.monotonic() - self._last < PAUSE_SECONDS:
                return
            try:
                self._show()
            except Unavailable as error:
                self._silent = True
                self._stopped = reason(error) == "stopped_by_user"
                LOG.warning("The answer is not shown while it is made (%s)", error)

    def _show(self) -> None:
        piece, self._waiting = self._waiting, ""
        if self._posted is None:
            if not self._may_begin():
                self._silent = True
                return
            self._posted = start(self._out, self._to, piece)
            keep(self._parts, self._mark, self._posted)
        else:
            append(self._out, self._posted, piece)
        self._said += piece
        self._last = time.monotonic()

    def finish(self, message: Message) -> None:
        """Make the finished message of what was begun; where the person pressed Stop it stays as it is.

        :raises Unavailable: when Slack can be reached for neither.
        """
        with self._lock:
            posted, self._silent = self._posted, True
            if posted is None or self._stopped:
                return
            head = message.blocks[0] if message.blocks else {}
            text = str(head["text"]) if head.get("type") == "markdown" else ""
            if self._said and text.startswith(self._said):
                try:
                    finish(self._out, posted, text[len(self._said) :], message.blocks[1:], key=self._mark)
                    return
                except Unavailable as error:
                    if reason(error) == "stopped_by_user":
                        return
                    LOG.warning("The stream broke (%s); the message is updated instead", error)
            end(self._out, posted)
            self._out.update(posted.channel, posted.ts, message, key=self._mark)

    def close(self) -> None:
        """Leave what was said as it is: the person does not want the rest."""
        with self._lock:
            self._silent = True
            if self._posted is not None:
                end(self._out, self._posted)

    def withdraw(self) -> None:
        """Take back what was said: not everyone there may read it any more."""
        with self._lock:
            posted, self._silent, self._posted = self._posted, True, None
            if posted is not None:
                end(self._out, posted)
                self._out.patiently(
                    lambda: self._out.client.chat_delete(channel=posted.channel, ts=posted.ts), again=True
                )


def keep(parts: Parts, mark: str, posted: Posted) -> None:
    """Write down which message is being streamed, for whoever comes after a crash. The row is a job that is done."""
    now = parts.clock()
    with parts.store.write(Scope.system("a stream to Slack")) as session:
        session.add(
            Job(
                id=_id(mark), kind=KIND, key=f"{KIND}:{mark}", payload={"channel": posted.channel, "ts": posted.ts},
                status="done", run_at=now, created_at=now, finished_at=now,
            )
        )  # fmt: skip


def left_open(parts: Parts, mark: str) -> Posted | None:
    """The message that an earlier attempt had begun to stream."""
    with parts.store.read(Scope.system("a stream to Slack")) as session:
        row = session.get(Job, _id(mark))
        return None if row is None else Posted(str(row.payload["channel"]), str(row.payload["ts"]))


def _id(mark: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"stream:{mark}"))
