"""The five kinds of rows that hold custom fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_store.errors import Invalid
from crm_store.models import Account, Case, Contact, Deal, Order


@dataclass(frozen=True)
class Holder:
    """``model`` has a ``custom`` column."""

    model: Any
    nouns: str


HOLDERS: Mapping[str, Holder] = {
    "account": Holder(Account, "accounts"),
    "contact": Holder(Contact, "contacts"),
    "deal": Holder(Deal, "deals"),
    "order": Holder(Order, "orders"),
    "case": Holder(Case, "cases"),
}


def holder(entity: str) -> Holder:
    """:raises Invalid: names what fields can be added to."""
    if entity not in HOLDERS:
        raise Invalid(f"A {entity} cannot have fields of its own. These can: {', '.join(HOLDERS)}.")
    return HOLDERS[entity]
