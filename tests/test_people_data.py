"""Duplicates, merges, exports, erasures and retention by their own doors: the command line and the conversation."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.app import Rapport
from bot.questions import Answer, Question
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Account, Contact
from crm_store.people import Caller
from crm_store.store import Store
from tests import builders as make
from tests.cli_shell import Shell

SYSTEM = Scope.system("test")
ADMIN, REP = "ada@halvern.example", "mara@halvern.example"
NAME, EMAIL, PHONE = "Zebulon Quixworth", "zq@acme.example", "+49 171 5550199"
CANARIES = ("zebulon", "quixworth", "zq@acme", "5550199", "nightingale")
VTT = f"""WEBVTT

00:00:01.000 --> 00:00:05.000
<v Mara Lind>Welcome, {NAME}, thank you for your time.

00:00:06.000 --> 00:00:12.000
<v {NAME}>Call me at {PHONE}. We will decide about the sensors next week.
"""


@pytest.fixture
def rapport(tmp_path: Path, sqlite_template: Path) -> Iterator[Rapport]:
    shutil.copy(sqlite_template, tmp_path / "rapport.db")
    with Rapport(Settings(home=tmp_path), clock=lambda: make.NOW + timedelta(minutes=1)) as rapport:
        rapport.open(create=True, hold_index=True)
        with rapport.store.write(SYSTEM) as session:
            admin = make.person(session, "Ada Root", "admin", email=ADMIN)
            rep = make.person(session, "Mara Lind", email=REP)
            make.pipeline(session)
            acme = make.account(session, "Acme", rep, domain="acme.example")
            make.account(session, "Acme Inc", rep, phone="+49 30 1234567", industry="Optics")
            make.account(session, "Beryl", admin)
            make.contact(session, NAME, acme, email=EMAIL, phone=PHONE, title="Chief Nightingale Officer")
            make.contact(session, "Nora Vale", acme, email="nora@acme.example")
        yield rapport


def say(rapport: Rapport, text: str, who: str = REP, thread: str = "t") -> Answer:
    caller: Caller = rapport.caller_for_email(who)
    return rapport.answer(Question(text, caller, make.NOW, thread, origin="cli"))


def names(store: Store, model: Any) -> list[str]:
    with store.read(SYSTEM) as session:
        return sorted(row.name for row in session.scalars(select(model)))


@pytest.mark.parametrize(
    "question",
    ["Any duplicates?", "are there duplicate accounts?", "Is any company in here twice?", "dedupe my accounts"],
)
def test_duplicates_are_listed_with_their_reasons(rapport: Rapport, question: str) -> None:
    answer = say(rapport, question)
    assert "same name but for its legal form" in answer.text
    assert names(rapport.store, Account) == ["Acme", "Acme Inc", "Beryl"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("merge Acme Inc into Acme", "Acme"),
        ("Merge Acme with Acme Inc", "Acme"),
        ("please merge the accounts Acme Inc and Acme", "Acme Inc"),
        ("combine Acme and Acme Inc", "Acme"),
        ("Acme Inc and Acme are the same company", "Acme Inc"),
    ],
)
def test_a_merge_is_proposed_confirmed_and_undone_in_a_conversation(rapport: Rapport, words: str, kept: str) -> None:
    proposed = say(rapport, words)
    assert proposed.proposals[0].items[0].action == "merge"
    assert names(rapport.store, Account) == ["Acme", "Acme Inc", "Beryl"]
    say(rapport, "yes")
    assert names(rapport.store, Account) == sorted([kept, "Beryl"])
    rapport.run_due_jobs()
    say(rapport, "undo")
    assert names(rapport.store, Account) == ["Acme", "Acme Inc", "Beryl"]


def test_what_cannot_be_seen_is_not_merged_nor_named(rapport: Rapport) -> None:
    answer = say(rapport, "merge Beryl into Acme")
    assert not answer.proposals
    assert "can't find" in answer.text


def test_a_reference_to_the_record_that_went_finds_the_one_that_stayed(rapport: Rapport) -> None:
    say(rapport, "what's the latest on Beryl?", ADMIN, "a")
    say(rapport, "merge Beryl into Acme", ADMIN, "b")
    say(rapport, "yes", ADMIN, "b")
    answer = say(rapport, "who do we know there?", ADMIN, "a")
    assert "Nora Vale" in answer.text


def test_an_export_says_what_is_held(rapport: Rapport) -> None:
    answer = say(rapport, f"export everything about {NAME}")
    assert EMAIL in answer.text
    assert "rapport person export" in answer.text


def test_only_an_administrator_is_offered_an_erasure(rapport: Rapport) -> None:
    assert not say(rapport, f"erase {NAME}").proposals
    offered = say(rapport, f"erase {NAME}", ADMIN)
    assert offered.proposals[0].items[0].action == "erase"
    assert NAME in names(rapport.store, Contact)


def traces(path: Path) -> list[str]:
    found = []
    for file in path.rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode("latin-1").lower()
            found += [f"{file.name}: {canary}" for canary in CANARIES if canary in text]
    return found


def test_no_file_of_the_home_and_no_log_holds_an_erased_person(
    rapport: Rapport, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Planted by the doors that people use: a logged call, a transcript, a task, a question, an undone and a waiting
    proposal; then searched in every byte of every file."""
    caplog.set_level("DEBUG")
    caller = rapport.caller_for_email(REP)
    for words in (
        f"log a call with {NAME} at Acme: he wants 40 sensors, his direct line is {PHONE}",
        "yes",
        f"remind me to write to {EMAIL} on Tuesday",
        "yes",
        f"{NAME}'s title is Nightingale Director",
        "yes",
        "undo",
        f"what did {NAME} say about sensors?",
        f"change the phone of {NAME} to {PHONE}1",
    ):
        say(rapport, words)
    rapport.log_meeting(caller, "m.vtt", VTT.encode(), make.NOW, account="Acme")
    rapport.log_meeting(caller, "held.vtt", VTT.replace("sensors", "pumps").encode(), make.NOW + timedelta(hours=1))
    rapport.run_due_jobs()
    rapport.index_missing()
    assert len(traces(tmp_path)) >= len(CANARIES)
    say(rapport, f"erase {NAME}", ADMIN, "e")
    said = say(rapport, "yes", ADMIN, "e")
    assert "erased" in said.text.lower()
    rapport.run_due_jobs()
    assert traces(tmp_path) == []
    logged = [record.getMessage().lower() for record in caplog.records if record.name.startswith(("bot", "crm_store"))]
    assert [line for line in logged if any(canary in line for canary in CANARIES)] == []


