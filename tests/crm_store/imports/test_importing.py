"""Importing a company's files: what comes in, what a second import does, what a bad row does."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_store.access import Scope
from crm_store.changes import Draft, confirm, propose
from crm_store.imports import CannotImport, import_folder
from crm_store.models import (
    Account,
    AccountMember,
    Consent,
    Contact,
    Deal,
    DealContact,
    DealLine,
    FieldHistory,
    Interaction,
    Participant,
    Person,
    Stage,
    Task,
)
from crm_store.people import caller_for
from crm_store.store import Store
from tests.crm_store.imports.folder import COMPANY, NOW, bring_in, of, write

SYSTEM = Scope.system("test")
TABLES: tuple[Any, ...] = (Person, Account, AccountMember, Contact, Consent, Deal, DealContact, DealLine, FieldHistory, Interaction,
                           Participant, Task, Stage)  # fmt: skip


def counts(store: Store) -> list[int]:
    with store.read(SYSTEM) as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in TABLES]


def deal(store: Store, external_id: str) -> Deal:
    with store.read(SYSTEM) as session:
        return session.scalars(select(Deal).where(Deal.external_id == external_id)).one()


def test_a_company_comes_in_with_everything_tied_together(store: Store, tmp_path: Path) -> None:
    report = bring_in(store, write(tmp_path / "in", COMPANY))
    assert report.clean, report.problems
    assert of(report, "deals.csv").created == 2
    with store.read(SYSTEM) as session:
        oakmere = session.scalars(select(Account).where(Account.external_id == "A1")).one()
        rollout = session.scalars(select(Deal).where(Deal.external_id == "D1")).one()
        assert (rollout.amount_minor, rollout.currency, rollout.account_id) == (8_400_050, "EUR", oakmere.id)
        assert rollout.status == "open"
        won = session.scalars(select(Deal).where(Deal.external_id == "D2")).one()
        assert (won.status, won.forecast_category, won.amount_minor, won.currency) == (
            "won",
            "closed",
            1_200_000,
            "USD",
        )
        call = session.scalars(select(Interaction).where(Interaction.external_id == "I1")).one()
        assert call.account_id == oakmere.id, "the account follows from the contact"
        assert call.body == "She asked for a price list.\nSecond line, with a comma."
        mail = session.scalars(select(Interaction).where(Interaction.external_id == "I2")).one()
        assert mail.body == "Thanks & regards"
        assert session.scalars(select(Consent.status)).all() == ["withdrawn"]
        assert session.scalars(select(DealContact.deal_id)).all() == [rollout.id]
        task = session.scalars(select(Task)).one()
        assert (task.deal_id, task.account_id) == (rollout.id, oakmere.id)


def test_the_owner_of_a_deal_sees_its_account_and_others_do_not(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    with sqlite_store.read(SYSTEM) as session:
        emil = caller_for(session, "emil@halvern.example")
    with sqlite_store.read(emil.scope) as session:
        assert set(session.scalars(select(Account.name))) == {"Oakmere Foods", "Tarn Logistics"}
    files = COMPANY | {"deals.csv": COMPANY["deals.csv"].replace("D1,Oakmere rollout,A1", "D9,Other,A2")}
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    bring_in(other, write(tmp_path / "second", files))
    with other.read(SYSTEM) as session:
        emil = caller_for(session, "emil@halvern.example")
    with other.read(emil.scope) as session:
        assert set(session.scalars(select(Account.name))) == {"Tarn Logistics"}
    other.close()


def test_a_second_import_of_the_same_files_changes_nothing(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", COMPANY)
    bring_in(store, folder)
    before = counts(store)
    again = bring_in(store, folder)
    assert counts(store) == before
    assert (again.total("created"), again.total("updated"), again.total("kept")) == (0, 0, 0)
    assert again.total("unchanged") == again.total("rows")


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", COMPANY)
    before = counts(store)
    tried = bring_in(store, folder, dry_run=True)
    assert counts(store) == before
    done = bring_in(store, folder)
    assert (tried.files, tried.problems, tried.decisions) == (done.files, done.problems, done.decisions)
    assert tried.dry_run
    assert not done.dry_run


def test_a_second_import_updates_and_keeps_the_history(sqlite_store: Store, tmp_path: Path) -> None:
    bring_in(sqlite_store, write(tmp_path / "in", COMPANY))
    later = COMPANY | {
        "deals.csv": COMPANY["deals.csv"].replace('"84,000.50"', "90000").replace("Proposal", "Negotiation")
    }
    report = bring_in(sqlite_store, write(tmp_path / "in", later))
    assert of(report, "deals.csv").updated == 1
    row = deal(sqlite_store, "D1")
    assert (row.amount_minor, row.version) == (9_000_000, 2)
    with sqlite_store.read(SYSTEM) as session:
        past = session.execute(
            select(FieldHistory.old, FieldHistory.new).where(FieldHistory.entity_id == row.id, FieldHistory.field == "amount_minor")
            .order_by(FieldHistory.at)
        ).all()  # fmt: skip
    assert [tuple(each) for each in past] == [(None, "8400050"), ("8400050", "9000000")]


def test_what_a_person_changed_is_kept_by_every_later_import(sqlite_store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", COMPANY)
    bring_in(sqlite_store, folder)
    row = deal(sqlite_store, "D1")
    with sqlite_store.read(SYSTEM) as session:
        emil = caller_for(session, "emil@halvern.example")
    with sqlite_store.write(emil.scope) as session:
        asked = propose(
            session, person_id=emil.person_id, drafts=[Draft("update", "deal", {"amount_minor": 7_700_000}, entity_id=row.id)],
            summary="Change the amount", origin="cli", now=NOW,
        )  # fmt: skip
        confirm(session, asked, now=NOW, origin="cli")
    newer = COMPANY | {
        "deals.csv": COMPANY["deals.csv"].replace("Oakmere rollout", "Oakmere rollout 2").replace('"84,000.50"', "99")
    }
    for each in (folder, write(tmp_path / "newer", newer)):
        report = bring_in(sqlite_store, each)
        assert of(report, "deals.csv").kept == 1
        assert any(said.why.startswith("kept") and said.taken == "7700000" for said in report.decisions)
        assert deal(sqlite_store, "D1").amount_minor == 7_700_000
    assert deal(sqlite_store, "D1").name == "Oakmere rollout 2", "fields nobody touched follow the file"


def test_a_bad_row_is_reported_with_its_place_and_the_others_come_in(store: Store, tmp_path: Path) -> None:
    lines = ["id,name,stage,amount,close date,created at", "D1,Good one,Proposal,100,2026-12-01,2026-09-01",
             "D2,\"Bad\namount\",Proposal,a lot,2026-12-01,2026-09-01", "D3,Bad date,Proposal,100,2026-02-31,2026-09-01",
             "D4,Too short,Proposal", ",No id,Proposal,100,2026-12-01,2026-09-01", "D1,Twice,Proposal,5,2026-12-01,2026-09-01",
             "D5,Good two,Proposal,200,,2026-09-01"]  # fmt: skip
    report = bring_in(store, write(tmp_path / "in", {"deals.csv": "\r\n".join(lines)}))
    found = [(each.line, each.column) for each in report.problems]
    assert found == [(3, "amount"), (5, "close date"), (6, ""), (7, "id"), (8, "id")]
    assert "“a lot” is no number" in report.problems[0].reason
    assert "line 2" in report.problems[4].reason
    assert not report.clean
    done = of(report, "deals.csv")
    assert (done.rows, done.created, done.skipped) == (7, 2, 5)
    with store.read(SYSTEM) as session:
        assert set(session.scalars(select(Deal.name))) == {"Good one", "Good two"}


def test_a_value_the_database_refuses_costs_only_its_own_row(sqlite_store: Store, tmp_path: Path) -> None:
    people = "id,name,email\n1,One,same@halvern.example\n2,Two,same@halvern.example\n3,Three,three@halvern.example\n"
    report = bring_in(sqlite_store, write(tmp_path / "in", {"people.csv": people}))
    assert [each.line for each in report.problems] == [3]
    with sqlite_store.read(SYSTEM) as session:
        assert set(session.scalars(select(Person.name))) == {"One", "Three"}


def test_a_misspelt_stage_or_role_is_mapped_and_said(sqlite_store: Store, tmp_path: Path) -> None:
    files = {
        "stages.csv": "id,name,pipeline,position,status,probability\n1,Negotiation,Sales,1,open,60\n2,Won,Sales,2,won,100\n",
        "deals.csv": "id,name,stage,pipeline,created at,kind\nD1,One,Negotation,Sales,2026-09-01,renewl\nD2,Two,Pilot,Sales,2026-09-01,\n",
    }
    report = bring_in(sqlite_store, write(tmp_path / "in", files))
    assert report.clean
    said = {(each.line, each.column): (each.given, each.taken) for each in report.decisions if each.line}
    assert said[(2, "stage")] == ("Negotation", "Negotiation")
    assert said[(2, "kind")] == ("renewl", "renewal")
    assert (3, "stage") in said, "a stage that was made is said too"
    with sqlite_store.read(SYSTEM) as session:
        assert set(session.scalars(select(Stage.name))) == {"Negotiation", "Won", "Pilot"}


def test_a_missing_account_or_owner_is_said_and_the_deal_comes_in_without(sqlite_store: Store, tmp_path: Path) -> None:
    deals = "id,name,account,stage,owner,created at\nD1,One,A77,Proposal,nobody@halvern.example,2026-09-01\n"
    report = bring_in(sqlite_store, write(tmp_path / "in", {"deals.csv": deals}))
    assert report.clean
    assert {(each.column, each.given) for each in report.decisions if each.line} >= {
        ("account", "A77"),
        ("owner", "nobody@halvern.example"),
    }
    row = deal(sqlite_store, "D1")
    assert (row.account_id, row.owner_id) == (None, None)


def test_a_line_of_an_unknown_deal_is_left_out_with_its_reason(sqlite_store: Store, tmp_path: Path) -> None:
    report = bring_in(
        sqlite_store, write(tmp_path / "in", {"deal lines.csv": "id,deal,product,quantity,amount\nL1,D9,Rack,1,10\n"})
    )
    assert [(each.line, each.column) for each in report.problems] == [(2, "deal")]


def test_an_interrupted_import_is_finished_by_running_it_again(sqlite_store: Store, tmp_path: Path) -> None:
    rows = "".join(f"A{n},Account {n}\n" for n in range(4_500))
    folder = write(tmp_path / "in", {"accounts.csv": "id,name\n" + rows})

    def stop(step: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_folder(sqlite_store, folder, "csv", dry_run=False, now=NOW, currency="EUR", progress=stop)
    part = counts(sqlite_store)[1]
    assert 0 < part < 4_500
    report = bring_in(sqlite_store, folder)
    assert report.resumed
    assert (of(report, "accounts.csv").created, of(report, "accounts.csv").unchanged) == (4_500, 0)
    assert counts(sqlite_store)[1] == 4_500


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.csv", b"%PDF-1.7 and so on", "a PDF"),
        ("book.csv", b"PK\x03\x04xl/workbook.xml", "Excel"),
        ("page.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("empty.csv", b"", "empty"),
        ("data.csv", b'{"deals": []}', "JSON"),
        ("noise.csv", bytes(range(256)) * 4, "not text"),
        ("diary.csv", b"Dear diary\ntoday nothing happened\n", "name it after what is in it"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_with_a_way_out(
    sqlite_store: Store, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    before = counts(sqlite_store)
    with pytest.raises(CannotImport, match=says):
        bring_in(sqlite_store, tmp_path / name)
    assert counts(sqlite_store) == before


def test_a_path_that_is_not_there_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    with pytest.raises(CannotImport, match="nothing at"):
        bring_in(sqlite_store, tmp_path / "nowhere")
    with pytest.raises(CannotImport, match="no CSV file"):
        bring_in(sqlite_store, write(tmp_path / "in", {"notes.txt": "hello"}))


def test_an_unreadable_file_among_good_ones_is_reported_and_the_rest_come_in(
    sqlite_store: Store, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "in", {"accounts.csv": "id,name\nA1,Oakmere\n", "zebra.csv": "x,y\n1,2\n", "book.csv": "PK\x03\x04"}
    )
    report = bring_in(sqlite_store, folder)
    assert {(each.file, each.line) for each in report.problems} == {("zebra.csv", 0), ("book.csv", 0)}
    assert of(report, "accounts.csv").created == 1


def test_a_quote_that_is_never_closed_costs_no_row_before_it(sqlite_store: Store, tmp_path: Path) -> None:
    text = 'id,name,city\nA1,Oakmere,Leeds\nA2,"Tarn,York\nA3,Moss,Hull\n'
    report = bring_in(sqlite_store, write(tmp_path / "in", {"accounts.csv": text}))
    assert [each.line for each in report.problems] == [3]
    with sqlite_store.read(SYSTEM) as session:
        assert session.scalars(select(Account.name)).all() == ["Oakmere"]


def test_many_alike_decisions_are_counted_and_not_listed_one_by_one(sqlite_store: Store, tmp_path: Path) -> None:
    rows = "".join(f"A{n},Account {n},stranger@halvern.example\n" for n in range(1_200))
    report = bring_in(sqlite_store, write(tmp_path / "in", {"accounts.csv": "id,name,owner\n" + rows}))
    assert of(report, "accounts.csv").created == 1_200
    assert [each.given for each in report.decisions if each.line == 0] == ["200 more rows"]
    assert len(report.decisions) == 1_001
