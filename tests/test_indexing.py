"""Keeping passages in step with the record: edits, moves, deletions, repeats and two indexers at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.indexing import Indexer
from crm_store import passages, texts
from crm_store.access import Scope
from crm_store.models import Account, Chunk, Document, Interaction, Participant
from crm_store.passages import Filter
from crm_store.store import Store
from knowledge.embeddings import Embeddings, describe, load_embeddings
from knowledge.index import VectorIndex
from tests import builders as make

SYSTEM = Scope.system("test")


@pytest.fixture(scope="module")
def embeddings() -> Embeddings:
    return load_embeddings("minilm-int8", threads=1)


def _company(store: Store) -> tuple[str, str, str]:
    """Two accounts with an owner each and a call at the first."""
    with store.write(SYSTEM) as session:
        first = make.account(session, "Meridian", make.person(session, "Ida Ekman"))
        second = make.account(session, "Meridian", make.person(session, "Per Falk"))
        return first.id, second.id, make.interaction(session, first, "They asked for a security review.", subject="Call").id


def _chunks(store: Store) -> list[tuple[str, str | None, bool]]:
    with store.read(SYSTEM) as session:
        rows = session.execute(select(Chunk.text, Chunk.account_id, Chunk.vector.is_not(None)))
        return [(words, account, embedded) for words, account, embedded in rows]


def _found(store: Store, words: str) -> int:
    with store.read(SYSTEM) as session:
        return len(passages.lexical(session, Filter(), words, 10))


def test_an_edited_row_is_found_by_its_new_words_and_a_deleted_one_by_none(
    sqlite_store: Store, embeddings: Embeddings, tmp_path: Path
) -> None:
    first, _, call = _company(sqlite_store)
    with VectorIndex.open(tmp_path / "chroma", describe(embeddings)) as index:
        indexer = Indexer(sqlite_store, embeddings, index)
        for _ in range(2):
            indexer.index_row("interaction", call)
        assert (index.count(), _found(sqlite_store, "security")) == (1, 1)
        with sqlite_store.write(SYSTEM) as session:
            session.get(Interaction, call).body = "They asked about the price instead."
        indexer.index_row("interaction", call)
        assert (index.count(), _found(sqlite_store, "security"), _found(sqlite_store, "price")) == (1, 0, 1)
        assert indexer.check().healthy
        with sqlite_store.write(SYSTEM) as session:
            for part in session.scalars(select(Participant)):
                session.delete(part)
            session.flush()
            session.delete(session.get(Interaction, call))
        indexer.index_row("interaction", call)
        assert (index.count(), _found(sqlite_store, "price"), _chunks(sqlite_store)) == (0, 0, [])
    assert first


def test_a_row_that_moves_to_an_account_of_the_same_name_moves_its_passages(
    store: Store, embeddings: Embeddings
) -> None:
    first, second, call = _company(store)
    indexer = Indexer(store, embeddings, None)
    indexer.index_row("interaction", call)
    assert [account for _, account, _ in _chunks(store)] == [first]
    with store.write(SYSTEM) as session:
        session.get(Interaction, call).account_id = second
    indexer.index_row("interaction", call)
    assert [account for _, account, _ in _chunks(store)] == [second]


def test_the_index_takes_what_it_lacks_and_drops_what_is_gone(
    sqlite_store: Store, embeddings: Embeddings, tmp_path: Path
) -> None:
    _, _, call = _company(sqlite_store)
    Indexer(sqlite_store, embeddings, None).index_row("interaction", call)
    with VectorIndex.open(tmp_path / "chroma", describe(embeddings)) as index:
        indexer = Indexer(sqlite_store, embeddings, index)
        indexer.fill_index()
        assert index.count() == 1
        with sqlite_store.write(SYSTEM) as session:  # as after a crash between the record and the index
            passages.drop_document(session, "interaction", call)
        indexer.fill_index()
        assert index.count() == 0


def test_passages_of_another_model_are_embedded_again(store: Store, embeddings: Embeddings) -> None:
    _, _, call = _company(store)
    indexer = Indexer(store, embeddings, None)
    indexer.index_row("interaction", call)
    for all_of_them in (True, False):
        with store.write(SYSTEM) as session:
            for chunk in session.scalars(select(Chunk)):
                chunk.model = "another"
        if all_of_them:
            indexer.index_missing()
        else:
            indexer.index_row("interaction", call)
        with store.read(SYSTEM) as session:
            assert session.scalars(select(Chunk.model)).all() == [describe(embeddings).key]


def test_two_indexers_and_the_jobs_of_single_rows_do_not_get_in_each_others_way(
    store: Store, embeddings: Embeddings
) -> None:
    with store.write(SYSTEM) as session:
        account = make.account(session, "Meridian", make.person(session, "Ida Ekman"))
        calls = [make.interaction(session, account, f"Call number {number}").id for number in range(20)]
    indexer, other = Indexer(store, embeddings, None), Indexer(store, embeddings, None)
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(indexer.index_missing), pool.submit(other.index_missing)]
        runs += [pool.submit(indexer.index_row, "interaction", call) for call in reversed(calls)]
        for run in runs:
            run.result()
    with store.read(SYSTEM) as session:
        assert session.scalar(select(func.count(Document.id))) == 20
    assert [embedded for _, _, embedded in _chunks(store)] == [True] * 20
    assert _found(store, "number") == 10


def test_rows_without_words_do_not_wait_to_be_read(store: Store, embeddings: Embeddings) -> None:
    first, _, _ = _company(store)
    Indexer(store, embeddings, None).index_missing()
    with store.read(SYSTEM) as session:
        assert [page for source in texts.SOURCES for page in texts.not_indexed(session, source)] == []
    with store.write(SYSTEM) as session:
        session.get(Account, first).description = "They build turbines."
    with store.read(SYSTEM) as session:
        assert list(texts.not_indexed(session, "account")) == [[first]]
