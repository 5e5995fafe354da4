"""What a rep hears about an account."""

from datetime import timedelta

from sqlalchemy import select

from bot.agent.tools.accounts import list_accounts
from bot.agent.tools.briefs import account_brief
from bot.agent.tools.latest import account_latest
from bot.agent.tools.roles import account_people
from bot.cards import BriefCard, TableCard
from crm_store.models import Task
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def test_the_latest_leads_with_the_deal_and_quotes_what_was_last_said(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood,
            "Hello Ada,\n\nThe board wants a discount of 10% before signing on 30 November. Have a nice weekend.\n\nRosa",
            company.rosa, at=NOW - timedelta(days=1), channel="email", direction="inbound", subject="Renewal",
        )  # fmt: skip
        builders.history(session, company.renewal, "close_date", "2026-10-15", "2026-11-30")
        builders.task(
            session, "Send the usage report", company.pinewood, company.ada, kind="promise", due=TODAY - timedelta(days=3)
        )
    found = account_latest(turn(), "Pinewood")
    head, *lines = found.text.splitlines()
    assert head.startswith("**Pinewood Mills:")
    assert "a promise is 3 days overdue" in head
    assert "Rosa Blume on Thu 19 Nov: “The board wants a discount of 10% before signing on 30 November.” [1]" in lines[0]
    assert "EUR 84,000, Proposal, closes Mon 30 Nov, pushed once" in found.text
    assert "nice weekend" not in found.text
    assert [subject.kind for subject in found.subjects] == ["account", "deal"]
    assert (8_400_000, "EUR") in {(figure.value, figure.unit) for figure in found.figures}
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_an_account_without_history_says_so(company: Company, turn: SayTurn) -> None:
    found = account_latest(turn(), "Larchmont Toys")
    assert "never contacted" in found.text
    assert "No interaction with them is recorded yet." in found.text
    assert_cited(found)


