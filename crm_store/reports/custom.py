"""A report's subject with the fields and numbers that the company added: its own, and those of the row's account.

Read through the session for every report, because a field that was defined a second ago is one to ask for.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import Session

from crm_store.custom_fields import Definition, definitions
from crm_store.custom_fields.expressions import SCALE, scaled_value_of, value_of
from crm_store.custom_fields.holders import HOLDERS
from crm_store.models import CustomKind
from crm_store.reports.catalogue import Field, Kind, Quantity, Subject
from crm_store.reports.sql import day_of
from crm_store.reports.subjects import OF_ACCOUNT

_KINDS: dict[CustomKind, Kind] = {
    CustomKind.TEXT: "text",
    CustomKind.CHOICE: "text",
    CustomKind.NUMBER: "number",
    CustomKind.MONEY: "money",
    CustomKind.DATE: "day",
    CustomKind.FLAG: "flag",
}


def with_custom(session: Session, subject: Subject) -> Subject:
    """The subject with its custom fields after the built-in ones: ``custom.<name>`` are its own, ``account.<name>``
    those of the account. Numbers and amounts of its own are measures too."""
    entity = next((name for name, each in HOLDERS.items() if each.model is subject.model), "")
    through = subject.joins["account"].target if "account" in subject.joins else None
    wanted = {entity, "account" if through is not None else ""} - {""}
    if not wanted:
        return subject
    there = [each for each in definitions(session) if each.entity in wanted]
    own = [each for each in there if each.entity == entity]
    fields = [_field(each, each.key, subject.model.custom) for each in own]
    if through is not None:
        of_account = [each for each in there if each.entity == "account"]
        known_since = day_of(through.created_at)
        fields += [
            replace(
                _field(each, OF_ACCOUNT + each.name, through.custom, ("account",)),
                currency=through.currency,
                rate_day=known_since,
            )
            for each in of_account
        ]
    quantities = [_quantity(each, subject.model.custom) for each in own if each.kind in _NUMBERS]
    return replace(subject, fields=(*subject.fields, *fields), quantities=(*subject.quantities, *quantities))


_NUMBERS = frozenset({CustomKind.NUMBER, CustomKind.MONEY})


def _field(definition: Definition, name: str, column: Any, needs: tuple[str, ...] = ()) -> Field:
    key = value_of(definition, column)
    rank = None
    if definition.kind is CustomKind.CHOICE:  # groups in the order of the choices, those without one at the end
        places = {choice: place for place, choice in enumerate(definition.choices)}
        rank = case(places, value=key, else_=len(places))
    title = _title(definition.label)
    return Field(name, _KINDS[definition.kind], key, title, needs=needs, rank=rank, choices=definition.choices)


def _quantity(definition: Definition, column: Any) -> Quantity:
    if definition.kind is CustomKind.MONEY:
        return Quantity(definition.key, "money", value_of(definition, column), _title(definition.label), usual="sum")
    value = scaled_value_of(definition, column)
    return Quantity(definition.key, "number", value, _title(definition.label), usual="sum", divisor=SCALE)


def _title(label: str) -> str:
    """Within a sentence: ``Renewal risk`` is "renewal risk", ``NPS target`` stays."""
    first = label.split()[0]
    return label if any(letter.isupper() for letter in first[1:]) else label[:1].lower() + label[1:]
