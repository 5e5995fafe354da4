"""Citation marks in Markdown: ``[1]`` counts the answer's citations from one."""

import re

MARK = re.compile(r"\[(\d{1,3})\](?!\()")


def shifted(text: str, by: int) -> str:
    """The text with every mark moved up, so that it counts from where earlier citations end."""
    return MARK.sub(lambda mark: f"[{int(mark[1]) + by}]", text) if by else text


def used(text: str) -> set[int]:
    """The citations that a text refers to."""
    return {int(mark[1]) for mark in MARK.finditer(text)}


def without_unknown(text: str, known: int) -> str:
    """The text without marks that count past the citations there are."""
    return MARK.sub(lambda mark: mark[0] if 1 <= int(mark[1]) <= known else "", text)
