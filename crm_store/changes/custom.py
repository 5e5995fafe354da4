"""Custom fields among the fields of a proposal, under ``custom.<name>``: looked up for each proposal, stored key by key.

The ``custom`` column holds all of a row's values, but proposals, conflicts, the audit and undo know them one by one, so
that two people who set two fields of one row both have their way.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from crm_store.base import Base
from crm_store.changes.fields import Field, Kind, entity
from crm_store.changes.forms import from_json, to_json
from crm_store.custom_fields import PREFIX, Definition, canonical, definitions
from crm_store.custom_fields.holders import HOLDERS
from crm_store.custom_fields.values import MOST_TEXT
from crm_store.errors import Conflict, Invalid
from crm_store.models import CustomKind

_KINDS: Mapping[CustomKind, Kind] = {
    CustomKind.TEXT: "text",
    CustomKind.NUMBER: "decimal",
    CustomKind.MONEY: "money",
    CustomKind.DATE: "date",
    CustomKind.FLAG: "flag",
    CustomKind.CHOICE: "pick",
}


def fields_of(session: Session, entity_name: str, *, removed: bool = False) -> Mapping[str, Field]:
    """Every field of an entity that a proposal may set: the built-in ones, then the custom ones by ``custom.<name>``;
    with ``removed`` also those that were removed, for reading what was proposed before.

    :raises Invalid: when proposals cannot touch rows of that kind.
    """
    own = entity(entity_name).fields
    if entity_name not in HOLDERS:
        return own
    return {**own, **{each.key: _field(each) for each in definitions(session, entity_name, removed=removed)}}


def stored_values(session: Session, entity_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values given as Python or JSON in their stored form, each under its field's full name. A custom field may be named
    without its prefix where no built-in one has that name.

    :raises Invalid: names the field and what it takes, or the custom fields there are.
    """
    own = entity(entity_name).fields
    if all(name in own for name in values):
        return {name: to_json(entity_name, name, value) for name, value in values.items()}
    fields = fields_of(session, entity_name)
    given: dict[str, Any] = {}
    for name, value in values.items():
        spec = fields.get(name) or fields.get(PREFIX + name)
        if spec is not None and spec.definition is not None:
            given[spec.definition.key] = canonical(spec.definition, value)
        elif spec is not None:
            given[name] = to_json(entity_name, name, value)
        else:
            known = ", ".join(each for each in fields if each.startswith(PREFIX))
            more = f" The fields added to it are {known}." if known else ""
            raise Invalid(f"A {entity_name} has no field {name!r} that can be changed.{more}")
    return given


def is_custom(name: str) -> bool:
    return name.startswith(PREFIX)


def custom_value(row: Base, name: str) -> Any:
    """The value under ``custom.<name>``; None where there is none."""
    return held(row).get(name.removeprefix(PREFIX))


def held(row: Base) -> dict[str, Any]:
    """Every custom value of a row by its plain name; empty for rows that hold none."""
    values: dict[str, Any] = getattr(row, "custom", None) or {}
    return values


def as_columns(entity_name: str, values: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values by field as Python values by column; the custom ones take their place among those ``there``."""
    columns = {name: from_json(entity_name, name, value) for name, value in values.items() if not is_custom(name)}
    return columns | custom_column(values, there)


def custom_column(values: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """The ``custom`` column with those of ``values`` that are custom; None empties. Nothing when none of them is."""
    new = {name.removeprefix(PREFIX): value for name, value in values.items() if is_custom(name)}
    return {"custom": {name: value for name, value in {**there, **new}.items() if value is not None}} if new else {}


def other_values(row: Base | None, fields: Mapping[str, Field], changed: Collection[str]) -> dict[str, Any]:
    """The values of a row's custom fields in use that a proposal does not touch, by full name; a new row has none."""
    there = {} if row is None else held(row)
    defined = {name: spec.definition for name, spec in fields.items() if spec.definition is not None}
    return {name: there.get(each.name) for name, each in defined.items() if not each.removed and name not in changed}


def check_still_defined(session: Session, entity_name: str, values: Mapping[str, Any]) -> None:
    """:raises Conflict: when a custom field that would be written was removed since."""
    named = list(filter(is_custom, values))
    gone = [] if not named else [name for name in named if name not in fields_of(session, entity_name)]
    if gone:
        label = label_of(session, entity_name, gone[0])
        raise Conflict(f"The field {label} was removed since I proposed this, so nothing was written.")


def label_of(session: Session, entity_name: str, name: str) -> str:
    """What people call a field, removed or not; what is no field any more is called by its name."""
    own = entity(entity_name).fields.get(name)
    if own is None and is_custom(name):
        own = fields_of(session, entity_name, removed=True).get(name)
    return own.label if own is not None else name.removeprefix(PREFIX).replace("_", " ")


def _field(definition: Definition) -> Field:
    return Field(
        definition.label,
        _KINDS[definition.kind],
        definition.choices,
        tracked=True,
        most=MOST_TEXT,
        definition=definition,
    )
