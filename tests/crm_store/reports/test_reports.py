"""What a report says besides its numbers: sentences, errors, access, comparison, drill-down."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from crm_store.access import Scope
from crm_store.errors import Invalid
from crm_store.models import Account, AccountMember, Deal, ExchangeRate, Person, Pipeline, Stage
from crm_store.reports import ReportResult, ReportSettings, ReportSpec, drill_down, run
from crm_store.store import Store
from tests.crm_store.reports.company import TODAY, at, new_store

SETTINGS = ReportSettings()
EVERYTHING = Scope.system("test")
STAMP = {"created_at": at(date(2026, 1, 5)), "updated_at": at(date(2026, 1, 5))}


def answer(store: Store, scope: Scope = EVERYTHING, settings: ReportSettings = SETTINGS, **spec: Any) -> ReportResult:
    with store.read(scope) as session:
        return run(session, ReportSpec.model_validate(spec), TODAY, settings)


@pytest.fixture
def small(tmp_path: Path) -> Store:
    """Two owners, one pipeline; deals are added by each test."""
    store = new_store(tmp_path)
    with store.write(EVERYTHING) as session:
        session.add(Pipeline(id="pipe", name="New"))
        session.add_all(
            [
                Person(id=key, email=f"{key}@x.example", name=name, **STAMP)
                for key, name in (("ada", "Ada Berg"), ("bo", "Bo Clay"))
            ]
        )
        session.flush()
        session.add_all(
            [
                Stage(id=status, pipeline_id="pipe", name=status.title(), position=place, status=status)
                for place, status in enumerate(("open", "won", "lost"))
            ]
        )
        session.add_all(
            [Account(id=f"acme-{owner}", name=f"Acme {owner}", owner_id=owner, **STAMP) for owner in ("ada", "bo")]
        )
        session.flush()
        session.add_all([AccountMember(account_id=f"acme-{owner}", person_id=owner) for owner in ("ada", "bo")])
    return store


def add_deal(
    store: Store, key: str, amount: int | None, currency: str | None = "EUR", *, owner: str = "ada", **more: Any
) -> None:
    status = more.pop("status", "won")
    values = {"close_date": date(2026, 8, 14)} | more
    with store.write(EVERYTHING) as session:
        session.add(
            Deal(
                id=key,
                name=key.title(),
                pipeline_id="pipe",
                stage_id=status,
                status=status,
                amount_minor=amount,
                currency=currency,
                stage_entered_at=at(date(2026, 1, 5)),
                account_id=f"acme-{owner}",
                owner_id=owner,
                **STAMP,
                **values,
            )
        )


WON = {"field": "status", "op": "eq", "value": "won"}


def test_the_sentence_says_what_was_counted_and_how_much(small: Store) -> None:
    add_deal(small, "one", 40_000_00)
    add_deal(small, "two", 2_000_50, owner="bo")
    owner = {"field": "owner", "op": "eq", "value": "ada berg"}
    result = answer(small, measures=["count", "sum"], filter={"and": [WON, owner]}, period="last_quarter")
    assert result.counted == "won deals, closed 1 Jul to 30 Sep 2026, owned by ada berg: 1 deal and EUR 40,000"
    whole = answer(small, measures=["count", "sum"], filter=WON)
    assert whole.counted == "won deals: 2 deals and EUR 42,000.50"


def test_an_amount_without_a_rate_is_named_and_in_no_sum(small: Store) -> None:
    add_deal(small, "euro", 100_00)
    add_deal(small, "franc", 77_00, "CHF")
    add_deal(small, "bare", 5_00, None)
    result = answer(small, measures=["sum", "count"])
    assert result.total.values == (100_00, 3)
    assert [(one.currency, one.amount_minor, one.count) for one in result.unconverted] == [
        ("", 5_00, 1),
        ("CHF", 77_00, 1),
    ]
    assert "CHF 77" in result.counted
    assert "not in the sum" in result.counted


def test_a_deal_is_converted_at_the_newest_rate_not_after_its_own_day(small: Store) -> None:
    with small.write(EVERYTHING) as session:
        for on, rate in ((date(2026, 1, 1), 1_100_000), (date(2026, 8, 15), 1_200_000)):
            session.add(ExchangeRate(currency="GBP", base="EUR", on=on, rate_millionths=rate))
    add_deal(small, "before", 100_00, "GBP", close_date=date(2026, 8, 14))
    add_deal(small, "after", 100_00, "GBP", close_date=date(2026, 8, 15))
    result = answer(small, measures=["sum", "largest"])
    assert result.total.values == (110_00 + 120_00, 120_00)
    assert result.converted == ("GBP",)


def test_a_sum_is_rounded_once_and_half_to_even(small: Store) -> None:
    with small.write(EVERYTHING) as session:
        session.add(ExchangeRate(currency="GBP", base="EUR", on=date(2026, 1, 1), rate_millionths=500_000))
    for number in range(3):
        add_deal(small, f"penny-{number}", 1, "GBP")
    assert answer(small, measures=["sum"]).total.values == (2,)  # 1.5, not 3 x 0


def test_yen_have_no_minor_unit(small: Store) -> None:
    with small.write(EVERYTHING) as session:
        session.add(ExchangeRate(currency="JPY", base="EUR", on=date(2026, 1, 1), rate_millionths=6_000))
    add_deal(small, "tokyo", 10_000, "JPY")
    assert answer(small, measures=["sum"]).total.values == (60_00,)


def test_a_rep_counts_only_what_they_may_see(small: Store) -> None:
    add_deal(small, "mine", 10_00)
    add_deal(small, "secret-canary", 99_00, owner="bo")
    mine = Scope("ada", frozenset({"ada"}))
    result = answer(small, mine, measures=["count", "sum", "median", "largest"], group_by=["name"], drill_down=True)
    assert result.total.values == (1, 10_00, 10_00, 10_00)
    assert "canary" not in result.model_dump_json().lower()
    nothing = answer(small, mine, measures=["count"], filter={"field": "account", "op": "eq", "value": "Acme bo"})
    assert nothing.count == 0


def test_an_unknown_field_measure_or_period_lists_what_there_is(small: Store) -> None:
    with pytest.raises(Invalid, match=r"no field 'colour'.*close_date.*industry"):
        answer(small, filter={"field": "colour", "op": "eq", "value": "red"})
    with pytest.raises(Invalid, match=r"no measure 'happiness'.*win_rate"):
        answer(small, measures=["happiness"])
    with pytest.raises(Invalid, match=r"no period called 'someday'.*this_"):
        answer(small, period="someday")
    with pytest.raises(Invalid, match="close_date"):
        answer(small, filter={"field": "close_date", "op": "gt", "value": "soon"})


@pytest.mark.parametrize(
    "spec",
    [
        {"subject": "unicorns"},
        {"measures": []},
        {"colour": "red"},
        {"compare": "previous_period"},
        {"filter": {"field": "amount", "op": "between", "value": 3}},
        {"filter": {"and": []}},
        {"filter": {"field": "amount", "op": "roughly", "value": 3}},
    ],
)
def test_a_spec_that_makes_no_sense_is_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReportSpec.model_validate(spec)


def test_a_spec_survives_json() -> None:
    spec = ReportSpec.model_validate(
        {
            "measures": ["sum"],
            "filter": {"not": {"or": [WON, {"field": "amount", "op": "between", "value": [1, 2]}]}},
            "period": "this_year",
        }
    )
    assert ReportSpec.model_validate_json(spec.model_dump_json(by_alias=True)) == spec


def test_the_period_before_a_quarter_is_the_quarter_before(small: Store) -> None:
    add_deal(small, "july", 30_00, close_date=date(2026, 7, 1))
    add_deal(small, "june", 20_00, close_date=date(2026, 6, 30))
    add_deal(small, "march", 10_00, close_date=date(2026, 3, 31))
    result = answer(small, measures=["sum"], period="last_quarter", compare="previous_period", group_by=["owner"])
    assert (result.total.values, result.total.previous) == ((30_00,), (20_00,))
    assert result.rows[0].previous == (20_00,)
    assert result.compared == "1 Apr to 30 Jun 2026"


def test_an_empty_month_is_a_zero_and_not_a_gap(small: Store) -> None:
    add_deal(small, "july", 30_00, close_date=date(2026, 7, 1))
    add_deal(small, "september", 10_00, close_date=date(2026, 9, 30))
    result = answer(small, measures=["sum"], period="last_quarter", group_by=["month"])
    assert [(row.labels[0], row.values[0]) for row in result.rows] == [
        ("Jul 2026", 30_00),
        ("Aug 2026", 0),
        ("Sep 2026", 10_00),
    ]


def test_a_fiscal_year_and_a_sunday_week_are_settings(small: Store) -> None:
    add_deal(small, "saturday", 1_00, close_date=date(2026, 9, 26))
    add_deal(small, "sunday", 2_00, close_date=date(2026, 9, 27))
    settings = ReportSettings(week_start=6, fiscal_year_start=10)
    weeks = answer(small, settings=settings, measures=["sum"], group_by=["week"])
    assert [row.keys[0] for row in weeks.rows] == ["2026-09-20", "2026-09-27"]
    years = answer(small, settings=settings, measures=["count"], group_by=["fiscal_year"])
    assert [row.labels[0] for row in years.rows] == ["FY 2026"]
    this = answer(small, settings=settings, measures=["count"], period="this_fiscal_year")
    assert (this.since, this.until, this.count) == (date(2026, 10, 1), date(2027, 9, 30), 0)


def test_every_group_drills_down_to_exactly_the_rows_it_counted(store: Store) -> None:
    for groups in (["owner"], ["stage"], ["industry", "quarter"], ["product"], ["lost_reason"]):
        spec = ReportSpec.model_validate({"measures": ["count"], "group_by": groups, "filter": {"not": WON}})
        with store.read(EVERYTHING) as session:
            result = run(session, spec, TODAY, SETTINGS)
            assert result.rows
            for row in result.rows:
                ids = drill_down(session, spec, TODAY, SETTINGS, row.keys)
                assert len(set(ids)) == row.values[0], (groups, row)


def test_shares_are_of_the_whole_and_the_limit_says_how_many_are_left_out(small: Store) -> None:
    for number, amount in enumerate((60_00, 30_00, 10_00)):
        add_deal(small, f"deal-{number}", amount)
    result = answer(small, measures=["sum"], group_by=["name"], share=True, limit=2)
    assert [(row.values[0], row.share) for row in result.rows] == [(60_00, 60.0), (30_00, 30.0)]
    assert (result.more, result.total.values) == (1, (100_00,))


def test_groups_with_too_few_rows_are_left_out_on_request(small: Store) -> None:
    for number in range(3):
        add_deal(small, f"deal-{number}", 1_00, status="won" if number else "lost")
    add_deal(small, "lucky", 1_00, owner="bo")
    best = answer(small, measures=["win_rate"], group_by=["owner"], at_least=2)
    assert [(row.labels[0], row.values[0]) for row in best.rows] == [("Ada Berg", 66.7)]


def test_a_deal_with_two_products_counts_once_in_the_whole(store: Store) -> None:
    split = answer(store, measures=["count", "sum"], group_by=["product"])
    assert sum(int(row.values[0] or 0) for row in split.rows) > split.count
    assert split.total.values == answer(store, measures=["count", "sum"]).total.values


def test_not_keeps_the_rows_where_the_field_is_empty(small: Store) -> None:
    add_deal(small, "named", 1_00, competitor="Corvane")
    add_deal(small, "unnamed", 1_00)
    condition = {"field": "competitor", "op": "eq", "value": "corvane"}
    assert answer(small, filter={"not": condition}, drill_down=True).ids == ("unnamed",)
    assert answer(small, filter=condition, drill_down=True).ids == ("named",)


def test_relative_periods_are_resolved_with_the_day_that_is_passed(small: Store) -> None:
    add_deal(small, "edge", 1_00, close_date=TODAY - timedelta(days=29))
    add_deal(small, "out", 1_00, close_date=TODAY - timedelta(days=30))
    during = {"field": "close_date", "op": "during", "value": "last_30_days"}
    assert answer(small, filter=during, drill_down=True).ids == ("edge",)
