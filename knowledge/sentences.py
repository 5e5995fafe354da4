"""Where sentences begin and end, as spans of the original text, so that what is quoted is verbatim."""

import re

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+|\n+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|eg|ie|approx|dept|est|no|nr|inc|ltd|co|corp|jr|sr|fig"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|wed|thu|fri|a\.m|p\.m|bzw|z\.b|ca|[a-z])\.$",
    re.IGNORECASE,
)
_ENDS_ANYWAY = re.compile(r"(?:^|\s)(?:etc|inc|ltd|co|corp|a\.m|p\.m|i)\.$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\n)\s*\d{1,3}\.$")

Span = tuple[int, int]


def spans(text: str) -> list[Span]:
    """Cuts `text` into sentences: consecutive (start, end) spans that cover every character.

    Whitespace after a sentence belongs to it. A line break ends a sentence, since notes and chats break
    lines instead of writing full stops. Decimals, addresses and common abbreviations do not.
    """
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.start() < start or not _is_end(text, start, match):
            continue
        end = match.end()
        while end < len(text) and text[end].isspace():
            end += 1
        if text[start:end].strip():
            found.append((start, end))
            start = end
    if start < len(text):
        found.append((start, len(text)))
    return found


def sentences(text: str) -> list[str]:
    """The sentences of `text`, stripped, each a verbatim part of it; blank ones are left out."""
    return [sentence for start, end in spans(text) if (sentence := text[start:end].strip())]


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] != ".":
        return True
    before = text[max(start, match.start() - 12) : match.start() + 1]
    if _NUMBERED.search(text[start : match.start() + 1]):
        return False
    after = text[match.end() :].lstrip(" \t")
    if after[:1].islower():
        return False
    if _ABBREVIATION.search(before):
        return bool(_ENDS_ANYWAY.search(before)) and after[:1].isupper() and not before.lower().endswith("co.")
    return True
