"""What fields a company added, read through the session each time: definitions are few, and never a cache that lags."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.errors import Invalid
from crm_store.models import CustomField, CustomKind

PREFIX = "custom."
"""What a custom field's name starts with wherever it could be taken for a built-in one: in proposals, the history and
reports."""


@dataclass(frozen=True)
class Definition:
    """One custom field. ``name`` is its key in the ``custom`` column of the entity's rows."""

    id: str
    entity: str
    name: str
    label: str
    kind: CustomKind
    choices: tuple[str, ...] = ()
    position: int = 0
    removed: bool = False

    @property
    def key(self) -> str:
        return PREFIX + self.name


def definitions(session: Session, entity: str | None = None, *, removed: bool = False) -> tuple[Definition, ...]:
    """The fields in use (of one entity), in their order; with ``removed`` also those that were removed."""
    wanted = select(CustomField)
    if entity is not None:
        wanted = wanted.where(CustomField.entity == entity)
    if not removed:
        wanted = wanted.where(CustomField.removed_at.is_(None))
    ordered = wanted.order_by(CustomField.entity, CustomField.position, CustomField.name)
    return tuple(definition_of(row) for row in session.scalars(ordered))


def definition_of(row: CustomField) -> Definition:
    kind, choices = CustomKind(row.kind), tuple(str(each) for each in row.choices)
    removed = row.removed_at is not None
    return Definition(row.id, row.entity, row.name, row.label, kind, choices, row.position, removed)


def definition_named(session: Session, entity: str, name: str) -> Definition:
    """The field of that name, ``custom.`` before it or not, or of that label in any case.

    :raises Invalid: names the fields there are.
    """
    there = definitions(session, entity)
    found = field_called(there, name)
    if found is None:
        known = ", ".join(each.name for each in there) or "none yet; an administrator adds one with 'rapport field add'"
        raise Invalid(f"There is no custom field {name!r} on a {entity}. There are: {known}.")
    return found


def field_called(there: tuple[Definition, ...], header: str) -> Definition | None:
    """The definition that a column's header, or a person's word for a field, means: its name or its label, in any case
    and with any separators. None where none is called so."""
    wanted = folded(header.removeprefix(PREFIX))
    named = [each for each in there if wanted and wanted in (folded(each.name), folded(each.label))]
    return named[0] if named else None


def folded(text: str) -> str:
    """Words without case, punctuation and spaces, as headers of exports differ in nothing else."""
    return "".join(character for character in text.casefold() if character.isalnum())
