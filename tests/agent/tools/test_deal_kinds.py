"""Lists of deals by kind, and of those whose close date was pushed."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.agent.tools.deals import list_deals
from crm_store.store import Store
from tests import builders
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def test_renewals_are_listed_apart(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal(session, "Larchmont yearly", company.larchmont, company.stages["Proposal"], kind="renewal")
    assert [one.name for one in list_deals(turn(), kind="renewal").subjects] == ["Larchmont yearly"]
    assert list_deals(turn(), kind="expansion").text.startswith("**You have no open expansions")


def _moved(session: Session, company: Company, name: str, old: date, new: date, at: datetime) -> None:
    deal = builders.deal(session, name, company.larchmont, company.stages["Proposal"], close_date=new)
    builders.history(session, deal, "close_date", old.isoformat(), new.isoformat(), at=at)


def test_only_deals_whose_close_date_moved_later_in_the_period_were_pushed(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    early, late = date(2026, 12, 1), date(2026, 12, 20)
    with sqlite_store.write(SYSTEM) as session:
        _moved(session, company, "Pushed", early, late, NOW - timedelta(days=2))
        _moved(session, company, "Pulled in", late, early, NOW - timedelta(days=2))
        _moved(session, company, "Pushed long ago", early, late, NOW - timedelta(days=80))
    found = list_deals(turn(), pushed_since=TODAY - timedelta(days=7), pushed_until=TODAY)
    assert [one.name for one in found.subjects] == ["Pushed"]
