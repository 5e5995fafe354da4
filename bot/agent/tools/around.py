"""What was said right before and after a passage that answers, as far as the asker may see it."""

from collections.abc import Collection
from typing import cast, get_args

from bot.agent.tools.citing import QUOTE_CHARACTERS, clipped
from bot.agent.turn import Turn
from bot.cards import Citation, CitationKind, PassagesCard
from crm_store.queries.documents import DocumentSource
from knowledge.citations import Passage, speaker_of
from knowledge.search import Hit

_KINDS = frozenset(get_args(CitationKind))


def before_and_after(turn: Turn, hit: Hit, row: DocumentSource, shown: Collection[str]) -> PassagesCard | None:
    """A card of the passages next to ``hit`` in its conversation, mail or document, but for those of ``shown`` (ids of
    passages); None where it has none."""
    near = [one for one in turn.recall.around(turn.caller, hit) if one.chunk_id not in shown]
    if not near:
        return None
    return PassagesCard(
        title="Right before and after",
        passages=tuple(_citation(one, row, before=one.ordinal < hit.passage.ordinal) for one in near),
    )


def _citation(passage: Passage, row: DocumentSource, *, before: bool) -> Citation:
    quote = _end(passage.text) if before else clipped(passage.text)
    return Citation(
        id=f"{row.source}:{row.source_id}",
        kind=cast(CitationKind, passage.kind if passage.kind in _KINDS else "document"),
        title=passage.title,
        quote=quote,
        speaker=speaker_of(passage, quote),
        at=passage.at,
        url=passage.url,
    )


def _end(text: str) -> str:
    """The last turns or sentences of ``text``, verbatim, that fit into a quote."""
    text = text.strip()
    if len(text) <= QUOTE_CHARACTERS:
        return text
    piece = text[-QUOTE_CHARACTERS:]
    starts = [found for mark in ("\n", ". ", "? ", "! ", " ") if (found := piece.find(mark)) >= 0]
    return piece[starts[0] + 1 :].strip() if starts else piece
