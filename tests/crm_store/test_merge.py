"""Two rows become one, with everything that names them, and two again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, Text, cast, func, or_, select
from sqlalchemy.schema import ColumnCollectionConstraint

from crm_store import changes, passages
from crm_store.access import Scope, ScopedSession
from crm_store.base import Base, new_id
from crm_store.changes import Draft
from crm_store.errors import Conflict, Invalid, NotVisible
from crm_store.merged import kept_id
from crm_store.models import (
    Account,
    AccountMember,
    Campaign,
    CampaignMember,
    ChangeLine,
    Consent,
    Contact,
    DealContact,
    Document,
    Merged,
    Person,
    ProposalItem,
    SuggestionEvent,
)
from crm_store.passages import Filter, NewChunk, NewDocument
from crm_store.queries import accounts, contacts
from crm_store.references import references
from crm_store.store import Store
from tests import builders as make

LATER = make.NOW + timedelta(minutes=5)
SYSTEM = Scope.system("test")


@dataclass
class Office:
    """One rep, a colleague on one of the two accounts, and two records of each of two things."""

    store: Store
    scope: Scope
    colleague: Scope
    ids: dict[str, str] = field(default_factory=dict)

    def merge(self, entity: str, kept: str, lost: str, scope: Scope | None = None, **values: Any) -> str:
        scope = scope or self.scope
        draft = Draft("merge", entity, values, self.ids[kept], "Merge", other_id=self.ids[lost])
        with self.store.write(scope) as session:
            assert scope.person_id
            proposal = changes.propose(
                session, person_id=scope.person_id, drafts=[draft], summary="Merge", origin="test", now=LATER
            )
            return changes.confirm(session, proposal, now=LATER, origin="test")

    def undo(self, change: str, scope: Scope | None = None) -> str:
        with self.store.write(scope or self.scope) as session:
            return changes.undo(session, change, now=LATER + timedelta(minutes=1), origin="test")

    @contextmanager
    def read(self) -> Iterator[ScopedSession]:
        with self.store.read(SYSTEM) as session:
            yield session

    def get(self, model: type[Any], name: str) -> Any:
        with self.read() as session:
            return session.get(model, self.ids[name])


@pytest.fixture
def office(store: Store) -> Office:
    with store.write(SYSTEM) as session:
        rep, colleague = make.person(session, "Mara Lind"), make.person(session, "Jonas Falk")
        stages = make.pipeline(session)
        good = make.product(session, "Sensor")
        kept = make.account(session, "Acme", rep, phone="+49 30 1", domain="acme.example")
        lost = make.account(
            session, "Acme Inc", rep, phone="+49 30 2", industry="Optics", kind="customer", external_source="hubspot",
            external_id="77", custom={"tier": "gold"},
        )  # fmt: skip
        make.member(session, lost, colleague, "added")
        jane = make.contact(session, "Jane Doe", kept, email="jane@acme.example")
        janet = make.contact(session, "Janet Doe", lost, phone="+49 30 99", title="CFO", do_not_contact=True)
        deal = make.deal(session, "Pilot", lost, stages["Proposal"], owner_id=colleague.id)
        make.deal_contact(session, deal, jane, "champion")
        make.deal_contact(session, deal, janet, "champion")
        make.deal_contact(session, deal, janet, "legal")
        said = make.interaction(session, lost, "We talked about the pilot", janet)
        make.task(session, "Send the offer", lost, rep, contact_id=janet.id, source_id=said.id)
        make.order(session, lost, good, 5_000, make.TODAY, contact_id=janet.id)
        make.subscription(session, lost, good, make.TODAY)
        make.case(session, lost, "Broken", contact_id=janet.id)
        make.survey(session, lost, 9, contact_id=janet.id)
        make.consent(session, jane, "granted", at=make.NOW - timedelta(days=1))
        make.consent(session, janet, "withdrawn", at=make.NOW - timedelta(days=30))
        fair = Campaign(id=new_id(), name="Fair", channel="email", starts_on=make.TODAY)
        session.add(fair)
        session.flush()
        for who, status in ((jane, "sent"), (janet, "unsubscribed")):
            session.add(
                CampaignMember(
                    campaign_id=fair.id, contact_id=who.id, status=status, at=make.NOW, account_id=who.account_id
                )
            )
        for subject, row in (("account", lost), ("contact", janet)):
            session.add(
                SuggestionEvent(
                    person_id=colleague.id, rule="r", subject=subject, subject_id=row.id, event="shown", at=make.NOW
                )
            )
        passages.keep_document(
            session,
            NewDocument(
                "interaction", said.id, "call", "Call", "Acme Inc · call", make.NOW, lost.id, rep.id, "digest"
            ),
            [NewChunk(0, "We talked about the pilot", None, make.NOW)],
            "m",
        )  # fmt: skip
        ids = {
            "kept": kept.id, "lost": lost.id, "jane": jane.id, "janet": janet.id, "deal": deal.id, "rep": rep.id,
            "colleague": colleague.id, "said": said.id,
        }  # fmt: skip
        own, theirs = (Scope(each.id, frozenset({each.id})) for each in (rep, colleague))
    return Office(store, own, theirs, ids)


def _dump(office: Office, leave_out: frozenset[str] = frozenset()) -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of every table by its id, without what a write always counts up."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    with office.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in leave_out:
                rows = session.execute(select(table)).mappings().all()
                found[table.name] = {row["id"]: dict(row) for row in rows}
    return found


def _naming(session: ScopedSession, table: Table, row_id: str) -> list[str]:
    texts = [cast(column, Text) for column in table.columns if column.type.python_type is not bytes]
    statement = select(table.c.id).where(or_(*(text.contains(row_id) for text in texts)))
    return [str(each) for each in session.scalars(statement)]


_MAY_NAME_IT = {"merged", "job"}
"""Where it went and what an undo needs; and the jobs that make the passages of both rows anew."""


@pytest.mark.parametrize(("entity", "kept", "lost"), [("account", "kept", "lost"), ("contact", "jane", "janet")])
def test_no_column_of_any_table_names_the_row_that_went(office: Office, entity: str, kept: str, lost: str) -> None:
    with office.store.write(office.colleague) as session:  # a colleague's open proposal names it in its JSON as well
        values = {"account_id": office.ids["lost"], "title": "Call them", "contact_id": office.ids["janet"]}
        update = {"phone": "+1"}
        changes.propose(
            session, person_id=office.ids["colleague"], origin="test", summary="Call", now=LATER,
            drafts=[Draft("create", "task", values), Draft("update", entity, update, office.ids[lost])],
        )  # fmt: skip
    with office.store.write(office.scope) as session:  # and so does what was written before
        draft = Draft("update", entity, {"phone": "+2"}, office.ids[lost])
        task = Draft(
            "create", "task", {"title": "T", "account_id": office.ids["lost"], "contact_id": office.ids["janet"]}
        )
        proposal = changes.propose(
            session, person_id=office.ids["rep"], drafts=[draft, task], summary="x", origin="test", now=LATER
        )
        changes.confirm(session, proposal, now=LATER, origin="test")
    change = office.merge(entity, kept, lost)
    with office.read() as session:
        named = {
            table.name: found
            for table in Base.metadata.sorted_tables
            if (found := _naming(session, table, office.ids[lost])) and table.name not in _MAY_NAME_IT
        }
        own = set(
            session.scalars(
                select(ProposalItem.id)
                .join(ChangeLine, ChangeLine.item_id == ProposalItem.id)
                .where(ChangeLine.change_id == change)
            )
        )
    assert {name: set(found) - own for name, found in named.items() if set(found) - own} == {}


_COUNTED_UP = {"account": {"version", "updated_at"}, "contact": {"version", "updated_at"}}
_LEDGER = frozenset({"change", "change_line", "proposal", "proposal_item", "job", "field_history"})
"""What a merge and its undo rightly leave behind: that they happened."""


@pytest.mark.parametrize(("entity", "kept", "lost"), [("account", "kept", "lost"), ("contact", "jane", "janet")])
def test_an_undo_restores_every_row_of_every_table(office: Office, entity: str, kept: str, lost: str) -> None:
    before = _dump(office, _LEDGER)
    change = office.merge(entity, kept, lost)
    assert _dump(office, _LEDGER) != before
    office.undo(change)
    after = _dump(office, _LEDGER)
    for table, names in _COUNTED_UP.items():
        for name in names:
            before[table][office.ids[kept]].pop(name, None) if table == entity else None
            after[table][office.ids[kept]].pop(name, None) if table == entity else None
    assert after == before


def test_rows_that_came_to_the_survivor_since_stay_with_it(office: Office) -> None:
    change = office.merge("account", "kept", "lost")
    with office.store.write(SYSTEM) as session:
        account = session.get(Account, office.ids["kept"])
        later = make.contact(session, "Nora Vale", account).id
    office.undo(change)
    with office.read() as session:
        assert session.get(Contact, later).account_id == office.ids["kept"]
        assert session.get(Contact, office.ids["janet"]).account_id == office.ids["lost"]


def test_the_survivor_keeps_its_values_and_is_filled_up_from_the_other(office: Office) -> None:
    office.merge("account", "kept", "lost")
    kept = office.get(Account, "kept")
    assert (kept.name, kept.phone, kept.industry, kept.custom) == ("Acme", "+49 30 1", "Optics", {"tier": "gold"})


def test_what_both_say_is_listed_and_may_be_chosen(office: Office) -> None:
    with office.store.write(office.scope) as session:
        draft = Draft("merge", "account", {}, office.ids["kept"], "Merge", other_id=office.ids["lost"])
        assert office.scope.person_id
        proposal = changes.propose(
            session, person_id=office.scope.person_id, drafts=[draft], summary="M", origin="test", now=LATER
        )
    with office.store.write(office.scope) as session:
        item = changes.read_proposal(session, proposal).items[0]
        assert item.changes["phone"] == {"old": "+49 30 1", "new": "+49 30 1", "other": "+49 30 2"}
        changes.edit(session, proposal, {item.id: {"phone": "+49 30 2"}}, LATER)
        changes.confirm(session, proposal, now=LATER, origin="test")
    assert office.get(Account, "kept").phone == "+49 30 2"


def test_do_not_contact_and_a_withdrawal_survive_a_merge(office: Office) -> None:
    office.merge("contact", "jane", "janet")
    with office.read() as session:
        (counts,) = contacts.consents(session, office.ids["jane"], now=LATER)
        assert counts.status == "withdrawn"
        assert session.get(Contact, office.ids["jane"]).do_not_contact is True
        statuses = session.scalars(select(Consent.status).where(Consent.contact_id == office.ids["jane"]))
        assert sorted(statuses) == ["granted", "withdrawn", "withdrawn"]


def test_who_unsubscribed_under_one_record_has_unsubscribed(office: Office) -> None:
    office.merge("contact", "jane", "janet")
    with office.read() as session:
        assert list(session.scalars(select(CampaignMember.status))) == ["unsubscribed"]
        roles = session.scalars(select(DealContact.role).where(DealContact.contact_id == office.ids["jane"]))
        assert sorted(roles) == ["champion", "legal"]


def test_nobody_loses_sight_of_the_account_by_a_merge(office: Office) -> None:
    office.merge("account", "kept", "lost")
    with office.store.read(office.colleague) as session:
        assert session.get(Account, office.ids["kept"]) is not None
        assert passages.lexical(session, Filter(), "pilot", 5)
    with office.read() as session:
        reasons = dict(session.execute(select(AccountMember.person_id, AccountMember.reason)).all())
    assert reasons == {office.ids["rep"]: "owner", office.ids["colleague"]: "added"}


def test_words_of_the_account_that_went_are_found_under_the_other_and_back(office: Office) -> None:
    change = office.merge("account", "kept", "lost")
    for account in ("kept", "lost"):
        with office.store.read(office.scope) as session:
            only = Filter(account_ids=frozenset({office.ids[account]}))
            assert bool(passages.lexical(session, only, "pilot", 5)) is (account == "kept")
    office.undo(change)
    with office.store.read(office.scope) as session:
        only = Filter(account_ids=frozenset({office.ids["lost"]}))
        assert passages.lexical(session, only, "pilot", 5)
        assert session.scalars(select(Document.account_id)).one() == office.ids["lost"]


def test_an_old_link_opens_the_row_that_was_kept(office: Office) -> None:
    office.merge("account", "kept", "lost")
    office.merge("contact", "jane", "janet")
    with office.store.read(office.scope) as session:
        assert accounts.account(session, office.ids["lost"], now=LATER).id == office.ids["kept"]
        assert contacts.contact(session, office.ids["janet"], now=LATER).id == office.ids["jane"]


def test_a_chain_of_merges_is_followed_and_undone_from_its_end(office: Office) -> None:
    with office.store.write(SYSTEM) as session:
        owner = session.get(Person, office.ids["rep"])
        office.ids["third"] = make.account(session, "ACME Incorporated", owner).id
    first = office.merge("account", "kept", "lost")
    second = office.merge("account", "third", "kept")
    with office.read() as session:
        assert kept_id(session, "account", office.ids["lost"]) == office.ids["third"]
    with pytest.raises((Conflict, NotVisible)):
        office.undo(first)
    office.undo(second)
    office.undo(first)
    with office.read() as session:
        assert set(session.scalars(select(Account.name))) == {"Acme", "Acme Inc", "ACME Incorporated"}
        assert session.scalar(select(func.count(Merged.id))) == 0


def test_a_merge_needs_sight_of_both_and_writes_nothing_without(office: Office) -> None:
    before = _dump(office)
    with pytest.raises(NotVisible):
        office.merge("account", "lost", "kept", office.colleague)
    assert _dump(office) == before


def test_a_row_is_not_merged_with_itself(office: Office) -> None:
    with pytest.raises(Invalid):
        office.merge("account", "kept", "kept")


def test_an_undo_is_refused_when_a_filled_field_was_changed_since(office: Office) -> None:
    change = office.merge("account", "kept", "lost")
    with office.store.write(office.scope) as session:
        draft = Draft("update", "account", {"industry": "Steel"}, office.ids["kept"])
        assert office.scope.person_id
        proposal = changes.propose(
            session, person_id=office.scope.person_id, drafts=[draft], summary="x", origin="test", now=LATER
        )
        changes.confirm(session, proposal, now=LATER, origin="test")
    before = _dump(office)
    with pytest.raises(Conflict, match="Industry"):
        office.undo(change)
    assert _dump(office) == before


def test_the_creation_of_a_survivor_is_not_undone_over_what_it_took_in(office: Office) -> None:
    with office.store.write(office.scope) as session:
        assert office.scope.person_id
        office.ids["new"] = new_id()
        draft = Draft("create", "account", {"name": "Acme"}, office.ids["new"])
        proposal = changes.propose(
            session, person_id=office.scope.person_id, drafts=[draft], summary="x", origin="test", now=LATER
        )
        made = changes.confirm(session, proposal, now=LATER, origin="test")
    office.merge("account", "new", "lost")
    with pytest.raises(Conflict):
        office.undo(made)


def test_a_second_merge_of_the_same_two_is_said_to_be_done_already(office: Office) -> None:
    proposals = []
    for scope in (office.scope, office.scope):
        with office.store.write(scope) as session:
            assert scope.person_id
            draft = Draft("merge", "account", {}, office.ids["kept"], other_id=office.ids["lost"])
            proposals.append(
                changes.propose(
                    session, person_id=scope.person_id, drafts=[draft], summary="x", origin="test", now=LATER
                )
            )
    with office.store.write(office.scope) as session:
        changes.confirm(session, proposals[0], now=LATER, origin="test")
    with pytest.raises(changes.apply.AlreadyDecided), office.store.write(office.scope) as session:  # type: ignore[attr-defined]
        changes.confirm(session, proposals[1], now=LATER, origin="test")


def test_every_foreign_key_to_an_account_or_a_contact_is_known() -> None:
    for entity in ("account", "contact"):
        keys = {
            column
            for table in Base.metadata.tables.values()
            for column in table.columns
            for key in column.foreign_keys
            if key.target_fullname == f"{entity}.id"
        }
        found = {reference.column for reference in references(entity)}
        assert keys <= found
        assert {str(column) for column in found - keys} >= {
            "field_history.entity_id", "change_line.entity_id", "proposal_item.entity_id", "suggestion_event.subject_id",
        }  # fmt: skip


def test_every_column_that_a_merge_looks_in_has_an_index() -> None:
    lacking = []
    for entity in ("account", "contact"):
        for reference in references(entity):
            keys = [each.columns for each in reference.table.constraints if isinstance(each, ColumnCollectionConstraint)]
            keys += [each.columns for each in reference.table.indexes]
            indexed = {next(iter(columns)).name for columns in keys if columns}
            first = reference.kind.name if reference.kind is not None else reference.column.name
            if not {first, reference.column.name} & indexed:
                lacking.append(str(reference.column))
    assert lacking == []
