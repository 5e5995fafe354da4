"""Search by words, as the scope allows: what is found, what never is, and what hostile queries do."""

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from crm_store import passages, passages_vectors
from crm_store.access import Scope
from crm_store.models import Chunk
from crm_store.passages import Filter, NewChunk, NewDocument
from crm_store.passages_fulltext import acl_token
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders as make
from tests.databases import asked

SYSTEM = Scope.system("test")
MODEL = "test-model"
HOSTILE = [
    "", "   ", '"', "'; DROP TABLE chunk; --", '"unclosed', "NEAR(security, 5)", "secur* OR *", "a AND NOT b", "acl : a*",
    "{acl} : (zanzibar)", "()", "^security", "-security", "ünïcode ✓ 🤷 日本語", "\x00\x01\x02", "\ud800", "x" * 10_000,
    "security " * 2_000, "%_\\", "' || 'x", ":security", "security:*", "<-> & | !", "and or not the of",
]  # fmt: skip


def keep(store: Store, source_id: str, body: str, account: str | None, owner: str, kind: str = "call") -> str:
    document = NewDocument("interaction", source_id, kind, "Call", "Header", make.NOW, account, owner, body[:64])
    with store.write(SYSTEM) as session:
        passages.keep_document(session, document, [NewChunk(0, body, None, make.NOW, b"\0\0\0\0")], MODEL)
        return passages.ids_of(session, "interaction", source_id)[0]


@dataclass(frozen=True)
class Office:
    """Two reps, each with a call and a note that belongs to no account, all about security."""

    store: Store
    mine: Scope
    me: str
    them: str
    my_account: str
    their_account: str
    my_deal: str
    my_contact: str
    chunks: dict[str, str]


@pytest.fixture
def office(store: Store) -> Office:
    with store.write(SYSTEM) as session:
        me, them = make.person(session, "Ida Ekman"), make.person(session, "Per Falk")
        stages = make.pipeline(session)
        mine, theirs = make.account(session, "Meridian", me), make.account(session, "Orion", them)
        deal, contact = make.deal(session, "Renewal", mine, stages["Proposal"]), make.contact(session, "Ann", mine)
        with_ann = make.interaction(session, mine, "with ann", contact).id
        on_deal = make.interaction(session, mine, "on the deal", deal_id=deal.id).id
        scope = caller_for(session, me.email).scope
        ids = (me.id, them.id, mine.id, theirs.id, deal.id, contact.id)
    rows = {
        "mine": ("security review with ann", ids[2], ids[0]), "deal": ("security on the deal", ids[2], ids[0]),
        "theirs": ("security zanzibar security", ids[3], ids[1]), "my note": ("security memo", None, ids[0]),
        "their note": ("security zanzibar memo", None, ids[1]),
    }  # fmt: skip
    sources = {"mine": with_ann, "deal": on_deal}
    chunks = {name: keep(store, sources.get(name, name), *row) for name, row in rows.items()}
    return Office(store, scope, *ids, chunks)


def found(office: Office, query: str, about: Filter | None = None, scope: Scope | None = None, k: int = 10) -> set[str]:
    names = {id_: name for name, id_ in office.chunks.items()}
    with office.store.read(scope or office.mine) as session:
        return {names[id_] for id_, _ in passages.lexical(session, about or Filter(), query, k)}


def test_words_are_found_in_what_the_asker_sees_and_nowhere_else(office: Office) -> None:
    assert found(office, "security") == {"mine", "deal", "my note"}
    assert found(office, "zanzibar") == set()
    assert found(office, "zanzibar", scope=SYSTEM) == {"theirs", "their note"}
    assert found(office, "security", scope=Scope(office.me, None, frozenset({office.my_account}))) == {"mine", "deal"}
    assert found(office, "security", scope=Scope("nobody", frozenset())) == set()


def test_a_filter_narrows_and_never_widens(office: Office) -> None:
    assert found(office, "security", Filter(account_ids=frozenset({office.their_account}))) == set()
    assert found(office, "security", Filter(account_ids=frozenset())) == set()
    assert found(office, "security", Filter(contact_ids=frozenset({office.my_contact}))) == {"mine"}
    assert found(office, "security", Filter(deal_ids=frozenset({office.my_deal}))) == {"deal"}
    assert found(office, "security", Filter(kinds=frozenset({"email"}))) == set()
    assert found(office, "security", Filter(since=make.NOW)) == {"mine", "deal", "my note"}
    assert found(office, "security", Filter(until=make.NOW)) == set()


def test_every_way_of_reading_passages_is_scoped(office: Office) -> None:
    ids = list(office.chunks.values())
    mine = {office.chunks[name] for name in ("mine", "deal", "my note")}
    with office.store.read(office.mine) as session:
        assert passages.permitted_count(session, Filter(), 100) == 3
        assert passages.permitted_among(session, Filter(), ids) == mine
        assert {id_ for page in passages_vectors.permitted_vectors(session, Filter(), MODEL) for id_, _ in page} == mine
        assert {id_ for id_, _ in passages_vectors.vectors(session, Filter(), ids, MODEL)} == mine
        assert {each.chunk_id for each in passages.passages(session, ids)} == mine


