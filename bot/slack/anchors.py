"""A source button's id: the row it opens, and a fingerprint by which the quote is found again in its text."""

import zlib
from dataclasses import dataclass

from bot.cards import Citation
from bot.sources import OpenedSource


@dataclass(frozen=True)
class Quoted:
    """A quote in its surroundings; without one, ``before`` is the beginning of the text."""

    speaker: str | None
    before: str
    quote: str
    after: str


def anchor(citation: Citation) -> str:
    """``interaction:‹row›#‹length›.‹checksum›``; quoting nothing gives the row alone."""
    quote = citation.quote.strip()
    return f"{citation.id}#{len(quote)}.{zlib.crc32(quote.encode()):08x}" if quote else citation.id


def in_surroundings(opened: OpenedSource, anchored: str) -> list[Quoted]:
    """The source's passages in reading order; the one with the quote is divided at it."""
    length, _, checksum = anchored.partition("#")[2].partition(".")
    found: list[Quoted] = []
    looking = length.isdigit() and bool(checksum)
    for speaker, text in opened.passages:
        start = _place(text, int(length), checksum) if looking else -1
        if start < 0:
            found.append(Quoted(speaker, text, "", ""))
        else:
            end = start + int(length)
            found.append(Quoted(speaker, text[:start], text[start:end], text[end:]))
            looking = False
    return found


def _place(text: str, length: int, checksum: str) -> int:
    """Where a quote of this length and checksum begins, -1 when it is not there."""
    wanted = int(checksum, 16) if all(letter in "0123456789abcdef" for letter in checksum) else -1
    for start in range(len(text) - length + 1):
        if zlib.crc32(text[start : start + length].encode()) == wanted:
            return start
    return -1
