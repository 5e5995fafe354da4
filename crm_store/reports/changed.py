"""What changed between two moments: the bridge from the open pipeline then to the open pipeline now.

One exchange rate per currency, that of the later day, holds for both ends: a moving rate is no news about deals.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlalchemy.orm import Session

from crm_store.models import Deal, Stage
from crm_store.reports.bridge import Bridge, Move, MoveKind, Still, Total, build
from crm_store.reports.history import changed_since, stage_statuses, timelines
from crm_store.reports.money import Rates
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.result import Unconverted


def bridge(
    session: Session,
    since: datetime,
    until: datetime,
    settings: ReportSettings,
    *,
    owner_ids: Collection[str] | None = None,
    closing: Days | None = None,
) -> Bridge:
    """What changed after ``since`` and up to ``until`` (aware) in the deals that ``session`` may see.

    ``owner_ids`` keeps the deals that these people own now; ``closing`` looks only at deals due in those days, so that
    a date moved out of them is ``pushed`` out of the amount.
    """
    conditions: list[ColumnElement[bool]] = [] if owner_ids is None else [Deal.owner_id.in_(sorted(owner_ids))]
    statuses = stage_statuses(session)
    rates = Rates.load(session, settings.currency)
    changed = changed_since(since)
    still = _still(session, [not_(changed), *conditions], rates, until, closing)
    names = {row.id: row.name for row in session.execute(select(Stage.id, Stage.name))}
    return build(
        timelines(session, since, changed, *conditions),
        since,
        until,
        settings.currency,
        rates,
        statuses,
        names,
        closing,
        still,
    )


def _still(
    session: Session, conditions: list[ColumnElement[bool]], rates: Rates, until: datetime, closing: Days | None
) -> Still:
    """Added up by the database, so that a bridge costs what changed and not what exists."""
    due: list[ColumnElement[bool]] = []
    if closing is not None and closing.since is not None:
        due.append(Deal.close_date >= closing.since)
    if closing is not None and closing.until is not None:
        due.append(Deal.close_date <= closing.until)
    rows = session.execute(
        select(
            Deal.currency,
            func.sum(Deal.amount_minor).label("amount"),
            func.count(Deal.id).label("deals"),
            func.count(case((Deal.amount_minor != 0, 1))).label("worth"),
        )
        .where(Deal.status == "open", *conditions, *due)
        .group_by(Deal.currency)
    )
    amount, deals, missing = 0, 0, []
    for row in rows:
        factor = rates.factor(row.currency, until.astimezone(UTC).date())
        if factor is None and row.worth:
            missing.append(Unconverted(currency=row.currency or "", amount_minor=int(row.amount), count=row.worth))
            deals += row.deals - row.worth
        else:
            amount += round(int(row.amount or 0) * (factor or 0))
            deals += row.deals
    return Still(amount, deals, tuple(missing))


__all__ = ["Bridge", "Move", "MoveKind", "Total", "bridge", "build"]
