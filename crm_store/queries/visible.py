"""Whether a row may be seen, without reading it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crm_store.access import ScopedSession
from crm_store.merged import kept_id
from crm_store.models import Account, Contact, Deal

_MODELS: Mapping[str, Any] = {"account": Account, "contact": Contact, "deal": Deal}


def is_visible(session: ScopedSession, entity: str, row_id: str) -> bool:
    """Whether this session may see the account, contact or deal of that id, or what it became part of."""
    model = _MODELS[entity]

    def found(one: str) -> bool:
        return session.scalar(select(model.id).where(model.id == one)) is not None

    return found(row_id) or ((kept := kept_id(session, entity, row_id)) != row_id and found(kept))
