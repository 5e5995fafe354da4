"""Reports over custom fields say what a plain computation over the same rows says, on both databases."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from crm_store.access import Scope
from crm_store.custom_fields.defining import add_field
from crm_store.errors import Invalid
from crm_store.reports import ReportResult, ReportSettings, ReportSpec, drill_down, run
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")
SETTINGS = ReportSettings()
RISKS = ("Low", "Medium", "High")


@dataclass(frozen=True)
class Sold:
    """A deal as this test computes with it; ``custom`` are its own values, ``risk`` is its account's."""

    id: str
    industry: str
    amount: int
    custom: dict[str, Any]
    risk: str | None


@dataclass(frozen=True)
class Book:
    store: Store
    deals: tuple[Sold, ...]

    def ask(self, **spec: Any) -> ReportResult:
        with self.store.read(SYSTEM) as session:
            return run(session, ReportSpec.model_validate(spec), make.TODAY, SETTINGS)

    def groups(self, key: Callable[[Sold], str | None], value: Callable[[Sold], Any]) -> dict[str | None, list[Any]]:
        found: dict[str | None, list[Any]] = defaultdict(list)
        for deal in self.deals:
            found[key(deal)].append(value(deal))
        return found


@pytest.fixture
def book(store: Store) -> Book:
    chance = random.Random(7)
    kinds = (
        ("deal", "Seats", "number", ()), ("deal", "Setup fee", "money", ()), ("deal", "Go-live", "date", ()),
        ("deal", "Pilot", "flag", ()), ("deal", "Plan", "choice", ("Basic", "Plus", "Very large")),
        ("deal", "Reference", "text", ()), ("account", "Renewal risk", "choice", RISKS),
    )  # fmt: skip
    deals = []
    with store.write(SYSTEM) as session:
        admin = make.person(session, "Ines Admin", "admin")
        for entity, label, kind, choices in kinds:
            add_field(session, by_id=admin.id, now=make.NOW, entity=entity, label=label, kind=kind, choices=choices)
        stage = make.pipeline(session)["Proposal"]
        for number in range(40):
            risk = chance.choice([*RISKS, None])
            account = make.account(
                session, f"Account {number}", admin, industry=chance.choice(["Optics", "Steel"]),
                custom={"renewal_risk": risk} if risk else {},
            )  # fmt: skip
            custom = {
                "seats": chance.choice([chance.randrange(500), chance.randrange(10**6) / 10**4]),
                "setup_fee": chance.randrange(-10**6, 10**9), "plan": chance.choice(["Basic", "Plus", "Very large"]),
                "go_live": (date(2026, 1, 1) + timedelta(days=chance.randrange(700))).isoformat(),
                "pilot": chance.random() < 0.5, "reference": f"Ref {chance.randrange(4)}",
            }  # fmt: skip
            held = {name: value for name, value in custom.items() if chance.random() < 0.8}
            deal = make.deal(session, f"Deal {number}", account, stage, amount_minor=number * 100, custom=held)
            deals.append(Sold(deal.id, account.industry or "", number * 100, held, risk))
    return Book(store, tuple(deals))


def _sum(values: list[Any]) -> Fraction:
    return sum((Fraction(str(value)) for value in values if value is not None), Fraction(0))


def test_numbers_are_added_up_and_averaged_exactly_by_any_group(book: Book) -> None:
    result = book.ask(measures=["custom.seats.sum", "seats.average", "seats.largest"], group_by=["industry"])
    seats = book.groups(lambda deal: deal.industry, lambda deal: deal.custom.get("seats"))
    assert {row.keys[0] for row in result.rows} == set(seats)
    for row in result.rows:
        known = [value for value in seats[row.keys[0]] if value is not None]
        total = _sum(known)
        largest = max(Fraction(str(value)) for value in known)
        assert row.values == tuple(float(round(each, 2)) for each in (total, total / len(known), largest))


def test_amounts_are_added_up_in_the_currency_of_their_row(book: Book) -> None:
    result = book.ask(measures=["setup_fee", "setup_fee.smallest"], group_by=["plan"])
    fees = book.groups(lambda deal: deal.custom.get("plan"), lambda deal: deal.custom.get("setup_fee"))
    assert {row.keys[0]: row.values[0] for row in result.rows} == {key: _sum(values) for key, values in fees.items()}
    assert result.columns[0].kind == "money"
    assert result.columns[0].title == "setup fee"


def test_groups_of_a_choice_come_in_the_order_of_its_choices(book: Book) -> None:
    result = book.ask(group_by=["custom.plan"])
    assert [row.labels[0] for row in result.rows] == ["Basic", "Plus", "Very large", "no plan"]
    counts = book.groups(lambda deal: deal.custom.get("plan"), lambda deal: 1)
    assert {row.keys[0]: row.values[0] for row in result.rows} == {key: len(ones) for key, ones in counts.items()}


