"""Whole messages through the front door about a customer of somebody else: whatever is asked or told, nothing of his rows comes
back and nothing is proposed about them. Also what a button or a link of an old message carries: ids of rows that are not hers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot import decisions, sources
from bot.answering import Answering
from bot.errors import KNOWN
from bot.questions import Answer, Question
from bot.recall import Recall
from bot.settings import Settings
from crm_store.models import Account, Contact, Person, ProposalItem
from crm_store.names import NameCache
from crm_store.people import Caller, caller_for
from crm_store.store import Store
from tests.agent.tools.conftest import shipped_embeddings
from tests.benchmarks.understanding.wordings import wordings
from tests.builders import NOW
from tests.crm_store.access.dealings import AMOUNTS, CANARY, PLAIN, SYSTEM, Dealings, dealings

OPENED = ("account", "contact", "deal", "won", "interaction", "task", "private", "order", "case", "chunk")
SAID = {"A": "{} Mills", "C": "{} Blume", "D": "the {} renewal", "P": "Z Rep", "R": "Nobody"}
TELLING = re.compile(
    rf"{CANARY} (?:industry|city|description|nickname|chief|fair|price|next step|old step|secret|looms|report|call|outcome|private|"
    rf"case|comment|form|label|summary|proposed|change|before|answer|rival)|76,543|76\.5k|77k|{AMOUNTS[CANARY]}|{CANARY}\.example",
    re.IGNORECASE,
)
"""What only his rows say. His customer's name is in every question, and may be said back."""


@dataclass(frozen=True)
class Desk:
    two: Dealings
    ask: Callable[[Caller, str], Answer]
    hers: Caller
    his: Caller


@pytest.fixture
def desk(store: Store) -> Desk:
    two = dealings(store)
    answering = Answering(Settings(home=Path("unused")), store, Recall(store, shipped_embeddings(), None), NameCache())
    counted: list[str] = []

    def ask(caller: Caller, text: str) -> Answer:
        counted.append(text)
        return answering.answer(Question(text, caller, NOW, f"thread {len(counted)}"))

    with store.write(SYSTEM) as session:
        callers = {}
        for side in (two.hers, two.his):
            twin, other = session.get(Account, side["twin"]), session.get(Contact, side["other"])
            assert twin is not None
            assert other is not None
            twin.name, other.name = "Weavers", "Otter"  # so that the names in the questions fit one row each
            person = session.get(Person, side["person"])
            assert person is not None
            callers[person.id] = caller_for(session, person.email)
    return Desk(two, ask, callers[two.hers["person"]], callers[two.his["person"]])


def questions(word: str) -> list[str]:
    """Every fifth wording of the benchmark's, about this side's customer."""
    names = {slot: name.format(word.title()) for slot, name in SAID.items()}
    return [re.sub(r"\{(\w)\}", lambda slot: names[slot[1]], one) for one in wordings("tuning")[::5]]


def told(answer: Answer, question: str) -> list[str]:
    seen = answer.model_dump_json().replace(json.dumps(question)[1:-1], "")
    return [found for found in TELLING.findall(seen) if found.lower() not in question.lower()]


def test_no_message_brings_back_anything_of_somebody_else_s_customer(desk: Desk) -> None:
    leaked = [(one, found) for one in questions(CANARY) if (found := told(desk.ask(desk.hers, one), one))]
    assert leaked == []
    his = {row for kind, row in desk.two.his.items() if kind not in ("person", "stage")}
    with desk.two.store.read(SYSTEM) as session:
        for item in session.query(ProposalItem).filter(ProposalItem.person_id == desk.hers.person_id):
            assert not any(row in json.dumps(item.changes) + item.entity_id for row in his), item.label


def test_the_same_messages_tell_their_owner(desk: Desk) -> None:
    """The control: without it, silence would pass the test above."""
    asked = questions(CANARY)[:60]
    assert sum(bool(told(desk.ask(desk.his, one), one)) for one in asked) > len(asked) // 4


def test_a_source_of_somebody_else_s_is_not_opened_and_reads_like_one_that_is_not_there(desk: Desk) -> None:
    with desk.two.store.read(desk.hers.scope) as session:
        missing = _refused(lambda: sources.open_source(session, "interaction:nothing"))
        for kind in OPENED:
            row = desk.two.his[kind]
            for citation in (row, *(f"{each}:{row}" for each in ("interaction", "note", "task", "case", kind))):
                assert _refused(partial(sources.open_source, session, citation)) == missing, citation
    with desk.two.store.read(desk.his.scope) as session:
        assert CANARY in str(sources.open_source(session, f"interaction:{desk.two.his['interaction']}"))


@pytest.mark.parametrize("button", ["confirm", "reject", "edit", "undo", "done"])
def test_a_button_with_somebody_else_s_id_does_nothing_and_says_nothing_of_it(desk: Desk, button: str) -> None:
    store, hers, his = desk.two.store, desk.hers, desk.two.his
    press: dict[str, Callable[[str], object]] = {
        "confirm": lambda row: decisions.confirm(store, hers, row, None, "slack", NOW, home=Path("unused")),
        "reject": lambda row: decisions.reject(store, hers, row, None, NOW),
        "edit": lambda row: decisions.edit(store, hers, row, {"x": {"next_step": "Hers"}}, NOW),
        "undo": lambda row: decisions.undo(store, hers, row, "slack", NOW),
        "done": lambda row: decisions.complete_task(store, hers, row, "slack", NOW),
    }
    of = {"undo": "change", "done": "task"}.get(button, "proposal")
    said = _refused(lambda: press[button](his[of]))
    assert said == _refused(lambda: press[button]("nothing"))
    assert not TELLING.search(said)


def _refused(attempt: Callable[[], object]) -> str:
    with pytest.raises(KNOWN) as refused:
        attempt()
    return str(refused.value)


def test_what_is_hers_is_still_answered(desk: Desk) -> None:
    assert PLAIN in desk.ask(desk.hers, f"what's the latest on {PLAIN.title()} Mills?").model_dump_json()
