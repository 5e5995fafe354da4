"""An open deal that has been in its stage longer than deals that were won."""

from collections.abc import Iterator
from datetime import date, timedelta

from crm_store.next_actions.candidate import Candidate, Rule
from crm_store.next_actions.evidence import deal_source
from crm_store.next_actions.facts import Facts

USUAL_DAYS = 45  # where too few deals were won to know
TIMES_USUAL = 2
LEAST_DAYS = 21


def find(facts: Facts, today: date) -> Iterator[Candidate]:
    for deal in facts.deals:
        usual = facts.stage_days.get(deal.stage_id)
        allowed = max(TIMES_USUAL * usual, LEAST_DAYS) if usual is not None else USUAL_DAYS
        days = (today - deal.stage_entered).days
        if days <= allowed or (
            deal.kind == "renewal" and deal.close_date is not None and deal.close_date > today + timedelta(days=90)
        ):
            continue
        sooner = (
            f"won deals leave this stage in {usual} days"
            if usual is not None
            else "that is long for a deal that will be won"
        )
        yield Candidate(
            rule="stale_stage",
            subject="deal",
            subject_id=deal.id,
            account_id=deal.account_id,
            contact_id=None,
            title=f"Move {deal.name} on, or out",
            why=f"{days} days in {deal.stage}; {sooner} ({deal.shown}).",
            evidence=(deal_source(deal, f"In {deal.stage} since {deal.stage_entered.isoformat()}"),),
            value_minor=deal.at_stake,
            trigger=deal.stage_entered + timedelta(days=allowed),
            owner_id=deal.owner_id,
            deal_id=deal.id,
        )


RULE = Rule("stale_stage", accept=0.5, effect=0.05, half_life=21, find=find)
