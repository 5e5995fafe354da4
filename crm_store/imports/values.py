"""What cells hold besides dates and numbers: nothing, yes or no, and text; and how a column writes what it holds."""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from html.parser import HTMLParser

# The MD5 of nothing is what warehouses that hash their columns leave where there was no value.
_EMPTY = frozenset({"", "null", r"\n", "nan", "n/a", "#n/a", "-", "--", "—",
                    "d41d8cd98f00b204e9800998ecf8427e", "1b2m2y8asgtpgamy7phcfg=="})  # fmt: skip
_LENGTHS = frozenset(map(len, _EMPTY))
NOTHING = frozenset(form for each in _EMPTY for form in (each, each.upper(), each.capitalize(), each.title())) | {"NaN"}
_TRUE = {"true", "yes", "1", "y", "t", "x", "on", "wahr", "ja", "oui", "si", "sí", "vero", "1.0", "checked"}
_FALSE = {"false", "no", "0", "n", "f", "off", "falsch", "nein", "non", "falso", "0.0", "unchecked"}


@dataclass(frozen=True)
class Habits:
    """How a column writes: 31.12. or 12/31 first, 1.234,56 or 1,234.56. ``zone`` is that of times without one, ``form``
    a ``strptime`` format that every date follows."""

    day_first: bool = False
    decimal_comma: bool = False
    zone: tzinfo = UTC
    form: str = ""


def is_empty(cell: str) -> bool:
    text = cell.strip()
    return len(text) in _LENGTHS and text.lower() in _EMPTY


def flag(cell: str) -> bool | None:
    """:raises ValueError: when it says neither yes nor no."""
    text = cell.strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if is_empty(text):
        return None
    raise ValueError(f"{quoted(cell)} says neither yes nor no")


def plain_text(text: str) -> str:
    """Text without markup: HubSpot keeps notes and e-mails as HTML."""
    text = text.replace("\x00", "").strip()
    if ("<" not in text and "&" not in text) or not re.search(r"</?[a-zA-Z][^>]*>|&[a-z#0-9]+;", text):
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.parts))).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script")
        if tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3"):
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
