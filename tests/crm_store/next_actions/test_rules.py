"""Each rule: one planted case that it must find, and near misses that it must not."""

from dataclasses import replace
from typing import Any

import pytest

from crm_store.next_actions.facts import Facts, RoleFact
from crm_store.next_actions.quotes import best_sentence
from crm_store.next_actions.rules import RULES
from tests.crm_store.next_actions.builders import (
    case,
    contact,
    day,
    deal,
    facts,
    found,
    on,
    subscription,
    survey,
    task,
    touch,
)

PLANTED: dict[str, dict[str, Any]] = {
    "no_next_step": {"deals": (deal(next_step="", next_step_due=None),)},
    "next_step_overdue": {"deals": (deal(next_step_due=on(-1)),)},
    "close_date_passed": {"deals": (deal(close_date=on(-1)),)},
    "promise_overdue": {"tasks": (task(due=on(-1)),)},
    "champion_silent": {"touches": (touch("heard", -30, direction="inbound"), touch("tried", -6))},
    "renewal_due": {"subscriptions": (subscription(),)},
    "satisfaction_recovery": {"cases": (case(),)},
    "referral_ask": {"surveys": (survey(),)},
    "contact_left": {"contacts": (contact(left_on=on(-3)),)},
    "meeting_unlogged": {"touches": (touch("meeting", -2, channel="meeting", written=False),)},
    "stale_stage": {"deals": (deal(stage_entered=on(-50)),)},
    "big_deal_at_risk": {
        "deals": (deal(amount_minor=900_000_00), *(deal(f"small-{n}", amount_minor=1_000_00) for n in range(4))),
        "touches": (touch("last", -20),),
    },
}
NEAR_MISSES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "no_next_step",
        "a meeting is planned",
        {"deals": (deal(next_step=""),), "touches": (touch("soon", 2, channel="meeting"),)},
    ),
    ("no_next_step", "a task is due today", {"deals": (deal(next_step=""),), "tasks": (task(kind="task", due=on(0)),)}),
    ("no_next_step", "the deal was made today", {"deals": (deal(next_step="", created=on(0)),)}),
    ("next_step_overdue", "it is due today", {"deals": (deal(next_step_due=on(0)),)}),
    ("next_step_overdue", "there is no step, only a day", {"deals": (deal(next_step="", next_step_due=on(-9)),)}),
    ("close_date_passed", "it closes today", {"deals": (deal(close_date=on(0)),)}),
    ("promise_overdue", "it is due today", {"tasks": (task(due=on(0)),)}),
    ("promise_overdue", "it is a task and no promise", {"tasks": (task(kind="task", due=on(-9)),)}),
    ("promise_overdue", "somebody else promised it", {"tasks": (task(due=on(-9), owner_id="other"),)}),
    (
        "champion_silent",
        "they answered after our mail",
        {"touches": (touch("tried", -30), touch("heard", -20, direction="inbound"))},
    ),
    ("champion_silent", "we did not write to them", {"touches": (touch("heard", -30, direction="inbound"),)}),
    (
        "champion_silent",
        "our mail is of yesterday",
        {"touches": (touch("h", -30, direction="inbound"), touch("t", -1))},
    ),
    (
        "champion_silent",
        "they will meet us",
        {"touches": (*PLANTED["champion_silent"]["touches"], touch("soon", 3, channel="meeting"))},
    ),
    (
        "champion_silent",
        "the silent one is a user",
        {**PLANTED["champion_silent"], "roles": (RoleFact("deal", "contact", "user"),)},
    ),
    ("renewal_due", "a renewal deal is open", {"subscriptions": (subscription(),), "deals": (deal(kind="renewal"),)}),
    ("renewal_due", "it ends after the horizon", {"subscriptions": (subscription(ends_on=on(91)),)}),
    ("renewal_due", "it has ended", {"subscriptions": (subscription(ends_on=on(-1)),)}),
    (
        "satisfaction_recovery",
        "somebody called since",
        {"cases": (case(),), "touches": (touch("call", -4, channel="call"),)},
    ),
    ("satisfaction_recovery", "the score is fair", {"cases": (case(satisfaction=3),)}),
    ("satisfaction_recovery", "it is long ago", {"cases": (case(closed_at=day(-61)),)}),
    (
        "referral_ask",
        "a case is open",
        {"surveys": (survey(),), "cases": (case(status="open", closed_at=None, satisfaction=None),)},
    ),
    ("referral_ask", "the newest score is lower", {"surveys": (survey(), survey(id="later", score=7, at=day(-2)))}),
    ("referral_ask", "the score is an eight", {"surveys": (survey(score=8),)}),
    ("referral_ask", "five out of five is CSAT", {"surveys": (survey(kind="csat", score=10),)}),
    ("contact_left", "they leave next week", {"contacts": (contact(left_on=on(7)),)}),
    (
        "contact_left",
        "a colleague took their part",
        {
            "contacts": (contact(left_on=on(-3)), contact("heir")),
            "roles": (RoleFact("deal", "contact", "champion"), RoleFact("deal", "heir", "champion")),
        },
    ),
    ("meeting_unlogged", "there is a note", {"touches": (touch("meeting", -2, channel="meeting"),)}),
    ("meeting_unlogged", "it is still to come", {"touches": (touch("meeting", 1, channel="meeting", written=False),)}),
    (
        "meeting_unlogged",
        "a colleague held it",
        {"touches": (touch("m", -2, channel="meeting", written=False, owner_id="other"),)},
    ),
    (
        "stale_stage",
        "won deals take as long",
        {"deals": (deal(stage_entered=on(-50)),), "stage_days": {"proposal": 40}},
    ),
    ("big_deal_at_risk", "it was touched last week", {**PLANTED["big_deal_at_risk"], "touches": (touch("last", -7),)}),
    (
        "big_deal_at_risk",
        "all deals are as large",
        {"deals": tuple(deal(f"deal-{n}", created=on(-90)) for n in range(6))},
    ),
]


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_finds_its_planted_case(rule: str) -> None:
    candidates = found(rule, facts(**PLANTED[rule]))
    assert len(candidates) == 1
    assert candidates[0].rule == rule
    assert candidates[0].account_id == "account"
    assert candidates[0].evidence


