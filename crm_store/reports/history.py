"""The state of deals at any past moment, rebuilt by undoing every later change.

Rewinding from the present needs only the changes made since, and holds for imported deals whose earliest changes
nobody recorded: what was never seen to change has always been as it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.hints import unindexed
from crm_store.models import ChangeLine, Deal, FieldHistory, Stage

FIELDS = ("stage_id", "status", "amount_minor", "currency", "close_date", "owner_id", "forecast_category")
DELETED = "deleted"
"""What the history calls the deletion of a deal (see :func:`crm_store.changes.rows.keep_deletion`)."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
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
    """A deal as it is now, when it was made, and its changes since some moment, oldest first. A deal that was deleted is
    as it was last."""

    now: DealState
    created_at: datetime
    closed_at: datetime | None
    changes: tuple[Past, ...]
    deleted: Past | None = None

    def at(self, moment: datetime, stage_status: dict[str, str]) -> DealState | None:
        """The deal as it was right after everything up to ``moment``; None before it was made or once it was deleted."""
        if self.created_at > moment or (self.deleted is not None and self.deleted.at <= moment):
            return None
        undone: dict[str, Past] = {}  # the earliest change of each field says what it was
        for change in self.changes:
            if change.at > moment:
                undone.setdefault(change.field, change)
        before = {name: _before(change, self.now) for name, change in undone.items()}
        state = replace(self.now, **before) if before else self.now
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
    """Every visible deal, with its changes after ``since``, and those that were deleted since."""
    changes = _changes(session, since)
    found = [_timeline(tuple(row), changes) for row in session.execute(_DEALS.order_by(Deal.id))]
    return found + _deleted(session, changes)


def changed_timelines(session: Session, since: datetime, owner_ids: Collection[str] | None = None) -> list[Timeline]:
    """The visible deals that were made, closed, deleted or changed in a field that counts after ``since``, with those
    changes; all others are as they were. With ``owner_ids`` only deals that these people own or owned. The history is read by
    its times, so that this costs what changed and not what exists."""
    changes = _changes(session, since)
    recent = or_(Deal.created_at > since, Deal.closed_at > since)
    owned = [] if owner_ids is None else [unindexed(Deal.owner_id).in_(sorted(owner_ids))]
    rows = {row.id: row for row in session.execute(_DEALS.where(recent, *owned))}
    ids = sorted(changes.keys() - rows.keys())
    conditions = []
    if owner_ids is not None:
        moved = sorted(key for key in ids if any(change.field == "owner_id" for change in changes[key]))
        conditions = [or_(*owned, Deal.id.in_(moved))]
    for at in range(0, len(ids), CHUNK):
        some = session.execute(_DEALS.where(Deal.id.in_(ids[at : at + CHUNK]), *conditions))
        rows |= {row.id: row for row in some}
    found = [_timeline(tuple(row), changes) for row in rows.values()]
    return found + _deleted(session, changes)


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
        FieldHistory.entity == "deal", FieldHistory.field.in_((*FIELDS, DELETED)), FieldHistory.at > since
    )
    for row in session.execute(wanted.order_by(FieldHistory.at, FieldHistory.id)):
        found[row[0]].append(Past(*row))
    return found


def _timeline(row: Sequence[Any], changes: Mapping[str, Sequence[Past]]) -> Timeline:
    *state, created_at, closed_at = row
    return Timeline(DealState(*state), created_at, closed_at, _moved(changes.get(state[0], ())))


def _moved(changes: Sequence[Past]) -> tuple[Past, ...]:
    """Without the deletions, which one that is there again has survived."""
    return tuple(change for change in changes if change.field != DELETED)


def _deleted(session: Session, changes: Mapping[str, Sequence[Past]]) -> list[Timeline]:
    """The deals that are gone, as the audit kept them."""
    marks = {
        key: last
        for key, past in changes.items()
        if (last := next((c for c in reversed(past) if c.field == DELETED), None))
    }
    ids = sorted(marks)
    there: set[str] = set()
    lines: dict[str, Mapping[str, Any]] = {}
    for at in range(0, len(ids), CHUNK):
        some = ids[at : at + CHUNK]
        there |= set(session.scalars(select(Deal.id).where(Deal.id.in_(some))))
        kept = select(ChangeLine.entity_id, ChangeLine.before).where(
            ChangeLine.entity == "deal", ChangeLine.action == "delete", ChangeLine.entity_id.in_(some)
        )
        lines |= {row.entity_id: row.before for row in session.execute(kept.order_by(ChangeLine.id))}
    return [_gone(key, lines[key], marks[key], changes[key]) for key in ids if key in lines and key not in there]


def _gone(key: str, before: Mapping[str, Any], mark: Past, changes: Sequence[Past]) -> Timeline:
    closed, due = before.get("closed_at"), before.get("close_date")
    made = before.get("created_at") or next(
        (c.at.isoformat() for c in changes if c.field == "stage_id" and c.old is None), None
    )
    state = DealState(
        key, before["name"], before.get("account_id"), before.get("owner_id"), before["stage_id"], before["status"],
        before.get("amount_minor"), before.get("currency"), None if due is None else date.fromisoformat(due),
        before["forecast_category"],
    )  # fmt: skip
    return Timeline(
        state,
        LONG_AGO if made is None else datetime.fromisoformat(made),
        None if closed is None else datetime.fromisoformat(closed),
        _moved(changes),
        mark,
    )


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


def _before(change: Past, now: DealState) -> Any:
    """A field's value before a change. A first value (``old`` is None) of a field that is never empty has always been so."""
    match change.field:
        case "stage_id" | "status" | "forecast_category":
            return change.old or change.new or getattr(now, change.field)
        case "amount_minor":
            return None if change.old is None else int(change.old)
        case "close_date":
            return None if change.old is None else date.fromisoformat(change.old)
        case _:
            return change.old
