"""Proposals and changes: who, what, confirmed, rejected, undone, from where."""

from datetime import timedelta

from crm_store import changes
from crm_store.access import Scope
from crm_store.changes import Draft
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, by, total

LATER = builders.NOW + timedelta(minutes=10)


def week(store: Store) -> Scope:
    """Three proposals of one rep: a lost reason and a next step confirmed, an amount undone again, a source rejected."""
    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Ada Berg")
        account = builders.account(session, "Acme", rep)
        deal_id = builders.deal(session, "Deal", account, builders.pipeline(session)["Proposal"]).id
        scope = Scope(rep.id, frozenset({rep.id}))

    def proposed(origin: str, **values: object) -> str:
        draft = Draft("update", "deal", values, deal_id)
        with store.write(scope) as session:
            return changes.propose(
                session, person_id=rep.id, drafts=(draft,), summary="Test", origin=origin, now=builders.NOW
            )

    first = proposed("meeting", lost_reason="price", next_step="Call")
    with store.write(scope) as session:
        changes.confirm(session, first, now=LATER, origin="meeting")
    second = proposed("slack", amount_minor=1_00)
    with store.write(scope) as session:
        made = changes.confirm(session, second, now=LATER, origin="slack")
    with store.write(scope) as session:
        changes.undo(session, made, now=LATER + timedelta(hours=1), origin="slack")
    third = proposed("slack", source="Fair")
    with store.write(scope) as session:
        changes.reject(session, third, now=LATER + timedelta(minutes=10))
    proposed("slack", competitor="Corvane")
    return scope


def test_proposals_are_confirmed_rejected_and_undone(record: Store) -> None:
    scope = week(record)
    names = ("count", "confirmed_rate", "undo_rate", "time_to_decide")
    assert total(record, "proposals", *names, scope=scope) == (4, 66.7, 50, 13.3)
    assert by(record, "proposals", "status", scope=scope) == {"applied": (2,), "rejected": (1,), "open": (1,)}
    assert by(record, "proposals", "origin", "count", "confirmed_rate", scope=scope) == {
        "slack": (3, 50),
        "meeting": (1, 100),
    }
    assert by(record, "proposals", "owner", scope=scope) == {"Ada Berg": (4,)}
    assert by(record, "proposals", "undone", scope=scope) == {"no": (3,), "yes": (1,)}


def test_changes_say_who_changed_what_from_where(record: Store) -> None:
    scope = week(record)
    assert by(record, "changes", "field", scope=scope) == {"amount": (2,), "lost reason": (1,), "next step": (1,)}
    assert by(record, "changes", "owner", "count", "rows", scope=scope) == {"Ada Berg": (4, 1)}
    assert by(record, "changes", "origin", scope=scope) == {"meeting": (2,), "slack": (2,)}
    assert by(record, "changes", "is_undo", scope=scope) == {"no": (3,), "yes": (1,)}
    assert by(record, "changes", "undone", scope=scope) == {"no": (3,), "yes": (1,)}
    amount = {"field": "field", "op": "eq", "value": "amount"}
    assert by(record, "changes", "new", scope=scope, filter=amount) == {"100": (1,), "8400000": (1,)}


def test_a_colleague_sees_neither(record: Store) -> None:
    week(record)
    with record.write(EVERYTHING) as session:
        other = builders.person(session, "Bo Clay")
    scope = Scope(other.id, frozenset({other.id}))
    assert total(record, "proposals", "count", "confirmed_rate", scope=scope) == (0, None)
    assert total(record, "changes", "count", "rows", scope=scope) == (0, 0)
