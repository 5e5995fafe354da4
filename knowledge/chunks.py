"""Cuts a document into the passages that are embedded, found and quoted.

Conversations are cut into blocks of three turns, since a single turn ("yes, by Friday") means little without the
question before it. Prose is packed sentence by sentence up to a budget that stays, header included, inside the
256 tokens that the embedding model reads. Nothing is dropped: what a mail quotes from an earlier one goes into
chunks of its own, without a speaker, so that nobody is credited with words they only forwarded.
"""

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from knowledge import sentences
from knowledge.documents import Document, Utterance

TURNS_PER_CHUNK = 3
TOKEN_BUDGET = 180
"""Estimated tokens of text per chunk; the rest of the model's 256 is left for the header and the estimate's error."""

_LETTERS_PER_TOKEN = 6
_WORD = re.compile(r"[^\W_]+|[^\s\w]|_", re.UNICODE)
_QUOTE_START = re.compile(
    r"^(?:>|(?:On|Am|Le|El)\b[^\n]{5,160}\n?[^\n]{0,80}(?:wrote|schrieb|écrit|escribió)[^\n]{0,80}:[ \t]*$"
    r"|[^\n]*@[^\n]*:[ \t]*\n\s*>|-{3,} *(?:Original|Forwarded)\b|Begin forwarded message:"
    r"|From: [^\n]+\n(?:Sent|Date|To): )",
    re.MULTILINE | re.IGNORECASE,
)
_MARK = re.compile(r"^(?:>[ \t]?)+")
_INTRODUCES = re.compile(r"^(?:From|Sent|Date|To|Cc|Subject): |^(?:On|Am|Le|El)\b.{5,160}:$", re.IGNORECASE)
"""How mail programs introduce what they quote: a quoted line, "On … wrote:", a ruler, or a block of headers."""



@dataclass(frozen=True, slots=True)
class Chunk:
    """One passage of a document.

    `id` is stable: document and position. `parts` are the pieces of utterances in it, verbatim; `text` is how they
    read, with "Speaker: " before each turn of a conversation. `digest` changes when the embedded text does.
    """

    id: str
    document_id: str
    ordinal: int
    header: str
    text: str
    speakers: tuple[str, ...]
    at: datetime
    digest: str
    parts: tuple[Utterance, ...]

    @property
    def speaker(self) -> str | None:
        """Its speakers' names in one line, ", " between them; None when nobody is named."""
        return ", ".join(self.speakers) or None

    @property
    def embedding_text(self) -> str:
        """What is embedded and lexically indexed: the context header, then the text."""
        return embedding_text(self.header, self.text)


def embedding_text(header: str, text: str) -> str:
    """The context header, then the text, as chunks are embedded."""
    return f"{header}\n{text}" if header else text


def split(document: Document) -> list[Chunk]:
    """The chunks of `document` in reading order; an empty body gives none.

    Every character of the body except the whitespace between pieces is in exactly one chunk.
    """
    labelled = document.is_conversation
    blocks = _turn_blocks(document.body) if labelled else _prose_blocks(document)
    return [_chunk(document, ordinal, block, labelled) for ordinal, block in enumerate(blocks)]


def token_estimate(text: str) -> int:
    """About how many word pieces the embedding model sees: long words count more, ideographs one each."""
    return sum(
        len(word) if ord(word[0]) > 0x2E7F else math.ceil(len(word) / _LETTERS_PER_TOKEN)
        for word in _WORD.findall(text)
    )


def _chunk(document: Document, ordinal: int, parts: tuple[Utterance, ...], labelled: bool) -> Chunk:
    text = "\n".join(f"{part.speaker}: {part.text}" if labelled and part.speaker else part.text for part in parts)
    embedded = embedding_text(document.header, text)
    return Chunk(
        id=f"{document.id}:{ordinal}",
        document_id=document.id,
        ordinal=ordinal,
        header=document.header,
        text=text,
        speakers=tuple(dict.fromkeys(part.speaker for part in parts if part.speaker)),
        at=parts[0].at or document.at,
        digest=hashlib.sha256(embedded.encode("utf-8", "surrogatepass")).hexdigest(),
        parts=parts,
    )


