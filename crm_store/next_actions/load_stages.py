"""How long deals that were won stayed in each stage."""

from collections import defaultdict
from datetime import datetime
from operator import itemgetter
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.listed import among
from crm_store.models import Deal, FieldHistory
from crm_store.next_actions.load_touches import LOOK_BACK

ENOUGH_WON = 5


def stage_days(session: Session, now: datetime) -> dict[str, int]:
    """The median days that deals won of late stayed in each stage, where at least :data:`ENOUGH_WON` left it."""
    won = session.scalars(select(Deal.id).where(Deal.status == "won", Deal.closed_at > now - LOOK_BACK)).all()
    moves = select(FieldHistory.entity_id, FieldHistory.at, FieldHistory.old, FieldHistory.new).where(
        FieldHistory.entity == "deal", FieldHistory.field == "stage_id", among(FieldHistory.entity_id, won)
    )
    rows = sorted(session.execute(moves), key=itemgetter(0, 1))
    entered: dict[tuple[str, str], datetime] = {}
    stays: dict[str, list[int]] = defaultdict(list)
    for deal, at, old, new in rows:
        if old and (deal, old) in entered:
            stays[old].append((at - entered[deal, old]).days)
        if new:
            entered[deal, new] = at
    return {stage: round(median(days)) for stage, days in stays.items() if len(days) >= ENOUGH_WON}
