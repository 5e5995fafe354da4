"""What stands around a passage that answers."""

from collections.abc import Callable
from datetime import timedelta

from bot.agent.tools.passages import search_notes
from bot.cards import PassagesCard
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW

CALL = """Rosa: Thanks for calling back.
Me: Of course, how is the new line running?
Rosa: Better than we feared, the plant manager is happy.
Me: And the certificate that you asked for?
Rosa: We need the ISO 27001 certificate before the pilot.
Me: You have it by Monday.
Rosa: Then the board can decide in December.
Me: Who decides besides you?
Rosa: Only the two owners."""


def _around(found: object) -> list[PassagesCard]:
    cards = getattr(found, "cards", ())
    return [card for card in cards if isinstance(card, PassagesCard) and card.title == "Right before and after"]


def test_what_was_said_right_before_and_after_is_shown_with_a_passage_that_answers(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, CALL, company.rosa, at=NOW - timedelta(days=4))
    indexed()
    found = search_notes(turn("Has anyone mentioned ISO 27001?"), "ISO 27001")
    [card] = _around(found)
    before, after = card.passages
    assert before.quote.endswith("the plant manager is happy.")
    assert after.quote.startswith("Rosa: Then the board can decide in December.")
    assert after.speaker == "Rosa"
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_a_note_that_stands_alone_has_nothing_around_it(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Rosa wants to see ISO 27001.", company.rosa)
    indexed()
    assert _around(search_notes(turn("Has anyone mentioned ISO 27001?"), "ISO 27001")) == []


def test_what_is_around_a_passage_is_read_as_the_asker_may_see_it(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.quarry, CALL, at=NOW - timedelta(days=4))
    indexed()
    whole = turn(by=company.ben)
    [hit] = whole.recall.search(whole.caller, "ISO 27001 certificate", today=whole.today, k=1)
    assert len(whole.recall.around(whole.caller, hit)) == 2
    assert turn().recall.around(turn().caller, hit) == []
