"""How a passage that was found is told: who says it, when, and the sentence of it that answers."""

import re
from collections.abc import Sequence
from typing import cast, get_args

from bot.agent.tools.citing import Sources, clipped
from bot.agent.tools.gist import worth
from bot.agent.tools.shaping import brief, channel_name, day_of
from bot.agent.tools.telling import telling
from bot.agent.turn import Turn
from bot.cards import Citation, CitationKind
from crm_store.queries.documents import DocumentSource
from knowledge import sentences
from knowledge.citations import Similarity, quote_for, speaker_of
from knowledge.embeddings import embed, query_vector
from knowledge.search import Hit

_KINDS = frozenset(get_args(CitationKind))
_WHY = re.compile(r"^\W*(?:and |so )?(?:why|how come|what made|what (?:is|was) the reason|what caused)\b", re.IGNORECASE)
_PRICE = re.compile(r"\b(?:price[sd]?|pricing|costs?|charg\w+|how much|expensive|cheaper|offer(?:s|ed)?|quotes?|bid)\b", re.IGNORECASE)
_SCRAP = 12
_NOTED = frozenset({"call", "meeting", "event", "note"})


def line_of(
    turn: Turn, query: str, hit: Hit, row: DocumentSource, sources: Sources, known: bool, similarity: Similarity,
    by: str | None = None,
) -> str:  # fmt: skip
    citation = citation_of(query, hit, row, similarity, turn, by)
    name = citation.speaker
    mine = name is not None and name.casefold() == turn.caller.name.casefold()
    place = f" ({row.account})" if row.account and not known else ""
    if name and citation.kind in _NOTED and f"{name}: " not in hit.passage.text:  # no transcript: somebody's note of it
        what = "note" if citation.kind == "note" else f"{channel_name(citation.kind)} note"
        whose = "Your" if mine else f"{name}'s"
        head = f"{whose} {what}{place} of"
    else:
        head = f"{'You' if mine else name or channel_name(citation.kind).capitalize()}{place} on"
    return f"{head} {day_of(turn, citation.at)}: “{brief(citation.quote)}” {sources.mark(citation)}"


def citation_of(
    query: str, hit: Hit, row: DocumentSource, similarity: Similarity, turn: Turn, by: str | None = None
) -> Citation:
    """``by`` is whose words are asked for."""
    passage = hit.passage
    quote = telling(passage.text, query, on=asks_why(turn), by=by, priced=asks_price(turn))
    quote = quote or quote_for(passage, query, similarity=similarity)
    if len(quote) < _SCRAP:  # a name below a mail: what else is in it tells more
        quote = clipped(max(sentences.sentences(passage.text), key=worth, default=quote))
    return Citation(
        id=f"{row.source}:{row.source_id}",
        kind=cast(CitationKind, passage.kind if passage.kind in _KINDS else "document"),
        title=passage.title,
        quote=quote or passage.title,
        speaker=speaker_of(passage, quote),
        at=passage.at,
        url=passage.url,
    )


def asks_price(turn: Turn) -> bool:
    return _PRICE.search(turn.message) is not None


def asks_why(turn: Turn) -> bool:
    return _WHY.match(turn.message) is not None


def similarity_of(turn: Turn, query: str) -> Similarity:
    """Closeness of meaning, for choosing the sentence to quote where none has the words asked for."""

    def close(texts: Sequence[str]) -> Sequence[float]:
        vectors = embed(turn.recall.embeddings, list(texts))
        return [float(one) for one in vectors @ query_vector(turn.recall.embeddings, query)]

    return close
