"""Interactions with their participants and their text."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.hints import FEW_ROWS
from crm_store.listed import among, among_those
from crm_store.models import Account, Contact, Deal, Direction, Interaction, Participant, Person
from crm_store.queries.pages import Page, page_of


@dataclass(frozen=True, slots=True)
class ParticipantFacts:
    """One who took part: ``person_id`` is set for one of us, ``contact_id`` for one of them, neither for a stranger."""

    name: str
    person_id: str | None
    contact_id: str | None
    part: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn of a transcript."""

    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class InteractionFacts:
    id: str
    channel: str
    direction: str
    at: datetime
    duration_s: int | None
    subject: str
    body: str
    turns: tuple[Spoken, ...]
    outcome: str | None
    account_id: str | None
    account: str | None
    deal_id: str | None
    deal: str | None
    owner_id: str | None
    owner: str | None
    url: str | None
    participants: tuple[ParticipantFacts, ...]

    @property
    def theirs(self) -> tuple[str, ...]:
        """The names of those who are not of us."""
        return tuple(one.name for one in self.participants if one.person_id is None)

    @property
    def ours(self) -> tuple[str, ...]:
        """The names of us who took part, the owner first."""
        names = [self.owner] if self.owner else []
        names += [one.name for one in self.participants if one.person_id is not None and one.name not in names]
        return tuple(names)


@dataclass(frozen=True, slots=True)
class InteractionFilter:
    """Which interactions; an empty field asks for nothing. Both ends of the period are included."""

    ids: frozenset[str] | None = None
    account_id: str | None = None
    deal_id: str | None = None
    contact_id: str | None = None
    owner_ids: frozenset[str] | None = None
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    with_internal: bool = True


def _conditions(wanted: InteractionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        found.append(Interaction.id.in_(sorted(wanted.ids)))
    if wanted.account_id:
        found.append(Interaction.account_id == wanted.account_id)
    if wanted.deal_id:
        found.append(Interaction.deal_id == wanted.deal_id)
    if wanted.contact_id:
        took_part = select(Participant.interaction_id).where(Participant.contact_id == wanted.contact_id)
        found.append(among_those(Interaction.id, took_part.where(*_within(Participant.at, wanted))))
    if wanted.owner_ids is not None:
        found.append(_by_us(sorted(wanted.owner_ids), wanted))
    if wanted.channel:
        found.append(Interaction.channel == wanted.channel)
    found += _within(Interaction.at, wanted)
    if not wanted.with_internal:
        found.append(Interaction.direction != Direction.INTERNAL)
    return found


def _within(at: Any, wanted: InteractionFilter) -> list[ColumnElement[bool]]:
    found = [at >= wanted.since] if wanted.since is not None else []
    return found + ([at <= wanted.until] if wanted.until is not None else [])


def _size(wanted: InteractionFilter) -> Mapping[str, bool]:
    """Those of one deal, account or contact are few."""
    named = wanted.ids is not None or wanted.account_id or wanted.deal_id or wanted.contact_id
    return FEW_ROWS if named else {}


def _by_us(ours: list[str], wanted: InteractionFilter) -> ColumnElement[bool]:
    """Theirs, or one they took part in. Both say the period, so that each is a step in an index of its own."""
    part = select(Participant.interaction_id).where(Participant.person_id.in_(ours), *_within(Participant.at, wanted))
    own = and_(Interaction.owner_id.in_(ours), *_within(Interaction.at, wanted))
    return or_(own, among_those(Interaction.id, part))


def interactions(session: ScopedSession, wanted: InteractionFilter, *, limit: int) -> Page[InteractionFacts]:
    """Interactions, newest first, with everyone who took part."""
    newest = _LISTED.where(*_conditions(wanted)).limit(limit).execution_options(**_size(wanted))
    rows = session.execute(newest).all()
    parts = _participants(session, [row[0] for row in rows])
    found = tuple(
        InteractionFacts(
            id, channel, direction, at, duration, subject, body, _turns(turns), outcome, account_id, account, deal_id, deal,
            owner_id, owner, url, parts[id],
        )
        for id, channel, direction, at, duration, subject, body, turns, outcome, account_id, account, deal_id, deal, owner_id,
        owner, url in rows
    )  # fmt: skip
    return page_of(session, found, limit, _counting(session, wanted))


_LISTED = (
    select(
        Interaction.id, Interaction.channel, Interaction.direction, Interaction.at, Interaction.duration_s,
        Interaction.subject, Interaction.body, Interaction.turns, Interaction.outcome, Interaction.account_id, Account.name,
        Interaction.deal_id, Deal.name, Interaction.owner_id, Person.name, Interaction.url,
    )
    .outerjoin(Account, Account.id == Interaction.account_id)
    .outerjoin(Deal, Deal.id == Interaction.deal_id)
    .outerjoin(Person, Person.id == Interaction.owner_id)
    .order_by(Interaction.at.desc(), Interaction.id.desc())
)  # fmt: skip


def count(session: ScopedSession, wanted: InteractionFilter) -> int:
    """How many interactions fit."""
    return session.scalar(_counting(session, wanted)) or 0


def _counting(session: ScopedSession, wanted: InteractionFilter) -> Select[Any]:
    """Counts rows, not ids, since every index has those; of whoever sees a part of the accounts, only theirs are looked at,
    where the scope alone would be a question about every row."""
    counted = select(func.count()).select_from(Interaction).where(*_conditions(wanted))
    if not (_size(wanted) or session.scope.everything):
        counted = counted.where(or_(Interaction.account_id.is_(None), Interaction.account_id.in_(select(Account.id))))
    return counted.execution_options(**_size(wanted))


def interaction(session: ScopedSession, interaction_id: str) -> InteractionFacts:
    """:raises NotVisible: when it is not there or may not be seen."""
    found = interactions(session, InteractionFilter(ids=frozenset({interaction_id})), limit=1).rows
    if not found:
        raise NotVisible("I can't find that interaction among those you can see.")
    return found[0]


def _turns(turns: list[Any]) -> tuple[Spoken, ...]:
    return tuple(Spoken(turn.get("speaker"), str(turn.get("text", ""))) for turn in turns if isinstance(turn, dict))


def _participants(session: ScopedSession, ids: Collection[str]) -> dict[str, tuple[ParticipantFacts, ...]]:
    found: defaultdict[str, list[ParticipantFacts]] = defaultdict(list)
    for interaction_id, person, contact, name, person_id, contact_id, part in session.execute(
        _PARTICIPANTS.where(among(Participant.interaction_id, ids))
    ):
        shown = person or contact or name
        if shown:
            found[interaction_id].append(ParticipantFacts(shown, person_id, contact_id, part))
    return defaultdict(tuple, {key: tuple(rows) for key, rows in found.items()})


_PARTICIPANTS = (
    select(
        Participant.interaction_id, Person.name, Contact.name, Participant.name, Participant.person_id,
        Participant.contact_id, Participant.part,
    )
    .outerjoin(Person, Person.id == Participant.person_id)
    .outerjoin(Contact, Contact.id == Participant.contact_id)
    .order_by(Participant.id)
    .execution_options(**FEW_ROWS)
)  # fmt: skip
