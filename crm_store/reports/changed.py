"""What changed between two moments: the bridge from the open pipeline then to the open pipeline now.

One exchange rate per currency, that of the later day, holds for both ends: a moving rate is no news about deals.
"""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, null, select
from sqlalchemy.orm import Session

from crm_store.access import scope_of
from crm_store.masking import refuse_figures
from crm_store.models import Deal, Stage
from crm_store.reports.bridge import Bridge, Move, MoveKind, Still, Total, build
from crm_store.reports.history import DealState, changed_timelines, stage_statuses
from crm_store.reports.money import Rates, converted
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

    ``owner_ids`` looks only at deals while these people own them, so that one handed over leaves the amount;
    ``closing`` only at deals due in those days, so that a date moved out of them is ``pushed`` out of the amount.
    Deals to which nothing happened are added up by the database and never read one by one.
    """
    refuse_figures(scope_of(session).hidden, "deal.amount_minor")
    rates = Rates.load(session, settings.currency)
    changed = changed_timelines(session, since, owner_ids)
    now = [deal.now for deal in changed if deal.deleted is None]
    names = {row.id: row.name for row in session.execute(select(Stage.id, Stage.name))}
    return build(
        changed,
        since,
        until,
        settings.currency,
        rates,
        stage_statuses(session),
        names,
        closing,
        _still(session, now, rates, until, closing, owner_ids),
        owner_ids,
    )


def _still(
    session: Session,
    changed: list[DealState],
    rates: Rates,
    until: datetime,
    closing: Days | None,
    owner_ids: Collection[str] | None,
) -> Still:
    """What is open now without what changed."""
    conditions: list[ColumnElement[bool]] = [] if owner_ids is None else [Deal.owner_id.in_(sorted(owner_ids))]
    if closing is not None and closing.since is not None:
        conditions.append(Deal.close_date >= closing.since)
    if closing is not None and closing.until is not None:
        conditions.append(Deal.close_date <= closing.until)
    home_or_each = (Deal.currency == rates.base, null())
    abroad = case(home_or_each, else_=Deal.amount_minor)  # each is rounded for itself, as in the moves
    rows = session.execute(
        select(Deal.currency, abroad.label("each"), func.sum(Deal.amount_minor), func.count(Deal.id))
        .where(Deal.status == "open", *conditions)
        .group_by(Deal.currency, abroad)
    )
    open_now = Counter[tuple[str | None, int | None]]()
    deals = home = 0
    for currency, each, amount, number in rows:
        deals += number
        if currency == rates.base:
            home += int(amount or 0)
        else:
            open_now[currency, each] += number
    for deal in changed:
        due = closing is None or (deal.close_date is not None and closing.holds(deal.close_date))
        if deal.is_open and due and (owner_ids is None or deal.owner_id in owner_ids):
            deals -= 1
            if deal.currency == rates.base:
                home -= deal.amount_minor or 0
            else:
                open_now[deal.currency, deal.amount_minor] -= 1
    missing: dict[str, list[int]] = {}
    day = until.astimezone(UTC).date()
    factors = {currency: rates.factor(currency, day) for currency in {currency for currency, _ in open_now}}
    for (currency, each), number in open_now.items():
        factor = factors[currency]
        if factor is not None:
            home += converted(each or 0, factor) * number
        elif each and number:
            one = missing.setdefault(currency or "", [0, 0])
            one[0] += each * number
            one[1] += number
            deals -= number
    lacking = (Unconverted(currency=c, amount_minor=a, count=n) for c, (a, n) in missing.items())
    return Still(home, deals, tuple(lacking))


__all__ = ["Bridge", "Move", "MoveKind", "Total", "bridge", "build"]
