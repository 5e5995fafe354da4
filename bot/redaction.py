"""Tokens, keys and passwords never reach a person or a log."""

import logging
import re

_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|\bsk-[\w-]{8,}|(?<=://)[^/\s@]*:(?!\*\*\*@)[^/\s]+(?=@)|(?<=[Bb]earer )[\w.~+/=-]+"
    r"|(?<=password=)[^&\s'\"]+"
)


def redact(text: str) -> str:
    """The text without tokens, keys and passwords."""
    return _SECRET.sub("‹secret›", text)


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and takes the secrets out of the result."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
