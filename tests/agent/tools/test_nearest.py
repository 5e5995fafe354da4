"""Answers to questions in other words than those that were written down: the nearest that was said, and what was not."""

from collections.abc import Callable
from datetime import timedelta

from bot.agent.tools.disagreeing import said_differently
from bot.agent.tools.gist import sentences_of, with_next
from bot.agent.tools.nearest import nearest, question_of
from bot.agent.tools.objections import objections
from bot.agent.tools.passages import search_notes
from bot.agent.tools.promises import promises
from bot.agent.tools.qualification import qualify
from bot.agent.tools.roles import account_people
from bot.agent.tools.satisfaction import satisfaction
from crm_store.queries import interactions
from crm_store.queries.interactions import InteractionFacts, InteractionFilter
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW

MAIL = (
    "The parking at the mill is behind the gate.",
    "EUR 12,000 is above what we planned for this year.",
    "The saw line stands still for nine hours every week. Nobody knows why.",
)


def _said(store: Store, company: Company, *texts: str, on_deal: bool = True) -> tuple[InteractionFacts, ...]:
    """What Rosa wrote, a mail each, the last of them newest; all of it newest first."""
    with store.write(SYSTEM) as session:
        for age, text in enumerate(reversed(texts)):
            builders.interaction(
                session, company.pinewood, text, company.rosa, channel="email", direction="inbound",
                deal_id=company.renewal.id if on_deal else None, at=NOW - timedelta(days=3 + 7 * age),
            )  # fmt: skip
    with store.read(SYSTEM) as session:
        return interactions.interactions(session, InteractionFilter(account_id=company.pinewood.id), limit=20).rows


def test_an_amount_is_the_same_however_it_is_spelled(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    touches = _said(sqlite_store, company, *MAIL)
    asked = turn("was twelve grand fine with Rosa")
    near = nearest(asked, question_of(asked), [one for touch in touches for one in sentences_of(touch)])
    assert near[0].sentence.text == "EUR 12,000 is above what we planned for this year."
    assert near[0].share > near[1].share


def test_whom_a_question_is_about_says_nothing_of_what_it_asks(company: Company, turn: SayTurn) -> None:
    question = question_of(turn("what does Rosa at Pinewood say about the saw line"))
    assert question.terms == ("saw", "line")
    assert question.people == ("Rosa",)
    assert "Pinewood" not in question.text


def test_a_search_that_finds_no_such_words_tells_the_nearest_sentence(
    sqlite_store: Store, company: Company, turn: SayTurn, indexed: Callable[[], None]
) -> None:
    _said(sqlite_store, company, *MAIL)
    indexed()
    found = search_notes(turn("was twelve grand fine with Rosa"), "twelve grand fine", contact="Rosa")
    assert found.text.startswith("**No:** nothing in ")
    assert "The nearest: Rosa" in found.text
    assert "“EUR 12,000 is above what we planned for this year.” [1]" in found.text
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_a_field_is_told_with_what_is_nearest_to_the_question_first(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, MAIL[2], "Our biggest headache is the paper on the walls.")
    found = qualify(turn("where does the saw line at Pinewood lose hours"), account="Pinewood", field="need")
    assert "The saw line stands still for nine hours every week." in found.text.splitlines()[0]
    assert "biggest headache" in found.text
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_a_field_without_words_of_its_own_in_the_question_is_told_by_its_evidence(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    _said(sqlite_store, company, "They talked about the budget of the town.", "We have EUR 40,000 set aside for it.")
    found = qualify(turn("what is their budget at Pinewood"), account="Pinewood", field="budget")
    assert "“We have EUR 40,000 set aside for it.” [1]" in found.text.splitlines()[0]


def test_a_thing_that_nobody_mentioned_is_not_there(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "The contract is with our lawyers.")
    found = qualify(turn("is there a notice period in the Pinewood contract"), account="Pinewood", field="paper_process")
    assert found.text.startswith("**No:** nothing in Pinewood renewal's 1 interaction mentions “notice period”.")
    assert "“The contract is with our lawyers.” [1]" in found.text


def test_only_the_objections_to_what_is_named_are_told(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "The price is too high for us.", "We are worried about the data centre in another country.")
    found = objections(turn("did Pinewood object to the price"), account="Pinewood")
    assert found.text.startswith("**Pinewood Mills: 1 objection on “price”.**")
    assert "The price is too high for us." in found.text
    assert "data centre" not in found.text
    assert_cited(found)


def test_where_nothing_was_objected_to_it_that_is_said_with_the_last_objection(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    _said(sqlite_store, company, "We are worried about the data centre in another country.")
    found = objections(turn("did Pinewood object to the price"), account="Pinewood")
    assert found.text.startswith("**No objection on “price”** is on record")
    assert "worried about the data centre" in found.text
    assert_cited(found)


def test_a_number_that_was_told_otherwise_later_is_shown_newest_first(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(
        sqlite_store, company, "We change the plan 6 times a day.", "I counted: the plan is changed closer to 11 times a day.",
        "The gate opens at 7 in the morning.",
    )  # fmt: skip
    found = said_differently(
        turn("Rosa told us 6 plan changes a day, does that still hold"), account="Pinewood", between=("6",), about="6 plan changes a day"
    )
    lead, newest, before = found.text.splitlines()
    assert "not told the same way each time" in lead
    assert "11 times a day" in newest
    assert "6 times a day" in before
    assert_cited(found)


def test_a_number_that_nobody_contradicted_still_stands(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "We change the plan 6 times a day.")
    found = said_differently(turn("is that still 6 times"), account="Pinewood", between=("6",), about="6 times a day")
    assert found.text.startswith("**Pinewood renewal: nothing newer than 6** is on record:")
    assert_cited(found)


def test_what_they_like_is_what_they_praised(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "We are very happy with your support.", "I am not happy with the new screen.")
    found = satisfaction(turn("what does Pinewood like about us"), account="Pinewood")
    assert found.text.startswith("**Pinewood Mills: what they praised**")
    assert "happy with your support" in found.text
    assert "not happy" not in found.text
    assert_cited(found)


def test_a_title_that_nobody_has_is_said_to_be_missing(company: Company, turn: SayTurn) -> None:
    assert account_people(turn("who is the CEO at Pinewood"), account="Pinewood").text.startswith(
        "**No CEO is on record at Pinewood Mills.**"
    )
    assert "is on record" not in account_people(turn("who is at Pinewood"), account="Pinewood").text


def test_where_no_promise_is_known_the_nearest_that_was_said_is_told(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "The price list for the spare blades is still missing here.")
    found = promises(turn("did we promise Pinewood a price list for spare blades"), account="Pinewood", by="us")
    assert found.text.startswith("I find nothing we promised")
    assert "“The price list for the spare blades is still missing here.” [1]" in found.text


def test_a_short_sentence_is_quoted_with_the_next_one(sqlite_store: Store, company: Company) -> None:
    (touch,) = _said(sqlite_store, company, "We take the other one. It was cheaper and the board stopped listening after that.")
    first, second = sentences_of(touch)
    assert with_next(first).text == "We take the other one. It was cheaper and the board stopped listening after that."
    assert with_next(second).text == second.text


def test_the_name_below_a_mail_is_no_sentence_of_it(sqlite_store: Store, company: Company) -> None:
    name = company.rosa.name
    (touch,) = _said(sqlite_store, company, f"We sign on Friday.\n\n{name.split()[0]}")
    assert [one.text for one in sentences_of(touch)] == ["We sign on Friday."]
