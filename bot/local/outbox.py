"""Events on their way to the app: kept until acknowledged, with Slack's retries, across restarts."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.local.database import Database, Json
from bot.local.identity import random_id

MAX_RETRIES = 3
KEEP_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Delivery:
    """One event on its way. `attempts` counts earlier tries that were not acknowledged."""

    id: int
    envelope_id: str
    payload: Json
    attempts: int
    reason: str | None


@dataclass(frozen=True)
class OutboxCounts:
    """How many deliveries wait, are under way, were acknowledged, and were given up."""

    waiting: int
    sent: int
    acked: int
    failed: int


class Outbox:
    """`retry_delays[n]` is the pause in seconds before retry n + 1 (Slack: at once, 1 minute, 5 minutes)."""

    def __init__(self, database: Database, retry_delays: Sequence[float]) -> None:
        self._db = database
        self._retry_delays = tuple(retry_delays)
        self._db.run("delete from delivery where state = 'acked' and created < ?", (time.time() - KEEP_SECONDS,))
        self._db.run(
            "update delivery set state = 'failed', reason = 'too_old' where state in ('waiting', 'sent')"
            " and created < ?",
            (time.time() - KEEP_SECONDS,),
        )

    def add(self, payload: Json, delay: float = 0.0) -> str:
        """Queue one delivery of this event, due in `delay` seconds; its envelope id."""
        envelope = random_id("") + random_id("")
        now = time.time()
        self._db.run(
            "insert into delivery(envelope, payload, state, attempts, due, created) values(?, ?, 'waiting', 0, ?, ?)",
            (envelope, json.dumps(payload), now + delay, now),
        )
        return envelope

    def due(self) -> list[Delivery]:
        """Deliveries to send now, oldest first; those whose acknowledgement is overdue are rescheduled first."""
        now = time.time()
        for row in self._db.rows("select id from delivery where state = 'sent' and due <= ?", (now,)):
            self.fail(int(row["id"]), "timeout")
        rows = self._db.rows("select * from delivery where state = 'waiting' and due <= ? order by id limit 50", (now,))
        return [Delivery(r["id"], r["envelope"], json.loads(r["payload"]), r["attempts"], r["reason"]) for r in rows]

    def next_due(self) -> float | None:
        """Seconds until something is due, or None when the outbox is empty."""
        row = self._db.row("select min(due) as due from delivery where state in ('waiting', 'sent')")
        return None if row is None or row["due"] is None else max(0.0, row["due"] - time.time())

    def sent(self, delivery: int, ack_seconds: float) -> None:
        """It is with the app now, which has `ack_seconds` to acknowledge."""
        self._db.run(
            "update delivery set state = 'sent', due = ? where id = ? and state = 'waiting'",
            (time.time() + ack_seconds, delivery),
        )

    def ack(self, envelope_id: str) -> bool:
        """The app acknowledged; False when it is no event of ours."""
        return self._db.run("update delivery set state = 'acked' where envelope = ?", (envelope_id,)) > 0

    def fail(self, delivery: int, reason: str) -> None:
        """It was not acknowledged: schedule the next retry, or give up after the third."""
        row = self._db.row("select attempts from delivery where id = ?", (delivery,))
        if row is None:
            return
        attempts = int(row["attempts"])
        if attempts >= MAX_RETRIES:
            self._db.run("update delivery set state = 'failed', reason = ? where id = ?", (reason, delivery))
            return
        delay = self._retry_delays[min(attempts, len(self._retry_delays) - 1)]
        self._db.run(
            "update delivery set state = 'waiting', attempts = ?, reason = ?, due = ? where id = ?",
            (attempts + 1, reason, time.time() + delay, delivery),
        )

    def counts(self) -> OutboxCounts:
        """How the deliveries stand."""
        found = {
            r["state"]: int(r["n"]) for r in self._db.rows("select state, count(*) as n from delivery group by state")
        }
        return OutboxCounts(
            found.get("waiting", 0), found.get("sent", 0), found.get("acked", 0), found.get("failed", 0)
        )
