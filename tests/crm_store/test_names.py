"""Names as people type them, and what they must find."""

from datetime import timedelta

import pytest

from crm_store.access import Scope
from crm_store.models import Account, AccountMember, Contact, Deal
from crm_store.names import Kind, Name, NameCache, Names, winners
from crm_store.names.words import keys_of, words_of
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders as make
from tests.databases import asked

EVERYTHING = Scope.system("test")
NAMES = Names(
    [
        Name("account", "a1", "Bluewater Logistics", ("bluewater.example",)),
        Name("account", "a2", "Cedar & Stone Interiors"),
        Name("account", "a3", "Tessera Labs GmbH"),
        Name("contact", "c1", "Ana Castellanos", ("ana@bluewater.example",), "a1"),
        Name("contact", "c2", "Ana Ferreira", (), "a2"),
        Name("contact", "c3", "Robert Lindgren", (), "a1"),
        Name("contact", "c4", "Elizabeth Crane", (), "a3"),
        Name("contact", "c5", "Will Abara", (), "a2"),
        Name("contact", "c6", "Mark Devlin", (), "a3"),
        Name("contact", "c7", "Hélène Çelik", (), "a3"),
        Name("deal", "d1", "Bluewater renewal", (), "a1", None, "open"),
        Name("deal", "d2", "Bluewater dock pilot", (), "a1", None, "open"),
        Name("deal", "d3", "Bluewater rollout", (), "a1", None, "won"),
        Name("stage", "s1", "Proposal", status="open"),
        Name("stage", "s2", "Renewed", status="won"),
        Name("person", "p1", "Tom Becker", ("tom@ours.example",)),
    ]
)


@pytest.mark.parametrize(
    ("kind", "text", "ids"),
    [
        ("account", "Bluewater Logistics", ["a1"]),
        ("account", "bluewater", ["a1"]),
        ("account", "Blewater", ["a1"]),
        ("account", "bluewater's", ["a1"]),
        ("account", "bluewater.example", ["a1"]),
        ("account", "cedar and stone", ["a2"]),
        ("account", "the Tessera account", ["a3"]),
        ("account", "Tessera Labs", ["a3"]),
        ("account", "a2", ["a2"]),
        ("account", "Orion", []),
        ("contact", "Bob", ["c3"]),
        ("contact", "Liz Crane", ["c4"]),
        ("contact", "ana", ["c1", "c2"]),
        ("contact", "Helene Celik", ["c7"]),
        ("contact", "ANA@bluewater.example", ["c1"]),
        ("deal", "Bluewater", ["d1", "d2"]),
        ("deal", "the Bluewater renewal deal", ["d1"]),
        ("deal", "dock pilot", ["d2"]),
        ("stage", "closed won", ["s2"]),
        ("stage", "propsal", ["s1"]),
        ("person", "Thomas Becker", ["p1"]),
        ("contact", "", []),
        ("contact", "???", []),
    ],
)
def test_a_typed_name_finds_what_is_meant(kind: Kind, text: str, ids: list[str]) -> None:
    assert sorted(match.name.id for match in winners(NAMES.find(kind, text))) == ids


def test_of_two_of_one_name_the_one_at_the_account_talked_about_wins() -> None:
    assert [match.name.id for match in winners(NAMES.find("contact", "Ana", near_account_id="a2"))] == ["c2"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("log a call with bob about Bluewater's renewal", ["bob", "Bluewater's renewal"]),
        ("what did cedar & stone say", ["cedar & stone"]),
        ("mark the deal as won, will you", []),
        ("talked to Will about it", ["Will"]),
        ("spoke with will about it", ["will"]),
        ("the mark was missed", []),
        ("mail ana@bluewater.example now", ["ana@bluewater.example"]),
        ("WHAT IS NEW AT BLUEWATER LOGISTICS", ["BLUEWATER LOGISTICS"]),
        ("I will call tomorrow", []),
        ("show all open deals in proposal", []),
    ],
)
def test_a_sentence_yields_its_names_and_no_ordinary_words(sentence: str, found: list[str]) -> None:
    assert [mention.text for mention in NAMES.mentions(sentence)] == found


def test_a_mention_stands_where_it_says() -> None:
    sentence = "ping Elizabeth Crane, please"
    (mention,) = NAMES.mentions(sentence)
    assert sentence[mention.start : mention.end] == mention.text == "Elizabeth Crane"


def test_a_name_that_is_not_there_offers_the_nearest() -> None:
    assert NAMES.nearest("account", "Blueweather Logistic")[0].id == "a1"


def test_a_long_list_of_names_is_searched_by_hash_and_not_by_hand() -> None:
    many = Names([Name("account", str(at), f"Firm{at} Holding{at % 97} Works") for at in range(50_000)])
    assert [match.name.id for match in winners(many.find("account", "Firm4711"))] == ["4711"]
    assert [mention.matches[0].name.id for mention in many.mentions("anything new at firm31337 holding6?")] == ["31337"]


