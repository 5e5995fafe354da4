"""Stage conversion and time in stage, from the history of the stage."""

from crm_store.models import Deal, Stage
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, at, by, total

PERIOD = {"since": "2026-07-01", "until": "2026-09-30"}


def three_deals(store: Store) -> None:
    """One went Discovery, Proposal, back, Negotiation, won; one Discovery, lost; one is in Discovery without a history."""
    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Ada Berg")
        account = builders.account(session, "Acme", rep)
        stages = builders.pipeline(session)
        won = builders.deal(session, "Won", account, stages["Won"], created_at=at(7, 1))
        lost = builders.deal(session, "Lost", account, stages["Lost"], created_at=at(7, 10))
        builders.deal(session, "Open", account, stages["Discovery"], created_at=at(8, 1), stage_entered_at=at(11, 10))

        def moves(deal: Deal, *steps: tuple[str, int, int]) -> None:
            before: Stage | None = None
            for name, month, day in steps:
                after = stages[name]
                builders.history(session, deal, "stage_id", before.id if before else None, after.id, at=at(month, day))
                before = after

        moves(
            won,
            ("Discovery", 7, 1),
            ("Proposal", 7, 11),
            ("Discovery", 7, 21),
            ("Negotiation", 8, 20),
            ("Won", 9, 1),
        )
        moves(lost, ("Discovery", 7, 10), ("Lost", 7, 30))


def test_a_deal_is_converted_when_it_went_on_or_was_won_and_counts_once_for_a_stage(record: Store) -> None:
    three_deals(record)
    found = by(record, "stage_entries", "stage", "count", "deals", "conversion", "conversion_to_win", period=PERIOD)
    assert found["Discovery"] == (3, 2, 50.0, 50.0)
    assert found["Proposal"] == (1, 1, 100.0, 100.0)
    assert found["Negotiation"] == (1, 1, 100.0, 100.0)
    assert found["Won"] == (1, 1, None, None)
    assert list(found) == ["Discovery", "Proposal", "Negotiation", "Won", "Lost"]


def test_only_deals_that_entered_in_the_period_count(record: Store) -> None:
    three_deals(record)
    august = {"since": "2026-08-01", "until": "2026-08-31"}
    assert by(record, "stage_entries", "stage", "deals", "conversion", period=august) == {"Negotiation": (1, 100.0)}
    assert by(record, "stage_entries", "month", "deals", period={"since": "2026-09-01", "until": "2026-10-31"}) == {
        "Sep 2026": (1,),
        "Oct 2026": (0,),
    }


def test_time_in_stage_counts_every_stay_and_the_one_that_runs(record: Store) -> None:
    three_deals(record)
    found = by(record, "stage_entries", "stage", "time_in_stage", "time_in_stage.median", "time_in_stage.largest")
    assert found["Discovery"] == (17.5, 15, 30)  # 10 and 30 of the one, 20 of the other, and 10 so far
    assert found["Proposal"] == (10, 10, 10)
    assert found["Negotiation"] == (12, 12, 12)
    assert found["Won"] == (None, None, None)


def test_a_first_recorded_move_says_where_the_deal_had_been_since_it_was_made(record: Store) -> None:
    with record.write(EVERYTHING) as session:
        account = builders.account(session, "Acme", builders.person(session, "Ada Berg"))
        stages = builders.pipeline(session)
        deal = builders.deal(session, "Late", account, stages["Proposal"], created_at=at(7, 1))
        builders.history(session, deal, "stage_id", stages["Discovery"].id, stages["Proposal"].id, at=at(7, 8))
        builders.history(session, deal, "stage_id", stages["Proposal"].id, stages["Proposal"].id, at=at(7, 9))
    found = by(record, "stage_entries", "stage", "count", "time_in_stage", period=PERIOD)
    assert found == {"Discovery": (1, 7), "Proposal": (1, 135)}


def test_the_stages_of_deals_can_be_counted_by_a_date_of_the_deal(record: Store) -> None:
    three_deals(record)  # all of them close in December, after everything that happened to them
    december = {"since": "2026-12-01", "until": "2026-12-31"}
    assert total(record, "stage_entries", "count", "deals", date_field="close_date", period=december) == (8, 3)
    july = {"since": "2026-07-01", "until": "2026-07-31"}
    assert total(record, "stage_entries", "count", "deals", date_field="created", period=july) == (7, 2)
    assert total(record, "stage_entries", "count", date_field="left", period=july) == (3,)


def test_nothing_entered_is_no_conversion(record: Store) -> None:
    assert total(record, "stage_entries", "conversion", "time_in_stage", "deals") == (None, None, 0)
