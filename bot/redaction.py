"""What never reaches a log: tokens, keys and passwords, and the words of people and their customers.

An error's own message may quote a row, a question or a mail, so a traceback is written without the messages: the kinds of the
errors and the lines of code say where to look.
"""

import logging
import re
import traceback
from collections.abc import Collection, Iterator
from types import TracebackType

_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|\bsk-[\w-]{8,}|\bAIza[\w-]{10,}|(?<=hooks\.slack\.com/)\S+"
    r"|(?<=://)[^/\s@:]*:(?!\*\*\*@)\S+(?=@)|(?<=[Bb]earer )[\w.~+/=-]+"
    r"|(?i:(?<=password=)|(?<=secret=)|(?<=token=)|(?<=api_key=)|(?<=apikey=)|(?<=api-key[=:])|(?<=api-key: ))[^&\s'\"]+"
)
_SHORTEST = 6
"""A shorter secret is a part of ordinary words."""
_OF_THE_CODE = (AttributeError, NameError, ImportError, TypeError, NotImplementedError)
"""Errors whose messages Python makes of names in the code."""
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def redact(text: str) -> str:
    """The text without tokens, keys and passwords."""
    return _SECRET.sub("‹secret›", text)


def trace(error: BaseException) -> str:
    """A traceback without the messages of the errors in it, causes first."""
    return "".join(_traced(error, set())).rstrip("\n")


def _traced(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _traced(before, seen)
        yield "\nfrom which came\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}{_safely(error)}\n"


def _safely(error: BaseException) -> str:
    """What can be said of an error beside its kind."""
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}"
    return f": {error}" if isinstance(error, _OF_THE_CODE) else ""


class RedactingFormatter(logging.Formatter):
    """Formats a record with :func:`trace`, and takes out what looks like a secret and these ``secrets`` themselves."""

    def __init__(self, form: str, secrets: Collection[str] = ()) -> None:
        super().__init__(form)
        self._secrets = sorted({each for each in secrets if len(each) >= _SHORTEST}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        kept, record.exc_text = record.exc_text, None  # another formatter's traceback has the messages
        said = redact(super().format(record))
        record.exc_text = kept
        for secret in self._secrets:
            said = said.replace(secret, "‹secret›")
        return said

    def formatException(self, ei: _ExcInfo) -> str:
        return trace(ei[1]) if ei[1] is not None else ""
