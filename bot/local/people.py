"""Who lives in the local workspace, and which channels they share."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LocalPerson:
    """One person of the workspace.

    `is_guest` is a restricted user of the own team; `is_stranger` comes from another team (Slack Connect), so the
    Web API shows no e-mail address for them.
    """

    email: str
    name: str
    title: str = ""
    is_guest: bool = False
    is_stranger: bool = False


@dataclass(frozen=True)
class LocalChannel:
    """One channel; `members` are e-mail addresses. `bot` says whether the app was invited."""

    name: str
    members: tuple[str, ...]
    is_private: bool = False
    bot: bool = True
    topic: str = ""


def default_channels(people: Sequence[LocalPerson]) -> tuple[LocalChannel, ...]:
    """#general and #sales for the team, #random without the app, and #partners when outsiders exist."""
    team = tuple(p.email for p in people if not (p.is_guest or p.is_stranger))
    channels = [
        LocalChannel("general", team, topic="Everything that concerns everyone"),
        LocalChannel("sales", team, topic="Deals, customers, wins"),
        LocalChannel("random", team, bot=False, topic="The app was not invited here"),
    ]
    if len(team) < len(people):
        everyone = tuple(p.email for p in people)
        channels.append(LocalChannel("partners", everyone, topic="Shared with guests and partners"))
    return tuple(channels)
