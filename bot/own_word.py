"""A Word file (.docx, Office Open XML, ECMA-376) as HTML: its headings, paragraphs, lists and tables, and nothing else.

A .docx is a zip of XML files; the text is in ``word/document.xml`` and what a paragraph's style is called in
``word/styles.xml``. Deleted text, comments, headers, footers and pictures are left out.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bot.errors import BadInput

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLE = 1
_DEEPEST = 6
_MOST_XML = 60_000_000
"""Bytes of unpacked text; a small file that unpacks to more was made to do harm."""


def word_as_html(name: str, content: bytes) -> str:
    """:raises BadInput: when ``content`` is no Word file that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            body = _xml(name, packed, "word/document.xml").find(f"{_W}body")
            styled = "word/styles.xml" in packed.namelist()
            levels = _levels(_xml(name, packed, "word/styles.xml")) if styled else {}
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, NotImplementedError, ElementTree.ParseError):
        raise BadInput(
            f"{name} cannot be read as a Word file; open it in Word, save it as .docx without a password and import it again."
        ) from None
    return "\n".join(_blocks(body, levels)) if body is not None else ""


def _xml(name: str, packed: zipfile.ZipFile, member: str) -> Element:
    if packed.getinfo(member).file_size > _MOST_XML:
        raise BadInput(f"{name} unpacks to more than {_MOST_XML // 1_000_000} MB of text; cut it into parts and import them.")
    text = packed.read(member)
    if b"<!DOCTYPE" in text:  # Word writes none; entities of its own are how XML is made to grow
        raise BadInput(f"{name} holds XML that Word does not write; save it as .docx again and import it again.")
    return ElementTree.fromstring(text)


def _levels(styles: Element) -> Mapping[str, int]:
    """The heading level of each paragraph style, by its id, 1 for the highest: by its outline level or its name, of itself or
    of the style that it is based on."""
    named: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in styles.iter(f"{_W}style"):
        key = style.get(f"{_W}styleId", "")
        name = _value(style.find(f"{_W}name")).casefold()
        level = _value(style.find(f"{_W}pPr/{_W}outlineLvl"))
        if level.isdigit() and int(level) < _DEEPEST:
            named[key] = int(level) + 1
        elif found := re.fullmatch(r"heading ([1-6])", name):
            named[key] = int(found[1])
        elif name == "title":
            named[key] = _TITLE
        based[key] = _value(style.find(f"{_W}basedOn"))
    for key in based:
        seen, above = {key}, based[key]
        while key not in named and above and above not in seen:
            if above in named:
                named[key] = named[above]
            seen.add(above)
            above = based.get(above, "")
    return named


def _value(element: Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


def _blocks(parent: Element, levels: Mapping[str, int]) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element, levels)
        elif element.tag == f"{_W}tbl":
            rows = (
                "".join(f"<td>{_cell(cell)}</td>" for cell in row.iter(f"{_W}tc")) for row in element.iter(f"{_W}tr")
            )
            yield f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        elif element.tag == f"{_W}sdt":  # a content control, such as a table of contents or a form field
            content = element.find(f"{_W}sdtContent")
            if content is not None and not _is_contents(element):
                yield from _blocks(content, levels)


def _is_contents(control: Element) -> bool:
    return _value(control.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")) == "Table of Contents"


def _paragraph(element: Element, levels: Mapping[str, int]) -> str:
    text = _text(element)
    style = _value(element.find(f"{_W}pPr/{_W}pStyle"))
    own = _value(element.find(f"{_W}pPr/{_W}outlineLvl"))
    level = int(own) + 1 if own.isdigit() and int(own) < _DEEPEST else levels.get(style)
    tag = f"h{level}" if level and text.strip() else "p"
    return f"<{tag}>{text}</{tag}>"


def _cell(element: Element) -> str:
    return " ".join(text for each in element.iter(f"{_W}p") if (text := _text(each).strip()))


def _text(paragraph: Element) -> str:
    """What a reader sees of a paragraph: inserted text counts, deleted text and the codes of fields do not."""
    parts: list[str] = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        elif element.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            parts.append(" ")
        elif element.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return html.escape("".join(parts))
