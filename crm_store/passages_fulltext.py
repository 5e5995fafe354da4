"""The full-text index of passages: FTS5 on SQLite, whose lines are kept here; PostgreSQL keeps a column of its own.

Nothing here knows who may see what. A line carries a token for whose it is, which narrows a search; every hit is read
again through the scope by :mod:`crm_store.passages`.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

from sqlalchemy import text
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession

MOST_TERMS = 32
MOST_TERM_CHARS = 100
"""PostgreSQL refuses a search for a word of 2 KB, and nobody types one that long."""
_WORD = re.compile(r"\w+")
_COMMON = frozenset([
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does",
    "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "is", "it", "its",
    "me", "my", "no", "not", "of", "on", "or", "our", "she", "should", "so", "that", "the", "their", "them",
    "there", "they", "this", "to", "us", "was", "we", "were", "what", "when", "where", "which", "who", "why",
    "will", "with", "would", "you", "your",
])  # fmt: skip


def search_terms(query: str) -> list[str]:
    """The words to look for: no more than a few dozen, without those that every text has."""
    seen = dict.fromkeys(word.lower()[:MOST_TERM_CHARS] for word in _WORD.findall(query))
    rare = [word for word in seen if word not in _COMMON]
    return (rare or list(seen))[:MOST_TERMS]


def add_lines(session: ScopedSession, lines: Sequence[tuple[str, str, str]]) -> None:
    """Add chunks, given by whose they are, id and words, to the index of SQLite."""
    statement = text("INSERT INTO chunk_fts (rowid, acl, body, chunk_id) VALUES (:rowid, :acl, :body, :id)")
    if lines:
        with session.raw("full-text index"):
            session.execute(
                statement, [{"rowid": _rowid(id_), "acl": acl, "body": body, "id": id_} for acl, id_, body in lines]
            )


def drop_lines(session: ScopedSession, chunk_ids: Sequence[str]) -> None:
    """Drop chunks from the index of SQLite."""
    with session.raw("full-text index"):
        session.execute(
            text("DELETE FROM chunk_fts WHERE rowid = :rowid"), [{"rowid": _rowid(id_)} for id_ in chunk_ids]
        )


def move_lines(session: ScopedSession, old: str, new: str) -> None:
    """Give every line of one account or owner, as its token, to another in the index of SQLite."""
    statement = text(
        "UPDATE chunk_fts SET acl = :new WHERE rowid IN (SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH :match)"
    )
    with session.raw("full-text index"):
        session.execute(statement, {"new": new, "match": f'{{acl}} : ("{old}")'})


def mark_lines(session: ScopedSession, chunk_ids: Sequence[str], acl: str) -> None:
    """Say whose these chunks are in the index of SQLite."""
    statement = text("UPDATE chunk_fts SET acl = :acl WHERE rowid = :rowid")
    if chunk_ids:
        with session.raw("full-text index"):
            session.execute(statement, [{"acl": acl, "rowid": _rowid(id_)} for id_ in chunk_ids])


def best(session: ScopedSession, match: str, fetch: int) -> list[tuple[str, float]]:
    """Ids and scores of the best lines of SQLite's index, whoever may see them."""
    statement = text(
        "SELECT chunk_id, -bm25(chunk_fts, 0.0, 1.0, 0.0) AS score FROM chunk_fts "
        "WHERE chunk_fts MATCH :match ORDER BY score DESC LIMIT :fetch"
    )
    with session.raw("full-text search; every hit is read again through the scope"):
        return [(str(r[0]), float(r[1])) for r in session.execute(statement, {"match": match, "fetch": fetch})]


def acl_token(account_id: str | None, owner_id: str | None) -> str:
    """Whose a line is, as one word."""
    return f"a{account_id.replace('-', '')}" if account_id else f"o{(owner_id or '').replace('-', '')}"


def _rowid(chunk_id: str) -> int:
    """A stable 63 bit number for a chunk, so that its line in the full-text index can be dropped without a search."""
    return int.from_bytes(blake2b(chunk_id.encode(), digest_size=8).digest(), "big") >> 1


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