def test_all_vectors_are_read_a_bounded_number_at_a_time(store: Store) -> None:
    with store.write(SYSTEM) as session:
        me, them = make.person(session, "Ida Ekman"), make.person(session, "Per Falk")
        scope, mine, theirs = caller_for(session, me.email).scope, me.id, them.id
        for owner in (mine, theirs):
            document = NewDocument("interaction", owner, "call", "Call", "Header", make.NOW, None, owner, "digest")
            numbers = range(passages_vectors.VECTORS + 3)
            chunks = [NewChunk(number, "word", None, make.NOW, number.to_bytes(4, "little")) for number in numbers]
            passages.keep_document(session, document, chunks, MODEL)
        ids = passages.ids_of(session, "interaction", mine)
    with store.read(scope) as session:
        pages = list(passages_vectors.permitted_vectors(session, Filter(), MODEL))
    assert [len(page) for page in pages] == [passages_vectors.VECTORS, 3]
    assert dict(row for page in pages for row in page) == {id_: number.to_bytes(4, "little") for number, id_ in enumerate(ids)}


def test_a_hostile_query_finds_nothing_that_may_not_be_seen_and_breaks_nothing(office: Office) -> None:
    for query in HOSTILE:
        assert found(office, query) <= {"mine", "deal", "my note"}, query[:50]
        assert "mine" in found(office, f"{query[:50]} security"), query[:50]


