"""A PDF file as HTML: its headings, told by their larger type, and its paragraphs. Pictures of pages hold no text.

pypdf (BSD) gives each piece of text with its size and its place; lines are pieces at one height, pieces of a line that stand
apart are the cells of a table's row, a paragraph ends where the next line is further away than the lines before or begins with
a bullet.
"""

import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput

if TYPE_CHECKING:
    from pypdf import PageObject

_MOST_PAGES = 300
_HEADING = 1.12
"""A line whose type is so many times larger than the text's is a heading."""
_LONGEST_HEADING = 120
_APART = 1.65
"""Lines further apart than so many times their size belong to different paragraphs."""
_SAME_LINE = 0.4
_CELLS_APART = 1.4
"""Pieces of a line with so many times their size between them are cells."""
_WIDTH = 0.5
"""How wide a character is on average, in sizes; pypdf does not tell where a piece ends."""
_NO_TITLE = re.compile(r"^(?:untitled|about:\S*|microsoft word\b.*|.*\.\w{2,5}|https?:.*|(?:document|title)\W*\d*)$", re.IGNORECASE)
"""What programs write for a title where the author gave none."""
_BULLET = re.compile(r"^\s*(?:[•●▪◦‣∙·*–-]|\(?\d{1,2}[.)])\s+")
_REPEATED = 0.6
"""A line that stands on more than this share of three pages or more is a header or footer."""
_FEWEST_PAGES = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """``text`` has a tab between the cells of a table's row; ``size`` is in points, ``x`` and ``y`` from the page's corner."""

    text: str
    size: float
    x: float
    y: float
    page: int


def pdf_as_html(name: str, content: bytes) -> str:
    """:raises BadInput: when it is no PDF, is protected, or holds pictures of pages and no text."""
    # loaded late: it takes a tenth of a second, and only an import of documents needs it
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadInput(f"{name} is protected by a password; save it without one and import it again.")
        if len(reader.pages) > _MOST_PAGES:
            raise BadInput(f"{name} has more than {_MOST_PAGES} pages; cut it into parts and import them again.")
        pages = [list(_lines(page, at)) for at, page in enumerate(reader.pages)]
        said = reader.metadata.title if reader.metadata else None
    except BadInput:
        raise
    except (PyPdfError, ImportError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        # what pypdf meets in a broken or strongly encrypted file; it has no error of its own for all of it
        raise BadInput(f"{name} cannot be read as a PDF; print it to a new PDF without a password and import it again.") from None
    lines = _without_headers(pages)
    if not lines:
        raise BadInput(
            f"{name} holds pictures of pages and no text (a scan); run text recognition (OCR) over it and import it again."
        )
    blocks = list(_blocks(lines))
    if said and not _NO_TITLE.match(str(said).strip()) and sum(each.startswith("<h1>") for each in blocks) != 1:
        blocks.insert(0, f"<title>{html.escape(str(said).strip())}</title>")
    return "\n".join(blocks)


def _lines(page: "PageObject", number: int) -> Iterator[_Line]:
    pieces: list[_Line] = []

    def take(text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        if text.strip("\n"):
            scale = abs(tm[3] or tm[0] or 1.0) * abs(cm[3] or cm[0] or 1.0)
            x, y = tm[4] * (cm[0] or 1.0) + cm[4], tm[5] * (cm[3] or 1.0) + cm[5]
            pieces.append(_Line(text, round(size * scale, 1), x, y, number))

    page.extract_text(visitor_text=take)
    row: list[_Line] = []
    for piece in pieces:
        for at, text in enumerate(piece.text.split("\n")):
            if row and (at or abs(piece.y - row[0].y) > _SAME_LINE * max(piece.size, row[0].size)):
                yield _joined(row)
                row = []
            if text.strip():
                row.append(replace(piece, text=text))
    if row:
        yield _joined(row)


def _joined(row: list[_Line]) -> _Line:
    text = ""
    end = row[0].x
    for piece in row:
        cell = text.strip() and piece.text.strip() and piece.x - end > _CELLS_APART * piece.size
        text += f"\t{piece.text}" if cell else piece.text
        end = max(end, piece.x) + _WIDTH * piece.size * len(piece.text.rstrip())
    cells = (" ".join(each.split()) for each in text.split("\t"))
    return replace(row[0], text="\t".join(each for each in cells if each), size=max(piece.size for piece in row))


def _without_headers(pages: Iterable[list[_Line]]) -> list[_Line]:
    """Every line but those that stand on most pages: running heads, footers, page numbers."""
    told = [list(page) for page in pages]
    count = Counter(key for page in told for key in {_key(line.text) for line in page})
    most = _REPEATED * len(told) if len(told) >= _FEWEST_PAGES else float("inf")
    return [line for page in told for line in page if line.text and count[_key(line.text)] <= most]


def _key(text: str) -> str:
    return re.sub(r"\d+", "0", text.casefold())


def _blocks(lines: list[_Line]) -> Iterator[str]:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted({line.size for line in lines if _is_heading(line, body)}, reverse=True)
    paragraph: list[str] = []
    in_table = False
    for before, line in zip([lines[0], *lines], lines, strict=False):
        if _is_heading(line, body):
            yield from _paragraph(paragraph)
            paragraph = []
            level = min(larger.index(line.size) + 1, 6)
            yield f"<h{level}>{html.escape(line.text)}</h{level}>"
            continue
        in_table = "\t" in line.text or (in_table and not _begins(before, line))
        if in_table:  # a row whose cells stand too close to be told apart is a row of its own all the same
            yield from _paragraph(paragraph)
            paragraph = []
            yield f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in line.text.split(chr(9)))}</tr>"
            continue
        if paragraph and _begins(before, line):
            yield from _paragraph(paragraph)
            paragraph = []
        paragraph.append(line.text)
    yield from _paragraph(paragraph)


def _is_heading(line: _Line, body: float) -> bool:
    return line.size >= _HEADING * body and len(line.text) <= _LONGEST_HEADING and re.search(r"[^\W\d_]", line.text) is not None


def _begins(before: _Line, line: _Line) -> bool:
    """Whether a line begins a paragraph: after a gap, with a bullet, or on a new page after a full stop."""
    if _BULLET.match(line.text):
        return True
    if line.page != before.page:
        return before.text.endswith((".", "!", "?", ":"))
    return abs(before.y - line.y) > _APART * line.size


def _paragraph(lines: list[str]) -> Iterator[str]:
    text = ""
    for line in lines:
        divided = re.search(r"[a-zà-ÿ]-$", text) is not None and line[:1].islower()
        text = text[:-1] + line if divided else f"{text} {line}"
    if text:
        yield f"<p>{html.escape(text.strip())}</p>"
