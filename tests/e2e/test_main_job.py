"""The main job, end to end, in a browser: ask, see the sources, log, confirm, see it in the record, undo."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.running import Service

REP = "jonas.brandt@halvern.example"
OTHER_REP = "tom.akkerman@halvern.example"
MANAGER = "petra.vollmer@halvern.example"
ACCOUNT = "Meridian Pantry Foods"
CHAMPION = "Mara Lindqvist"


def become(page: Page, email: str) -> None:
    if page.locator("[data-test=menu]").is_visible():
        page.locator("[data-test=menu]").click()
    page.locator("[data-test=person-picker]").click()
    page.locator(f"[data-test='person-{email}']").click()
    # The name and the messages are drawn at once, so nobody else's conversation is on the page any more.
    name = email.partition("@")[0].replace(".", " ").title()
    expect(page.locator("[data-test=person-picker]")).to_contain_text(name)
    fresh = page.locator("[data-test=new-conversation]")
    if fresh.is_visible():
        fresh.click()


def replies(page: Page) -> Locator:
    return page.locator("[data-test=message][data-from=bot]")


def say(page: Page, text: str) -> Locator:
    """Say something and wait for the reply; its first message, where it takes several."""
    before = replies(page).count()
    page.locator("[data-test=composer]").first.fill(text)
    page.keyboard.press("Enter")
    expect(replies(page)).not_to_have_count(before)
    reply = replies(page).nth(before)
    expect(reply).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-test=status]")).to_have_count(0)
    return reply


def asked(service: Service, text: str, email: str = REP) -> str:
    """What a second process finds in the same record, every word of it."""
    done = service.ask(text, email)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["understood"], answer
    return json.dumps(answer, ensure_ascii=False)


def test_a_rep_asks_for_the_latest_and_opens_its_source(page: Page) -> None:
    become(page, REP)
    reply = say(page, f"What is the latest on {ACCOUNT}?")
    expect(reply).to_contain_text(ACCOUNT)
    expect(reply).to_contain_text("[1]")
    reply.get_by_role("button", name=re.compile(r"^\[1\]")).first.click()
    modal = page.locator("[data-test=modal]")
    quote = modal.locator("blockquote").first
    expect(quote).to_be_visible()
    shown = quote.inner_text().strip().rstrip(".")
    expect(reply).to_contain_text(shown[:60])
    page.locator("[data-test=modal-close]").click()
    expect(modal).to_have_count(0)


def test_a_call_is_logged_found_in_the_record_and_taken_back(page: Page, service: Service) -> None:
    become(page, REP)
    words = "the loading bay camera has to be part of the rollout"
    last_contact = f"When did we last talk to {CHAMPION}?"
    assert "loading bay camera" not in asked(service, last_contact)
    reply = say(page, f"I just got off the phone with {CHAMPION}, {words}. Next step: send the rollout plan by Friday.")
    confirm = reply.get_by_role("button", name=re.compile(r"^(Log all|Confirm all|Log this|Confirm)$")).last
    expect(confirm).to_be_visible()
    assert "loading bay camera" not in asked(service, last_contact), "it was written before anybody confirmed it"
    confirm.click()
    undo = reply.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(confirm).to_have_count(0)
    assert "loading bay camera" in asked(service, last_contact)
    expect(say(page, f"Show me the timeline of {ACCOUNT}")).to_contain_text("loading bay camera")
    assert "rollout plan" in asked(service, f"my open deals at {ACCOUNT}")
    undo.click()
    expect(reply).to_contain_text(re.compile("undone", re.IGNORECASE))
    assert "loading bay camera" not in asked(service, last_contact)
    assert "rollout plan" not in asked(service, f"my open deals at {ACCOUNT}")
    expect(say(page, last_contact)).not_to_contain_text("loading bay camera")


def test_a_rejected_proposal_writes_nothing(page: Page, service: Service) -> None:
    become(page, REP)
    reply = say(page, f"Log a call with {CHAMPION}: they will repaint every silo in magenta")
    reply.get_by_role("button", name="Reject").click()
    expect(reply.get_by_role("button", name="Reject")).to_have_count(0)
    assert "magenta" not in asked(service, f"When did we last talk to {CHAMPION}?")


def test_a_follow_up_knows_what_was_spoken_of(page: Page) -> None:
    become(page, REP)
    say(page, f"What is the latest on {ACCOUNT}?")
    expect(say(page, "and who is the champion there?")).to_contain_text(CHAMPION)


def test_a_suggested_prompt_is_answered(page: Page) -> None:
    become(page, OTHER_REP)
    before = replies(page).count()
    page.locator("[data-test=prompt]").first.click()
    expect(replies(page)).to_have_count(before + 1)
    expect(replies(page).last).not_to_contain_text("Something went wrong")


def test_the_manager_sees_the_teams_week_with_a_picture(page: Page) -> None:
    become(page, MANAGER)
    say(page, "Summarise my team's week")
    picture = page.locator("[data-test=image]").last
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert len(picture.get_attribute("alt") or "") > 20
    assert "Jonas Brandt" in " ".join(replies(page).all_inner_texts())


def test_a_rep_who_may_not_see_an_account_reads_no_word_of_it(page: Page) -> None:
    become(page, OTHER_REP)
    unseen = say(page, f"What is the latest on {ACCOUNT}?").inner_text()
    assert CHAMPION not in unseen
    assert "84,000" not in unseen


def test_the_home_tab_shows_what_to_do_next(page: Page) -> None:
    become(page, REP)
    page.locator("[data-test=home-tab]").click()
    home = page.locator("[data-test=home]")
    expect(home).to_contain_text("Jonas")
    expect(home.get_by_role("button", name="Why").first).to_be_visible()
    home.get_by_role("button", name="Why").first.click()
    modal = page.locator("[data-test=modal]")
    expect(modal).to_be_visible()
    assert len(modal.inner_text()) > 60
    page.locator("[data-test=modal-close]").click()


@pytest.mark.parametrize("email", [REP, MANAGER])
def test_nothing_scrolls_sideways_on_a_phone(phone: Page, email: str) -> None:
    become(phone, email)
    say(phone, f"What is the latest on {ACCOUNT}?")
    say(phone, "My pipeline by stage" if email == REP else "Summarise my team's week")
    expect(phone.locator("[data-test=image]")).not_to_have_count(0)
    _fits(phone, "#messages")
    phone.locator("[data-test=home-tab]").click()
    expect(phone.locator("[data-test=home]").locator("[data-block]").first).to_be_visible()
    _fits(phone, "#home")


def _fits(phone: Page, part: str) -> None:
    measure = f"(() => {{ const part = document.querySelector('{part}'); return part.scrollWidth - part.clientWidth }})()"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    assert phone.evaluate(measure) <= 0


def test_a_message_of_only_blanks_is_not_sent_and_a_very_long_one_is_refused_kindly(page: Page) -> None:
    become(page, REP)
    before = replies(page).count()
    page.locator("[data-test=composer]").first.fill("   ")
    page.keyboard.press("Enter")
    assert replies(page).count() == before
    reply = say(page, "latest on everything " * 1_900)
    expect(reply).to_contain_text("characters")
    expect(reply).to_contain_text("file")


def test_a_file_that_cannot_be_read_gets_a_sentence(page: Page, tmp_path: Path) -> None:
    become(page, REP)
    picture = tmp_path / "whiteboard.heic"
    picture.write_bytes(b"\x00\x01\x02 not words")
    page.locator("[data-test=file-input]").first.set_input_files(picture)
    expect(page.locator("[data-test=chip]").locator("button")).to_be_visible()
    before = replies(page).count()
    page.locator("[data-test=send]").first.click()
    expect(replies(page)).to_have_count(before + 1)
    expect(replies(page).last).to_contain_text(".txt")


TRANSCRIPT = """WEBVTT

