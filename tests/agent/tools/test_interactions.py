"""The timeline and promises."""

from datetime import timedelta

from bot.agent.tools.interactions import timeline
from bot.agent.tools.promises import promises
from crm_store.store import Store
from tests import builders
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, Company, SayTurn
from tests.builders import NOW, TODAY


def test_the_last_contact_leaves_out_internal_notes_and_what_is_planned(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(
            session, company.pinewood, "Discussed seats.", company.rosa, at=NOW - timedelta(days=5), subject="Seats"
        )
        builders.interaction(
            session, company.pinewood, "Remember the fair.", at=NOW - timedelta(days=1), channel="note", direction="internal"
        )
        builders.interaction(session, company.pinewood, "", company.rosa, at=NOW + timedelta(days=3), channel="meeting")
    found = timeline(turn(), account="Pinewood", limit=1)
    assert found.text.startswith("**5 days ago:** call with Rosa Blume, Sun 15 Nov")
    assert [subject.kind for subject in found.subjects] == ["interaction", "contact", "account"]
    assert_cited(found)


def test_a_timeline_counts_all_and_shows_the_newest(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        for days in range(12):
            builders.interaction(
                session, company.pinewood, f"Talk number {days}.", company.rosa, at=NOW - timedelta(days=days)
            )
    found = timeline(turn(), account="Pinewood", limit=5)
    assert found.text.startswith("**12 interactions with Pinewood Mills**, the last today")
    assert found.figures[0].value == 12
    since = timeline(turn(), account="Pinewood", since=TODAY - timedelta(days=3), until=TODAY)
    assert since.figures[0].value == 4
    assert len(found.text.splitlines()) <= 4
    assert_cited(found)


def test_nothing_on_record_is_said_plainly(company: Company, turn: SayTurn) -> None:
    assert timeline(turn(), contact="Rosa").text == "**No interaction with Rosa Blume is on record.**"


def test_a_strangers_interactions_are_not_counted(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.quarry, "Secret blasting plan.")
        builders.interaction(session, company.pinewood, "Talked.", company.rosa)
    found = timeline(turn(), owner="everyone")
    assert found.figures[0].value == 1
    assert "blasting" not in repr(found)


def test_promises_say_what_became_of_them_with_the_words_they_were_made_in(
    sqlite_store: Store, company: Company, turn: SayTurn
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        call = builders.interaction(
            session, company.pinewood, "She asked for figures. I promised her the usage report by Wednesday.",
            company.rosa, at=NOW - timedelta(days=6),
        )  # fmt: skip
        late = {"kind": "promise", "due": TODAY - timedelta(days=2)}
        builders.task(session, "Send the usage report", company.pinewood, company.ada, source_id=call.id, **late)
        kept = {"kind": "promise", "due": TODAY, "status": "done", "done_at": NOW - timedelta(days=1)}
        builders.task(session, "Name a reference", company.pinewood, company.ada, **kept)
    found = promises(turn(), account="Pinewood")
    head, first, *_ = found.text.splitlines()
    assert head == "**2 promises to Pinewood Mills: 1 overdue and 1 kept.**"
    assert "“I promised her the usage report by Wednesday.” [1]" in first
    assert "**2 days overdue**" in first
    assert "kept Thu 19 Nov" in found.text
    assert_cited(found)
    assert_verbatim(found, sqlite_store)


def test_who_promises_follows_from_who_speaks(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    spoken = "Ada Winter: I will send you the offer by Friday.\nRosa Blume: And we'll get you our seat list next week."
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, spoken, company.rosa, channel="meeting")
    ours = promises(turn(), account="Pinewood", by="us").text
    theirs = promises(turn(), account="Pinewood", by="them").text
    assert "the offer by Friday" in ours
    assert "seat list" not in ours
    assert "seat list" in theirs
    assert "the offer" not in theirs


def test_no_promise_is_said_honestly(sqlite_store: Store, company: Company, turn: SayTurn) -> None:
    with sqlite_store.write(SYSTEM) as session:
        builders.interaction(session, company.pinewood, "Could you send me the price list? I can't promise anything.")
    text = promises(turn(), account="Pinewood").text
    assert text.startswith("I find nothing we promised")
    assert "Pinewood Mills's 1 interaction" in text
