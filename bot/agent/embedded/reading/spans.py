"""Where in a message a reading was found."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """Characters ``start`` (included) to ``end`` (excluded) of a message, and the words found there.

    ``text == message[start:end]`` holds for every span this package returns.
    """

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, message: str, start: int, end: int) -> "Span":
        return cls(start, end, message[start:end])


def without(message: str, spans: Iterable[Span]) -> str:
    """The message with every span blanked by spaces, so that the other positions stay where they were."""
    characters = list(message)
    for span in spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)
