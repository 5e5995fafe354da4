"""Every tool of the agent called with somebody else's rows, by id as a stale button or a remembered "that deal" would and by
name as a guess would: nothing of them comes back, and nothing is proposed about them."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from langchain.tools import ToolRuntime

from bot.agent.tools import TOOLS
from bot.agent.turn import Found, Turn
from bot.errors import RapportError
from bot.recall import Recall
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.errors import CrmError
from crm_store.models import Account, Case, Contact, Deal, Person, ProposalItem, Task
from crm_store.people import caller_for
from crm_store.store import Store
from tests.agent.tools.conftest import shipped_embeddings
from tests.builders import NOW, TODAY
from tests.crm_store.access.dealings import AMOUNTS, CANARY, PLAIN, SYSTEM, Dealings, dealings

DIGITS = (str(AMOUNTS[CANARY]), "76,543", "76.5k", "77k")
KINDS = {  # what an argument may be told
    "account": "account", "about": "account", "keep": "account", "other": "twin", "contact": "contact",
    "contacts": "contact", "deal": "deal", "deals": "deal", "task": "task", "owner": "person", "to_owner": "person",
    "changed_by": "person", "record": "account", "excluding": "account",
}  # fmt: skip
FILLED: dict[str, Any] = {
    "title": "A plain title", "name": "A plain name", "text": "Spoke about nothing in particular.", "channel": "call",
    "role": "champion", "query": "looms stop report", "entity": "account", "field": "Nickname", "value": "Nick",
    "subject": "deals", "how": "is", "keep": None, "action": "no_next_step", "since": TODAY.replace(month=1), "kind": None,
    "next_step": "Call back", "to_next_step": "Call back", "to_due": TODAY, "to_kind": "customer", "phone": "+49 1",
    "topic": "a visit", "status": "withdrawn",
}  # fmt: skip
OWN_WORDS = ("to_kind", "to_next_step", "to_due", "next_step", "phone")
"""Arguments without which a writing tool has nothing to do."""
READING = {
    "account_latest", "account_brief", "account_people", "contact_details", "timeline", "promises", "deal_details",
    "purchase_history", "list_cases", "satisfaction", "record_fields", "draft_email", "export_person", "qualify",
    "objections", "summarise", "next_actions", "slips", "report", "find_duplicates",
}  # fmt: skip
"""Tools that must tell their owner something of these rows, or the attempt proves nothing."""


@dataclass(frozen=True)
class Place:
    two: Dealings
    mine: Turn
    theirs: Turn


@pytest.fixture
def place(store: Store) -> Place:
    two = dealings(store)

    def turn(person_id: str) -> Turn:
        with store.read(SYSTEM) as session:
            person = session.get(Person, person_id)
            assert person is not None
            caller = caller_for(session, person.email)
        return Turn(
            caller, store, Recall(store, shipped_embeddings(), None), Settings(home=Path("unused")), NOW, "t", ""
        )

    return Place(two, turn(two.hers["person"]), turn(two.his["person"]))


def attempts(tool: Any, place: Place) -> Iterator[dict[str, Any]]:
    """The tool's arguments with each of his rows in each of its places, by id and by name, and with all of them at once."""
    known = inspect.signature(tool.func).parameters
    needed = {name for name, one in known.items() if one.default is inspect.Parameter.empty} - {"runtime"}
    plain = {name: FILLED[name] for name in (*needed, *OWN_WORDS) if name in known and FILLED.get(name) is not None}
    places = [name for name in known if name in KINDS]
    for names in (False, True):
        given = {name: _told(place.two, name, by_name=names) for name in places}
        for name in places:
            rest = {other: given[other] for other in needed if other in given}
            yield plain | rest | {name: given[name]}
        yield plain | given
    if not places:
        yield plain


def _told(two: Dealings, argument: str, *, by_name: bool) -> Any:
    kind = KINDS[argument]
    value = two.his[kind]
    if by_name:
        models: dict[str, Any] = {"contact": Contact, "deal": Deal, "task": Task, "person": Person, "case": Case}
        with two.store.read(SYSTEM) as session:
            row: Any = session.get(models.get(kind, Account), value)
            value = row.title if kind == "task" else row.name
    return [value] if argument in ("contacts", "deals", "excluding") else value


def ask(tool: Any, turn: Turn, given: dict[str, Any]) -> str:
    """Everything that comes back: the text, the cards, what is cited, asked and remembered."""
    runtime: Any = ToolRuntime(
        state={}, context=turn, config={}, stream_writer=lambda _: None, tool_call_id=None, store=None
    )
    try:
        text, found = tool.func(runtime=runtime, **given)
    except (RapportError, CrmError) as refused:
        return f"refused: {refused}"
    assert isinstance(found, Found)
    return f"{text}\n{found!r}"


def leaks(seen: str, given: dict[str, Any]) -> list[str]:
    """The canaries in what came back, without the words that were said in the attempt itself."""
    said = [str(one) for value in given.values() for one in (value if isinstance(value, list) else [value])]
    for words in sorted((word for one in said for word in (one, json.dumps(one)[1:-1])), key=len, reverse=True):
        seen = seen.replace(words, "")
    return [canary for canary in (CANARY, *DIGITS) if canary in seen.lower()]


def test_no_tool_tells_anything_of_somebody_else_s_rows(place: Place) -> None:
    leaked = [
        (tool.name, given, seen)
        for tool in TOOLS
        for given in attempts(tool, place)
        if leaks(seen := ask(tool, place.mine, given), given)
    ]
    assert leaked == []
    his = {place.two.his[kind] for kind in ("account", "twin", "contact", "deal", "won", "task", "interaction", "case")}
    with place.two.store.read(SYSTEM) as session:
        mine = session.query(ProposalItem).filter(ProposalItem.person_id == place.two.hers["person"]).all()
    for item in mine:
        named = json.dumps(item.changes) + item.entity_id
        assert not any(row in named for row in his), (item.label, item.changes)


def test_their_owner_is_told(place: Place) -> None:
    """The control: the same calls, by whom the rows belong to."""
    telling = set()
    for tool in TOOLS:
        if tool.name in READING and any(
            leaks(ask(tool, place.theirs, given), given) for given in attempts(tool, place)
        ):
            telling.add(tool.name)
    assert telling == READING


def test_a_place_that_sees_less_is_told_less(place: Place) -> None:
    """In a channel the scope is narrowed to what everybody there sees: her colleague's own tools tell nothing then."""
    narrowed = place.theirs.caller.scope.intersect(place.mine.caller.scope)
    there = replace(place.theirs, caller=replace(place.theirs.caller, scope=narrowed))
    leaked = [
        (tool.name, given, seen)
        for tool in TOOLS
        for given in attempts(tool, place)
        if leaks(seen := ask(tool, there, given), given)
    ]
    assert leaked == []


def test_what_is_one_s_own_is_told_by_the_same_calls(place: Place) -> None:
    swapped = replace(place.two, his=place.two.hers, hers=place.two.his)
    own = replace(place, two=swapped)
    told = [ask(tool, place.mine, given) for tool in TOOLS if tool.name in READING for given in attempts(tool, own)]
    assert any(PLAIN in one for one in told)
    assert isinstance(place.mine.caller.scope, Scope)
