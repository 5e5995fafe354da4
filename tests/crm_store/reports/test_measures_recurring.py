"""Recurring revenue and how much of it stays, goes and grows."""

from datetime import date

import pytest

from crm_store.errors import Invalid
from crm_store.models import ExchangeRate
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, asked, by, total

HALF = {"since": "2026-01-01", "until": "2026-06-30"}
MONEY = ("starting_revenue", "new_revenue", "expansion", "contraction", "churned_revenue", "recurring_revenue")


def accounts(store: Store, currency: str = "EUR") -> None:
    """Kept: renewed at 1,200 after 1,000. Shrunk: 500 of two subscriptions of 500. Gone: 300. New: 700."""
    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Ada Berg")
        product = builders.product(session, "Plan", family="Planning")
        made = {name: builders.account(session, name, rep) for name in ("Kept", "Shrunk", "Gone", "New", "Later")}
        for name, amount, starts, ends in (
            ("Kept", 1_000_00, date(2025, 4, 1), date(2026, 3, 31)),
            ("Kept", 1_200_00, date(2026, 4, 1), date(2027, 3, 31)),
            ("Shrunk", 500_00, date(2025, 7, 1), date(2026, 6, 30)),
            ("Shrunk", 500_00, date(2025, 5, 1), date(2026, 4, 30)),
            ("Gone", 300_00, date(2025, 6, 1), date(2026, 5, 31)),
            ("New", 700_00, date(2026, 2, 1), date(2027, 1, 31)),
            ("Later", 900_00, date(2026, 8, 1), date(2027, 7, 31)),
        ):
            builders.subscription(
                session, made[name], product, ends, starts_on=starts, amount_minor=amount, currency=currency,
                status="lapsed" if name == "Gone" else "active",
            )  # fmt: skip


def test_a_renewal_is_no_churn_and_the_movements_add_up(record: Store) -> None:
    accounts(record)
    rates = ("retention", "churn", "net_revenue_retention", "gross_revenue_retention", "revenue_churn")
    assert total(record, "retention", *rates, period=HALF) == (66.7, 33.3, 73.9, 65.2, 13.0)
    first, new, grew, shrank, left, last = total(record, "retention", *MONEY, period=HALF)
    assert (first, new, grew, shrank, left, last) == (2_300_00, 700_00, 200_00, 500_00, 300_00, 2_400_00)
    assert total(record, "retention", "count", "new_accounts", "churned_accounts", period=HALF) == (4, 1, 1)


def test_an_account_is_there_up_to_its_last_day(record: Store) -> None:
    accounts(record)
    gone = {"field": "account", "op": "eq", "value": "Gone"}
    until = {"since": "2026-01-01", "until": "2026-05-31"}
    assert total(record, "retention", "retention", filter=gone, period=until) == (100,)
    assert total(record, "retention", "retention", filter=gone, period=HALF) == (0,)


def test_churn_of_each_month_is_that_months(record: Store) -> None:
    accounts(record)
    found = by(record, "retention", "month", "churned_accounts", "recurring_revenue", period=HALF)
    assert found["May 2026"] == (0, 2_700_00)  # the month it ends in still ends with it
    assert found["Jun 2026"] == (1, 2_400_00)
    quarters = by(record, "retention", "quarter", "churned_accounts", "churned_revenue", period=HALF)
    assert quarters == {"Q1 2026": (0, 0), "Q2 2026": (1, 300_00)}


def test_recurring_revenue_is_what_is_active_on_the_last_day_or_today(record: Store) -> None:
    accounts(record)
    assert total(record, "subscriptions", "recurring_revenue", "monthly_recurring_revenue", period=HALF) == (
        2_400_00,
        200_00,
    )
    assert total(record, "subscriptions", "recurring_revenue", period="this_year") == (2_800_00,)
    assert total(record, "subscriptions", "recurring_revenue") == (2_800_00,)
    months = by(record, "subscriptions", "month", "recurring_revenue", period="this_year")
    assert (months["Jan 2026"], months["Jul 2026"], months["Aug 2026"]) == ((2_300_00,), (1_900_00,), (2_800_00,))
    assert by(record, "subscriptions", "product_family", "recurring_revenue") == {"Planning": (2_800_00,)}


def test_a_measure_that_goes_by_what_is_active_takes_no_other_date(record: Store) -> None:
    with pytest.raises(Invalid, match="active"):
        asked(record, "subscriptions", "recurring_revenue", date_field="ends", period=HALF)


def test_a_currency_that_moves_is_no_growth(record: Store) -> None:
    accounts(record, "GBP")
    with record.write(EVERYTHING) as session:
        for on, rate in ((date(2025, 1, 1), 1_000_000), (date(2026, 6, 1), 1_100_000)):
            session.add(ExchangeRate(currency="GBP", base="EUR", on=on, rate_millionths=rate))
    found = total(record, "retention", "net_revenue_retention", "starting_revenue", "recurring_revenue", period=HALF)
    assert found == (73.9, 2_530_00, 2_640_00)


def test_what_has_no_rate_is_named(record: Store) -> None:
    accounts(record, "CHF")
    result = asked(record, "retention", "recurring_revenue", "net_revenue_retention", period=HALF)
    assert result.total.values == (0, None)
    assert [(one.currency, one.amount_minor) for one in result.unconverted] == [("CHF", 2_400_00)]


def test_nothing_sold_is_nothing_retained(record: Store) -> None:
    assert total(record, "retention", "retention", "churn", "net_revenue_retention", period=HALF) == (None,) * 3
    assert total(record, "subscriptions", "recurring_revenue", period=HALF) == (0,)
    with pytest.raises(Invalid, match="start of a period"):
        asked(record, "retention", "churn")
