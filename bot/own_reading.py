"""A file of the company's own as sections of plain text: Word, PDF, Markdown, HTML or plain text, cut at its headings.

What a file says is data: it is quoted and never followed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePath

from markdown_it import MarkdownIt

from bot.errors import BadInput
from bot.own_pdf import pdf_as_html
from bot.own_word import word_as_html

MARKDOWN, HTML, TEXT, WORD, PDF = (".md", ".markdown"), (".html", ".htm"), (".txt",), (".docx",), (".pdf",)
READABLE = (*MARKDOWN, *HTML, *TEXT, *WORD, *PDF)
PACKED = (*WORD, *PDF)
"""Formats that hold pictures and fonts beside their text."""
_SKIPPED = frozenset({"script", "style", "head", "nav", "footer", "noscript", "template", "svg"})
_BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "tr", "table", "section", "article", "blockquote", "pre", "br", "hr", "dd", "dt", "dl",
    "thead", "tbody", "header", "main", "aside", "figure",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)
_BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class OwnSection:
    """``heading`` is the path of headings above it, "" before the first; ``text`` is plain and never blank."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnText:
    title: str
    sections: tuple[OwnSection, ...]


def read_own_text(name: str, content: bytes) -> OwnText:
    """A file's title and sections. ``name`` tells its format, and its title where the file has no heading.

    :raises BadInput: when it is not text, or in a format that cannot be read.
    """
    suffix = PurePath(name).suffix.casefold()
    if suffix not in READABLE:
        raise BadInput(f"{name} is not Word (.docx), PDF, Markdown, HTML or plain text; save it as one of these and import it again.")
    if suffix in WORD:
        text = word_as_html(name, content)
    elif suffix in PDF:
        text = pdf_as_html(name, content)
    else:
        text = _decoded(name, content)
    if suffix in TEXT:
        said = text.strip()
        return OwnText(_named(name), (OwnSection("", said),) if said else ())
    if suffix in MARKDOWN:
        text = MarkdownIt("commonmark", {"html": False}).enable("table").render(_FRONT_MATTER.sub("", text))
    reader = _Sections()
    reader.feed(text)
    reader.close()
    sections = tuple(reader.sections())
    first = next((each.heading.split(_BETWEEN)[0] for each in sections if each.heading), "")
    title = reader.title or first or _named(name)
    return OwnText(title, tuple(_under(title, sections)))


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{name} is not UTF-8 text; save it as UTF-8 and import it again.") from None


def _named(name: str) -> str:
    words = re.sub(r"[-_]+", " ", PurePath(name).stem).strip()
    return words[:1].upper() + words[1:]


def _under(title: str, sections: Iterable[OwnSection]) -> Iterable[OwnSection]:
    """The sections with the title left out of their headings, which every citation names anyway."""
    for each in sections:
        heading = each.heading
        if heading == title:
            heading = ""
        yield OwnSection(heading.removeprefix(f"{title}{_BETWEEN}"), each.text)


class _Sections(HTMLParser):
    """Collects the text below each heading; every block is a line of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._headings: list[tuple[int, str]] = []
        self._lines: list[str] = [""]
        self._found: list[tuple[str, list[str]]] = []
        self._level = 0
        self._skipping: list[str] = []
        self._in_title = False

    def sections(self) -> Iterable[OwnSection]:
        self._finish()
        for heading, lines in self._found:
            text = "\n".join(line for each in lines if (line := " ".join(each.split()).strip(" |")))
            if text:
                yield OwnSection(heading, text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        elif tag in _SKIPPED:
            self._skipping.append(tag)
        elif re.fullmatch(r"h[1-6]", tag) and not self._skipping:
            self._finish()
            self._level = int(tag[1])
            self._headings = [each for each in self._headings if each[0] < self._level]
            self._headings.append((self._level, ""))
        elif tag in _BLOCKS:
            self._lines.append("")
        elif tag in _CELLS and self._lines[-1].strip():
            self._lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif self._skipping and tag == self._skipping[-1]:
            self._skipping.pop()
        elif re.fullmatch(r"h[1-6]", tag):
            self._level = 0
        elif tag in _BLOCKS:
            self._lines.append("")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = " ".join((self.title + data).split())
        elif self._skipping:
            return
        elif self._level and self._headings:
            level, said = self._headings[-1]
            self._headings[-1] = (level, " ".join((said + data).split()))
        else:
            self._lines[-1] += data

    def _finish(self) -> None:
        self._found.append((_BETWEEN.join(said for _, said in self._headings if said), self._lines))
        self._lines = [""]
