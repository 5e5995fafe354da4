"""Attainment and coverage: what was won and is open against the quota of a period."""

from datetime import date

import pytest

from crm_store.access import Scope
from crm_store.errors import Invalid
from crm_store.models import ExchangeRate, Person, Quota
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, asked, by, total

QUARTER = {"since": "2026-10-01", "until": "2026-12-31"}
ALL = ("quota", "won", "open", "left", "attainment", "coverage")


def a_team(store: Store) -> dict[str, str]:
    """A manager with 150,000 for the team; Ada with 100,000 and Bo with 92,000 of their own, in euro."""
    with store.write(EVERYTHING) as session:
        team = builders.team(session, "North")
        boss = builders.person(session, "Cleo Manager", role="manager", team=team)
        ada, bo = (builders.person(session, name, team=team) for name in ("Ada Berg", "Bo Clay"))
        for person, amount in ((boss, 150_000_00), (ada, 100_000_00), (bo, 92_000_00)):
            session.add(
                Quota(
                    person_id=person.id,
                    starts=date(2026, 10, 1),
                    ends=date(2026, 12, 31),
                    amount_minor=amount,
                    currency="EUR",
                )
            )
        stages = builders.pipeline(session)
        account, other = builders.account(session, "Acme", ada), builders.account(session, "Other", bo)
        builders.deal(session, "Won", account, stages["Won"], amount_minor=40_000_00, close_date=date(2026, 10, 5))
        builders.deal(session, "Earlier", account, stages["Won"], amount_minor=1_00, close_date=date(2026, 9, 30))
        builders.deal(session, "Lost", account, stages["Lost"], amount_minor=7_00, close_date=date(2026, 10, 9))
        builders.deal(
            session, "Open", account, stages["Proposal"], amount_minor=90_000_00, close_date=date(2026, 12, 31)
        )
        builders.deal(
            session, "Omitted", account, stages["Proposal"], amount_minor=5_00, close_date=date(2026, 12, 1),
            forecast_category="omitted",
        )  # fmt: skip
        builders.deal(session, "Done", other, stages["Won"], amount_minor=93_000_00, close_date=date(2026, 11, 1))
        return {"ada": ada.id, "bo": bo.id, "boss": boss.id}


def test_by_owner_everybody_has_their_own_quota_and_together_the_managers_stands_for_the_team(record: Store) -> None:
    a_team(record)
    found = by(record, "quotas", "owner", *ALL, period=QUARTER)
    assert found["Ada Berg"] == (100_000_00, 40_000_00, 90_000_00, 60_000_00, 40.0, 150.0)
    assert found["Bo Clay"] == (92_000_00, 93_000_00, 0, -1_000_00, 101.1, None)
    assert found["Cleo Manager"] == (150_000_00, 0, 0, 150_000_00, 0, 0)
    whole = (150_000_00, 133_000_00, 90_000_00, 17_000_00, 88.7, 529.4)
    assert total(record, "quotas", *ALL, period=QUARTER) == whole
    assert asked(record, "quotas", *ALL, period=QUARTER, group_by=["owner"]).total.values == whole
    assert by(record, "quotas", "team", *ALL, period=QUARTER) == {"North": whole}


def test_a_rep_has_the_quota_of_a_rep(record: Store) -> None:
    people = a_team(record)
    mine = Scope(people["ada"], frozenset({people["ada"]}))
    assert total(record, "quotas", "quota", "won", scope=mine, period=QUARTER) == (100_000_00, 40_000_00)
    owner = {"field": "owner", "op": "eq", "value": "Ada Berg"}
    assert total(record, "quotas", "quota", "attainment", filter=owner, period=QUARTER) == (100_000_00, 40.0)


def test_a_quota_that_lies_partly_in_the_period_counts_with_its_share_of_days(record: Store) -> None:
    people = a_team(record)
    owner = {"field": "owner", "op": "eq", "value": people["bo"]}
    november = {"since": "2026-11-01", "until": "2026-11-30"}
    assert total(record, "quotas", "quota", "attainment", filter=owner, period=november) == (30_000_00, 310.0)
    months = by(record, "quotas", "month", "quota", "won", filter=owner, period=QUARTER)
    assert months == {
        "Oct 2026": (31_000_00, 0),
        "Nov 2026": (30_000_00, 93_000_00),
        "Dec 2026": (31_000_00, 0),
    }


def test_amounts_in_other_currencies_are_converted_and_named_when_they_cannot_be(record: Store) -> None:
    people = a_team(record)
    with record.write(EVERYTHING) as session:
        session.add(ExchangeRate(currency="GBP", base="EUR", on=date(2026, 1, 1), rate_millionths=1_200_000))
        bo = session.get(Person, people["bo"])
        other = builders.account(session, "Third", bo)
        won = builders.pipeline(session, "Other")["Won"]
        builders.deal(
            session, "Pounds", other, won, amount_minor=10_000_00, currency="GBP", close_date=date(2026, 10, 7)
        )
        builders.deal(session, "Francs", other, won, amount_minor=50_00, currency="CHF", close_date=date(2026, 10, 7))
    owner = {"field": "owner", "op": "eq", "value": people["bo"]}
    result = asked(record, "quotas", "attainment", "won", filter=owner, period=QUARTER)
    assert result.total.values == (114.1, 105_000_00)
    assert [(one.currency, one.amount_minor) for one in asked(record, "quotas", "won", period=QUARTER).unconverted] == [
        ("CHF", 50_00)
    ]


def test_no_quota_is_no_attainment_and_no_period_is_refused(record: Store) -> None:
    assert total(record, "quotas", "quota", "attainment", "coverage", period=QUARTER) == (0, None, None)
    with pytest.raises(Invalid, match="period"):
        asked(record, "quotas", "quota")