def test_two_dates_for_the_same_matter_are_shown_newest_first(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for days, words in ((40, "The go-live is planned for 12 January."), (4, "Go-live moves to 3 March, she said.")):
            builders.interaction(session, company.pinewood, words, company.rosa, at=NOW - timedelta(days=days))
    text = account_latest(turn(), "Pinewood").text
    line = next(line for line in text.splitlines() if line.startswith("Said differently"))
    assert line.index("3 March") < line.index("12 January")


def test_one_date_said_twice_is_no_contradiction(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for days, words in ((40, "The go-live is on 12 January."), (4, "We keep the go-live on January 12th.")):
            builders.interaction(session, company.pinewood, words, company.rosa, at=NOW - timedelta(days=days))
    assert "Said differently" not in account_latest(turn(), "Pinewood").text


def test_a_strangers_account_and_none_at_all_get_the_same_words(company: Company, turn: SayTurn) -> None:
    strange = account_latest(turn(), "Quarry Works")
    missing = account_latest(turn(), "Zephyr Works")
    assert strange.text == "I can't find an account called Quarry Works that you can see."
    assert missing.text == "I can't find an account called Zephyr Works that you can see."
    assert "Quarry" not in repr((strange.question, missing))
    by_id = account_latest(turn(), company.quarry.id)
    assert "Quarry" not in repr(by_id)
    assert not by_id.citations


def test_its_owner_sees_the_account_that_others_cannot(company: Company, turn: SayTurn) -> None:
    assert "Quarry Works" in account_latest(turn(by=company.ben), "quarry").text


def test_a_brief_ends_in_an_agenda_drawn_from_the_record(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "Rosa is worried about the price and compares us with two other vendors.",
            company.rosa, at=NOW - timedelta(days=2),
        )  # fmt: skip
        builders.task(session, "Send the usage report", company.pinewood, company.ada, kind="promise", due=TODAY)
        builders.case(session, company.pinewood, "Screens stay blank", priority="urgent")
        builders.survey(session, company.pinewood, 9)
        floor = builders.product(session, "Floor")
        builders.order(session, company.pinewood, floor, 5_000_000, TODAY - timedelta(days=200))
        builders.subscription(session, company.pinewood, floor, TODAY + timedelta(days=40))
    found = account_brief(turn(), "Pinewood")
    card = next(card for card in found.cards if isinstance(card, BriefCard))
    sections = {section.title: " ".join(section.lines) for section in card.sections}
    assert "champion" in sections["People"]
    assert "two other vendors" in sections["What they care about"]
    assert "Screens stay blank" in sections["Risks"]
    assert "EUR 50,000 in 1 order" in sections["Numbers"]
    assert "NPS 9" in sections["Numbers"]
    assert "Send the usage report" in sections["Suggested agenda"]
    assert "Screens stay blank" in sections["Suggested agenda"]
    assert len(found.text.splitlines()) <= 6
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_the_champion_is_named_with_the_deal(company: Company, turn: SayTurn) -> None:
    found = account_people(turn(), "Pinewood", role="champion")
    assert found.text.startswith("**Rosa Blume**, Head of Planning, is the champion on Pinewood renewal [1]")
    assert found.subjects[0].id == company.rosa.id
    assert_cited(found)


def test_a_role_that_is_not_recorded_is_not_made_up(company: Company, turn: SayTurn) -> None:
    found = account_people(turn(), "Pinewood", role="economic buyer")
    assert found.text.startswith("**No economic buyer is recorded at Pinewood Mills.** Nearest by title: Emil Kranz")
    assert_cited(found)


def test_a_champion_who_left_is_no_champion(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        gone = builders.contact(session, "Uwe Tann", company.larchmont, left_on=TODAY - timedelta(days=9))
        builders.deal_contact(session, company.pilot, gone)
    found = account_people(turn(), "Larchmont", role="champion")
    assert found.text.startswith("**Larchmont Toys has no champion now:** Uwe Tann left on Wed 11 Nov")


def test_everyone_at_an_account_is_listed_with_their_part(company: Company, turn: SayTurn) -> None:
    found = account_people(turn(), "Pinewood")
    assert found.text.startswith("**Pinewood Mills: 3 people**")
    assert "Rosa Blume (Head of Planning): champion [1]" in found.text
    assert_cited(found)


def test_accounts_without_contact_count_only_ones_own(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Talked.", company.rosa, at=NOW - timedelta(days=2))
    found = list_accounts(turn(), untouched_days=30)
    assert found.text.startswith("**1 account without contact for 30 days** (you): Larchmont Toys")
    table = next(card for card in found.cards if isinstance(card, TableCard))
    assert [row[0] for row in table.rows] == ["Larchmont Toys"]
    everyone = list_accounts(turn(), owner="everyone")
    assert [figure.value for figure in everyone.figures] == [2]


def test_a_managers_accounts_are_the_teams(company: Company, turn: SayTurn) -> None:
    assert list_accounts(turn(by=company.max)).figures[0].value == 2


def test_a_colleague_nobody_knows_is_not_guessed(company: Company, turn: SayTurn) -> None:
    assert list_accounts(turn(), owner="Zoltan").text == "I can't find a colleague called Zoltan that you can see."


def test_a_part_in_a_closed_deal_is_said_to_be_past(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        won = builders.deal(session, "Larchmont start", company.larchmont, company.stages["Won"])
        builders.deal_contact(session, won, company.anna_larchmont)
    found = account_people(turn(), "Larchmont", role="champion")
    assert found.text.startswith("**Anna Busch**, Owner, was the champion on Larchmont start (won) [1].")
    assert_cited(found)


def test_a_date_that_is_denied_does_not_count(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for days, words in ((40, "The go-live is planned for March."), (4, "Our go-live is in June, not in March.")):
            builders.interaction(session, company.pinewood, words, company.rosa, at=NOW - timedelta(days=days))
    text = account_latest(turn(), "Pinewood").text
    assert "“Our go-live is in June, not in March.” [1]; earlier" in text


def test_a_list_of_accounts_says_what_to_know_of_each(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Talked.", company.rosa, at=NOW - timedelta(days=2))
    lines = list_accounts(turn()).text.splitlines()
    assert lines[0] == "**2 accounts** (you):"
    assert any(line.startswith("- Pinewood Mills: ") and line.endswith("last contact 2 days ago") for line in lines)
    assert any(line.startswith("- Larchmont Toys: ") and line.endswith("no contact yet") for line in lines)


def test_when_every_account_had_contact_the_quietest_is_named(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Talked.", company.rosa, at=NOW - timedelta(days=2))
        builders.interaction(session, company.larchmont, "Talked.", company.anna_larchmont, at=NOW - timedelta(days=9))
    text = list_accounts(turn(), untouched_days=30).text
    assert text.startswith("**Each of your accounts had contact in the last 30 days.**")
    assert "The quietest is Larchmont Toys" in text


def test_a_promise_that_was_kept_is_no_news(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        said = builders.interaction(
            session, company.pinewood, "I promised the usage report by 17 November.", company.rosa,
            at=NOW - timedelta(days=8),
        )  # fmt: skip
        builders.interaction(
            session, company.pinewood, "Rosa wants a discount before signing.", company.rosa, at=NOW - timedelta(days=9)
        )
        builders.task(
            session, "Send the usage report", company.pinewood, company.ada, kind="promise", source_id=said.id
        )
    assert "I promised the usage report" in account_latest(turn(), "Pinewood").text
    with sqlite_store.write(SYSTEM) as session:
        kept = session.scalars(select(Task)).one()
        kept.status, kept.done_at = "done", NOW - timedelta(days=3)
    text = account_latest(turn(), "Pinewood").text
    assert "I promised the usage report" not in text
    assert "wants a discount" in text


def test_what_was_said_last_is_quoted_before_what_was_said_louder(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "The draft is with our lawyer.", company.rosa, at=NOW - timedelta(days=1),
            channel="email", direction="inbound",
        )  # fmt: skip
        for days in (6, 9, 12):
            builders.interaction(
                session, company.pinewood, f"They want {days} % off the price before signing.", company.rosa,
                at=NOW - timedelta(days=days),
            )  # fmt: skip
    lines = account_latest(turn(), "Pinewood").text.splitlines()
    assert "“The draft is with our lawyer.” [1]" in lines[1]
