import itertools
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm_store.access import Scope, ScopedSession
from crm_store.duplicates import duplicate_accounts, duplicate_contacts
from crm_store.models import (
    Account,
    CampaignMember,
    Case,
    Consent,
    Contact,
    Deal,
    DealContact,
    FieldHistory,
    Interaction,
    Order,
    Participant,
    SurveyResponse,
    Task,
)
from crm_store.reports import ReportResult, ReportSettings, ReportSpec, run
from crm_store.sample import load_sample, sample_id
from crm_store.sample.accounts import ACCOUNTS
from crm_store.store import Store

TODAY = date(2026, 3, 18)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScopedSession]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('stories') / 'rapport.db'}")
    store.migrate()
    with store.write(Scope.system("test")) as session:
        load_sample(session, TODAY)
    with store.read(Scope.system("test")) as session:
        yield session
    store.close()


def told(session: ScopedSession, account: str) -> list[Interaction]:
    wanted = Interaction.account_id == sample_id("account", account)
    return list(session.scalars(select(Interaction).where(wanted).order_by(Interaction.at)))


def text(session: ScopedSession, account: str) -> str:
    return "\n".join(row.body for row in told(session, account))


def deal(session: ScopedSession, key: str) -> Deal:
    found: Deal | None = session.get(Deal, sample_id("deal", key))
    assert found is not None
    return found


def history(session: ScopedSession, key: str, field: str) -> list[FieldHistory]:
    wanted = (FieldHistory.entity_id == sample_id("deal", key), FieldHistory.field == field)
    return list(session.scalars(select(FieldHistory).where(*wanted).order_by(FieldHistory.at)))


def promises(session: ScopedSession, account: str) -> list[Task]:
    wanted = (Task.account_id == sample_id("account", account), Task.kind == "promise")
    return list(session.scalars(select(Task).where(*wanted)))


def test_the_meridian_renewal_is_at_risk_for_price_and_an_overdue_report(session: ScopedSession) -> None:
    renewal = deal(session, "meridian/renewal")
    assert renewal.status == "open"
    assert renewal.competitor == "Corvane"
    assert renewal.amount_minor == 8_400_000
    assert len(history(session, "meridian/renewal", "close_date")) == 3
    report = next(task for task in promises(session, "meridian") if "usage report" in task.title)
    assert report.status == "open"
    assert report.due is not None
    assert report.due < TODAY
    source = session.get(Interaction, report.source_id)
    assert source is not None
    assert "look at two other vendors before signing" in source.body


def test_a_promise_to_halden_was_kept_and_one_to_valdehondo_was_not(session: ScopedSession) -> None:
    kept = next(task for task in promises(session, "halden") if "pit" in task.title)
    assert kept.done_at is not None
    assert kept.due is not None
    assert kept.done_at.date() <= kept.due
    broken = [task for task in promises(session, "valdehondo") if "orrected offer" in task.title]
    assert len(broken) == 2
    assert all(task.status == "open" and task.due is not None and task.due < TODAY for task in broken)


def test_mitrel_is_named_and_later_dropped_at_nordkaje(session: ScopedSession) -> None:
    named = [row for row in told(session, "nordkaje") if "Mitrel" in row.body]
    assert len(named) >= 3
    assert "dropped" in named[-1].body
    assert deal(session, "nordkaje/yards").competitor is None


def test_the_champion_of_kronsberg_left_and_has_a_successor(session: ScopedSession) -> None:
    stefan, katrin = (session.get(Contact, sample_id("contact", f"kronsberg/{key}")) for key in ("stefan", "katrin"))
    assert stefan
    assert katrin
    assert stefan.left_on
    assert stefan.left_on < TODAY
    assert katrin.title == stefan.title
    roles = session.scalars(select(DealContact.role).where(DealContact.contact_id == stefan.id))
    assert "champion" in set(roles)


def test_two_people_share_a_name_and_two_a_first_name(session: ScopedSession) -> None:
    annas = session.scalars(select(Contact).where(Contact.name == "Anna Keller")).all()
    assert len({contact.account_id for contact in annas}) == 2
    here = Contact.account_id == sample_id("account", "navarrosa")
    assert len(session.scalars(select(Contact).where(here, Contact.name.like("Javier %"))).all()) == 2


