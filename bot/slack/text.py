"""Words on their way to Slack and back: escaping, shortening, Markdown to Slack's own markup.

Text from the record must never ping anybody: in mrkdwn it is escaped, and everywhere else a mention such as
``<!channel>`` is broken by an invisible word joiner, which every renderer shows as the words themselves.
"""

import re

WORD_JOINER = "\u2060"
_MENTION = re.compile(r"<(?=[!@#])")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\((https?://[^\s)|>]{1,2000})\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__", re.DOTALL)
_ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_STRIKE = re.compile(r"~~(.+?)~~")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_BULLET = re.compile(r"^(\s*)[-*+]\s+", re.MULTILINE)
_MARKED = re.compile(r"<([^<>\n]+)>")
_BLANKS = re.compile(r"[ \t]+")


def shorten(text: str, most: int) -> str:
    """At most ``most`` characters; what was cut is shown by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def defuse(text: str) -> str:
    """The same words with every mention broken, for fields that Slack does not parse as mrkdwn."""
    return _MENTION.sub("<" + WORD_JOINER, text)


def escape(text: str) -> str:
    """Text as mrkdwn shows it literally: Slack's three control characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def strong(markdown: str) -> str:
    """Markdown with ``*…*``, the house's emphasis for a headline, as bold; Slack would show it slanted."""
    return _ITALIC.sub(r"**\1**", markdown)


def to_mrkdwn(markdown: str) -> str:
    """Markdown in Slack's older markup, escaped, for places that take no Markdown (modals, the home tab, fallbacks)."""
    text = _HEADING.sub(r"**\1**", markdown)
    text = _BULLET.sub(r"\1• ", text)
    text = re.sub(r"^>\s?", "\x02", text, flags=re.MULTILINE)
    links: list[str] = []

    def keep(found: re.Match[str]) -> str:
        links.append(f"<{escape(found[2])}|{escape(found[1]).replace('|', '¦')}>")
        return f"\x00{len(links) - 1}\x00"

    text = escape(_LINK.sub(keep, text.replace("\x00", "").replace("\x01", "")))
    text = _BOLD.sub(lambda found: f"\x01{found[1] or found[2]}\x01", text)
    text = _ITALIC.sub(r"_\1_", text)
    text = _STRIKE.sub(r"~\1~", text).replace("\x01", "*").replace("\x02", "> ")
    return re.sub(r"\x00(\d+)\x00", lambda found: links[int(found[1])], text)


def plain(markdown: str) -> str:
    """Markdown without its marks, on one line, for a notification or a button."""
    text = _LINK.sub(r"\1", _HEADING.sub(r"\1", markdown))
    text = _BOLD.sub(lambda found: found[1] or found[2], text)
    return _BLANKS.sub(" ", _ITALIC.sub(r"\1", text).replace("\n", " ")).strip()


def from_slack(text: str, bot_user_id: str | None = None) -> str:
    """What a person typed: links and addresses as text, entities decoded, the mention of the bot gone."""

    def unmark(found: re.Match[str]) -> str:
        inner, _, label = found[1].partition("|")
        if inner == f"@{bot_user_id}":
            return ""
        if inner.startswith(("@", "#")):
            return label or found[0]
        if inner.startswith("!"):
            return label or "@" + inner[1:].partition("^")[0]
        return label if inner.startswith(("mailto:", "tel:")) and label else inner

    text = _MARKED.sub(unmark, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def mentioned(text: str) -> list[str]:
    """The user ids that are mentioned without a name, in order."""
    return [found[1][1:] for found in _MARKED.finditer(text) if re.fullmatch(r"@[UW][A-Z0-9]+", found[1])]


def split(text: str, most: int) -> list[str]:
    """Pieces of at most ``most`` characters, cut at a paragraph, a line, a sentence or a space where there is one."""
    pieces: list[str] = []
    while len(text) > most:
        cut = _cut(text, most)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip("\n ")
    return [piece for piece in (*pieces, text) if piece.strip()]


def _cut(text: str, most: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.rfind(mark, most // 2, most)
        if found > 0:
            return found + len(mark.rstrip(" ")) if mark == ". " else found
    return most
