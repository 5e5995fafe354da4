"""Reading the facts, as one session may see them: a fixed number of queries, however many deals there are."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm_store.models import (
    Account,
    CampaignMember,
    Case,
    Consent,
    Contact,
    Deal,
    DealContact,
    FieldHistory,
    Interaction,
    Participant,
    SuggestionEvent,
    SurveyResponse,
    Task,
)
from crm_store.next_actions.facts import (
    CaseFact,
    ConsentFact,
    ContactFact,
    EventFact,
    Facts,
    RoleFact,
    SendFact,
    SurveyFact,
    TaskFact,
    TouchFact,
)
from crm_store.next_actions.load_values import read_accounts, read_deals, read_subscriptions
from crm_store.queries.pages import filled
from crm_store.reports.money import Rates

LOOK_BACK = timedelta(days=400)
ENOUGH_WON = 5


def load_facts(session: Session, owner_ids: Collection[str], now: datetime, currency: str) -> Facts:
    """What concerns the open deals and the accounts of ``owner_ids``. ``now`` is aware; nothing after it but plans
    is known."""
    owners, today = sorted(owner_ids), now.date()
    rates = Rates.load(session, currency)
    deals = read_deals(session, owners, today, rates)
    known = select(Account.id).where(
        or_(
            Account.owner_id.in_(owners),
            Account.id.in_(select(Deal.account_id).where(Deal.owner_id.in_(owners), Deal.status == "open")),
        )
    )
    subscriptions = read_subscriptions(session, known, today, rates)
    return Facts(
        now=now,
        owner_ids=frozenset(owner_ids),
        deals=deals,
        accounts=read_accounts(session, known, today, rates, deals, subscriptions),
        contacts=filled(
            ContactFact,
            session.execute(
                select(
                    Contact.id,
                    Contact.name,
                    Contact.account_id,
                    Contact.do_not_contact,
                    Contact.left_on,
                    Contact.updated_at,
                )
                .where(Contact.account_id.in_(known))
                .order_by(Contact.id)
            ),
        ),
        roles=filled(
            RoleFact,
            session.execute(
                select(DealContact.deal_id, DealContact.contact_id, DealContact.role)
                .where(DealContact.deal_id.in_(select(Deal.id).where(Deal.owner_id.in_(owners), Deal.status == "open")))
                .order_by(DealContact.deal_id, DealContact.contact_id, DealContact.role)
            ),
        ),
        touches=_touches(session, known, now),
        tasks=filled(
            TaskFact,
            session.execute(
                select(
                    Task.id,
                    Task.title,
                    Task.kind,
                    Task.due,
                    Task.account_id,
                    Task.deal_id,
                    Task.contact_id,
                    Task.owner_id,
                    Task.source_id,
                    Task.created_at,
                )
                .where(Task.status == "open", or_(Task.owner_id.in_(owners), Task.account_id.in_(known)))
                .order_by(Task.id)
            ),
        ),
        subscriptions=subscriptions,
        cases=filled(
            CaseFact,
            session.execute(
                select(
                    Case.id,
                    Case.account_id,
                    Case.contact_id,
                    Case.number,
                    Case.subject,
                    Case.status,
                    Case.priority,
                    Case.opened_at,
                    Case.closed_at,
                    Case.satisfaction,
                )
                .where(Case.account_id.in_(known))
                .order_by(Case.id)
            ),
        ),
        surveys=tuple(
            SurveyFact(row.id, row.account_id, row.contact_id, row.kind, row.score, row.comment or "", row.at)
            for row in session.execute(
                select(
                    SurveyResponse.id,
                    SurveyResponse.account_id,
                    SurveyResponse.contact_id,
                    SurveyResponse.kind,
                    SurveyResponse.score,
                    SurveyResponse.comment,
                    SurveyResponse.at,
                )
                .where(SurveyResponse.account_id.in_(known), SurveyResponse.at <= now)
                .order_by(SurveyResponse.id)
            )
        ),
        consents=filled(
            ConsentFact,
            session.execute(
                select(Consent.contact_id, Consent.channel, Consent.purpose, Consent.status, Consent.at, Consent.id)
                .where(Consent.account_id.in_(known), Consent.at <= now)
                .order_by(Consent.at, Consent.id)
            ),
        ),
        sends=filled(
            SendFact,
            session.execute(
                select(CampaignMember.contact_id, CampaignMember.at)
                .where(
                    CampaignMember.account_id.in_(known), CampaignMember.at <= now, CampaignMember.at > now - LOOK_BACK
                )
                .order_by(CampaignMember.at, CampaignMember.id)
            ),
        ),
        events=filled(
            EventFact,
            session.execute(
                select(
                    SuggestionEvent.person_id,
                    SuggestionEvent.rule,
                    SuggestionEvent.subject_id,
                    SuggestionEvent.event,
                    SuggestionEvent.until,
                    SuggestionEvent.at,
                )
                .where(SuggestionEvent.at <= now)
                .order_by(SuggestionEvent.at, SuggestionEvent.id)
            ),
        ),
        stage_days=_stage_days(session),
    )


def _touches(session: Session, known: Any, now: datetime) -> tuple[TouchFact, ...]:
    recent = (Interaction.account_id.in_(known), Interaction.at > now - LOOK_BACK)
    people: dict[str, set[str]] = defaultdict(set)
    for row in session.execute(
        select(Participant.interaction_id, Participant.contact_id)
        .join(Interaction, Interaction.id == Participant.interaction_id)
        .where(Participant.contact_id.is_not(None), *recent)
    ):
        people[row.interaction_id].add(row.contact_id)
    rows = session.execute(
        select(
            Interaction.id,
            Interaction.at,
            Interaction.channel,
            Interaction.direction,
            Interaction.account_id,
            Interaction.deal_id,
            Interaction.owner_id,
            Interaction.subject,
            func.length(func.trim(Interaction.body)).label("length"),
            Interaction.outcome,
        )
        .where(*recent)
        .order_by(Interaction.at, Interaction.id)
    )
    return tuple(
        TouchFact(
            row.id,
            row.at,
            row.channel,
            row.direction,
            row.account_id,
            row.deal_id,
            row.owner_id,
            row.subject,
            bool(row.length) or bool(row.outcome),
            frozenset(people.get(row.id, ())),
        )
        for row in rows
    )


def _stage_days(session: Session) -> dict[str, int]:
    """The median days that won deals stayed in each stage, where at least :data:`ENOUGH_WON` left it."""
    rows = session.execute(
        select(FieldHistory.entity_id, FieldHistory.old, FieldHistory.new, FieldHistory.at)
        .where(
            FieldHistory.entity == "deal",
            FieldHistory.field == "stage_id",
            FieldHistory.entity_id.in_(select(Deal.id).where(Deal.status == "won")),
        )
        .order_by(FieldHistory.entity_id, FieldHistory.at)
    )
    entered: dict[tuple[str, str], datetime] = {}
    stays: dict[str, list[int]] = defaultdict(list)
    for deal, old, new, at in rows:
        if old and (deal, old) in entered:
            stays[old].append((at - entered[deal, old]).days)
        if new:
            entered[deal, new] = at
    return {stage: round(median(days)) for stage, days in stays.items() if len(days) >= ENOUGH_WON}
