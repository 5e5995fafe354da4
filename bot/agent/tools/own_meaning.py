"""Which passage of our own documents means what is asked, where none has the words of the question.

"How often do we back stuff up" is answered by "Backups are made every six hours". A passage is as near as its nearest sentence,
read alone and under its heading.
"""

from collections.abc import Sequence

from bot.agent.turn import Turn
from bot.own_documents import OwnHit
from knowledge import sentences
from knowledge.embeddings import embed, query_vector

MEANT = 0.46
"""From this closeness on a sentence answers. Of 17 questions about the sample's documents in other words than theirs nine come
this near and one more with the wrong sentence; of 16 that they do not answer one does."""
CLOSE = 0.33
"""From this closeness on it is shown as the nearest."""
_SENTENCES = 48
"""So many at most are embedded."""


def by_meaning(turn: Turn, hits: Sequence[OwnHit], query: str) -> list[tuple[OwnHit, float]]:
    """The passages with the closeness of their nearest sentence, nearest first."""
    said = [
        (at, text, f"{hit.passage.section or hit.passage.title}: {text}")
        for at, hit in enumerate(hits)
        for text in sentences.sentences(hit.passage.text)
    ][:_SENTENCES]
    if not said:
        return []
    embeddings = turn.recall.embeddings
    close = embed(embeddings, [text for _, plain, headed in said for text in (plain, headed)]) @ query_vector(embeddings, query)
    best: dict[int, float] = {}
    for row, (at, _, _) in enumerate(said):
        best[at] = max(best.get(at, -1.0), float(close[2 * row] + close[2 * row + 1]) / 2)
    return sorted(((hits[at], near) for at, near in best.items()), key=lambda one: -one[1])