def test_go_live_dates_at_iberloma_contradict_each_other(session: ScopedSession) -> None:
    mail = next(row for row in told(session, "iberloma") if row.subject == "Dates for IT")
    assert "go-live is in October, not in July" in mail.body


def test_eskelund_is_happy_and_has_no_open_case(session: ScopedSession) -> None:
    here = sample_id("account", "eskelund")
    assert 10 in set(
        session.scalars(
            select(SurveyResponse.score).where(SurveyResponse.account_id == here, SurveyResponse.kind == "nps")
        )
    )
    assert not session.scalars(select(Case).where(Case.account_id == here, Case.status != "closed")).all()


def test_the_stalled_deal_was_pushed_four_times(session: ScopedSession) -> None:
    lines = history(session, "veldkamp/lines", "close_date")
    assert len(lines) == 5
    assert all(line.old is None or line.new > line.old for line in lines if line.new)


def test_a_committed_deal_slipped_this_week(session: ScopedSession) -> None:
    slip = history(session, "monteluce/batch", "close_date")[-1]
    monday = TODAY - timedelta(days=TODAY.weekday())
    assert slip.at.date() >= monday
    assert slip.old
    assert slip.new
    assert slip.new > slip.old
    assert deal(session, "monteluce/batch").forecast_category == "commit"


def test_security_reports_are_asked_for_at_some_accounts_only(session: ScopedSession) -> None:
    for account in ACCOUNTS:
        spoken = text(session, account.key)
        assert ("SOC 2" in spoken) == account.security, account.key
        assert account.security or "security review" not in spoken.lower(), account.key


def test_an_urgent_case_is_open_while_a_renewal_is_due(session: ScopedSession) -> None:
    urgent = session.scalars(select(Case).where(Case.status == "open", Case.priority == "urgent")).one()
    renewal = deal(session, "brennholm/renewal")
    assert urgent.account_id == renewal.account_id
    assert renewal.close_date
    assert renewal.close_date - TODAY < timedelta(days=30)


def test_a_withdrawn_consent_and_a_wish_not_to_be_called_are_in_the_ledger(session: ScopedSession) -> None:
    def newest(contact: str, channel: str, purpose: str) -> Consent | None:
        wanted = (
            Consent.contact_id == sample_id("contact", contact),
            Consent.channel == channel,
            Consent.purpose == purpose,
        )
        return session.scalars(select(Consent).where(*wanted).order_by(Consent.at.desc())).first()

    beatriz = newest("tarancal/beatriz", "email", "marketing")
    gareth = newest("thornwick/gareth", "phone", "service")
    assert beatriz
    assert beatriz.status == "withdrawn"
    assert gareth
    assert gareth.status == "withdrawn"
    calls = session.scalars(
        select(Interaction.at)
        .join(Participant, Participant.interaction_id == Interaction.id)
        .where(Participant.contact_id == gareth.contact_id, Interaction.channel == "call")
    )
    assert all(at < gareth.at for at in calls)


def test_salina_buys_nothing_before_a_named_quarter(session: ScopedSession) -> None:
    assert "nothing will be bought before Q3" in text(session, "salina")


def test_pontevale_was_lost_and_reopened(session: ScopedSession) -> None:
    lost = sample_id("stage", "New business/Lost")
    lines = history(session, "pontevale/docks", "stage_id")
    assert lines[-1].old == lost
    assert deal(session, "pontevale/docks").status == "open"


def test_castellaro_grew_and_moved_this_week(session: ScopedSession) -> None:
    amounts = [line.new for line in history(session, "castellaro/glazing", "amount_minor")]
    assert amounts == ["3500000", "5200000"]
    assert deal(session, "castellaro/glazing").stage_entered_at.date() >= TODAY - timedelta(days=TODAY.weekday())


