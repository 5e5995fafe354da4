"""Files as other programs write them: encodings, separators, headers, HubSpot's and Salesforce's own ways."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_store.access import Scope
from crm_store.models import Account, Contact, Deal, FieldHistory, Interaction, Person, Stage, Task
from crm_store.store import Store
from tests.crm_store.imports.folder import bring_in, of, write

SYSTEM = Scope.system("test")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(sqlite_store: Store, tmp_path: Path, encoding: str, mark: str) -> None:
    text = mark.join(("ID", "Name", "CITY")) + "\r\n" + mark.join(("A1", "Bäckerei Œuf", "Zürich")) + "\r\n"
    report = bring_in(sqlite_store, write(tmp_path / "in", {"accounts.csv": text}, encoding))
    assert report.clean
    with sqlite_store.read(SYSTEM) as session:
        assert session.execute(select(Account.name, Account.city)).one() == ("Bäckerei Œuf", "Zürich")


def test_a_european_file_is_read_the_european_way(sqlite_store: Store, tmp_path: Path) -> None:
    text = "id;name;stage;amount;close date;created at\nD1;Eins;Angebot;1.234,50;03.04.2026;31.01.2026\n"
    bring_in(sqlite_store, write(tmp_path / "in", {"deals.csv": text}))
    with sqlite_store.read(SYSTEM) as session:
        row = session.scalars(select(Deal)).one()
    assert (row.amount_minor, row.close_date, row.created_at) == (
        123_450,
        date(2026, 4, 3),
        datetime(2026, 1, 31, tzinfo=UTC),
    )


def test_hubspots_own_exports_come_in(sqlite_store: Store, tmp_path: Path) -> None:
    files = {
        "hubspot-crm-exports-all-companies-2026-11-01.csv": "Record ID,Company name,Company owner,Company Domain Name,"
        "Lifecycle Stage\n"
        "900,Fernhill Dairy,Rosa Lindt,https://www.fernhill.example/home,Customer\n",
        "all-contacts.csv": "Record ID,First Name,Last Name,Email,Associated Company IDs,Lifecycle Stage\n"
        "31,Nina,Holt,Nina@Fernhill.example,900,Sales Qualified Lead\n",
        "hubspot-crm-exports-all-deals-2026-11-01.csv": "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,"
        "Create Date,Deal owner,"
        'Associated Company,Deal Type\n71,Cold chain,Contract Sent,Sales Pipeline,"18,500",2026-12-01 10:30,2026-09-01 08:00,Rosa Lindt,'
        "Fernhill Dairy,New Business\n72,Lost one,Closed Lost,Sales Pipeline,400,2026-10-01 10:30,2026-09-01 08:00,"
        "Rosa Lindt,Fernhill Dairy,\n",
        "users.csv": "id,email,first name,last name\n5,rosa@halvern.example,Rosa,Lindt\n",
    }
    report = bring_in(sqlite_store, write(tmp_path / "in", files), "hubspot", currency="USD")
    assert report.clean, report.problems
    with sqlite_store.read(SYSTEM) as session:
        account = session.scalars(select(Account)).one()
        assert (account.domain, account.kind) == ("fernhill.example", "customer")
        contact = session.scalars(select(Contact)).one()
        assert (contact.email, contact.account_id, contact.lifecycle) == (
            "nina@fernhill.example",
            account.id,
            "qualified",
        )
        rows = {row.external_id: row for row in session.scalars(select(Deal))}
        stages = {row.id: row for row in session.scalars(select(Stage))}
    assert (rows["71"].amount_minor, rows["71"].currency, rows["71"].account_id) == (1_850_000, "USD", account.id)
    assert stages[rows["71"].stage_id].probability == 90
    assert rows["72"].status == "lost"


def test_hubspots_tables_from_a_warehouse_come_in(sqlite_store: Store, tmp_path: Path) -> None:
    files = {
        "owner_data.csv": "owner_id,email,first_name,last_name,active_user_id,_fivetran_synced\n11,"
        "rosa@halvern.example,Rosa,Lindt,5,x\n"
        "12,8fa14cdd754f91cc6554c9e71929cce7,HjIYy6rv9AzJL0uLns5z5w==,1B2M2Y8AsgTpgAmY7PhCfg==,,x\n",
        "company_data.csv": "id,is_deleted,property_name\n900,false,Fernhill Dairy\n901,true,Gone Ltd\n",
        "contact_data.csv": "id,property_firstname,property_lastname,property_email\n31,Nina,Holt,nina@fernhill.example\n",
        "deal_pipeline_data.csv": "pipeline_id,label\ndefault,New business\n",
        "deal_pipeline_stage_data.csv": "stage_id,label,pipeline_id,display_order,probability,closed_won,is_closed\n"
        "s1,Talking,default,0,0.2,false,false\ns2,Signed,default,1,1.0,true,true\n",
        "deal_data.csv": "deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_dealname,property_amount,"
        "property_closedate,property_createdate\n71,false,default,s2,11,Cold chain,18500.5,2026-10-01 00:00:00,"
        "2026-09-01 7:05:09\n",
        "deal_company_data.csv": "company_id,deal_id\n900,71\n900,99\n",
        "deal_contact_data.csv": "contact_id,deal_id\n31,71\n",
        "deal_property_history_data.csv": "deal_id,timestamp,name,value\n71,2026-09-01 07:05:09,dealstage,s1\n"
        "71,2026-10-01 09:00:00,dealstage,s2\n71,2026-09-20 09:00:00,amount,18500.5\n71,2026-09-01 07:05:09,hs_lastmodified,x\n",
        "engagement_data.csv": "id,type\n5001,CALL\n",
        "engagement_call_data.csv": "engagement_id,property_hs_timestamp,property_hs_call_body,"
        "property_hs_call_duration,property_hubspot_owner_id\n"
        "5001,2026-09-10 10:00:00,<b>Good</b> call,90000,11\n",
        "engagement_contact_data.csv": "contact_id,engagement_id\n31,5001\n",
        "engagement_deal_data.csv": "deal_id,engagement_id\n71,5001\n",
        "email_event_open_data.csv": "id,browser\nx,y\n",
    }
    folder = write(tmp_path / "in", files)
    report = bring_in(sqlite_store, folder, "hubspot")
    assert [(each.file, each.line) for each in report.problems] == [("deal_company_data.csv", 3)]
    assert of(report, "company_data.csv").skipped == 1
    assert of(report, "email_event_open_data.csv").skipped == 1
    with sqlite_store.read(SYSTEM) as session:
        account = session.scalars(select(Account)).one()
        row = session.scalars(select(Deal)).one()
        call = session.scalars(select(Interaction)).one()
        people = {person.external_id: person for person in session.scalars(select(Person))}
        past = session.execute(
            select(FieldHistory.field, FieldHistory.old, FieldHistory.new, FieldHistory.at).order_by(FieldHistory.at)
        ).all()
        stages = {stage.external_id: stage.id for stage in session.scalars(select(Stage))}
    assert (row.status, row.amount_minor, row.account_id, row.owner_id) == (
        "won",
        1_850_050,
        account.id,
        people["11"].id,
    )
    assert people["12"].email.endswith("@import.invalid")
    assert people["12"].name == "Owner 12", "a hash is nobody's name"
    assert (call.body, call.duration_s, call.deal_id, call.account_id) == ("Good call", 90, row.id, account.id)
    moves = [(each.old, each.new) for each in past if each.field == "stage_id"]
    assert moves == [(None, stages["s1"]), (stages["s1"], stages["s2"])]
    assert [each.at for each in past if each.field == "amount_minor"] == [row.created_at], (
        "the first value known holds from the start"
    )
    again = bring_in(sqlite_store, folder, "hubspot")
    assert (again.total("created"), again.total("updated")) == (0, 0)


def test_salesforces_tables_come_in_and_short_ids_are_the_long_ones(sqlite_store: Store, tmp_path: Path) -> None:
    files = {
        "User.csv": "Id,Name,Email,IsActive\n0051G000005MreQAAS,Rosa Lindt,rosa@halvern.example,"
        "true\n0051G000005MreRAAS,Old Hand,old@halvern.example,false\n",
        "Account.csv": "Id,Name,OwnerId,Type,IsDeleted,Website\n0011G00000gY0y4QAC,Tarn Logistics,0051G000005MreQAAS,"
        "Customer - Direct,false,tarn.example\n",
        "Contact.csv": "Id,FirstName,LastName,AccountId,Email,HasOptedOutOfEmail\n0031G00000q9jPQQAY,Nina,Holt,"
        "0011G00000gY0y4QAC,nina@tarn.example,false\n",
        "Lead.csv": "Id,LastName,Company,Status,IsConverted,ConvertedContactId,Email\n00Q1,Abel,Moss,"
        "Working - Contacted,false,,jon@moss.example\n"
        "00Q2,Holt,Tarn,Closed - Converted,true,0031G00000q9jPQQAY,nina@tarn.example\n",
        "Opportunity.csv": "Id,Name,AccountId,StageName,Amount,CloseDate,CreatedDate,OwnerId,IsClosed,IsWon,IsDeleted,"
        "ForecastCategoryName\n"
        "0061,Depot,0011G00000gY0y4,Negotiation/Review,50000,2026-12-24,2026-09-01T08:00:00.000+0000,"
        "0051G000005MreQAAS,false,false,false,Best Case\n"
        "0062,Signed,0011G00000gY0y4QAC,Handshake,7000,2026-10-01,2026-09-01T08:00:00.000Z,0051G000005MreQAAS,true,"
        "true,false,Closed\n"
        "0063,Gone,0011G00000gY0y4QAC,Prospecting,1,2026-10-01,2026-09-01,0051G000005MreQAAS,false,false,true,Pipeline\n",
        "Task.csv": "Id,Subject,Status,ActivityDate,WhatId,WhoId,OwnerId,TaskSubtype,CreatedDate,CallDurationInSeconds\n"
        "00T1,Send offer,Not Started,2026-11-25,0061,0031G00000q9jPQQAY,0051G000005MreQAAS,Task,2026-11-01,\n"
        "00T2,Call Nina,Completed,2026-11-01,0061,0031G00000q9jPQQAY,0051G000005MreQAAS,Call,2026-11-01,120\n",
        "Event.csv": "Id,Subject,StartDateTime,EndDateTime,WhatId,WhoId,OwnerId\n00U1,Site visit,2026-11-05T09:00:00Z,"
        "2026-11-05T10:30:00Z,"
        "0011G00000gY0y4QAC,0031G00000q9jPQQAY,0051G000005MreQAAS\n",
    }
    report = bring_in(sqlite_store, write(tmp_path / "in", files), "salesforce")
    assert report.clean, report.problems
    with sqlite_store.read(SYSTEM) as session:
        account = session.scalars(select(Account)).one()
        rows = {row.external_id: row for row in session.scalars(select(Deal))}
        leads = session.scalars(select(Contact).where(Contact.lifecycle == "lead")).all()
        task = session.scalars(select(Task)).one()
        happened = {row.external_id: row for row in session.scalars(select(Interaction))}
        inactive = session.scalars(select(Person.active).where(Person.email == "old@halvern.example")).one()
    assert account.kind == "customer"
    assert set(rows) == {"0061", "0062"}
    assert (rows["0061"].account_id, rows["0061"].forecast_category) == (account.id, "best_case")
    assert rows["0062"].status == "won"
    assert [lead.name for lead in leads] == ["Abel"]
    assert (task.title, task.deal_id, task.due) == ("Send offer", rows["0061"].id, date(2026, 11, 25))
    assert (happened["00T2"].channel, happened["00T2"].duration_s) == ("call", 120)
    assert (happened["00U1"].channel, happened["00U1"].duration_s, happened["00U1"].account_id) == (
        "meeting",
        5_400,
        account.id,
    )
    assert inactive is False


def test_a_report_without_ids_is_told_apart_by_names_and_stays_the_same(sqlite_store: Store, tmp_path: Path) -> None:
    header = "Opportunity Name,Account Name,Stage,Amount,Close Date\n"
    text = header + 'Depot,Tarn,Prospecting,"$1,200",7/31/2026\nDepot,Moss,Prospecting,5,8/1/2026\n'
    folder = write(tmp_path / "in", {"report1699.csv": text})
    report = bring_in(sqlite_store, folder, "salesforce")
    assert of(report, "report1699.csv").created == 2
    assert bring_in(sqlite_store, folder, "salesforce").total("unchanged") == 2
    with sqlite_store.read(SYSTEM) as session:
        row = session.scalars(select(Deal).where(Deal.amount_minor == 120_000)).one()
    assert (row.currency, row.close_date) == ("USD", date(2026, 7, 31))


def test_companies_that_deals_only_mention_are_made_and_later_adopted(sqlite_store: Store, tmp_path: Path) -> None:
    deals = "Record ID,Deal Name,Deal Stage,Amount,Associated Company\n71,Cold chain,Contract Sent,100,Fernhill Dairy\n"
    report = bring_in(sqlite_store, write(tmp_path / "in", {"deals.csv": deals}), "hubspot")
    assert any("made an account" in each.why for each in report.decisions)
    companies = "Record ID,Company name,Industry\n900,Fernhill Dairy,Food\n"
    for counted in ("updated", "unchanged"):
        again = bring_in(sqlite_store, write(tmp_path / "more", {"companies.csv": companies}), "hubspot")
        assert again.total(counted) == 1
    with sqlite_store.read(SYSTEM) as session:
        account = session.scalars(select(Account)).one()
        assert (account.external_id, account.industry) == ("900", "Food")
        assert session.scalars(select(Deal.account_id)).one() == account.id


def test_a_row_that_is_refused_leaves_nothing_behind(sqlite_store: Store, tmp_path: Path) -> None:
    deals = (
        "Record ID,Deal Name,Deal Stage,Amount,Associated Company\n71,Cold chain,Odd stage,nonsense,Fernhill Dairy\n"
    )
    report = bring_in(sqlite_store, write(tmp_path / "in", {"deals.csv": deals}), "hubspot")
    assert [(each.line, each.column) for each in report.problems] == [(2, "Amount")]
    with sqlite_store.read(SYSTEM) as session:
        assert session.scalars(select(Account)).all() == []
        assert session.scalars(select(Stage)).all() == []
