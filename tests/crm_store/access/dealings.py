"""Two reps of two teams, each with a whole customer: a deal that is open, one won and one lost, what was said, bought,
complained of and proposed. Every word and every amount of the second one is a canary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy.orm import Session

from crm_store.access import Scope, ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft, propose
from crm_store.conversations import add_turn
from crm_store.custom_fields.defining import add_field
from crm_store.models import (
    Account,
    Campaign,
    CampaignMember,
    Change,
    ChangeLine,
    DealLine,
    Document,
    Merged,
    Person,
    Product,
    Quota,
    Stage,
    SuggestionEvent,
)
from crm_store.passages import NewChunk, NewDocument, keep_document
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders as make
from tests.builders import NOW, TODAY

CANARY = "zanzibar"
PLAIN = "heather"
AMOUNTS = {PLAIN: 1_000_000, CANARY: 7_654_321}
"""What each side's deals and purchases amount to, in minor units; the digits of the second are a canary too."""
SYSTEM = Scope.system("test")
MODEL = "test model"
Ids = Mapping[str, str]


@dataclass(frozen=True)
class Dealings:
    """``hers`` and ``his`` are the ids of each side's rows by kind; ``mine`` is the scope that must see no canary."""

    store: Store
    mine: Scope
    theirs: Scope
    hers: Ids
    his: Ids


def dealings(store: Store) -> Dealings:
    with store.write(SYSTEM) as session:
        stages = make.pipeline(session)
        product = make.product(session, "Loom")
        campaign = Campaign(name="Spring", channel="email", starts_on=TODAY - timedelta(days=30))
        admin = make.person(session, "Adam Root", "admin")
        session.add(campaign)
        session.flush()
        add_field(session, by_id=admin.id, now=NOW, entity="deal", label="Code word", kind="text")
        add_field(session, by_id=admin.id, now=NOW, entity="account", label="Nickname", kind="text")
        people = {}
        for word in (PLAIN, CANARY):
            team = make.team(session, f"{word[0].upper()} team")
            people[word] = make.person(session, f"{word[0].upper()} Rep", team=team)
        sides = {word: _side(session, word, people[word], stages, product, campaign) for word in (PLAIN, CANARY)}
        scopes = {word: caller_for(session, person.email).scope for word, person in people.items()}
    for word, ids in sides.items():
        with store.write(scopes[word]) as session:
            sides[word] = ids | _proposed(session, word, ids)
    return Dealings(store, scopes[PLAIN], scopes[CANARY], sides[PLAIN], sides[CANARY])


def vector(word: str) -> bytes:
    """A direction for everything that a side said."""
    place = 0 if word == PLAIN else 1
    return bytes(np.eye(4, dtype="<f4")[place].tobytes())


