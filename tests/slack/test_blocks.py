"""Cards as blocks: each as reviewed, none beyond Slack's limits, whatever the record says."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import Card, Option
from bot.local.validate import check_message, check_view
from bot.questions import Answer
from bot.slack import kit
from bot.slack.blocks import render
from bot.slack.edit_form import edit_form
from bot.slack.fitting import fit
from bot.slack.home import home
from bot.slack.kit import Json, Message
from bot.slack.limits import check
from bot.slack.manifest import manifest
from bot.slack.text import from_slack, split, to_mrkdwn
from tests.slack.golden import FOLDER, VIEWER, rendered
from tests.slack.samples import OPEN, SAMPLES

NASTY = ("<!channel>", "<@U0123456>", "&", "*", "`", "\n", "|", "é", "漢", "\x00", "[1]", "](http://x.example)", " ")
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(NASTY), max_size=8).map("".join),
    st.sampled_from(("word " * 900, "x" * 4_000, "line\n" * 1_500)),
)
WHEN = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)
for kind, strategy in ((str, TEXT), (datetime, WHEN), (float, FLOATS), (object, TEXT)):
    st.register_type_strategy(kind, strategy)
st.register_type_strategy(date, st.dates(date(1990, 1, 1), date(2060, 1, 1)))
st.register_type_strategy(int, st.integers(-(10**12), 10**12))

answers = st.from_type(Answer)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_card_looks_as_reviewed(name: str) -> None:
    assert rendered(SAMPLES[name]) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def test_every_kind_of_card_has_a_golden_file() -> None:
    kinds = {member.model_fields["type"].default for member in get_args(get_args(Card)[0])}
    assert kinds == {card.type for answer in SAMPLES.values() for card in answer.cards}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=answers)
def test_whatever_the_answer_everything_sent_keeps_to_slacks_limits(answer: Answer) -> None:
    for message in render(answer, VIEWER):
        payload = {"text": message.text, "blocks": list(message.blocks)}
        assert check(payload) == []
        check_message(message.text, list(message.blocks))  # the local workspace's own, independent reading of them


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=answers)
def test_no_answer_can_ping_anybody(answer: Answer) -> None:
    for message in render(answer, VIEWER):
        for words in shown([message.text, *message.blocks]):
            assert "<!" not in words
            assert "<@" not in words


def shown(part: object, key: str = "") -> Iterator[str]:
    """Every string that Slack shows: all but identifiers and values."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from shown(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from shown(value, key)
    elif isinstance(part, str) and key not in ("value", "action_id", "block_id"):
        yield part


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=answers)
def test_the_home_tab_keeps_to_slacks_limits(answer: Answer) -> None:
    view = home("Rena Kaur", answer.cards, VIEWER)
    assert check(view) == []
    check_view(view, ("home",))


def test_the_edit_form_keeps_to_slacks_limits() -> None:
    view = edit_form(OPEN, lambda stage_id: [Option(label="Proposal", value="s1")], "{}", "EUR")
    assert check(view) == []
    check_view(view, ("modal",))


def test_a_long_text_is_divided_and_nothing_is_lost() -> None:
    lines = [f"- Line {number} says something about somebody." for number in range(1_000)]
    messages = fit(Message("x", (kit.markdown("\n".join(lines)),)))
    assert len(messages) > 1
    said = "\n".join(block["text"] for message in messages for block in message.blocks)
    assert said.splitlines() == lines


def button(label: str) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": label[:50], "value": "v"}


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "x", "blocks": [{"type": "divider"}] * 51},
        {"text": "x" * 40_001},
        {"text": " "},
        {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]},
        {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]},
        {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [button("x" * 76)]}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [button(f"b{n}") for n in range(26)]}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [button("a"), button("a")]}]},
        {"text": "x", "blocks": [{"type": "actions", "elements": [button("a") | {"value": "v" * 2_001}]}]},
        {"text": "x", "blocks": [{"type": "markdown", "text": "x" * 12_001}]},
        {"text": "x", "blocks": [{"type": "markdown", "text": "x" * 4_000}] * 3},
        {"text": "x", "blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101}]},
        {"text": "x", "blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2},
        {"text": "x", "blocks": [{"type": "hologram"}]},
        {"text": "x", "blocks": [{"type": "image", "alt_text": "a"}]},
        {"type": "modal", "title": {"type": "plain_text", "text": "x" * 25}, "blocks": []},
        {"type": "home", "blocks": [{"type": "markdown", "text": "x"}]},
        {"type": "home", "blocks": [{"type": "divider"}] * 101},
    ],
)
def test_a_payload_beyond_a_limit_is_found_out(payload: Json) -> None:
    assert check(payload)


def test_markdown_becomes_slacks_older_markup() -> None:
    said = "## Head\n- **bold** and *soft* ~~gone~~ [site](https://a.example/x_y)\n> quote <b> & co"
    expected = "*Head*\n• *bold* and _soft_ ~gone~ <https://a.example/x_y|site>\n> quote &lt;b&gt; &amp; co"
    assert to_mrkdwn(said) == expected


def test_what_slack_marks_up_is_read_as_it_was_typed() -> None:
    said = "<@U0BOT> mail <mailto:a@b.example|a@b.example> &lt;soon&gt; <https://x.example|x.example> &amp; <!here>"
    assert from_slack(said, "U0BOT") == "mail a@b.example <soon> https://x.example & @here"


@given(text=st.text(max_size=400), most=st.integers(20, 80))
def test_splitting_keeps_every_word(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_the_shipped_manifest_is_the_one_that_is_made() -> None:
    shipped = (FOLDER.parents[2] / "bot" / "slack" / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == manifest()
    assert len(manifest()["features"]["agent_view"]["suggested_prompts"]) <= 4
