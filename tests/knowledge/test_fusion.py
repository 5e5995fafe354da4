"""What the kind of a question does to how it is answered, and what else speaks for a passage."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge import fusion, ranking
from knowledge.chunks import quoted_words
from knowledge.citations import Passage
from knowledge.embeddings import MiniLM
from knowledge.search import search
from tests.knowledge.list_source import DAY, ListSource, note, plain_passage

TODAY = date(2026, 11, 22)
MAIL = "We can only sign after the audit in March, and we need the figures for both plants before that."


def _share(query: str, dense: dict[str, float], lexical: dict[str, float], texts: dict[str, str]) -> float:
    return fusion.dense_share(fusion.signs(query, dense, lexical, texts))


def test_a_number_is_looked_for_by_its_letters_and_a_complaint_by_its_meaning() -> None:
    texts = {f"p{n}": f"Remark {n} about the invoice" for n in range(12)} | {"hit": "SO-48213 is stuck at customs"}
    flat = dict.fromkeys(texts, 0.3)
    number = _share("where is SO-48213", flat, {"hit": 20.0, "p1": 2.0}, texts)
    meaning = _share(
        "do they think that we cost too much", flat | {"p3": 0.62}, dict.fromkeys(list(texts)[:10], 3.0), texts
    )
    assert number < 0.5 < meaning


@pytest.mark.parametrize("scores", [({}, {}), ({"a": 0.5}, {}), ({}, {"a": 1.0})])
def test_a_share_exists_also_where_a_half_found_nothing(scores: tuple[dict[str, float], dict[str, float]]) -> None:
    assert 0 <= _share("anything", *scores, {"a": "words"}) <= 1


def test_what_a_header_is_about_counts_as_far_as_the_question_names_it() -> None:
    def about(query: str) -> float:
        passage = replace(plain_passage("a:0", "text"), header="Halden Rail · Ana Roth, Bo Falk · call 3 Nov 2026 · Notes")
        return ranking.Signals(recency=ranking.Recency(0.0)).bonuses(query, [passage], TODAY)["a:0"]

    assert about("what does Bo Falk of Halden Rail say") > about("what does Halden say") > about("what do they say") == 0
    assert about("what was said on 3 Nov 2026") == 0


def test_a_mail_is_preferred_where_mails_are_asked_for_and_the_newest_where_that_is() -> None:
    mail = replace(plain_passage("a:0", "text"), kind="email")
    signals = ranking.Signals()
    plain, asked = (signals.bonuses(query, [mail], TODAY)["a:0"] for query in ("the price", "her e-mail on the price"))
    assert asked > plain
    old = plain_passage("b:0", "text", DAY - timedelta(days=300))

    def gap(query: str) -> float:
        found = signals.bonuses(query, [plain_passage("a:0", "text"), old], TODAY)
        return found["a:0"] - found["b:0"]

    assert gap("the latest on the price") > 2 * gap("the price")


def _mail(id: str, text: str) -> Passage:
    return replace(plain_passage(id, text), kind="email")


@pytest.mark.parametrize(
    "quoted",
    [
        f"On 3 Nov 2026 Ana Roth wrote:\n> {MAIL}",
        f"> {MAIL}",
        f"-----Original Message-----\nFrom: Ana Roth\nSent: 3 Nov 2026\nTo: Ida\n{MAIL}\nAnd what was said before that.",
    ],
)
def test_a_quoted_reply_gives_its_place_to_the_mail_it_quotes(quoted: str) -> None:
    assert quoted_words(quoted) is not None
    passages = [_mail("reply:1", quoted), _mail("other:0", "Lunch?"), _mail("first:0", MAIL)]
    assert ranking.without_repeats(passages, 3) == [
        ranking.Ranked("first:0", ("reply:1",)), ranking.Ranked("other:0", ())
    ]  # fmt: skip
    assert [one.id for one in ranking.without_repeats(passages[:2], 3)] == ["reply:1", "other:0"]


def test_a_quotation_of_something_else_is_no_repeat() -> None:
    quoted = _mail("reply:1", "On 3 Nov 2026 Ana Roth wrote:\n> " + MAIL.replace("We can", "We cannot"))
    assert not ranking.repeats(quoted, _mail("first:0", MAIL.replace("We can only", "We can not only")))
    assert not ranking.repeats(quoted, _mail("x:0", "The audit is in March."))


def test_a_reply_that_quotes_a_mail_is_found_below_it(source: ListSource, minilm: MiniLM) -> None:
    source.add("meridian", note("first", MAIL, kind="email", at=DAY - timedelta(days=20)))
    reply = f"Thanks, understood.\n\nOn 3 Nov 2026 Ana Roth wrote:\n> {MAIL}"
    source.add("meridian", note("reply", reply, kind="email", at=DAY))
    hits = search("when can they sign, before the audit?", source, minilm, None, today=TODAY)
    assert hits[0].passage.document_id == "first"
    assert "reply:1" in hits[0].repeats
