"""The answers as Rapport gives them, through the doors that its tools use. Each returns what its SQL must equal."""

from datetime import timedelta
from typing import Any

from crm_store import passages
from crm_store.access import ScopedSession
from crm_store.next_actions import plan_for
from crm_store.passages import Filter
from crm_store.queries import deals, interactions, tasks
from crm_store.queries.deals import DealFilter
from crm_store.queries.interactions import InteractionFilter
from crm_store.queries.tasks import TaskFilter
from crm_store.reports import Condition, ReportSpec, resolve, run
from crm_store.reports.changed import bridge
from crm_store.reports.standing import standing
from tests.benchmarks.measured.asking import MONDAY, NOW, QUARTER, SETTINGS, TODAY, UNTOUCHED, WORDS, Asking

Answer = Any

OPEN_BY_STAGE = ReportSpec(
    measures=("sum", "count"), filter=Condition(field="status", op="eq", value="open"), group_by=("stage",)
)


def pipeline(session: ScopedSession, ask: Asking) -> Answer:
    found = run(session, OPEN_BY_STAGE, TODAY, SETTINGS)
    return {row.labels[0]: (row.values[0], row.values[1]) for row in found.rows}


def week(session: ScopedSession, ask: Asking) -> Answer:
    """Tasks due by Sunday, deals that close by then, and the week's interactions."""
    mine, sunday = frozenset({ask.rep.person_id}), TODAY + timedelta(days=2)
    due = tasks.tasks(session, TaskFilter(owner_ids=mine, status="open", due_until=sunday), limit=30)
    closing = deals.deals(session, DealFilter(owner_ids=mine, status="open", closing_until=sunday), now=NOW, limit=10)
    done = interactions.interactions(session, InteractionFilter(owner_ids=mine, since=MONDAY, until=NOW), limit=30)
    return (
        ([row.id for row in due.rows], due.total),
        ([(row.id, row.pushes, row.last_touch) for row in closing.rows], closing.total, closing.sums),
        ([(row.id, sorted(p.name for p in row.participants)) for row in done.rows], done.total),
    )


def untouched(session: ScopedSession, ask: Asking) -> Answer:
    wanted = DealFilter(owner_ids=frozenset({ask.rep.person_id}), status="open", untouched_since=UNTOUCHED)
    found = deals.deals(session, wanted, now=NOW, order="untouched", limit=10)
    return [(row.id, row.pushes, row.last_touch) for row in found.rows], found.total, found.sums


def timeline(session: ScopedSession, ask: Asking) -> Answer:
    found = interactions.interactions(session, InteractionFilter(deal_id=ask.deal_id, until=NOW), limit=20)
    return [(row.id, row.body, sorted(p.name for p in row.participants)) for row in found.rows], found.total


def last_touches(session: ScopedSession, ask: Asking) -> Answer:
    """Every open deal of the team as a list shows it, with its last touch."""
    found = deals.deals(session, DealFilter(owner_ids=ask.team, status="open"), now=NOW, limit=10_000)
    return {row.id: row.last_touch for row in found.rows}


SINCE_TOUCHED = ReportSpec(measures=("days_since_last_touch", "count"), group_by=("owner",))


def every_touch(session: ScopedSession, ask: Asking) -> Answer:
    """How long ago the last touch of every deal was, open or closed: on average per owner."""
    found = run(session, SINCE_TOUCHED, TODAY, SETTINGS)
    return {row.labels[0]: (row.values[0], row.values[1]) for row in found.rows}


def changed(session: ScopedSession, ask: Asking) -> Answer:
    """Every move to the cent; both ends to the hundred: whether each deal is rounded to the cent or each currency is no
    difference in what changed."""
    found = bridge(session, MONDAY, NOW, SETTINGS, owner_ids=ask.team)
    return (
        round(found.opening_minor, -4), round(found.closing_minor, -4), found.opening_deals, found.closing_deals,
        sorted((move.deal_id, move.deal, move.kind, move.delta_minor) for move in found.moves),
    )  # fmt: skip


def search(session: ScopedSession, ask: Asking) -> Answer:
    return [round(score, 4) for _, score in passages.lexical(session, Filter(), WORDS, 20)]


def stands(session: ScopedSession, ask: Asking) -> Answer:
    days = resolve(QUARTER, TODAY, SETTINGS)
    at = standing(session, days, TODAY, SETTINGS, ask.team)
    return (
        at.quota_minor, at.won_minor, at.won_deals, at.lost_minor, at.lost_deals, at.commit_minor, at.best_case_minor,
        at.pipeline_minor, at.overdue_minor, at.overdue_deals,
    )  # fmt: skip


def actions_of_rep(session: ScopedSession, ask: Asking) -> Answer:
    return _actions(session, frozenset({ask.rep.person_id}), ask.rep.person_id)


def actions_of_team(session: ScopedSession, ask: Asking) -> Answer:
    return _actions(session, ask.team, ask.manager.person_id)


def _actions(session: ScopedSession, owners: frozenset[str], person_id: str) -> Answer:
    plan = plan_for(session, owners, TODAY, person_id=person_id, now=NOW)
    return [(one.id, round(one.score, 6)) for one in plan.suggestions]
