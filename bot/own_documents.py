"""The company's own documents: imported from a folder, kept in the record, found again by their words and their meaning."""

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import BadInput
from bot.own_reading import PACKED, READABLE, OwnSection, OwnText, read_own_text
from crm_store import own_documents as kept
from crm_store.access import Scope, ScopedSession
from crm_store.own_documents import (
    LONGEST_FOLDER,
    LONGEST_PATH,
    NewOwnDocument,
    NewOwnPassage,
    OwnDocumentFacts,
    OwnPassageFacts,
)
from crm_store.store import Store
from knowledge import words
from knowledge.chunks import embedding_text, split
from knowledge.documents import Document
from knowledge.embeddings import Embeddings, describe, embed, query_vector
from knowledge.vectors import from_bytes, to_bytes

MOST_BYTES = 5_000_000
"""A larger file is no sheet or policy that a person wrote."""
MOST_BYTES_PACKED = 30_000_000
"""The same for Word and PDF files, whose pictures and fonts are left out."""
FILES = ".docx, .pdf, .md, .html or .txt"
_SYSTEM = Scope.system("own documents")
_BATCH = 64
"""Passages that one transaction gives their vectors."""
_WORDING = 0.6
"""How much of a score is wording, as in :mod:`knowledge.ranking`."""