def test_an_index_holds_only_what_its_scope_sees_and_notices_what_is_new(store: Store) -> None:
    with store.write(Scope.system("test")) as session:
        mine, theirs = make.person(session, "Ida Ekman"), make.person(session, "Per Falk")
        make.account(session, "Meadow Works", mine)
        make.account(session, "Zanzibar Trading", theirs)
        scope = caller_for(session, mine.email).scope
    cache = NameCache()
    with store.read(scope) as session:
        names = cache.names(session)
        assert winners(names.find("account", "Meadow"))
        assert not names.find("account", "Zanzibar Trading")
        assert not names.mentions("anything new at Zanzibar Trading")
        assert "Zanzibar Trading" not in [name.text for name in names.nearest("account", "Zanzibar Tradng")]
        assert cache.names(session) is names
    with store.write(Scope.system("test")) as session:
        make.account(session, "Quarry Lane", session.get(type(mine), mine.id))
    with store.read(scope) as session:
        assert winners(cache.names(session).find("account", "Quarry Lane"))


def test_an_index_follows_what_changes_without_being_read_again(store: Store) -> None:
    with store.write(EVERYTHING) as session:
        ida = make.person(session, "Ida Ekman")
        meadow = make.account(session, "Meadow Works", ida)
        quarry = make.account(session, "Quarry Lane", ida)
        anna = make.contact(session, "Anna Lind", meadow)
        deal = make.deal(session, "Meadow pilot", meadow, make.pipeline(session)["Proposal"])
        scope = caller_for(session, ida.email).scope
    cache = NameCache()

    def names() -> Names:
        with store.read(scope) as session:
            return cache.names(session)

    def found(kind: Kind, text: str) -> list[str]:
        return [match.name.id for match in winners(names().find(kind, text))]

    first = names()
    with store.write(EVERYTHING) as session:
        row = session.get(Account, meadow.id)
        row.name, row.version, row.updated_at = "Zephyr Works", row.version + 1, make.NOW + timedelta(hours=1)
    assert found("account", "Zephyr") == [meadow.id]
    assert found("account", "Zehpyr") == [meadow.id]
    assert found("account", "Meadow Works") == []
    assert not names().knows("lane zephyr")
    with store.write(EVERYTHING) as session:  # a change that another process began earlier and committed later
        person = session.get(Contact, anna.id)
        person.name, person.version, person.updated_at = (
            "Anna Winter",
            person.version + 1,
            make.NOW + timedelta(minutes=55),
        )
        session.delete(session.get(Deal, deal.id))
    assert found("contact", "Anna Winter") == [anna.id]
    assert found("deal", "Meadow pilot") == []
    assert names().get(deal.id) is None
    with store.write(EVERYTHING) as session:  # the account moves to somebody else
        per = make.person(session, "Per Falk")
        for member in session.query(AccountMember).filter_by(account_id=quarry.id):
            session.delete(member)
        session.flush()
        session.add(AccountMember(account_id=quarry.id, person_id=per.id, reason="owner"))
    assert found("account", "Quarry Lane") == []
    assert found("account", "Zephyr") == [meadow.id]
    assert found("person", "Per Falk")
    assert names() is first


def test_names_that_come_and_go_leave_nothing_behind() -> None:
    names = Names([Name("account", "a1", "Amber Works", ("amber.example",)), Name("account", "a2", "Amber Mills")])
    for number in range(50):
        names.put(Name("account", "a1", f"Bramble{number} Works", (f"bramble{number}.example",)))
        names.put(Name("contact", f"c{number}", f"Tilda Ravn{number}", (), "a1"))
        names.drop(f"c{number - 1}")
    assert len(names) == 3
    assert [match.name.id for match in names.find("account", "Amber")] == ["a2"]
    assert [match.name.id for match in names.find("account", "bramble49.example")] == ["a1"]
    assert names.find("account", "bramble7.example") == []
    assert not names.knows("bramble7")
    assert [one.id for one in names.contacts_of("a1")] == ["c49"]
    assert names.nearest("contact", "Tilda Ravn48")[0].id == "c49"


def test_a_deal_is_known_with_its_amount(store: Store) -> None:
    with store.write(Scope.system("test")) as session:
        ida = make.person(session, "Ida Ekman")
        meadow = make.account(session, "Meadow Works", ida)
        deal_id = make.deal(
            session, "Meadow pilot", meadow, make.pipeline(session)["Proposal"], amount_minor=900_000
        ).id
    with store.read(Scope.system("test")) as session:
        name = NameCache().names(session).get(deal_id)
    assert name is not None
    assert (name.amount_minor, name.currency) == (900_000, "EUR")


def test_whether_any_name_changed_is_asked_in_one_statement_beside_the_added_fields(store: Store) -> None:
    with store.write(EVERYTHING) as session:
        make.account(session, "Pinewood", make.person(session, "Ada Winter"))
    cache = NameCache()
    with store.read(EVERYTHING) as session:
        first = cache.names(session)
    with store.read(EVERYTHING) as session, asked(session) as statements:
        assert cache.names(session) is first
    assert len([said for said, _ in statements if "FROM account" in said]) == 1
    assert len([said for said, _ in statements if said.startswith("SELECT") and "set_config" not in said]) == 2


def test_names_of_any_spelling_have_the_same_words_by_the_short_way_and_the_long_one() -> None:
    for text in ("Meadowfield Textiles AG", "R&D Partners", "O'Neil's Bar", "Łódź Glass 42", "a  b", "", "3M Co.", "_x y_"):
        assert keys_of(text) == tuple(word.key for word in words_of(text))
