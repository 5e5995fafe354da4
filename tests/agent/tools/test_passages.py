"""Looking for what was said."""

from collections.abc import Callable
from datetime import timedelta

from bot.agent.tools.passages import search_notes
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW


def _record(store: Store, company: Company) -> None:
    with store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "Thanks for coming.\nRosa wants to see our ISO 27001 certificate before the pilot.",
            company.rosa, at=NOW - timedelta(days=4),
        )  # fmt: skip
        builders.interaction(session, company.larchmont, "Anna likes the colour of the boxes.", company.anna_larchmont)
        builders.interaction(session, company.quarry, "Olga needs ISO 27001 and SOC 2 by May.")


def test_a_passage_is_found_and_quoted(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    _record(sqlite_store, company)
    indexed()
    found = search_notes(turn("Has anyone mentioned ISO 27001?"), "ISO 27001")
    lead, count = found.text.splitlines()
    assert lead.startswith("**Yes:** ")
    assert count == "1 passage in the 2 interactions you can see mentions “ISO 27001”."
    assert "“Rosa wants to see our ISO 27001 certificate before the pilot.” [1]" in found.text
    assert found.subjects[-1].name == "Pinewood Mills"
    assert "Olga" not in repr(found)
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_what_nobody_said_is_a_no_with_the_count_of_what_was_searched(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    _record(sqlite_store, company)
    indexed()
    found = search_notes(turn("did they say anything about SOC 2?"), "SOC 2", account="Pinewood")
    assert found.text.startswith("**No:** nothing in Pinewood Mills's 1 interaction mentions “SOC 2”.")
    assert "Olga" not in repr(found)
    assert_cited(found)


def test_an_empty_search_asks_back_and_keeps_the_account(company: Company, turn: SayTurn) -> None:
    found = search_notes(turn(), "the", account="Pinewood")
    assert found.question is not None
    assert found.open_call is not None
    assert (found.open_call.missing, found.open_call.args) == ("query", {"account": "Pinewood"})


def test_asking_about_competitors_finds_whoever_is_known_as_one(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal(session, "Larchmont line", company.larchmont, company.stages["Proposal"], competitor="Oxbow")
        builders.interaction(session, company.larchmont, "Anna has an offer from Oxbow on her desk.", company.anna_larchmont)
    indexed()
    found = search_notes(turn("did anyone mention a competitor?"), "a competitor")
    assert "“Anna has an offer from Oxbow on her desk.” [1]" in found.text.splitlines()[0]
    assert_cited(found)


def test_of_several_who_say_it_the_newest_leads(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for days, words in ((90, "The SOC 2 report is missing."), (3, "The SOC 2 report has arrived.")):
            builders.interaction(session, company.pinewood, words, company.rosa, at=NOW - timedelta(days=days))
    indexed()
    lead, second, count = search_notes(turn("has anyone mentioned SOC 2?"), "SOC 2").text.splitlines()
    assert "arrived" in lead
    assert "missing" in second
    assert count.startswith("2 passages in the 2 interactions")


def test_the_note_of_a_call_they_made_is_not_their_words(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "Rosa asks for ISO 27001.", company.rosa, channel="call", direction="inbound"
        )
    indexed()
    found = search_notes(turn("has anyone mentioned ISO 27001?"), "ISO 27001")
    assert found.citations[0].speaker != "Rosa Blume"
    assert "call note" in found.text
