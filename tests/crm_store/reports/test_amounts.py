"""Filters on amounts: what was given and what a row holds are compared in one currency, by the rate of the row's day."""

from datetime import date

import pytest

from crm_store.models import Deal, ExchangeRate
from crm_store.reports import ReportResult
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, asked


@pytest.fixture
def deals(record: Store) -> Store:
    """Around fifty thousand euros, in five currencies, one of them without a rate and one deal without any currency."""
    with record.write(EVERYTHING) as session:
        for currency, on, rate in (
            ("GBP", date(2026, 1, 1), 1_200_000), ("GBP", date(2026, 10, 1), 1_000_000),
            ("JPY", date(2026, 1, 1), 6_000), ("KWD", date(2026, 1, 1), 3_000_000),
        ):  # fmt: skip
            session.add(ExchangeRate(currency=currency, base="EUR", on=on, rate_millionths=rate))
        account = builders.account(session, "Kestrel", builders.person(session, "Ada Lund"))
        stage = builders.pipeline(session)["Proposal"]
        rows: tuple[tuple[str, int | None, str | None, date], ...] = (
            ("at", 50_000_00, "EUR", date(2026, 12, 1)), ("under", 49_999_99, "EUR", date(2026, 12, 1)),
            ("pound early", 42_000_00, "GBP", date(2026, 9, 30)), ("pound late", 42_000_00, "GBP", date(2026, 12, 1)),
            ("yen", 9_000_000, "JPY", date(2026, 12, 1)), ("dinar", 16_667_000, "KWD", date(2026, 12, 1)),
            ("franc", 90_000_00, "CHF", date(2026, 12, 1)), ("bare", 90_000_00, None, date(2026, 12, 1)),
            ("huge", 3_000_000_000_000_00, "GBP", date(2026, 12, 1)), ("empty", None, "EUR", date(2026, 12, 1)),
        )  # fmt: skip
        for name, amount, code, close in rows:
            builders.deal(session, name, account, stage, amount_minor=amount, currency=code, close_date=close)
    return record


def named(store: Store, result: ReportResult) -> set[str]:
    with store.read(EVERYTHING) as session:
        return {deal.name for deal in session.query(Deal).filter(Deal.id.in_(result.ids))}


def amounts(store: Store, op: str, value: object, **more: object) -> set[str]:
    condition = {"field": "amount", "op": op, "value": value} | more
    return named(store, asked(store, "deals", filter=condition, drill_down=True))


def test_an_amount_of_any_currency_is_compared_by_the_rate_of_its_own_day(deals: Store) -> None:
    assert amounts(deals, "ge", 50_000_00) == {"at", "pound early", "yen", "dinar", "huge"}
    assert amounts(deals, "lt", 50_000_00) == {"under", "pound late"}
    assert amounts(deals, "eq", 42_000_00) == {"pound late"}
    assert amounts(deals, "between", [42_000_00, 50_000_00]) == {"at", "under", "pound late"}
    assert amounts(deals, "in", [50_400_00, 54_000_00]) == {"pound early", "yen"}


def test_an_amount_may_be_given_in_another_currency(deals: Store) -> None:
    assert amounts(deals, "ge", 42_000_00, currency="GBP") == {
        "at", "under", "pound early", "pound late", "yen", "dinar", "huge",
    }  # fmt: skip
    assert amounts(deals, "gt", 42_000_00, currency="GBP") == {"at", "under", "yen", "dinar", "huge"}
    assert amounts(deals, "ge", 9_000_000, currency="JPY") == {"yen", "huge"}
    assert amounts(deals, "ge", 90_000_00, currency="CHF") == {"franc"}


def test_what_has_no_rate_is_named_whichever_way_it_was_asked(deals: Store) -> None:
    over = {"field": "amount", "op": "gt", "value": 50_000_00}
    for tree in (
        over,
        {"not": over},
        {"field": "amount", "op": "ne", "value": 1},
        {"and": [over, {"not": {"not": over}}]},
    ):
        found = asked(deals, "deals", filter=tree, drill_down=True)
        assert [(one.currency, one.amount_minor, one.count) for one in found.uncompared] == [
            ("", 90_000_00, 1),
            ("CHF", 90_000_00, 1),
        ]
        assert not {"franc", "bare"} & named(deals, found)
        assert "CHF 90,000 (1) have no exchange rate, so whether they belong here is not known" in found.counted
    sure = asked(deals, "deals", filter={"or": [over, {"field": "status", "op": "eq", "value": "open"}]})
    assert (sure.count, sure.uncompared) == (10, ())


def test_the_sentence_names_the_currency_that_was_given(deals: Store) -> None:
    told = asked(deals, "deals", filter={"field": "amount", "op": "ge", "value": 9_000_000, "currency": "JPY"})
    assert told.counted.startswith("deals, amount at least JPY 9,000,000: 2 deals")
    told = asked(deals, "deals", filter={"field": "amount", "op": "gt", "value": 42_000_00, "currency": "GBP"})
    assert told.counted.startswith("deals, amount over GBP 42,000: ")