@pytest.mark.parametrize(
    ("rule", "because", "rows"), NEAR_MISSES, ids=[f"{rule}: {why}" for rule, why, _ in NEAR_MISSES]
)
def test_a_near_miss_is_not_found(rule: str, because: str, rows: dict[str, Any]) -> None:
    assert found(rule, facts(**rows)) == [], because


def test_nothing_is_found_where_nothing_is_due() -> None:
    known = facts()
    assert [candidate for rule in RULES for candidate in found(rule.name, known)] == []


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_source_of_a_reason_is_a_row_that_was_looked_at(rule: str) -> None:
    known = facts(**PLANTED[rule])
    rows = _ids(known)
    for candidate in found(rule, known):
        assert {(ref.kind, ref.id) for ref in candidate.evidence} <= rows
        assert (candidate.subject, candidate.subject_id) in rows


def _ids(known: Facts) -> set[tuple[str, str]]:
    kinds: dict[str, tuple[Any, ...]] = {
        "deal": known.deals,
        "contact": known.contacts,
        "interaction": known.touches,
        "task": known.tasks,
        "subscription": known.subscriptions,
        "case": known.cases,
        "survey": known.surveys,
    }
    return {(kind, row.id) for kind, rows in kinds.items() for row in rows}


def test_a_renewal_far_ahead_asks_for_nothing_yet() -> None:
    far = deal(kind="renewal", close_date=on(300), next_step="", next_step_due=None)
    assert not found("no_next_step", facts(deals=(far,)))
    assert found("no_next_step", facts(deals=(replace(far, close_date=on(100)),)))


def test_whoever_asked_not_to_be_contacted_is_not_the_one_to_speak_to() -> None:
    silent, open_ = contact("silent", do_not_contact=True), contact("open")
    chosen = facts(contacts=(silent, open_)).main_contact("account")
    assert chosen is not None
    assert chosen.id == "open"


def test_a_greeting_is_not_quoted_as_a_reason() -> None:
    assert best_sentence("Cara Giulia,\nwe are more people than we thought.", "") == "we are more people than we thought."
