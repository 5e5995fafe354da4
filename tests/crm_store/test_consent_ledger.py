"""The consent ledger: lines are added, never changed, and what takes one back is a line too."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_store import changes
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.errors import Conflict, Invalid, NotVisible
from crm_store.models import RETRACTED, ChangeLine, Consent, Contact
from crm_store.queries import contacts
from crm_store.queries.consents import standings
from tests import builders as make
from tests.crm_store.test_changes import LATER, SYSTEM, Desk, desk

__all__ = ["desk"]

MUCH_LATER = LATER + timedelta(days=9)


def _line(desk: Desk, status: str, **values: Any) -> Draft:
    given = {"contact_id": desk.contact, "channel": "email", "purpose": "marketing", "at": make.NOW, "source": "said so"}
    return Draft("create", "consent", given | {"status": status} | values)


def _before(desk: Desk, status: str) -> None:
    with desk.store.write(SYSTEM) as session:
        make.consent(session, session.get(Contact, desk.contact), status, at=make.NOW - timedelta(days=30), source="Fair")


def _counts(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read(desk.scope) as session:
        return [(line.status, line.source) for line in contacts.consents(session, desk.contact, now=MUCH_LATER)]


def _ledger(desk: Desk) -> list[str]:
    with desk.store.read(SYSTEM) as session:
        return list(session.scalars(select(Consent.status).order_by(Consent.at, Consent.id)))


def test_a_new_line_is_shown_beside_what_counts_before_it(desk: Desk) -> None:
    _before(desk, "granted")
    proposal = desk.propose(_line(desk, "withdrawn"))
    with desk.store.read(desk.scope) as session:
        (item,) = changes.read_proposal(session, proposal).items
    assert item.changes["status"] == {"old": "granted", "new": "withdrawn"}
    desk.confirm(proposal)
    assert _counts(desk) == [("withdrawn", "said so")]


def test_undo_adds_a_line_that_says_what_was_said_before(desk: Desk) -> None:
    _before(desk, "granted")
    change = desk.confirm(desk.propose(_line(desk, "withdrawn")))
    undone = desk.undo(change)
    assert _ledger(desk) == ["granted", "withdrawn", "granted"]
    assert _counts(desk) == [("granted", "undo: as before, Fair")]
    assert desk.undo(change) == undone
    with desk.store.read(SYSTEM) as session:
        (line,) = session.scalars(select(ChangeLine).where(ChangeLine.change_id == undone))
    assert (line.action, line.after["status"]) == ("create", "granted")


def test_where_nothing_was_said_before_undo_leaves_nothing_that_counts(desk: Desk) -> None:
    change = desk.confirm(desk.propose(_line(desk, "granted")))
    desk.undo(change)
    assert _ledger(desk) == ["granted", RETRACTED]
    assert _counts(desk) == []
    with desk.store.read(desk.scope) as session:
        (one,) = standings(session, "email", "marketing", now=MUCH_LATER, account_id=desk.account)
    assert one.status is None
    with desk.store.read(desk.scope) as session:
        fresh = changes.read_proposal(session, desk.propose(_line(desk, "granted", at=MUCH_LATER)))
    assert fresh.items[0].changes["status"]["old"] is None


def test_an_undo_is_undone_by_another_line(desk: Desk) -> None:
    _before(desk, "granted")
    undone = desk.undo(desk.confirm(desk.propose(_line(desk, "withdrawn"))))
    with desk.store.write(desk.scope) as session:
        changes.undo(session, undone, now=LATER + timedelta(hours=1), origin="test")
    assert [status for status, _ in _counts(desk)] == ["withdrawn"]


def test_what_was_said_since_is_not_overruled_by_an_undo(desk: Desk) -> None:
    change = desk.confirm(desk.propose(_line(desk, "granted")))
    with desk.store.write(SYSTEM) as session:
        make.consent(session, session.get(Contact, desk.contact), "withdrawn", at=LATER, source="Footer link")
    with pytest.raises(Conflict, match="newer"):
        desk.undo(change)
    assert _counts(desk) == [("withdrawn", "Footer link")]


def test_a_withdrawal_between_proposal_and_confirm_still_counts(desk: Desk) -> None:
    proposal = desk.propose(_line(desk, "granted"))
    with desk.store.write(SYSTEM) as session:
        make.consent(session, session.get(Contact, desk.contact), "withdrawn", at=make.NOW + timedelta(minutes=1), source="Stop")
    desk.confirm(proposal)
    assert _counts(desk) == [("withdrawn", "Stop")]


@pytest.mark.parametrize("action", ["update", "delete"])
def test_no_line_is_changed_or_deleted(desk: Desk, action: Any) -> None:
    _before(desk, "withdrawn")
    with desk.store.read(SYSTEM) as session:
        line = session.scalars(select(Consent.id)).one()
    with pytest.raises(Invalid):
        desk.propose(Draft(action, "consent", {"status": "granted"}, line))


def test_a_line_is_the_contacts_own_whoever_enters_it(desk: Desk) -> None:
    with desk.store.write(SYSTEM) as session:
        manager = make.person(session, "Max Over", "admin").id
    seen_by = desk.scope.__class__(manager, None)
    proposal = desk.propose(_line(desk, "withdrawn", account_id=None, owner_id=manager), scope=seen_by)
    desk.confirm(proposal, scope=seen_by)
    assert _counts(desk) == [("withdrawn", "said so")]
    with desk.store.read(SYSTEM) as session:
        line = session.scalars(select(Consent)).one()
        contact = session.get(Contact, desk.contact)
    assert contact is not None
    assert (line.account_id, line.owner_id) == (contact.account_id, contact.owner_id)


def test_a_merge_keeps_what_was_withdrawn_by_chat(desk: Desk) -> None:
    other = new_id()
    desk.confirm(desk.propose(Draft("create", "contact", {"name": "Anne Berg", "account_id": desk.account}, other)))
    change = desk.confirm(desk.propose(_line(desk, "withdrawn", contact_id=other)))
    _before(desk, "granted")
    desk.confirm(desk.propose(Draft("merge", "contact", {}, desk.contact, other_id=other)))
    assert [status for status, _ in _counts(desk)] == ["withdrawn"]
    desk.undo(change)
    assert [status for status, _ in _counts(desk)] == ["granted"], "what the other record says counts again"


def test_nobody_takes_back_a_line_of_a_contact_they_do_not_see(desk: Desk) -> None:
    change = desk.confirm(desk.propose(_line(desk, "withdrawn")))
    with pytest.raises(NotVisible), desk.store.write(desk.other_scope) as session:
        changes.undo(session, change, now=LATER, origin="test")
