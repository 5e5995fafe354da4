"""Where in the vector index the passages of a person are, in the coarse terms that are kept beside each vector.

This narrows a search and grants nothing: every hit is read again through the scope by :mod:`crm_store.passages`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from crm_store.access import ScopedSession
from crm_store.models import Account, Document
from crm_store.passages_filter import Filter, of_talks
from crm_store.passages_fulltext import acl_token


@dataclass(frozen=True)
class Place:
    """Whose passages (see :func:`~crm_store.passages_fulltext.acl_token`) of which documents; None means any."""

    groups: frozenset[str] | None
    documents: frozenset[str] | None


def place(session: ScopedSession, filter_: Filter) -> Place:
    """The smallest place that certainly holds every passage that the filter and the scope permit."""
    documents = _documents(session, filter_)
    if documents is not None and filter_.account_ids is None:
        return Place(None, documents)  # they were read through the scope already
    if filter_.account_ids is not None:
        return Place(_tokens(filter_.account_ids), documents)
    scope = session.scope
    if scope.everything:
        return Place(None, documents)
    tokens = _tokens(session.scalars(select(Account.id)))
    if scope.within is None:
        tokens |= {acl_token(None, owner) for owner in (*(scope.owner_ids or ()), None)}
    return Place(tokens, documents)


def group(account_id: str | None, owner_id: str | None) -> str:
    """Whose a passage is, as the vector index keeps it."""
    return acl_token(account_id, owner_id)


def _tokens(account_ids: Iterable[str]) -> frozenset[str]:
    return frozenset(acl_token(id_, None) for id_ in account_ids)


def _documents(session: ScopedSession, filter_: Filter) -> frozenset[str] | None:
    talks = of_talks(filter_)
    return frozenset(session.scalars(select(Document.id).where(*talks))) if talks else None
