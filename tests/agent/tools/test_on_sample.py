"""The reading tools on the whole sample company: whatever they say is cited, verbatim, short and only one's own."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.agent.tools.briefs import account_brief
from bot.agent.tools.cases import list_cases
from bot.agent.tools.deals import list_deals
from bot.agent.tools.interactions import timeline
from bot.agent.tools.latest import account_latest
from bot.agent.tools.promises import promises
from bot.agent.tools.purchases import purchase_history
from bot.agent.tools.roles import account_people
from bot.agent.tools.tasks import list_tasks
from bot.agent.turn import Turn
from bot.recall import Recall
from bot.settings import Settings
from crm_store.people import caller_for
from crm_store.queries import accounts
from crm_store.sample import load_sample, sample_people
from crm_store.store import Store
from tests.agent.tools.checks import assert_cited, assert_verbatim
from tests.agent.tools.conftest import SYSTEM, shipped_embeddings
from tests.builders import NOW, TODAY

ABOUT_ACCOUNT = (
    account_latest, account_brief, account_people, purchase_history, partial(timeline, limit=5), partial(timeline, limit=1),
    promises, partial(promises, by="them"), list_cases,
)  # fmt: skip
MOST_LINES = 9


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'rapport.db'}")
    store.migrate()
    with store.write(SYSTEM) as session:
        load_sample(session, TODAY)
    yield store
    store.close()


def _turn(store: Store, email: str) -> Turn:
    with store.read(SYSTEM) as session:
        caller = caller_for(session, email)
    return Turn(caller, store, Recall(store, shipped_embeddings(), None), Settings(home=Path("unused")), NOW, "t", "")


@pytest.mark.parametrize("email", [person.email for person in sample_people() if person.role == "rep"])
def test_every_claim_about_ones_own_accounts_is_cited_and_verbatim(sample: Store, email: str) -> None:
    turn = _turn(sample, email)
    with turn.read() as session:
        mine = accounts.accounts(session, now=NOW, limit=99, owner_ids=(turn.caller.person_id,)).rows
    assert mine
    for account in mine[::2]:
        for tool in ABOUT_ACCOUNT:
            found = tool(turn, account=account.id)
            assert found.question is None
            assert 1 <= len(found.text.splitlines()) <= MOST_LINES, found.text
            assert_cited(found)
            assert_verbatim(found, sample)
            assert account.id in {subject.id for subject in found.subjects}


def test_lists_count_what_the_person_sees(sample: Store) -> None:
    reps = [person.email for person in sample_people() if person.role == "rep"]
    everyone = next(person.email for person in sample_people() if person.role == "admin")
    for tool in (list_deals, list_tasks):
        whole = tool(_turn(sample, everyone), owner="everyone").figures[0].value
        own = sum(tool(_turn(sample, email), owner="me").figures[0].value for email in reps)
        assert 0 < own <= whole


def test_a_rep_hears_nothing_of_a_strangers_account(sample: Store) -> None:
    people = {person.key: person.email for person in sample_people()}
    stranger = _turn(sample, people["camille"])
    for email in (people["jonas"], people["amir"], people["dana"]):
        owner = _turn(sample, email)
        with owner.read() as session:
            theirs = accounts.accounts(session, now=NOW, limit=99, owner_ids=(owner.caller.person_id,)).rows
        for account in theirs:
            for tool in ABOUT_ACCOUNT:
                found = tool(stranger, account=account.name)
                assert found.text == f"I can't find an account called {account.name} that you can see."
                assert not found.citations
                assert not found.figures
                assert not found.cards
