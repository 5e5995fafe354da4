"""What a change brings along: teams, the rows below a row, participants, and exact returns."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from crm_store import changes
from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.changes import ENTITIES, Draft
from crm_store.errors import Conflict, CrmError, Invalid, NotVisible
from crm_store.models import (
    Account,
    AccountMember,
    Change,
    Consent,
    Contact,
    Deal,
    DealContact,
    FieldHistory,
    Interaction,
    Participant,
    Task,
)
from crm_store.store import Store
from tests import builders as make
from tests.crm_store.test_changes import SYSTEM, Desk, desk

__all__ = ["desk"]


def _admin(desk: Desk) -> Scope:
    with desk.store.write(SYSTEM) as session:
        return Scope(make.person(session, "Ad Min", "admin").id, None)


def _team(desk: Desk, account: str) -> dict[str, str]:
    with desk.store.read(SYSTEM) as session:
        rows = session.scalars(select(AccountMember).where(AccountMember.account_id == account))
        return {row.person_id: row.reason for row in rows}


def _undo(desk: Desk, change: str, scope: Scope) -> str:
    with desk.store.write(scope) as session:
        return changes.undo(session, change, now=make.NOW + timedelta(hours=1), origin="test")


def _call(desk: Desk, **values: Any) -> Draft:
    given = {"channel": "call", "at": make.NOW, "subject": "Call", "account_id": desk.account}
    return Draft("create", "interaction", given | values, new_id())


def _parts(desk: Desk) -> set[tuple[str | None, str | None, str | None, str]]:
    with desk.store.read(SYSTEM) as session:
        return {(p.contact_id, p.person_id, p.name, p.part) for p in session.scalars(select(Participant))}


def test_undoing_a_new_account_removes_it_and_what_was_made_with_it(desk: Desk) -> None:
    account, contact = new_id(), new_id()
    change = desk.confirm(
        desk.propose(
            Draft("create", "account", {"name": "Fresh", "kind": "customer"}, account),
            Draft("create", "contact", {"name": "New Person", "account_id": account}, contact),
        )
    )
    undone = desk.undo(change)
    assert desk.row(Account, account) is None
    assert desk.row(Contact, contact) is None
    assert desk.undo(change) == undone
    with desk.store.read(desk.scope) as session:
        kept = set(session.scalars(select(FieldHistory.entity_id)))
    assert {account, contact} <= kept, "the audit stays with its owner"


def test_an_account_that_something_was_added_to_is_not_undone(desk: Desk) -> None:
    account = new_id()
    change = desk.confirm(desk.propose(Draft("create", "account", {"name": "Fresh"}, account)))
    desk.confirm(desk.propose(Draft("create", "task", {"title": "Call them", "account_id": account})))
    with pytest.raises(Conflict):
        desk.undo(change)
    assert desk.row(Account, account) is not None
    assert _team(desk, account) == {desk.scope.person_id: "owner"}


def test_who_gives_an_account_away_loses_sight_of_it(desk: Desk) -> None:
    admin = _admin(desk)
    with desk.store.write(SYSTEM) as session:
        for deal in session.scalars(select(Deal).where(Deal.account_id == desk.account)):
            deal.owner_id = desk.other_scope.person_id
    change = desk.confirm(
        desk.propose(
            Draft("update", "account", {"owner_id": desk.other_scope.person_id}, desk.account), scope=admin
        ),
        scope=admin,
    )
    assert _team(desk, desk.account) == {desk.other_scope.person_id: "owner"}
    with desk.store.read(desk.scope) as session:
        assert session.get(Account, desk.account) is None
    _undo(desk, change, admin)
    assert _team(desk, desk.account) == {desk.scope.person_id: "owner", desk.other_scope.person_id: "deal"}


def test_the_old_owner_of_an_account_still_sees_it_for_a_deal_of_theirs(desk: Desk) -> None:
    admin = _admin(desk)
    draft = Draft("update", "account", {"owner_id": desk.other_scope.person_id}, desk.account)
    desk.confirm(desk.propose(draft, scope=admin), scope=admin)
    assert _team(desk, desk.account) == {desk.scope.person_id: "deal", desk.other_scope.person_id: "owner"}


def test_a_rep_can_give_their_account_away_and_the_rest_of_the_change_is_written_too(desk: Desk) -> None:
    proposal = desk.propose(
        Draft("update", "account", {"owner_id": desk.other_scope.person_id}, desk.account),
        Draft("update", "deal", {"owner_id": desk.other_scope.person_id, "next_step": "Meet"}, desk.deal),
    )
    change = desk.confirm(proposal)
    assert desk.row(Deal, desk.deal).next_step == "Meet"
    assert _team(desk, desk.account) == {desk.other_scope.person_id: "owner"}
    assert desk.confirm(proposal) == change
    with pytest.raises(NotVisible, match="no longer see"):
        desk.undo(change)
    assert desk.row(Deal, desk.deal).next_step == "Meet"


def test_a_change_is_never_half_undone(desk: Desk) -> None:
    admin = _admin(desk)
    with desk.store.write(SYSTEM) as session:
        second = make.account(session, "Second", make.person(session, "Some One"))
        session.add(AccountMember(account_id=second.id, person_id=desk.scope.person_id or "", reason="added"))
        other = second.id
    change = desk.confirm(
        desk.propose(
            Draft("update", "account", {"industry": "Steel"}, desk.account),
            Draft("update", "account", {"industry": "Steel"}, other),
        )
    )
    with desk.store.write(admin) as session:
        mine = select(AccountMember).where(AccountMember.account_id == other, AccountMember.reason == "added")
        session.delete(session.scalars(mine).one())
    with pytest.raises(NotVisible, match="no longer see"):
        desk.undo(change)
    assert desk.row(Account, desk.account).industry == "Steel"


def test_a_deal_that_moves_to_another_account_takes_its_roles_and_history_along(desk: Desk) -> None:
    with desk.store.write(SYSTEM) as session:
        me = desk.scope.person_id
        second = make.account(session, "Second", session.get(type(make.person(session, "X Y")), me))
        deal, contact = session.get(Deal, desk.deal), session.get(Contact, desk.contact)
        role = make.deal_contact(session, deal, contact).id
        line = make.history(session, deal, "amount_minor", None, "8400000").id
        other = second.id
    change = desk.confirm(desk.propose(Draft("update", "deal", {"account_id": other}, desk.deal)))
    assert desk.row(DealContact, role).account_id == desk.row(FieldHistory, line).account_id == other
    desk.undo(change)
    assert desk.row(DealContact, role).account_id == desk.row(FieldHistory, line).account_id == desk.account


def test_a_contact_who_moves_takes_their_consents_along(desk: Desk) -> None:
    with desk.store.write(SYSTEM) as session:
        other = make.account(session, "Second", session.get(type(make.person(session, "X Y")), desk.scope.person_id)).id
        consent = make.consent(session, session.get(Contact, desk.contact), "withdrawn").id
    desk.confirm(desk.propose(Draft("update", "contact", {"account_id": other}, desk.contact)))
    assert desk.row(Consent, consent).account_id == other


def test_undoing_the_deletion_of_a_call_brings_back_who_took_part(desk: Desk) -> None:
    call = _call(desk, contact_ids=[desk.contact], attendee_names=["A stranger"], direction="inbound")
    desk.confirm(desk.propose(call))
    before, row = _parts(desk), desk.row(Interaction, call.entity_id)
    change = desk.confirm(desk.propose(Draft("delete", "interaction", {}, call.entity_id)))
    assert desk.count(Interaction) == desk.count(Participant) == 0
    desk.undo(change)
    again = desk.row(Interaction, call.entity_id)
    assert _parts(desk) == before
    assert (again.at, again.created_at, again.subject) == (row.at, row.created_at, row.subject)


def test_who_took_part_can_be_corrected_and_the_correction_undone(desk: Desk) -> None:
    call = _call(desk, attendee_names=["A stranger"])
    desk.confirm(desk.propose(call))
    before = _parts(desk)
    draft = Draft("update", "interaction", {"contact_ids": [desk.contact], "attendee_names": []}, call.entity_id)
    change = desk.confirm(desk.propose(draft))
    assert _parts(desk) == {(desk.contact, None, None, "recipient"), (None, desk.scope.person_id, None, "attendee")}
    desk.undo(change)
    assert _parts(desk) == before


def test_a_new_row_that_was_changed_and_changed_back_can_be_undone(desk: Desk) -> None:
    task = new_id()
    made = desk.confirm(desk.propose(Draft("create", "task", {"title": "x", "account_id": desk.account}, task)))
    done = desk.confirm(desk.propose(Draft("update", "task", {"status": "done"}, task)))
    with pytest.raises(Conflict):
        desk.undo(made)
    desk.undo(done)
    desk.undo(made)
    assert desk.row(Task, task) is None


def test_a_time_in_another_zone_is_the_same_time(desk: Desk) -> None:
    call = _call(desk)
    desk.confirm(desk.propose(call))
    east = timezone(timedelta(hours=5))
    with pytest.raises(Invalid, match="Nothing would change"):
        desk.propose(Draft("update", "interaction", {"at": make.NOW.astimezone(east)}, call.entity_id))
    later = datetime(2026, 11, 20, 15, 30, tzinfo=east)
    change = desk.confirm(desk.propose(Draft("update", "interaction", {"at": later}, call.entity_id)))
    assert desk.row(Interaction, call.entity_id).at == later.astimezone(UTC)
    desk.undo(change)
    assert desk.row(Interaction, call.entity_id).at == make.NOW


def test_a_part_that_is_played_already_changes_nothing(desk: Desk) -> None:
    draft = Draft("create", "deal_contact", {"deal_id": desk.deal, "contact_id": desk.contact, "role": "champion"})
    first, second = desk.propose(draft), desk.propose(draft)
    desk.confirm(first)
    with pytest.raises(Invalid, match="Nothing would change"):
        desk.propose(draft)
    with pytest.raises(Conflict, match="has this already"):
        desk.confirm(second)
    assert desk.count(DealContact) == desk.count(Change) == 1


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("deal", {"forecast_category": None}), ("deal", {"kind": ""}), ("deal", {"amount_minor": 2**60}),
        ("contact", {"is_advocate": None}), ("contact", {"lifecycle": None}), ("account", {"employees": 2**31}),
    ],
)  # fmt: skip
def test_a_field_that_always_holds_something_cannot_be_emptied(
    desk: Desk, entity: str, values: dict[str, Any]
) -> None:
    row = {"deal": desk.deal, "contact": desk.contact, "account": desk.account}[entity]
    with pytest.raises(Invalid):
        desk.propose(Draft("update", entity, values, row))


def test_emptied_notes_are_empty_words(desk: Desk) -> None:
    call = _call(desk, body="Something")
    desk.confirm(desk.propose(call))
    desk.confirm(desk.propose(Draft("update", "interaction", {"body": None}, call.entity_id)))
    assert desk.row(Interaction, call.entity_id).body == ""


def test_no_field_takes_more_than_its_column_holds() -> None:
    for each in ENTITIES.values():
        columns = inspect(each.model).columns
        for name, spec in each.fields.items():
            length = getattr(columns[name].type, "length", None) if name in columns else None
            if spec.kind == "text" and length:
                assert spec.most <= length, (each.noun, name)


def test_many_undos_at_once_take_a_change_back_once(desk: Desk) -> None:
    change = desk.confirm(desk.propose(Draft("update", "deal", {"amount_minor": 5}, desk.deal)))
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: desk.undo(change), range(4)))
    assert len(made) == 1
    assert (desk.row(Deal, desk.deal).amount_minor, desk.count(Change)) == (8_400_000, 2)


def test_a_confirm_and_a_reject_at_once_agree_on_what_happened(desk: Desk) -> None:
    for _ in range(3):
        proposal = desk.propose(Draft("create", "task", {"title": "x", "account_id": desk.account}))
        before = desk.count(Task)

        def decide(confirms: bool, proposal: str = proposal) -> None:
            try:
                if confirms:
                    desk.confirm(proposal)
                else:
                    with desk.store.write(desk.scope) as session:
                        changes.reject(session, proposal, now=make.NOW)
            except CrmError:
                pass

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(decide, (True, False)))
        with desk.store.read(desk.scope) as session:
            status = changes.read_proposal(session, proposal).status
        assert desk.count(Task) - before == (1 if status == "applied" else 0)


def test_two_proposals_for_one_field_confirmed_at_once_never_overwrite_each_other(desk: Desk) -> None:
    # The task first: the deal is read through it before it is locked.
    proposals = [
        desk.propose(
            Draft("create", "task", {"title": f"Task {amount}", "deal_id": desk.deal}),
            Draft("update", "deal", {"amount_minor": amount}, desk.deal),
        )
        for amount in (5, 6, 7, 8)
    ]

    def confirm(proposal: str) -> bool:
        try:
            return bool(desk.confirm(proposal))
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(confirm, proposals)) == 1
    assert desk.count(Task) == 1


def test_the_same_key_proposed_at_once_makes_one_proposal(desk: Desk) -> None:
    draft = Draft("create", "task", {"title": "x", "account_id": desk.account})
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: desk.propose(draft, dedupe_key="meeting:1"), range(4)))
    assert len(made) == 1


def test_a_key_of_somebody_else_is_refused_without_a_word_of_theirs(desk: Desk) -> None:
    desk.propose(
        Draft("create", "task", {"title": "secret", "account_id": desk.foreign_account}),
        scope=desk.other_scope, dedupe_key="k",
    )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        desk.propose(Draft("create", "task", {"title": "x", "account_id": desk.account}), dedupe_key="k")
    assert "secret" not in str(refused.value)


def test_every_field_comes_back_from_the_record_as_it_was_given(store: Store, desk: Desk) -> None:
    call = _call(
        desk, duration_s=90, direction="inbound", body="Notes", outcome="Good", url="https://example.com/x",
        turns=[{"speaker": "Ann Berg", "offset_s": 1.5, "text": "Hello"}], deal_id=desk.deal, contact_ids=[desk.contact],
    )  # fmt: skip
    deal = {
        "name": "New", "account_id": desk.account, "stage_id": desk.stages["Proposal"], "amount_minor": 2**53 - 1,
        "currency": "EUR", "close_date": date(2027, 2, 28), "forecast_category": "commit", "next_step": "Ünïcode ✓",
    }  # fmt: skip
    made = Draft("create", "deal", deal, new_id())
    change = desk.confirm(desk.propose(call, made))
    row, there = desk.row(Interaction, call.entity_id), desk.row(Deal, made.entity_id)
    assert (row.duration_s, row.direction, row.body, row.outcome) == (90, "inbound", "Notes", "Good")
    assert row.turns == [{"speaker": "Ann Berg", "offset_s": 1.5, "text": "Hello"}]
    assert {name: getattr(there, name) for name in deal} == deal
    with store.read(desk.scope) as session:
        first = select(func.count(FieldHistory.id)).where(
            FieldHistory.entity_id == made.entity_id, FieldHistory.old.is_(None), FieldHistory.new.is_not(None)
        )
        tracked = {name for name, spec in ENTITIES["deal"].fields.items() if spec.tracked}
        assert session.scalar(first) == len(tracked & deal.keys()) + 1, "the owner's first value is kept too"
    desk.undo(change)
    assert desk.row(Deal, made.entity_id) is None
