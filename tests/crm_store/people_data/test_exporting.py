"""One document about one person: everything that refers to them, and nothing that the reader may not see."""

import json

import pytest

from crm_store.access import Scope
from crm_store.base import Base
from crm_store.errors import NotVisible
from crm_store.people_data.exporting import PersonExport, export_contact, export_member
from crm_store.references import references
from crm_store.store import Store
from tests import builders as make
from tests.crm_store.people_data.test_erasing import EMAIL, NAME, PHONE, TITLE, Office, furnished

SYSTEM = Scope.system("test")


@pytest.fixture
def office(store: Store) -> Office:
    return furnished(store)


def exported(office: Office, scope: Scope = SYSTEM) -> PersonExport:
    with office.store.read(scope) as session:
        return export_contact(session, office.ids["contact"], made_by="ada@halvern.example", now=make.NOW)


def test_the_document_holds_every_kind_of_row_that_refers_to_the_person(office: Office) -> None:
    document = exported(office)
    assert document.person.names == (NAME,)
    assert document.person.emails == (EMAIL,)
    assert PHONE in document.person.phones
    assert document.person.titles == (TITLE,)
    assert document.contacts[0]["account"] == "Acme"
    assert set(document.records) >= {
        "campaign_member", "case", "change_line", "consent", "deal_contact", "field_history", "order", "proposal_item",
        "suggestion_event", "survey_response", "task",
    }  # fmt: skip
    told = {*document.records, "participant", "merged"}
    assert {reference.table.name for reference in references("contact")} <= told | {"document"}


def test_of_a_conversation_with_others_it_holds_only_what_is_about_the_person(office: Office) -> None:
    by_id = {each.id: each for each in exported(office).conversations}
    alone, both = by_id[office.ids["alone"]], by_id[office.ids["both"]]
    assert "My secret garden." in (alone.text or "")
    assert both.text is None
    assert "I like my secret garden." in both.passages
    assert "Zebulon, what about the price?" not in both.passages


def test_texts_that_merely_name_the_person_are_mentions_with_their_passage(office: Office) -> None:
    mentions = {(each.kind, each.field): each.passages for each in exported(office).mentions}
    assert mentions["interaction", "body"]
    assert mentions["deal", "next_step"]
    assert mentions["account", "description"] == (f"Ask {NAME} first",)
    assert ("conversation_turn", "question") in mentions


def test_the_document_is_plain_json_with_a_reading_guide(office: Office) -> None:
    loaded = json.loads(exported(office).model_dump_json())
    assert loaded["readme"].startswith("Everything this customer record holds about one person")
    assert PersonExport.model_validate_json(json.dumps(loaded)).person.names == (NAME,)


def test_a_reader_gets_only_what_they_may_see(office: Office) -> None:
    with office.store.write(SYSTEM) as session:
        other = make.person(session, "Jonas Falk")
        hidden = make.account(session, "Hidden", other)
        make.interaction(session, hidden, f"Lunch with {NAME}: a foreign secret")
    assert "foreign secret" in exported(office).model_dump_json()
    assert "foreign secret" not in exported(office, office.rep).model_dump_json()
    with pytest.raises(NotVisible):
        exported(office, Scope(other.id, frozenset({other.id})))


def test_a_colleague_is_exported_with_what_they_asked_and_changed(office: Office) -> None:
    with office.store.read(SYSTEM) as session:
        document = export_member(session, office.ids["rep"], made_by="ada@halvern.example", now=make.NOW)
    assert document.colleague is not None
    assert document.colleague["name"] == "Mara Lind"
    assert set(document.records) >= {"conversation_turn", "proposal", "change", "suggestion_event"}
    with pytest.raises(NotVisible), office.store.read(office.rep) as session:
        export_member(session, str(office.admin.person_id), made_by="x", now=make.NOW)


def test_every_table_is_either_scanned_for_names_or_about_our_own_company() -> None:
    from crm_store.people_data.scanning import text_columns

    unread = {table.name for table in Base.metadata.tables.values() if not text_columns(table)}
    assert unread <= {
        "custom_field", "exchange_rate", "person", "pipeline", "product", "quota", "slack_identity", "stage", "team",
    }  # fmt: skip
