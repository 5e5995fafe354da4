"""Fields that Halvern added to its record, and what they hold; every value follows from the deals."""

from collections.abc import Iterator
from datetime import date as Date
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm_store.models import CustomField, CustomKind
from crm_store.sample.forms import AccountEntry, DealEntry
from crm_store.sample.identity import sample_id

_LOW, _MEDIUM, _HIGH = RISKS = ("Low", "Medium", "High")
_BY_SEAT = frozenset({"plan", "floor"})
"""Products that are licensed by the seat."""
_ADDED = (
    ("account", "renewal_risk", "Renewal risk", CustomKind.CHOICE, RISKS),
    ("account", "licensed_seats", "Licensed seats", CustomKind.NUMBER, ()),
    ("deal", "go_live", "Go-live date", CustomKind.DATE, ()),
)  # fmt: skip


def fields(started: datetime) -> Iterator[CustomField]:
    for position, (entity, name, label, kind, choices) in enumerate(_ADDED):
        yield CustomField(
            id=sample_id("custom_field", f"{entity}/{name}"), entity=entity, name=name, label=label, kind=kind.value,
            choices=list(choices), position=position, created_at=started,
        )  # fmt: skip


def account_values(account: AccountEntry) -> dict[str, Any]:
    """A customer's licensed seats, and how sure its renewal is: less so with a slipped date or a rival."""
    if account.kind != "customer":
        return {}
    renewals = [deal for deal in account.deals if deal.kind == "renewal" and deal.stage not in ("won", "lost")]
    doubts = max((bool(deal.slips or deal.pushes) + bool(deal.versus) for deal in renewals), default=0)
    seats = sum(_seats(deal) for deal in account.deals if deal.stage == "won" and deal.kind != "renewal")
    return {"renewal_risk": (_LOW, _MEDIUM, _HIGH)[doubts]} | ({"licensed_seats": seats} if seats else {})


def deal_values(deal: DealEntry, deal_id: str, status: str, close_date: Date | None) -> dict[str, Any]:
    """New software goes live six to fourteen weeks after the signature."""
    if deal.kind == "renewal" or status == "lost" or close_date is None or not _seats(deal):
        return {}
    return {"go_live": (close_date + timedelta(weeks=Random(f"go-live:{deal_id}").randint(6, 14))).isoformat()}


def _seats(deal: DealEntry) -> int:
    lines = (line.split(":") for line in deal.lines.split())
    return sum(int(quantity) for product, quantity in lines if product in _BY_SEAT)
