"""People, channels and who is a member of which."""

import json
from collections.abc import Sequence

from bot.local.database import Database, Json
from bot.local.errors import SlackRefusal, WorkspaceError
from bot.local.identity import Identity, stable_id
from bot.local.people import LocalChannel, LocalPerson


class Directory:
    """Reads and writes people and channels; user objects have Slack's shape."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._db = database
        self._me = identity

    def seed(self, people: Sequence[LocalPerson], channels: Sequence[LocalChannel]) -> None:
        """Add or refresh these people, their DM with the app, and the channels; nothing is taken away."""
        with self._db.transaction():
            for position, person in enumerate(people):
                user = self._user(person)
                self._db.run(
                    "insert into person values(?, ?, ?, ?) on conflict(id) do update set doc = excluded.doc,"
                    " position = excluded.position",
                    (user["id"], person.email.lower(), position, json.dumps(user)),
                )
                self.direct_message(user["id"])
            for channel in channels:
                self._seed_channel(channel)

    def _user(self, person: LocalPerson) -> Json:
        team = self._me.stranger_team_id if person.is_stranger else self._me.team_id
        first, _, last = person.name.partition(" ")
        handle = person.email.split("@")[0].lower()
        return {
            "id": stable_id("U", person.email.lower()),
            "team_id": team,
            "name": handle,
            "deleted": False,
            "real_name": person.name,
            "tz": "Europe/Berlin",
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "is_admin": False,
            "is_owner": False,
            "is_bot": False,
            "is_app_user": False,
            "is_restricted": person.is_guest,
            "is_ultra_restricted": False,
            "is_stranger": person.is_stranger,
            "updated": 0,
            "profile": {
                "real_name": person.name,
                "display_name": handle,
                "first_name": first,
                "last_name": last,
                "title": person.title,
                "email": person.email,
                "team": team,
            },
        }

    def _seed_channel(self, channel: LocalChannel) -> None:
        identifier = stable_id("C", f"#{channel.name}")
        members = [self.person(email)["id"] for email in channel.members]
        if channel.bot:
            members.append(self._me.bot_user_id)
        shared = any(self.user(m)["team_id"] != self._me.team_id for m in members if m != self._me.bot_user_id)
        doc = {
            "id": identifier,
            "name": channel.name,
            "is_channel": not channel.is_private,
            "is_group": channel.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": channel.is_private,
            "is_archived": False,
            "is_general": channel.name == "general",
            "is_shared": shared,
            "is_ext_shared": shared,
            "context_team_id": self._me.team_id,
            "created": 1700000000,
            "topic": {"value": channel.topic},
            "purpose": {"value": channel.topic},
        }
        kind = "group" if channel.is_private else "channel"
        known = self._db.row("select 1 from channel where id = ?", (identifier,))
        self._db.run(
            "insert or replace into channel values(?, ?, ?, ?)", (identifier, channel.name, kind, json.dumps(doc))
        )
        if known is None:
            for member in members:
                self.join(identifier, member)

    def join(self, channel: str, user: str) -> None:
        """Make the user a member."""
        self._db.run("insert or ignore into member values(?, ?)", (channel, user))

    def direct_message(self, user: str) -> str:
        """The id of the DM between the app and this user; opened when there is none."""
        identifier = stable_id("D", user)
        doc = {
            "id": identifier,
            "is_im": True,
            "is_channel": False,
            "is_group": False,
            "is_mpim": False,
            "is_private": True,
            "is_archived": False,
            "user": user,
            "created": 1700000000,
            "context_team_id": self._me.team_id,
        }
        self._db.run("insert or ignore into channel values(?, '', 'im', ?)", (identifier, json.dumps(doc)))
        self.join(identifier, user)
        self.join(identifier, self._me.bot_user_id)
        return identifier

    def people(self) -> list[Json]:
        """All people as Slack user objects, e-mail included, in the order they were given."""
        return self._db.docs("select doc from person order by position")

    def person(self, email: str) -> Json:
        """The user object of this e-mail address; WorkspaceError when nobody has it."""
        found = self._db.doc("select doc from person where email = ?", (email.lower(),))
        if found is None:
            raise WorkspaceError(f"Nobody here has the address {email}. Add the person to the workspace's people.")
        return found

    def user(self, identifier: str) -> Json:
        """The user object of a person or of the app itself; `user_not_found` otherwise."""
        if identifier == self._me.bot_user_id:
            return self._bot_user()
        found = self._db.doc("select doc from person where id = ?", (identifier,))
        if found is None:
            raise SlackRefusal("user_not_found")
        return found

    def _bot_user(self) -> Json:
        me = self._me
        return {
            "id": me.bot_user_id,
            "team_id": me.team_id,
            "name": me.bot_name.lower(),
            "deleted": False,
            "real_name": me.bot_name,
            "is_bot": True,
            "is_app_user": False,
            "is_restricted": False,
            "is_stranger": False,
            "tz": "Europe/Berlin",
            "tz_offset": 3600,
            "profile": {
                "real_name": me.bot_name,
                "display_name": me.bot_name,
                "bot_id": me.bot_id,
                "api_app_id": me.app_id,
                "team": me.team_id,
            },
        }

    def channel(self, identifier: str) -> Json:
        """The conversation object; `channel_not_found` otherwise."""
        found = self._db.doc("select doc from channel where id = ?", (identifier,))
        if found is None:
            raise SlackRefusal("channel_not_found")
        return found

    def channels(self) -> list[Json]:
        """Every conversation, channels before direct messages."""
        return self._db.docs("select doc from channel order by kind = 'im', name")

    def members(self, channel: str) -> list[str]:
        """User ids of the members, the app's among them."""
        return [
            str(r["user"])
            for r in self._db.rows("select user from member where channel = ? order by rowid", (channel,))
        ]

    def is_member(self, channel: str, user: str) -> bool:
        """Whether the user is in the conversation."""
        return self._db.row("select 1 from member where channel = ? and user = ?", (channel, user)) is not None
