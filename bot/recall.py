"""Search as one person may: joins the scoped record to the index, which knows nothing of either."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm_store import passages, passages_vectors
from crm_store.access import ScopedSession
from crm_store.passages import Filter
from crm_store.passages_places import place
from crm_store.people import Caller
from crm_store.store import Store
from knowledge.citations import Passage
from knowledge.embeddings import Embeddings, describe
from knowledge.ranking import FusionWeights
from knowledge.records import Selection
from knowledge.search import Hit, LexicalHit, NearestVectors, neighbours, search
from knowledge.vectors import Vectors, from_bytes


@dataclass(frozen=True)
class Source:
    """The chunks that one filter and one scope permit, as a search takes them."""

    session: ScopedSession
    filter: Filter
    model: str
    dimension: int

    def permitted_count(self, most: int) -> int:
        return passages.permitted_count(self.session, self.filter, most)

    def selection(self) -> Selection:
        where = place(self.session, self.filter)
        return Selection(where.groups, where.documents, self.filter.kinds, self.filter.since, self.filter.until)

    def permitted_among(self, ids: Sequence[str]) -> set[str]:
        return passages.permitted_among(self.session, self.filter, ids)

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        return self._unpacked(passages_vectors.vectors(self.session, self.filter, ids, self.model))

    def all_vectors(self) -> Iterator[tuple[list[str], Vectors]]:
        return map(self._unpacked, passages_vectors.permitted_vectors(self.session, self.filter, self.model))

    def _unpacked(self, rows: Sequence[tuple[str, bytes]]) -> tuple[list[str], Vectors]:
        return [id_ for id_, _ in rows], from_bytes([vector for _, vector in rows], self.dimension)

    def lexical(self, query: str, limit: int) -> list[LexicalHit]:
        return [LexicalHit(id_, score) for id_, score in passages.lexical(self.session, self.filter, query, limit)]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [
            Passage(
                chunk_id=p.chunk_id, document_id=p.document_id, kind=p.kind, title=p.title, header=p.header, text=p.text,
                speaker=p.speaker, at=p.at, ordinal=p.ordinal, url=p.url,
            )
            for p in passages.passages(self.session, ids)
        ]  # fmt: skip


class Recall:
    """Finds passages by their words and their meaning. ``index`` is None where there is none to ask; stored vectors are
    compared exactly then."""

    def __init__(
        self, store: Store, embeddings: Embeddings, index: NearestVectors | None, dense_weight: float | None = None
    ) -> None:
        self._store, self.embeddings, self._index = store, embeddings, index
        self._model = describe(embeddings)
        self._weights = None if dense_weight is None else FusionWeights(dense_weight, 1 - dense_weight)

    def search(
        self,
        caller: Caller,
        query: str,
        *,
        today: date,
        account_ids: Sequence[str] | None = None,
        contact_ids: Sequence[str] | None = None,
        deal_ids: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        k: int = 8,
    ) -> list[Hit]:
        """The best ``k`` passages that the caller may see, best first. Days are the caller's, both included."""
        about = Filter(
            account_ids=_set(account_ids),
            contact_ids=_set(contact_ids),
            deal_ids=_set(deal_ids),
            kinds=_set(kinds),
            since=_midnight(since, caller),
            until=_midnight(until + timedelta(days=1) if until else None, caller),
        )
        with self._store.read(caller.scope) as session:
            source = Source(session, about, self._model.key, self._model.dimension)
            return search(query, source, self.embeddings, self._index, k=k, weights=self._weights, today=today)

    def around(self, caller: Caller, hit: Hit, *, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages next to that of ``hit`` in the same document, in reading order and without it, that the caller may see."""
        with self._store.read(caller.scope) as session:
            source = Source(session, Filter(), self._model.key, self._model.dimension)
            found = neighbours(hit, source, before=before, after=after)
        return [one for one in found if one.chunk_id != hit.passage.chunk_id]


def _set(ids: Sequence[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)


def _midnight(day: date | None, caller: Caller) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), caller.zone)
