"""Objections and whether they were answered; summaries of a period, of the last calls, of a thread; satisfaction."""

from datetime import date, timedelta

from bot.agent.tools.objections import objections
from bot.agent.tools.purchases import purchase_history
from bot.agent.tools.satisfaction import satisfaction
from bot.agent.tools.summary import summarise
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW


def _wrote(store: Store, company: Company, text: str, days: int, *, ours: bool = False, subject: str = "Renewal") -> None:
    with store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, text, company.rosa, channel="email", direction="outbound" if ours else "inbound",
            subject=subject, deal_id=company.renewal.id, at=NOW - timedelta(days=days),
        )  # fmt: skip


def test_an_objection_without_a_reply_is_open(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "Honestly, the licence is too expensive for us.", 5)
    found = objections(turn(), account="Pinewood")
    assert found.text.splitlines()[0] == "**Pinewood renewal: 1 objection, 1 open.**"
    assert "- Open: Rosa Blume on" in found.text
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_our_later_word_on_the_same_matter_answers_it(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "Honestly, the licence is too expensive for us.", 9)
    _wrote(sqlite_store, company, "We can lower the price of the licence by eight percent.", 5, ours=True)
    found = objections(turn(), account="Pinewood")
    assert found.text.splitlines()[0] == "**Pinewood renewal: 1 objection, 1 answered.**"
    assert "Then you on" in found.text
    asked = objections(turn(), account="Pinewood", open_only=True)
    assert asked.text.startswith("**Pinewood renewal: no objection is unanswered.**")


def test_an_objection_they_take_back_is_settled(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "Honestly, the licence is too expensive for us.", 9)
    _wrote(sqlite_store, company, "The price is fine now, we have no objections left.", 5)
    assert objections(turn(), account="Pinewood").text.splitlines()[0] == "**Pinewood renewal: 1 objection, 1 settled.**"


def test_where_nobody_objected_it_says_so(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "The demo was great, thanks.", 5)
    found = objections(turn(), account="Pinewood")
    assert found.text.startswith("**None on record:** nothing in Pinewood renewal's 1 interaction reads like an objection.")


