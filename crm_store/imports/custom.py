"""The company's own fields in files: which columns they are, and their values in the record's form."""

from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from crm_store.custom_fields import PREFIX, Definition, canonical
from crm_store.errors import CrmError
from crm_store.imports.columns import key
from crm_store.imports.report import CannotImport
from crm_store.imports.rows import CLOSE, BadValue, Row
from crm_store.imports.sheet import Sheet
from crm_store.models import CustomKind

Definitions = Mapping[str, Mapping[str, Definition]]
"""Entity -> name -> definition."""


def by_entity(defined: Sequence[Definition]) -> Definitions:
    found: dict[str, dict[str, Definition]] = {}
    for each in defined:
        found.setdefault(each.entity, {})[each.name] = each
    return found


def spellings(defined: Definitions) -> Mapping[str, Mapping[str, str]]:
    """Entity -> how a header may write a field -> its name; Salesforce puts ``__c`` after the names of such fields."""
    return {
        entity: {
            key(text) + end: name
            for name, each in fields.items()
            for text in (each.name, each.label)
            for end in ("", "c")
        }
        for entity, fields in defined.items()
    }


def check(sheets: Sequence[Sheet], defined: Definitions) -> None:
    """:raises CannotImport: when a mapping names a custom field that nobody defined."""
    for sheet in sheets:
        for field in sheet.custom:
            if field.removeprefix(PREFIX) not in defined.get(sheet.kind.entity, {}):
                raise CannotImport(
                    f"The mapping of {sheet.file.name} names {field}, and there is no such field on a {sheet.kind.entity}. "
                    "An administrator adds one with 'rapport field add'."
                )


def custom_values(row: Row, defined: Definitions, currency: str) -> dict[str, Any]:
    """Name -> stored value of every own field that the file has a column for; None empties the field. A value that does not
    fit is left out, and said so."""
    fields = defined.get(row.sheet.kind.entity, {})
    found: dict[str, Any] = {}
    for field in row.sheet.custom:
        definition = fields[field.removeprefix(PREFIX)]
        try:
            found[definition.name] = canonical(definition, _given(row, field, definition, currency))
        except (BadValue, CrmError) as error:
            row.decide(field, "", str(error))
    return found


def _given(row: Row, field: str, definition: Definition, currency: str) -> Any:
    match definition.kind:
        case CustomKind.DATE:
            return row.day(field)
        case CustomKind.FLAG:
            return row.flag(field)
        case CustomKind.NUMBER:
            return row.number(field)
        case CustomKind.MONEY:
            return row.money(field, currency)[0]
        case CustomKind.CHOICE:
            return _choice(row, field, definition)
    return row.prose(field)


def _choice(row: Row, field: str, definition: Definition) -> str | None:
    given = row.raw(field)
    choices = {key(each): each for each in definition.choices}
    wanted = key(given)
    if not given or wanted in choices:
        return choices.get(wanted)
    near = process.extractOne(wanted, list(choices), scorer=fuzz.ratio, score_cutoff=CLOSE)
    if near is None:
        raise BadValue(field, f"is none of {', '.join(definition.choices[:12])}")
    row.decide(field, choices[near[0]], "read as the closest choice there is")
    return choices[near[0]]
