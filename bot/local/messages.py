"""Messages, their threads and reactions. A message is a Slack message object plus its channel."""

import json

from bot.local.database import Database, Json
from bot.local.errors import SlackRefusal
from bot.local.identity import random_id


class Messages:
    """The message store. Ephemeral messages live beside the others, visible to one person."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, channel: str, message: Json, *, ephemeral_to: str | None = None) -> Json:
        """Store a message under a fresh `ts`; gives blocks their ids and its thread its counts."""
        with self._db.transaction():
            stored = {"type": "message", **message, "ts": self._db.new_ts()}
            if stored.get("blocks"):
                stored["blocks"] = with_block_ids(stored["blocks"])
            thread_ts = stored.get("thread_ts")
            self._db.run(
                "insert into message values(?, ?, ?, ?, ?)",
                (channel, stored["ts"], thread_ts, ephemeral_to, json.dumps(stored)),
            )
            if thread_ts and ephemeral_to is None:
                self._count_reply(channel, thread_ts, stored)
            return stored

    def _count_reply(self, channel: str, thread_ts: str, reply: Json) -> None:
        parent = self.find(channel, thread_ts)
        if parent is None or parent["ts"] == reply["ts"]:
            return
        users = parent.get("reply_users", [])
        author = reply.get("user", reply.get("bot_id"))
        if author not in users:
            users = [*users, author]
        parent.update(
            thread_ts=thread_ts,
            reply_count=parent.get("reply_count", 0) + 1,
            reply_users=users,
            reply_users_count=len(users),
            latest_reply=reply["ts"],
        )
        self.save(channel, parent)

    def save(self, channel: str, message: Json) -> None:
        """Replace the stored message of the same `ts`."""
        if message.get("blocks"):
            message["blocks"] = with_block_ids(message["blocks"])
        self._db.run(
            "update message set doc = ? where channel = ? and ts = ?", (json.dumps(message), channel, message["ts"])
        )

    def find(self, channel: str, ts: str) -> Json | None:
        """A message that everyone can see, or None."""
        return self._db.doc(
            "select doc from message where channel = ? and ts = ? and ephemeral_to is null", (channel, ts)
        )

    def get(self, channel: str, ts: str) -> Json:
        """A message that everyone can see; `message_not_found` otherwise."""
        found = self.find(channel, ts)
        if found is None:
            raise SlackRefusal("message_not_found")
        return found

    def seen_by(self, user: str, channel: str, ts: str) -> tuple[Json, bool]:
        """A message this person can see, and whether it is ephemeral; `message_not_found` otherwise."""
        row = self._db.row(
            "select doc, ephemeral_to from message where channel = ? and ts = ?"
            " and (ephemeral_to is null or ephemeral_to = ?)",
            (channel, ts, user),
        )
        if row is None:
            raise SlackRefusal("message_not_found")
        return json.loads(row["doc"]), row["ephemeral_to"] is not None

    def delete(self, channel: str, ts: str) -> None:
        """Remove the message, ephemeral or not."""
        self._db.run("delete from message where channel = ? and ts = ?", (channel, ts))

    def history(self, channel: str) -> list[Json]:
        """Top-level messages everyone can see, newest first."""
        return self._db.docs(
            "select doc from message where channel = ? and ephemeral_to is null"
            " and (thread_ts is null or thread_ts = ts or json_extract(doc, '$.reply_broadcast')) order by ts desc",
            (channel,),
        )

    def replies(self, channel: str, thread_ts: str) -> list[Json]:
        """The parent, then its replies, oldest first."""
        return self._db.docs(
            "select doc from message where channel = ? and ephemeral_to is null and (ts = ? or thread_ts = ?)"
            " order by ts",
            (channel, thread_ts, thread_ts),
        )

    def visible(self, user: str, channel: str, oldest: str = "", limit: int = -1) -> list[Json]:
        """What this person sees from `oldest` on, the newest `limit`, oldest first; some carry `is_ephemeral`."""
        found = self._db.rows(
            "select doc, ephemeral_to from message where channel = ? and (ephemeral_to is null or ephemeral_to = ?)"
            " and ts >= ? order by ts desc limit ?",
            (channel, user, oldest, limit),
        )
        return [
            {**json.loads(r["doc"]), **({"is_ephemeral": True} if r["ephemeral_to"] else {})} for r in reversed(found)
        ]

    def streaming(self, channel: str, thread_ts: str | None) -> list[Json]:
        """Messages of a thread whose stream is still open."""
        return [
            m
            for m in self._db.docs("select doc from message where channel = ? and thread_ts is ?", (channel, thread_ts))
            if m.get("streaming_state") == "in_progress"
        ]


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """The blocks, each with a `block_id` and its elements with an `action_id`, as Slack returns them."""
    return [_identified(block) for block in blocks]


def _identified(block: Json) -> Json:
    named = {**block, "block_id": block.get("block_id") or random_id("")[1:6]}
    match named["type"]:
        case "actions" | "context_actions":
            named["elements"] = [_named(element) for element in named["elements"]]
        case "section" if named.get("accessory") and named["accessory"]["type"] != "image":
            named["accessory"] = _named(named["accessory"])
        case "input":
            named["element"] = _named(named["element"])
        case "card" if named.get("actions"):
            named["actions"] = [_named(element) for element in named["actions"]]
        case "carousel":
            named["elements"] = with_block_ids(named["elements"])
        case "container":
            named["child_blocks"] = with_block_ids(named["child_blocks"])
        case _:
            pass
    return named


def _named(element: Json) -> Json:
    return {**element, "action_id": element.get("action_id") or random_id("")[1:6]}
