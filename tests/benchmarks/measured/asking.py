"""Who asks, about what, on which database."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from crm_store.access import Scope
from crm_store.models import Deal, Interaction, Person, Team
from crm_store.people import Caller, caller_for
from crm_store.reports import ReportSettings
from crm_store.store import Store
from tests.benchmarks.big.rows import MONDAY, NOW, TODAY

SETTINGS = ReportSettings()
UNTOUCHED = NOW - timedelta(days=21)
QUARTER = "this_fiscal_quarter"
WORDS = "forklift line 17"
SYSTEM = Scope.system("benchmark")

__all__ = ["MONDAY", "NOW", "QUARTER", "SETTINGS", "SYSTEM", "TODAY", "UNTOUCHED", "WORDS", "Asking", "asking"]


@dataclass(frozen=True)
class Asking:
    """An administrator, a manager of eight reps and one of the reps; ``deal_id`` is the rep's open deal with the most
    interactions."""

    store: Store
    admin: Caller
    manager: Caller
    rep: Caller
    deal_id: str

    @property
    def team(self) -> frozenset[str]:
        """The reps whom the manager answers for, without the manager."""
        return self.manager.covers - {self.manager.person_id}


def asking(store: Store) -> Asking:
    with store.read(SYSTEM) as session:
        team = session.scalars(select(Team).where(Team.name == "North")).one()
        manager = session.scalars(select(Person.email).where(Person.id == team.manager_id)).one()
        admin = session.scalars(select(Person.email).where(Person.role == "admin").order_by(Person.name)).first()
        rep = session.scalars(
            select(Person.email).where(Person.team_id == team.id, Person.role == "rep").order_by(Person.name)
        ).first()
        asks = caller_for(session, rep or "")
        busiest = session.scalars(
            select(Deal.id)
            .join(Interaction, Interaction.deal_id == Deal.id)
            .where(Deal.owner_id == asks.person_id, Deal.status == "open")
            .group_by(Deal.id)
            .order_by(func.count(Interaction.id).desc(), Deal.id)
        ).first()
        assert busiest is not None
        return Asking(store, caller_for(session, admin or ""), caller_for(session, manager), asks, busiest)
