"""Which records are suggested as one, with which reasons, and which are left alone."""

from typing import Any

import pytest

from crm_store.access import Scope
from crm_store.duplicates import duplicate_accounts, duplicate_contacts
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Acme"}, {"name": "Acme, Inc."}),
        ({"name": "ACME GmbH & Co. KG"}, {"name": "Acme"}),
        ({"name": "A.C.M.E. Ltd"}, {"name": "Acme Limited"}),
        ({"name": "Blue Rock"}, {"name": "Bluerock", "city": "Ghent"}),
        ({"name": "Müller Maschinenbau AG"}, {"name": "Mueller Maschinenbau", "domain": "mm.example"}),
        ({"name": "Kestrel", "domain": "kestrel.example"}, {"name": "Kestrel Logistics", "domain": "www.kestrel.example"}),
        ({"name": "Halden Optics", "phone": "+49 (0)30 123 456-78"}, {"name": "Halden Optiks", "phone": "030 12345678"}),
        ({"name": "Vane Labs", "street": "5 Mill Road", "city": "Leeds"}, {"name": "Vane Lab", "street": "5 Mill Rd.", "city": "Leeds"}),
    ],
)  # fmt: skip
def test_one_company_under_two_names_is_suggested(
    sqlite_store: Store, one: dict[str, Any], other: dict[str, Any]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        for values in (one, other, {"name": "Somebody Else"}):
            make.account(session, owner=rep, **values)
    with sqlite_store.read(SYSTEM) as session:
        (found,) = duplicate_accounts(session)
    assert {found.keep.name, found.other.name} == {one["name"], other["name"]}
    assert found.reasons
    assert found.probability > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Acme", "country": "Germany", "domain": "acme.de"}, {"name": "Acme", "country": "Chile", "domain": "acme.cl"}),
        ({"name": "North Mills", "domain": "group.example"}, {"name": "South Textiles", "domain": "group.example"}),
        ({"name": "Meridian Robotics"}, {"name": "Meridian Foods"}),
        ({"name": "Lund"}, {"name": "Lind"}),
        ({"name": "Tally Works", "domain": "gmail.com"}, {"name": "Corvid", "domain": "gmail.com"}),
    ],
)  # fmt: skip
def test_two_companies_that_only_look_alike_are_left_alone(
    sqlite_store: Store, one: dict[str, Any], other: dict[str, Any]
) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        for values in (one, other):
            make.account(session, owner=rep, **values)
    with sqlite_store.read(SYSTEM) as session:
        assert duplicate_accounts(session) == []


def _contacts(store: Store, *people: tuple[str, str | None, dict[str, Any]]) -> list[set[str]]:
    with store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        at: dict[str, Any] = {}
        for name, account, values in people:
            if account and account not in at:
                at[account] = make.account(session, account, rep)
            make.contact(session, name, at.get(account or ""), rep, **values)
    with store.read(SYSTEM) as session:
        return [{each.keep.name, each.other.name} for each in duplicate_contacts(session)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Jane Doe", "Acme", {}), ("Jane Doe", "Acme", {"phone": "+1 555 010 2030"})),
        (("Doe, Jane", "Acme", {}), ("Dr. Jane M. Doe", "Acme", {})),
        (("Kate Brandt", "Acme", {}), ("Katherine Brandt", "Acme", {})),
        (("J. Okafor", "Acme", {}), ("Jonas Okafor", "Acme", {})),
        (("Jane Doe", None, {"email": "Jane.Doe+fair@acme.example"}), ("Jane Doe", "Acme", {"email": "jane.doe@acme.example"})),
        (("Jane Doe", "Acme", {"phone": "+49 171 5550199"}), ("Jane Doe", "Beryl", {"phone": "0171 555 01 99"})),
        (("Doe Jane", "Acme", {}), ("Jane Doe", "Acme", {})),
        (("Stefan Reinholt", "Acme", {}), ("Stefan Reinhold", "Acme", {})),
    ],
)  # fmt: skip
def test_one_person_twice_is_suggested(sqlite_store: Store, one: Any, other: Any) -> None:
    assert _contacts(sqlite_store, one, other, ("Somebody Else", "Acme", {})) == [{one[0], other[0]}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("John Smith", "Acme", {}), ("John Smith", "Beryl", {})),
        (("Jane Doe", "Acme", {}), ("John Doe", "Acme", {})),
        (("Jane Doe", "Acme", {"phone": "+1 555 0100 200"}), ("Omar Haddad", "Acme", {"phone": "+1 555 0100 200"})),
        (("Jane Doe", "Acme", {"email": "info@acme.example"}), ("Omar Haddad", "Acme", {"email": "info@acme.example"})),
        (("Jane Doe", None, {"email": "jane@gmail.com"}), ("Jane Doe", None, {"email": "doe.jane@gmail.com"})),
    ],
)  # fmt: skip
def test_two_people_who_share_something_are_left_alone(sqlite_store: Store, one: Any, other: Any) -> None:
    assert _contacts(sqlite_store, one, other) == []


def test_only_what_the_caller_sees_is_compared(store: Store) -> None:
    with store.write(SYSTEM) as session:
        rep, other = make.person(session, "Mara Lind"), make.person(session, "Jonas Falk")
        make.account(session, "Acme", rep)
        make.account(session, "Acme Inc", other)
        scope = Scope(rep.id, frozenset({rep.id}))
    with store.read(scope) as session:
        assert duplicate_accounts(session) == []
    with store.read(SYSTEM) as session:
        assert len(duplicate_accounts(session)) == 1


def test_the_record_with_more_in_it_is_the_one_to_keep(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        make.account(session, "Acme", rep)
        make.account(session, "Acme Inc", rep, domain="acme.example", phone="+49 30 1234567", industry="Optics")
    with sqlite_store.read(SYSTEM) as session:
        (found,) = duplicate_accounts(session)
    assert found.keep.name == "Acme Inc"


def test_one_account_alone_can_be_asked_about(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        for name in ("Acme", "Acme Inc", "Beryl", "Beryl Ltd"):
            row = make.account(session, name, rep)
    with sqlite_store.read(SYSTEM) as session:
        assert [{each.keep.name, each.other.name} for each in duplicate_accounts(session, about=row.id)] == [
            {"Beryl", "Beryl Ltd"}
        ]


def test_a_name_that_very_many_share_does_not_become_every_pair_of_them(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        rep = make.person(session, "Mara Lind")
        for at in range(120):
            make.contact(session, "John Smith", make.account(session, f"Firm {at} {'xyz'[at % 3] * 3}", rep), rep)
    with sqlite_store.read(SYSTEM) as session:
        assert duplicate_contacts(session) == []
