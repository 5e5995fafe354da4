"""The state of deals at any past moment, rebuilt by undoing every later change.

Rewinding from the present needs only the changes made since, and holds for imported deals whose earliest changes
nobody recorded: what was never seen to change has always been as it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.models import Deal, FieldHistory, Stage

FIELDS = ("stage_id", "status", "amount_minor", "currency", "close_date", "owner_id", "forecast_category")
CHUNK = 5_000
"""Ids in one statement."""


@dataclass(frozen=True)
class DealState:
    """A deal at one moment; ``status`` is that of its stage then."""

    id: str
    name: str
    account_id: str | None
    owner_id: str | None
    stage_id: str
    status: str
    amount_minor: int | None
    currency: str | None
    close_date: date | None
    forecast_category: str

    @property
    def is_open(self) -> bool:
        return self.status == "open"


@dataclass(frozen=True)
class Past:
    """One recorded change of one field of a deal, values in the history's text form."""

    deal_id: str
    field: str
    old: str | None
    new: str | None
    at: datetime
    by_id: str | None


@dataclass(frozen=True)
class Timeline:
    """A deal as it is now, when it was made, and its changes since some moment, oldest first."""

    now: DealState
    created_at: datetime
    closed_at: datetime | None
    changes: tuple[Past, ...]

    def at(self, moment: datetime, stage_status: dict[str, str]) -> DealState | None:
        """The deal as it was right after everything up to ``moment``; None before it was made."""
        if self.created_at > moment:
            return None
        state, undone = self.now, set[str]()
        for change in reversed(self.changes):
            if change.at > moment:
                state = _with(state, change.field, change.old, change.new)
                undone.add(change.field)
        if "status" in undone:
            return state
        if "stage_id" in undone:
            return replace(state, status=stage_status.get(state.stage_id, state.status))
        if self.closed_at is not None and self.closed_at > moment and not self._recorded("stage_id"):
            return replace(state, status="open")
        return state

    def _recorded(self, field: str) -> bool:
        return any(change.field == field for change in self.changes)


def timelines(session: Session, since: datetime) -> list[Timeline]:
    """Every visible deal, with its changes after ``since``."""
    changes = _changes(session, since)
    return [_timeline(tuple(row), changes) for row in session.execute(_DEALS.order_by(Deal.id))]


def changed_timelines(session: Session, since: datetime, owner_ids: Collection[str] | None = None) -> list[Timeline]:
    """The visible deals that were made, closed or changed in a field that counts after ``since``, with those changes;
    all others are as they were. With ``owner_ids`` only deals that these people own or owned. The history is read by
    its times, so that this costs what changed and not what exists."""
    changes = _changes(session, since)
    recent = session.scalars(select(Deal.id).where(or_(Deal.created_at > since, Deal.closed_at > since)))
    ids = sorted({*changes, *recent})
    conditions = []
    if owner_ids is not None:
        moved = sorted(key for key in ids if any(change.field == "owner_id" for change in changes.get(key, ())))
        conditions = [or_(Deal.owner_id.in_(sorted(owner_ids)), Deal.id.in_(moved))]
    return [
        _timeline(tuple(row), changes)
        for at in range(0, len(ids), CHUNK)
        for row in session.execute(_DEALS.where(Deal.id.in_(ids[at : at + CHUNK]), *conditions))
    ]


_DEALS = select(
    Deal.id,
    Deal.name,
    Deal.account_id,
    Deal.owner_id,
    Deal.stage_id,
    Deal.status,
    Deal.amount_minor,
    Deal.currency,
    Deal.close_date,
    Deal.forecast_category,
    Deal.created_at,
    Deal.closed_at,
)


def _changes(session: Session, since: datetime) -> dict[str, list[Past]]:
    """Deal id to its changes after ``since``, oldest first."""
    found: dict[str, list[Past]] = defaultdict(list)
    columns = (FieldHistory.entity_id, FieldHistory.field, FieldHistory.old, FieldHistory.new, FieldHistory.at)
    wanted = select(*columns, FieldHistory.by_id).where(
        FieldHistory.entity == "deal", FieldHistory.field.in_(FIELDS), FieldHistory.at > since
    )
    for row in session.execute(wanted.order_by(FieldHistory.at, FieldHistory.id)):
        found[row[0]].append(Past(*row))
    return found


def _timeline(row: Sequence[Any], changes: Mapping[str, Sequence[Past]]) -> Timeline:
    *state, created_at, closed_at = row
    return Timeline(DealState(*state), created_at, closed_at, tuple(changes.get(state[0], ())))


def stage_statuses(session: Session) -> dict[str, str]:
    """Stage id to open, won or lost."""
    return {row.id: row.status for row in session.execute(select(Stage.id, Stage.status))}


def deals_at(session: Session, moment: datetime) -> list[DealState]:
    """Every visible deal as it was at ``moment``; deals made later are left out."""
    statuses = stage_statuses(session)
    return present(timeline.at(moment, statuses) for timeline in timelines(session, moment))


def present(states: Iterable[DealState | None]) -> list[DealState]:
    return [state for state in states if state is not None]


def last_of(changes: Sequence[Past], field: str, since: datetime, until: datetime) -> Past | None:
    """The latest change of ``field`` after ``since`` and up to ``until``."""
    return next((c for c in reversed(changes) if c.field == field and since < c.at <= until), None)


def _with(state: DealState, field: str, old: str | None, new: str | None) -> DealState:
    """``state`` before a change. A first value (``old`` is None) of a field that is never empty has always been so."""
    match field:
        case "stage_id":
            return replace(state, stage_id=old or new or state.stage_id)
        case "status":
            return replace(state, status=old or new or state.status)
        case "forecast_category":
            return replace(state, forecast_category=old or new or state.forecast_category)
        case "amount_minor":
            return replace(state, amount_minor=None if old is None else int(old))
        case "close_date":
            return replace(state, close_date=None if old is None else date.fromisoformat(old))
        case "owner_id":
            return replace(state, owner_id=old)
        case _:
            return replace(state, currency=old)