def test_the_rest_of_the_record_is_found_as_before_after_an_erasure(rapport: Rapport) -> None:
    with rapport.store.write(SYSTEM) as session:
        account = session.scalars(select(Account).where(Account.name == "Acme")).one()
        make.interaction(session, account, "Nora asked for the security paper. Zebulon Quixworth was there.")
    rapport.index_missing()
    say(rapport, f"erase {NAME}", ADMIN)
    say(rapport, "yes", ADMIN)
    rapport.run_due_jobs()
    assert "security paper" in say(rapport, "search notes about the security paper").text
    assert rapport.indexer.check().healthy


@pytest.fixture
def shell(rapport: Rapport, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    rapport.close()
    return Shell(tmp_path, capsys)


def test_the_command_line_lists_merges_and_undoes(shell: Shell) -> None:
    (pair,) = shell("duplicates", "--as", REP, "--json").objects
    assert {pair["keep"]["name"], pair["other"]["name"]} == {"Acme", "Acme Inc"}
    done = shell("merge", "account", pair["keep"]["id"], pair["other"]["id"], "--as", REP, "--yes", "--json")
    (proposal,) = done.objects[0]["proposals"]
    assert proposal["status"] == "applied"
    assert shell("duplicates", "--as", REP).out.strip() == "No two records look like one."
    assert shell("undo", proposal["change"], "--as", REP).code == 0
    assert len(shell("duplicates", "--as", REP, "--json").objects) == 1


def test_a_person_is_exported_to_a_file(shell: Shell, tmp_path: Path) -> None:
    assert shell("person", "export", EMAIL, "--as", REP, "--out", str(tmp_path / "p.json")).code == 0
    document = json.loads((tmp_path / "p.json").read_text())
    assert document["person"]["names"] == [NAME]
    assert shell("person", "export", "nobody@acme.example", "--as", REP).code == 1
    colleague = json.loads(shell("person", "export", REP, "--as", REP).out)
    assert colleague["colleague"]["name"] == "Mara Lind"


def test_an_erasure_asks_first_and_leaves_nothing(shell: Shell, tmp_path: Path) -> None:
    refused = shell("person", "erase", EMAIL, "--as", REP, "--yes")
    assert refused.code == 1
    assert "administrator" in refused.err
    assert shell("person", "erase", EMAIL, "--as", ADMIN, said="no\n").code == 1
    assert traces(tmp_path) != []
    asked = shell("person", "erase", EMAIL, "--as", ADMIN, said="erase\n")
    assert asked.code == 0
    assert "cannot be undone" in asked.out
    assert traces(tmp_path) == []


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_an_erasure_with_nobody_to_ask_says_how_to_do_without(shell: Shell, tmp_path: Path, more: tuple[str, ...]) -> None:
    unasked = shell("person", "erase", EMAIL, "--as", ADMIN, *more, said="")
    assert unasked.code == 1
    assert "Say --yes" in unasked.err
    assert "nobody foresaw" not in unasked.err
    assert traces(tmp_path) != []


def test_retention_says_what_would_go(shell: Shell) -> None:
    assert "kept for good" in shell("retention", "--dry-run", RAPPORT_RETENTION_JOBS_DAYS="0").out
    (counts,) = shell("retention", "--dry-run", "--json", RAPPORT_RETENTION_CONVERSATIONS_DAYS="30").objects
    assert counts == {"conversations": 0, "jobs": 0, "events": 0, "contacts": 0, "proposed": 0, "dry_run": True}


def test_retention_says_how_many_people_it_asked_about(
    rapport: Rapport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = make.NOW - timedelta(days=4000)
    with rapport.store.write(SYSTEM) as session:
        session.execute(update(Contact).values(created_at=long_ago, updated_at=long_ago))
        acme = session.scalars(select(Account).where(Account.name == "Acme")).one()
        for number in range(30):
            make.contact(session, f"Silent {number}", acme, created_at=long_ago, updated_at=long_ago)
    rapport.close()
    shell, months = Shell(tmp_path, capsys), {"RAPPORT_RETENTION_CONTACTS_MONTHS": "12"}
    assert "would be asked to confirm, 25 at a time" in shell("retention", "--dry-run", **months).out
    assert "32 contacts nobody dealt with for long, of whom 25 wait" in (first := shell("retention", **months).out)
    assert "the other 7 are asked about in later runs" in first
    assert "7 contacts nobody dealt with for long, of whom 7 wait for an administrator" in shell("retention", **months).out
    assert "0 contacts nobody dealt with for long." in shell("retention", **months).out