def test_a_field_of_the_account_splits_and_filters_its_deals(book: Book) -> None:
    result = book.ask(measures=["sum"], group_by=["renewal_risk"])
    amounts = book.groups(lambda deal: deal.risk, lambda deal: deal.amount)
    assert {row.keys[0]: row.values[0] for row in result.rows} == {key: sum(ones) for key, ones in amounts.items()}
    filtered = book.ask(filter={"field": "account.renewal_risk", "op": "eq", "value": "high"})
    assert filtered.count == len(amounts["High"])
    assert book.ask(subject="accounts", filter={"field": "renewal_risk", "op": "eq", "value": "High"}).count == len(
        amounts["High"]
    )


FILTERS: tuple[tuple[str, str, Any, Callable[[Any], bool]], ...] = (
    ("seats", "ge", 100, lambda value: value is not None and value >= 100),
    ("seats", "between", [20.5, 300], lambda value: value is not None and 20.5 <= value <= 300),
    ("custom.setup_fee", "lt", 0, lambda value: value is not None and value < 0),
    ("go_live", "ge", "2026-11-20", lambda value: value is not None and value >= "2026-11-20"),
    ("go_live", "during", "this_year", lambda value: value is not None and value.startswith("2026")),
    ("pilot", "eq", True, lambda value: value is True),
    ("pilot", "eq", False, lambda value: value is False),
    ("pilot", "is_empty", True, lambda value: value is None),
    ("plan", "in", ["basic", "Very large"], lambda value: value in ("Basic", "Very large")),
    ("plan", "ne", "Plus", lambda value: value != "Plus"),
    ("reference", "contains", "ref 2", lambda value: value == "Ref 2"),
    ("reference", "is_empty", False, lambda value: value is not None),
)  # fmt: skip


@pytest.mark.parametrize(("field", "op", "value", "holds"), FILTERS)
def test_a_filter_keeps_the_rows_that_satisfy_it_and_not_its_opposite(
    book: Book, field: str, op: str, value: Any, holds: Callable[[Any], bool]
) -> None:
    condition = {"field": field, "op": op, "value": value}
    kept = {deal.id for deal in book.deals if holds(deal.custom.get(field.removeprefix("custom.")))}
    assert set(book.ask(filter=condition, drill_down=True).ids) == kept
    others = {deal.id for deal in book.deals} - kept
    assert set(book.ask(filter={"not": condition}, drill_down=True).ids) == others


def test_a_date_is_a_time_basis_and_splits_by_month(book: Book) -> None:
    spec = {"date_field": "custom.go_live", "period": "this_year", "group_by": ["month"], "measures": ["count"]}
    result = book.ask(**spec)
    live = [deal.custom["go_live"] for deal in book.deals if deal.custom.get("go_live", "").startswith("2026")]
    assert result.count == len(live)
    assert {row.keys[0]: row.values[0] for row in result.rows} == {
        f"2026-{month:02}-01": sum(day[5:7] == f"{month:02}" for day in live) for month in range(1, 13)
    }
    assert "go-live 1 Jan to 31 Dec 2026" in result.counted
    by_quarter = book.ask(group_by=["custom.go_live.quarter"])
    assert sum(int(row.values[0] or 0) for row in by_quarter.rows) == len(book.deals)


@pytest.mark.parametrize("group", ["plan", "pilot", "reference", "go_live", "custom.go_live.month", "account.renewal_risk"])
def test_the_rows_behind_each_group_are_those_it_counted(book: Book, group: str) -> None:
    spec = ReportSpec.model_validate({"group_by": [group]})
    with book.store.read(SYSTEM) as session:
        result = run(session, spec, make.TODAY, SETTINGS)
        behind = [drill_down(session, spec, make.TODAY, SETTINGS, row.keys) for row in result.rows]
    assert [len(ids) for ids in behind] == [row.values[0] for row in result.rows]
    assert sorted(id_ for ids in behind for id_ in ids) == sorted(deal.id for deal in book.deals)


def test_what_does_not_exist_is_answered_with_what_does(book: Book) -> None:
    with pytest.raises(Invalid, match=r"account\.renewal_risk.*custom\.plan"):
        book.ask(group_by=["custom.mood"])
    with pytest.raises(Invalid, match=r"custom\.seats"):
        book.ask(measures=["custom.mood.average"])
    with pytest.raises(Invalid, match="plan is one of Basic, Plus, Very large"):
        book.ask(filter={"field": "plan", "op": "eq", "value": "Gold"})
    with pytest.raises(Invalid, match="too many values"):
        book.ask(group_by=["seats"])


def test_the_sentence_of_what_was_counted_says_the_label(book: Book) -> None:
    counted = book.ask(
        filter={
            "and": [
                {"field": "plan", "op": "eq", "value": "Plus"}, {"field": "seats", "op": "gt", "value": 10},
                {"field": "pilot", "op": "eq", "value": True},
            ]
        }
    ).counted  # fmt: skip
    assert "plan" in counted
    assert "Plus" in counted
    assert "seats over 10" in counted
    assert "pilot" in counted
