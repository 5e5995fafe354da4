"""Who is asking, and whose records they may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.access import Scope
from crm_store.errors import UnknownPerson
from crm_store.models import Person, Role, SlackIdentity, Team


class Visibility(StrEnum):
    """Whose accounts a rep sees; managers always see their teams' and administrators everyone's. ``own``: those whose
    account team they are on. ``team``: also those of everyone in their own team. ``tree``: also those of everyone in the
    teams below their own. ``all``: every account."""

    OWN = "own"
    TEAM = "team"
    TREE = "tree"
    ALL = "all"


@dataclass(frozen=True)
class Caller:
    """The person a question is answered for. ``covers`` are the people they answer for: themselves, and for a
    manager everyone in the teams below."""

    person_id: str
    email: str
    name: str
    role: Role
    team_id: str | None
    covers: frozenset[str]
    zone: ZoneInfo
    scope: Scope

    @property
    def manages(self) -> bool:
        return self.role in (Role.MANAGER, Role.ADMIN)


def caller_for(
    session: Session,
    email: str,
    visibility: Visibility = Visibility.OWN,
    managers_only: frozenset[str] = frozenset(),
) -> Caller:
    """The caller with this e-mail address (in any case). ``managers_only`` are the fields that a rep does not see.

    :raises UnknownPerson: when nobody active has it.
    """
    person = session.scalars(select(Person).where(func.lower(Person.email) == email.strip().lower())).one_or_none()
    if person is None or not person.active:
        raise UnknownPerson(
            f"I don't know anyone with the e-mail address {email.strip() or '(empty)'}. "
            "Ask an administrator to add you as a person, or check the spelling."
        )
    return _caller(_Company(session), person, visibility, managers_only)


def callers_for(
    session: Session, person_ids: Collection[str], visibility: Visibility, managers_only: frozenset[str]
) -> dict[str, Caller]:
    """The callers that these people are, by id, without those who are not active: as :func:`caller_for`, in a few statements
    for all of them."""
    company = _Company(session)
    active = session.scalars(select(Person).where(Person.id.in_(person_ids), Person.active))
    return {person.id: _caller(company, person, visibility, managers_only) for person in active}


def people_behind(session: Session, identity_ids: Collection[str], since: datetime) -> dict[str, str]:
    """The ids of the people that Slack users are, by the ids of their rows, of those whom Slack was asked about since then."""
    fresh = (SlackIdentity.id.in_(identity_ids), SlackIdentity.seen_at >= since)
    rows = session.execute(select(SlackIdentity.id, SlackIdentity.person_id).where(*fresh))
    return {row.id: row.person_id for row in rows}


def _caller(company: "_Company", person: Person, visibility: Visibility, managers_only: frozenset[str]) -> Caller:
    role = Role(person.role)
    covers = frozenset({person.id}) | company.below(person, role)
    match role, visibility:
        case (Role.ADMIN, _) | (_, Visibility.ALL):
            owners = None
        case _, Visibility.TEAM if person.team_id is not None:
            owners = covers | company.members({person.team_id})
        case _, Visibility.TREE if person.team_id is not None:
            owners = covers | company.members(company.with_those_below({person.team_id}))
        case _:
            owners = covers
    return Caller(
        person.id, person.email, person.name, role, person.team_id, covers, ZoneInfo(person.timezone),
        Scope(person.id, owners, hidden=managers_only if role is Role.REP else frozenset()),
    )  # fmt: skip


class _Company:
    """Who is in which team and which team below which, read once and only where it is asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _people(self) -> list[tuple[str, str | None]]:
        return [(id_, team_id) for id_, team_id in self._session.execute(select(Person.id, Person.team_id))]

    @cached_property
    def _teams(self) -> list[tuple[str, str | None, str | None]]:
        """Id, parent and manager."""
        rows = self._session.execute(select(Team.id, Team.parent_id, Team.manager_id))
        return [(id_, parent, manager) for id_, parent, manager in rows]

    def below(self, person: Person, role: Role) -> frozenset[str]:
        """Everyone in the teams this person manages, and in the teams below those."""
        if role is Role.ADMIN:
            return frozenset(id_ for id_, _ in self._people)
        if role is not Role.MANAGER:
            return frozenset()
        theirs = {id_ for id_, _, manager in self._teams if manager == person.id or id_ == person.team_id}
        return self.members(self.with_those_below(theirs))

    def with_those_below(self, teams: set[str]) -> set[str]:
        found, grown = set(teams), True
        while grown:
            more = {id_ for id_, parent, _ in self._teams if parent in found} - found
            found |= more
            grown = bool(more)
        return found

    def members(self, teams: set[str]) -> frozenset[str]:
        return frozenset(id_ for id_, team_id in self._people if team_id in teams)
