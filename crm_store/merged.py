"""Where a row went that became part of another one: old links, threads and files still name it by its own id."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Merged

_NAMED_BY = {"account_id": "account", "contact_id": "contact"}


def kept_id(session: Session, entity: str, row_id: str) -> str:
    """The id of the row that this one became part of, or ``row_id`` itself where it was not merged or where that may
    not be seen. ``entity`` is ``account`` or ``contact``."""
    found = select(Merged.kept_id).where(Merged.entity == entity, Merged.lost_id == row_id)
    return session.scalars(found).one_or_none() or row_id


def kept_ids(session: Session, entity: str, row_ids: Iterable[str]) -> dict[str, str]:
    """Lost id -> kept id, for those of ``row_ids`` that were merged."""
    found = select(Merged.lost_id, Merged.kept_id).where(Merged.entity == entity, Merged.lost_id.in_(list(row_ids)))
    return {row.lost_id: row.kept_id for row in session.execute(found)}


def followed(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Column values in which the accounts and contacts that were merged since are named by the rows they are part of."""
    return {
        name: kept_id(session, _NAMED_BY[name], value) if name in _NAMED_BY and isinstance(value, str) else value
        for name, value in values.items()
    }
