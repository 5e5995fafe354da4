"""The state of deals at any past moment, rebuilt by undoing every later change.

Rewinding from the present needs only the changes made since, and holds for imported deals whose earliest changes
nobody recorded: what was never seen to change has always been as it is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.hints import unindexed
from crm_store.listed import among
from crm_store.models import ChangeLine, Deal, FieldHistory

FIELDS = ("stage_id", "status", "amount_minor", "currency", "close_date", "owner_id", "forecast_category")
DELETED = "deleted"
"""What the history calls the deletion of a deal (see :func:`crm_store.changes.rows.keep_deletion`)."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class DealState(NamedTuple):
    """A deal at one moment; ``status`` is that of its stage then. A tuple, because a week has thousands of them."""

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


_STATE = len(DealState._fields)


class Past(NamedTuple):
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
        before: dict[str, Any] = {}
        for change in reversed(self.changes):  # the earliest change of each field says what it was
            if change.at <= moment:
                break
            before[change.field] = _before(change, self.now)
        if "stage_id" in before and "status" not in before:
            before["status"] = stage_status.get(before["stage_id"], self.now.status)
        elif not before.keys() & _ENDS and self._closed_unrecorded_after(moment):
            before["status"] = "open"
        return self.now._replace(**before) if before else self.now

    def _closed_unrecorded_after(self, moment: datetime) -> bool:
        closed = self.closed_at is not None and self.closed_at > moment
        return closed and not any(change.field == "stage_id" for change in self.changes)


_ENDS = {"stage_id", "status"}


def changed_timelines(session: Session, since: datetime, owner_ids: Collection[str] | None = None) -> list[Timeline]:
    """The visible deals that were made, closed, deleted or changed in a field that counts after ``since``, with those
    changes; all others are as they were. With ``owner_ids`` only deals that these people own or owned. The history is read by
    its times, so that this costs what changed and not what exists."""
    past = _past(session, since)
    conditions = [or_(Deal.created_at > since, Deal.closed_at > since, among(Deal.id, past.changes))]
    if owner_ids is not None:
        owned = unindexed(Deal.owner_id).in_(sorted(owner_ids))
        conditions.append(or_(owned, among(unindexed(Deal.id), past.handed_over)))
    return [_timeline(row, past) for row in session.execute(_DEALS.where(*conditions))] + _deleted(session, past)


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


class _History(NamedTuple):
    """Deal id to its changes, oldest first, and to the last time it was deleted: one may be there again. ``handed_over``
    are those whose owner changed."""

    changes: Mapping[str, Sequence[Past]]
    deleted: Mapping[str, Past]
    handed_over: frozenset[str]


def _past(session: Session, since: datetime) -> _History:
    """What happened after ``since``."""
    changes: dict[str, list[Past]] = defaultdict(list)
    deleted: dict[str, Past] = {}
    handed_over: set[str] = set()
    columns = (FieldHistory.entity_id, FieldHistory.field, FieldHistory.old, FieldHistory.new, FieldHistory.at)
    wanted = select(*columns, FieldHistory.by_id).where(
        FieldHistory.entity == "deal", FieldHistory.field.in_((*FIELDS, DELETED)), FieldHistory.at > since
    )
    for row in session.execute(wanted.order_by(FieldHistory.at, FieldHistory.id)):
        past = Past._make(row)
        if past.field == DELETED:
            deleted[past.deal_id] = past
            continue
        changes[past.deal_id].append(past)
        if past.field == "owner_id":
            handed_over.add(past.deal_id)
    return _History(changes, deleted, frozenset(handed_over))


def _timeline(row: Sequence[Any], past: _History) -> Timeline:
    changes = past.changes.get(row[0])
    now = DealState._make(row[:_STATE])
    return Timeline(now, row[_STATE], row[_STATE + 1], () if changes is None else tuple(changes))


def _deleted(session: Session, past: _History) -> list[Timeline]:
    """The deals that are gone, as the audit kept them."""
    if not past.deleted:
        return []
    there = set(session.scalars(select(Deal.id).where(among(Deal.id, past.deleted))))
    kept = select(ChangeLine.entity_id, ChangeLine.before).where(
        ChangeLine.entity == "deal", ChangeLine.action == "delete", among(ChangeLine.entity_id, past.deleted)
    )
    lines = {row.entity_id: row.before for row in session.execute(kept.order_by(ChangeLine.id))}
    return [
        _gone(key, lines[key], mark, past.changes.get(key, ()))
        for key, mark in sorted(past.deleted.items())
        if key in lines and key not in there
    ]


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
        tuple(changes),
        mark,
    )


def last_of(changes: Sequence[Past], field: str, since: datetime, until: datetime) -> Past | None:
    """The latest change of ``field`` after ``since`` and up to ``until``."""
    for change in reversed(changes):
        if change.field == field and since < change.at <= until:
            return change
    return None


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
