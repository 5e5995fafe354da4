"""Nobody writes, decides or takes back what belongs to somebody else, and no refusal tells whether it is there."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from crm_store.access import ScopedSession
from crm_store.base import Base, new_id
from crm_store.changes import Draft, change_summary, confirm, edit, propose, reject, undo
from crm_store.errors import CrmError
from crm_store.models import Account, Change, ChangeLine, Contact, Deal, Interaction, Proposal, ProposalItem, Task
from crm_store.store import Store
from tests.builders import NOW
from tests.crm_store.access.dealings import AMOUNTS, CANARY, SYSTEM, Dealings, Ids, dealings

Attempt = Callable[[ScopedSession, Ids, Ids], Any]


@pytest.fixture
def two(store: Store) -> Dealings:
    return dealings(store)


def drafted(
    action: Any, entity: str, values: Mapping[str, Any], named: str | None = None, other: str | None = None
) -> Attempt:
    """A draft of the asker whose ids in ``values`` (``his.deal``, ``hers.account``) are those of either side."""

    def run(session: ScopedSession, hers: Ids, his: Ids) -> str:
        def of(name: Any) -> Any:
            side, _, kind = str(name).partition(".")
            return {"his": his, "hers": hers}[side][kind] if side in ("his", "hers") else name

        given = {
            name: [of(each) for each in value] if isinstance(value, list) else of(value)
            for name, value in values.items()
        }
        draft = Draft(action, entity, given, of(named) if named else None, other_id=of(other) if other else None)
        return propose(session, person_id=hers["person"], drafts=[draft], summary="s", origin="cli", now=NOW)

    return run


WRITES: dict[str, Attempt] = {
    "change their deal": drafted("update", "deal", {"next_step": "mine"}, "his.deal"),
    "change a custom value of theirs": drafted("update", "deal", {"custom.code_word": "mine"}, "his.deal"),
    "delete their task": drafted("delete", "task", {}, "his.task"),
    "finish a private task": drafted("update", "task", {"status": "done"}, "his.private"),
    "move one's deal to their account": drafted("update", "deal", {"account_id": "his.account"}, "hers.deal"),
    "a task about their deal": drafted("create", "task", {"title": "t", "deal_id": "his.deal"}),
    "a task about their contact": drafted("create", "task", {"title": "t", "contact_id": "his.contact"}),
    "a task from what they said": drafted("create", "task", {"title": "t", "source_id": "his.interaction"}),
    "a contact at their account": drafted("create", "contact", {"name": "n", "account_id": "his.account"}),
    "a deal at their account": drafted(
        "create", "deal", {"name": "n", "account_id": "his.account", "stage_id": "hers.stage"}
    ),
    "a conversation with their contact": drafted(
        "create", "interaction",
        {"channel": "call", "at": NOW, "subject": "s", "account_id": "hers.account", "contact_ids": ["his.contact"]},
    ),
    "their contact in one's deal": drafted("create", "deal_contact", {"deal_id": "hers.deal", "contact_id": "his.contact"}),
    "consent of their contact": drafted(
        "create", "consent",
        {"contact_id": "his.contact", "channel": "email", "purpose": "marketing", "status": "granted", "at": NOW, "source": "s"},
    ),
    "merge theirs into one's": drafted("merge", "account", {}, "hers.account", "his.account"),
    "merge one's into theirs": drafted("merge", "account", {}, "his.account", "hers.account"),
    "merge contacts": drafted("merge", "contact", {}, "hers.contact", "his.contact"),
    "erase their contact": drafted("erase", "contact", {}, "his.contact"),
    "a custom value of their order": drafted("update", "order", {"custom.x": "1"}, "his.order"),
    "confirm their proposal": lambda s, hers, his: confirm(s, his["proposal"], now=NOW, origin="cli"),
    "reject their proposal": lambda s, hers, his: reject(s, his["proposal"], now=NOW),
    "edit their proposal": lambda s, hers, his: edit(s, his["proposal"], {}, NOW),
    "undo their change": lambda s, hers, his: undo(s, his["change"], now=NOW, origin="cli"),
}  # fmt: skip


@pytest.mark.parametrize("way", WRITES)
def test_a_write_of_somebody_elses_rows_reads_like_one_of_rows_that_do_not_exist(two: Dealings, way: str) -> None:
    refusals = []
    nowhere = {kind: new_id() for kind in two.his}
    before = everything(two.store)
    for his in (two.his, nowhere):
        with pytest.raises(CrmError) as refused, two.store.write(two.mine) as session:
            WRITES[way](session, two.hers, his)
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]
    assert CANARY not in refusals[0].lower()
    assert everything(two.store) == before


ALLOWED = [
    each
    for each in WRITES
    if not each.startswith(("merge", "erase", "a custom value of their", "undo", "move", "their"))
]


@pytest.mark.parametrize("way", ALLOWED)
def test_whose_rows_they_are_may_write_them(two: Dealings, way: str) -> None:
    with two.store.write(two.theirs) as session:
        WRITES[way](session, two.his, two.his)


def everything(store: Store) -> list[str]:
    """What the record says of what people edit and decide."""
    models: tuple[type[Base], ...] = (Account, Contact, Deal, Task, Interaction, Proposal, ProposalItem, Change)
    with store.read(SYSTEM) as session:
        rows = [row for model in models for row in session.query(model).order_by(model.id)]
        return [repr(sorted((key, str(value)) for key, value in vars(row).items() if key[0] != "_")) for row in rows]


def test_a_name_or_address_that_somebody_else_has_is_no_clash(two: Dealings) -> None:
    drafts = [
        Draft("create", "account", {"name": "Zanzibar Mills", "domain": "zanzibar.example"}),
        Draft("create", "contact", {"name": "Zanzibar Blume", "email": "rosa@zanzibar.example", "account_id": two.hers["account"]}),
    ]  # fmt: skip
    made(two, *drafts)
    with two.store.read(two.mine) as session:
        found = session.query(Account).filter_by(name="Zanzibar Mills").one()
        assert found.id != two.his["account"]


def test_an_id_that_somebody_else_has_is_refused_without_a_word_of_theirs(two: Dealings) -> None:
    draft = Draft("create", "account", {"name": "Mine"}, two.his["account"])
    with pytest.raises(CrmError) as refused:
        made(two, draft)
    assert CANARY not in str(refused.value).lower()
    assert str(AMOUNTS[CANARY]) not in str(refused.value)
    with two.store.read(two.mine) as session:
        assert session.get(Account, two.his["account"]) is None


def test_an_account_without_an_owner_is_deleted_by_its_team_with_its_audit(two: Dealings) -> None:
    draft = Draft("create", "account", {"name": "Gone Soon"}, new_id())
    made(two, draft)
    with two.store.write(SYSTEM) as session:
        session.get(Account, draft.entity_id).owner_id = None
    change = made(two, Draft("delete", "account", {}, draft.entity_id))
    with two.store.read(two.mine) as session:
        assert session.get(Account, draft.entity_id) is None
        assert change_summary(session, change)[2] == 1  # whoever deleted it reads what went
    with two.store.read(two.theirs) as session:
        assert session.query(ChangeLine).filter_by(entity_id=draft.entity_id).all() == []


def made(two: Dealings, *drafts: Draft) -> str:
    """What the asker proposes and confirms."""
    with two.store.write(two.mine) as session:
        waiting = propose(session, person_id=two.hers["person"], drafts=drafts, summary="s", origin="cli", now=NOW)
        return confirm(session, waiting, now=NOW, origin="cli")
