"""Defining custom fields: an administrator's work, from the command line and not from a conversation.

A definition changes what every colleague sees, so it takes an administrator and is kept in the audit as a change with its
old and new state; unlike a change of the record it is not proposed and confirmed, because whoever types the command has
said so already, and it is not undone from a conversation but by the opposite command. What people entered is never lost
by accident: a field keeps its kind for good, a choice that rows hold stays, and a removed field keeps its values (and
its name) until they are purged.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.changes.fields import ENTITIES
from crm_store.custom_fields.definitions import PREFIX, Definition, definition_of, definitions, folded
from crm_store.custom_fields.holders import HOLDERS, holder
from crm_store.errors import Invalid, NotVisible
from crm_store.models import Change, ChangeLine, CustomField, CustomKind, FieldHistory, Person, Role
from crm_store.reports.catalogue import FUNCTIONS
from crm_store.reports.periods import BUCKETS
from crm_store.reports.subjects import SUBJECTS

MOST_FIELDS = 60
"""Of one entity: more than fit in a form or a card are no longer read by anybody."""
MOST_CHOICES = 100  # what Slack's select shows
MOST_CHOICE = 75  # characters of an option in Slack
MOST_LABEL = 80
MOST_NAME = 32  # with "custom." before it, what the field history holds
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WITHOUT_CURRENCY = frozenset({"contact", "case"})


def add_field(
    session: Session,
    *,
    by_id: str,
    now: datetime,
    entity: str,
    label: str,
    kind: str,
    choices: Sequence[str] = (),
    name: str | None = None,
) -> Definition:
    """Define a field; one that was removed and had the same name and kind comes back with its values.

    :raises Invalid: says what does not fit.
    :raises NotVisible: when the person is no administrator.
    """
    _check_admin(session, by_id)
    holder(entity)
    label = _label(label)
    name = _name(entity, name or slug(label))
    kind_ = _kind(entity, kind)
    given = _choices(kind_, choices)
    there = _rows(session, entity)
    earlier = next((row for row in there if row.name == name), None)
    if earlier is not None and earlier.removed_at is None:
        raise Invalid(f"A {entity} has a field {name!r} already, labelled “{earlier.label}”.")
    _check_label(entity, there, label, name)
    if earlier is not None:
        return _bring_back(session, earlier, kind_, label, given, by_id, now)
    if sum(row.removed_at is None for row in there) >= MOST_FIELDS:
        raise Invalid(f"A {entity} has {MOST_FIELDS} custom fields already; remove one first.")
    position = max((row.position for row in there), default=-1) + 1
    row = CustomField(
        id=new_id(), entity=entity, name=name, label=label, kind=kind_.value, choices=list(given), position=position,
        created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _audit(session, row, f"Define the field {label} on {HOLDERS[entity].nouns}", {}, by_id, now)
    return definition_of(row)


def change_field(
    session: Session,
    *,
    by_id: str,
    now: datetime,
    entity: str,
    name: str,
    label: str | None = None,
    choices: Sequence[str] = (),
    position: int | None = None,
) -> Definition:
    """Give a field another label or place among its entity's fields, or more choices (after those it has).

    :raises Invalid: when there is no such field, or the new label or choice does not fit.
    :raises NotVisible: when the person is no administrator.
    """
    _check_admin(session, by_id)
    row = _row(session, entity, name)
    before = _state(row)
    if label is not None:
        row.label = _label(label)
        _check_label(entity, _rows(session, entity), row.label, row.name)
    if choices:
        row.choices = list(_choices(CustomKind(row.kind), [*row.choices, *choices]))
    if position is not None:
        row.position = position
    session.flush()
    if _state(row) == before:
        raise Invalid("Nothing would change: give a new label, further choices or another position.")
    _audit(session, row, f"Change the field {row.label} on {HOLDERS[entity].nouns}", before, by_id, now)
    return definition_of(row)


def remove_field(
    session: Session, *, by_id: str, now: datetime, entity: str, name: str, purge: bool = False
) -> tuple[Definition, int]:
    """Hide a field everywhere; returns it with the number of rows that hold a value. The values stay, and adding the
    field again brings them back; with ``purge`` they are deleted from the rows and the field history, for good.

    :raises Invalid: when there is no such field.
    :raises NotVisible: when the person is no administrator.
    """
    _check_admin(session, by_id)
    row = _row(session, entity, name, removed=purge)
    before, found, held = _state(row), definition_of(row), count_values(session, entity, row.name)
    row.removed_at = row.removed_at or now
    verb = "Remove"
    if purge:
        verb = "Purge"
        _purge(session, entity, row.name)
        session.delete(row)
    session.flush()
    _audit(session, row, f"{verb} the field {row.label} of {HOLDERS[entity].nouns}", before, by_id, now, gone=purge)
    return found, held


def count_values(session: Session, entity: str, name: str) -> int:
    """How many rows hold a value of the field."""
    model = holder(entity).model
    held = select(func.count(model.id)).where(model.custom[name].as_string().is_not(None))
    return int(session.scalar(held) or 0)


def slug(label: str) -> str:
    """A field's name from its label: ``Renewal risk (CSM)`` is ``renewal_risk_csm``."""
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss")).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")
    return re.sub(r"^(\d)", r"n\1", words)[:MOST_NAME].strip("_")


