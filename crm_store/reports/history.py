"""The state of deals at any past moment, rebuilt by undoing every later change.

Rewinding from the present needs only the changes made since, and holds for imported deals whose earliest changes
nobody recorded: what was never seen to change has always been as it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from crm_store.models import Deal, FieldHistory, Stage

FIELDS = ("stage_id", "status", "amount_minor", "currency", "close_date", "owner_id", "forecast_category")


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


def changed_since(since: datetime) -> ColumnElement[bool]:
    """Deals that were made, closed or changed in a field that counts after ``since``; all others are as they were."""
    recent = select(FieldHistory.entity_id).where(
        FieldHistory.entity == "deal", FieldHistory.field.in_(FIELDS), FieldHistory.at > since
    )
    return or_(Deal.created_at > since, and_(Deal.closed_at.is_not(None), Deal.closed_at > since), Deal.id.in_(recent))


def timelines(session: Session, since: datetime, *conditions: ColumnElement[bool]) -> list[Timeline]:
    """Every visible deal that was open at ``since`` or later, with its changes after ``since``; ``conditions``
    narrow the deals."""
    deals = session.execute(
        select(
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
        .where(*conditions)
        .order_by(Deal.id)
    ).all()
    changes: dict[str, list[Past]] = defaultdict(list)
    for row in session.execute(
        select(
            FieldHistory.entity_id,
            FieldHistory.field,
            FieldHistory.old,
            FieldHistory.new,
            FieldHistory.at,
            FieldHistory.by_id,
        )
        .where(FieldHistory.entity == "deal", FieldHistory.at > since, FieldHistory.field.in_(FIELDS))
        .order_by(FieldHistory.at, FieldHistory.id)
    ):
        changes[row.entity_id].append(Past(row.entity_id, row.field, row.old, row.new, row.at, row.by_id))
    return [
        Timeline(
            DealState(
                row.id,
                row.name,
                row.account_id,
                row.owner_id,
                row.stage_id,
                row.status,
                row.amount_minor,
                row.currency,
                row.close_date,
                row.forecast_category,
            ),
            row.created_at,
            row.closed_at,
            tuple(changes.get(row.id, ())),
        )
        for row in deals
    ]


def stage_statuses(session: Session) -> dict[str, str]:
    """Stage id to open, won or lost."""
    return {row.id: row.status for row in session.execute(select(Stage.id, Stage.status))}


def deals_at(session: Session, moment: datetime, *conditions: ColumnElement[bool]) -> list[DealState]:
    """Every visible deal as it was at ``moment``."""
    statuses = stage_statuses(session)
    return present(timeline.at(moment, statuses) for timeline in timelines(session, moment, *conditions))


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
