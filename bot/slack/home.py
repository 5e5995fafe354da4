"""The home tab and the prompts that are suggested before anything was said."""

from collections.abc import Sequence

from bot.cards import Card
from bot.slack import kit
from bot.slack.blocks import Viewer, card_blocks
from bot.slack.fitting import unique
from bot.slack.kit import Json
from bot.slack.limits import MESSAGE_ONLY
from bot.slack.text import escape, to_mrkdwn
from bot.slack.verbs import Verb, action

VIEW_BLOCKS = 100
PROMPTS = (
    ("What should I do next?", "What should I do next?"),
    ("My deals closing this month", "Which of my deals close this month?"),
    ("My tasks", "What are my tasks?"),
    ("What can you do?", "What can you do?"),
)
TIPS = (
    "Tell me what happened in one line: “call with Anna at Meridian, wants a security review, follow up Tuesday”.",
    "Drop a transcript or notes (.vtt, .txt, .md) into our conversation and I log the meeting.",
    "Ask “prepare me for Meridian” before a call, and “what did we promise them?” after it.",
    "Mention me in a channel, or type /rapport anywhere.",
)


def prompts() -> list[dict[str, str]]:
    """At most four suggestions, each a title and the message it sends."""
    return [{"title": title, "message": message} for title, message in PROMPTS]


def home(name: str, cards: Sequence[Card], viewer: Viewer) -> Json:
    """Somebody's home tab; ``cards`` are what matters to them today."""
    blocks: list[Json] = [kit.header(f"Good to see you, {name.split(' ')[0]}")]
    for position, card in enumerate(cards):
        blocks += [_for_home(block) for block in card_blocks(card, viewer, f"home{position}")]
        blocks.append({"type": "divider"})
    asks = [kit.button(title, action(Verb.ASK, "home", str(n)), text) for n, (title, text) in enumerate(PROMPTS)]
    tips = "\n".join(f"• {escape(tip)}" for tip in TIPS)
    below = [*kit.actions(asks), kit.section(f"*Tips*\n{tips}")]
    return {"type": "home", "blocks": unique([*blocks[: VIEW_BLOCKS - len(below)], *below])}


def sorry(text: str) -> Json:
    """A home tab that only says why it is empty."""
    return {"type": "home", "blocks": [kit.section(escape(text))]}


def _for_home(block: Json) -> Json:
    """The home tab takes no Markdown and no tables: they become sections."""
    if block["type"] not in MESSAGE_ONLY:
        return block
    if block["type"] == "markdown":
        return kit.section(to_mrkdwn(block["text"]))
    rows = [[escape(cell["text"]) for cell in row] for row in block["rows"][1:16]]
    return kit.section(
        "\n".join(f"• *{row[0]}* · {' · '.join(part for part in row[1:] if part != '–')}" for row in rows)
    )
