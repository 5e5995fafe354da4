"""Searching with the real model and a real index: what is found, what may never be, and how sure we are."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from knowledge import ranking, words
from knowledge.embeddings import MiniLM
from knowledge.index import VectorIndex
from knowledge.ranking import FusionWeights, Recency
from knowledge.search import DEPTH, Hit, candidates, neighbours, search
from tests.knowledge.list_source import DAY, NO_SIGNALS, ListSource, note, plain_passage, unit_vectors

TODAY = date(2026, 11, 22)

NOTES = {
    "n1": "They will look at two other vendors before signing the renewal.",
    "n2": "We promised the usage report by Wednesday.",
    "n3": "The plant manager wants scanners in the cold store.",
    "n4": "Finance asked for a security review first, and who holds our certificates.",
    "n5": "Lunch at the fair; nothing about the contract.",
}


def filled(source: ListSource, index: VectorIndex | None = None) -> ListSource:
    for id, text in NOTES.items():
        source.add("meridian", note(id, text))
    source.add("orion", note("x1", "Orion wants a SOC 2 report; competitors are being looked at.", account="Orion"))
    if index is not None:
        index.upsert(source.records())
    return source


def found(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


def test_a_question_in_other_words_finds_the_passage(
    source: ListSource, index: VectorIndex, minilm: MiniLM
) -> None:
    filled(source, index)
    hits = search("are competitors being evaluated?", source, minilm, index, k=2, today=TODAY)
    assert found(hits)[0] == "n1"
    assert hits[0].cosine > hits[1].cosine


def test_a_foreign_passage_never_appears_however_near_it_is(
    source: ListSource, index: VectorIndex, minilm: MiniLM
) -> None:
    filled(source, index)
    query = "Orion wants a SOC 2 report; competitors are being looked at."
    nearest = index.nearest(np.asarray(minilm.embed_query(query), dtype=np.float32), 1)[0].id
    assert nearest == "x1:0"
    hits = search(query, source, minilm, index, k=20, today=TODAY)
    assert sorted(found(hits)) == sorted(NOTES)
    source.accounts.clear()
    assert search(query, source, minilm, index, k=20, today=TODAY) == []


def test_a_passage_deleted_after_it_was_indexed_does_not_appear(
    source: ListSource, index: VectorIndex, minilm: MiniLM
) -> None:
    filled(source, index)
    del source.chunks["n1:0"]
    hits = search("other vendors", source, minilm, index, k=20, today=TODAY)
    assert "n1" not in found(hits)
    assert hits


def test_without_an_index_the_same_passages_are_found(source: ListSource, index: VectorIndex, minilm: MiniLM) -> None:
    filled(source, index)
    query = "what did we promise?"
    with_index = search(query, source, minilm, index, today=TODAY)
    without = search(query, source, minilm, None, today=TODAY)
    assert found(with_index) == found(without)
    assert found(without)[0] == "n2"


def test_without_an_index_the_nearest_of_all_are_found_page_by_page_and_no_page_is_kept(source: ListSource, minilm: MiniLM) -> None:
    for n, vector in enumerate(unit_vectors(1_000)):
        source.put("meridian" if n % 4 else "orion", plain_passage(f"p{n}:0", f"Remark {n}"), vector)
    query = "renewal at risk"
    asked = np.asarray(minilm.embed_query(query), dtype=np.float32)
    cosines = {id: float(source.rows[id] @ asked) for id in source.permitted_ids()}
    nearest = sorted(cosines, key=lambda id: -cosines[id])
    for page in (1, 99, 250, 10_000):
        source.page, source.most_held = page, 0
        found = candidates(query, source, minilm, None)
        assert set(found.dense) == set(nearest[:DEPTH])
        assert source.most_held <= 2


def test_an_index_that_lost_its_rows_is_bypassed(
    source: ListSource, index: VectorIndex, minilm: MiniLM
) -> None:
    filled(source)
    hits = search("what did we promise?", source, minilm, index, today=TODAY)
    assert found(hits)[0] == "n2"
    assert source.exact_reads == 1


def test_a_closed_index_is_bypassed(source: ListSource, minilm: MiniLM, tmp_path: Path) -> None:
    filled(source)
    with VectorIndex.open(tmp_path / "other", MiniLM.info) as closed:
        pass
    hits = search("what did we promise?", source, minilm, closed, today=TODAY)
    assert found(hits)[0] == "n2"


def test_with_an_index_the_vectors_of_the_record_are_not_read(
    source: ListSource, index: VectorIndex, minilm: MiniLM
) -> None:
    for n, vector in enumerate(unit_vectors(700)):
        source.put("meridian" if n % 2 else "orion", plain_passage(f"p{n}:0", f"Remark {n}"), vector)
    index.upsert(source.records())
    assert len(search("anything at all", source, minilm, index, k=20, today=TODAY)) == 20
    assert source.exact_reads == 0


@pytest.mark.parametrize("permitted", [20, 300, 1500, 3000])
def test_the_index_finds_what_an_exact_comparison_finds(
    source: ListSource, index: VectorIndex, minilm: MiniLM, permitted: int
) -> None:
    for n, vector in enumerate(unit_vectors(3000)):
        source.put("meridian" if n < permitted else "orion", plain_passage(f"p{n}:0", f"q{n}"), vector)
    index.upsert(source.records())
    recalled = 0
    for query in ("renewal at risk", "pricing complaint", "who is the champion", "delivery dates"):
        exact = search(query, source, minilm, None, k=10, today=TODAY, signals=NO_SIGNALS)
        indexed = search(query, source, minilm, index, k=10, today=TODAY, signals=NO_SIGNALS)
        assert len(exact) == 10
        recalled += len(set(found(exact)) & set(found(indexed)))
    assert recalled >= 39


def test_nothing_is_found_for_a_blank_question_or_an_empty_record(source: ListSource, minilm: MiniLM) -> None:
    assert search("anything", source, minilm, None, today=TODAY) == []
    filled(source)
    assert search("  \n", source, minilm, None, today=TODAY) == []
    assert search("vendors", source, minilm, None, k=0, today=TODAY) == []


def test_a_hit_says_which_terms_it_mentions_so_that_absence_can_be_told(source: ListSource, minilm: MiniLM) -> None:
    filled(source)
    query = "did anyone mention SOC 2?"
    hits = search(query, source, minilm, None, k=3, today=TODAY)
    terms = words.query_terms(query)
    assert terms == ("SOC 2",)
    assert hits
    assert all((hit.coverage, hit.matched_terms) == (0.0, ()) for hit in hits)
    source.accounts.add("orion")
    best = search(query, source, minilm, None, k=3, today=TODAY)[0]
    assert best.passage.document_id == "x1"
    assert best.coverage == 1.0
    assert best.matched_terms == ("SOC 2",)


def test_of_two_equal_passages_the_newer_comes_first_and_an_old_exact_answer_still_beats_recent_chatter(
    source: ListSource, minilm: MiniLM
) -> None:
    old, new = DAY - timedelta(days=400), DAY
    source.add("meridian", note("old", "Budget is approved by Finance, EUR 40,000.", at=old))
    source.add("meridian", note("new", "Budget is approved by Finance, EUR 60,000.", at=new))
    source.add("meridian", note("chat", "We had a pleasant chat about football.", at=new))
    hits = search("is the budget approved", source, minilm, None, today=TODAY)
    assert found(hits) == ["new", "old", "chat"]


def test_the_weights_decide_between_wording_and_meaning(source: ListSource, minilm: MiniLM) -> None:
    source.add("meridian", note("wording", "The price list hangs in the canteen."))
    source.add("meridian", note("meaning", "It costs too much for them."))
    query = "is the price too expensive"
    by_wording = search(query, source, minilm, None, today=TODAY, weights=FusionWeights(0.0, 1.0))
    by_meaning = search(query, source, minilm, None, today=TODAY, weights=FusionWeights(1.0, 0.0))
    assert by_wording[0].passage.document_id == "wording"
    assert by_meaning[0].passage.document_id == "meaning"


def test_the_second_of_two_lexical_matches_is_not_treated_like_no_match() -> None:
    scores = ranking.fused({"a": 0.3, "b": 0.3, "c": 0.3}, {"a": 5.0, "b": 4.8}, FusionWeights(0.4, 0.6), lexical_floor=0.0)
    assert scores["a"] > scores["b"] > 0.9 > scores["c"]
    cut_off = ranking.fused({}, {"a": 5.0, "b": 4.8}, FusionWeights(0.4, 0.6))
    assert cut_off["b"] == 0.0


def test_a_question_of_forty_thousand_characters_is_answered(source: ListSource, minilm: MiniLM) -> None:
    filled(source)
    hits = search("vendors " * 5000, source, minilm, None, k=1, today=TODAY)
    assert found(hits) == ["n1"]


def test_repeats_are_folded_into_the_best_and_stay_reachable(source: ListSource, minilm: MiniLM) -> None:
    for n in range(5):
        source.add("meridian", note(f"copy{n}", "Left a voicemail about the renewal, no answer so far."))
    source.add("meridian", note("other", "The renewal call is on Tuesday."))
    hits = search("renewal", source, minilm, None, k=3, today=TODAY)
    assert len(hits) == 2
    copies = next(hit for hit in hits if hit.passage.document_id.startswith("copy"))
    assert len(copies.repeats) == 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("They will sign in May, said Ana.", "they will sign in may -- said ana", True),
        ("They will sign in May.", "They will not sign in May.", False),
        ("They will sign in May.", "They won't sign in May.", False),
        ("The budget is 40,000 for it.", "The budget is 60,000 for it.", False),
        ("They will sign in May.", "We had lunch together.", False),
    ],
)
def test_passages_that_differ_in_a_number_or_a_not_are_no_repeats(one: str, other: str, same: bool) -> None:
    assert ranking.repeats(plain_passage("a:0", one), plain_passage("b:0", other)) is same


def test_a_hit_is_widened_by_what_was_said_before_and_after_it(source: ListSource, minilm: MiniLM) -> None:
    talk = "\n".join(f"{name} Berg: {text}" for name, text in zip(["Ana", "Bo"] * 6, words_of_a_call(), strict=True))
    source.add("meridian", note("talk", talk, kind="call"))
    hit = search("forklift", source, minilm, None, k=1, today=TODAY)[0]
    assert hit.passage.ordinal == 2
    assert [one.ordinal for one in neighbours(hit, source)] == [1, 2, 3]
    assert [one.ordinal for one in neighbours(hit, source, before=9, after=0)] == [0, 1, 2]


def words_of_a_call() -> list[str]:
    said = [f"Point number {n} on the agenda is settled." for n in range(12)]
    said[7] = "The forklift broke down again."
    return said


def test_recency_halves_with_age_and_never_rewards_the_future() -> None:
    recency = Recency(weight=0.2, half_life_days=30)
    assert recency.bonus(TODAY, TODAY) == pytest.approx(0.2)
    assert recency.bonus(TODAY - timedelta(days=60), TODAY) == pytest.approx(0.05)
    assert recency.bonus(TODAY + timedelta(days=60), TODAY) == pytest.approx(0.2)
