"""Which person a Slack user is: by e-mail, asked of Slack once and kept in the record for a while.

A guest, somebody of another company and somebody the record does not know get one kind sentence and nothing else.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from bot.errors import NotAllowed
from bot.slack.outbound import Outbound
from bot.slack.parts import Parts
from crm_store import conversations
from crm_store.access import Scope
from crm_store.models import Person, SlackIdentity
from crm_store.people import Caller

FRESH = timedelta(minutes=10)
GUEST = (
    "I only work for full members of this workspace, and yours is a guest account. "
    "Ask your Slack administrator to make you a full member, or ask the colleague who invited you."
)
STRANGER = "I only work for members of the company that runs me. Please ask your contact there directly."
NO_EMAIL = (
    "Slack does not tell me your e-mail address, so I cannot tell who you are. "
    "Ask your Slack administrator to give this app the users:read.email permission."
)


class NotAPerson(NotAllowed):
    """A bot or a deleted account spoke: there is nobody to answer."""


@dataclass(frozen=True)
class SlackUser:
    """What Slack says of a user."""

    id: str
    name: str
    email: str
    team: str
    is_bot: bool
    is_guest: bool
    is_stranger: bool


class Identities:
    """Callers of one workspace, ``team`` being its id."""

    def __init__(self, out: Outbound, parts: Parts, team: str) -> None:
        self._out = out
        self._parts = parts
        self._team = team

    def caller(self, user_id: str) -> Caller:
        """The caller that this Slack user is.

        :raises NotAPerson: for a bot; nothing should be answered.
        :raises NotAllowed: for a guest, a stranger, or without an e-mail; the sentence says what to do.
        :raises UnknownPerson: when nobody active has that e-mail.
        """
        email = self._remembered(user_id)
        if email is not None:
            return self._parts.caller_for_email(email)
        user = self.look_up(user_id)
        if user.is_bot:
            raise NotAPerson("Bots are not answered.")
        if user.is_stranger or user.team != self._team:
            raise NotAllowed(STRANGER)
        if user.is_guest:
            raise NotAllowed(GUEST)
        if not user.email:
            raise NotAllowed(NO_EMAIL)
        caller = self._parts.caller_for_email(user.email)
        self._remember(user_id, caller.person_id)
        return caller

    def has_been_answered(self, user_id: str, thread: str) -> bool:
        """Whether this user was answered in that thread before (see :attr:`bot.slack.places.Place.thread`). Asks the record
        only, because it is asked for every reply in every channel's threads."""
        with self._parts.store.read(Scope.system("who a Slack user is")) as session:
            known = session.get(SlackIdentity, self._key(user_id))
            return known is not None and bool(conversations.turns(session, known.person_id, thread, 1))

    def look_up(self, user_id: str) -> SlackUser:
        """Ask Slack who a user is."""
        user = self._out.patiently(lambda: self._out.client.users_info(user=user_id), again=True)["user"]
        profile = user.get("profile") or {}
        return SlackUser(
            id=user_id,
            name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or user_id),
            email=str(profile.get("email") or ""),
            team=str(user.get("team_id") or profile.get("team") or ""),
            is_bot=bool(user.get("is_bot") or user.get("deleted") or user_id == "USLACKBOT"),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_stranger=bool(user.get("is_stranger")),
        )

    def _remembered(self, user_id: str) -> str | None:
        with self._parts.store.read(Scope.system("who a Slack user is")) as session:
            known = session.get(SlackIdentity, self._key(user_id))
            if known is None or self._parts.clock() - known.seen_at > FRESH:
                return None
            person = session.get(Person, known.person_id)
            return person.email if person is not None else None

    def _remember(self, user_id: str, person_id: str) -> None:
        with self._parts.store.write(Scope.system("who a Slack user is")) as session:
            known = session.get(SlackIdentity, self._key(user_id))
            if known is None:
                session.add(
                    SlackIdentity(
                        id=self._key(user_id), slack_team_id=self._team, slack_user_id=user_id, person_id=person_id,
                        seen_at=self._parts.clock(),
                    )
                )  # fmt: skip
            else:
                known.person_id, known.seen_at = person_id, self._parts.clock()

    def _key(self, user_id: str) -> str:
        """The row's id follows from the user, so that there can only be one."""
        return str(uuid5(NAMESPACE_URL, f"slack:{self._team}:{user_id}"))
