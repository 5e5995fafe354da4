"""Modals: a source in its surroundings, why something is suggested, the form of a proposal, the form to log."""

from collections.abc import Sequence

from bot.cards import Option
from bot.questions import Answer
from bot.slack import kit
from bot.slack.anchors import Quoted, in_surroundings
from bot.slack.blocks import Viewer
from bot.slack.blocks_records import origin, quoted
from bot.slack.kit import Json
from bot.slack.text import escape, shorten, split, to_mrkdwn
from bot.slack.verbs import Verb, action
from bot.sources import OpenedSource
from bot.wording import moment

SURROUNDINGS = 2_400
NEIGHBOURS, MOST_PASSAGES = 3, 12
TITLE = 24


def modal(heading: str, blocks: Sequence[Json], *, close: str = "Close") -> Json:
    return {
        "type": "modal", "title": kit.plain_text(heading, TITLE), "close": kit.plain_text(close, TITLE),
        "blocks": list(blocks)[:100],
    }  # fmt: skip


def source(opened: OpenedSource, anchored: str, viewer: Viewer, url: str | None = None) -> Json:
    """The source: what it is, when and about whom, the quoted words in their surroundings."""
    parts = (opened.kind, moment(opened.at, viewer.zone, viewer.today), opened.about)
    blocks = [kit.title(opened.title or opened.kind), kit.context(" · ".join(escape(part) for part in parts if part))]
    passages = in_surroundings(opened, anchored)
    at = next((number for number, passage in enumerate(passages) if passage.quote), None)
    first = 0 if at is None else max(0, at - NEIGHBOURS)
    for passage in passages[first : first + MOST_PASSAGES]:
        blocks += _passage(passage)
    if url and url.startswith(("http://", "https://")):
        blocks += kit.actions([kit.link_button("Open in the browser", action(Verb.OPEN_LINK, "source"), url)])
    return modal("Source", blocks)


def _passage(passage: Quoted) -> list[Json]:
    who = f"*{escape(passage.speaker)}:* " if passage.speaker else ""
    if not passage.quote:
        return [kit.section(who + escape(shorten(passage.before.strip() or "…", SURROUNDINGS)))]
    blocks = (
        [kit.section(who + escape(_last(passage.before.strip(), SURROUNDINGS)))]
        if passage.before.strip() or who
        else []
    )
    blocks.append(kit.section(quoted(passage.quote, SURROUNDINGS)))
    if passage.after.strip():
        blocks.append(kit.section(escape(shorten(passage.after.strip(), SURROUNDINGS))))
    return blocks


def why(answer: Answer, viewer: Viewer) -> Json:
    """Why something is suggested, with its evidence."""
    blocks = [kit.section(to_mrkdwn(piece)) for piece in split(answer.text or "I have no reason on record.", 2_500)]
    for citation in answer.citations[:10]:
        blocks.append(kit.section(f"{quoted(citation.quote)}\n{origin(citation, viewer.zone, viewer.today)}"))
    return modal("Why", blocks)


def told(text: str) -> Json:
    """One sentence where something was expected to open."""
    return modal("Rapport", [kit.section(escape(shorten(text, 2_800)))])


def log_form(text: str, metadata: str) -> Json:
    """What to log, in the person's own words."""
    element: Json = {
        "type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 3_000,
        "placeholder": kit.plain_text("Call with Anna at Meridian: wants a security review; follow up Tuesday", 150),
    }  # fmt: skip
    if text:
        element["initial_value"] = shorten(text, 3_000)
    hint = "Say who it was with. You will see what would be written before anything is."
    block: Json = {
        "type": "input", "block_id": "log", "label": kit.plain_text("What happened?", 2_000), "element": element,
        "hint": kit.plain_text(hint, 2_000),
    }  # fmt: skip
    view = modal("Log something", [block], close="Cancel")
    return view | {"callback_id": "log", "submit": kit.plain_text("Go on", TITLE), "private_metadata": metadata}


def select(options: Sequence[Option], chosen: str | None, action_id: str) -> Json:
    """A menu of at most 100 options; ``chosen`` is the value that stands now."""
    made = [{"text": kit.plain_text(option.label, 75), "value": option.value[:150]} for option in options[:100]]
    element: Json = {"type": "static_select", "action_id": action_id, "options": made}
    initial = next((option for option in made if option["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def _last(text: str, most: int) -> str:
    return text if len(text) <= most else "…" + text[-(most - 1) :].lstrip()
