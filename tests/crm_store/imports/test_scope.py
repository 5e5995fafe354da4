"""What came in by an import is no way to other people's records, nor are the importer's own doors."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crm_store.access import Scope, ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft, confirm, propose
from crm_store.errors import NoScope
from crm_store.imports.bulk import insert_rows
from crm_store.imports.keeping import propose_kept
from crm_store.imports.known import Known
from crm_store.imports.report import Kept, Notes
from crm_store.imports.writing import add_missing
from crm_store.models import Account, Contact, Deal, ImportBatch, ImportRun, Proposal, ProposalItem
from crm_store.people import caller_for
from crm_store.store import Store
from tests.crm_store.imports.folder import NOW, bring_in, write

SYSTEM = Scope.system("test")
CANARY = "Zanzibar"
COMPANY = {
    "people.csv": "id,name,email,role,team,active\n1,Rosa Lindt,rosa@halvern.example,rep,North,yes\n"
    "2,Emil Bauer,emil@halvern.example,rep,South,yes\n3,Ada Root,ada@halvern.example,admin,,yes\n",
    "teams.csv": "id,name\nn,North\ns,South\n",
    "accounts.csv": "id,name,owner\nA1,Oakmere Foods,rosa@halvern.example\nA2,Zanzibar Tea,emil@halvern.example\n",
    "contacts.csv": "id,name,title,account,owner\nC1,Nina Holt,Buyer,A1,rosa@halvern.example\n"
    "C2,Zanzibar Abel,Buyer,A2,rosa@halvern.example\n",
    "deals.csv": "id,name,account,stage,owner,amount\nD1,Oakmere rollout,A1,Talk,rosa@halvern.example,100\n"
    "D2,Zanzibar rollout,A2,Talk,emil@halvern.example,200\n",
}


@dataclass(frozen=True)
class Office:
    store: Store
    folder: Path
    rosa: Scope
    emil: Scope
    ada: Scope

    def id_of(self, model: type[Account] | type[Contact] | type[Deal], external_id: str) -> str:
        with self.store.read(SYSTEM) as session:
            return session.scalars(select(model.id).where(model.external_id == external_id)).one()

    def change(self, scope: Scope, entity: str, row_id: str, values: dict[str, object]) -> None:
        assert scope.person_id
        with self.store.write(scope) as session:
            drafts = [Draft("update", entity, values, entity_id=row_id)]
            asked = propose(session, person_id=scope.person_id, drafts=drafts, summary="x", origin="cli", now=NOW)
            confirm(session, asked, now=NOW, origin="cli")

    def told(self, scope: Scope) -> str:
        """All that the proposals say that somebody has been sent."""
        with self.store.read(scope) as session:
            items = select(ProposalItem.label, ProposalItem.changes, ProposalItem.evidence)
            return f"{list(session.execute(items))}{list(session.scalars(select(Proposal.summary)))}"


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    folder = write(tmp_path / "in", COMPANY)
    bring_in(store, folder)
    with store.read(SYSTEM) as session:
        scopes = [caller_for(session, f"{name}@halvern.example").scope for name in ("rosa", "emil", "ada")]
    return Office(store, folder, *scopes)


def again(office: Office, **files: tuple[str, str]) -> tuple[tuple[str, int], ...]:
    """Import again with one text of each file replaced; who was sent how many values."""
    changed = {f"{name}.csv": COMPANY[f"{name}.csv"].replace(*pair) for name, pair in files.items()}
    report = bring_in(office.store, write(office.folder, COMPANY | changed))
    return tuple((each.person, each.values) for each in report.proposed)


def test_a_kept_value_goes_to_no_owner_who_does_not_see_the_row(office: Office) -> None:
    """Rosa owns a contact of Emil's account in the files, and does not see it."""
    contact = office.id_of(Contact, "C2")
    with office.store.read(office.rosa) as session:
        assert session.get(Contact, contact) is None
    office.change(office.emil, "contact", contact, {"title": "Head of Zanzibar"})
    assert again(office, contacts=("C2,Zanzibar Abel,Buyer", "C2,Zanzibar Abel,Chef")) == (("emil@halvern.example", 1),)
    assert CANARY not in office.told(office.rosa)
    assert CANARY in office.told(office.emil)


