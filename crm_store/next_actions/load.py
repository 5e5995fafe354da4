"""Reading the facts, as one session may see them: a fixed number of queries, and only what a rule may look at.

A team has a hundred thousand interactions, of which its rules need a few thousand; which those are is said in
:mod:`crm_store.next_actions.load_touches`. What the gates ask of a contact is read last, for those whom a rule named."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from crm_store.listed import among
from crm_store.models import Account, CampaignMember, Case, Consent, SuggestionEvent, SurveyResponse, Task
from crm_store.next_actions.facts import (
    CaseFact,
    ConsentFact,
    DealFact,
    EventFact,
    Facts,
    SendFact,
    SurveyFact,
    TaskFact,
)
from crm_store.next_actions.gates import CONTACT_DAYS
from crm_store.next_actions.load_people import People
from crm_store.next_actions.load_stages import stage_days
from crm_store.next_actions.load_touches import Touches
from crm_store.next_actions.load_values import read_accounts, read_deals, read_subscriptions
from crm_store.next_actions.rules import RULES
from crm_store.next_actions.rules.big_deal_at_risk import large_amount
from crm_store.next_actions.rules.referral_ask import WITHIN_DAYS as SURVEY_DAYS
from crm_store.next_actions.rules.renewal_due import AHEAD_DAYS
from crm_store.next_actions.rules.satisfaction_recovery import BAD_SCORE
from crm_store.next_actions.rules.satisfaction_recovery import WITHIN_DAYS as CASE_DAYS
from crm_store.queries.pages import filled
from crm_store.reports.money import Rates


def load_facts(session: Session, owner_ids: Collection[str], now: datetime, currency: str) -> Facts:
    """What concerns the open deals and the accounts of ``owner_ids``. ``now`` is aware; nothing after it but plans
    is known."""
    owners, today = sorted(owner_ids), now.date()
    rates = Rates.load(session, currency)
    deals = read_deals(session, owners, today, rates)
    known = _known(session, owners, deals)
    late = _late(session, owners, now)
    cases, surveys = _cases(session, known, now), _surveys(session, known, now)
    subscriptions = read_subscriptions(session, known, today, today + timedelta(days=AHEAD_DAYS), rates)
    watched = _watched(deals)
    touches = Touches(session, now)
    touches.newest_of_deals(watched)
    touches.newest_talks({case.account_id for case in cases if case.account_id and _is_bad(case)})
    touches.planned(known)
    touches.meetings(owners)
    touches.named({task.source_id for task in late if task.source_id})
    people = People(session)
    people.of_deals([deal.id for deal in deals], touches)
    people.named({row.contact_id for rows in (late, surveys, filter(_is_bad, cases)) for row in rows if row.contact_id})
    unnamed = {case.account_id for case in cases if _is_bad(case) and not people.knows(case.contact_id)}
    renewing = set(filter(None, unnamed.union(one.account_id for one in subscriptions)))
    people.of_accounts(renewing)  # whoever of them spoke last is asked
    touches.newest_of_contacts(renewing)
    facts = Facts(
        now=now,
        owner_ids=frozenset(owner_ids),
        deals=deals,
        contacts=people.contacts(),
        roles=people.roles(),
        tasks=(*late, *_planned(session, watched, today)),
        subscriptions=subscriptions,
        cases=cases,
        surveys=surveys,
        touches=touches.all(),
        events=_events(session, now),
        stage_days=stage_days(session, now),
    )
    facts = replace(facts, accounts=read_accounts(session, _accounts_of(facts, late), today, rates, deals))
    return _with_ledgers(session, facts, touches)


def _watched(deals: Sequence[DealFact]) -> list[str]:
    """The deals of which a rule may ask what happened last and what is planned: the large ones, and those without a step."""
    large = large_amount(deals)
    return [deal.id for deal in deals if not deal.next_step or (large is not None and deal.amount_minor > large)]


def _is_bad(case: CaseFact) -> bool:
    return case.satisfaction is not None and case.satisfaction <= BAD_SCORE and case.closed_at is not None


def _accounts_of(facts: Facts, late: Sequence[TaskFact]) -> set[str]:
    """The accounts whose owner, name or value a rule may ask for."""
    unwritten = [touch for touch in facts.touches if touch.channel == "meeting" and not touch.written]
    asked = (filter(_is_bad, facts.cases), facts.surveys, facts.subscriptions, late, unwritten)
    return {row.account_id for rows in asked for row in rows if row.account_id}


def _known(session: Session, owners: list[str], deals: Sequence[DealFact]) -> set[str]:
    """The accounts that are theirs, or that their open deals are with. The ids are read once and named in what is asked next:
    a planner cannot tell how many rows a list that is itself a question has, and reads whole tables to be safe."""
    found = set(session.scalars(select(Account.id).where(Account.owner_id.in_(owners))))
    return found.union(filter(None, (deal.account_id for deal in deals)))


_TASK = (
    Task.id, Task.title, Task.kind, Task.due, Task.account_id, Task.deal_id, Task.contact_id, Task.owner_id, Task.source_id,
    Task.created_at,
)  # fmt: skip


def _late(session: Session, owners: list[str], now: datetime) -> tuple[TaskFact, ...]:
    """What was promised and is late."""
    late = and_(Task.owner_id.in_(owners), Task.status == "open", Task.kind == "promise", Task.due < now.date())
    return filled(TaskFact, session.execute(select(*_TASK).where(late).order_by(Task.id)))


def _planned(session: Session, deal_ids: Collection[str], today: date) -> tuple[TaskFact, ...]:
    """What is still to be done on these deals."""
    due = (Task.status == "open", Task.due >= today, among(Task.deal_id, deal_ids))
    return filled(TaskFact, session.execute(select(*_TASK).where(*due)))


def _cases(session: Session, known: Collection[str], now: datetime) -> tuple[CaseFact, ...]:
    """Those that are open, and those that ended badly of late."""
    badly = and_(Case.satisfaction <= BAD_SCORE, Case.closed_at > now - timedelta(days=CASE_DAYS + 1))
    statement = select(
        Case.id, Case.account_id, Case.contact_id, Case.number, Case.subject, Case.status, Case.priority, Case.opened_at,
        Case.closed_at, Case.satisfaction,
    ).where(or_(Case.status != "closed", badly), among(Case.account_id, known))  # fmt: skip
    return filled(CaseFact, sorted(session.execute(statement), key=itemgetter(0)))


def _surveys(session: Session, known: Collection[str], now: datetime) -> tuple[SurveyFact, ...]:
    statement = select(
        SurveyResponse.id, SurveyResponse.account_id, SurveyResponse.contact_id, SurveyResponse.kind, SurveyResponse.score,
        SurveyResponse.comment, SurveyResponse.at,
    ).where(
        SurveyResponse.kind == "nps", SurveyResponse.at <= now,
        SurveyResponse.at > now - timedelta(days=SURVEY_DAYS + 1), among(SurveyResponse.account_id, known),
    )  # fmt: skip
    rows = sorted(session.execute(statement), key=itemgetter(0))
    return tuple(
        SurveyFact(id_, account, contact, kind, score, comment or "", at)
        for id_, account, contact, kind, score, comment, at in rows
    )


def _events(session: Session, now: datetime) -> tuple[EventFact, ...]:
    statement = (
        select(
            SuggestionEvent.person_id, SuggestionEvent.rule, SuggestionEvent.subject_id, SuggestionEvent.event,
            SuggestionEvent.until, SuggestionEvent.at,
        )
        .where(SuggestionEvent.at <= now)
        .order_by(SuggestionEvent.at, SuggestionEvent.id)
    )  # fmt: skip
    return filled(EventFact, session.execute(statement))


def _with_ledgers(session: Session, facts: Facts, touches: Touches) -> Facts:
    """``facts`` with what the gates ask: what the contacts whom a rule names agreed to, and how often we wrote of late."""
    named = (one.contact_id for rule in RULES if rule.customer_facing for one in rule.find(facts, facts.now.date()))
    asked = set(filter(None, named))
    touches.lately_with(asked, CONTACT_DAYS)
    lines = select(Consent.contact_id, Consent.channel, Consent.purpose, Consent.status, Consent.at, Consent.id)
    agreed = session.execute(lines.where(among(Consent.contact_id, asked), Consent.at <= facts.now))
    reached = session.execute(
        select(CampaignMember.contact_id, CampaignMember.at).where(
            among(CampaignMember.contact_id, asked), CampaignMember.at <= facts.now,
            CampaignMember.at > facts.now - timedelta(days=CONTACT_DAYS),
        )
    )  # fmt: skip
    consents = sorted(filled(ConsentFact, agreed), key=lambda line: (line.at, line.id))
    return replace(facts, touches=touches.all(), consents=tuple(consents), sends=filled(SendFact, reached))