def test_the_tender_has_a_lawyer(session: ScopedSession) -> None:
    roles = set(
        session.scalars(select(DealContact.role).where(DealContact.deal_id == sample_id("deal", "waterlinie/tender")))
    )
    assert {"legal", "procurement"} <= roles
    assert "article 9" in text(session, "waterlinie")


def test_analysts_and_partners_speak_with_us(session: ScopedSession) -> None:
    kinds = {account.id: account.kind for account in session.scalars(select(Account))}
    heard = {kinds[row] for row in session.scalars(select(Interaction.account_id)) if row}
    assert {"influencer", "partner"} <= heard
    assert "Usual terms, ten percent" in text(session, "fenwright")


def test_nobody_called_after_the_bad_score_at_steenbakker(session: ScopedSession) -> None:
    bad = session.scalars(select(Case).where(Case.satisfaction == 1)).one()
    assert bad.account_id == sample_id("account", "steenbakker")
    assert bad.closed_at
    assert not [row for row in told(session, "steenbakker") if row.channel == "call" and row.at > bad.closed_at]


def test_label_kits_are_ordered_in_a_rhythm_and_due_again(session: ScopedSession) -> None:
    here = Order.account_id == sample_id("account", "vernay")
    days = sorted(session.scalars(select(Order.ordered_on).where(here, Order.deal_id.is_(None))))
    gaps = [(after - before).days for before, after in itertools.pairwise(days)]
    assert len(days) >= 6
    assert all(50 <= gap <= 62 for gap in gaps)
    assert (TODAY - days[-1]).days > sum(gaps) / len(gaps)


def answer(session: ScopedSession, **spec: object) -> ReportResult:
    return run(session, ReportSpec.model_validate(spec), TODAY, ReportSettings())


def test_every_number_a_sales_team_asks_for_has_an_answer(session: ScopedSession) -> None:
    leads = answer(session, subject="leads", measures=["lead_conversion", "time_to_conversion"], group_by=["source"])
    assert len([row for row in leads.rows if row.values[0]]) >= 5
    converted = answer(session, subject="leads", date_field="converted", period="last_12_months", group_by=["quarter"])
    assert all(row.values[0] for row in converted.rows if (row.keys[0] or "") < "2026")
    transfers, rate = answer(session, subject="cases", measures=["transfers", "transfer_rate"]).total.values
    assert (transfers or 0) > 10
    assert 10 < (rate or 0) < 40
    kept = answer(
        session,
        subject="retention",
        measures=["churned_accounts", "expansion", "contraction"],
        period={"since": "2025-03-19", "until": "2026-03-18"},
    )
    assert all(value for value in kept.total.values[:2])
    quarter = {"since": "2026-01-01", "until": "2026-03-18"}
    assert answer(session, subject="retention", measures=["contraction"], period=quarter).total.values[0]
    heard = answer(session, subject="campaign_members", measures=["response_rate", "unsubscribe_rate"])
    assert all(0 < (value or 0) < 50 for value in heard.total.values)


def test_two_accounts_and_some_people_are_in_the_record_twice(session: ScopedSession) -> None:
    accounts = {pair.keep.name for pair in duplicate_accounts(session)}
    assert accounts == {"Severnside Cold Storage", "Officine Brandolin"}
    people = {(pair.keep.name, pair.other.name) for pair in duplicate_contacts(session)}
    assert ("Patty Vorhees", "Patricia Vorhees") in people
    assert ("Lidia Furlanis", "L. Furlanis") in people


def test_whoever_unsubscribed_had_agreed_before_and_took_it_back(session: ScopedSession) -> None:
    gone = session.scalars(select(CampaignMember).where(CampaignMember.status == "unsubscribed")).all()
    assert sample_id("contact", "tarancal/beatriz") in {member.contact_id for member in gone}
    for member in gone:
        wanted = (Consent.contact_id == member.contact_id, Consent.channel == "email", Consent.purpose == "marketing")
        lines = session.scalars(select(Consent).where(*wanted).order_by(Consent.at)).all()
        assert [line.status for line in lines] == ["granted", "withdrawn"]
        assert lines[0].at < member.at
        assert member.at.date() <= lines[1].at.date()