@dataclass(frozen=True, slots=True)
class OwnImport:
    """What became of a folder's files; ``left_out`` are (path, why)."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    passages: int = 0

    def in_words(self) -> str:
        counts = {"new": self.created, "changed": self.updated, "unchanged": self.unchanged, "removed": self.removed}
        said = ", ".join(f"{len(paths)} {what}" for what, paths in counts.items() if paths) or "nothing"
        left_out = (f"\n  left out: {why}" for _, why in self.left_out)
        return f"Documents: {said}; {self.passages} passages can be found.{''.join(left_out)}"


@dataclass(frozen=True, slots=True)
class OwnHit:
    """A passage and how sure we are of it, as :class:`knowledge.search.Hit`."""

    passage: OwnPassageFacts
    score: float
    cosine: float
    coverage: float


def import_own_documents(store: Store, embeddings: Embeddings, path: Path, *, now: datetime) -> OwnImport:
    """Bring the record in step with a folder: new and changed files are read, files that are gone are forgotten. A single
    file leaves the others of its folder alone. A folder is known by where it lies, so another one of the same name is another.

    :raises BadInput: when there is nothing to read at ``path``.
    """
    path = path.resolve()
    files = _files(path)
    root = path if path.is_dir() else path.parent
    folder = _place(root)
    if not files:
        raise BadInput(f"{path} holds no files that can be read; give a folder of {FILES} files.")
    model = describe(embeddings)
    with store.write(_SYSTEM) as session:
        kept.place_own_documents(session, root.name[:LONGEST_FOLDER], folder, {_name(file, root) for file in files})
    with store.read(_SYSTEM) as session:
        known = {each.path: each for each in kept.own_documents(session) if each.folder == folder}
    created: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    left_out: list[tuple[str, str]] = []
    passages = 0
    for file in files:
        name = _name(file, root)
        try:
            content = _content(file, name)
            digest = hashlib.sha256(content).hexdigest()
            if name in known and known[name].digest == digest:
                unchanged.append(name)
                passages += known[name].passages
                continue
            text = read_own_text(name, content)
        except BadInput as error:
            left_out.append((name, str(error)))
            continue
        at = min(datetime.fromtimestamp(file.stat().st_mtime, UTC), now)
        document = NewOwnDocument(folder, name, text.title[:300], at, digest)
        made = _passages(text, at, embeddings)
        with store.write(_SYSTEM) as session:
            before = kept.keep_own_document(session, document, made, model=model.key, now=now)
        (updated if before else created).append(name)
        passages += len(made)
    gone = sorted(set(known) - {_name(file, root) for file in files}) if path.is_dir() else []
    if gone:
        with store.write(_SYSTEM) as session:
            kept.drop_own_documents(session, folder, gone)
    embed_own_documents(store, embeddings)
    return OwnImport(tuple(created), tuple(updated), tuple(unchanged), tuple(gone), tuple(left_out), passages)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise BadInput(f"{path} is not there; give a folder of {FILES} files.")
    found = (each for each in path.rglob("*") if each.is_file() and each.suffix.casefold() in READABLE)
    return sorted(each for each in found if not any(part.startswith(".") for part in each.relative_to(path).parts))


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _place(root: Path) -> str:
    """What a folder is known by: where it lies, the end of it where that is long."""
    place = root.as_posix()
    if len(place) <= LONGEST_FOLDER:
        return place
    mark = hashlib.sha256(place.encode()).hexdigest()[:16]
    return f"{mark}…{place[len(mark) + 1 - LONGEST_FOLDER :]}"


def _content(file: Path, name: str) -> bytes:
    if len(name) > LONGEST_PATH:
        raise BadInput(f"{file.name} lies too deep: its path in the folder is longer than {LONGEST_PATH} characters. Move it up.")
    try:
        most = MOST_BYTES_PACKED if file.suffix.casefold() in PACKED else MOST_BYTES
        if file.stat().st_size > most:
            raise BadInput(f"{file.name} is larger than {most // 1_000_000} MB; cut it into parts and import them.")
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file.name} cannot be read ({error.strerror}).") from error


def _passages(text: OwnText, at: datetime, embeddings: Embeddings) -> list[NewOwnPassage]:
    blocks = [(each, piece) for each in text.sections for piece in _blocks(text.title, each, at)]
    if not blocks:
        return []
    heads = [_head(text.title, section.heading) for section, _ in blocks]
    vectors = embed(embeddings, [embedding_text(head, piece) for head, (_, piece) in zip(heads, blocks, strict=True)])
    return [
        NewOwnPassage(section.heading, piece, sorted(set(words.content_words(f"{head} {piece}"))), to_bytes(vector))
        for head, (section, piece), vector in zip(heads, blocks, vectors, strict=True)
    ]


def _head(title: str, heading: str) -> str:
    return f"{title} · {heading}" if heading else title


def _blocks(title: str, section: OwnSection, at: datetime) -> Iterator[str]:
    """A section in pieces that the model reads whole."""
    document = Document.from_text(
        id="own", kind="document", title=title, at=at, header=_head(title, section.heading), text=section.text
    )
    for chunk in split(document):
        yield chunk.text


def embed_own_documents(store: Store, embeddings: Embeddings, stop: Callable[[], bool] = lambda: False) -> None:
    """Give the passages that another model embedded their vectors of this one. May be stopped and called again. They are found
    by their words until then."""
    model = describe(embeddings)
    done = set[str]()
    while not stop():
        with store.read(_SYSTEM) as session:
            batch = kept.own_passages_to_embed(session, model.key, _BATCH)
        if not batch or batch[0].id in done:  # a process with the other model may be giving them its vectors again
            return
        vectors = embed(embeddings, [embedding_text(_head(one.title, one.section), one.text) for one in batch])
        made = [(one.id, one.text, to_bytes(vector)) for one, vector in zip(batch, vectors, strict=True)]
        with store.write(_SYSTEM) as session:
            kept.keep_own_vectors(session, made, model.key)
        done.update(one.id for one in batch)


def search_own_documents(session: ScopedSession, embeddings: Embeddings, query: str, *, most: int = 5) -> list[OwnHit]:
    """The best passages of the company's own documents for a question, best first. A few thousand are compared exactly; those
    that this model did not embed yet are found by their words alone."""
    total = kept.count_own_passages(session)
    if not total or not query.strip():
        return []
    terms = words.query_terms(query)
    cosines = _cosines(session, embeddings, query)
    stems = list(dict.fromkeys(stem for term in terms for stem in words.content_words(term)))
    wording = _weights(kept.own_passages_with(session, stems), total, len(stems))
    near = sorted(cosines, key=lambda id_: -cosines[id_])[: most * 4]
    scores = {id_: _score(wording.get(id_, 0.0), cosines.get(id_)) for id_ in {*near, *wording}}
    best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:most]
    rows = {row.id: row for row in kept.own_passages(session, best)}
    return [
        OwnHit(rows[id_], scores[id_], cosines.get(id_, 0.0), _coverage(terms, rows[id_])) for id_ in best if id_ in rows
    ]


def _cosines(session: ScopedSession, embeddings: Embeddings, query: str) -> dict[str, float]:
    """The closeness in meaning of each passage that this model embedded."""
    model = describe(embeddings)
    stored = kept.own_vectors(session, model.key)
    if not stored:
        return {}
    cosines = from_bytes([vector for _, vector in stored], model.dimension) @ query_vector(embeddings, query)
    return {id_: float(cosine) for (id_, _), cosine in zip(stored, cosines, strict=True)}


def _score(wording: float, cosine: float | None) -> float:
    return wording if cosine is None else _WORDING * wording + (1 - _WORDING) * max(cosine, 0.0)


def _weights(found: Sequence[tuple[str, tuple[bool, ...]]], total: int, stems: int) -> dict[str, float]:
    """How much of the question's words each passage has, from 0 to 1; rare words weigh more."""
    rarity = [math.log(1 + total / (1 + sum(held[at] for _, held in found))) for at in range(stems)]
    whole = sum(rarity) or 1.0
    return {id_: sum(weight for weight, has in zip(rarity, held, strict=True) if has) / whole for id_, held in found}


def _coverage(terms: Sequence[str], passage: OwnPassageFacts) -> float:
    said = f"{passage.title}\n{passage.section}\n{passage.text}"
    return len(words.matched_terms(terms, said)) / len(terms) if terms else 0.0


def forget_own_documents(store: Store, folder: Path) -> int:
    """Forget what was imported from a folder, given as where it lies or as the list of documents calls it; returns how many
    documents that were.

    :raises BadInput: when nothing was imported from there.
    """
    names = {str(folder), _place(folder.resolve())}
    with store.write(_SYSTEM) as session:
        there = [each for each in kept.own_documents(session) if each.folder in names]
        for name in names:
            kept.drop_own_documents(session, name, [each.path for each in there if each.folder == name])
    if not there:
        raise BadInput(f"No documents were imported from {folder}. 'rapport documents list' says from where they were.")
    return len(there)


def own_documents_of(store: Store) -> tuple[OwnDocumentFacts, ...]:
    """Every document that was imported, by folder and path; a folder is where it lay."""
    with store.read(_SYSTEM) as session:
        return kept.own_documents(session)
