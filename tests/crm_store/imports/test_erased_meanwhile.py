"""A person who is erased while an import is unfinished is gone from what the import keeps for when it goes on."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crm_store import changes
from crm_store.access import Scope
from crm_store.base import Base
from crm_store.changes import Draft
from crm_store.imports import Stopped, import_folder
from crm_store.models import Contact, ImportBatch, Person
from crm_store.store import Store
from tests.crm_store.imports.folder import NOW, bring_in, write

SYSTEM = Scope.system("test")
CANARIES = ("zébulon", "quixwörth", "z.quix@acme.example", "5550199", "\\u00e9bulon", "quixw\\u00f6rth")
PEOPLE = "id,name,email,role\n1,Rosa Lindt,rosa@halvern.example,rep\n2,Ada Root,ada@halvern.example,admin\n"
ACCOUNTS = "id,name,owner\nA1,Oakmere Foods,rosa@halvern.example\n"
CONTACTS = "id,name,email,phone,title,account,owner,lifecycle\n"
FIRST = CONTACTS + "C1,Zébulon Quixwörth,z.quix@acme.example,+49 171 5550199,Buyer,A1,rosa@halvern.example,lead\n"
SECOND = (
    CONTACTS
    + "C1,Zébulon Quixwörth,z.quix@acme.example,+49 171 5550199 (Zébulon),Chef,A1,Quixwörth,laed\n"
    + "C2,Nora Vale,nora@acme.example,z.quix@acme.example,Buyer,z.quix@acme.example of Zébulon Quixwörth,rosa@halvern.example,lead\n"
    + "C2,Zébulon Quixwörth again,z.quix@acme.example,,,A1,,lead\n"
)
DEALS = "id,name,account,stage,amount,contact\nD1,Pilot,A1,Talk,100,C2\n"


def everything(store: Store, *, but: str = "") -> str:
    with store.read(SYSTEM) as session:
        rows = [
            row for table in Base.metadata.sorted_tables if table.name != but for row in session.execute(select(table))
        ]
    return "\n".join(str(value) for row in rows for value in row).casefold()


def test_an_erasure_reaches_what_an_unfinished_import_has_told(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"people.csv": PEOPLE, "accounts.csv": ACCOUNTS, "contacts.csv": FIRST})
    bring_in(store, folder)
    with store.read(SYSTEM) as session:
        contact_id = session.scalars(select(Contact.id)).one()
        rosa, ada = (
            session.scalars(select(Person.id).where(Person.name == name)).one() for name in ("Rosa Lindt", "Ada Root")
        )
    confirm(store, Scope(rosa, frozenset({rosa})), Draft("update", "contact", {"phone": "+49 30 1"}, contact_id))
    write(folder, {"contacts.csv": SECOND, "deals.csv": DEALS})
    read = list[str]()
    with pytest.raises(Stopped):
        import_folder(
            store, folder, "csv", dry_run=False, now=NOW, currency="EUR", progress=lambda step, done, total: read.append(step),
            stop=lambda: "Importing contacts.csv" in read,
        )  # fmt: skip
    with store.read(SYSTEM) as session:
        told = str(session.scalars(select(ImportBatch.told)).all()).casefold()
    assert [canary for canary in CANARIES[:4] if canary not in told] == [], "the batch quotes the person"
    confirm(store, Scope(ada, None), Draft("erase", "contact", {}, contact_id, "Erase"))
    assert [canary for canary in CANARIES if canary in everything(store)] == []
    report = bring_in(store, folder)
    assert report.resumed
    assert [canary for canary in CANARIES if canary in f"{report.decisions}{report.proposed}".casefold()] == []
    assert [canary for canary in CANARIES if canary in everything(store)] == []
    assert {each.file: each.created for each in report.files}["deals.csv"] == 1


def confirm(store: Store, scope: Scope, draft: Draft) -> None:
    assert scope.person_id
    with store.write(scope) as session:
        made = changes.propose(
            session, person_id=scope.person_id, drafts=[draft], summary="A change", origin="test", now=NOW
        )
        changes.confirm(session, made, now=NOW, origin="test")