def _purge(session: Session, entity: str, name: str) -> None:
    model = holder(entity).model
    for row in session.scalars(select(model).where(model.custom[name].as_string().is_not(None))):
        row.custom = {key: value for key, value in row.custom.items() if key != name}
    for line in session.scalars(
        select(FieldHistory).where(FieldHistory.entity == entity, FieldHistory.field == PREFIX + name)
    ):
        session.delete(line)


def _bring_back(
    session: Session, row: CustomField, kind: CustomKind, label: str, choices: Sequence[str], by_id: str, now: datetime
) -> Definition:
    if row.kind != kind:
        raise Invalid(
            f"There was a field {row.name!r} of kind {row.kind}, whose values are still kept. Add it as {row.kind} again, "
            f"purge it first ('rapport field remove {row.entity} {row.name} --purge'), or choose another name."
        )
    before = _state(row)
    row.label, row.removed_at = label, None
    row.choices = list(dict.fromkeys([*choices, *row.choices]))
    session.flush()
    _audit(session, row, f"Bring back the field {label} on {HOLDERS[row.entity].nouns}", before, by_id, now)
    return definition_of(row)


def _check_admin(session: Session, by_id: str) -> None:
    person = session.get(Person, by_id)
    if person is None or not person.active or person.role != Role.ADMIN:
        raise NotVisible("Only an administrator defines fields; ask one, or have one make you an administrator.")


def _rows(session: Session, entity: str) -> list[CustomField]:
    return list(session.scalars(select(CustomField).where(CustomField.entity == entity)))


def _row(session: Session, entity: str, name: str, *, removed: bool = False) -> CustomField:
    holder(entity)
    wanted = folded(name.removeprefix(PREFIX))
    for row in _rows(session, entity):
        if wanted in (folded(row.name), folded(row.label)) and (removed or row.removed_at is None):
            return row
    known = ", ".join(each.name for each in definitions(session, entity, removed=removed)) or "none"
    raise Invalid(f"There is no custom field {name!r} on a {entity}. There are: {known}.")


def _label(label: str) -> str:
    label = " ".join(label.split())
    if not label or not folded(label):
        raise Invalid("A field needs a label that people can read, such as “Renewal risk”.")
    if len(label) > MOST_LABEL:
        raise Invalid(f"The label is {len(label)} characters long; {MOST_LABEL} fit.")
    return label


