"""The page in a real browser: one chats, presses, fills forms, and sees every block, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from tests.local.bench import PEOPLE, Bench, echo, open_bench
from tests.local.blocks import GOOD, mrkdwn
from tests.local.test_conversation import FORM, button, plain


def wire(bench: Bench) -> None:
    echo(bench)

    @bench.app.action("edit")
    def edit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bench.app.view("log")
    def saved(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        bench.note(body["view"]["state"]["values"])

    @bench.app.command("/rapport")
    def command(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"Heard {command['text']}")

    @bench.app.action("lost")
    def lost(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Marked lost")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = open_bench(tmp_path_factory.mktemp("page"), wire)
    yield bench
    bench.close()


@pytest.fixture
def page(browser: Browser, desk: Bench) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 1180, "height": 800})
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.goto(f"{desk.workspace.base_url}?as={PEOPLE[0].email}")
    expect(found.locator("[data-test=composer]").first).to_be_visible()
    yield found
    found.close()
    assert errors == []


def last(page: Page) -> Any:
    return page.locator("[data-test=message][data-from=bot]").last


def send(page: Page, text: str) -> None:
    page.locator("[data-test=composer]").first.fill(text)
    page.keyboard.press("Enter")


def test_a_question_is_answered_and_the_conversation_goes_on(page: Page) -> None:
    send(page, "what's <b>new</b>?")
    expect(last(page)).to_contain_text("You said: what's <b>new</b>?")
    send(page, "and then?")
    expect(last(page)).to_contain_text("You said: and then?")
    threads = page.locator("[data-test=message]").evaluate_all("all => all.slice(-3).map(m => m.dataset.thread)")
    assert len(set(threads)) == 1
    page.locator("[data-test=new-conversation]").click()
    send(page, "something else")
    expect(last(page)).to_contain_text("You said: something else")
    assert last(page).get_attribute("data-thread") != threads[-1]


def test_every_block_is_shown_and_an_unknown_one_is_named(page: Page, desk: Bench) -> None:
    ana = desk.actor()
    for name in GOOD:
        desk.client.chat_postMessage(channel=ana.dm(), text=name, blocks=[GOOD[name]])
    # The API refuses what it does not know, so a block of the future is put past it.
    state = desk.workspace.state
    state.messages.add(ana.dm(), {"user": ana.bot_user_id, "text": "", "blocks": [{"type": "hologram", "beam": 1}]})
    state.changed()
    expect(last(page)).to_contain_text("hologram")
    expect(page.locator("[data-test=unknown]")).to_have_count(1)
    for kind in {block["type"] for block in GOOD.values()}:
        assert page.locator(f"[data-block={kind}]").count() >= 1, kind


def test_what_a_message_holds_never_becomes_markup(page: Page, desk: Bench) -> None:
    evil = (
        "<img src=x onerror=alert(1)> [tap](javascript:alert(1)) <javascript:alert(1)|tap> "
        "`</code><script>alert(1)</script>`"
    )
    desk.client.chat_postMessage(
        channel=desk.actor().dm(),
        text="t",
        blocks=[
            {"type": "markdown", "text": f"# {evil}\n\n| {evil} |\n|---|\n| {evil} |\n\n- {evil}"},
            {"type": "section", "text": mrkdwn(evil), "fields": [mrkdwn(evil)]},
            {"type": "header", "text": plain(evil[:150])},
        ],
    )
    expect(last(page).locator("h2")).to_contain_text("onerror")
    assert last(page).locator("img[onerror], script, a[href^=javascript]").count() == 0


def test_markdown_reads_as_markdown(page: Page, desk: Bench) -> None:
    text = (
        "## Plan\n**bold** and *thin* and `code`, see [the source](https://x.example/a_b)\n\n1. one\n   - inner\n"
        "2. two\n\n"
        "| A | B |\n|---|--:|\n| 1 | 2 |\n\n> said\n\n```\nx = 1\n```"
    )
    desk.client.chat_postMessage(channel=desk.actor().dm(), text="t", blocks=[{"type": "markdown", "text": text}])
    shown = last(page).locator(".markdown")
    expect(shown.locator("h4")).to_have_text("Plan")
    expect(shown.locator("strong")).to_have_text("bold")
    expect(shown.locator("em")).to_have_text("thin")
    expect(shown.locator("ol > li > ul > li")).to_have_text("inner")
    expect(shown.locator("td.align-right")).to_have_text("2")
    expect(shown.locator("blockquote")).to_have_text("said")
    expect(shown.locator("pre")).to_have_text("x = 1")
    expect(shown.get_by_role("link", name="the source")).to_have_attribute("href", "https://x.example/a_b")


def test_a_form_is_filled_in_the_page(page: Page, desk: Bench) -> None:
    desk.client.chat_postMessage(
        channel=desk.actor().dm(), text="t", blocks=[{"type": "actions", "elements": [button("Edit", "edit")]}]
    )
    last(page).get_by_role("button", name="Edit").click()
    modal = page.locator("[data-test=modal]")
    modal.get_by_label("What").fill("A call with Marta")
    page.locator("[data-test=modal-submit]").click()
    expect(modal.get_by_role("alert")).to_contain_text(["required"])
    modal.get_by_label("Kind").select_option("Mail")
    expect(modal.get_by_label("What")).to_have_value("A call with Marta")
    page.locator("[data-test=modal-submit]").click()
    expect(modal).to_have_count(0)
    assert desk.seen[-1]["what"]["text"]["value"] == "A call with Marta"
    assert desk.seen[-1]["kind"]["pick"]["selected_option"]["value"] == "mail"


def test_a_dangerous_button_asks_first(page: Page, desk: Bench) -> None:
    confirm = {
        "title": plain("Mark lost?"),
        "text": mrkdwn("*One* deal."),
        "confirm": plain("Mark"),
        "deny": plain("Keep"),
    }
    desk.client.chat_postMessage(
        channel=desk.actor().dm(),
        text="t",
        blocks=[{"type": "actions", "elements": [button("Lost", "lost") | {"style": "danger", "confirm": confirm}]}],
    )
    last(page).get_by_role("button", name="Lost").click()
    page.locator("[data-test=confirm-deny]").click()
    last(page).get_by_role("button", name="Lost").click()
    page.locator("[data-test=confirm-accept]").click()
    expect(last(page)).to_contain_text("Marked lost")


def test_a_file_is_attached_and_sent(page: Page, tmp_path: Path, desk: Bench) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("hello")
    page.locator("[data-test=file-input]").first.set_input_files(notes)
    expect(page.locator("[data-test=chip]")).to_contain_text("notes.txt")
    send(page, "see attached")
    expect(last(page)).to_contain_text("You said: see attached")
    assert [f["name"] for f in desk.actor().messages()[-2].files] == ["notes.txt"]
    expect(page.locator("[data-test=file]").last).to_contain_text("notes.txt")


def test_one_becomes_another_person_and_sees_another_conversation(page: Page) -> None:
    send(page, "only Ana wrote this")
    expect(last(page)).to_contain_text("only Ana wrote this")
    page.locator("[data-test=person-picker]").click()
    page.locator(f"[data-test='person-{PEOPLE[1].email}']").click()
    expect(page.locator("[data-test=person-picker]")).to_contain_text("Idris Bello")
    expect(page.locator("[data-test=messages]")).not_to_contain_text("only Ana wrote this")


def test_a_slash_command_typed_below_a_conversation_is_answered_privately(page: Page) -> None:
    send(page, "hello")
    expect(last(page)).to_contain_text("You said: hello")
    send(page, "/rapport my tasks")
    expect(page.locator("[data-test=only-you]").last).to_be_visible()
    expect(last(page)).to_contain_text("Heard my tasks")
    send(page, "/unknown x")
    expect(page.locator("[data-test=toast]")).to_contain_text("/unknown is not a valid command.")


def test_a_permalink_opens_the_thread_in_its_channel(page: Page, desk: Bench) -> None:
    ana = desk.actor()
    sales = ana.channel("sales")
    root = ana.say("a question for all", channel=sales)
    ts = desk.client.chat_postMessage(channel=sales, thread_ts=root, text="the answer")["ts"]
    page.goto(str(desk.client.chat_getPermalink(channel=sales, message_ts=str(ts))["permalink"]))
    expect(page.locator("[data-test=thread]")).to_contain_text("the answer")


def test_the_page_fits_a_phone(browser: Browser, desk: Bench) -> None:
    phone = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    phone.goto(f"{desk.workspace.base_url}?as={PEOPLE[1].email}")
    ana = desk.actor(PEOPLE[1].email)
    for name in GOOD:
        desk.client.chat_postMessage(channel=ana.dm(), text=name, blocks=[GOOD[name]])
    send(phone, "from the road")
    heard = phone.locator("[data-test=message][data-from=bot]").filter(has_text="You said: from the road")
    expect(heard.last).to_be_visible()  # the last of all may still be one of those above
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.evaluate(
        "document.querySelector('#messages').scrollWidth <= document.querySelector('#messages').clientWidth"
    )
    phone.locator("[data-test=menu]").click()
    phone.locator("[data-test=conversation-sales]").click()
    expect(phone.locator("h1")).to_have_text("# sales")
    phone.close()