def _turn_blocks(body: tuple[Utterance, ...]) -> Iterator[tuple[Utterance, ...]]:
    block: list[Utterance] = []
    tokens = 0
    for turn in body:
        for piece in _pieces(turn):
            size = token_estimate(piece.text)
            if block and (len(block) == TURNS_PER_CHUNK or tokens + size > TOKEN_BUDGET):
                yield tuple(block)
                block, tokens = [], 0
            block.append(piece)
            tokens += size
    if block:
        yield tuple(block)


def _prose_blocks(document: Document) -> Iterator[tuple[Utterance, ...]]:
    for utterance in document.body:
        fresh, quoted = _unquoted(utterance.text) if document.kind == "email" else (utterance.text, "")
        for said in (Utterance(utterance.speaker, utterance.at, fresh), Utterance(None, utterance.at, quoted)):
            for piece in _pieces(said):
                yield (piece,)


def _unquoted(text: str) -> tuple[str, str]:
    """A mail's own words and, from the first quoting line on, what it repeats of earlier ones.

    When lines by the author follow between quoted ones, the whole is left as it is.
    """
    match = _QUOTE_START.search(text)
    if match is None:
        return text, ""
    fresh, quoted = text[: match.start()], text[match.start() :]
    marked = [line.startswith(">") for line in quoted.splitlines() if line.strip()]
    answers_inline = any(marked) and not all(marked[marked.index(True) :])
    return (text, "") if answers_inline or not fresh.strip() else (fresh, quoted)


def quoted_words(text: str) -> str | None:
    """What a chunk repeats of an earlier mail, without the marks and lines that introduce it; None for other chunks."""
    match = _QUOTE_START.match(text)
    if match is None:
        return None
    lines = [_MARK.sub("", line) for line in text[0 if match.group() == ">" else match.end() :].splitlines()]
    return "\n".join(line for line in lines if not _INTRODUCES.match(line))


def _pieces(utterance: Utterance) -> Iterator[Utterance]:
    """The utterance, or its parts of at most the budget, cut at paragraphs where possible, else at sentences."""
    text = utterance.text
    for start, end in _packed(text):
        if piece := text[start:end].strip():
            yield Utterance(utterance.speaker, utterance.at, piece)


def _packed(text: str) -> Iterator[sentences.Span]:
    start = end = 0
    tokens = 0
    for sentence_start, sentence_end in _short_spans(text):
        size = token_estimate(text[sentence_start:sentence_end])
        new_paragraph = "\n\n" in text[max(start, sentence_start - 4) : sentence_start].replace("\r", "")
        if end > start and (tokens + size > TOKEN_BUDGET or (new_paragraph and tokens > TOKEN_BUDGET // 2)):
            yield start, end
            start, tokens = sentence_start, 0
        end = sentence_end
        tokens += size
    if end > start:
        yield start, end


def _short_spans(text: str) -> Iterator[sentences.Span]:
    """Sentence spans, those over the budget cut at spaces, and words over it cut anywhere."""
    for start, end in sentences.spans(text):
        while token_estimate(text[start:end]) > TOKEN_BUDGET:
            cut = _cut(text, start, end)
            yield start, cut
            start = cut
        yield start, end


def _cut(text: str, start: int, end: int) -> int:
    """The furthest position whose piece fits the budget, moved back to a space when there is one."""
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        if token_estimate(text[start:middle]) <= TOKEN_BUDGET:
            low = middle
        else:
            high = middle - 1
    space = max(text.rfind(" ", start + 1, low), text.rfind("\n", start + 1, low))
    return space + 1 if space > start else low
