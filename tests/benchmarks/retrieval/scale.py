"""A record of many passages, and how long a search of a part of it takes, beside comparing that part's vectors one by one.

The vectors are real embeddings of the test sets' texts, each varied by seeded noise: embedding half a million texts takes hours, and
noise alone has no neighbours. The readers see 1, 10, 100, 500, 60 % and all of the accounts, which have 20 passages each.
"""

import random
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import insert

from bot.recall import Recall
from crm_store import passages_fulltext
from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.models import Account, AccountMember, Chunk, Document, Person, Role
from crm_store.people import Caller
from crm_store.store import Store
from knowledge.embeddings import MiniLM, query_vector
from knowledge.flat_index import Rows
from knowledge.index import VectorIndex
from knowledge.records import EVERYTHING, Selection, VectorRecord
from knowledge.vectors import Vectors, to_bytes, unit_rows
from tests import builders as make
from tests.benchmarks.retrieval.question_set import TODAY, Question, Text
from tests.benchmarks.retrieval.records import SYSTEM

EACH = 20
"""Passages of an account."""
NOISE = 0.35
Item = TypeVar("Item")
_PAGE = 10_000
_K = 10


@dataclass(frozen=True)
class Reader:
    """Somebody who sees ``accounts`` of the accounts."""

    name: str
    accounts: int
    person_id: str


@dataclass(frozen=True)
class Big:
    """A record of ``size`` passages, its index, and its readers."""

    size: int
    store: Store
    index: VectorIndex
    readers: tuple[Reader, ...]
    vectors: Vectors


@dataclass(frozen=True)
class Timed:
    """Milliseconds at the median and at the 95th percentile, and of processor time at the median, which a busy machine changes less."""

    median: float
    p95: float
    processor: float

    def __str__(self) -> str:
        return f"{self.median:8.1f} {self.p95:8.1f} {self.processor:8.1f}"


@dataclass(frozen=True)
class Line:
    """One size of filter: exact comparison of the permitted vectors, the index, and the whole search; and what was recalled."""

    permitted: int
    exact: Timed
    index: Timed
    search: Timed
    recall: float


