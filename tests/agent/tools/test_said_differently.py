"""What was said in two ways: values of one matter, newest first, each with who said it and when."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.agent.tools.amounts import amounts_in
from bot.agent.tools.disagreeing import said_differently
from bot.agent.tools.passages import search_notes
from bot.agent.tools.ranges import holds
from bot.agent.tools.versions import says
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW


def _wrote(store: Store, company: Company, text: str, days: int, *, by: str = "rosa") -> None:
    with store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, text, getattr(company, by), channel="email", direction="inbound", subject="Dates",
            deal_id=company.renewal.id, at=NOW - timedelta(days=days),
        )  # fmt: skip


def test_of_two_values_both_are_quoted_the_newest_first(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "We need ninety seats in the mill.", 20)
    _wrote(sqlite_store, company, "We counted again: 140 seats, not 90.", 4, by="emil")
    found = said_differently(turn(), account="Pinewood", between=("90", "140"), about="how many seats")
    lead, newest, before = found.text.splitlines()
    assert lead == "**Pinewood renewal: both were said; the newest is 140.**"
    assert newest.startswith("- Emil Kranz on ")
    assert "“We counted again: 140 seats, not 90.” [1]" in newest
    assert "“We need ninety seats in the mill.” [2]" in before
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_a_value_that_nobody_said_is_named_as_unknown(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "The price of EUR 41,000 is fine.", 4)
    assert "**Pinewood renewal: 41k** is on record; nothing in" in said_differently(turn(), account="Pinewood", between=("38k", "41k")).text
    assert said_differently(turn(), account="Pinewood", between=("7", "8")).text.startswith("**Not known:** nothing in")


def test_days_of_one_matter_that_differ_are_found_without_being_named(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "The go-live is in March.", 20)
    _wrote(sqlite_store, company, "From our side the go-live is in June.", 4, by="emil")
    found = said_differently(turn(), account="Pinewood", about="conflicting dates")
    assert found.text.index("in June") < found.text.index("in March")
    assert_cited(found)


def test_where_all_agree_it_says_so(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "The go-live is in March.", 20)
    _wrote(sqlite_store, company, "As said, the go-live is in March.", 4)
    assert said_differently(turn(), account="Pinewood").text.startswith("**None found:** in Pinewood renewal's 2 interactions")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("forty-one thousand pounds", [41000]), ("a hundred and forty users", [140]), ("GBP 38,000 or 41k", [38000, 41000]),
        ("two thousand five hundred", [2500]), ("from 1.5 to 2 million", [1.5, 2_000_000]),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written_and_said(text: str, values: list[float]) -> None:
    assert [one.value for one in amounts_in(text)] == values


def test_a_value_that_is_denied_is_not_said() -> None:
    assert says("140 people, not 90", "140")
    assert not says("140 people, not 90", "90")
    assert not says("up to ninety percent", "90")
    assert says("it is forty-one with the start", "41")


@pytest.mark.parametrize(
    ("cell", "question", "fits"),
    [
        ("up to 10 %", "may I give 8 %?", True), ("more than 10 % and up to 18 %", "15 percent off", True),
        ("more than 18 %", "18% off", False),
        ("more than 18 %", "a discount over 18%", True), ("up to 18 %", "a discount over 18%", False),
        ("5-10 seats", "what for 7 seats", True), ("from 100 users", "for 99 users", False),
        ("up to 10 %", "for 8 seats", False), ("EUR 540", "for 540 seats", False),
    ],
)  # fmt: skip
def test_a_row_is_for_the_numbers_of_its_range(cell: str, question: str, fits: bool) -> None:
    assert holds(cell, question) is fits


def test_what_somebody_said_themselves_comes_before_what_was_said_to_them(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "We could lower the price of the licence.", company.rosa, channel="email", direction="outbound",
            subject="Offer", at=NOW - timedelta(days=2),
        )  # fmt: skip
    _wrote(sqlite_store, company, "The price of the licence has to be defended by me.", 9)
    indexed()
    found = search_notes(turn("what did Rosa Blume say about the price of the licence?"), "price of the licence", contact="Rosa Blume")
    assert found.text.splitlines()[0].startswith("Rosa Blume on ")


def test_a_reason_is_quoted_with_what_it_explains(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    _wrote(sqlite_store, company, "We take Zephyrix. It was cheaper by a third.", 4)
    indexed()
    found = search_notes(turn("why do they take Zephyrix?"), "Zephyrix", account="Pinewood")
    assert "“We take Zephyrix. It was cheaper by a third.” [1]" in found.text
    assert_verbatim(found, sqlite_store)


def test_budgets_that_differ_are_found_and_dates_are_left_out(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "We have EUR 40,000 and nothing above it.", 20)
    _wrote(sqlite_store, company, "Our budget is EUR 55,000 now.", 4, by="emil")
    _wrote(sqlite_store, company, "The go-live is in March.", 19)
    _wrote(sqlite_store, company, "From our side the go-live is in June.", 5, by="emil")
    found = said_differently(turn(), account="Pinewood", about="budget")
    assert found.text.index("EUR 55,000") < found.text.index("EUR 40,000")
    assert "go-live" not in found.text
    assert_cited(found)


def test_of_one_person_only_what_was_said_in_talks_with_them_counts(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "The go-live is in March.", 20)
    _wrote(sqlite_store, company, "From our side the go-live is in June.", 4, by="emil")
    of_rosa = said_differently(turn(), contact="Rosa Blume", about="go-live")
    assert of_rosa.text.startswith("**None found:** in Rosa Blume's 1 interaction")
    _wrote(sqlite_store, company, "The go-live is in May after all.", 2)
    of_rosa = said_differently(turn(), contact="Rosa Blume", about="go-live")
    assert "in May" in of_rosa.text
    assert "in June" not in of_rosa.text


def test_what_we_offer_is_not_counted_as_what_they_told(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "We need 90 users in the mill.", 20)
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "I suggest to start with 13 users.", company.rosa, channel="email", direction="outbound",
            subject="Start", deal_id=company.renewal.id, at=NOW - timedelta(days=2),
        )  # fmt: skip
    assert "13 users" not in said_differently(turn(), account="Pinewood", about="number of users").text
