"""Who is asking, and whose records they may see."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm_store.access import Scope
from crm_store.errors import UnknownPerson
from crm_store.models import Person, Role, Team


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
    role = Role(person.role)
    covers = frozenset({person.id}) | _below(session, person, role)
    match role, visibility:
        case (Role.ADMIN, _) | (_, Visibility.ALL):
            owners = None
        case _, Visibility.TEAM if person.team_id is not None:
            owners = covers | _members(session, {person.team_id})
        case _, Visibility.TREE if person.team_id is not None:
            owners = covers | _members(session, _with_those_below(session, {person.team_id}))
        case _:
            owners = covers
    return Caller(
        person.id, person.email, person.name, role, person.team_id, covers, ZoneInfo(person.timezone),
        Scope(person.id, owners, hidden=managers_only if role is Role.REP else frozenset()),
    )  # fmt: skip


def _below(session: Session, person: Person, role: Role) -> frozenset[str]:
    """Everyone in the teams this person manages, and in the teams below those."""
    if role is Role.ADMIN:
        return frozenset(session.scalars(select(Person.id)))
    if role is not Role.MANAGER:
        return frozenset()
    theirs = session.scalars(select(Team.id).where(or_(Team.manager_id == person.id, Team.id == person.team_id)))
    return _members(session, _with_those_below(session, set(theirs)))


def _with_those_below(session: Session, teams: set[str]) -> set[str]:
    known, found, grown = list(session.execute(select(Team.id, Team.parent_id))), set(teams), True
    while grown:
        more = {team.id for team in known if team.parent_id in found} - found
        found |= more
        grown = bool(more)
    return found


def _members(session: Session, teams: set[str]) -> frozenset[str]:
    return frozenset(session.scalars(select(Person.id).where(Person.team_id.in_(teams))))
