"""The delivery loop: takes due events from the outbox to the app, and asks it about interactions."""

import asyncio
import json
from dataclasses import dataclass
from typing import Literal

from bot.local.database import Json
from bot.local.faults import Faults
from bot.local.http_delivery import HttpReply, post_event, post_interaction
from bot.local.identity import Identity, random_id
from bot.local.outbox import Delivery, Outbox
from bot.local.socket_mode import Sockets

Transport = Literal["socket", "http"]
IDLE_SECONDS = 0.5


@dataclass(frozen=True)
class InteractionReply:
    """Whether the app acknowledged in time, and what it said; `error` is what a Slack client would show."""

    ok: bool
    body: Json | None = None
    error: str = ""


class Delivering:
    """Runs on the server's event loop. `ack_seconds` is how long the app has to acknowledge (Slack: 3)."""

    def __init__(
        self,
        identity: Identity,
        outbox: Outbox,
        sockets: Sockets,
        faults: Faults,
        *,
        transport: Transport,
        events_url: str | None,
        ack_seconds: float,
    ) -> None:
        self._me = identity
        self._outbox = outbox
        self._sockets = sockets
        self._faults = faults
        self._transport = transport
        self._events_url = events_url or ""
        self._ack_seconds = ack_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._asked: dict[str, asyncio.Future[Json | None]] = {}
        self._posting: set[asyncio.Task[None]] = set()

    def notify(self) -> None:
        """Something is due; callable from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Deliver until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            if self._faults.take("disconnects"):
                await self._sockets.disconnect_all()
            for delivery in self._outbox.due():
                if not await self._send(delivery):
                    break
            due = self._outbox.next_due()
            stuck = self._transport == "socket" and self._sockets.count == 0
            pause = IDLE_SECONDS if due is None or stuck else min(due, IDLE_SECONDS)
            try:
                async with asyncio.timeout(max(pause, 0.005)):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _send(self, delivery: Delivery) -> bool:
        if self._transport == "http":
            # The app has its time in the POST itself; the outbox must not call it overdue meanwhile.
            self._outbox.sent(delivery.id, self._ack_seconds + 30)
            task = asyncio.create_task(self._post(delivery))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)
            return True
        envelope: Json = {
            "envelope_id": delivery.envelope_id,
            "type": "events_api",
            "payload": delivery.payload,
            "accepts_response_payload": False,
            "retry_attempt": delivery.attempts,
            "retry_reason": delivery.reason or "",
        }
        if self._sockets.count == 0:
            return False
        # Marked before it leaves, so that an acknowledgement can never come too early to be noticed.
        self._outbox.sent(delivery.id, self._ack_seconds)
        return await self._sockets.send(envelope)

    async def _post(self, delivery: Delivery) -> None:
        reply = await asyncio.to_thread(
            post_event,
            self._events_url,
            self._me.signing_secret,
            delivery.payload,
            timeout=self._ack_seconds,
            attempts=delivery.attempts,
            reason=delivery.reason,
        )
        if reply.failure is None and not self._faults.take("lost_acks"):
            self._outbox.ack(delivery.envelope_id)
        else:
            self._outbox.fail(delivery.id, reply.failure or "http_timeout")
        self._wake.set()

    def acknowledge(self, message: str) -> None:
        """A text frame of the app: `{"envelope_id": …, "payload": …}`."""
        try:
            frame = json.loads(message)
        except ValueError:
            return
        envelope_id = frame.get("envelope_id") if isinstance(frame, dict) else None
        if not envelope_id:
            return
        asked = self._asked.pop(envelope_id, None)
        if asked is not None:
            if not asked.done():
                asked.set_result(frame.get("payload"))
        elif not self._faults.take("lost_acks"):
            self._outbox.ack(envelope_id)

    def ask(self, kind: Literal["interactive", "slash_commands"], payload: Json) -> InteractionReply:
        """Deliver one interaction and wait for its acknowledgement; never retried. Not for the event loop's thread."""
        if self._loop is None:
            return InteractionReply(False, error="dispatch_failed")
        return asyncio.run_coroutine_threadsafe(self._ask(kind, payload), self._loop).result()

    async def _ask(self, kind: Literal["interactive", "slash_commands"], payload: Json) -> InteractionReply:
        if self._transport == "http":
            reply: HttpReply = await asyncio.to_thread(
                post_interaction, self._events_url, self._me.signing_secret, kind, payload, timeout=self._ack_seconds
            )
            if reply.failure:
                return InteractionReply(False, error=reply.failure)
            return InteractionReply(True, reply.body)
        envelope_id = random_id("") + random_id("")
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._asked[envelope_id] = future
        sent = await self._sockets.send(
            {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        )
        if not sent:
            self._asked.pop(envelope_id, None)
            return InteractionReply(False, error="dispatch_failed")
        try:
            async with asyncio.timeout(self._ack_seconds):
                return InteractionReply(True, await future)
        except TimeoutError:
            self._asked.pop(envelope_id, None)
            return InteractionReply(False, error="operation_timeout")
