"""Which values a merged row has: the survivor's own, filled up from the other where the survivor says nothing.

Two rules go beyond that, because a merge must never allow more than either record did nor forget how far a customer is:
"do not contact" holds when either says so, and the lifecycle stage is the further one.
"""

from collections.abc import Mapping
from typing import Any

from crm_store.base import Base
from crm_store.changes.fields import Field, entity
from crm_store.changes.rows import as_json
from crm_store.models import Account, AccountKind, Contact

_EITHER = ("do_not_contact", "is_advocate")
_NOT_TAKEN = ("left_on",)  # that one record says they left an employer says nothing of the other's
_FURTHER = {"lifecycle", "kind"}
_ALSO: Mapping[str, tuple[str, ...]] = {
    "account": ("street", "annual_revenue_minor", "currency", "description"),
    "contact": ("source", "born_on", "description"),
}
"""Columns that are filled up as well and that no card shows."""


def merged_changes(entity_name: str, kept: Base, lost: Base) -> dict[str, dict[str, Any]]:
    """Field -> ``{"old", "new"}`` as a proposal keeps it. Where both records say something and differ, the survivor's
    value stays (old and new are the same) and ``other`` is what the row that goes says."""
    found: dict[str, dict[str, Any]] = {}
    for name, spec in entity(entity_name).fields.items():
        if name in _NOT_TAKEN or not hasattr(kept, name):
            continue
        mine, theirs = as_json(getattr(kept, name)), as_json(getattr(lost, name))
        if theirs in (None, "", mine):
            continue
        if name in _EITHER:
            if theirs and not mine:
                found[name] = {"old": mine, "new": theirs}
        elif mine in (None, ""):
            found[name] = {"old": mine, "new": theirs}
        elif name in _FURTHER:
            new = _further(name, spec, mine, theirs)
            if new != mine:
                found[name] = {"old": mine, "new": new}
        elif name not in _ALSO[entity_name]:
            found[name] = {"old": mine, "new": mine, "other": theirs}
    return found


def _further(name: str, spec: Field, mine: str, theirs: str) -> str:
    if name == "kind":
        return theirs if mine == AccountKind.PROSPECT else mine
    return max(mine, theirs, key=spec.choices.index)


def fill_unshown(entity_name: str, kept: Account | Contact, lost: Account | Contact) -> None:
    """Fill the columns that no card shows, and the custom fields that the survivor has no value for."""
    for name in _ALSO[entity_name]:
        if getattr(kept, name) in (None, "") and getattr(lost, name) not in (None, ""):
            setattr(kept, name, getattr(lost, name))
    said = {name: value for name, value in kept.custom.items() if value is not None}
    together = {**lost.custom, **said}
    if together != kept.custom:
        kept.custom = together
