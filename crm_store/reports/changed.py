"""What changed between two moments: the bridge from the open pipeline then to the open pipeline now.

One exchange rate per currency, that of the later day, holds for both ends: a moving rate is no news about deals.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm_store.access import scope_of
from crm_store.masking import refuse_figures
from crm_store.models import Deal, Stage
from crm_store.reports.bridge import Bridge, Move, MoveKind, Still, Total, build
from crm_store.reports.history import DealState, changed_timelines
from crm_store.reports.money import Rates, converted, sums_converted
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
    stages = session.execute(select(Stage.id, Stage.name, Stage.status)).all()
    return build(
        changed,
        since,
        until,
        settings.currency,
        rates,
        {stage.id: stage.status for stage in stages},
        {stage.id: stage.name for stage in stages},
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
    factors = rates.factors(until.astimezone(UTC).date())
    amounts = select(Deal.currency.label("currency"), Deal.amount_minor.label("amount"))
    home = deals = 0
    missing: dict[str, list[int]] = {}
    for currency, amount, worth, number, amounts_given in session.execute(
        sums_converted(amounts.where(Deal.status == "open", *conditions), factors)
    ):
        deals += number
        if currency == rates.base:
            home += int(amount or 0)
        elif currency in factors:
            home += int(worth or 0)
        elif amounts_given:
            missing[currency or ""] = [int(amount), amounts_given]
            deals -= amounts_given
    for deal in changed:
        due = closing is None or (deal.close_date is not None and closing.holds(deal.close_date))
        if not (deal.is_open and due and (owner_ids is None or deal.owner_id in owner_ids)):
            continue
        amount = deal.amount_minor or 0
        if deal.currency == rates.base or not amount:
            home, deals = home - amount, deals - 1
        elif deal.currency in factors:
            home, deals = home - converted(amount, factors[deal.currency]), deals - 1
        else:
            lacking = missing[deal.currency or ""]
            lacking[0], lacking[1] = lacking[0] - amount, lacking[1] - 1
    unconverted = (Unconverted(currency=c, amount_minor=a, count=n) for c, (a, n) in missing.items() if n)
    return Still(home, deals, tuple(unconverted))


__all__ = ["Bridge", "Move", "MoveKind", "Total", "bridge", "build"]
