"""The texts of the record: which rows have words worth finding, and what has to be known to read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.base import Base
from crm_store.models import Account, Case, Contact, Deal, Document, Interaction, Participant, Person, SurveyResponse


@dataclass(frozen=True)
class SourceText:
    """A row's words with their surroundings. ``turns`` hold a transcript's speaker, offset in seconds and text."""

    source: str
    id: str
    kind: str
    title: str
    at: datetime
    body: str
    author: str | None
    account: str | None
    deal: str | None
    people: tuple[str, ...]
    account_id: str | None
    owner_id: str | None
    turns: tuple[tuple[str | None, float | None, str], ...] = ()


_WRITTEN = ("email", "chat", "social")
SOURCES: dict[str, type[Base]] = {
    "interaction": Interaction,
    "case": Case,
    "survey": SurveyResponse,
    "account": Account,
}


_WORDS: dict[str, Any] = {"survey": SurveyResponse.comment, "account": Account.description}
"""Where the words of a row are that may have none; the others always have a subject."""


def read_texts(session: Session, source: str, ids: Sequence[str]) -> list[SourceText]:
    """The texts of these rows; rows that are gone or have no words are left out."""
    model = SOURCES[source]
    rows = list(session.scalars(select(model).where(model.id.in_(ids))))
    names = _Names(session, source, rows)
    texts = [_READERS[source](row, names) for row in rows]
    return [text for text in texts if text.body.strip() or text.turns]


def not_indexed(session: Session, source: str, page: int = 200) -> Iterator[list[str]]:
    """Ids of the rows with words that have no document yet, page by page in id order."""
    model = SOURCES[source]
    known = select(Document.id).where(Document.source == source, Document.source_id == model.id)
    missing = select(model.id).where(~known.exists()).order_by(model.id).limit(page)
    words = _WORDS.get(source)
    if words is not None:
        missing = missing.where(func.trim(words, " \t\r\n") != "")
    after = ""
    while ids := list(session.scalars(missing.where(model.id > after))):
        after = ids[-1]
        yield ids


def about(session: Session, entity: str, row_id: str) -> list[tuple[str, str]]:
    """The texts (source and id) that name an ``account`` or a ``contact``, in id order. An account that is gone is among
    them, so that its text goes as well."""
    found: set[tuple[str, str]] = {("account", row_id)} if entity == "account" else set()
    for source, model in SOURCES.items():
        named: Any = model
        if hasattr(named, f"{entity}_id"):
            ids = session.scalars(select(named.id).where(getattr(named, f"{entity}_id") == row_id))
            found |= {(source, id_) for id_ in ids}
    if entity == "contact":
        took_part = select(Participant.interaction_id).where(Participant.contact_id == row_id)
        found |= {("interaction", id_) for id_ in session.scalars(took_part)}
    return sorted(found)


class _Names:
    """The names that a page of rows refers to, read in a few statements."""

    def __init__(self, session: Session, source: str, rows: Sequence[Any]) -> None:
        def named(model: Any, ids: set[str | None]) -> dict[str, str]:
            wanted = {id_ for id_ in ids if id_}
            return (
                {row[0]: row[1] for row in session.execute(select(model.id, model.name).where(model.id.in_(wanted)))}
                if wanted
                else {}
            )

        self.accounts = named(Account, {getattr(row, "account_id", None) for row in rows})
        self.deals = named(Deal, {getattr(row, "deal_id", None) for row in rows})
        self.persons = named(Person, {getattr(row, "owner_id", None) for row in rows})
        self.parts: dict[str, list[tuple[str, str]]] = {}
        contacts = {getattr(row, "contact_id", None) for row in rows}
        if source == "interaction":
            ids = [row.id for row in rows]
            parts = list(session.scalars(select(Participant).where(Participant.interaction_id.in_(ids))))
            contacts |= {part.contact_id for part in parts}
            self.contacts = named(Contact, contacts)
            self.persons |= named(Person, {part.person_id for part in parts})
            for part in parts:
                name = self.contacts.get(part.contact_id or "") or part.name or self.persons.get(part.person_id or "")
                if name:
                    side = "us" if part.person_id else "them"
                    self.parts.setdefault(part.interaction_id, []).append((side, name))
        else:
            self.contacts = named(Contact, contacts)


def _interaction(row: Interaction, names: _Names) -> SourceText:
    parts = names.parts.get(row.id, [])
    them = [name for side, name in parts if side == "them"]
    us = [name for side, name in parts if side == "us"]
    theirs = row.direction == "inbound" and row.channel in _WRITTEN  # the note of a call they made is still ours
    author = (them if theirs and them else us or [names.persons.get(row.owner_id or "", "")])[
        0
    ] or None
    turns = tuple((turn.get("speaker"), turn.get("offset_s"), str(turn["text"])) for turn in row.turns or [])
    body = row.body + (f"\nOutcome: {row.outcome}" if row.outcome and row.outcome not in row.body else "")
    return SourceText(
        "interaction", row.id, row.channel, row.subject, row.at, body or row.subject, author,
        names.accounts.get(row.account_id or ""), names.deals.get(row.deal_id or ""), tuple(dict.fromkeys(them + us)),
        row.account_id, row.owner_id, turns,
    )  # fmt: skip


def _case(row: Case, names: _Names) -> SourceText:
    contact = names.contacts.get(row.contact_id or "")
    return SourceText(
        "case", row.id, "case", f"Case {row.number}: {row.subject}", row.opened_at, f"{row.subject}\n{row.description or ''}",
        contact, names.accounts.get(row.account_id or ""), None, (contact,) if contact else (), row.account_id, row.owner_id,
    )  # fmt: skip


def _survey(row: SurveyResponse, names: _Names) -> SourceText:
    contact = names.contacts.get(row.contact_id or "")
    return SourceText(
        "survey", row.id, "survey", f"{row.kind.upper()} {row.score}", row.at, row.comment or "", contact,
        names.accounts.get(row.account_id or ""), None, (contact,) if contact else (), row.account_id, row.owner_id,
    )  # fmt: skip


def _account(row: Account, names: _Names) -> SourceText:
    return SourceText(
        "account", row.id, "account", f"About {row.name}", row.updated_at, row.description or "",
        names.persons.get(row.owner_id or ""), row.name, None, (), row.id, row.owner_id,
    )  # fmt: skip


_READERS: dict[str, Any] = {"interaction": _interaction, "case": _case, "survey": _survey, "account": _account}
