"""Taking a person out of the texts of the record, inside ``session.raw()`` and one transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.access import ScopedSession
from crm_store.models import ChangeLine, Chunk, ConversationTurn, Document, Interaction, Merged, Participant
from crm_store.passages_fulltext import acl_token, add_lines, drop_lines, is_sqlite
from crm_store.people_data.scanning import named
from crm_store.people_data.subject import Subject
from crm_store.people_data.terms import ERASED, Terms
from crm_store.references import references, table_of

MARK = {"erased": True}
"""What the audit keeps of a line that held something of an erased person."""
_PAGE = 5_000
_SOURCE = {"interaction": "interaction", "case": "case", "survey_response": "survey", "account": "account"}


# Conversations.


def conversations(session: Session, subject: Subject) -> tuple[set[str], set[str]]:
    """The interactions that this person alone of theirs took part in, and the others they took part in."""
    parts = table_of(Participant)
    took_part = set(session.scalars(select(parts.c.interaction_id).where(parts.c.contact_id.in_(subject.contact_ids))))
    with_others: set[str] = set()
    for page in pages(took_part):
        others = select(parts.c.interaction_id, parts.c.contact_id, parts.c.name).where(
            parts.c.interaction_id.in_(page), parts.c.person_id.is_(None)
        )
        for interaction_id, contact_id, name in session.execute(others):
            if (contact_id is not None and contact_id not in subject.contact_ids) or (contact_id is None and name):
                with_others.add(interaction_id)
    return took_part - with_others, with_others


def linked_rows(session: Session, subject: Subject, interactions: set[str]) -> dict[str, set[str]]:
    """The rows, by table, that are about the person."""
    found: dict[str, set[str]] = {"interaction": set(interactions)}
    for reference in references("contact"):
        its = select(reference.table.c.id).where(about(reference, subject))
        found.setdefault(reference.table.name, set()).update(session.scalars(its))
    documents, chunks = table_of(Document), table_of(Chunk)
    for page in pages(interactions):
        texts = select(documents.c.id).where(documents.c.source == "interaction", documents.c.source_id.in_(page))
        ids = list(session.scalars(texts))
        found.setdefault("document", set()).update(ids)
        of_them = select(chunks.c.id).where(chunks.c.document_id.in_(ids))
        found.setdefault("chunk", set()).update(session.scalars(of_them))
    return found


def about(reference: Any, subject: Subject) -> Any:
    about = reference.column.in_(subject.ids)
    return about if reference.kind is None else about & (reference.kind == "contact")


def empty(session: Session, alone: set[str]) -> None:
    table = table_of(Interaction)
    for page in pages(alone):
        session.execute(
            update(table)
            .where(table.c.id.in_(page))
            .values(subject=ERASED, body=ERASED, turns=[], outcome=None, url=None)
        )


def silence(session: Session, shared: set[str], terms: Terms) -> None:
    """In a conversation with others, what they said themselves goes."""
    table = table_of(Interaction)
    for page in pages(shared):
        for id_, turns in session.execute(select(table.c.id, table.c.turns).where(table.c.id.in_(page))).all():
            said = [
                turn | {"speaker": ERASED, "text": ERASED} if _is_them(turn.get("speaker"), terms) else turn
                for turn in turns or []
            ]
            if said != turns:
                session.execute(update(table).where(table.c.id == id_).values(turns=said))


def _is_them(speaker: str | None, terms: Terms) -> bool:
    return bool(speaker) and ERASED in terms.redact(str(speaker), about=True)


# Texts.


@dataclass(frozen=True)
class Stale:
    """How many rows changed by table, and whose passages have to be made anew."""

    counts: Counter[str]
    rows: set[tuple[str, str]]


def redact_rows(session: Session, terms: Terms, linked: Mapping[str, Collection[str]], alone: set[str]) -> Stale:
    stale = Stale(Counter(), set())
    for row in named(session, terms, linked):
        values = dict(row.without)
        if row.table.name == ChangeLine.__tablename__:
            values["after"] = {**values.get("after", row.was["after"]), **MARK}
        elif row.table.name == Chunk.__tablename__:
            values["vector"] = None
        elif row.table.name == ConversationTurn.__tablename__ and "memory" in values:
            values["memory"] = {}
        elif row.table.name == Merged.__tablename__:
            values = {"lost": {}, "undoing": {}}
        session.execute(update(row.table).where(row.table.c.id == row.id).values(values))
        stale.counts[row.table.name] += 1
        if row.table.name in _SOURCE:
            stale.rows.add((_SOURCE[row.table.name], row.id))
        elif row.table.name == Chunk.__tablename__ and is_sqlite(session):
            _rewrite_line(session, row.id)
    documents = table_of(Document)
    for page in pages(linked.get("chunk", ())):
        session.execute(update(table_of(Chunk)).where(table_of(Chunk).c.id.in_(page)).values(vector=None))
    ids = set(linked.get("document", ()))
    for page in pages(ids):
        its = select(documents.c.source, documents.c.source_id).where(documents.c.id.in_(page))
        stale.rows.update((source, source_id) for source, source_id in session.execute(its))
    return stale


def _rewrite_line(session: Session, chunk_id: str) -> None:
    assert isinstance(session, ScopedSession)
    table = table_of(Chunk)
    columns = select(table.c.header, table.c.text, table.c.account_id, table.c.owner_id).where(table.c.id == chunk_id)
    header, text, account_id, owner_id = session.execute(columns).one()
    drop_lines(session, [chunk_id])
    add_lines(session, [(acl_token(account_id, owner_id), chunk_id, f"{header}\n{text}")])


def unread(session: Session, rows: Iterable[tuple[str, str]], *, emptied: set[str]) -> None:
    """Have the passages of these rows made anew; until then those of emptied conversations say nothing."""
    documents, chunks = table_of(Document), table_of(Chunk)
    for source, source_id in rows:
        its = (documents.c.source == source, documents.c.source_id == source_id)
        session.execute(update(documents).where(*its).values(digest=""))
        if source != "interaction" or source_id not in emptied:
            continue
        ids = list(
            session.scalars(select(chunks.c.id).where(chunks.c.document_id.in_(select(documents.c.id).where(*its))))
        )
        session.execute(update(chunks).where(chunks.c.id.in_(ids)).values(text=ERASED, speaker=None, vector=None))
        if is_sqlite(session):
            for chunk_id in ids:
                _rewrite_line(session, chunk_id)


def pages(ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = list(ids)
    for start in range(0, len(ordered), _PAGE):
        yield ordered[start : start + _PAGE]