def test_a_period_is_summed_up_with_what_it_rests_on(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "Good morning. We decided to go ahead with 40 seats. The sun is shining.", 4)
    _wrote(sqlite_store, company, "I will send you the revised offer over EUR 30,000 by 24 November.", 3, ours=True)
    _wrote(sqlite_store, company, "The old plan was approved in spring.", 60)
    found = summarise(turn(), account="Pinewood", since=(NOW - timedelta(days=10)).date())
    lead, *lines = found.text.splitlines()
    assert lead.endswith(":** 2 e-mails.")
    assert any("“We decided to go ahead with 40 seats.”" in line for line in lines)
    assert any("revised offer over EUR 30,000" in line for line in lines)
    assert "sun is shining" not in found.text
    assert "approved in spring" not in found.text
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_a_summary_says_nothing_twice(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    for days in (3, 4, 5):
        _wrote(sqlite_store, company, "We decided to sign the contract on 4 December.", days)
    found = summarise(turn(), account="Pinewood")
    assert found.text.count("sign the contract on 4 December") == 1


def test_a_thread_is_its_mails_and_no_others(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "We approved the pilot on 3 November.", 6, subject="Pilot")
    _wrote(sqlite_store, company, "I confirm the pilot budget of EUR 5,000.", 5, ours=True, subject="Re: Pilot")
    _wrote(sqlite_store, company, "The invoice of EUR 700 is wrong and we are unhappy.", 2, subject="Invoice")
    found = summarise(turn(), account="Pinewood", thread=True)
    assert found.text.startswith("**The e-mails “Pilot”, ")
    assert "EUR 5,000" in found.text
    assert "EUR 700" not in found.text


def test_an_empty_period_says_what_came_before(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "We approved the pilot.", 60)
    found = summarise(turn(), account="Pinewood", since=(NOW - timedelta(days=3)).date())
    assert found.text.startswith("**Nothing with Pinewood Mills is on record, since")
    assert "The last before: e-mail with Rosa Blume" in found.text
    assert_cited(found)


def test_satisfaction_is_the_newest_answer_in_their_words(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for score, comment, days in ((9, "They keep their word.", 20), (6, "Slow support.", 200)):
            at = NOW - timedelta(days=days)
            builders.survey(session, company.pinewood, score, comment=comment, at=at, contact_id=company.rosa.id)
    found = satisfaction(turn(), account="Pinewood")
    lead, before = found.text.splitlines()
    assert lead.startswith("**Pinewood Mills: NPS 9 of 10 (promoter)**, Rosa Blume on")
    assert "They keep their word." in lead
    assert before.startswith("- Before: NPS 6 of 10 (detractor)")
    assert_cited(found)


def test_without_any_answer_satisfaction_is_not_known(company: Company, turn: SayTurn) -> None:
    found = satisfaction(turn(), account="Larchmont")
    assert found.text.startswith("**Not known:** Larchmont Toys answered no survey and rated no case.")


def test_what_customers_with_the_same_products_have_may_be_bought_next(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        planner, viewer = builders.product(session, "Planner"), builders.product(session, "Viewer")
        for number in range(4):
            customer = builders.account(session, f"Customer {number}", company.ada)
            for bought in [planner, viewer] if number < 3 else [planner]:
                builders.order(session, customer, bought, 100_000, date(2026, 5, 4))
        builders.order(session, company.pinewood, planner, 100_000, date(2026, 5, 4))
    found = purchase_history(turn(), account="Pinewood")
    assert "- May buy next: Viewer (3 of 4 customers with the same products have it" in found.text
    assert found.text.splitlines()[-1].endswith("[1]"), "what it rests on is cited"


def test_what_is_ordered_at_a_rhythm_is_due_again(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        labels, planner = builders.product(session, "Labels"), builders.product(session, "Planner")
        for month in (6, 8, 10):
            builders.order(session, company.pinewood, labels, 31_000, date(2026, month, 1))
        builders.order(session, company.pinewood, planner, 100_000, date(2026, 2, 4))
    found = purchase_history(turn(), account="Pinewood")
    assert "- Next order: Labels, ordered 3 times, about every 61 days; due about Tue 1 Dec [" in found.text
    assert "Planner, ordered" not in found.text
    assert_cited(found)


def test_an_objection_to_the_price_is_known_by_the_discount_it_asks_for(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "Rosa asked for 25 % off. Offered 10 % for three years.", company.rosa,
            deal_id=company.renewal.id, at=NOW - timedelta(days=3),
        )  # fmt: skip
    found = objections(turn(), account="Pinewood")
    assert found.text.splitlines()[0] == "**Pinewood renewal: 1 objection, 1 answered.**"
    assert "Offered 10 % for three years." in found.text


def test_what_is_more_than_was_planned_is_an_objection_though_it_ends_in_a_question(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    _wrote(sqlite_store, company, "EUR 11,000 is above what we planned; where could we cut?", 5)
    assert objections(turn(), account="Pinewood").text.splitlines()[0] == "**Pinewood renewal: 1 objection, 1 open.**"


def test_the_objection_that_is_asked_about_comes_first(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "Honestly, the licence is too expensive for us.", 30)
    _wrote(sqlite_store, company, "We can lower the price of the licence by eight percent.", 28, ours=True)
    _wrote(sqlite_store, company, "I am worried about the hosting of our data.", 3)
    asked = objections(turn("how did we answer their complaint about the price?"), account="Pinewood")
    assert asked.text.splitlines()[1].startswith("- Answered: ")
    assert objections(turn("what are their objections?"), account="Pinewood").text.splitlines()[1].startswith("- Open: ")


def test_a_word_on_another_deal_answers_nothing(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    _wrote(sqlite_store, company, "Honestly, the licence is too expensive for us.", 9)
    with sqlite_store.write(SYSTEM) as session:
        other = builders.deal(session, "Pinewood tablets", company.pinewood, company.stages["Won"])
        builders.interaction(
            session, company.pinewood, "We can lower the price of the tablets.", company.rosa, channel="email", direction="outbound",
            subject="Tablets", deal_id=other.id, at=NOW - timedelta(days=5),
        )  # fmt: skip
    assert "1 open" in objections(turn(), account="Pinewood").text.splitlines()[0]


def test_where_the_open_deal_has_no_objection_those_of_the_account_are_told(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        old = builders.deal(session, "Pinewood start", company.pinewood, company.stages["Won"])
        builders.interaction(
            session, company.pinewood, "I cannot defend a day rate that high.", company.rosa, channel="email", direction="inbound",
            subject="Start", deal_id=old.id, at=NOW - timedelta(days=100),
        )  # fmt: skip
    found = objections(turn(), account="Pinewood")
    assert found.text.startswith("**Pinewood Mills: 1 objection")
    assert_cited(found)
