"""Cases, surveys and campaigns."""

from crm_store.models import Campaign, CampaignMember, Case, FieldHistory
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, at, by, total


def cases(store: Store) -> None:
    """Kept: closed by who opened it after 100 minutes. Passed: twice handed on, the last time 30 minutes before closing.
    Late: handed on after it was closed. Waiting: open."""
    with store.write(EVERYTHING) as session:
        ada, bo = (builders.person(session, name) for name in ("Ada Berg", "Bo Clay"))
        account = builders.account(session, "Acme", ada)
        kept = builders.case(
            session, account, "Kept", status="closed", priority="low", opened_at=at(11, 2, 9), closed_at=at(11, 2, 10, 40),
            first_response_at=at(11, 2, 9, 20), satisfaction=5,
        )  # fmt: skip
        passed = builders.case(
            session, account, "Passed", status="closed", priority="urgent", opened_at=at(11, 1, 9), closed_at=at(11, 3, 9),
            first_response_at=at(11, 1, 10), satisfaction=3, owner_id=bo.id,
        )  # fmt: skip
        late = builders.case(
            session, account, "Late", status="closed", opened_at=at(11, 2, 9), closed_at=at(11, 2, 10), satisfaction=4,
            owner_id=bo.id,
        )  # fmt: skip
        builders.case(session, account, "Waiting", opened_at=at(11, 10, 9))

        def handed(case: Case, before: str | None, after: str, *moment: int) -> None:
            session.add(
                FieldHistory(
                    entity="case",
                    entity_id=case.id,
                    field="owner_id",
                    old=before,
                    new=after,
                    at=at(*moment),
                    account_id=account.id,
                    owner_id=case.owner_id,
                )
            )

        handed(kept, None, ada.id, 11, 2, 9)
        handed(passed, bo.id, ada.id, 11, 2, 9)
        handed(passed, ada.id, bo.id, 11, 3, 8, 30)
        handed(late, ada.id, bo.id, 11, 2, 11)


def test_handle_time_is_that_of_the_owner_who_closed_the_case(record: Store) -> None:
    cases(record)
    found = by(record, "cases", "subject", "handle_time", "handle_time_untransferred", "transfers")
    assert found == {
        "Kept": (100, 100, 0),
        "Passed": (30, None, 2),
        "Late": (60, None, 1),
        "Waiting": (None, None, 0),
    }
    assert total(record, "cases", "handle_time.median", "transfers", "transfer_rate") == (60, 3, 50)


def test_cases_have_a_volume_a_first_response_and_satisfaction(record: Store) -> None:
    cases(record)
    names = ("count", "open_cases", "closed_cases", "first_response", "time_to_close", "csat", "satisfied_rate")
    assert total(record, "cases", *names) == (4, 1, 3, 40, 0.7, 4, 66.7)
    assert list(by(record, "cases", "priority")) == ["urgent", "normal", "low"]
    transferred = {"field": "transfers", "op": "ge", "value": 2}
    assert total(record, "cases", "count", filter=transferred) == (1,)


def test_nps_is_promoters_less_detractors_and_csat_the_top_two(record: Store) -> None:
    with record.write(EVERYTHING) as session:
        account = builders.account(session, "Acme", builders.person(session, "Ada Berg"))
        for score in (10, 9, 8, 7, 6, 0, 9, 9):
            builders.survey(session, account, score)
        for score in (5, 4, 3):
            builders.survey(session, account, score, kind="csat")
    assert total(record, "surveys", "nps", "csat", "satisfied_rate") == (25, 4, 66.7)
    assert by(record, "surveys", "kind", "nps", "satisfied_rate") == {"nps": (25, None), "csat": (None, 66.7)}


def test_campaigns_have_response_open_and_unsubscribe_rates(record: Store) -> None:
    with record.write(EVERYTHING) as session:
        account = builders.account(session, "Acme", builders.person(session, "Ada Berg"))
        campaign = Campaign(id="fair", name="Fair", channel="event", starts_on=at(9, 1).date())
        session.add(campaign)
        session.flush()
        for number, status in enumerate(("sent", "sent", "opened", "responded", "unsubscribed")):
            contact = builders.contact(
                session, f"Contact {number}", account, lifecycle="lead" if number else "customer"
            )
            session.add(
                CampaignMember(
                    campaign_id="fair",
                    contact_id=contact.id,
                    status=status,
                    at=at(9, 2),
                    account_id=account.id,
                    owner_id=account.owner_id,
                )
            )
    rates = ("response_rate", "open_rate", "unsubscribe_rate")
    assert by(record, "campaign_members", "campaign", *rates) == {"Fair": (20, 40, 20)}
    assert by(record, "campaign_members", "lifecycle", "response_rate") == {"customer": (0,), "lead": (25,)}


def test_nothing_asked_is_no_score(record: Store) -> None:
    assert total(record, "surveys", "nps", "csat", "satisfied_rate") == (None, None, None)
    assert total(record, "cases", "handle_time", "csat", "transfer_rate", "transfers") == (None, None, None, 0)
    assert total(record, "campaign_members", "response_rate", "open_rate") == (None, None)
