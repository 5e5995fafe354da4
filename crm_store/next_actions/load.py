"""Reading the facts, as one session may see them: a fixed number of queries, and only what a rule may look at.

A team has a hundred thousand interactions, of which its rules need a few thousand; which those are is said in
:mod:`crm_store.next_actions.load_touches`. What the gates ask of a contact is read last, for those whom a rule named."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from statistics import median

from sqlalchemy import and_, or_, select
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
    SuggestionEvent,
    SurveyResponse,
    Task,
)
from crm_store.next_actions.facts import (
    CaseFact,
    ConsentFact,
    ContactFact,
    DealFact,
    EventFact,
    Facts,
    RoleFact,
    SendFact,
    SurveyFact,
    TaskFact,
)
from crm_store.next_actions.gates import CONTACT_DAYS
from crm_store.next_actions.load_touches import LOOK_BACK, Touches, paged, pages
from crm_store.next_actions.load_values import read_accounts, read_deals, read_subscriptions
from crm_store.next_actions.rules import RULES
from crm_store.next_actions.rules.referral_ask import WITHIN_DAYS as SURVEY_DAYS
from crm_store.next_actions.rules.renewal_due import AHEAD_DAYS
from crm_store.next_actions.rules.satisfaction_recovery import BAD_SCORE
from crm_store.next_actions.rules.satisfaction_recovery import WITHIN_DAYS as CASE_DAYS
from crm_store.queries.pages import filled
from crm_store.reports.money import Rates

ENOUGH_WON = 5


def load_facts(session: Session, owner_ids: Collection[str], now: datetime, currency: str) -> Facts:
    """What concerns the open deals and the accounts of ``owner_ids``. ``now`` is aware; nothing after it but plans
    is known."""
    owners, today = sorted(owner_ids), now.date()
    rates = Rates.load(session, currency)
    deals = read_deals(session, owners, today, rates)
    open_deals = [deal.id for deal in deals]
    known = _known(session, owners, deals)
    roles = _roles(session, open_deals)
    tasks = _tasks(session, owners, open_deals, today)
    cases, surveys = _cases(session, known, now), _surveys(session, known, now)
    subscriptions = read_subscriptions(session, known, today, today + timedelta(days=AHEAD_DAYS), rates)
    bad = {case.account_id for case in cases if _is_bad(case)}
    unnamed = {case.account_id for case in cases if _is_bad(case) and case.contact_id is None}
    renewing = {one.account_id for one in subscriptions} | unnamed  # whoever of them spoke last is asked
    touches = Touches(session, now)
    touches.newest_of_deals(open_deals)
    touches.since_heard(sorted({role.contact_id for role in roles if role.role == "champion"}))
    touches.newest_talks(sorted(filter(None, bad)))
    touches.newest_of_contacts(sorted(filter(None, renewing)))
    touches.planned(known)
    touches.meetings(owners)
    touches.named(task.source_id for task in tasks if task.source_id is not None)
    facts = Facts(
        now=now,
        owner_ids=frozenset(owner_ids),
        deals=deals,
        roles=roles,
        tasks=tasks,
        subscriptions=subscriptions,
        cases=cases,
        surveys=surveys,
        touches=touches.read(),
        events=_events(session, now),
        stage_days=_stage_days(session, now),
    )
    people = {role.contact_id for role in roles} | {task.contact_id for task in tasks}
    people |= {survey.contact_id for survey in surveys} | {case.contact_id for case in cases if _is_bad(case)}
    facts = replace(
        facts,
        contacts=_contacts(session, set(filter(None, people)), set(filter(None, renewing))),
        accounts=read_accounts(session, _accounts_of(facts), today, rates, deals),
    )
    return _with_ledgers(session, facts, touches)


def _is_bad(case: CaseFact) -> bool:
    return case.satisfaction is not None and case.satisfaction <= BAD_SCORE and case.closed_at is not None


def _accounts_of(facts: Facts) -> list[str]:
    """The accounts whose owner, name or value a rule may ask for."""
    unwritten = [touch for touch in facts.touches if touch.channel == "meeting" and not touch.written]
    found = {
        row.account_id
        for rows in (facts.cases, facts.surveys, facts.subscriptions, facts.tasks, unwritten)
        for row in rows
    }
    return sorted(filter(None, found))


def _known(session: Session, owners: list[str], deals: Sequence[DealFact]) -> list[str]:
    """The accounts that are theirs, or that their open deals are with. The ids are read once and named in what is asked next:
    a planner cannot tell how many rows a list that is itself a question has, and reads whole tables to be safe."""
    found = set(session.scalars(select(Account.id).where(Account.owner_id.in_(owners))))
    return sorted(found.union(filter(None, (deal.account_id for deal in deals))))


def _roles(session: Session, open_deals: Sequence[str]) -> tuple[RoleFact, ...]:
    statement = select(DealContact.deal_id, DealContact.contact_id, DealContact.role)
    rows = paged(session, statement, DealContact.deal_id, open_deals)
    return filled(RoleFact, sorted(rows))


def _tasks(session: Session, owners: list[str], open_deals: Sequence[str], today: date) -> tuple[TaskFact, ...]:
    """What is planned on the deals, and what was promised and is late."""
    late = and_(Task.owner_id.in_(owners), Task.kind == "promise", Task.due < today)
    columns = (
        Task.id, Task.title, Task.kind, Task.due, Task.account_id, Task.deal_id, Task.contact_id, Task.owner_id,
        Task.source_id, Task.created_at,
    )  # fmt: skip
    still = select(*columns).where(Task.status == "open")
    planned = paged(session, still.where(Task.due >= today), Task.deal_id, open_deals)
    found = {row.id: row for row in (*planned, *session.execute(still.where(late)))}
    return filled(TaskFact, (found[id_] for id_ in sorted(found)))


def _cases(session: Session, known: Sequence[str], now: datetime) -> tuple[CaseFact, ...]:
    """Those that are open, and those that ended badly of late."""
    badly = and_(Case.satisfaction <= BAD_SCORE, Case.closed_at > now - timedelta(days=CASE_DAYS + 1))
    statement = select(
        Case.id, Case.account_id, Case.contact_id, Case.number, Case.subject, Case.status, Case.priority, Case.opened_at,
        Case.closed_at, Case.satisfaction,
    ).where(or_(Case.status != "closed", badly))  # fmt: skip
    return filled(CaseFact, sorted(paged(session, statement, Case.account_id, known), key=itemgetter(0)))


def _surveys(session: Session, known: Sequence[str], now: datetime) -> tuple[SurveyFact, ...]:
    statement = select(
        SurveyResponse.id, SurveyResponse.account_id, SurveyResponse.contact_id, SurveyResponse.kind, SurveyResponse.score,
        SurveyResponse.comment, SurveyResponse.at,
    ).where(
        SurveyResponse.kind == "nps", SurveyResponse.at <= now,
        SurveyResponse.at > now - timedelta(days=SURVEY_DAYS + 1),
    )  # fmt: skip
    rows = sorted(paged(session, statement, SurveyResponse.account_id, known), key=itemgetter(0))
    return tuple(
        SurveyFact(id_, account, contact, kind, score, comment or "", at)
        for id_, account, contact, kind, score, comment, at in rows
    )


def _contacts(session: Session, ids: set[str], account_ids: set[str]) -> tuple[ContactFact, ...]:
    columns = (
        Contact.id, Contact.name, Contact.account_id, Contact.do_not_contact, Contact.left_on, Contact.updated_at,
    )  # fmt: skip
    found = {
        row.id: row
        for column, keys in ((Contact.id, ids), (Contact.account_id, account_ids))
        for page in pages(sorted(keys))
        for row in session.execute(select(*columns).where(column.in_(page)))
    }
    return filled(ContactFact, (found[id_] for id_ in sorted(found)))


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
    asked = sorted(set(filter(None, named)))
    touches.lately_to(asked, CONTACT_DAYS)
    consents: list[ConsentFact] = []
    sends: list[SendFact] = []
    for page in pages(asked):
        lines = select(Consent.contact_id, Consent.channel, Consent.purpose, Consent.status, Consent.at, Consent.id)
        consents += filled(
            ConsentFact, session.execute(lines.where(Consent.contact_id.in_(page), Consent.at <= facts.now))
        )
        since = facts.now - timedelta(days=CONTACT_DAYS)
        reached = select(CampaignMember.contact_id, CampaignMember.at).where(
            CampaignMember.contact_id.in_(page), CampaignMember.at <= facts.now, CampaignMember.at > since
        )
        sends += filled(SendFact, session.execute(reached))
    consents.sort(key=lambda line: (line.at, line.id))
    return replace(facts, touches=touches.read(), consents=tuple(consents), sends=tuple(sends))


def _stage_days(session: Session, now: datetime) -> dict[str, int]:
    """The median days that deals won of late stayed in each stage, where at least :data:`ENOUGH_WON` left it."""
    won = session.scalars(select(Deal.id).where(Deal.status == "won", Deal.closed_at > now - LOOK_BACK)).all()
    moves = select(FieldHistory.entity_id, FieldHistory.at, FieldHistory.old, FieldHistory.new).where(
        FieldHistory.entity == "deal", FieldHistory.field == "stage_id"
    )
    rows = sorted(paged(session, moves, FieldHistory.entity_id, won), key=itemgetter(0, 1))
    entered: dict[tuple[str, str], datetime] = {}
    stays: dict[str, list[int]] = defaultdict(list)
    for deal, at, old, new in rows:
        if old and (deal, old) in entered:
            stays[old].append((at - entered[deal, old]).days)
        if new:
            entered[deal, new] = at
    return {stage: round(median(days)) for stage, days in stays.items() if len(days) >= ENOUGH_WON}
