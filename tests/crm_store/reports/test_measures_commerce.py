"""Order value, repeat rate and time between orders."""

from datetime import date

from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, by, total

QUARTER = {"since": "2026-07-01", "until": "2026-09-30"}


def orders(store: Store) -> None:
    """Acme: 1 Jun, 11 Jul, 31 Jul, 30 Sep; Baker: 1 Aug twice, one of them cancelled; Cole: 1 May."""
    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Ada Berg")
        plan = builders.product(session, "Plan", family="Planning")
        accounts = {name: builders.account(session, name, rep) for name in ("Acme", "Baker", "Cole")}
        for name, on, amount, status in (
            ("Acme", date(2026, 6, 1), 10_00, "fulfilled"),
            ("Acme", date(2026, 7, 11), 20_00, "fulfilled"),
            ("Acme", date(2026, 7, 31), 30_00, "fulfilled"),
            ("Acme", date(2026, 9, 30), 70_00, "fulfilled"),
            ("Baker", date(2026, 8, 1), 40_00, "fulfilled"),
            ("Baker", date(2026, 8, 1), 40_00, "cancelled"),
            ("Cole", date(2026, 5, 1), 90_00, "fulfilled"),
        ):
            builders.order(session, accounts[name], plan, amount, on, status=status)


def test_the_repeat_rate_is_of_the_accounts_that_ordered_in_the_period(record: Store) -> None:
    orders(record)
    assert total(record, "orders", "repeat_rate", "accounts", period=QUARTER) == (50, 2)
    months = by(record, "orders", "month", "repeat_rate", "accounts", period=QUARTER)
    assert months == {"Jul 2026": (100, 1), "Aug 2026": (0, 1), "Sep 2026": (0, 1)}
    assert by(record, "orders", "account", "repeat_rate") == {"Acme": (100,), "Baker": (0,), "Cole": (0,)}


def test_time_between_orders_reaches_back_before_the_period(record: Store) -> None:
    orders(record)
    names = ("time_between_orders", "time_between_orders.smallest", "time_between_orders.median")
    assert total(record, "orders", *names, period=QUARTER) == (40.3, 20, 40)  # 40, 20 and 61 days
    assert by(record, "orders", "account", "time_between_orders")["Baker"] == (None,)


def test_order_value_has_a_mean_and_a_median(record: Store) -> None:
    orders(record)
    bought = {"field": "status", "op": "ne", "value": "cancelled"}
    assert total(record, "orders", "average", "median", "largest", period=QUARTER, filter=bought) == (
        40_00,
        35_00,
        70_00,
    )


def test_order_lines_are_what_was_bought(record: Store) -> None:
    orders(record)
    found = by(
        record, "order_lines", "product_family", "count", "sum", "quantity", "orders", "accounts", period=QUARTER
    )
    assert found == {"Planning": (5, 200_00, 5, 5, 2)}
    assert by(record, "order_lines", "month", "sum", period=QUARTER)["Aug 2026"] == (80_00,)


def test_no_order_is_no_rate(record: Store) -> None:
    assert total(record, "orders", "repeat_rate", "time_between_orders", "average") == (None, None, None)
