"""A mapping file: what a person says of files that say too little themselves."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_store.access import Scope
from crm_store.imports import CannotImport, Mapping, mapping_of, read_mapping
from crm_store.models import Account, Contact, Deal, Interaction, Stage
from crm_store.store import Store
from tests.crm_store.imports.folder import COMPANY, bring_in, of, write

SYSTEM = Scope.system("test")
GERMAN = {
    "Kunden.csv": "Kundennr;Firmenname;Branche;Bemerkung\n1;Oakmere Foods;Lebensmittel;intern\n2;Tarn Logistik;Spedition;\n",
    "Chancen.csv": "Nr;Bezeichnung;Kunde;Phase;Wert;Abschluss;Angelegt\nD1;Rollout;1;Angebot;1.234;03/04/2026;01.09.2026\n",
    "Anrufe.csv": "Nr;Wann;Text;Kunde\nI1;2026-07-01 09:30;Gespräch über Preise;2\n",
}
MAPPING = """
timezone = "Europe/Berlin"
dates = "day first"
[files."kunden*.csv"]
holds = "account"
[files."kunden*.csv".columns]
Kundennr = "id"
Firmenname = "name"
Branche = "industry"
Bemerkung = ""
[files."kunden*.csv".fixed]
kind = "customer"
[files."kunden*.csv".words.industry]
Lebensmittel = "Food"
[files."Chancen.csv"]
holds = "deals"
currency = "CHF"
decimals = "point"
[files."Chancen.csv".columns]
Nr = "id"
Bezeichnung = "name"
Kunde = "account"
Phase = "stage"
Wert = "amount"
Abschluss = "close date"
Angelegt = "created at"
[files."Chancen.csv".fixed]
pipeline = "Vertrieb"
[files."Chancen.csv".words.stage]
angebot = "Proposal"
[files."Anrufe.csv"]
holds = "call"
[files."Anrufe.csv".columns]
Nr = "id"
Wann = "at"
Text = "body"
Kunde = "account"
"""


def mapping(tmp_path: Path, text: str) -> Mapping:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    return read_mapping(tmp_path / "mapping.toml")


def test_files_in_another_language_come_in_by_their_mapping(sqlite_store: Store, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", GERMAN)
    report = bring_in(sqlite_store, folder, mapping=mapping(tmp_path, MAPPING))
    assert report.clean, report.problems
    with sqlite_store.read(SYSTEM) as session:
        accounts = {row.name: (row.kind, row.industry, row.id) for row in session.scalars(select(Account))}
        deal = session.scalars(select(Deal)).one()
        stage = session.scalars(select(Stage.name)).one()
        call = session.scalars(select(Interaction)).one()
    assert accounts["Oakmere Foods"][:2] == ("customer", "Food")
    assert accounts["Tarn Logistik"][:2] == ("customer", "Spedition")
    assert (deal.account_id, stage) == (accounts["Oakmere Foods"][2], "Proposal")
    assert (deal.amount_minor, deal.currency, deal.close_date) == (123, "CHF", date(2026, 4, 3)), (
        "1.234 has a decimal point"
    )
    assert (call.channel, call.at) == ("call", datetime(2026, 7, 1, 7, 30, tzinfo=UTC))


@pytest.mark.parametrize("source", ["csv", "hubspot", "salesforce"])
def test_the_mapping_that_is_written_imports_the_same(sqlite_store: Store, tmp_path: Path, source: str) -> None:
    folder = write(tmp_path / "in", COMPANY)
    text = mapping_of(sqlite_store, folder)
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    plain = bring_in(sqlite_store, folder, source)  # type: ignore[arg-type]
    mapped = bring_in(other, folder, source, mapping=mapping(tmp_path, text))  # type: ignore[arg-type]
    assert (mapped.files, mapped.problems, mapped.decisions) == (plain.files, plain.problems, plain.decisions)
    assert mapping_of(other, folder, mapping(tmp_path, text)) == text
    other.close()


def test_a_file_that_the_mapping_leaves_out_is_left_out(sqlite_store: Store, tmp_path: Path) -> None:
    report = bring_in(
        sqlite_store, write(tmp_path / "in", COMPANY), mapping=mapping(tmp_path, '[files."tasks.csv"]\nholds = ""\n')
    )
    assert (of(report, "tasks.csv").skipped, of(report, "tasks.csv").created) == (1, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[files", "no TOML"),
        ('colour = "red"', "colour"),
        ('timezone = "Mars/Base"', "no time zone"),
        ('dates = "backwards"', "day first"),
        ('[files."contacts.csv".columns]\nShoe = "name"', "does not have"),
        ('[files."contacts.csv".columns]\nname = "shoe size"', "does not have"),
        ('[files."contacts.csv".columns]\nname = "custom.shoe_size"', "rapport field add"),
        ('[files."contacts.csv"]\nholds = "shoes"', "it can hold"),
    ],
)
def test_what_a_mapping_cannot_mean_is_refused_with_a_way_out(
    sqlite_store: Store, tmp_path: Path, text: str, says: str
) -> None:
    folder = write(tmp_path / "in", {"contacts.csv": "id,name\nC1,Nina Holt\n"})
    with pytest.raises(CannotImport, match=says):
        bring_in(sqlite_store, folder, mapping=mapping(tmp_path, text))
    with sqlite_store.read(SYSTEM) as session:
        assert session.scalars(select(Contact)).all() == []


def test_a_column_of_dates_is_read_by_the_whole_column(sqlite_store: Store, tmp_path: Path) -> None:
    rows = [f"D{n},Deal {n},Talk,0{n % 9 + 1}/02/2026,01/02/2026" for n in range(2_100)] + [
        "D9999,Last,Talk,25/12/2026,01/02/2026"
    ]
    folder = write(tmp_path / "in", {"deals.csv": "id,name,stage,close date,created at\n" + "\n".join(rows) + "\n"})
    report = bring_in(sqlite_store, folder)
    assert report.clean, report.problems
    with sqlite_store.read(SYSTEM) as session:
        first = session.scalars(select(Deal).where(Deal.external_id == "D1")).one()
    assert (first.close_date, first.created_at.date()) == (date(2026, 2, 2), date(2026, 2, 1))
    said = {each.column: each.taken for each in report.decisions if each.line == 0}
    assert said["created at"] == "day first", "the other column showed it"
    assert "close date" not in said


def test_what_could_be_read_either_way_is_told_with_the_way_to_say_it(sqlite_store: Store, tmp_path: Path) -> None:
    deals = "id,name,stage,amount,close date,created at\nD1,One,Talk,1.234,03/04/2026,2026-01-01\n"
    report = bring_in(sqlite_store, write(tmp_path / "in", {"deals.csv": deals}))
    said = {each.column: (each.taken, each.why) for each in report.decisions if each.line == 0}
    assert said["close date"][0] == "month first"
    assert said["amount"][0] == "a decimal point"
    assert "mapping" in said["close date"][1]
    assert "mapping" in said["amount"][1]
    again = bring_in(
        sqlite_store, tmp_path / "in", mapping=mapping(tmp_path, 'dates = "day first"\ndecimals = "comma"\n')
    )
    assert not [each for each in again.decisions if each.line == 0 and each.column]
    with sqlite_store.read(SYSTEM) as session:
        row = session.scalars(select(Deal)).one()
    assert (row.close_date, row.amount_minor) == (date(2026, 4, 3), 123_400)
