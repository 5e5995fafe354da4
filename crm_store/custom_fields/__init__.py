"""Fields that a company adds to its accounts, contacts, deals, orders and cases: defined once, then a field like any
other in proposals, the field history, reports, imports and Slack.

:mod:`~crm_store.custom_fields.defining`, which writes definitions, is imported by its own name: it checks a new name
against the fields and measures there are, and those modules read definitions from here.
"""

from crm_store.custom_fields.definitions import (
    PREFIX,
    Definition,
    definition_named,
    definition_of,
    definitions,
    field_called,
)
from crm_store.custom_fields.values import canonical, from_history, nearest_choice, parse_custom, value_text

__all__ = [
    "PREFIX",
    "Definition",
    "canonical",
    "definition_named",
    "definition_of",
    "definitions",
    "field_called",
    "from_history",
    "nearest_choice",
    "parse_custom",
    "value_text",
]
