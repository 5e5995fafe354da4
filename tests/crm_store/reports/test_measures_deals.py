"""Measures of deals and of the products on them."""

from datetime import date

from sqlalchemy import select

from crm_store.models import DealLine, ExchangeRate, Person
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, asked, at, by, total


def three_deals(store: Store) -> None:
    """Won for 300 pounds (360 euro), lost for 240 euro, open for 100 euro; Ada touched the first twice, the last once."""
    with store.write(EVERYTHING) as session:
        session.add(ExchangeRate(currency="GBP", base="EUR", on=date(2026, 1, 1), rate_millionths=1_200_000))
        rep = builders.person(session, "Ada Berg")
        account = builders.account(session, "Acme", rep, employees=50)
        big = builders.account(session, "Big", rep, employees=5001)
        stages = builders.pipeline(session)
        won = builders.deal(
            session, "Won", account, stages["Won"], amount_minor=300_00, currency="GBP", created_at=at(9, 1),
            closed_at=at(9, 11), close_date=date(2026, 9, 11),
        )  # fmt: skip
        builders.deal(
            session, "Lost", big, stages["Lost"], amount_minor=240_00, created_at=at(9, 1), closed_at=at(9, 5),
            close_date=date(2026, 9, 5),
        )  # fmt: skip
        open_deal = builders.deal(session, "Open", account, stages["Proposal"], amount_minor=100_00)
        for deal, moment in ((won, at(9, 2)), (won, at(9, 3)), (open_deal, at(11, 10)), (open_deal, at(11, 21))):
            builders.interaction(session, account, "Call", at=moment, deal_id=deal.id)
        plan = builders.product(session, "Plan", family="Planning")
        floor = builders.product(session, "Floor", family="Shop floor")
        for deal, product, amount, pieces in (
            (won, plan, 200_00, 2),
            (won, floor, 100_00, 1),
            (open_deal, plan, 100_00, 5),
        ):
            session.add(
                DealLine(
                    deal_id=deal.id,
                    product_id=product.id,
                    amount_minor=amount,
                    quantity=pieces,
                    currency=deal.currency,
                    account_id=deal.account_id,
                    owner_id=deal.owner_id,
                )
            )


def test_win_rate_is_of_closed_deals_by_number_and_by_converted_amount(record: Store) -> None:
    three_deals(record)
    rates = total(record, "deals", "win_rate", "win_rate_amount", "won_amount", "lost_amount")
    assert rates == (50, 60, 360_00, 240_00)
    assert total(record, "deals", "sales_cycle", "time_to_lose") == (10, 4)


def test_touches_are_what_happened_and_not_what_is_planned(record: Store) -> None:
    three_deals(record)
    found = by(record, "deals", "name", "touches", "touches_to_win", "days_since_last_touch")
    assert found == {"Won": (2, 2, 78), "Open": (1, None, 10), "Lost": (0, None, None)}
    assert total(record, "deals", "touches", "days_since_last_touch.smallest") == (1, 10)
    untouched = {"field": "last_touch", "op": "is_empty"}
    assert asked(record, "deals", filter=untouched).count == 1


def test_accounts_fall_into_bands_of_employees_in_their_order(record: Store) -> None:
    three_deals(record)
    with record.write(EVERYTHING) as session:
        rep = session.scalars(select(Person)).one()
        for number, employees in enumerate((1, 10, 11, 51, 200, 201, 1000, 1001, 5000, None)):
            builders.account(session, f"Account {number}", rep, employees=employees)
    found = by(record, "accounts", "size")
    assert found == {
        "1-10": (2,),
        "11-50": (2,),
        "51-200": (2,),
        "201-1000": (2,),
        "1001-5000": (2,),
        "5000+": (1,),
        "no size in employees": (1,),
    }
    assert list(found)[:6] == ["1-10", "11-50", "51-200", "201-1000", "1001-5000", "5000+"]
    assert by(record, "deals", "size", "win_rate") == {"11-50": (100,), "5000+": (0,)}


def test_products_on_deals_are_summed_at_the_deals_rate(record: Store) -> None:
    three_deals(record)
    found = by(record, "deal_products", "product", "sum", "won_amount", "quantity", "win_rate", "deals")
    assert found == {"Plan": (340_00, 240_00, 7, 100, 2), "Floor": (120_00, 120_00, 1, 100, 1)}
    assert total(record, "deal_products", "count", "sum", period="last_quarter") == (2, 360_00)
    assert by(record, "deal_products", "stage", "sum") == {"Proposal": (100_00,), "Won": (360_00,)}
    assert by(record, "deals", "product_family", "won_amount", "win_rate_amount") == {
        "Planning": (240_00, 100),
        "Shop floor": (120_00, 100),
        "no product family": (0, None),
    }
