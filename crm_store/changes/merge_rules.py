"""What a merge decides where both rows have the same: which line stays, who is on the team, and what was withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.models import Account, AccountMember, CampaignMember, Consent, Contact, Deal
from crm_store.references import table_of

_ANSWERS = ("sent", "opened", "responded", "unsubscribed")
"""What a campaign's member did, the most telling last: who unsubscribed under one record has unsubscribed."""


@dataclass(frozen=True)
class Move:
    """These rows' ``column`` went from ``old`` to ``new``."""

    table: Table
    column: str
    old: str | None
    new: str | None
    ids: Sequence[str]


def settle_clash(
    session: Session, table: Table, mine: dict[str, Any], theirs: dict[str, Any]
) -> tuple[dict[str, Any], list[Move]]:
    """Of two rows that cannot both be the survivor's, the one to drop; and what the other takes over from it. ``mine``
    is the survivor's."""
    if table is table_of(CampaignMember) and _told(theirs) > _told(mine):
        return mine, []
    if table is table_of(AccountMember) and mine["reason"] == "deal" and theirs["reason"] != "deal":
        session.execute(update(table).where(table.c.id == mine["id"]).values(reason="added"))
        return theirs, [Move(table, "reason", "deal", "added", [mine["id"]])]
    return theirs, []


def _told(row: dict[str, Any]) -> int:
    return _ANSWERS.index(row["status"]) if row["status"] in _ANSWERS else -1


def settle_team(session: Session, kept: Account, moved: Sequence[Move]) -> list[Move]:
    """Nobody loses sight by a merge: who owned the account that went stays on the team, for the deals they own or as
    somebody who was added."""
    table, deals = table_of(AccountMember), table_of(Deal)
    ids = [id_ for move in moved if move.table is table and move.column == "account_id" for id_ in move.ids]
    owners = select(table.c.id, table.c.person_id).where(table.c.id.in_(ids), table.c.reason == "owner")
    found: list[Move] = []
    for id_, person_id in session.execute(owners).all() if ids else ():
        if person_id == kept.owner_id:
            continue
        own = select(deals.c.id).where(deals.c.account_id == kept.id, deals.c.owner_id == person_id).limit(1)
        reason = "deal" if session.execute(own).first() is not None else "added"
        session.execute(update(table).where(table.c.id == id_).values(reason=reason))
        found.append(Move(table, "reason", "owner", reason, [id_]))
    return found


def keep_withdrawals(session: Session, kept: Contact, lost: Contact, now: datetime) -> list[tuple[Table, str]]:
    """Add a line to the consent ledger for each channel and purpose that one of the two records has as withdrawn and
    that the newest line of both together would allow again. Returns what was added."""
    table = table_of(Consent)
    newest: dict[tuple[str, str], dict[str, tuple[datetime, str]]] = {}
    lines = select(table.c.contact_id, table.c.channel, table.c.purpose, table.c.at, table.c.status)
    ordered = lines.where(table.c.contact_id.in_((kept.id, lost.id)), table.c.at <= now).order_by(
        table.c.at, table.c.id
    )
    for contact_id, channel, purpose, at, status in session.execute(ordered):
        newest.setdefault((channel, purpose), {})[contact_id] = (at, status)
    added: list[tuple[Table, str]] = []
    for (channel, purpose), each in newest.items():
        withdrawn = [at for at, status in each.values() if status == "withdrawn"]
        if withdrawn and max(each.values())[1] != "withdrawn":
            line = new_id()
            session.execute(
                insert(table).values(
                    id=line, contact_id=kept.id, channel=channel, purpose=purpose, status="withdrawn", at=now,
                    source=f"merge: withdrawn on {max(withdrawn):%Y-%m-%d} in the other of two records of one person",
                    account_id=kept.account_id, owner_id=kept.owner_id,
                )
            )  # fmt: skip
            added.append((table, line))
    return added