def build(folder: Path, size: int, texts: Sequence[Text], base: Vectors, url: str | None = None) -> Big:
    """The record and index of ``size`` passages, made when ``folder`` has none. ``base`` are the vectors of ``texts``, and ``url``
    is an empty PostgreSQL database, or the one of an earlier run."""
    path = folder / (f"{size}" if url is None else f"{size}-{crc32(url.encode()):08x}")
    store = Store(url or f"sqlite:///{path / 'record.db'}")
    vectors = _varied(base, size)
    if not (path / "complete").exists():
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        store.migrate()
        accounts = _people(store, size // EACH)
        for start in range(0, size, _PAGE):
            _add(store, accounts, texts, vectors, range(start, min(size, start + _PAGE)))
            _progress("passages kept", start + _PAGE, size)
        with store.write(SYSTEM) as session:
            session.connection().exec_driver_sql("ANALYZE")  # as PostgreSQL does by itself, some minutes later
        with VectorIndex.open(path / "chroma", MiniLM.info) as index:
            index.rebuild(_records(accounts, vectors), size, partial(_progress, "vectors indexed"))
        (path / "complete").touch()
    with store.read(SYSTEM) as session:
        rows = session.query(Person).all()
        readers = [Reader(row.name, int(row.name.split()[-1]), row.id) for row in rows if row.name.startswith("Sees")]
    readers.sort(key=lambda reader: reader.accounts)
    return Big(size, store, VectorIndex.open(path / "chroma", MiniLM.info), tuple(readers), vectors)


def measured(big: Big, embeddings: MiniLM, questions: Sequence[Question]) -> Iterator[Line]:
    """A line for each reader. Every question is asked once before it is timed."""
    recall = Recall(big.store, embeddings, big.index)
    with big.store.read(SYSTEM) as session:
        owners = {account.id: account.name for account in session.query(Account)}
    place = {id_: int(name.split()[-1]) for id_, name in owners.items()}
    for reader in big.readers:
        rows = np.arange(reader.accounts * EACH)
        everyone = reader.accounts * EACH >= big.size
        scope = Scope.system("all") if everyone else Scope(reader.person_id, frozenset({reader.person_id}))
        covers = frozenset({reader.person_id})
        caller = Caller(reader.person_id, "", reader.name, Role.REP, None, covers, ZoneInfo("UTC"), scope)
        groups = frozenset(f"a{id_.replace('-', '')}" for id_, number in place.items() if number < reader.accounts)
        selection = EVERYTHING if everyone else Selection(groups=groups)
        asked = [(question.text, query_vector(embeddings, question.text)) for question in questions]
        shuffled = np.sort(np.random.default_rng(1).permutation(big.size)[: len(rows)])
        vectors = [vector for _, vector in asked]
        exact = _timed(partial(_nearest, big.vectors, shuffled), vectors)
        index = _timed(partial(big.index.nearest, k=100, selection=selection), vectors)
        search = _timed(partial(recall.search, caller, today=TODAY), [text for text, _ in asked])
        recalled = [
            len({f"{number:08d}:0" for number in _nearest(big.vectors, rows, vector)[:_K].tolist()}
                & {one.id for one in big.index.nearest(vector, 100, selection)[:_K]}) / _K
            for _, vector in asked
        ]  # fmt: skip
        yield Line(len(rows), exact, index, search, statistics.mean(recalled))


def _progress(what: str, done: int, total: int) -> None:
    if done % _PAGE == 0:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {done:>8,} of {total:,} {what}\n")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _nearest(vectors: Vectors, rows: Rows, vector: Vectors) -> Rows:
    """The 100 best of ``rows``, in the plainest way there is."""
    cosines = (vectors if len(rows) == len(vectors) else vectors[rows]) @ vector
    best = np.argpartition(-cosines, min(100, len(rows) - 1))[:100]
    return np.asarray(rows[best[np.argsort(-cosines[best])]])


def _timed(work: Callable[[Item], object], asked: Sequence[Item]) -> Timed:
    taken: list[tuple[float, float]] = []
    for one in asked:
        work(one)
    for one in asked:
        begun, processor = time.perf_counter(), time.process_time()
        work(one)
        taken.append(((time.perf_counter() - begun) * 1000, (time.process_time() - processor) * 1000))
    waited, spent = (sorted(times) for times in zip(*taken, strict=True))
    return Timed(statistics.median(waited), waited[int(len(waited) * 0.95)], statistics.median(spent))


def _varied(base: Vectors, size: int) -> Vectors:
    found = np.empty((size, base.shape[1]), dtype=np.float32)
    for start in range(0, size, _PAGE):
        draw = np.random.default_rng(start)
        rows = np.arange(start, min(size, start + _PAGE))
        noise = unit_rows(draw.normal(size=(len(rows), base.shape[1])))
        found[rows] = unit_rows(base[rows * 7919 % len(base)] + NOISE * noise)
    return found


def _records(accounts: Sequence[str], vectors: Vectors) -> Iterator[VectorRecord]:
    for number, vector in enumerate(vectors):
        group = f"a{accounts[number // EACH].replace('-', '')}"
        yield VectorRecord(f"{number:08d}:0", vector, group, "note", _day(number))


def _day(number: int) -> datetime:
    return datetime(2026, 11, 1, 9, tzinfo=UTC) - timedelta(minutes=number)


def _people(store: Store, count: int) -> list[str]:
    """Accounts of one owner, and the people who see the first of them."""
    with store.write(SYSTEM) as session:
        owner = make.person(session, "Ida Ekman")
        readers = [
            (seen, make.person(session, f"Sees {seen}", email=f"sees-{seen}@halvern.example"))
            for seen in sorted({1, 10, 100, min(500, count), count * 6 // 10, count})
        ]
        ids = [new_id() for _ in range(count)]
        edited = {"created_at": make.NOW, "updated_at": make.NOW, "version": 1, "kind": "customer", "owner_id": owner.id}
        session.execute(insert(Account), [{"id": id_, "name": f"Company {number}", **edited} for number, id_ in enumerate(ids)])
        seats = [
            {"id": new_id(), "account_id": id_, "person_id": person.id} for seen, person in readers for id_ in ids[:seen]
        ]
        session.execute(insert(AccountMember), seats)
    return ids


def _add(store: Store, accounts: Sequence[str], texts: Sequence[Text], vectors: Vectors, numbers: range) -> None:
    draw = random.Random(numbers.start)
    model = MiniLM.info.key
    documents: list[dict[str, Any]] = []
    chunks: list[dict[str, Any]] = []
    lines: list[tuple[str, str, str]] = []
    for number in numbers:
        text, account, at = texts[number * 7919 % len(texts)], accounts[number // EACH], _day(number)
        id_, header = f"{number:08d}", f"Company {number // EACH} · note {at:%d %b %Y}"
        body = f"{text.body} Ticket {draw.randrange(10**6)}."
        both = {"header": header, "at": at, "account_id": account, "owner_id": None}
        named = {"id": id_, "source": "interaction", "source_id": id_, "kind": "note", "title": "Note", "digest": id_}
        documents.append(named | both)
        made = {"id": f"{id_}:0", "document_id": id_, "ordinal": 0, "text": body, "speaker": None, "model": model}
        chunks.append(made | both | {"vector": to_bytes(vectors[number])})
        lines.append((passages_fulltext.acl_token(account, None), f"{id_}:0", f"{header}\n{body}"))
    with store.write(SYSTEM) as session:
        session.execute(insert(Document), documents)
        session.execute(insert(Chunk), chunks)
        if passages_fulltext.is_sqlite(session):
            passages_fulltext.add_lines(session, lines)
