"""The sample company: Halvern's sales organisation, its customers and what happened with them.

Everything is invented. All days are counted from the day of loading and all ids follow from names, so that two loads on
the same day, on any two machines, make the same record. What is dated on the day of loading lies in the first hour of
that day's work; nothing lies later but planned meetings, due dates and close dates.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.base import Base
from crm_store.models import Person, Team
from crm_store.sample import commerce, consents, customers, dealings, leads, selling
from crm_store.sample.accounts import ACCOUNTS
from crm_store.sample.company import TEAMS, SamplePerson, sample_people
from crm_store.sample.happenings import happenings
from crm_store.sample.identity import sample_id
from crm_store.sample.recordings import SAMPLE_TRANSCRIPTS, SampleTranscript, sample_transcript_path

SAMPLE_DOCUMENTS = Path(__file__).parent / "documents"
"""What the company of the sample has written down for its own people: a folder to import."""


@dataclass(frozen=True)
class SampleCounts:
    """How many rows were added; all zero when the sample was there already."""

    people: int = 0
    accounts: int = 0
    contacts: int = 0
    deals: int = 0
    interactions: int = 0
    tasks: int = 0
    rows: int = 0


def load_sample(session: Session, today: date, progress: Callable[[int, int], None] | None = None) -> SampleCounts:
    """Add the sample to ``session`` as of ``today``, unless it is there already.

    ``progress`` hears (steps done, of all).
    """
    if session.scalar(select(Team.id).where(Team.external_source == customers.SOURCE).limit(1)) is not None:
        return SampleCounts()
    groups = [list(group) for group in _groups(today)]
    for done, group in enumerate(groups):
        session.add_all(group)
        session.flush()
        if progress is not None:
            progress(done + 1, len(groups))
    managers = {sample_id("team", name): customers.person_id(manager) for name, _, manager in TEAMS}
    for row in groups[0]:
        if isinstance(row, Team):
            row.manager_id = managers[row.id]
    session.flush()
    return _counts(row for group in groups for row in group)


def sample_day(session: Session) -> date | None:
    """The day the sample that is there was loaded as of; None where there is none."""
    started = session.scalar(select(func.min(Person.created_at)).where(Person.external_source == customers.SOURCE))
    return None if started is None else started.date() + timedelta(days=customers.STARTED_DAYS_AGO)


def _groups(today: date) -> Iterable[Iterable[Base]]:
    """The rows in an order in which every foreign key finds what it names."""
    deals = selling.planned_deals(today)
    happened = happenings(deals, today)
    journeys = leads.journeys(deals, happened.touches, today)
    yield customers.teams()
    yield customers.people(today)
    yield customers.quotas(today)
    yield customers.catalogue(today)
    yield customers.stages()
    yield customers.custom_fields(today)
    yield customers.accounts(today)
    yield leads.twin_accounts(today)
    yield customers.members()
    yield customers.contacts({who: (one.recorded, one.source) for who, one in journeys.items()}, today)
    yield leads.newcomers(today)
    yield leads.twins(today)
    yield leads.histories(journeys)
    yield leads.newcomer_rows(today)
    yield consents.consents(today)
    yield selling.deals(deals, today)
    yield selling.deal_contacts(deals)
    yield selling.deal_lines(deals)
    yield selling.history(deals)
    yield dealings.interactions(happened.touches, today)
    yield dealings.participants(happened.touches)
    yield happened.tasks
    yield from happened.after
    yield commerce.campaigns(today)
    yield commerce.campaign_members(ACCOUNTS, today)


def _counts(rows: Iterable[Base]) -> SampleCounts:
    tables = [row.__tablename__ for row in rows]
    return SampleCounts(
        people=tables.count("person"),
        accounts=tables.count("account"),
        contacts=tables.count("contact"),
        deals=tables.count("deal"),
        interactions=tables.count("interaction"),
        tasks=tables.count("task"),
        rows=len(tables),
    )


__all__ = [
    "ACCOUNTS",
    "SAMPLE_DOCUMENTS",
    "SAMPLE_TRANSCRIPTS",
    "SampleCounts",
    "SamplePerson",
    "SampleTranscript",
    "load_sample",
    "sample_day",
    "sample_id",
    "sample_people",
    "sample_transcript_path",
]
