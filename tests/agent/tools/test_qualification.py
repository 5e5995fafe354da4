"""What qualifies a deal: each field with the words behind it, each gap with what to ask."""

from datetime import timedelta

import pytest

from bot.agent.tools.aspects import ASPECTS, BY_KEY, FRAMEWORKS
from bot.agent.tools.evidence import evidence
from bot.agent.tools.qualification import qualify
from crm_store.access import Scope
from crm_store.queries.interactions import InteractionFacts, InteractionFilter, ParticipantFacts, interactions
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW


def _said(store: Store, company: Company, *texts: str, channel: str = "email", direction: str = "inbound") -> None:
    """What Emil wrote, a message each, the last of them newest."""
    with store.write(SYSTEM) as session:
        for age, text in enumerate(reversed(texts)):
            builders.interaction(
                session, company.pinewood, text, company.emil, channel=channel, direction=direction, deal_id=company.renewal.id,
                at=NOW - timedelta(days=3 + 7 * age),
            )  # fmt: skip


def _note(text: str) -> InteractionFacts:
    """Our note of a call."""
    return InteractionFacts(
        "n1", "call", "outbound", NOW, None, "Call", text, (), None, None, None, None, None, None, "Ada Winter", None,
        (ParticipantFacts("Emil Kranz", None, "c1", "attendee"), ParticipantFacts("Ada Winter", "p1", None, "host")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("budget", "They have EUR 40,000 and nothing above it."),
        ("budget", "There is no budget before the new year."),
        ("economic_buyer", "Anything above EUR 50,000 goes to the board."),
        ("economic_buyer", "Helen signs, nobody else."),
        ("need", "The biggest problem is that two halls plan the same tool."),
        ("need", "They still plan everything by hand on Fridays."),
        ("timeline", "The decision is expected in March."),
        ("timeline", "They want to go live before the summer season."),
        ("metrics", "It would be a success if late orders fell from 40 to 20 a month."),
        ("decision_criteria", "Requirement: it works without a network."),
        ("decision_process", "Helen recommends, Emil signs and the board is informed."),
        ("paper_process", "The contract is with their lawyer, who has two remarks."),
        ("champion", "Rosa said she will defend it: “I will push for you inside.”"),
        ("competition", "They are talking to two other vendors."),
    ],
)
def test_words_that_tell_of_a_field_are_evidence_of_it(field: str, text: str) -> None:
    aspect = next(one for one in ASPECTS if one.key == field)
    assert [one.sentence.text for one in evidence(aspect, [_note(text)])] == [text]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("budget", "Anton will ask Mara about the budget for next year."),
        ("budget", "Please find the offer over EUR 14,000, valid until 15 October."),
        ("budget", "Does he have a budget?"),
        ("economic_buyer", "She signs nothing on Fridays."),
        ("economic_buyer", "It decides over our weekends."),
        ("need", "Complaint: since the last release the plan opens on the wrong week."),
        ("timeline", "Promised the list by 18 June."),
        ("timeline", "Emil is away until 1 December."),
        ("metrics", "They asked for a 12 % discount."),
        ("competition", "Told Emil that we will not speak of other vendors."),
        ("champion", "He is not convinced."),
    ],
)
def test_words_that_only_look_like_it_are_not(field: str, text: str) -> None:
    aspect = next(one for one in ASPECTS if one.key == field)
    assert evidence(aspect, [_note(text)]) == ()


def test_what_we_said_ourselves_is_no_evidence(sqlite_store: Store, company: Company) -> None:
    _said(sqlite_store, company, "You have EUR 40,000 set aside, as you told us.", direction="outbound")
    with sqlite_store.read(Scope.system("test")) as session:
        rows = interactions(session, InteractionFilter(), limit=10).rows
    assert evidence(BY_KEY["budget"], rows) == ()


