"""Which person a Slack user is: by e-mail, asked of Slack once and kept in the record for a while.

A guest, somebody of another company and somebody the record does not know get one kind sentence and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from bot.errors import NotAllowed
from bot.slack.outbound import Outbound
from bot.slack.parts import Parts
from crm_store import conversations
from crm_store.access import Scope
from crm_store.errors import UnknownPerson
from crm_store.models import Person, SlackIdentity
from crm_store.people import Caller, callers_for, people_behind

FRESH = timedelta(minutes=10)
"""How long Slack is not asked again who somebody is that speaks."""
FRESH_READER = timedelta(hours=1)
"""The same for those who only read along, of whom a channel may have two hundred. What they may see is looked up every time."""
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
        self._nobody: dict[str, tuple[bool, datetime]] = {}  # whether a bot, and when Slack said so

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

    def readers(self, user_ids: Sequence[str]) -> Iterator[Scope | None]:
        """What each of these users may see, None for whoever is not answered, and nothing at all for a bot. Those whom Slack
        was asked about come first, so that nobody is asked about in vain.

        :raises Unavailable: when Slack has to be asked and does not answer.
        """
        now = self._parts.clock()
        known, scopes = self._known(user_ids, now)
        nobody = {id_: bot for id_, (bot, at) in list(self._nobody.items()) if now - at <= FRESH_READER}
        yield from (None for id_ in user_ids if nobody.get(id_) is False)
        yield from (scopes.get(person_id) for person_id in known.values())
        for user_id in user_ids:
            if user_id not in known and user_id not in nobody:
                try:
                    yield self.caller(user_id).scope
                except (NotAllowed, UnknownPerson) as error:
                    self._nobody[user_id] = (isinstance(error, NotAPerson), now)
                    if not isinstance(error, NotAPerson):
                        yield None

    def _known(self, user_ids: Sequence[str], now: datetime) -> tuple[dict[str, str], dict[str, Scope]]:
        """The people that those of the users are whom Slack was asked about of late, and what these may see."""
        settings = self._parts.settings
        wanted = {self._key(id_): id_ for id_ in user_ids}
        with self._parts.store.read(Scope.system("who reads along")) as session:
            found = people_behind(session, set(wanted), now - FRESH_READER)
            known = {wanted[key]: person_id for key, person_id in found.items()}
            callers = callers_for(session, set(known.values()), settings.visibility, settings.manager_fields)
        return known, {person_id: caller.scope for person_id, caller in callers.items()}

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
