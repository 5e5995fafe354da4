"""Custom fields of the record: how they are defined, what they hold, and that they are fields like any other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_store import changes
from crm_store.access import Scope
from crm_store.base import Base
from crm_store.changes import Draft, read_proposal
from crm_store.changes.rows import history_form
from crm_store.custom_fields import Definition, canonical, definitions, field_called, nearest_choice, parse_custom
from crm_store.custom_fields.defining import add_field, change_field, remove_field, reserved, slug
from crm_store.errors import Conflict, Invalid, NotVisible
from crm_store.models import Account, Change, ChangeLine, Contact, CustomKind, Deal, FieldHistory
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")
RISKS = ("Low", "Medium", "High")


@dataclass(frozen=True)
class House:
    """One account with a deal, their rep, and an administrator who defines fields."""

    store: Store
    admin: str
    rep: Scope
    other: Scope
    account: str
    deal: str

    def add(self, entity: str, label: str, kind: str, *choices: str, name: str | None = None) -> Definition:
        with self.store.write(SYSTEM) as session:
            return add_field(
                session, by_id=self.admin, now=make.NOW, entity=entity, label=label, kind=kind, choices=choices, name=name
            )

    def propose(self, entity: str, row_id: str, /, **values: Any) -> str:
        assert self.rep.person_id
        drafts = [Draft("update", entity, {k.replace("__", "."): v for k, v in values.items()}, row_id)]
        with self.store.write(self.rep) as session:
            return changes.propose(
                session, person_id=self.rep.person_id, drafts=drafts, summary="Test", origin="test", now=make.NOW
            )

    def confirm(self, proposal: str) -> str:
        with self.store.write(self.rep) as session:
            return changes.confirm(session, proposal, now=make.NOW + timedelta(minutes=1), origin="test")

    def undo(self, change: str) -> str:
        with self.store.write(self.rep) as session:
            return changes.undo(session, change, now=make.NOW + timedelta(minutes=2), origin="test")

    def held(self, model: type[Base], row_id: str) -> dict[str, Any]:
        with self.store.read(SYSTEM) as session:
            values: dict[str, Any] = session.get(model, row_id).custom
            return values


@pytest.fixture
def house(store: Store) -> House:
    with store.write(SYSTEM) as session:
        admin = make.person(session, "Ines Admin", "admin")
        rep, other = make.person(session, "Jonas Brandt"), make.person(session, "Mara Stranger")
        account = make.account(session, "Havel Optics", rep, currency="EUR")
        deal = make.deal(session, "Havel renewal", account, make.pipeline(session)["Proposal"])
        mine, theirs = (Scope(each.id, frozenset({each.id})) for each in (rep, other))
        return House(store, admin.id, mine, theirs, account.id, deal.id)


def test_a_field_is_defined_once_and_kept_in_the_audit(house: House) -> None:
    made = house.add("account", "Renewal risk", "choice", *RISKS)
    assert (made.name, made.key, made.choices) == ("renewal_risk", "custom.renewal_risk", RISKS)
    with house.store.read(SYSTEM) as session:
        assert definitions(session, "account") == (made,)
        assert definitions(session, "deal") == ()
        change = session.scalars(select(Change)).one()
        line = session.scalars(select(ChangeLine)).one()
    assert change.person_id == house.admin
    assert (line.entity, line.entity_id, line.action, line.after["label"]) == (
        "custom_field", made.id, "create", "Renewal risk",
    )  # fmt: skip
    with pytest.raises(Invalid, match="already"):
        house.add("account", "Renewal risk", "text")
    with pytest.raises(Invalid, match="rapport field"), house.store.write(SYSTEM) as session:
        changes.undo(session, change.id, now=make.NOW, origin="test")


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"entity": "task"}, "cannot have fields of its own"),
        ({"kind": "formula"}, "no kind of field"),
        ({"label": " "}, "label that people can read"),
        ({"label": "x" * 81}, "80 fit"),
        ({"label": "Industry"}, "built-in"),
        ({"label": "Count", "name": "count"}, "built-in field or measure"),
        ({"label": "Owner of it", "name": "owner"}, "built-in field or measure"),
        ({"label": "Seats", "name": "Seats!"}, "lower case"),
        ({"label": "Seats", "name": "s" * 33}, "32 at most"),
        ({"label": "日本", "name": None}, "--name"),
        ({"kind": "choice", "choices": ()}, "something to choose from"),
        ({"kind": "choice", "choices": ("A", "a")}, "twice"),
        ({"kind": "choice", "choices": tuple(map(str, range(101)))}, "100 fit"),
        ({"kind": "text", "choices": ("A",)}, "Only a field of kind choice"),
        ({"entity": "contact", "kind": "money"}, "no currency"),
    ],
)  # fmt: skip
def test_a_definition_that_does_not_fit_is_refused_with_what_to_do(
    sqlite_store: Store, given_: dict[str, Any], said: str
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        admin = make.person(session, "Ines Admin", "admin").id
    wanted = {"entity": "account", "label": "Seats", "kind": "number"} | given_
    with pytest.raises(Invalid, match=said), sqlite_store.write(SYSTEM) as session:
        add_field(session, by_id=admin, now=make.NOW, **wanted)


def test_only_an_administrator_defines_fields(house: House) -> None:
    made = house.add("account", "Seats", "number")
    assert house.rep.person_id
    with house.store.write(SYSTEM) as session:
        for attempt in (
            lambda: add_field(session, by_id=house.rep.person_id or "", now=make.NOW, entity="deal", label="X", kind="text"),
            lambda: change_field(session, by_id=house.rep.person_id or "", now=make.NOW, entity="account", name="seats", label="Y"),
            lambda: remove_field(session, by_id=house.rep.person_id or "", now=make.NOW, entity="account", name="seats"),
        ):  # fmt: skip
            with pytest.raises(NotVisible, match="administrator"):
                attempt()
        assert definitions(session) == (made,)


def test_a_new_name_never_hides_a_built_in_field_or_column() -> None:
    assert {"owner", "industry", "employees", "amount", "count", "month", "created"} <= reserved("account") | reserved("deal")
    assert {"sales_cycle", "win_rate", "close_date", "stage", "sum"} <= reserved("deal")
    assert slug("Größe (m²)") == "grosse_m2"
    assert slug("2nd contact") == "n2nd_contact"


def test_a_label_changes_and_choices_are_added_but_never_lost(house: House) -> None:
    house.add("account", "Renewal risk", "choice", *RISKS)
    with house.store.write(SYSTEM) as session:
        change_field(
            session, by_id=house.admin, now=make.NOW, entity="account", name="renewal_risk", label="Risk of leaving",
            choices=("Lost",),
        )  # fmt: skip
        changed = definitions(session, "account")[0]
        assert (changed.label, changed.choices) == ("Risk of leaving", (*RISKS, "Lost"))
        with pytest.raises(Invalid, match="Nothing would change"):
            change_field(session, by_id=house.admin, now=make.NOW, entity="account", name="renewal_risk")
        with pytest.raises(Invalid, match="There are: renewal_risk"):
            change_field(session, by_id=house.admin, now=make.NOW, entity="account", name="mood", label="Mood")


def test_a_removed_field_is_hidden_with_its_values_kept_until_they_are_purged(house: House) -> None:
    house.add("account", "Seats", "number")
    house.confirm(house.propose("account", house.account, seats=40))
    waiting = house.propose("account", house.account, seats=50)
    with house.store.write(SYSTEM) as session:
        _, held = remove_field(session, by_id=house.admin, now=make.NOW, entity="account", name="seats")
        assert held == 1
        assert definitions(session, "account") == ()
    assert house.held(Account, house.account) == {"seats": 40}
    with pytest.raises(Conflict, match="Seats was removed"):
        house.confirm(waiting)
    with pytest.raises(Invalid, match="no field 'seats'"):
        house.propose("account", house.account, seats=60)
    with house.store.read(house.rep) as session:  # what was proposed before still reads
        assert read_proposal(session, waiting).items[0].fields["custom.seats"].label == "Seats"
    with pytest.raises(Invalid, match="of kind number"):
        house.add("account", "Seats", "text")
    house.add("account", "Seats", "number")
    assert house.held(Account, house.account) == {"seats": 40}
    with house.store.write(SYSTEM) as session:
        remove_field(session, by_id=house.admin, now=make.NOW, entity="account", name="seats", purge=True)
    assert house.held(Account, house.account) == {}
    with house.store.read(SYSTEM) as session:
        assert session.scalars(select(FieldHistory).where(FieldHistory.field == "custom.seats")).all() == []
    house.add("account", "Seats", "text")


KINDS: dict[CustomKind, st.SearchStrategy[Any]] = {
    CustomKind.TEXT: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60).map(
        str.strip
    ).filter(bool),
    CustomKind.NUMBER: st.one_of(
        st.integers(-(10**10), 10**10), st.decimals(-(10**10), 10**10, places=4, allow_nan=False)
    ),
    CustomKind.MONEY: st.integers(-(2**53) + 1, 2**53 - 1),
    CustomKind.DATE: st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    CustomKind.FLAG: st.booleans(),
    CustomKind.CHOICE: st.sampled_from(RISKS),
}  # fmt: skip


@pytest.mark.parametrize("kind", CustomKind)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_value_of_any_kind_reads_back_as_it_was_written(house: House, kind: CustomKind, data: st.DataObject) -> None:
    with house.store.read(SYSTEM) as session:
        there = field_called(definitions(session, "deal"), "Thing")
    field = there or house.add("deal", "Thing", kind, *(RISKS if kind is CustomKind.CHOICE else ()))
    first, second = (data.draw(KINDS[kind]) for _ in range(2))
    stored = canonical(field, second)
    assert canonical(field, stored) == stored
    if kind is CustomKind.NUMBER:
        assert Decimal(str(stored)) == second
    for value in (first, second):
        with house.store.write(SYSTEM) as session:
            session.get(Deal, house.deal).custom = {}
        house.confirm(house.propose("deal", house.deal, thing=value))
    assert house.held(Deal, house.deal) == {"thing": stored}
    with house.store.read(SYSTEM) as session:
        history = session.scalars(
            select(FieldHistory).where(FieldHistory.field == "custom.thing").order_by(FieldHistory.id.desc())
        ).first()
    assert history is not None
    assert history.new == history_form(stored)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("text", "x" * 2001, "2,000 fit"),
        ("text", "a\0b", "NUL"),
        ("number", "many", "takes a number"),
        ("number", True, "takes a number"),
        ("number", Decimal("NaN"), "takes a number"),
        ("number", 10**11, "under"),
        ("number", 0.00001, "4 digits"),
        ("money", 1.5, "whole number"),
        ("money", 2**53, "at most"),
        ("money", float("inf"), "takes a number"),
        ("date", "tomorrow", "2026-11-30"),
        ("date", "1066-10-14", "1900 to 2200"),
        ("flag", "perhaps", "yes or no"),
        ("choice", "Hgih", "none of Low, Medium, High.*Did you mean High"),
        ("choice", "42", "none of Low, Medium, High.$"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_label(kind: str, value: Any, said: str) -> None:
    field = Definition("1", "deal", "thing", "The thing", CustomKind(kind), RISKS if kind == "choice" else ())
    with pytest.raises(Invalid, match=f"^The thing: .*{said}"):
        canonical(field, value)


def test_what_people_write_is_read_in_its_plain_forms() -> None:
    def field(kind: str, *choices: str) -> Definition:
        return Definition("1", "deal", "thing", "The thing", CustomKind(kind), choices)

    assert parse_custom(field("money"), "12,500.50 EUR", "EUR") == 1_250_050
    assert parse_custom(field("money"), "12500", "JPY") == 12_500
    assert parse_custom(field("number"), "1,200.5") == 1200.5
    assert parse_custom(field("number"), "3.0") == 3
    assert parse_custom(field("flag"), "Yes") is True
    assert parse_custom(field("date"), " 2026-11-30 ") == "2026-11-30"
    assert parse_custom(field("text"), "  ") is None
    assert parse_custom(field("choice", "Very high", "1-10", "11-0"), "very_high") == "Very high"
    assert parse_custom(field("choice", "Very high", "1-10", "11-0"), "11-0") == "11-0"
    assert nearest_choice(field("choice", *RISKS), "medum") == "Medium"
    with pytest.raises(Invalid, match="amounts are in EUR"):
        parse_custom(field("money"), "500 USD", "EUR")
    with pytest.raises(Invalid, match="more exact"):
        parse_custom(field("money"), "0.001", "EUR")


def test_a_column_header_finds_its_field_by_name_or_label(house: House) -> None:
    made = house.add("account", "Renewal risk", "choice", *RISKS)
    for header in ("renewal_risk", "Renewal Risk", "RENEWAL-RISK", "custom.renewal_risk", "Renewal risk"):
        assert field_called((made,), header) == made
    assert field_called((made,), "Risk") is None
    assert field_called((made,), "%") is None


def test_a_proposal_sets_a_custom_field_with_old_and_new_and_undo_restores_it(house: House) -> None:
    house.add("account", "Renewal risk", "choice", *RISKS)
    first = house.confirm(house.propose("account", house.account, renewal_risk="low"))
    proposal = house.propose("account", house.account, custom__renewal_risk="HIGH")
    with house.store.read(house.rep) as session:
        item = read_proposal(session, proposal).items[0]
    assert item.changes == {"custom.renewal_risk": {"old": "Low", "new": "High"}}
    change = house.confirm(proposal)
    assert house.held(Account, house.account) == {"renewal_risk": "High"}
    house.undo(change)
    assert house.held(Account, house.account) == {"renewal_risk": "Low"}
    house.undo(first)
    assert house.held(Account, house.account) == {}
    with house.store.read(SYSTEM) as session:
        kept = session.scalars(select(FieldHistory).order_by(FieldHistory.at, FieldHistory.id)).all()
    assert [(each.field, each.old, each.new) for each in kept] == [
        ("custom.renewal_risk", None, "Low"), ("custom.renewal_risk", "Low", "High"),
        ("custom.renewal_risk", "High", "Low"), ("custom.renewal_risk", "Low", None),
    ]  # fmt: skip


def test_a_custom_field_is_emptied_by_nothing(house: House) -> None:
    house.add("deal", "Go-live", "date")
    house.confirm(house.propose("deal", house.deal, go_live=date(2027, 1, 4)))
    house.confirm(house.propose("deal", house.deal, go_live=None))
    assert house.held(Deal, house.deal) == {}


def test_a_new_row_is_made_with_custom_values_and_undone_whole(house: House) -> None:
    house.add("contact", "Newsletter", "flag")
    assert house.rep.person_id
    with house.store.write(house.rep) as session:
        drafts = [Draft("create", "contact", {"name": "Ana Reis", "account_id": house.account, "newsletter": True})]
        proposal = changes.propose(
            session, person_id=house.rep.person_id, drafts=drafts, summary="New", origin="test", now=make.NOW
        )
        row_id = read_proposal(session, proposal).items[0].entity_id
    change = house.confirm(proposal)
    assert house.held(Contact, row_id) == {"newsletter": True}
    deleted = house.undo(change)
    with house.store.read(SYSTEM) as session:
        assert session.get(Contact, row_id) is None
    house.undo(deleted)
    assert house.held(Contact, row_id) == {"newsletter": True}


def test_a_value_changed_since_it_was_proposed_is_a_conflict_of_that_field_alone(house: House) -> None:
    house.add("account", "Renewal risk", "choice", *RISKS)
    house.add("account", "Seats", "number")
    risk, seats = house.propose("account", house.account, renewal_risk="High"), house.propose("account", house.account, seats=9)
    overtaken = house.propose("account", house.account, renewal_risk="Low")
    changed = house.confirm(risk)
    with pytest.raises(Conflict, match="Renewal risk"):
        house.confirm(overtaken)
    house.confirm(seats)
    assert house.held(Account, house.account) == {"renewal_risk": "High", "seats": 9}
    house.undo(changed)
    assert house.held(Account, house.account) == {"seats": 9}


def test_two_people_who_set_two_fields_of_one_row_at_once_both_have_their_way(house: House) -> None:
    names = [f"field_{number}" for number in range(8)]
    for name in names:
        house.add("account", name.replace("_", " "), "number", name=name)
    proposals = [house.propose("account", house.account, **{name: place}) for place, name in enumerate(names)]
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(house.confirm, proposals))
    assert house.held(Account, house.account) == {name: place for place, name in enumerate(names)}


def test_a_custom_field_is_seen_and_set_only_by_who_sees_the_row(house: House) -> None:
    house.add("account", "Renewal risk", "choice", *RISKS)
    house.confirm(house.propose("account", house.account, renewal_risk="High"))
    assert house.other.person_id
    drafts = [Draft("update", "account", {"renewal_risk": "Low"}, house.account)]
    with pytest.raises(NotVisible), house.store.write(house.other) as session:
        changes.propose(
            session, person_id=house.other.person_id, drafts=drafts, summary="No", origin="test", now=make.NOW
        )
    with house.store.read(house.other) as session:
        assert session.scalars(select(FieldHistory)).all() == []


def test_an_edited_proposal_takes_a_custom_field_that_was_not_in_it(house: House) -> None:
    house.add("deal", "Seats", "number")
    proposal = house.propose("deal", house.deal, next_step="Call them")
    with house.store.write(house.rep) as session:
        item = read_proposal(session, proposal).items[0]
        assert item.others == {"custom.seats": None}
        changes.edit(session, proposal, {item.id: {"custom.seats": 12}}, make.NOW)
    house.confirm(proposal)
    assert house.held(Deal, house.deal) == {"seats": 12}


def test_a_case_takes_custom_fields_and_nothing_else(house: House) -> None:
    house.add("case", "Root cause", "choice", "Hardware", "Software")
    with house.store.write(SYSTEM) as session:
        case = make.case(session, session.get(Account, house.account), "Lens is scratched").id
    house.confirm(house.propose("case", case, root_cause="hardware"))
    with pytest.raises(Invalid, match=r"no field 'status'.*custom\.root_cause"):
        house.propose("case", case, status="closed")
    assert house.rep.person_id
    with pytest.raises(Invalid, match="cannot be made"), house.store.write(house.rep) as session:
        changes.propose(
            session, person_id=house.rep.person_id, drafts=[Draft("delete", "case", {}, case)], summary="No",
            origin="test", now=make.NOW,
        )  # fmt: skip
