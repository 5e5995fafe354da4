"""Modals (a stack of at most three per person) and home tabs."""

import json
import time

from bot.local.database import Database, Json
from bot.local.errors import SlackRefusal
from bot.local.identity import Identity, random_id
from bot.local.messages import with_block_ids

STACK_LIMIT = 3


class Views:
    """The view store. A view has Slack's shape: id, hash, state, root_view_id, previous_view_id…"""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._db = database
        self._me = identity

    def _complete(self, view: Json, identifier: str, *, root: str, previous: str | None, state: Json) -> Json:
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            **view,
            "id": identifier,
            "team_id": self._me.team_id,
            "app_id": self._me.app_id,
            "app_installed_team_id": self._me.team_id,
            "bot_id": self._me.bot_id,
            "hash": f"{int(time.time())}.{random_id('')[1:9]}",
            "root_view_id": root,
            "previous_view_id": previous,
            "blocks": with_block_ids(view["blocks"]),
            "state": state,
        }

    def stack(self, user: str) -> list[Json]:
        """The person's open modals, the root first."""
        return self._db.docs("select doc from view where user = ? and position is not null order by position", (user,))

    def open(self, user: str, view: Json) -> Json:
        """Open a root modal; one that was open is replaced."""
        with self._db.transaction():
            self._check_external_id(view)
            self._db.run("delete from view where user = ?", (user,))
            identifier = random_id("V")
            return self._insert(
                user, 0, self._complete(view, identifier, root=identifier, previous=None, state=_empty())
            )

    def push(self, user: str, view: Json) -> Json:
        """Put a modal on top; `push_limit_reached` beyond three, `no_view` without a root."""
        with self._db.transaction():
            stack = self.stack(user)
            if not stack:
                raise SlackRefusal("not_found")
            if len(stack) >= STACK_LIMIT:
                raise SlackRefusal("push_limit_reached")
            self._check_external_id(view)
            full = self._complete(view, random_id("V"), root=stack[0]["id"], previous=stack[-1]["id"], state=_empty())
            return self._insert(user, len(stack), full)

    def _insert(self, user: str, position: int, view: Json) -> Json:
        self._db.run(
            "insert into view values(?, ?, ?, ?, ?)",
            (view["id"], user, position, view["external_id"], json.dumps(view)),
        )
        return view

    def _check_external_id(self, view: Json) -> None:
        external_id = view.get("external_id")
        if external_id and self._db.row("select 1 from view where external_id = ?", (external_id,)):
            raise SlackRefusal("duplicate_external_id")

    def find(self, view_id: str | None, external_id: str | None) -> tuple[Json, str]:
        """The open view and its person; `not_found` when it was closed."""
        row = self._db.row(
            "select doc, user from view where (id = ? or (external_id = ? and external_id != ''))"
            " and position is not null",
            (view_id or "", external_id or ""),
        )
        if row is None:
            raise SlackRefusal("not_found")
        return json.loads(row["doc"]), str(row["user"])

    def update(
        self, view: Json, *, view_id: str | None, external_id: str | None = None, hash_: str | None = None
    ) -> Json:
        """Replace an open view; `hash_conflict` when it changed since `hash_`."""
        with self._db.transaction():
            old, _owner = self.find(view_id, external_id)
            if hash_ and hash_ != old["hash"]:
                raise SlackRefusal("hash_conflict")
            full = self._complete(
                view, old["id"], root=old["root_view_id"], previous=old["previous_view_id"], state=old["state"]
            )
            self._db.run(
                "update view set doc = ?, external_id = ? where id = ?",
                (json.dumps(full), full["external_id"], old["id"]),
            )
            return full

    def remember(self, view_id: str, values: Json) -> None:
        """Keep what the person typed so far as the view's state."""
        found = self._db.doc("select doc from view where id = ?", (view_id,))
        if found is not None:
            found["state"] = {"values": values}
            self._db.run("update view set doc = ? where id = ?", (json.dumps(found), view_id))

    def pop(self, user: str, view_id: str) -> None:
        """Close this view and what lies on it."""
        position = self._db.row("select position from view where id = ?", (view_id,))
        if position is not None:
            self._db.run("delete from view where user = ? and position >= ?", (user, position["position"]))

    def clear(self, user: str) -> None:
        """Close every modal of the person."""
        self._db.run("delete from view where user = ?", (user,))

    def publish(self, user: str, view: Json, hash_: str | None) -> Json:
        """Set the person's home tab."""
        with self._db.transaction():
            old = self.home(user)
            if hash_ and old is not None and hash_ != old["hash"]:
                raise SlackRefusal("hash_conflict")
            identifier = old["id"] if old else random_id("V")
            full = self._complete(view, identifier, root=identifier, previous=None, state=_empty())
            self._db.run("insert or replace into home values(?, ?)", (user, json.dumps(full)))
            return full

    def home(self, user: str) -> Json | None:
        """The person's home tab, or None before the app published one."""
        return self._db.doc("select doc from home where user = ?", (user,))


def _empty() -> Json:
    return {"values": {}}
