"""Whose quota is part of whose: a manager's quota is their team's."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Person, Team


def rolled_up(session: Session, people: Collection[str], *, within_team: bool = False) -> dict[str, frozenset[str]]:
    """For each of these people with a quota who manages others of them: those whose quota theirs stands for, in their
    team and the teams below, or with ``within_team`` in their own team only."""
    teams = list(session.execute(select(Team.id, Team.parent_id, Team.manager_id)))
    team_of = {row.id: row.team_id for row in session.execute(select(Person.id, Person.team_id))}
    found: dict[str, frozenset[str]] = {}
    for manager in people:
        below = {team.id for team in teams if team.manager_id == manager}
        while not within_team and (more := {team.id for team in teams if team.parent_id in below} - below):
            below |= more
        below &= {team_of.get(manager)} if within_team else below
        if under := frozenset(one for one in people if one != manager and team_of.get(one) in below):
            found[manager] = under
    return found


__all__ = ["rolled_up"]
