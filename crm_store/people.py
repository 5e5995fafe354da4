"""Who is asking, and whose records they may see."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.access import Scope
from crm_store.errors import UnknownPerson
from crm_store.models import Person, Role, Team


class Visibility(StrEnum):
    """Whose accounts a rep sees; managers always see their teams' and administrators everyone's."""

    OWN = "own"
    TEAM = "team"
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


def caller_for(session: Session, email: str, visibility: Visibility = Visibility.OWN) -> Caller:
    """The caller with this e-mail address (in any case).

    :raises UnknownPerson: when nobody active has it.
    """
    person = session.scalars(select(Person).where(func.lower(Person.email) == email.strip().lower())).one_or_none()
    if person is None or not person.active:
        raise UnknownPerson(
            f"I don't know anyone with the e-mail address {email.strip() or '(empty)'}. "
            "Ask an administrator to add you as a person, or check the spelling."
        )
    role = Role(person.role)
    covers = frozenset({person.id}) | _below(session, person, role)
    match role, visibility:
        case (Role.ADMIN, _) | (_, Visibility.ALL):
            owners = None
        case _, Visibility.TEAM if person.team_id is not None:
            owners = covers | frozenset(session.scalars(select(Person.id).where(Person.team_id == person.team_id)))
        case _:
            owners = covers
    return Caller(
        person.id, person.email, person.name, role, person.team_id, covers, ZoneInfo(person.timezone),
        Scope(person.id, owners),
    )  # fmt: skip


def _below(session: Session, person: Person, role: Role) -> frozenset[str]:
    """Everyone in the teams this person manages, and in the teams below those."""
    if role is Role.ADMIN:
        return frozenset(session.scalars(select(Person.id)))
    if role is not Role.MANAGER:
        return frozenset()
    teams = list(session.execute(select(Team.id, Team.parent_id, Team.manager_id)))
    found = {team.id for team in teams if team.manager_id == person.id or team.id == person.team_id}
    grown = True
    while grown:
        more = {team.id for team in teams if team.parent_id in found} - found
        found |= more
        grown = bool(more)
    return frozenset(session.scalars(select(Person.id).where(Person.team_id.in_(found))))
