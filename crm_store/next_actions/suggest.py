"""From facts to at most three suggestions: rules, gates, scores, one per account."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import SuggestionEvent
from crm_store.next_actions.candidate import Candidate, Factors, Plan, Refusal, Rule, Suggestion
from crm_store.next_actions.facts import Facts
from crm_store.next_actions.gates import Gates
from crm_store.next_actions.load import load_facts
from crm_store.next_actions.quotes import quoted
from crm_store.next_actions.rules import RULES
from crm_store.next_actions.scoring import Scoring, percentile_95

MOST = 3
MOST_FURTHER = 1  # further reasons told with an action
SuggestionEventKind = Literal["shown", "done", "snoozed", "not_useful"]


def suggest(
    session: Session,
    caller_person_ids: Collection[str],
    today: date,
    *,
    person_id: str | None = None,
    now: datetime | None = None,
    currency: str = "EUR",
    account_id: str | None = None,
    limit: int = MOST,
    levers: Mapping[str, int] | None = None,
) -> list[Suggestion]:
    """The next best actions of these people's deals and accounts, best first, never more than :data:`MOST`.

    ``person_id`` is whose snoozes and feedback count (the only person, when one is given). ``now`` is aware and
    defaults to the end of ``today`` in UTC. The same record gives the same list."""
    plan = plan_for(
        session,
        caller_person_ids,
        today,
        person_id=person_id,
        now=now,
        currency=currency,
        account_id=account_id,
        limit=limit,
        levers=levers,
    )
    return list(plan.suggestions)


def plan_for(
    session: Session,
    caller_person_ids: Collection[str],
    today: date,
    *,
    person_id: str | None = None,
    now: datetime | None = None,
    currency: str = "EUR",
    account_id: str | None = None,
    limit: int = MOST,
    levers: Mapping[str, int] | None = None,
) -> Plan:
    """Like :func:`suggest`, with everything that was held back and why."""
    moment = now or datetime.combine(today, time(23, 59, 59), UTC)
    person = person_id or min(caller_person_ids, default="")
    facts = load_facts(session, caller_person_ids, moment, currency)
    plan = decide(facts, today, person, account_id=account_id, limit=limit, levers=levers or {})
    return Plan(quoted(session, plan.suggestions), plan.refused)


def decide(
    facts: Facts,
    today: date,
    person_id: str,
    *,
    account_id: str | None = None,
    limit: int = MOST,
    levers: Mapping[str, int] | None = None,
    rules: Sequence[Rule] = RULES,
) -> Plan:
    """The plan from facts alone; pure and deterministic."""
    ordered, refused = rank(facts, today, person_id, account_id=account_id, levers=levers, rules=rules)
    kept, crowded = _one_per_account(ordered, max(0, min(limit, MOST)))
    return Plan(tuple(kept), (*refused, *crowded))


def rank(
    facts: Facts,
    today: date,
    person_id: str,
    *,
    account_id: str | None = None,
    levers: Mapping[str, int] | None = None,
    rules: Sequence[Rule] = RULES,
) -> tuple[list[Suggestion], list[Refusal]]:
    """Everything that passes the gates of contact, consent and cool-down, best first, and what does not."""
    found = [(rule, candidate) for rule in rules for candidate in rule.find(facts, today)]
    if account_id is not None:
        found = [(rule, candidate) for rule, candidate in found if candidate.account_id == account_id]
    marketing = frozenset(rule.name for rule in rules if rule.purpose == "marketing")
    gates = Gates(facts, today, person_id, marketing)
    cap = percentile_95([candidate.value_minor for _, candidate in found])
    scoring = Scoring(facts, gates, today, person_id, cap, levers or {})
    passing: list[Suggestion] = []
    refused: list[Refusal] = []
    for rule, candidate in found:
        passed = gates.check(rule, candidate)
        if isinstance(passed, Refusal):
            refused.append(passed)
            continue
        factors = scoring.factors(rule, candidate)
        if factors.c == 0.0 or factors.l == 0.0:
            refused.append(Refusal(candidate, "suitable", _blocked(factors)))
            continue
        passing.append(Suggestion(candidate, factors, passed.channel))
    passing.sort(key=lambda one: (-one.score, one.candidate.rule, one.candidate.subject_id))
    return passing, refused


def _blocked(factors: Factors) -> str:
    return "An open complaint comes first." if factors.c == 0.0 else "An administrator turned this rule off."


def _one_per_account(ordered: Sequence[Suggestion], limit: int) -> tuple[list[Suggestion], list[Refusal]]:
    """The best of each account; what else speaks for acting there goes along with it as a further reason."""
    kept: dict[str, Suggestion] = {}
    crowded: list[Refusal] = []
    for one in ordered:
        place = one.candidate.account_id or one.id
        if place in kept:
            best = kept[place]
            if len(best.also) < MOST_FURTHER:
                kept[place] = replace(best, also=(*best.also, one.candidate))
            crowded.append(
                Refusal(one.candidate, "one per account", "Something more urgent on the same account comes first.")
            )
        elif len(kept) >= limit:
            crowded.append(Refusal(one.candidate, "three at most", "Three other actions are worth more now."))
        else:
            kept[place] = one
    return list(kept.values()), crowded


def find_candidate(plan: Plan, action: str) -> Suggestion | Refusal | None:
    """The suggestion or refusal with this id (``rule:subject_id``), if the plan knows it."""
    for suggestion in plan.suggestions:
        if suggestion.id == action:
            return suggestion
    return next((refusal for refusal in plan.refused if refusal.candidate.id == action), None)


def record_event(
    session: Session,
    person_id: str,
    rule: str,
    subject: str,
    subject_id: str,
    event: SuggestionEventKind,
    until: date | None,
    now: datetime,
    factors: Mapping[str, float] | None = None,
) -> None:
    """Keep what a person did with a suggestion, in a writing session. ``until`` is the day a snooze ends.

    A suggestion that was shown before on the same day is not counted as shown again.
    """
    if event == "shown" and _shown_today(session, person_id, rule, subject_id, now):
        return
    session.add(
        SuggestionEvent(
            person_id=person_id,
            rule=rule,
            subject=subject,
            subject_id=subject_id,
            event=event,
            until=until,
            at=now,
            factors=dict(factors or {}),
        )
    )
    session.flush()


def _shown_today(session: Session, person_id: str, rule: str, subject_id: str, now: datetime) -> bool:
    day = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    earlier = select(SuggestionEvent.id).where(
        SuggestionEvent.person_id == person_id,
        SuggestionEvent.rule == rule,
        SuggestionEvent.subject_id == subject_id,
        SuggestionEvent.event == "shown",
        SuggestionEvent.at >= day,
    )
    return session.scalars(earlier.limit(1)).first() is not None


__all__ = ["MOST", "Candidate", "decide", "find_candidate", "plan_for", "rank", "record_event", "suggest"]
