"""A test set as a customer record of its own: documents, chunks, full-text index and real vectors, kept in a folder for the next run."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from crm_store import passages
from crm_store.access import Scope
from crm_store.models import Account, Role
from crm_store.models import Document as Rows
from crm_store.store import Store
from knowledge.chunks import split
from knowledge.documents import Document
from knowledge.embeddings import MiniLM
from knowledge.vectors import to_bytes
from tests import builders as make
from tests.benchmarks.retrieval.question_set import QuestionSet, Text

SYSTEM = Scope.system("retrieval benchmark")


@dataclass(frozen=True)
class Record:
    """A store with what is needed to judge its answers: text ids by document id, and account ids by name."""

    store: Store
    texts: dict[str, str]
    accounts: dict[str, str]


def opened(folder: Path, test_set: QuestionSet, embeddings: MiniLM, *, headers: bool) -> Record:
    """The record of ``test_set``, made when the folder has none of exactly these texts."""
    digest = sha256(repr(test_set.texts).encode()).hexdigest()[:12]
    path = folder / f"{test_set.name.replace(' ', '-')}-{'with' if headers else 'without'}-{digest}"
    store = Store(f"sqlite:///{path / 'record.db'}")
    if not (path / "complete").exists():
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        store.migrate()
        _fill(store, test_set.texts, embeddings, headers)
        (path / "complete").touch()
    return _known(store)


def _fill(store: Store, texts: Sequence[Text], embeddings: MiniLM, headers: bool) -> None:
    documents = [
        Document.from_text(
            id=text.id, kind=text.kind, title=text.header.rsplit(" · ", 1)[-1] if headers else "", at=text.at,
            header=text.header if headers else "", text=text.body, author=None,
        )
        for text in texts
    ]  # fmt: skip
    cut = [split(document) for document in documents]
    vectors = iter(embeddings.embed_array([chunk.embedding_text for chunks in cut for chunk in chunks]))
    with store.write(SYSTEM) as session:
        owner = make.person(session, "Ida Ekman", role=Role.ADMIN)
        accounts = {name: make.account(session, name, owner).id for name in sorted({text.account for text in texts})}
        for text, document, chunks in zip(texts, documents, cut, strict=True):
            kept = passages.NewDocument(
                source="interaction", source_id=text.id, kind=text.kind, title=document.title, header=document.header, at=text.at,
                account_id=accounts[text.account], owner_id=owner.id, digest=text.id,
            )  # fmt: skip
            new = [passages.NewChunk(one.ordinal, one.text, one.speaker, one.at, to_bytes(next(vectors))) for one in chunks]
            passages.keep_document(session, kept, new, MiniLM.info.key)


def _known(store: Store) -> Record:
    with store.read(SYSTEM) as session:
        texts = {row.id: row.source_id for row in session.execute(select(Rows.id, Rows.source_id))}
        return Record(store, texts, {row.name: row.id for row in session.execute(select(Account.name, Account.id))})
