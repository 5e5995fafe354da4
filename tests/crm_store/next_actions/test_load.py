"""What is read for the rules is enough: whoever reads everything comes to the same suggestions, and to the same refusals."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from crm_store.access import Scope, ScopedSession
from crm_store.models import (
    Account,
    CampaignMember,
    Consent,
    Contact,
    DealContact,
    Interaction,
    Participant,
    Person,
    Task,
)
from crm_store.next_actions import decide, load_facts
from crm_store.next_actions.facts import ConsentFact, ContactFact, Facts, RoleFact, SendFact, TaskFact, TouchFact
from crm_store.next_actions.load_touches import LOOK_BACK
from crm_store.next_actions.load_values import read_accounts
from crm_store.people import caller_for
from crm_store.reports.money import Rates
from crm_store.sample import load_sample
from crm_store.store import Store
from tests import builders as make

SYSTEM = Scope.system("test")
DAY = date(2026, 11, 20)


def _with_everything(session: ScopedSession, facts: Facts) -> Facts:
    """``facts`` with every row that the session may see in place of those that were chosen."""
    who: dict[str, set[str]] = defaultdict(set)
    for part in session.scalars(select(Participant).where(Participant.contact_id.is_not(None))):
        who[part.interaction_id].add(part.contact_id or "")
    lines = session.scalars(select(Consent).where(Consent.at <= facts.now).order_by(Consent.at, Consent.id))
    sends = session.scalars(select(CampaignMember).where(CampaignMember.at <= facts.now))
    ids = set(session.scalars(select(Account.id)))
    return replace(
        facts,
        accounts=read_accounts(session, ids, facts.now.date(), Rates.load(session, "EUR"), facts.deals),
        contacts=tuple(
            ContactFact(one.id, one.name, one.account_id, one.do_not_contact, one.left_on, one.updated_at)
            for one in session.scalars(select(Contact).order_by(Contact.id))
        ),
        roles=tuple(
            RoleFact(one.deal_id, one.contact_id, one.role)
            for one in session.scalars(select(DealContact).order_by(DealContact.deal_id, DealContact.contact_id))
        ),
        touches=tuple(
            TouchFact(
                one.id, one.at, one.channel, one.direction, one.account_id, one.deal_id, one.owner_id, one.subject,
                bool(one.body.strip()) or bool(one.outcome), frozenset(who[one.id]),
            )
            for one in session.scalars(
                select(Interaction).where(Interaction.at > facts.now - LOOK_BACK).order_by(Interaction.at, Interaction.id)
            )
        ),
        tasks=tuple(
            TaskFact(
                one.id, one.title, one.kind, one.due, one.account_id, one.deal_id, one.contact_id, one.owner_id,
                one.source_id, one.created_at,
            )
            for one in session.scalars(select(Task).where(Task.status == "open").order_by(Task.id))
        ),
        consents=tuple(
            ConsentFact(one.contact_id, one.channel, one.purpose, one.status, one.at, one.id) for one in lines
        ),
        sends=tuple(SendFact(one.contact_id, one.at) for one in sends if one.contact_id is not None),
    )  # fmt: skip


def _agree(store: Store, email: str, day: date) -> int:
    """How many candidates there were."""
    with store.read(SYSTEM) as session:
        caller = caller_for(session, email)
    with store.read(caller.scope) as session:
        chosen = load_facts(session, caller.covers, datetime.combine(day, time(9), UTC), "EUR")
        every = _with_everything(session, chosen)
    read, whole = (decide(facts, day, caller.person_id) for facts in (chosen, every))
    assert read.suggestions == whole.suggestions
    assert set(read.refused) == set(whole.refused)
    return len(read.suggestions) + len(read.refused)


def test_whoever_reads_every_row_comes_to_the_same_list(store: Store) -> None:
    with store.write(SYSTEM) as session:
        load_sample(session, DAY)
        people = list(session.scalars(select(Person.email).where(Person.active).order_by(Person.email)))
    found = sum(_agree(store, email, DAY + timedelta(days=days)) for email in people for days in (-9, 0, 3))
    assert found > 100


@pytest.mark.parametrize("answered", [5, 11, 12, 13, 14, 15, 30])
def test_a_champion_who_answered_lately_is_not_taken_for_silent(store: Store, answered: int) -> None:
    """They are asked about for a promise too, which reads what we sent them of late."""
    ago = timedelta
    with store.write(SYSTEM) as session:
        ada = make.person(session, "Ada Winter")
        mill = make.account(session, "Pinewood Mills", ada)
        rosa = make.contact(session, "Rosa Blume", mill)
        deal = make.deal(session, "Renewal", mill, make.pipeline(session)["Proposal"], next_step="Call")
        make.deal_contact(session, deal, rosa)
        make.task(session, "Send it", mill, ada, kind="promise", due=DAY - ago(days=1), contact_id=rosa.id)
        make.interaction(
            session, mill, "Yes", rosa, at=make.NOW - ago(days=answered), channel="email", direction="inbound"
        )
        make.interaction(session, mill, "Talk", rosa, at=make.NOW - ago(days=13, hours=22))
        make.interaction(session, mill, "And?", rosa, at=make.NOW - ago(days=4), channel="email", direction="outbound")
        email = ada.email
    assert _agree(store, email, DAY) >= 1
