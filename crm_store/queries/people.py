"""Those of us who use the record, and our teams. Everyone in the company may see them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import Person, Team
from crm_store.queries.pages import filled


@dataclass(frozen=True, slots=True)
class PersonFacts:
    id: str
    name: str
    email: str
    title: str | None
    team_id: str | None
    team: str | None
    active: bool


def people(session: ScopedSession) -> tuple[PersonFacts, ...]:
    """All of us, by name."""
    statement = (
        select(Person.id, Person.name, Person.email, Person.title, Person.team_id, Team.name, Person.active)
        .outerjoin(Team, Team.id == Person.team_id)
        .order_by(Person.name)
    )
    return filled(PersonFacts, session.execute(statement))


def person(session: ScopedSession, person_id: str) -> PersonFacts:
    """:raises NotVisible: when nobody has this id."""
    for found in people(session):
        if found.id == person_id:
            return found
    raise NotVisible("I can't find that person.")


def by_email(session: ScopedSession, email: str) -> str | None:
    """The id of the one of us with this address, in any case."""
    return session.scalars(select(Person.id).where(func.lower(Person.email) == email.strip().lower())).one_or_none()


def team_members(session: ScopedSession, team_id: str) -> frozenset[str]:
    """The ids of everyone in a team and in the teams below it."""
    parents = {row.id: row.parent_id for row in session.execute(select(Team.id, Team.parent_id))}
    teams = {team_id}
    while more := {team for team, parent in parents.items() if parent in teams} - teams:
        teams |= more
    return frozenset(found.id for found in people(session) if found.team_id in teams)


def led_by(session: ScopedSession, person_id: str) -> frozenset[str]:
    """The ids of everyone in the teams that somebody leads, themselves among them; of who leads none, their own team's."""
    led = session.scalars(select(Team.id).where(Team.manager_id == person_id)).all()
    own = person(session, person_id).team_id
    teams = led or ([own] if own is not None else [])
    return frozenset({person_id}).union(*(team_members(session, team) for team in teams))
