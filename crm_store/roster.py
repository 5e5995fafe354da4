"""The people who use Rapport, as an administrator sees and adds them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.errors import Invalid
from crm_store.models import Person, Role, Team


@dataclass(frozen=True)
class Member:
    """A person of the sales organisation with the name of their team."""

    id: str
    email: str
    name: str
    role: str
    title: str | None
    team: str | None
    active: bool


def members(session: Session) -> list[Member]:
    """Everybody, managers first, then by name."""
    rows = session.execute(select(Person, Team.name).outerjoin(Team, Team.id == Person.team_id))
    order = {Role.ADMIN: 2, Role.MANAGER: 0, Role.REP: 1}
    found = [Member(p.id, p.email, p.name, p.role, p.title, team, p.active) for p, team in rows]
    return sorted(found, key=lambda each: (order.get(Role(each.role), 3), each.name))


def add_member(
    session: Session, email: str, name: str, role: str, team: str | None, timezone: str, now: datetime
) -> Member:
    """Add a person, or give one who is known another name, role or team.

    :raises Invalid: when the address is none or the time zone is unknown.
    """
    email = email.strip().lower()
    local, _, domain = email.partition("@")
    if not local or not domain or "@" in domain or " " in email or len(email) > 254:
        raise Invalid(f"{email!r} is not an e-mail address.")
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise Invalid(f"{timezone!r} is not a time zone; give one such as Europe/Berlin.") from None
    team_row = None
    if team:
        team_row = session.scalars(select(Team).where(func.lower(Team.name) == team.strip().lower())).one_or_none()
        if team_row is None:
            team_row = Team(id=new_id(), name=team.strip())
            session.add(team_row)
            session.flush()
    row = session.scalars(select(Person).where(Person.email == email)).one_or_none()
    if row is None:
        row = Person(id=new_id(), email=email, created_at=now)
        session.add(row)
    row.name, row.role, row.timezone, row.active, row.updated_at = name, Role(role), timezone, True, now
    if team_row is not None:
        row.team_id = team_row.id
        if role == Role.MANAGER and team_row.manager_id is None:
            session.flush()
            team_row.manager_id = row.id
    session.flush()
    return Member(row.id, row.email, row.name, row.role, row.title, team_row.name if team_row else None, True)
