"""The company's own documents: imported from a folder, kept in the record, found again by their words and their meaning."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import BadInput
from bot.own_reading import PACKED, READABLE, OwnSection, OwnText, read_own_text
from crm_store import own_documents as kept
from crm_store.access import Scope, ScopedSession
from crm_store.own_documents import NewOwnDocument, NewOwnPassage, OwnDocumentFacts, OwnPassageFacts
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
    file leaves the others of its folder alone.

    :raises BadInput: when there is nothing to read at ``path``.
    """
    path = path.resolve()
    files = _files(path)
    root = path if path.is_dir() else path.parent
    if not files:
        raise BadInput(f"{path} holds no files that can be read; give a folder of {FILES} files.")
    model = describe(embeddings)
    with store.read(_SYSTEM) as session:
        known = {each.path: each for each in kept.own_documents(session) if each.folder == root.name}
    created: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    left_out: list[tuple[str, str]] = []
    passages = 0
    for file in files:
        name = file.relative_to(root).as_posix()
        try:
            content = _content(file)
            text = read_own_text(name, content)
        except BadInput as error:
            left_out.append((name, str(error)))
            continue
        digest = hashlib.sha256(model.key.encode() + content).hexdigest()
        if name in known and known[name].digest == digest:
            unchanged.append(name)
            passages += known[name].passages
            continue
        at = min(datetime.fromtimestamp(file.stat().st_mtime, UTC), now)
        document = NewOwnDocument(root.name[:120], name[:300], text.title[:300], at, digest)
        made = _passages(text, at, embeddings)
        with store.write(_SYSTEM) as session:
            before = kept.keep_own_document(session, document, made, model=model.key, now=now)
        (updated if before else created).append(name)
        passages += len(made)
    gone = sorted(set(known) - {file.relative_to(root).as_posix() for file in files}) if path.is_dir() else []
    if gone:
        with store.write(_SYSTEM) as session:
            kept.drop_own_documents(session, root.name, gone)
    return OwnImport(tuple(created), tuple(updated), tuple(unchanged), tuple(gone), tuple(left_out), passages)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise BadInput(f"{path} is not there; give a folder of {FILES} files.")
    found = (each for each in path.rglob("*") if each.is_file() and each.suffix.casefold() in READABLE)
    return sorted(each for each in found if not any(part.startswith(".") for part in each.relative_to(path).parts))


def _content(file: Path) -> bytes:
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


def search_own_documents(session: ScopedSession, embeddings: Embeddings, query: str, *, most: int = 5) -> list[OwnHit]:
    """The best passages of the company's own documents for a question, best first. A few thousand are compared exactly."""
    terms = words.query_terms(query)
    model = describe(embeddings)
    stored = kept.own_vectors(session, model.key)
    if not stored or not query.strip():
        return []
    matrix = from_bytes([vector for _, vector in stored], model.dimension)
    cosines = dict(zip([id_ for id_, _ in stored], (float(one) for one in matrix @ query_vector(embeddings, query)), strict=True))
    stems = list(dict.fromkeys(stem for term in terms for stem in words.content_words(term)))
    wording = _weights(kept.own_passages_with(session, stems), len(stored), len(stems))
    near = sorted(cosines, key=lambda id_: -cosines[id_])[: most * 4]
    scores = {
        id_: _WORDING * wording.get(id_, 0.0) + (1 - _WORDING) * max(cosines.get(id_, 0.0), 0.0) for id_ in {*near, *wording}
    }
    best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:most]
    rows = {row.id: row for row in kept.own_passages(session, best)}
    return [
        OwnHit(rows[id_], scores[id_], cosines.get(id_, 0.0), _coverage(terms, rows[id_])) for id_ in best if id_ in rows
    ]


def _weights(found: Sequence[tuple[str, tuple[bool, ...]]], total: int, stems: int) -> dict[str, float]:
    """How much of the question's words each passage has, from 0 to 1; rare words weigh more."""
    rarity = [math.log(1 + total / (1 + sum(held[at] for _, held in found))) for at in range(stems)]
    whole = sum(rarity) or 1.0
    return {id_: sum(weight for weight, has in zip(rarity, held, strict=True) if has) / whole for id_, held in found}


def _coverage(terms: Sequence[str], passage: OwnPassageFacts) -> float:
    said = f"{passage.title}\n{passage.section}\n{passage.text}"
    return len(words.matched_terms(terms, said)) / len(terms) if terms else 0.0


def own_documents_of(store: Store) -> tuple[OwnDocumentFacts, ...]:
    """Every document that was imported, by folder and path."""
    with store.read(_SYSTEM) as session:
        return kept.own_documents(session)