def _side(
    session: ScopedSession, word: str, me: Person, stages: Mapping[str, Stage], product: Product, campaign: Campaign
) -> dict[str, str]:
    amount, title = AMOUNTS[word], word.title()
    account = make.account(
        session, f"{title} Mills", me, domain=f"{word}.example", industry=f"{word} industry", phone="+49 30 1234567",
        city=f"{title} City", country=title, description=f"{word} description", annual_revenue_minor=amount,
        custom={"nickname": f"{word} nickname"},
    )  # fmt: skip
    twin = make.account(session, f"{title} Mills Ltd", me, domain=f"{word}.example", kind="prospect")
    one = make.contact(
        session, f"{title} Blume", account, email=f"rosa@{word}.example", title=f"{word} chief", source=word,
        lifecycle="lead",
    )  # fmt: skip
    other = make.contact(session, f"{title} Blume", account, email=f"r.{word}@{word}.example")
    values = {
        "amount_minor": amount,
        "competitor": f"{word} rival",
        "source": f"{word} fair",
        "lost_reason": f"{word} price",
    }
    deal = make.deal(
        session, f"{title} renewal", account, stages["Proposal"], next_step=f"{word} next step",
        close_date=TODAY - timedelta(days=3), created_at=NOW - timedelta(days=80), custom={"code_word": f"{word} secret"},
        **values,
    )  # fmt: skip
    closed = {"closed_at": NOW - timedelta(days=5), "close_date": TODAY - timedelta(days=5)}
    won = make.deal(
        session, f"{title} won", account, stages["Won"], created_at=NOW - timedelta(days=60), **closed, **values
    )
    make.deal(
        session, f"{title} lost", account, stages["Lost"], created_at=NOW - timedelta(days=60), **closed, **values
    )
    make.deal_contact(session, deal, one)
    make.history(
        session, deal, "close_date", "2026-10-01", str(deal.close_date), at=NOW - timedelta(days=2), by_id=me.id
    )
    make.history(session, deal, "amount_minor", str(amount + 11), str(amount), at=NOW - timedelta(days=2), by_id=me.id)
    make.history(
        session, won, "stage_id", stages["Proposal"].id, stages["Won"].id, at=NOW - timedelta(days=5), by_id=me.id
    )
    make.history(
        session, deal, "next_step", f"{word} old step", deal.next_step, at=NOW - timedelta(days=2), by_id=me.id
    )
    said = make.interaction(
        session, account, f"The {word} looms stop every night. We will send the {word} report.", one, deal_id=deal.id,
        subject=f"{word} call", outcome=f"{word} outcome", at=NOW - timedelta(days=40),
    )  # fmt: skip
    task = make.task(
        session, f"Send the {word} report", account, me, due=TODAY - timedelta(days=4), deal_id=deal.id, kind="promise"
    )
    private = make.task(session, f"{word} private errand", None, me, due=TODAY - timedelta(days=1))
    order = make.order(
        session, account, product, amount, TODAY - timedelta(days=200), number=f"{word}-1", contact_id=one.id
    )
    make.subscription(session, account, product, TODAY + timedelta(days=30), amount_minor=amount)
    case = make.case(session, account, f"{word} case", contact_id=one.id, number=f"{word}-7", priority="high")
    make.survey(session, account, 1, comment=f"{word} comment", contact_id=one.id)
    make.consent(session, one, "granted", source=f"{word} form")
    session.add_all([
        DealLine(deal_id=deal.id, product_id=product.id, amount_minor=amount, currency="EUR", account_id=account.id, owner_id=me.id),
        CampaignMember(campaign_id=campaign.id, contact_id=one.id, at=NOW, account_id=account.id, owner_id=me.id),
        Quota(person_id=me.id, starts=TODAY.replace(month=10, day=1), ends=TODAY.replace(month=12, day=31),
              amount_minor=amount, currency="EUR"),
        Merged(entity="account", lost_id=f"{word}-lost", kept_id=account.id, at=NOW, account_id=account.id, owner_id=me.id),
    ])  # fmt: skip
    session.flush()
    ids = {
        "person": me.id, "account": account.id, "twin": twin.id, "contact": one.id, "other": other.id, "deal": deal.id,
        "won": won.id, "interaction": said.id, "task": task.id, "private": private.id, "order": order.id, "case": case.id,
        "stage": deal.stage_id, "lost": f"{word}-lost",
    }  # fmt: skip
    return ids | _searchable(session, word, account, said.id, said.body)


def _searchable(session: ScopedSession, word: str, account: Account, said: str, body: str) -> dict[str, str]:
    document = NewDocument(
        "interaction",
        said,
        "call",
        f"{word} call",
        f"{word} call with {account.name}",
        NOW,
        account.id,
        account.owner_id,
        word,
    )
    keep_document(session, document, [NewChunk(0, body, word, NOW, vector(word))], MODEL)
    kept = session.query(Document).filter_by(source_id=said).one()
    return {"document": kept.id, "chunk": f"{kept.id}:0"}


def _proposed(session: Session, word: str, ids: Ids) -> dict[str, str]:
    """One proposal that waits, one change that was made, a turn of a conversation and what was said of a suggestion."""
    me = ids["person"]
    draft = Draft("update", "deal", {"next_step": f"{word} proposed"}, ids["deal"], label=f"{word} label")
    waiting = propose(
        session, person_id=me, drafts=[draft], summary=f"{word} summary", origin="cli", now=NOW, thread_id="t"
    )
    change = Change(id=new_id(), person_id=me, summary=f"{word} change", origin="cli", at=NOW)
    session.add(change)
    session.flush()
    session.add(ChangeLine(
        change_id=change.id, position=0, action="update", entity="deal", entity_id=ids["deal"], version_after=1,
        before={"next_step": f"{word} before"}, after={"next_step": f"{word} next step"},
        account_id=ids["account"], owner_id=me,
    ))  # fmt: skip
    session.add(SuggestionEvent(
        person_id=me, rule="no_next_step", subject="deal", subject_id=ids["deal"], event="snoozed", at=NOW,
        until=TODAY + timedelta(days=3), factors={word: 1},
    ))  # fmt: skip
    add_turn(session, me, "t", f"What of {word}?", f"{word} answer", {"word": word}, NOW)
    return {"proposal": waiting, "change": change.id}
