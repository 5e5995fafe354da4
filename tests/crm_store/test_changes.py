"""Propose, confirm, undo: what is written, what is refused, and what never happens twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm_store import changes
from crm_store.access import Scope
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.errors import AlreadyDecided, Conflict, Invalid, NotVisible
from crm_store.models import (
    Account,
    AccountMember,
    Change,
    ChangeLine,
    Deal,
    FieldHistory,
    Interaction,
    Job,
    Participant,
    Task,
)
from crm_store.store import Store
from tests import builders as make

LATER = make.NOW + timedelta(minutes=2)
SYSTEM = Scope.system("test")


@dataclass(frozen=True)
class Desk:
    """One rep at work, and a colleague whose records they may not see."""

    store: Store
    scope: Scope
    other_scope: Scope
    account: str
    deal: str
    contact: str
    stages: dict[str, str]
    foreign_account: str
    foreign_deal: str

    def propose(self, *drafts: Draft, scope: Scope | None = None, **more: Any) -> str:
        scope = scope or self.scope
        assert scope.person_id
        with self.store.write(scope) as session:
            return changes.propose(
                session, person_id=scope.person_id, drafts=drafts, summary="Test", origin="test", now=make.NOW, **more
            )

    def confirm(self, proposal: str, scope: Scope | None = None, **more: Any) -> str:
        with self.store.write(scope or self.scope) as session:
            return changes.confirm(session, proposal, now=LATER, origin="test", **more)

    def undo(self, change: str) -> str:
        with self.store.write(self.scope) as session:
            return changes.undo(session, change, now=LATER + timedelta(minutes=1), origin="test")

    def row(self, model: Any, row_id: str | None) -> Any:
        with self.store.read(SYSTEM) as session:
            return session.get(model, row_id)

    def count(self, model: Any) -> int:
        with self.store.read(SYSTEM) as session:
            return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def desk(store: Store) -> Desk:
    return _desk(store)


def _desk(store: Store) -> Desk:
    with store.write(SYSTEM) as session:
        me, other = make.person(session, "Ida Ekman"), make.person(session, "Per Falk")
        stages = make.pipeline(session)
        account, foreign = make.account(session, "Meridian", me), make.account(session, "Orion", other)
        deal = make.deal(session, "Renewal", account, stages["Discovery"])
        theirs = make.deal(session, "Foreign", foreign, stages["Discovery"])
        someone = make.contact(session, "Ann Berg", account)
        return Desk(
            store, Scope(me.id, frozenset({me.id})), Scope(other.id, frozenset({other.id})), account.id, deal.id, someone.id,
            {name: stage.id for name, stage in stages.items()}, foreign.id, theirs.id,
        )  # fmt: skip


def test_nothing_is_written_before_a_confirm(desk: Desk) -> None:
    desk.propose(Draft("update", "deal", {"amount_minor": 1}, desk.deal))
    assert desk.row(Deal, desk.deal).amount_minor == 8_400_000
    assert desk.count(Change) == desk.count(ChangeLine) == desk.count(FieldHistory) == 0


def test_a_confirm_writes_the_fields_their_history_and_the_audit(desk: Desk) -> None:
    quote = {"kind": "quote", "text": "we can do 90", "citation": None}
    change = desk.confirm(
        desk.propose(
            Draft(
                "update",
                "deal",
                {"amount_minor": 9_000_000, "close_date": date(2027, 1, 15)},
                desk.deal,
                evidence=(quote,),
            )
        )
    )
    deal = desk.row(Deal, desk.deal)
    assert (deal.amount_minor, deal.close_date, deal.version) == (9_000_000, date(2027, 1, 15), 2)
    with desk.store.read(desk.scope) as session:
        history = {h.field: (h.old, h.new, h.by_id) for h in session.scalars(select(FieldHistory))}
        line = session.scalars(select(ChangeLine)).one()
    assert history == {
        "amount_minor": ("8400000", "9000000", desk.scope.person_id),
        "close_date": ("2026-12-15", "2027-01-15", desk.scope.person_id),
    }
    assert line.change_id == change
    assert (line.before["amount_minor"], line.after["amount_minor"]) == (8_400_000, 9_000_000)
    assert line.evidence == [quote]


def test_two_confirms_make_one_change(desk: Desk) -> None:
    proposal = desk.propose(Draft("create", "task", {"title": "Call Ann", "account_id": desk.account}))
    assert desk.confirm(proposal) == desk.confirm(proposal)
    assert desk.count(Task) == desk.count(Change) == 1


def test_many_confirms_at_once_make_one_change(desk: Desk) -> None:
    proposal = desk.propose(Draft("create", "task", {"title": "Call Ann", "account_id": desk.account}))
    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(lambda _: desk.confirm(proposal), range(6)))
    assert len(made) == 1
    assert desk.count(Task) == desk.count(Change) == 1


def test_a_new_interaction_brings_its_participants_and_an_indexing_job(desk: Desk) -> None:
    draft = Draft(
        "create", "interaction",
        {"channel": "call", "direction": "outbound", "at": make.NOW, "subject": "Call", "body": "They want a security review.",
         "account_id": desk.account, "contact_ids": [desk.contact], "attendee_names": ["A stranger"]},
    )  # fmt: skip
    desk.confirm(desk.propose(draft))
    with desk.store.read(SYSTEM) as session:
        row = session.scalars(select(Interaction)).one()
        parts = {(p.contact_id, p.person_id, p.name) for p in session.scalars(select(Participant))}
        jobs = [job.payload for job in session.scalars(select(Job))]
    assert row.owner_id == desk.scope.person_id
    assert parts == {(desk.contact, None, None), (None, None, "A stranger"), (None, desk.scope.person_id, None)}
    assert jobs == [{"source": "interaction", "id": row.id}]


def test_moving_a_deal_to_won_closes_it_and_undo_opens_it_again(desk: Desk) -> None:
    before = desk.row(Deal, desk.deal)
    change = desk.confirm(desk.propose(Draft("update", "deal", {"stage_id": desk.stages["Won"]}, desk.deal)))
    won = desk.row(Deal, desk.deal)
    assert (won.status, won.closed_at, won.forecast_category, won.stage_entered_at) == ("won", LATER, "closed", LATER)
    desk.undo(change)
    after = desk.row(Deal, desk.deal)
    for field in ("stage_id", "status", "closed_at", "forecast_category", "stage_entered_at"):
        assert getattr(after, field) == getattr(before, field)


def test_undo_takes_back_a_log_with_all_that_came_with_it(desk: Desk) -> None:
    call, follow_up = new_id(), new_id()
    proposal = desk.propose(
        Draft(
            "create",
            "interaction",
            {"channel": "call", "at": make.NOW, "subject": "Call", "account_id": desk.account},
            call,
        ),
        Draft("create", "task", {"title": "Follow up", "account_id": desk.account, "source_id": call}, follow_up),
        Draft("update", "deal", {"next_step": "Security review"}, desk.deal),
    )
    change = desk.confirm(proposal)
    assert desk.row(Task, follow_up).source_id == call
    undone = desk.undo(change)
    assert desk.undo(change) == undone
    assert desk.count(Interaction) == desk.count(Task) == desk.count(Participant) == 0
    assert desk.row(Deal, desk.deal).next_step is None


def test_undo_leaves_everything_when_somebody_changed_it_since(desk: Desk) -> None:
    first = desk.confirm(desk.propose(Draft("update", "deal", {"amount_minor": 5}, desk.deal)))
    desk.confirm(desk.propose(Draft("update", "deal", {"amount_minor": 7}, desk.deal)))
    with pytest.raises(Conflict, match="Amount changed again"):
        desk.undo(first)
    assert desk.row(Deal, desk.deal).amount_minor == 7


def test_a_confirm_is_refused_when_the_value_changed_since(desk: Desk) -> None:
    proposal = desk.propose(
        Draft("create", "task", {"title": "Never written", "account_id": desk.account}),
        Draft("update", "deal", {"amount_minor": 5}, desk.deal),
    )
    desk.confirm(desk.propose(Draft("update", "deal", {"amount_minor": 7}, desk.deal)))
    with pytest.raises(Conflict, match="changed since I proposed"):
        desk.confirm(proposal)
    assert desk.row(Deal, desk.deal).amount_minor == 7
    assert desk.count(Task) == 0


def test_a_change_of_another_field_is_no_conflict(desk: Desk) -> None:
    proposal = desk.propose(Draft("update", "deal", {"amount_minor": 5}, desk.deal))
    desk.confirm(desk.propose(Draft("update", "deal", {"next_step": "Demo"}, desk.deal)))
    desk.confirm(proposal)
    deal = desk.row(Deal, desk.deal)
    assert (deal.amount_minor, deal.next_step, deal.version) == (5, "Demo", 3)


def test_what_may_not_be_seen_cannot_be_proposed(desk: Desk) -> None:
    for draft in (
        Draft("update", "deal", {"amount_minor": 5}, desk.foreign_deal),
        Draft("create", "task", {"title": "x", "account_id": desk.foreign_account}),
        Draft("create", "task", {"title": "x", "deal_id": desk.foreign_deal}),
        Draft("update", "deal", {"account_id": desk.foreign_account}, desk.deal),
    ):
        with pytest.raises(NotVisible):
            desk.propose(draft)
        absent = Draft(
            draft.action,
            draft.entity,
            draft.values,
            new_id() if draft.entity_id == desk.foreign_deal else draft.entity_id,
        )
        if absent != draft:
            with pytest.raises(NotVisible) as unknown:
                desk.propose(absent)
            with pytest.raises(NotVisible) as hidden:
                desk.propose(draft)
            assert str(unknown.value) == str(hidden.value)


def test_access_is_checked_again_when_it_is_confirmed(desk: Desk) -> None:
    proposal = desk.propose(Draft("update", "deal", {"amount_minor": 5}, desk.deal))
    with desk.store.write(SYSTEM) as session:
        for row in session.scalars(select(AccountMember).where(AccountMember.account_id == desk.account)):
            row.person_id = desk.other_scope.person_id or ""
    with pytest.raises(NotVisible):
        desk.confirm(proposal)
    assert desk.row(Deal, desk.deal).amount_minor == 8_400_000


def test_nobody_confirms_or_undoes_for_somebody_else(desk: Desk) -> None:
    proposal = desk.propose(Draft("update", "deal", {"amount_minor": 5}, desk.deal))
    for scope in (desk.other_scope, Scope(desk.other_scope.person_id, None)):
        with pytest.raises(NotVisible):
            desk.confirm(proposal, scope=scope)
    change = desk.confirm(proposal)
    with pytest.raises(NotVisible), desk.store.write(Scope(desk.other_scope.person_id, None)) as session:
        changes.undo(session, change, now=LATER, origin="test")


def test_one_item_can_be_confirmed_and_another_left(desk: Desk) -> None:
    proposal = desk.propose(
        Draft("update", "deal", {"amount_minor": 5}, desk.deal),
        Draft("create", "task", {"title": "x", "account_id": desk.account}),
    )
    with desk.store.read(desk.scope) as session:
        items = changes.read_proposal(session, proposal).items
    desk.confirm(proposal, item_ids=[items[0].id])
    assert (desk.row(Deal, desk.deal).amount_minor, desk.count(Task)) == (5, 0)
    with desk.store.write(desk.scope) as session:
        changes.reject(session, proposal, now=LATER)
    with desk.store.read(desk.scope) as session:
        assert [item.status for item in changes.read_proposal(session, proposal).items] == ["applied", "rejected"]
    with pytest.raises(AlreadyDecided):
        desk.confirm(proposal, item_ids=[items[1].id])


def test_an_item_brings_the_row_that_it_refers_to(desk: Desk) -> None:
    person = new_id()
    proposal = desk.propose(
        Draft("create", "contact", {"name": "New Person", "account_id": desk.account}, person),
        Draft("create", "task", {"title": "Call them", "contact_id": person}),
    )
    with desk.store.read(desk.scope) as session:
        second = changes.read_proposal(session, proposal).items[1].id
    desk.confirm(proposal, item_ids=[second])
    with desk.store.read(desk.scope) as session:
        task = session.scalars(select(Task)).one()
    assert (task.contact_id, task.account_id) == (person, desk.account)


def test_an_edited_proposal_writes_the_edited_value(desk: Desk) -> None:
    proposal = desk.propose(Draft("update", "deal", {"amount_minor": 5}, desk.deal))
    with desk.store.write(desk.scope) as session:
        item = changes.read_proposal(session, proposal).items[0].id
        changes.edit(session, proposal, {item: {"amount_minor": 6, "next_step": "Demo"}}, LATER)
    desk.confirm(proposal)
    deal = desk.row(Deal, desk.deal)
    assert (deal.amount_minor, deal.next_step) == (6, "Demo")
    with pytest.raises(AlreadyDecided), desk.store.write(desk.scope) as session:
        changes.edit(session, proposal, {item: {"amount_minor": 7}}, LATER)


def test_a_new_account_is_seen_by_whoever_made_it(desk: Desk) -> None:
    made = new_id()
    desk.confirm(desk.propose(Draft("create", "account", {"name": "Fresh"}, made)))
    with desk.store.read(desk.scope) as session:
        row = session.get(Account, made)
        assert row is not None
        assert row.owner_id == desk.scope.person_id


def test_the_same_key_makes_one_proposal(desk: Desk) -> None:
    draft = Draft("create", "task", {"title": "x", "account_id": desk.account})
    assert desk.propose(draft, dedupe_key="meeting:1") == desk.propose(draft, dedupe_key="meeting:1")


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("deal", {"amount_minor": -5}), ("deal", {"amount_minor": 1.5}), ("deal", {"forecast_category": "sure"}),
        ("deal", {"close_date": "soon"}), ("deal", {"nonsense": 1}), ("deal", {"next_step": "x" * 301}),
        ("task", {"due": "2026-13-40"}), ("account", {"name": ""}),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_the_name_of_its_field(
    desk: Desk, entity: str, values: dict[str, Any]
) -> None:
    draft = {
        "deal": Draft("update", "deal", values, desk.deal),
        "task": Draft("create", "task", {"title": "x"} | values),
        "account": Draft("create", "account", values),
    }[entity]
    with pytest.raises(Invalid):
        desk.propose(draft)


def test_a_proposal_that_changes_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="Nothing would change"):
        desk.propose(Draft("update", "deal", {"amount_minor": 8_400_000}, desk.deal))


EDITS = st.fixed_dictionaries(
    {},
    optional={
        "amount_minor": st.integers(0, 10**12),
        "close_date": st.dates(date(2020, 1, 1), date(2035, 1, 1)),
        "next_step": st.one_of(
            st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
        ),
        "forecast_category": st.sampled_from(["pipeline", "best_case", "commit", "omitted"]),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_undoing_in_reverse_order_restores_the_deal_to_the_letter(
    sqlite_store: Store, edits: list[dict[str, Any]]
) -> None:
    with sqlite_store.read(SYSTEM) as session:
        known = session.scalars(select(Deal.id)).first()
    desk = _desk_of(sqlite_store) if known else _desk(sqlite_store)
    fields = ("amount_minor", "close_date", "next_step", "forecast_category", "stage_id", "status")
    before = [getattr(desk.row(Deal, desk.deal), field) for field in fields]
    made = []
    for edit in edits:
        try:
            made.append(desk.confirm(desk.propose(Draft("update", "deal", edit, desk.deal))))
        except Invalid:
            continue
    for change in reversed(made):
        desk.undo(change)
    assert [getattr(desk.row(Deal, desk.deal), field) for field in fields] == before


def _desk_of(store: Store) -> Desk:
    with store.read(SYSTEM) as session:
        deal = session.scalars(select(Deal).where(Deal.name == "Renewal")).one()
        owner, account = deal.owner_id or "", deal.account_id or ""
    return Desk(store, Scope(owner, frozenset({owner})), SYSTEM, account, deal.id, "", {}, "", "")
