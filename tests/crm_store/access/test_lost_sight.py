"""An account is given away while something of it is still open: a proposal, a change, a memory. Its new owner writes canaries
into it; whoever lost sight of it neither reads nor writes them, and hears so in words that tell nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.agent.tools.dealings import deal_details
from bot.agent.tools.deals import list_deals
from bot.agent.tools.managers import standing, team_week, what_changed
from bot.agent.turn import Found, Turn
from bot.errors import RapportError
from bot.recall import Recall
from bot.settings import Settings
from crm_store import changes
from crm_store.access import Scope
from crm_store.changes import Draft
from crm_store.errors import CrmError
from crm_store.models import Account, AccountMember, Deal, Person
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders as make
from tests.agent.tools.conftest import shipped_embeddings
from tests.builders import NOW
from tests.crm_store.access.dealings import AMOUNTS, CANARY, SYSTEM, Dealings, dealings

LATER = NOW + timedelta(minutes=5)


@dataclass(frozen=True)
class Office:
    """``hers`` is the scope she has now; ``deal`` was hers when the proposal and the change were made."""

    two: Dealings
    hers: Scope
    proposal: str
    change: str
    deal: str


@pytest.fixture
def office(store: Store) -> Office:
    two = dealings(store)
    deal, me = two.hers["deal"], two.hers["person"]

    def proposed(step: str) -> str:
        with store.write(two.mine) as session:
            draft = Draft("update", "deal", {"next_step": step}, deal, label="Her deal")
            return changes.propose(session, person_id=me, drafts=[draft], summary="s", origin="cli", now=NOW)

    applied = proposed("Heather applied")
    with store.write(two.mine) as session:
        change = changes.confirm(session, applied, now=NOW, origin="cli")
    waiting = proposed("Heather waits")
    with store.write(SYSTEM) as session:
        account = session.get(Account, two.hers["account"])
        assert account is not None
        account.owner_id = two.his["person"]
        for member in session.query(AccountMember).filter_by(account_id=account.id):
            member.person_id = two.his["person"]
    return Office(two, two.mine, waiting, change, deal)


def now_a_canary(office: Office) -> None:
    """The new owner's words and amount."""
    with office.two.store.write(SYSTEM) as session:
        deal = session.get(Deal, office.deal)
        assert deal is not None
        deal.owner_id, deal.next_step, deal.amount_minor = office.two.his["person"], f"{CANARY} step", AMOUNTS[CANARY]
        deal.name, deal.version = f"{CANARY} deal", deal.version + 1


def step_of(office: Office) -> str | None:
    with office.two.store.read(SYSTEM) as session:
        deal: Deal | None = session.get(Deal, office.deal)
        assert deal is not None
        return deal.next_step


def refusal(office: Office, action: str, scope: Scope) -> str:
    ways: dict[str, tuple[Callable[..., str], str]] = {
        "confirm": (changes.confirm, office.proposal),
        "undo": (changes.undo, office.change),
    }
    run, row = ways[action]
    with pytest.raises(CrmError) as refused, office.two.store.write(scope) as session:
        run(session, row, now=LATER, origin="cli")
    return str(refused.value)


@pytest.mark.parametrize("action", ["confirm", "undo"])
def test_what_is_out_of_sight_is_neither_written_nor_told(office: Office, action: str) -> None:
    before = step_of(office)
    said = refusal(office, action, office.hers)
    assert step_of(office) == before == "Heather applied"
    now_a_canary(office)
    again = refusal(office, action, office.hers)
    assert step_of(office) == f"{CANARY} step"
    assert CANARY not in (said + again).lower()
    assert said == again, "the refusal follows what the row holds"


def test_the_same_goes_through_where_the_account_is_still_seen(office: Office) -> None:
    """The control: with the account in sight the proposal is applied, and the change taken back."""
    with office.two.store.write(SYSTEM) as session:
        session.add(
            AccountMember(account_id=office.two.hers["account"], person_id=office.hers.person_id, reason="added")
        )
    with office.two.store.write(office.hers) as session:
        changes.confirm(session, office.proposal, now=LATER, origin="cli")
    assert step_of(office) == "Heather waits"


def turn_of(store: Store, person_id: str) -> Turn:
    with store.read(SYSTEM) as session:
        person = session.get(Person, person_id)
        assert person is not None
        caller = caller_for(session, person.email)
    return Turn(caller, store, Recall(store, shipped_embeddings(), None), Settings(home=Path("unused")), NOW, "t", "")


def told(turn: Turn, deal: str) -> str:
    try:
        return repr(deal_details(turn, deal))
    except (RapportError, CrmError) as refused:
        return f"refused: {refused}"


def test_a_remembered_deal_is_gone_with_its_account(office: Office) -> None:
    """That deal, her deal, a button: all of them come back to the id the conversation kept."""
    now_a_canary(office)
    store = office.two.store
    mine = told(turn_of(store, office.two.hers["person"]), office.deal)
    his = told(turn_of(store, office.two.his["person"]), office.deal)
    assert CANARY not in mine.lower()
    assert str(AMOUNTS[CANARY]) not in mine
    assert CANARY in his.lower()


def digests(turn: Turn) -> str:
    found: list[Found] = [
        team_week(turn),
        what_changed(turn, date(2026, 11, 1)),
        standing(turn, date(2026, 10, 1), date(2026, 12, 31), owner="everyone"),
        list_deals(turn, owner="everyone", status="any"),
    ]
    return repr(found)


def test_a_manager_s_digests_tell_of_their_team_alone(store: Store) -> None:
    two = dealings(store)
    bosses = {}
    with store.write(SYSTEM) as session:
        for side in ("hers", "his"):
            rep = session.get(Person, getattr(two, side)["person"])
            assert rep is not None
            boss = make.person(session, f"{side} boss", "manager")
            boss.team_id = rep.team_id
            bosses[side] = boss.id
    hers, his = (digests(turn_of(store, bosses[side])) for side in ("hers", "his"))
    canaries = (CANARY, str(AMOUNTS[CANARY]), "76,543")
    assert not [one for one in canaries if one in hers.lower()]
    assert [one for one in canaries if one in his.lower()] == list(canaries)
    assert "heather" in hers.lower()


def test_a_digest_in_a_channel_tells_what_everybody_there_sees(store: Store) -> None:
    two = dealings(store)
    theirs, mine = turn_of(store, two.his["person"]), turn_of(store, two.hers["person"])
    narrowed = replace(theirs.caller, scope=theirs.caller.scope.intersect(mine.caller.scope))
    there = replace(theirs, caller=narrowed)
    seen = repr([what_changed(there, date(2026, 11, 1)), list_deals(there, owner="everyone", status="any")])
    alone = repr([what_changed(theirs, date(2026, 11, 1)), list_deals(theirs, owner="everyone", status="any")])
    assert CANARY not in seen.lower()
    assert CANARY in alone.lower()
