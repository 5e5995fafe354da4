"""What a found passage says in its own words, and who said it: the source under every claim."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from knowledge import sentences, words
from knowledge.documents import CONVERSATIONS

QUOTE_CHARACTERS = 240
_LABEL = re.compile(r"^(?P<speaker>[^:\n]{1,60}): ", re.MULTILINE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_(][\w.'’-]*){0,3}(?: \([^)]*\))?$")
_SHORT_SENTENCE = 25

Similarity = Callable[[Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Passage:
    """One stored chunk as its reader may see it.

    `speaker` is its author, or its speakers with ", " between them. In a conversation each turn of `text` begins
    with "Speaker: ". `url` opens the source, when it has one.
    """

    chunk_id: str
    document_id: str
    kind: str
    title: str
    header: str
    text: str
    speaker: str | None
    at: datetime
    ordinal: int
    url: str | None = None


class Citation(BaseModel):
    """A source as it is shown: `quote` is verbatim from the passage with this id, said by `speaker` at `at` (UTC)."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    title: str
    quote: str
    speaker: str | None
    at: datetime
    url: str | None = None


def cite(passage: Passage, query: str, *, similarity: Similarity | None = None) -> Citation:
    """The citation of `passage` as the answer to `query`."""
    quote = quote_for(passage, query, similarity=similarity)
    return Citation(
        id=passage.chunk_id,
        kind=passage.kind,
        title=passage.title,
        quote=quote,
        speaker=speaker_of(passage, quote),
        at=passage.at,
        url=passage.url,
    )


def quote_for(passage: Passage, query: str, *, similarity: Similarity | None = None) -> str:
    """The sentence or two of `passage` that answer `query` best: a verbatim part of its text, at most 240 characters.

    Chosen by the query's words in it. Where sentences are equal in that, by `similarity` when given (texts to scores,
    higher is closer), else the first of them that has substance. Only a blank passage gives "".
    """
    said = _sentences(passage)
    if not said:
        return ""
    terms = words.query_terms(query)
    text = passage.text
    matches = [len(words.matched_terms(terms, text[start:end])) for start, end in said]
    rows = [row for row, matched in enumerate(matches) if matched == max(matches)]
    if similarity is not None and len(rows) > 1:
        closeness = similarity([text[slice(*said[row])] for row in rows])
        best = max(zip(closeness, rows, strict=True), key=lambda scored: scored[0])[1]
    else:
        best = next((row for row in rows if said[row][1] - said[row][0] >= _SHORT_SENTENCE), rows[0])
    start, end = said[best]
    if end - start > QUOTE_CHARACTERS:
        return _excerpt(text[start:end], terms)
    return text[start : _with_next(said, best, text)]


def speaker_of(passage: Passage, quote: str) -> str | None:
    """Who says `quote` in `passage`: the label of its turn in a conversation, else the passage's one speaker."""
    at = passage.text.find(quote)
    labels = [found for found in _labels(passage) if found.start() <= max(at, 0)] if quote else []
    return labels[-1]["speaker"] if labels else passage.speaker


def _labels(passage: Passage) -> list[re.Match[str]]:
    """The "Speaker: " labels in a text: those of its speakers, or names in a conversation that has no speakers."""
    known = set((passage.speaker or "").split(", "))
    spoken = passage.kind in CONVERSATIONS and not passage.speaker
    return [
        found
        for found in _LABEL.finditer(passage.text)
        if found["speaker"] in known or (spoken and _NAME.match(found["speaker"]) and found["speaker"][0].isupper())
    ]


def _sentences(passage: Passage) -> list[sentences.Span]:
    """Spans of the passage's sentences, without labels and the space around them."""
    text = passage.text
    starts = {found.start(): found.end() for found in _labels(passage)}
    spans: list[sentences.Span] = []
    for start, end in sentences.spans(text):
        start = starts.get(start, start)
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end > start:
            spans.append((start, end))
    return spans


def _with_next(said: list[sentences.Span], best: int, text: str) -> int:
    """Where the quote ends: a short sentence is joined by the next of the same turn when both fit."""
    start, end = said[best]
    if end - start >= QUOTE_CHARACTERS // 3 or best + 1 == len(said):
        return end
    following, following_end = said[best + 1]
    same_line = "\n" not in text[end:following]
    return following_end if same_line and following_end - start <= QUOTE_CHARACTERS else end


def _excerpt(sentence: str, terms: Sequence[str]) -> str:
    """The 240 characters of a long sentence that hold most of the terms, cut at spaces."""
    starts = [0, *(found.end() for found in re.finditer(r"\s+", sentence))]

    def window(start: int) -> str:
        piece = sentence[start : start + QUOTE_CHARACTERS]
        if start + QUOTE_CHARACTERS < len(sentence) and not sentence[start + QUOTE_CHARACTERS].isspace():
            piece = piece[: space] if (space := piece.rfind(" ")) > 0 else piece
        return piece.strip()

    return max((window(start) for start in starts[:: max(1, len(starts) // 40)]), key=lambda piece: (
        len(words.matched_terms(terms, piece))
    ))
