"""Whole exports with the dirt that exports have: a dry run says what the real run does, a second import changes nothing, and
what a person changed since survives."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_store.access import Scope
from crm_store.changes import Draft, confirm, propose
from crm_store.imports import Decision, ImportReport, Source
from crm_store.models import (
    Account,
    Campaign,
    CampaignMember,
    Case,
    Consent,
    Contact,
    Deal,
    DealLine,
    ExchangeRate,
    FieldHistory,
    Interaction,
    Order,
    OrderLine,
    Participant,
    Person,
    Product,
    Quota,
    Stage,
    Subscription,
    SurveyResponse,
    Task,
    Team,
)
from crm_store.people import caller_for
from crm_store.store import Store
from tests.crm_store.imports.exports import HUBSPOT, OWN, SALESFORCE
from tests.crm_store.imports.folder import NOW, bring_in, of, write

SYSTEM = Scope.system("test")
STORIES: Mapping[Source, tuple[dict[str, str], str]] = {
    "salesforce": (SALESFORCE, "0061"), "hubspot": (HUBSPOT, "71"), "csv": (OWN, "D1"),
}  # fmt: skip


@pytest.mark.parametrize("source", ["salesforce", "hubspot", "csv"])
def test_an_export_comes_in_as_the_dry_run_said_and_a_persons_word_survives(
    store: Store, tmp_path: Path, source: Source
) -> None:
    files, deal = STORIES[source]
    folder = write(tmp_path / "in", files)
    tried = bring_in(store, folder, source, dry_run=True)
    done = bring_in(store, folder, source)
    assert (tried.files, tried.problems, tried.decisions) == (done.files, done.problems, done.decisions)
    again = bring_in(store, folder, source)
    assert (again.total("created"), again.total("updated"), again.total("kept")) == (0, 0, 0), [
        e for e in again.files if e.updated
    ]
    with store.read(SYSTEM) as session:
        row = session.scalars(select(Deal).where(Deal.external_id == deal)).one()
        rosa = caller_for(session, "rosa@halvern.example")
    with store.write(rosa.scope) as session:
        drafts = [Draft("update", "deal", {"amount_minor": 4_200}, entity_id=row.id)]
        asked = propose(session, person_id=rosa.person_id, drafts=drafts, summary="Change", origin="cli", now=NOW)
        confirm(session, asked, now=NOW, origin="cli")
    kept = bring_in(store, folder, source)
    assert (kept.total("kept"), [each.person for each in kept.proposed]) == (1, ["rosa@halvern.example"])
    with store.read(SYSTEM) as session:
        assert session.scalars(select(Deal.amount_minor).where(Deal.id == row.id)).one() == 4_200


def said(report: ImportReport, file: str) -> dict[tuple[int, str], Decision]:
    return {(each.line, each.column): each for each in report.decisions if each.file == file and each.line}


def test_what_salesforce_knows_is_all_there(sqlite_store: Store, tmp_path: Path) -> None:
    report = bring_in(sqlite_store, write(tmp_path / "in", SALESFORCE), "salesforce")
    assert report.clean, report.problems
    with sqlite_store.read(SYSTEM) as session:
        teams = {row.name: row for row in session.scalars(select(Team))}
        people = {row.name: row for row in session.scalars(select(Person))}
        accounts = {row.external_id: row for row in session.scalars(select(Account))}
        contacts = {row.external_id: row for row in session.scalars(select(Contact))}
        lives = session.execute(
            select(FieldHistory.entity_id, FieldHistory.old, FieldHistory.new, FieldHistory.at).where(FieldHistory.field == "lifecycle")
            .order_by(FieldHistory.at)
        ).all()  # fmt: skip
        lines = session.execute(
            select(DealLine.quantity, Product.name, Product.price_minor).join(
                Product, Product.id == DealLine.product_id
            )
        ).all()
        stages = {row.id: row.name for row in session.scalars(select(Stage))}
        past = session.scalars(
            select(FieldHistory).where(FieldHistory.entity == "deal").order_by(FieldHistory.field, FieldHistory.at)
        ).all()
        case = session.scalars(select(Case)).one()
        handed = session.execute(
            select(FieldHistory.old, FieldHistory.new).where(FieldHistory.entity == "case", FieldHistory.field == "owner_id")
            .order_by(FieldHistory.at)
        ).all()  # fmt: skip
        members = session.execute(select(CampaignMember.contact_id, CampaignMember.status)).all()
        campaign = session.scalars(select(Campaign)).one()
        order = session.scalars(select(Order)).one()
        bought = session.scalars(select(OrderLine)).one()
        mail = session.scalars(select(Interaction).where(Interaction.channel == "email")).one()
        told = session.scalars(select(Participant.contact_id).where(Participant.interaction_id == mail.id)).all()
        task = session.scalars(select(Task)).one()
        consents = session.execute(select(Consent.contact_id, Consent.channel, Consent.status)).all()
    assert teams["East"].parent_id == teams["Sales"].id
    assert (people["Emil Bauer"].role, people["Rosa Lindt"].role, people["Rosa Lindt"].team_id) == (
        "manager",
        "rep",
        teams["East"].id,
    )
    fernhill, tarn = accounts["001B1"], accounts["001B2"]
    assert (fernhill.industry, fernhill.kind, fernhill.employees, fernhill.annual_revenue_minor, fernhill.domain) == (
        "Manufacturing", "prospect", 1_200, 120_000_000, "fernhill.example",
    )  # fmt: skip
    assert said(report, "Account.csv")[(32, "Industry")].taken == "Manufacturing"
    assert contacts["0032"].account_id == tarn.id, "by the domain of the address"
    assert contacts["0033"].account_id is None
    assert (3, "Email") in said(report, "Contact.csv")
    assert (4, "AccountId") in said(report, "Contact.csv")
    nina, jon, ida = contacts["0031"], contacts["0032"], contacts["00Q3"]
    assert (nina.source, nina.lifecycle, jon.source, jon.lifecycle) == ("Web", "opportunity", "Partner", "qualified")
    assert (ida.source, ida.lifecycle) == ("Trade Show", "lead")
    assert [(each.old, each.new, each.at.day) for each in lives if each.entity_id == nina.id] == [
        (None, "lead", 1),
        ("lead", "opportunity", 5),
    ]
    assert sorted(tuple(each) for each in lines) == [(1, "Rack sensor 200", 24_000), (10, "Rack sensor 100", 12_000)]
    moves = [(stages.get(each.old or ""), stages[str(each.new)], each.at.month) for each in past
             if each.field == "stage_id" and each.entity_id == order_deal(past, "40000")]  # fmt: skip
    assert moves == [
        (None, "Prospecting", 3),
        ("Prospecting", "Perception Analysis", 4),
        ("Perception Analysis", "Negotiation/Review", 5),
    ]
    assert [(each.old, each.new) for each in past if each.field == "amount_minor" and each.new in ("4000000", "5000000")] == [
        (None, "4000000"), ("4000000", "5000000"),
    ]  # fmt: skip
    assert [tuple(each) for each in handed] == [
        (None, people["Rosa Lindt"].id),
        (people["Rosa Lindt"].id, people["Emil Bauer"].id),
    ]
    assert case.first_response_at == datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert sorted(tuple(each) for each in members) == sorted([(nina.id, "responded"), (ida.id, "sent")])
    assert campaign.channel == "event"
    assert (order.account_id, order.amount_minor, bought.quantity) == (tarn.id, 48_000, 2)
    assert (mail.direction, nina.id in told) == ("inbound", True)
    assert task.due == date(2026, 11, 25)
    assert [tuple(each) for each in consents] == [(jon.id, "email", "withdrawn")]


def order_deal(past: object, amount: str) -> str:
    """The deal whose history has this amount."""
    assert isinstance(past, list)
    return str(next(each.entity_id for each in past if each.field == "amount_minor" and each.new == f"{amount}00"))


def test_what_hubspot_knows_is_all_there(sqlite_store: Store, tmp_path: Path) -> None:
    report = bring_in(sqlite_store, write(tmp_path / "in", HUBSPOT), "hubspot", currency="USD")
    assert [(each.file, each.line) for each in report.problems] == [("all-contacts.csv", 4), ("all-deals.csv", 4)]
    with sqlite_store.read(SYSTEM) as session:
        people = {row.name: row.id for row in session.scalars(select(Person))}
        accounts = {row.external_id: row for row in session.scalars(select(Account))}
        contacts = {row.external_id: row for row in session.scalars(select(Contact))}
        deals = {row.external_id: row for row in session.scalars(select(Deal))}
        lives = session.execute(
            select(FieldHistory.old, FieldHistory.new).where(FieldHistory.entity == "contact").order_by(FieldHistory.at)
        ).all()
        consents = {
            tuple(each) for each in session.execute(select(Consent.contact_id, Consent.channel, Consent.status))
        }
        call = session.scalars(select(Interaction)).one()
        handed = session.execute(
            select(FieldHistory.old, FieldHistory.new).where(FieldHistory.entity == "case").order_by(FieldHistory.at)
        ).all()
        case = session.scalars(select(Case)).one()
    assert accounts["901"].owner_id == people["Emil Bauer"], "Emil Baur"
    assert contacts["31"].account_id == accounts["900"].id, "Fernhill Dairy Ltd."
    assert contacts["32"].account_id == accounts["901"].id, "by the domain"
    assert contacts["31"].source == "Offline"
    assert consents == {(contacts["31"].id, "email", "granted"), (contacts["32"].id, "email", "withdrawn")}
    assert (deals["71"].amount_minor, deals["71"].currency, deals["71"].close_date) == (
        1_850_000,
        "USD",
        date(2026, 12, 24),
    )
    assert (deals["72"].amount_minor, deals["72"].currency, deals["72"].status) == (700_000, "EUR", "won")
    assert [tuple(each) for each in lives] == [(None, "lead"), ("lead", "opportunity")]
    assert (call.body, call.duration_s, call.account_id) == ("Wants a\ndiscount", 125, accounts["900"].id)
    assert [tuple(each) for each in handed] == [
        (None, people["Emil Bauer"]),
        (people["Emil Bauer"], people["Rosa Lindt"]),
    ]
    assert case.first_response_at == datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_our_own_files_bring_in_what_no_export_has(sqlite_store: Store, tmp_path: Path) -> None:
    report = bring_in(sqlite_store, write(tmp_path / "in", OWN))
    assert [(each.file, each.line) for each in report.problems] == [("contacts.csv", 3), ("surveys.csv", 3)]
    with sqlite_store.read(SYSTEM) as session:
        account = session.scalars(select(Account)).one()
        deal = session.scalars(select(Deal)).one()
        contacts = {row.external_id: row for row in session.scalars(select(Contact))}
        subscription = session.scalars(select(Subscription)).one()
        rate = session.scalars(select(ExchangeRate)).one()
        quota = session.scalars(select(Quota)).one()
        consents = session.execute(select(Consent.channel, Consent.purpose, Consent.status).order_by(Consent.at)).all()
        answers = session.scalars(select(SurveyResponse.score)).all()
        teams = {row.name: row for row in session.scalars(select(Team))}
    assert teams["North"].parent_id == teams["Sales"].id
    assert account.annual_revenue_minor == 123_456_750
    assert account.owner_id == quota.person_id, "Rosa Lint"
    assert (deal.amount_minor, deal.currency, deal.close_date) == (123_456, "EUR", date(2026, 12, 24)), (
        "a day's number of a spreadsheet"
    )
    assert contacts["C2"].name == "Nul Byte"
    assert contacts["C2"].account_id == account.id, "by the domain"
    assert (subscription.amount_minor, subscription.seats, subscription.starts_on) == (120_000, 5, date(2026, 1, 1))
    assert (rate.rate_millionths, quota.amount_minor, list(answers)) == (920_000, 25_000_000, [9])
    assert [tuple(each) for each in consents] == [
        ("email", "marketing", "granted"),
        ("email", "marketing", "withdrawn"),
    ]
    assert of(report, "consents.csv").created == 2
