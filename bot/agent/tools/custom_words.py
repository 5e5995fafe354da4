"""How the values of added fields read, and how a list of them is told to a model."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import wording
from crm_store.custom_fields import Definition, value_text
from crm_store.models import CustomKind
from crm_store.queries.custom import CustomFacts

_NOTHING = frozenset({"", "nothing", "none", "empty", "blank", "unknown", "n/a", "null", "-", "—"})


def value_words(definition: Definition, value: Any, currency: str | None, today: date) -> str:
    """A stored value as a person reads it; ``none`` for nothing."""
    if value is None:
        return "none"
    if definition.kind is CustomKind.DATE:
        return wording.day(date.fromisoformat(value), today)
    return value_text(definition, value, currency)


def filled_words(facts: CustomFacts, today: date) -> tuple[str, ...]:
    """``Renewal risk: High`` for every added field of a row that holds something, in their order."""
    return tuple(f"{each.label}: {value_words(each, value, facts.currency, today)}" for each, value in facts.filled)


def is_nothing(text: str) -> bool:
    """Whether a text says that a field is to be emptied."""
    return text.strip().casefold() in _NOTHING


def all_fields(fields: Sequence[Definition]) -> str:
    """One line per field for a model that has to name them."""
    return "\n".join(
        f"- {each.entity}: {each.name} (“{each.label}”, {each.kind.value}"
        + (f": {', '.join(each.choices)}" if each.choices else "") + ")"
        for each in fields
    )  # fmt: skip