def _check_label(entity: str, there: Sequence[CustomField], label: str, name: str) -> None:
    for row in there:
        if row.name != name and row.removed_at is None and folded(label) in (folded(row.label), folded(row.name)):
            raise Invalid(f"The field {row.name!r} is called “{row.label}” already; choose another label.")
    if folded(label) in {folded(each.label) for each in ENTITIES[entity].fields.values()}:
        raise Invalid(f"“{label}” is the label of a built-in field; choose another one.")


def _name(entity: str, name: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > MOST_NAME:
        raise Invalid(
            f"{name!r} cannot be a field's name: it takes a letter and then letters, digits or _, {MOST_NAME} at most, all in "
            "lower case. Give one with --name."
        )
    if name in reserved(entity):
        raise Invalid(f"{name!r} is the name of a built-in field or measure; choose another one with --name.")
    return name


def reserved(entity: str) -> frozenset[str]:
    """Names that would be taken for something built in: fields, columns and measures of the entity and of what it is
    reported as, parts of a date, and functions."""
    kind = holder(entity)
    subjects = [subject for subject in SUBJECTS if subject.model is kind.model]
    reported = {
        each.name for subject in subjects for each in (*subject.fields, *subject.quantities, *subject.ratios)
    } | {name for subject in subjects for name in subject.joins}
    columns = set(kind.model.__mapper__.columns.keys())
    stored = {name.removesuffix("_minor").removesuffix("_id") for name in columns} | columns
    return frozenset({*ENTITIES[entity].fields, *stored, *reported, *FUNCTIONS, *BUCKETS, "count", "custom", "account"})


def _kind(entity: str, kind: str) -> CustomKind:
    if kind not in tuple(CustomKind):
        raise Invalid(f"{kind!r} is no kind of field. There are: {', '.join(CustomKind)}.")
    if kind == CustomKind.MONEY and entity in _WITHOUT_CURRENCY:
        raise Invalid(f"A {entity} has no currency, so it holds no amounts; define the field on the account or deal.")
    return CustomKind(kind)


def _choices(kind: CustomKind, choices: Sequence[str]) -> tuple[str, ...]:
    given = tuple(" ".join(choice.split()) for choice in choices)
    if kind is not CustomKind.CHOICE:
        if given:
            raise Invalid(f"Only a field of kind choice has choices, not one of kind {kind}.")
        return ()
    if not given:
        raise Invalid("A choice needs something to choose from; give --choice once for each, in their order.")
    if len(given) > MOST_CHOICES:
        raise Invalid(f"{len(given)} choices are more than a form shows; {MOST_CHOICES} fit.")
    for choice in given:
        if not choice or len(choice) > MOST_CHOICE:
            raise Invalid(f"A choice is 1 to {MOST_CHOICE} characters long: {choice!r} is not.")
    if len({choice.casefold() for choice in given}) < len(given):
        raise Invalid("A choice is given twice (upper and lower case count as the same).")
    return given


def _state(row: CustomField) -> dict[str, Any]:
    return {
        "name": row.name, "label": row.label, "kind": row.kind, "choices": list(row.choices),
        "position": row.position, "removed_at": row.removed_at.isoformat() if row.removed_at else None,
    }  # fmt: skip


def _audit(
    session: Session,
    row: CustomField,
    summary: str,
    before: dict[str, Any],
    by_id: str,
    now: datetime,
    *,
    gone: bool = False,
) -> None:
    after = {} if gone else _state(row)
    action = "delete" if gone else "update" if before else "create"
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    change = Change(id=new_id(), person_id=by_id, summary=summary, origin="cli", at=now)
    session.add(change)
    session.flush()
    session.add(
        ChangeLine(
            change_id=change.id, position=0, action=action, entity="custom_field", entity_id=row.id,
            before={name: before[name] for name in before if name in changed},
            after={name: after[name] for name in after if name in changed}, owner_id=by_id,
        )
    )  # fmt: skip
    session.flush()