def test_a_kept_value_that_nobody_active_sees_is_sent_to_nobody_and_told(office: Office) -> None:
    """Rosa owns and changed the deal, and is gone; Emil sees nothing of that account."""
    office.change(office.rosa, "deal", office.id_of(Deal, "D1"), {"amount_minor": 700})
    people = COMPANY["people.csv"].replace("rep,North,yes", "rep,North,no")
    deals = COMPANY["deals.csv"].replace("rosa@halvern.example,100", "rosa@halvern.example,999")
    report = bring_in(office.store, write(office.folder, COMPANY | {"people.csv": people, "deals.csv": deals}))
    assert report.proposed == ()
    assert ("deals.csv", "amount_minor") in {
        (each.file, each.column) for each in report.decisions if "not proposed" in each.why
    }


@pytest.mark.parametrize("model", [ImportRun, ImportBatch])
def test_what_an_import_keeps_of_itself_is_seen_by_no_person(
    office: Office, model: type[ImportRun] | type[ImportBatch]
) -> None:
    with office.store.write(SYSTEM) as session:
        run = session.scalars(select(ImportRun.id)).first()
        assert run
        session.add(ImportBatch(run_id=run, position=1, step="file deals.csv", place=2, told={"given": CANARY}))
    for scope in (office.rosa, office.emil):
        with office.store.read(scope) as session:
            assert list(session.scalars(select(model))) == []


def foreign_row(session: ScopedSession, office: Office) -> None:
    insert_rows(session, Deal, [{"id": new_id(), "name": "Mine now", "account_id": office.id_of(Account, "A2")}])


def foreign_id(session: ScopedSession, office: Office) -> None:
    add_missing(session, Account, [{"id": office.id_of(Account, "A2"), "name": "Mine now"}])


def own_row(session: ScopedSession, office: Office) -> None:
    insert_rows(
        session, Contact, [{"id": new_id(), "name": "Past the proposal", "account_id": office.id_of(Account, "A1")}]
    )


def by_key(session: ScopedSession, office: Office) -> None:
    session.execute(update(Deal), [{"id": office.id_of(Deal, "D2"), "name": "Mine now"}])


@pytest.mark.parametrize("door", [foreign_row, foreign_id, own_row, by_key])
def test_the_importers_own_ways_to_write_refuse_a_persons_session(
    office: Office, door: Callable[[ScopedSession, Office], None]
) -> None:
    def knock() -> None:
        with office.store.write(office.rosa) as session:
            door(session, office)

    with pytest.raises(NoScope):
        knock()
    with office.store.read(SYSTEM) as session:
        assert sorted(session.scalars(select(Deal.name))) == ["Oakmere rollout", "Zanzibar rollout"]
        assert sorted(session.scalars(select(Account.name))) == ["Oakmere Foods", "Zanzibar Tea"]
        assert sorted(session.scalars(select(Contact.name))) == ["Nina Holt", "Zanzibar Abel"]


def test_what_is_known_by_foreign_ids_and_names_is_what_the_session_sees(office: Office) -> None:
    known = Known("csv")
    with office.store.read(office.rosa) as session:
        known.load(session)
    assert known.accounts.find("A1", "csv") is not None
    for index, given in ((known.accounts, ("A2", "Zanzibar Tea")), (known.deals, ("D2", "Zanzibar rollout"))):
        assert [index.find(each, "csv") for each in given] == [None, None]
    assert known.contacts.find("C2", "csv") is None
    assert known.account_like("Zanzibar Tea Ltd") is None


def test_a_persons_session_proposes_nothing_about_what_it_does_not_see(office: Office) -> None:
    notes = Notes()
    notes.kept.append(Kept("deal", office.id_of(Deal, "D2"), "name", "Mine now", "deals.csv", 3))
    with office.store.write(office.rosa) as session:
        assert propose_kept(session, notes, "csv", NOW, dry_run=False) == ()
