"""The consent ledger as proposals write it: lines are added and none is ever changed, so what takes one back is a line too.

Undo adds what stood before the line it takes back. Where nothing did, it adds a ``retracted`` line, which reads like no line: a
marketing message then needs a consent again, and a withdrawal entered by mistake forbids nothing.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.changes.rows import as_json, read, snapshot
from crm_store.errors import Conflict
from crm_store.models import RETRACTED, ChangeLine, Consent

_MOST_SOURCE = 200


def counting(session: Session, values: dict[str, Any]) -> str | None:
    """The status that counts before a new line is added, of which ``values`` are the fields in JSON form; None where the ledger
    says nothing."""
    line = _newest(session, values["contact_id"], values["channel"], values["purpose"], datetime.fromisoformat(values["at"]))
    return None if line is None or line.status == RETRACTED else line.status


def taken_back(session: Session, change_id: str, position: int, line: ChangeLine, now: datetime) -> ChangeLine:
    """Add the line that makes the ledger say what it said before ``line`` of the audit; returns its line of the audit.

    :raises Conflict: when the ledger says something newer.
    """
    mistaken = read(session, "consent", line.entity_id)
    assert isinstance(mistaken, Consent)
    read(session, "contact", mistaken.contact_id)  # nobody else takes back a line of theirs meanwhile
    newest = _newest(session, mistaken.contact_id, mistaken.channel, mistaken.purpose, max(now, mistaken.at))
    if newest is not mistaken:
        raise Conflict("The consent ledger says something newer since, so I left everything as it is.")
    before = _newest(session, mistaken.contact_id, mistaken.channel, mistaken.purpose, mistaken.at, before=mistaken)
    said = "" if before is None else f": as before, {before.source}"
    added = Consent(
        id=new_id(), contact_id=mistaken.contact_id, channel=mistaken.channel, purpose=mistaken.purpose,
        status=RETRACTED if before is None else before.status, at=max(now, mistaken.at), source=f"undo{said}"[:_MOST_SOURCE],
        account_id=mistaken.account_id, owner_id=mistaken.owner_id,
    )  # fmt: skip
    session.add(added)
    session.flush()
    after = {name: as_json(value) for name, value in snapshot(added).items() if value is not None}
    return ChangeLine(
        change_id=change_id, position=position, action="create", entity="consent", entity_id=added.id, before={}, after=after,
        account_id=added.account_id, owner_id=added.owner_id,
    )  # fmt: skip


def _newest(
    session: Session, contact_id: str, channel: str, purpose: str, until: datetime, before: Consent | None = None
) -> Consent | None:
    """The line that counts at a moment; ``before``: of those that were there before this one."""
    lines = (
        select(Consent)
        .where(Consent.contact_id == contact_id, Consent.channel == channel, Consent.purpose == purpose, Consent.at <= until)
        .order_by(Consent.at.desc(), Consent.id.desc())
    )
    if before is None:
        return session.scalars(lines.limit(1)).first()
    return next((line for line in session.scalars(lines) if (line.at, line.id) < (before.at, before.id)), None)
