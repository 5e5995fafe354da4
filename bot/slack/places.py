"""Where a message came from, and whether everyone there may see the answer."""

from typing import Literal

from pydantic import BaseModel, ConfigDict
from slack_sdk.web import SlackResponse

from bot.errors import RapportError
from bot.slack.identity import Identities
from bot.slack.outbound import Outbound
from crm_store.access import Scope
from crm_store.errors import CrmError
from crm_store.people import Caller

MOST_MEMBERS_LOOKED_AT = 200


class Place(BaseModel):
    """A conversation, and where in it to answer.

    ``thread_ts`` is the thread of the reply (None: the conversation itself); ``asked_ts`` the message that asked.
    ``response_url`` answers where the bot is no member.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["dm", "channel", "command"]
    team: str
    channel: str
    user: str
    thread_ts: str | None = None
    asked_ts: str | None = None
    response_url: str | None = None

    @property
    def thread(self) -> str:
        """The conversation's key for follow-ups."""
        return f"slack:{self.team}:{self.channel}:{self.thread_ts or self.user}"


class Audience:
    """Who else would read an answer."""

    def __init__(self, out: Outbound, identities: Identities) -> None:
        self._out = out
        self._identities = identities

    def sees_all_of(self, caller: Caller, place: Place) -> bool:
        """Whether everyone in the channel may see everything the caller may; a guest or stranger never does."""
        if place.kind != "channel":
            return place.kind == "dm"
        members = self._members(place.channel)
        if members is None:
            return False
        readers = self._identities.readers([member for member in members if member != place.user])
        try:
            return all(reader is not None and _sees_all_of(caller.scope, reader) for reader in readers)
        except (RapportError, CrmError):  # who cannot be looked up might be anybody
            return False

    def _members(self, channel: str) -> list[str] | None:
        """The members, or None when they are too many to look at one by one."""
        found: list[str] = []
        cursor = ""
        while True:
            reply = self._page(channel, cursor)
            found += reply["members"]
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
            if len(found) > MOST_MEMBERS_LOOKED_AT:
                return None
            if not cursor:
                return found

    def _page(self, channel: str, cursor: str) -> SlackResponse:
        return self._out.patiently(
            lambda: self._out.client.conversations_members(channel=channel, limit=200, cursor=cursor), again=True
        )


def _sees_all_of(scope: Scope, other: Scope) -> bool:
    both = scope.intersect(other)
    return (both.owner_ids, both.within, both.hidden) == (scope.owner_ids, scope.within, scope.hidden)