def test_somebody_with_hundreds_of_accounts_still_finds_their_own_among_many_better_ones(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        me, them = make.person(session, "Ida Ekman"), make.person(session, "Per Falk")
        mine = [make.account(session, f"Mine {number}", me).id for number in range(passages.MOST_ACL_TOKENS + 5)]
        theirs = make.account(session, "Orion", them).id
        scope, them_id, me_id = caller_for(session, me.email).scope, them.id, me.id
    wanted = keep(sqlite_store, "wanted", "a long note of many words in which security is named once", mine[-1], me_id)
    for number in range(60):
        keep(sqlite_store, f"other {number}", "security security", theirs, them_id)
    with sqlite_store.read(scope) as session:
        assert [id_ for id_, _ in passages.lexical(session, Filter(), "security", 5)] == [wanted]
        everything = Filter(account_ids=frozenset(mine))
        assert [id_ for id_, _ in passages.lexical(session, everything, "security", 5)] == [wanted]
    with sqlite_store.read(Scope(me_id, frozenset({me_id}), frozenset(mine[:390]))) as session:
        assert passages.lexical(session, Filter(), "security", 5) == []


def test_a_document_that_goes_takes_its_lines_of_the_full_text_index_along(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        me = make.person(session, "Ida Ekman").id
    keep(sqlite_store, "one", "first words", None, me)
    keep(sqlite_store, "one", "second words", None, me)
    with sqlite_store.write(SYSTEM) as session:
        assert session.execute(text("SELECT body FROM chunk_fts")).scalars().all() == ["Header\nsecond words"]
        passages.drop_document(session, "interaction", "one")
        assert session.execute(text("SELECT body FROM chunk_fts")).scalars().all() == []


def test_a_vector_of_words_that_changed_meanwhile_is_not_kept(store: Store) -> None:
    with store.write(SYSTEM) as session:
        me = make.person(session, "Ida Ekman").id
    chunk = keep(store, "one", "first words", None, me)
    keep(store, "one", "second words", None, me)
    with store.write(SYSTEM) as session:
        passages_vectors.keep_vectors(session, [(chunk, "first words", b"1111"), ("gone", "x", b"1111")], MODEL)
        assert list(passages_vectors.permitted_vectors(session, Filter(), MODEL)) == [[(chunk, b"\0\0\0\0")]]


def test_scores_order_alike_whatever_else_is_there(office: Office) -> None:
    draw = random.Random(1)
    for number in range(20):
        words = " ".join(draw.choices(["price", "legal", "roadmap", "invoice"], k=12))
        keep(office.store, f"noise {number}", words, office.their_account, office.them)
    with office.store.read(office.mine) as session:
        scores = [score for _, score in passages.lexical(session, Filter(), "security review", 10)]
        assert scores == sorted(scores, reverse=True)


def test_what_somebody_may_see_is_counted_no_further_than_need_be(office: Office) -> None:
    with office.store.read(office.mine) as session:
        assert [passages.permitted_count(session, Filter(), most) for most in (2, 3, 9)] == [2, 3, 3]
        theirs = Filter(account_ids=frozenset({office.their_account}))
        assert passages.permitted_count(session, theirs, 9) == 0
    with office.store.read(SYSTEM) as session:
        assert passages.permitted_count(session, Filter(), 9) == 5


def test_a_page_of_documents_replaces_those_that_changed_and_only_those(store: Store) -> None:
    with store.write(SYSTEM) as session:
        me = make.person(session, "Ida Ekman").id

    def kept(**bodies: str) -> list[str]:
        page = [
            (
                NewDocument("interaction", name, "note", "Note", "Header", make.NOW, None, me, body),
                [NewChunk(number, part, None, make.NOW) for number, part in enumerate(body.split("|"))],
            )
            for name, body in bodies.items()
        ]
        with store.write(SYSTEM) as session:
            return passages.keep_documents(session, page, MODEL)

    assert kept(one="first words", two="security|audit") == []
    with store.read(SYSTEM) as session:
        before = passages.ids_of(session, "interaction", "two")
    assert kept(one="first words", two="security again", three="security too") == before
    with store.read(SYSTEM) as session:
        assert len(passages.lexical(session, Filter(), "security", 9)) == 2
        assert passages.lexical(session, Filter(), "audit", 9) == []
        assert passages.ids_of(session, "interaction", "two") == before[:1]


def test_what_waits_for_its_vector_is_listed_newest_first_and_not_again_once_it_has_one(store: Store) -> None:
    with store.write(SYSTEM) as session:
        me = make.person(session, "Ida Ekman").id
        page = [
            (
                NewDocument("interaction", name, "note", "Note", "Header", at, None, me, name),
                [NewChunk(0, name, None, at)],
            )
            for name, at in (("old", make.NOW - timedelta(days=9)), ("new", make.NOW))
        ]
        passages.keep_documents(session, page, MODEL)
    with store.read(SYSTEM) as session:
        waiting = passages_vectors.ids_without_vectors(session, MODEL)
        texts = {id_: words for id_, _, words in passages_vectors.to_embed(session, waiting, MODEL)}
        assert [texts[id_] for id_ in waiting] == ["new", "old"]
    with store.write(SYSTEM) as session:
        passages_vectors.keep_vectors(session, [(waiting[0], "new", b"1111")], MODEL)
    with store.read(SYSTEM) as session:
        assert passages_vectors.ids_without_vectors(session, MODEL) == waiting[1:]
        assert [id_ for id_, _, _ in passages_vectors.to_embed(session, waiting, MODEL)] == waiting[1:]
        assert passages_vectors.ids_without_vectors(session, "another model") == waiting


def test_looking_for_one_kind_looks_its_documents_up_for_each_passage(sqlite_store: Store) -> None:
    asked = passages.permitted(Filter(kinds=frozenset({"note"}))).where(Chunk.id.in_(["a", "b"]))
    with sqlite_store.read(SYSTEM) as session:
        said = asked.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = " ".join(str(row) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {said}"))
    assert "document" in plan
    assert "SCAN document" not in plan


def test_the_words_of_one_contact_are_looked_for_in_the_accounts_of_their_talks_alone(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        me = make.person(session, "Ida Ekman")
        others = [make.account(session, f"Other {number}", me) for number in range(3)]
        mine = make.account(session, "Meridian", me)
        ann = make.contact(session, "Ann", mine)
        talk = make.interaction(session, mine, "with ann", ann).id
        scope, ids = caller_for(session, me.email).scope, (me.id, mine.id, ann.id, [one.id for one in others])
    wanted = keep(sqlite_store, talk, "security review", ids[1], ids[0])
    for other in ids[3]:
        keep(sqlite_store, other, "security elsewhere", other, ids[0])
    with sqlite_store.read(scope) as session, asked(session) as statements:
        found = passages.lexical(session, Filter(contact_ids=frozenset({ids[2]})), "security", 10)
    (match,) = [str(values) for statement, values in statements if "chunk_fts MATCH" in statement]
    assert [id_ for id_, _ in found] == [wanted]
    assert acl_token(ids[1], None) in match
    assert not any(acl_token(other, None) in match for other in ids[3])


def test_of_whoever_sees_most_accounts_none_is_named(sqlite_store: Store) -> None:
    with sqlite_store.write(SYSTEM) as session:
        me, them = make.person(session, "Ida Ekman"), make.person(session, "Per Falk")
        accounts = [make.account(session, f"Account {number:03}", me if number < 120 else them).id for number in range(140)]
        scope, ids = caller_for(session, me.email).scope, (me.id, them.id)
    for account, owner in ((accounts[0], ids[0]), (accounts[-1], ids[1])):
        keep(sqlite_store, account, "security review", account, owner)
    with sqlite_store.read(scope) as session, asked(session) as statements:
        found = passages.lexical(session, Filter(), "security", 10)
    (match,) = [str(values) for statement, values in statements if "chunk_fts MATCH" in statement]
    assert "acl" not in match
    assert len(found) == 1
