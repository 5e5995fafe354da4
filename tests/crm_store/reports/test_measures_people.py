"""Leads and what became of them, and when people and accounts were last spoken to."""

from typing import Any

from crm_store.models import Contact, FieldHistory
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, at, by, total

QUARTER = {"since": "2026-07-01", "until": "2026-09-30"}


def leads(store: Store) -> None:
    """Four of July (one a customer after 10 days, one an opportunity after 31, one taken back), one of May; and someone
    who was a customer from the first day."""

    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Ada Berg")
        account = builders.account(session, "Acme", rep)

        def lead(name: str, month: int, source: str, now: str, *steps: tuple[str, Any]) -> Contact:
            contact = builders.contact(session, name, account, lifecycle=now, source=source, created_at=at(month, 1))
            before = "lead"
            for after, moment in steps:
                session.add(
                    FieldHistory(
                        entity="contact",
                        entity_id=contact.id,
                        field="lifecycle",
                        old=before,
                        new=after,
                        at=moment,
                        account_id=account.id,
                        owner_id=rep.id,
                    )
                )
                before = after
            session.flush()
            return contact

        lead("One", 7, "Fair", "customer", ("qualified", at(7, 4)), ("opportunity", at(7, 11)), ("customer", at(9, 1)))
        lead("Two", 7, "Fair", "opportunity", ("opportunity", at(8, 1)))
        lead("Three", 7, "Web", "lead", ("opportunity", at(7, 5)), ("lead", at(7, 6)))
        lead("Four", 7, "Web", "qualified", ("qualified", at(7, 21)))
        lead("Five", 5, "Web", "lead")
        builders.contact(session, "Customer", account, lifecycle="customer", created_at=at(7, 1))


def test_lead_conversion_is_of_the_leads_made_in_the_period(record: Store) -> None:
    leads(record)
    names = ("count", "lead_conversion", "time_to_conversion", "time_to_conversion.largest")
    assert total(record, "leads", *names, period=QUARTER) == (4, 50, 20.5, 31)
    assert total(record, "leads", "count", "lead_conversion") == (5, 40)
    assert by(record, "leads", "source", "lead_conversion", period=QUARTER) == {"Fair": (100,), "Web": (0,)}
    assert total(record, "leads", "qualification_rate", "time_to_qualified", period=QUARTER) == (75, 11.5)


def test_leads_can_be_counted_by_when_they_were_converted(record: Store) -> None:
    leads(record)
    august = {"since": "2026-08-01", "until": "2026-08-31"}
    assert total(record, "leads", "count", date_field="converted", period=august) == (1,)
    assert by(record, "leads", "is_converted") == {"no": (3,), "yes": (2,)}
    assert by(record, "leads", "lifecycle")["lead"] == (2,)


def test_contacts_and_accounts_know_their_last_touch(record: Store) -> None:
    with record.write(EVERYTHING) as session:
        rep = builders.person(session, "Ada Berg")
        account = builders.account(session, "Acme", rep)
        builders.account(session, "Quiet", rep)
        ada, bo = (builders.contact(session, name, account) for name in ("Mara", "Nils"))
        builders.interaction(session, account, "Call", ada, bo, at=at(11, 1))
        builders.interaction(session, account, "Call", ada, at=at(11, 15))
        builders.interaction(session, account, "Planned", ada, at=at(12, 15))
    found = by(record, "contacts", "name", "touches", "days_since_last_touch")
    assert found == {"Mara": (2, 5), "Nils": (1, 19)}
    accounts = by(record, "accounts", "name", "touches", "days_since_last_touch")
    assert accounts == {"Acme": (2, 5), "Quiet": (0, None)}


def test_no_lead_is_no_conversion(record: Store) -> None:
    assert total(record, "leads", "lead_conversion", "time_to_conversion", "qualification_rate") == (None, None, None)


def test_leads_that_converted_in_a_period_go_by_the_day_they_did(record: Store) -> None:
    """Two was made in July and converted in August; the rate of July's leads still counts it."""
    leads(record)
    july = {"since": "2026-07-01", "until": "2026-07-31"}
    assert total(record, "leads", "converted_leads", period=july) == (1,)
    assert total(record, "leads", "converted_leads", period={"since": "2026-08-01", "until": "2026-08-31"}) == (1,)
    assert total(record, "leads", "lead_conversion", period=july) == (50,)
