"""What a proposal may do where some fields are kept by managers, and which fields can be."""

from collections.abc import Iterable

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from crm_store import masking
from crm_store.access import scope_of, scoped
from crm_store.changes.fields import ENTITIES
from crm_store.errors import Invalid
from crm_store.models import Change, ChangeLine, ProposalItem

_SEARCHED = {"account.description", "case.description", "interaction.outcome", "interaction.turns"}
"""Text that the search index and its passages hold as well."""
_FOLLOWING = {"deal.closed_at", "task.done_at"}
"""Set by what follows from a write, whoever writes."""
_WHENCE = ("external_source", "external_id")


def hideable() -> tuple[str, ...]:
    """Every field that can be kept for managers, such as ``deal.amount_minor``: one that may be empty, says neither whose a
    row is nor what it belongs to, and is held nowhere but in its column."""
    found = []
    for name, entity in ENTITIES.items():
        for column in inspect(entity.model).columns:
            if column.nullable and not column.foreign_keys and column.name not in _WHENCE:
                found.append(f"{name}.{column.name}")
    return tuple(sorted(set(found) - _SEARCHED - _FOLLOWING))


def parsed(text: str) -> frozenset[str]:
    """The fields named in a setting, with spaces or commas between them.

    :raises Invalid: names what cannot be kept for managers, and what can.
    """
    named = frozenset(text.replace(",", " ").split())
    wrong = sorted(named - set(hideable()))
    if wrong:
        raise Invalid(f"{', '.join(wrong)} cannot be kept for managers; these fields can: {', '.join(hideable())}")
    return named


def check_drafted(session: Session, action: str, entity: str, names: Iterable[str]) -> None:
    """:raises NotPermitted: when a draft writes a field that this person does not see, or merges rows that have some."""
    masking.refuse(scope_of(session).hidden, entity, set(names), whole=action == "merge")


def check_proposed(session: Session, proposal_id: str) -> None:
    """The same for a proposal made before the field was kept for managers."""
    if scope_of(session).hidden:
        asked = select(ProposalItem.action, ProposalItem.entity, ProposalItem.changes)
        with scoped(session).raw("whether a proposal writes what its person no longer sees"):
            items = session.execute(asked.where(ProposalItem.proposal_id == proposal_id)).all()
        for action, entity, changes in items:
            check_drafted(session, action, entity, changes)


def check_undone(session: Session, change: Change) -> None:
    """The same for taking back a change: all of it, or nothing."""
    if scope_of(session).hidden:
        asked = select(ChangeLine.action, ChangeLine.entity, ChangeLine.before, ChangeLine.after)
        with scoped(session).raw("whether a change wrote what its person no longer sees"):
            lines = session.execute(asked.where(ChangeLine.change_id == change.id)).all()
        for action, entity, before, after in lines:
            written = {name for name, value in {**after, **before}.items() if value is not None}
            check_drafted(session, action, entity, written)
