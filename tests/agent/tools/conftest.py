"""A small company of two teams, and turns of its people."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from bot.agent.turn import Turn
from bot.indexing import Indexer
from bot.recall import Recall
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Account, Contact, Deal, Person, Stage
from crm_store.people import caller_for
from crm_store.store import Store
from knowledge.embeddings import load_embeddings
from tests import builders
from tests.builders import NOW

SYSTEM = Scope.system("test")
SayTurn = Callable[..., Turn]


@dataclass(frozen=True)
class Company:
    """Ada of team North has Pinewood and Larchmont; Ben of team South has Quarry; Max manages North."""

    ada: Person
    ben: Person
    max: Person
    pinewood: Account
    larchmont: Account
    quarry: Account
    rosa: Contact
    emil: Contact
    anna_pinewood: Contact
    anna_larchmont: Contact
    renewal: Deal
    pilot: Deal
    quarry_deal: Deal
    stages: dict[str, Stage]


@cache
def shipped_embeddings() -> Embeddings:
    """The model that ships with the package, loaded once."""
    return load_embeddings()


@pytest.fixture
def company(sqlite_store: Store) -> Company:
    with sqlite_store.write(SYSTEM) as session:
        north = builders.team(session, "North")
        south = builders.team(session, "South")
        max = builders.person(session, "Max Orlov", "manager", north)
        ada = builders.person(session, "Ada Winter", team=north)
        ben = builders.person(session, "Ben Sommer", team=south)
        pinewood = builders.account(session, "Pinewood Mills", ada, domain="pinewood.example", industry="wood")
        larchmont = builders.account(session, "Larchmont Toys", ada, kind="prospect", industry="toys")
        quarry = builders.account(session, "Quarry Works", ben)
        rosa = builders.contact(session, "Rosa Blume", pinewood, title="Head of Planning", email="rosa@pinewood.example")
        emil = builders.contact(session, "Emil Kranz", pinewood, title="Chief Financial Officer")
        first_anna = builders.contact(session, "Anna Feld", pinewood, title="Buyer")
        second_anna = builders.contact(session, "Anna Busch", larchmont, title="Owner")
        builders.contact(session, "Olga Stein", quarry)
        stages = builders.pipeline(session)
        renewal = builders.deal(
            session, "Pinewood renewal", pinewood, stages["Proposal"], close_date=date(2026, 11, 30),
            next_step="Send usage report",
        )  # fmt: skip
        builders.deal_contact(session, renewal, rosa)
        pilot = builders.deal(
            session, "Larchmont pilot", larchmont, stages["Discovery"], amount_minor=2_000_000,
            created_at=NOW - timedelta(days=90),
        )  # fmt: skip
        quarry_deal = builders.deal(session, "Quarry expansion", quarry, stages["Proposal"], amount_minor=9_900_000)
        return Company(
            ada, ben, max, pinewood, larchmont, quarry, rosa, emil, first_anna, second_anna, renewal, pilot, quarry_deal,
            stages,
        )  # fmt: skip


@pytest.fixture
def turn(sqlite_store: Store, company: Company, tmp_path: Path) -> SayTurn:
    """Makes a turn: ``turn("a message")`` is Ada's, ``turn(by=person)`` somebody else's."""

    def make(message: str = "", by: Person | None = None) -> Turn:
        with sqlite_store.read(SYSTEM) as session:
            caller = caller_for(session, (by or company.ada).email)
        recall = Recall(sqlite_store, shipped_embeddings(), None)
        return Turn(caller, sqlite_store, recall, Settings(home=tmp_path), NOW, "thread", message)

    return make


@pytest.fixture
def indexed(sqlite_store: Store) -> Callable[[], None]:
    """Makes everything of the record findable."""
    return lambda: Indexer(sqlite_store, shipped_embeddings(), None).index_missing()


def on_day(turn: Turn, days: int) -> Turn:
    """The same turn so many days later."""
    return replace(turn, now=turn.now + timedelta(days=days))
