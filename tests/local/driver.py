"""Acts as one person of the local workspace, over HTTP: what tests and benchmarks drive the bot with."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.local.database import Json
from bot.local.errors import WorkspaceError
from bot.local.form_values import elements
from tests.local.seen import Message, given_value, labels_of, place_of

__all__ = ["Actor", "Message"]

Look = Callable[[], Json | None]


class Actor:
    """One person at `base_url`. Every method raises WorkspaceError with the server's sentence when it is refused."""

    def __init__(self, base_url: str, email: str) -> None:
        self._base = base_url.rstrip("/") + "/"
        self.email = email
        self._dm = ""
        people = self._get("people")
        self.bot_user_id = str(people["bot"]["id"])
        self.user_id = next((str(p["id"]) for p in people["people"] if p["email"].lower() == email.lower()), "")
        if not self.user_id:
            raise WorkspaceError(f"Nobody here has the address {email}.")

    def _open(self, request: urllib.request.Request) -> Json:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                found: Json = json.loads(response.read())
                return found
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
            try:
                sentence = str(json.loads(body)["error"])
            except (ValueError, KeyError):
                sentence = body
            raise WorkspaceError(sentence) from None

    def _get(self, name: str, **query: str) -> Json:
        return self._open(urllib.request.Request(f"{self._base}local/{name}?{urllib.parse.urlencode(query)}"))

    def _post(self, name: str, **values: object) -> Json:
        body = json.dumps({"as": self.email, **values}).encode()
        reply = self._open(
            urllib.request.Request(
                f"{self._base}local/{name}", data=body, method="POST", headers={"Content-Type": "application/json"}
            )
        )
        if reply.get("error"):
            raise WorkspaceError(str(reply["error"]))
        return reply

    def conversations(self) -> dict[str, str]:
        """Name -> channel id; the DM carries the app's name."""
        return {str(c["name"]): str(c["id"]) for c in self._get("conversations", **{"as": self.email})["conversations"]}

    def dm(self) -> str:
        """The id of the DM with the app."""
        if not self._dm:
            found = self._get("conversations", **{"as": self.email})["conversations"]
            self._dm = next(str(c["id"]) for c in found if c["is_im"])
        return self._dm

    def channel(self, name: str) -> str:
        """The id of a channel by its name, with or without #."""
        found = self.conversations()
        if name.lstrip("#") not in found:
            raise WorkspaceError(f"{self.email} is in no channel called {name}.")
        return found[name.lstrip("#")]

    def say(
        self,
        text: str,
        channel: str | None = None,
        thread_ts: str | None = None,
        files: Sequence[Path | tuple[str, bytes]] = (),
    ) -> str:
        """Post a message, with files as paths or (name, bytes); its ts."""
        uploaded = [
            self.upload(*(file if isinstance(file, tuple) else (file.name, file.read_bytes()))) for file in files
        ]
        reply = self._post("say", channel=channel or self.dm(), text=text, thread_ts=thread_ts, files=uploaded)
        return str(reply["ts"])

    def upload(self, name: str, content: bytes) -> str:
        """Upload a file without sharing it yet; its id."""
        query = urllib.parse.urlencode({"as": self.email, "name": name})
        request = urllib.request.Request(
            f"{self._base}local/upload?{query}",
            data=content,
            method="POST",
            headers={"Content-Type": "application/octet-stream"},
        )
        return str(self._open(request)["file"]["id"])

    def edit(self, ts: str, text: str, channel: str | None = None) -> None:
        """Edit one's own message."""
        self._post("edit", channel=channel or self.dm(), ts=ts, text=text)

    def delete(self, ts: str, channel: str | None = None) -> None:
        """Delete one's own message."""
        self._post("delete", channel=channel or self.dm(), ts=ts)

    def stop(self, thread_ts: str, channel: str | None = None) -> None:
        """Press Stop in a thread."""
        self._post("stop", channel=channel or self.dm(), thread_ts=thread_ts)

    def command(self, command: str, text: str = "", channel: str | None = None) -> None:
        """Type a slash command."""
        self._post("command", channel=channel or self.dm(), command=command, text=text)

    def press(self, where: Message | Json, button: str) -> None:
        """Press a button of a message or view, by action_id or by its label (feedback buttons too)."""
        blocks, place = place_of(where)
        for block, element in elements(blocks):
            for label, given in labels_of(element):
                if button in (element.get("action_id"), label):
                    self._post(
                        "action", **place, block_id=block.get("block_id"), action_id=element["action_id"], given=given
                    )
                    return
        raise WorkspaceError(f"There is no button {button!r} here.")

    def select(self, where: Message | Json, action: str, value: object) -> None:
        """Use a select, picker, overflow, checkboxes or radio; `value` is an option's value or label, a date…"""
        blocks, place = place_of(where)
        for block, element in elements(blocks):
            if element.get("action_id") == action:
                self._post(
                    "action",
                    **place,
                    block_id=block.get("block_id"),
                    action_id=action,
                    given=given_value(element, value),
                )
                return
        raise WorkspaceError(f"There is no element {action!r} here.")

    def submit(self, view: Json, values: Mapping[str, object] | None = None) -> dict[str, str]:
        """Fill fields by action_id, block_id or label, and submit; errors by block_id (empty when it went through)."""
        typed: dict[str, Json] = {}
        left = dict(values or {})
        for block, element in elements(view["blocks"]):
            label = block.get("label", {}).get("text", "")
            key = next((k for k in (element.get("action_id"), block.get("block_id"), label) if k in left), None)
            if key is not None:
                typed.setdefault(block["block_id"], {})[element["action_id"]] = given_value(element, left.pop(key))
        if left:
            raise WorkspaceError(f"The form has no field {', '.join(left)}.")
        reply = self._post("submit", view_id=view["id"], state=typed)
        return {str(k): str(v) for k, v in (reply.get("errors") or {}).items()}

    def close(self, view: Json) -> None:
        """Close the modal."""
        self._post("close", view_id=view["id"])

    def shortcut(self, message: Message | None, callback_id: str) -> None:
        """Use a shortcut of a message, or a global one (None)."""
        place: Json = {"channel": message.channel, "ts": message.ts} if message else {}
        self._post("shortcut", callback_id=callback_id, **place)

    def open_home(self) -> None:
        """Open the app's Home tab."""
        self._post("tab", tab="home")

    def open_messages_tab(self) -> None:
        """Open the app's Messages tab."""
        self._post("tab", tab="messages")

    def look_at(self, entities: Sequence[Json]) -> None:
        """Change what the person is looking at."""
        self._post("context", entities=list(entities))

    def fault(self, kind: str, **options: object) -> None:
        """Make something go wrong; kinds are those of `Faults.set`."""
        self._post("faults", kind=kind, **options)

    def messages(self, channel: str | None = None, thread_ts: str | None = None) -> list[Message]:
        """What this person sees, oldest first: the whole conversation, or one thread with its root."""
        found, _, _ = self._see(channel or self.dm())
        return [m for m in found if thread_ts is None or thread_ts in (m.ts, m.thread_ts)]

    def _see(self, channel: str, oldest: str = "") -> tuple[list[Message], Json, int]:
        page = self._get("messages", **{"as": self.email, "channel": channel, "oldest": oldest})
        found = [
            Message(
                ts=str(m["ts"]),
                text=str(m.get("text", "")),
                user=str(m.get("user", "")),
                thread_ts=m.get("thread_ts"),
                channel=channel,
                from_bot=m.get("user") == self.bot_user_id,
                ephemeral=bool(m.get("is_ephemeral")),
                done=m.get("streaming_state") != "in_progress",
                blocks=tuple(m.get("blocks") or ()),
                files=tuple(m.get("files") or ()),
                raw=m,
            )
            for m in page["messages"]
        ]
        return found, page, int(page["version"])

    def prompts(self) -> list[str]:
        """The suggested prompts of the DM, as their messages."""
        _, page, _ = self._see(self.dm())
        return [str(p["message"]) for found in page["prompts"].values() for p in found["prompts"]]

    def wait_for_reply(
        self,
        after_ts: str,
        thread_ts: str | None = None,
        timeout: float = 60,
        *,
        channel: str | None = None,
        settle: float = 0.0,
    ) -> Message:
        """The app's newest complete message after `after_ts`, in that thread (default: its own thread, or below it).

        Complete: its stream has ended, the thread shows no status any more, and nothing changed for `settle` seconds.
        """
        where, deadline = channel or self.dm(), time.monotonic() + timeout
        while True:
            found, page, version = self._see(where, after_ts)
            own = next((m.thread_ts for m in found if m.ts == after_ts), None)
            threads = {thread_ts or own} if thread_ts or own else {after_ts, None}
            replies = [m for m in found if m.from_bot and float(m.ts) > float(after_ts) and m.thread_ts in threads]
            busy = any(page["statuses"].get(t) for t in threads if t)
            if replies and all(m.done for m in replies) and not busy and self._settled(version, settle):
                return replies[-1]
            left = deadline - time.monotonic()
            if left <= 0:
                seen = [m.text[:200] for m in replies]
                raise WorkspaceError(f"No complete reply within {timeout} s; seen so far: {seen}")
            self._get("changes", since=str(version), timeout=f"{min(left, 5):.3f}")

    def _settled(self, version: int, settle: float) -> bool:
        if not settle:
            return True
        return bool(self._get("changes", since=str(version), timeout=f"{settle:.3f}")["version"] == version)

    def home(self, timeout: float = 0.0) -> Json:
        """The home tab's view; waits up to `timeout` seconds for the first one."""
        return self._wait_view(lambda: self._get("home", **{"as": self.email})["view"], timeout, "home tab")

    def modal(self, timeout: float = 30.0) -> Json:
        """The modal on top; waits up to `timeout` seconds for one."""
        return self._wait_view(
            lambda: (self._get("views", **{"as": self.email})["stack"] or [None])[-1], timeout, "modal"
        )

    def has_modal(self) -> bool:
        """Whether a modal is open now."""
        return bool(self._get("views", **{"as": self.email})["stack"])

    def _wait_view(self, look: Look, timeout: float, what: str) -> Json:
        deadline = time.monotonic() + timeout
        while True:
            version = int(self._get("people")["version"])
            view = look()
            if view is not None:
                return view
            left = deadline - time.monotonic()
            if left <= 0:
                raise WorkspaceError(f"{self.email} has no {what}.")
            self._get("changes", since=str(version), timeout=f"{left:.3f}")
