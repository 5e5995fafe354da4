"""The mail with which a customer ends a deal: signed, or lost and why."""

from datetime import date
from random import Random

from crm_store.models import DealStatus
from crm_store.sample.forms import AccountEntry, ContactEntry, Touch
from crm_store.sample.prose import sentences
from crm_store.sample.selling import PlannedDeal
from crm_store.sample.wording import Wording, letter, slots

_REASONS = {
    "Price": "the price, and only the price",
    "No decision": "we could not agree among ourselves",
    "No budget this year": "there is no budget this year",
    "New owner brought its own system": "the new owner has brought a system along",
    "Functionality: no store replenishment": "you cannot replenish our stores",
    "Timing: project postponed": "the whole project is postponed",
    "Timing: reorganisation": "we are being reorganised and nobody may start anything",
    "Built in house": "our own people want to build it",
    "Went back to spreadsheets": "we are going back to our spreadsheets, and yes, I know",
}


def endings(
    account: AccountEntry, deals: list[PlannedDeal], told: list[Touch], today: date, wording: Wording
) -> list[Touch]:
    """One inbound mail for every closed deal whose end no story tells."""
    spoken_of = {touch.deal for touch in told}
    found: list[Touch] = []
    for deal in deals:
        if deal.past.closed_at is None or deal.entry.key in spoken_of or not deal.entry.roles:
            continue
        random = Random(f"ending:{deal.id}")
        lead = _contact(account, deal.entry.roles.split()[0])
        others = [contact for contact in account.contacts[:3] if contact is not lead and contact.left is None]
        day = deal.past.closed_at.date()
        known = slots(account, deal, lead, random.choice(others) if others else lead, day, random)
        known |= {"deal": deal.entry.name, "reason": _reason(deal.entry.lost)}
        won = deal.past.status == DealStatus.WON
        pool = sentences("won" if won else "lost_rival" if deal.entry.versus else "lost", "in")
        lines = wording.draw(account.key, pool, 1, random, known)
        subject = f"{'Order' if won else 'Our decision'}: {deal.entry.name}"
        found.append(
            Touch(
                (day - today).days,
                "email",
                lead.key,
                subject,
                letter(lines, inbound=True, known=known, random=random),
                "inbound",
                by=deal.owner,
                deal=deal.entry.key,
                outcome="Won" if won else f"Lost: {deal.entry.lost}",
                key=f"ending-{deal.entry.key}",
            )
        )
    return found


def _contact(account: AccountEntry, role: str) -> ContactEntry:
    key = role.split(":")[0]
    return next(contact for contact in account.contacts if contact.key == key)


def _reason(lost: str) -> str:
    return _REASONS.get(lost) or lost[:1].lower() + lost[1:]
