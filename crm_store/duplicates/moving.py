"""What a merge would move, counted before anybody confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm_store.access import ScopedSession
from crm_store.errors import NotVisible
from crm_store.models import Account, Case, Contact, Deal, DealContact, Interaction, Order, Participant, Task


@dataclass(frozen=True)
class Moving:
    """How many of each kind name the row that goes."""

    counts: Mapping[str, int]


_OF_ACCOUNT: Mapping[str, Any] = {
    "contacts": Contact, "deals": Deal, "conversations": Interaction, "tasks": Task, "orders": Order, "cases": Case,
}  # fmt: skip
_OF_CONTACT: Mapping[str, Any] = {
    "roles": DealContact, "conversations": Participant, "tasks": Task, "orders": Order, "cases": Case,
}  # fmt: skip


def moving(session: ScopedSession, kind: str, row_id: str) -> Moving:
    """Counted among what the caller may see."""
    tables, column = (_OF_ACCOUNT, "account_id") if kind == "account" else (_OF_CONTACT, "contact_id")
    return Moving(
        {
            name: session.scalar(select(func.count(model.id)).where(getattr(model, column) == row_id)) or 0
            for name, model in tables.items()
        }
    )


def name_of(session: ScopedSession, kind: str, row_id: str, *, fully: bool = False) -> str:
    """``fully`` says where it is from as well.

    :raises NotVisible: when it is not there or may not be seen.
    """
    model: Any = Account if kind == "account" else Contact
    row = session.get(model, row_id)
    if row is None:
        raise NotVisible(f"I can't find that {kind} among the records you can see.")
    if not fully:
        return str(row.name)
    account = session.get(Account, row.account_id) if kind == "contact" and row.account_id else None
    told = account.name if account is not None else getattr(row, "email", None) or getattr(row, "domain", None)
    return f"{row.name} ({told or f'since {row.created_at:%d %b %Y}'})"
