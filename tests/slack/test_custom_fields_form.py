"""Added fields on a proposal's card and in its form, as Slack takes them and gives them back."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cards import ProposalView
from bot.local.validate import check_message, check_view
from bot.proposals import view
from bot.slack.blocks_proposals import proposal as blocks_of
from bot.slack.edit_form import SEPARATOR, changed, edit_form, typed
from bot.slack.limits import check
from crm_store import changes
from crm_store.access import Scope
from crm_store.changes import Draft
from crm_store.custom_fields.defining import add_field
from crm_store.models import Deal
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")
UTC = ZoneInfo("UTC")
FIELDS = (
    ("Risk", "choice", ("Low", "High_er")), ("Go-live", "date", ()), ("Seats", "number", ()), ("Setup fee", "money", ()),
    ("Pilot", "flag", ()), ("Reference", "text", ()), ("Partner", "text", ()),
)  # fmt: skip
VALUES: dict[str, Any] = {
    "next_step": "Call them", "risk": "high_er", "go_live": date(2027, 3, 1), "seats": 12.5, "setup_fee": 125_050,
    "pilot": True, "reference": "R-1",
}  # fmt: skip


@pytest.fixture
def scope(sqlite_store: Store) -> Scope:
    with sqlite_store.write(SYSTEM) as session:
        admin = make.person(session, "Ines Admin", "admin")
        for label, kind, choices in FIELDS:
            add_field(session, by_id=admin.id, now=make.NOW, entity="deal", label=label, kind=kind, choices=choices)
        account = make.account(session, "Havel Optics", admin)
        stage = make.pipeline(session)["Proposal"]
        make.deal(session, "Havel renewal", account, stage, custom={"partner": "Kolben"}, currency="USD")
        return Scope(admin.id, None)


@pytest.fixture
def proposed(sqlite_store: Store, scope: Scope) -> str:
    assert scope.person_id
    with sqlite_store.write(scope) as session:
        deal_id = session.query(Deal.id).scalar()
        drafts = [Draft("update", "deal", VALUES, deal_id, "Havel renewal")]
        return changes.propose(
            session, person_id=scope.person_id, drafts=drafts, summary="Change it", origin="test", now=make.NOW
        )


def seen(store: Store, scope: Scope, proposal: str) -> ProposalView:
    with store.read(scope) as session:
        return view(session, proposal, UTC, make.TODAY)


def state(form: dict[str, Any], **given: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """What Slack sends for a form whose inputs hold what they began with, but for those ``given`` by field."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for block in form["blocks"]:
        element, field = block["element"], block["block_id"].split(SEPARATOR)[1].removeprefix("custom.")
        held = {
            "selected_option": element.get("initial_option"), "selected_date": element.get("initial_date"),
            "value": element.get("initial_value"),
        }  # fmt: skip
        found[block["block_id"]] = {element["action_id"]: given.get(field, held)}
    return found


def test_the_card_shows_added_fields_by_their_labels(sqlite_store: Store, scope: Scope, proposed: str) -> None:
    blocks = blocks_of(seen(sqlite_store, scope, proposed), UTC, make.TODAY)
    check_message("", blocks)
    said = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    for line in ("Risk → *High_er*", "Go-live → *Mon 1 Mar 2027*", "Seats → *12.5*", "Setup fee → *USD 1,250.50*", "Pilot → *yes*"):
        assert line in said
    assert "Partner" not in said


def test_the_form_has_an_input_of_the_right_kind_for_every_added_field(
    sqlite_store: Store, scope: Scope, proposed: str
) -> None:
    form = edit_form(seen(sqlite_store, scope, proposed), lambda stage: [], "{}", "EUR")
    assert check(form) == []
    check_view(form, ("modal",))
    inputs = {block["label"]["text"]: block["element"] for block in form["blocks"]}
    assert {label: element["type"] for label, element in inputs.items()} == {
        "Next step": "plain_text_input", "Risk": "static_select", "Go-live": "datepicker", "Seats": "number_input",
        "Setup fee (USD)": "number_input", "Pilot": "static_select", "Reference": "plain_text_input",
        "Partner": "plain_text_input",
    }  # fmt: skip
    assert inputs["Risk"]["initial_option"]["value"] == "High_er"
    assert inputs["Go-live"]["initial_date"] == "2027-03-01"
    assert inputs["Setup fee (USD)"]["initial_value"] == "1250.50"
    assert inputs["Partner"]["initial_value"] == "Kolben"


def test_a_form_sent_back_as_it_was_changes_nothing(sqlite_store: Store, scope: Scope, proposed: str) -> None:
    shown = seen(sqlite_store, scope, proposed)
    said = typed(state(edit_form(shown, lambda stage: [], "{}", "EUR")))
    assert (said.errors, changed(said.values, shown)) == ({}, {})


def test_what_is_entered_in_the_form_is_written(sqlite_store: Store, scope: Scope, proposed: str) -> None:
    shown = seen(sqlite_store, scope, proposed)
    said = typed(
        state(
            edit_form(shown, lambda stage: [], "{}", "EUR"),
            risk={"selected_option": {"value": "Low"}}, go_live={"selected_date": None}, seats={"value": "7"},
            setup_fee={"value": "99.95"}, pilot={"selected_option": {"value": "no"}}, partner={"value": "Brandt & Co"},
        )
    )  # fmt: skip
    with sqlite_store.write(scope) as session:
        changes.edit(session, proposed, changed(said.values, shown), make.NOW)
        changes.confirm(session, proposed, now=make.NOW, origin="test")
    with sqlite_store.read(SYSTEM) as session:
        assert session.query(Deal.custom).scalar() == {
            "risk": "Low", "seats": 7, "setup_fee": 9_995, "pilot": False, "reference": "R-1", "partner": "Brandt & Co",
        }  # fmt: skip
