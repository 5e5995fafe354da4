"""Days of moments are the reader's, on both databases and over every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_store.access import Scope
from crm_store.models import Account, AccountMember, Case, Person
from crm_store.reports import ReportSettings, ReportSpec, drill_down, run
from crm_store.store import Store

SYSTEM = Scope.system("test")
TODAY = date(2026, 11, 18)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Kolkata", "Pacific/Auckland")
AROUND = (  # when clocks change in one of these zones, and a year's turn
    datetime(2026, 3, 8, 6, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 14, tzinfo=UTC),
    datetime(2026, 9, 26, 14, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 5, tzinfo=UTC),
    datetime(2025, 12, 31, 23, tzinfo=UTC),
)


@pytest.fixture(params=["sqlite_store", "postgres_store"])
def cases(request: pytest.FixtureRequest) -> tuple[Store, dict[str, datetime]]:
    """A case every half hour for a day and a half on either side of these moments."""
    store: Store = request.getfixturevalue(request.param)
    early = {"created_at": datetime(2024, 1, 1, tzinfo=UTC), "updated_at": datetime(2024, 1, 1, tzinfo=UTC)}
    opened = {
        f"case-{place}-{step}": around + timedelta(minutes=30 * step)
        for place, around in enumerate(AROUND)
        for step in range(-72, 73)
    }
    with store.write(SYSTEM) as session:
        session.add(Person(id="ada", email="ada@x.example", name="Ada", **early))
        session.flush()
        session.add(Account(id="acme", name="Acme", owner_id="ada", **early))
        session.flush()
        session.add(AccountMember(account_id="acme", person_id="ada"))
        session.add_all(
            [
                Case(id=key, number=key, subject=key, opened_at=at, account_id="acme", owner_id="ada", **early)
                for key, at in opened.items()
            ]
        )
    return store, opened


@pytest.mark.parametrize("zone", ZONES)
def test_groups_and_filters_cut_the_days_where_the_reader_is(
    cases: tuple[Store, dict[str, datetime]], zone: str
) -> None:
    store, opened = cases
    settings = ReportSettings(zone=ZoneInfo(zone))
    by_day = ReportSpec(subject="cases", group_by=("day",))
    expected: dict[str, set[str]] = {}
    for key, at in opened.items():
        expected.setdefault(at.astimezone(ZoneInfo(zone)).date().isoformat(), set()).add(key)
    with store.read(SYSTEM) as session:
        rows = {row.keys[0]: row.values[0] for row in run(session, by_day, TODAY, settings).rows if row.values[0]}
        assert rows == {day: len(keys) for day, keys in expected.items()}
        for day in sorted(expected)[::3]:
            assert set(drill_down(session, by_day, TODAY, settings, (day,))) == expected[day]


def test_the_first_day_of_the_year_is_another_span_for_another_reader(cases: tuple[Store, dict[str, datetime]]) -> None:
    store, opened = cases
    spec = ReportSpec(subject="cases", period="2026-01-01")
    for zone, first in (("UTC", 0), ("Pacific/Auckland", -13), ("America/New_York", 5)):
        begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=first)
        expected = sum(begins <= at < begins + timedelta(days=1) for at in opened.values())
        with store.read(SYSTEM) as session:
            assert run(session, spec, TODAY, ReportSettings(zone=ZoneInfo(zone))).count == expected