def test_each_field_has_its_quote_and_each_gap_its_question(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "We have EUR 40,000 set aside for this.", "The decision is expected in March.")
    found = qualify(turn(), deal="Pinewood renewal")
    lead, *lines = found.text.splitlines()
    assert lead == "**Pinewood renewal: 2 of 4 BANT fields known; not known: economic buyer and need.**"
    assert [line.partition(":**")[0] for line in lines[:4]] == ["- **Budget", "- **Economic buyer", "- **Need", "- **Timeline"]
    assert "Emil Kranz on" in lines[0]
    assert "“We have EUR 40,000 set aside for this.” [1]" in lines[0]
    assert lines[1].startswith("- **Economic buyer:** not known. Ask: Who signs")
    assert "“The decision is expected in March.”" in lines[3]
    assert "our record says it closes Mon 30 Nov" in lines[3].replace("Our", "our")
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_the_part_somebody_plays_fills_its_field(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.deal_contact(session, company.renewal, company.emil, role="economic_buyer")
    found = qualify(turn(), deal="Pinewood renewal", field="economic_buyer")
    assert found.text == "**Economic buyer at Pinewood renewal:** Emil Kranz, Chief Financial Officer (economic buyer) [1]"
    assert found.citations[0].quote == "Emil Kranz: economic buyer"


def test_a_budget_that_was_said_differently_before_is_shown_so_newest_first(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    _said(sqlite_store, company, "We have EUR 40,000 set aside for this.", "It is EUR 30,000 set aside now, sorry, we have no more budget.")
    found = qualify(turn(), deal="Pinewood renewal", field="budget")
    lead, second = found.text.splitlines()
    assert lead.startswith("**Budget at Pinewood renewal, not the same every time:**")
    assert "30,000" in lead
    assert "40,000" in second
    assert_cited(found)


def test_what_nobody_said_is_not_known_and_asked_next(company: Company, turn: SayTurn) -> None:
    found = qualify(turn(), account="Pinewood", field="budget")
    assert found.text.startswith("**Not known:** nothing in Pinewood renewal's 0 interactions says what they may spend.")
    assert found.text.endswith("Ask next: What is set aside for this, for which year, and who releases it?")
    assert not found.citations


def test_gaps_alone_lead_with_what_to_ask(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "The contract is with our lawyer.", "We are talking to two other vendors.")
    found = qualify(turn(), deal="Pinewood renewal", framework="meddpicc", gaps_only=True)
    asked = [line for line in found.text.splitlines() if line.startswith("- **")]
    known = {"Paper process", "Competition", "Champion"}
    assert len(asked) == len(FRAMEWORKS["meddpicc"]) - len(known)
    assert not any(label in line for line in asked for label in known)
    assert_cited(found)


def test_the_words_of_a_deal_of_somebody_else_are_not_read(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.quarry, "We have EUR 90,000 set aside.", deal_id=company.quarry_deal.id)
    found = qualify(turn(), account="Quarry Works", field="budget")
    assert found.text.startswith("I can't find an account called Quarry Works that you can see.")
    assert "90,000" not in repr(found)


def test_the_words_of_a_question_choose_what_is_told(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(
        sqlite_store, company, "The yard in Riga should go live on 4 May.", "The decision is expected in March.",
        "We want to start with the second hall on 7 April.",
    )  # fmt: skip
    found = qualify(turn("when does the yard in Riga start?"), account="Pinewood", field="timeline")
    assert "“The yard in Riga should go live on 4 May.”" in found.text
    assert_cited(found)
    other = qualify(turn("by when do they decide?"), account="Pinewood", field="timeline")
    assert "second hall" in other.text.splitlines()[0]


def test_what_is_said_before_a_question_is_evidence(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "EUR 11,000 is above what we planned; where could we cut?")
    found = qualify(turn("did Emil find it affordable?"), account="Pinewood", field="budget")
    assert "“EUR 11,000 is above what we planned; where could we cut?” [1]" in found.text
    assert_verbatim(found, sqlite_store)


def test_a_question_alone_is_no_evidence(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "Is EUR 11,000 above what you planned for the budget?")
    assert qualify(turn("what is their budget?"), account="Pinewood", field="budget").text.startswith("**Not known:**")


def test_what_was_said_on_another_deal_is_told_as_such(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        old = builders.deal(session, "Pinewood start", company.pinewood, company.stages["Won"])
        builders.interaction(
            session, company.pinewood, "We have EUR 39,000 set aside and nothing above it.", company.emil, channel="email",
            direction="inbound", deal_id=old.id, at=NOW - timedelta(days=40),
        )  # fmt: skip
    found = qualify(turn("what is their budget?"), account="Pinewood", field="budget")
    assert found.text.startswith("**Not known:** nothing in Pinewood renewal's")
    assert "Elsewhere at Pinewood Mills: Emil Kranz on " in found.text
    assert_cited(found)
    assert "Elsewhere" not in qualify(turn("what is the budget of the renewal?"), deal="Pinewood renewal", field="budget").text


def test_a_signature_this_month_and_not_this_month_are_two_stories(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _said(sqlite_store, company, "I plan to sign before the month is over.", "I cannot sign this month.")
    found = qualify(turn("when does Emil sign?"), account="Pinewood", field="timeline")
    assert "not the same every time" in found.text
    assert "“I plan to sign before the month is over.”" in found.text