00:00:01.000 --> 00:00:06.000
<v Jonas Brandt>Thanks for making time, Mara. Shall we go through the renewal?

00:00:06.500 --> 00:00:14.000
<v Mara Lindqvist>Yes. The pallet labels are the one thing that still worries our warehouse.

00:00:14.500 --> 00:00:22.000
<v Jonas Brandt>I will send you the pallet label specification by Thursday.

00:00:22.500 --> 00:00:30.000
<v Mara Lindqvist>Good. I will talk to Anton about the budget before Friday.

00:00:30.500 --> 00:00:36.000
<v Jonas Brandt>Great, then let us meet again next Tuesday.
"""


def test_a_transcript_that_is_dropped_becomes_a_meeting_and_proposals(
    page: Page, service: Service, tmp_path: Path
) -> None:
    become(page, REP)
    transcript = tmp_path / "Renewal with Meridian.vtt"
    transcript.write_text(TRANSCRIPT, "utf-8")
    page.locator("[data-test=file-input]").first.set_input_files(transcript)
    expect(page.locator("[data-test=chip]").locator("button")).to_be_visible()
    before = replies(page).count()
    page.locator("[data-test=send]").first.click()
    expect(replies(page)).not_to_have_count(before)
    reply = replies(page).nth(before)
    expect(reply).to_contain_text(ACCOUNT)
    expect(reply).to_contain_text(re.compile("pallet label specification", re.IGNORECASE))
    found = asked(service, f"When did we last talk to {CHAMPION}?")
    assert "meeting" in found
    assert "pallet label specification" not in asked(service, "my tasks"), "a task was written before its confirm"
    reply.get_by_role("button", name=re.compile(r"all$|^Log this$|^Confirm$|^Add")).last.click()
    expect(reply.get_by_role("button", name="Undo")).to_be_visible()
    assert "pallet label specification" in asked(service, "my tasks").lower()
