"""Test sets of six kinds, made from topics written for this benchmark: which documents there are, what is asked, and what answers it.

Every set has distractors by design: each topic occurs at many accounts, each account has many topics, identifiers differ in two
swapped digits. Questions are split by topic into those that weights are fitted on and those that are reported, so that no wording
serves for both.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.benchmarks.retrieval.manuals import manuals
from tests.benchmarks.retrieval.notes import few_words, in_other_words, notes, spoken, who_and_when
from tests.benchmarks.retrieval.numbers import exact_terms
from tests.benchmarks.retrieval.question_set import Question, QuestionSet, Text
from tests.benchmarks.retrieval.topics import read_topics

_HERE = Path(__file__).parent


def made_sets(seed: int = 1) -> list[QuestionSet]:
    """All six sets, the same for the same seed."""
    topics = read_topics(_HERE / "topics.txt")
    makers: tuple[tuple[str, Callable[[random.Random], tuple[list[Text], list[Question]]]], ...] = (
        ("other words", partial(notes, topics=topics, asking=in_other_words)),
        ("exact terms", exact_terms),
        ("who and when", partial(notes, topics=topics, asking=who_and_when)),
        ("documents", partial(manuals, sections=read_topics(_HERE / "manual.txt"))),
        ("few words", partial(notes, topics=topics, asking=few_words)),
        ("spoken", partial(notes, topics=topics, asking=spoken)),
    )
    made = []
    for number, (name, maker) in enumerate(makers):
        texts, questions = maker(random.Random(seed * 100 + number))
        renamed = {text.id: f"{number}-{text.id}" for text in texts}
        made.append(QuestionSet(
            name,
            tuple(replace(text, id=renamed[text.id], account=f"{text.account}") for text in texts),
            tuple(replace(one, gold={renamed[id_]: grade for id_, grade in one.gold.items()}) for one in questions),
        ))  # fmt: skip
    return made
