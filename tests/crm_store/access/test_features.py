"""Who sees what, tried through every feature that reads: each attempt is given the ids of somebody else's rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload, subqueryload

from crm_store import jobs
from crm_store.access import Scope, ScopedSession
from crm_store.changes import change_summary, latest_change, open_proposals, read_proposal
from crm_store.conversations import turns
from crm_store.custom_fields.defining import count_values
from crm_store.duplicates.finding import duplicate_accounts, duplicate_contacts
from crm_store.duplicates.moving import moving, name_of
from crm_store.errors import CrmError
from crm_store.merged import followed, kept_id, kept_ids
from crm_store.models import Account, Change, Contact, Deal, DealContact, Interaction, Job, Proposal
from crm_store.names.loading import NameCache, names_for
from crm_store.next_actions import load_facts, suggest
from crm_store.next_actions.suggest import plan_for
from crm_store.passages import Filter, lexical, passages, permitted_among, permitted_count
from crm_store.passages_vectors import permitted_vectors, vectors
from crm_store.people_data.exporting import export_contact, export_member
from crm_store.people_data.subject import find_contacts
from crm_store.queries import accounts, cases, contacts, custom, deals, documents, interactions, purchases, tasks
from crm_store.queries.deals import DealFilter
from crm_store.queries.interactions import InteractionFilter
from crm_store.queries.tasks import TaskFilter
from crm_store.store import Store
from tests.builders import NOW, TODAY
from tests.crm_store.access.dealings import AMOUNTS, CANARY, MODEL, Dealings, Ids, dealings

Attempt = Callable[[ScopedSession, Ids], Any]


@pytest.fixture
def two(store: Store) -> Dealings:
    return dealings(store)


def attempt(two: Dealings, scope: Scope, run: Attempt, ids: Ids) -> str:
    """Everything that comes back, or what the refusal says."""
    with two.store.read(scope) as session:
        try:
            return repr(run(session, ids))
        except CrmError as refused:
            return f"refused: {refused}"


def leaks(two: Dealings, seen: str) -> list[str]:
    """The canaries in what came back: words, amounts and ids of the other side that were not given away before."""
    return [each for each in (CANARY, str(AMOUNTS[CANARY])) if each in seen.lower()]


def chain(load: Any) -> Attempt:
    """A relationship, loaded from rows of the asker."""
    return lambda s, ids: [[c.name for c in a.contacts] for a in s.scalars(select(Account).options(load)).unique()]


LOADERS: dict[str, Attempt] = {
    "selectin load": chain(selectinload(Account.contacts)),
    "joined load": chain(joinedload(Account.contacts)),
    "inner joined load": chain(joinedload(Account.contacts, innerjoin=True)),
    "subquery load": chain(subqueryload(Account.contacts)),
    "raising load made lazy": chain(lazyload(Account.contacts)),
    "eager from a join": lambda s, ids: [
        [c.name for c in a.contacts]
        for a in s.scalars(
            select(Account).join(Contact, Contact.account_id == Account.id).options(contains_eager(Account.contacts))
        ).unique()
    ],
    "two steps": lambda s, ids: [
        [role.role + str(role.deal_id) + ids["deal"] * (role.deal_id == ids["deal"]) + CANARY * (role.deal_id == ids["deal"])
         for role in deal.contacts]
        for deal in s.scalars(select(Deal).options(selectinload(Deal.contacts)))
    ],
    "proposal items": lambda s, ids: [
        [item.changes for item in row.items] for row in s.scalars(select(Proposal).options(selectinload(Proposal.items)))
    ],
    "change lines": lambda s, ids: [
        [line.before for line in row.lines] for row in s.scalars(select(Change).options(selectinload(Change.lines)))
    ],
    "deals of roles": lambda s, ids: s.execute(select(DealContact.role, Deal.name).join(Deal, Deal.id == DealContact.deal_id)).all(),
}  # fmt: skip
SEARCH: dict[str, Attempt] = {
    "full text": lambda s, ids: passages(s, [id_ for id_, _ in lexical(s, Filter(), CANARY, 9)]),
    "full text of ids": lambda s, ids: [
        CANARY for id_, _ in lexical(s, Filter(), "looms report night", 9) if id_ == ids["chunk"]
    ],
    "full text of an account": lambda s, ids: passages(
        s, [id_ for id_, _ in lexical(s, Filter(account_ids=frozenset({ids["account"]})), "looms", 9)]
    ),
    "full text of a contact": lambda s, ids: passages(
        s, [id_ for id_, _ in lexical(s, Filter(contact_ids=frozenset({ids["contact"]})), "looms", 9)]
    ),
    "hits read again": lambda s, ids: passages(s, [ids["chunk"]]),
    "ids permitted among": lambda s, ids: [CANARY for id_ in permitted_among(s, Filter(), [ids["chunk"]])],
    "permitted of a deal": lambda s, ids: CANARY * permitted_count(s, Filter(deal_ids=frozenset({ids["deal"]})), 9),
    "vectors": lambda s, ids: [CANARY for page in permitted_vectors(s, Filter(), MODEL) for id_, _ in page if id_ == ids["chunk"]],
    "vectors of ids": lambda s, ids: [CANARY for _ in vectors(s, Filter(), [ids["chunk"]], MODEL)],
    "sources of documents": lambda s, ids: [CANARY for _ in documents.sources_of(s, [ids["document"]])],
}
NAMES: dict[str, Attempt] = {
    f"{kind} as {text}": lambda s, ids, kind=kind, text=text: [m.name for m in names_for(s).find(kind, text)]
    for kind, texts in {
        "account": ("Zanzibar Mills", "Zanzibra Mills", "zanzibar.example", "ZANZIBAR", "zanz", "Mills"),
        "contact": ("Zanzibar Blume", "Zanzibar Blumme", "rosa@zanzibar.example", "Blume"),
        "deal": ("Zanzibar renewal", "renewal", "zanzibar renewl"),
        "competitor": ("zanzibar rival", "rival"),
    }.items()
    for text in texts
} | {
    "an id": lambda s, ids: [names_for(s).find(kind, ids[kind]) for kind in ("account", "contact", "deal")],
    "mentions": lambda s, ids: names_for(s).mentions("what of Zanzibar Mills and rosa@zanzibar.example"),
    "kept index": lambda s, ids: NameCache().names(s).mentions("what of Zanzibar Mills"),
}
READS: dict[str, Attempt] = {
    "account": lambda s, ids: accounts.account(s, ids["account"], now=NOW),
    "account named": lambda s, ids: [CANARY for id_ in accounts.named(s, "Zanzibar Mills") if id_ == ids["account"]],
    "contact": lambda s, ids: contacts.contact(s, ids["contact"], now=NOW),
    "roles": lambda s, ids: contacts.roles(s, deal_id=ids["deal"]),
    "consents": lambda s, ids: contacts.consents(s, ids["contact"], now=NOW),
    "deal": lambda s, ids: deals.deal(s, ids["deal"], now=NOW),
    "deals": lambda s, ids: deals.deals(s, DealFilter(), now=NOW),
    "open deals": lambda s, ids: deals.open_deals(s, ids["account"], now=NOW),
    "history of a deal": lambda s, ids: deals.history(s, ids["deal"]),
    "lines of a deal": lambda s, ids: deals.lines(s, ids["deal"]),
    "interaction": lambda s, ids: interactions.interaction(s, ids["interaction"]),
    "interactions": lambda s, ids: interactions.interactions(s, InteractionFilter(account_id=ids["account"]), limit=9),
    "interactions with": lambda s, ids: interactions.interactions(s, InteractionFilter(contact_id=ids["contact"]), limit=9),
    "interaction count": lambda s, ids: CANARY * interactions.count(s, InteractionFilter(ids=frozenset({ids["interaction"]}))),
    "task": lambda s, ids: tasks.task(s, ids["task"]),
    "private task": lambda s, ids: tasks.task(s, ids["private"]),
    "tasks": lambda s, ids: tasks.tasks(s, TaskFilter(owner_ids=frozenset({ids["person"]}))),
    "orders": lambda s, ids: purchases.orders(s, ids["account"]),
    "order totals": lambda s, ids: purchases.order_totals(s, ids["account"]),
    "subscriptions": lambda s, ids: purchases.subscriptions(s, ids["account"]),
    "cases": lambda s, ids: cases.cases(s, account_id=ids["account"]),
    "surveys": lambda s, ids: cases.surveys(s, account_id=ids["account"]),
    "custom fields of a deal": lambda s, ids: custom.custom_of(s, "deal", ids["deal"]),
    "custom fields of many": lambda s, ids: custom.customs_of(s, "account", [ids["account"]]),
    "a number": lambda s, ids: custom.numbered(s, "order", f"{CANARY}-1"),
    "custom values": lambda s, ids: CANARY * (count_values(s, "deal", "code_word") == 1 and s.get(Deal, ids["deal"]) is not None),
    "duplicate accounts": lambda s, ids: duplicate_accounts(s),
    "duplicates of an account": lambda s, ids: duplicate_accounts(s, about=ids["account"]),
    "duplicate contacts": lambda s, ids: duplicate_contacts(s),
    "what would move": lambda s, ids: CANARY * sum(moving(s, "account", ids["account"]).counts.values()),
    "name of a duplicate": lambda s, ids: name_of(s, "account", ids["account"], fully=True),
    "merged id": lambda s, ids: CANARY * (kept_id(s, "account", ids["lost"]) == ids["account"]),
    "merged ids": lambda s, ids: kept_ids(s, "account", [ids["lost"]]),
    "values of a merged row": lambda s, ids: CANARY * (followed(s, {"account_id": ids["lost"]})["account_id"] != ids["lost"]),
    "facts for next actions": lambda s, ids: load_facts(s, {ids["person"]}, NOW, "EUR"),
    "next actions": lambda s, ids: suggest(s, {ids["person"]}, TODAY, now=NOW),
    "what was held back": lambda s, ids: plan_for(s, {ids["person"]}, TODAY, now=NOW, account_id=ids["account"]),
    "proposal": lambda s, ids: read_proposal(s, ids["proposal"]),
    "proposals that wait": lambda s, ids: CANARY * len(open_proposals(s, ids["person"], "t")),
    "change": lambda s, ids: change_summary(s, ids["change"]),
    "newest change": lambda s, ids: CANARY * (latest_change(s, ids["person"]) is not None),
    "conversation": lambda s, ids: turns(s, ids["person"], "t", 9),
    "export of a contact": lambda s, ids: export_contact(s, ids["contact"], made_by="test", now=NOW),
    "export of a colleague": lambda s, ids: export_member(s, ids["person"], made_by="test", now=NOW),
    "contact to export": lambda s, ids: [row.name for row in find_contacts(s, "Zanzibar Blume")],
    "contact to export by address": lambda s, ids: [row.name for row in find_contacts(s, "rosa@zanzibar.example")],
    "interactions of a period": lambda s, ids: interactions.interactions(
        s, InteractionFilter(since=NOW - timedelta(days=99)), limit=9
    ),
    "links": lambda s, ids: s.scalars(select(Interaction.subject).where(Interaction.id == ids["interaction"])).all(),
}  # fmt: skip
ALL = LOADERS | SEARCH | READS | {f"name: {each}": run for each, run in NAMES.items()}


@pytest.mark.parametrize("feature", ALL)
def test_no_feature_tells_of_somebody_elses_customer(two: Dealings, feature: str) -> None:
    for scope in (two.mine, Scope(two.hers["person"], None, frozenset({two.hers["account"]}))):
        if scope is two.mine or feature not in OF_A_PERSON:
            assert leaks(two, attempt(two, scope, ALL[feature], two.his)) == [], feature
    assert leaks(two, attempt(two, two.theirs, ALL[feature], two.his)), "the attempt must see the canary where it may"


OF_A_PERSON = frozenset({
    "proposal", "proposal items", "proposals that wait", "change", "newest change", "conversation", "export of a colleague",
    "change lines",
})  # fmt: skip
"""What belongs to a person and is kept apart by whose it is, not by accounts."""


def test_the_payload_of_a_job_is_read_by_the_service_alone(two: Dealings) -> None:
    with two.store.write(two.theirs) as session:
        jobs.keep(session, "note", "a key", {"word": CANARY}, now=NOW)
    for scope in (two.mine, two.theirs):
        with two.store.read(scope) as session:
            assert jobs.payload_of(session, "a key") is None
            assert session.scalars(select(Job)).all() == []
            assert jobs.waiting(session) == []
    with two.store.read(Scope.system("test")) as session:
        assert jobs.payload_of(session, "a key") == {"word": CANARY}
