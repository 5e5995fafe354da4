"""Bytes of a dropped file -> text, or a sentence that says what to send instead."""

import re

from bot.errors import BadInput

MOST_BYTES = 4_000_000
"""A day of speech is about half a megabyte; what is larger is no transcript."""
_BINARY = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a Word document or an archive"), (b"\xd0\xcf\x11\xe0", "an old Office document"),
           (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"ID3", "a recording"),
           (b"RIFF", "a recording"), (b"\x1f\x8b", "an archive"), (b"OggS", "a recording"))  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
WANTED = "Send a transcript (.vtt or .srt) or notes as plain text (.txt or .md)."


def decoded(name: str, content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252, with ``\\n`` line ends and no control characters.

    :raises BadInput: when the file is empty, too large or no text.
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise BadInput(f"{name} is empty. {WANTED}")
    if len(content) > MOST_BYTES:
        raise BadInput(
            f"{name} has {len(content) / 1e6:.1f} MB; a meeting of up to {MOST_BYTES // 1_000_000} MB of text can be read. {WANTED}"
        )
    for magic, what in _BINARY:
        if content.startswith(magic):
            raise BadInput(f"{name} is {what}, which I can't read as text. {WANTED}")
    text = _text(content)
    if text is None or len(_CONTROL.findall(text)) > len(text) // 200:
        raise BadInput(f"{name} is not text that I can read. {WANTED}")
    text = (
        _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\ufeff", "")
    )
    if not text.strip():
        raise BadInput(f"{name} is empty. {WANTED}")
    return text


def _text(content: bytes) -> str | None:
    for encoding in _candidates(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _candidates(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    head = content[:4000]
    if head[1::2].count(0) > len(head) // 4:
        return ("utf-16-le",)
    if head[0::2].count(0) > len(head) // 4:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252")
