"""The gates hold whatever the ledgers say, and the order is the same every time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.next_actions.candidate import Refusal, Suggestion
from crm_store.next_actions.facts import AccountFact, ConsentFact, EventFact, Facts, RoleFact, SendFact
from crm_store.next_actions.rules import RULES
from tests.crm_store.next_actions.builders import (
    ME,
    TODAY,
    case,
    contact,
    day,
    deal,
    facts,
    on,
    passing,
    plan,
    subscription,
    survey,
    task,
    touch,
)

RULE = {rule.name: rule for rule in RULES}
GRANTED = ConsentFact("contact", "email", "marketing", "granted", day(-100), "1")


def test_marketing_needs_a_grant_and_service_only_no_withdrawal() -> None:
    happy = {"surveys": (survey(),)}
    assert "referral_ask" not in passing(facts(**happy))
    assert "referral_ask" in passing(facts(**happy, consents=(GRANTED,)))
    late = {"tasks": (task(due=on(-1)),)}
    assert "promise_overdue" in passing(facts(**late))
    gone = tuple(
        ConsentFact("contact", channel, "service", "withdrawn", day(-1), channel) for channel in ("email", "phone")
    )
    assert "promise_overdue" not in passing(facts(**late, consents=gone))


def test_the_newest_line_of_the_ledger_counts() -> None:
    withdrawn = replace(GRANTED, status="withdrawn", at=day(-2), id="2")
    again = replace(GRANTED, at=day(-1), id="3")
    happy = {"surveys": (survey(),)}
    assert "referral_ask" not in passing(facts(**happy, consents=(withdrawn, GRANTED)))
    assert "referral_ask" in passing(facts(**happy, consents=(again, withdrawn, GRANTED)))


def test_consent_for_one_channel_or_purpose_is_none_for_another() -> None:
    happy = {"surveys": (survey(),)}
    assert "referral_ask" not in passing(facts(**happy, consents=(replace(GRANTED, purpose="service"),)))
    assert "referral_ask" not in passing(facts(**happy, consents=(replace(GRANTED, channel="post"),)))
    assert "referral_ask" not in passing(facts(**happy, consents=(replace(GRANTED, contact_id="other"),)))


def test_who_asked_not_to_be_contacted_is_not() -> None:
    known = facts(tasks=(task(due=on(-1)),), contacts=(contact(do_not_contact=True),))
    assert passing(known) == set()
    assert {refusal.gate for refusal in plan(known).refused} == {"objection"}


def test_two_touches_in_a_fortnight_are_enough() -> None:
    late = (task(due=on(-1)),)
    twice = (touch("one", -13), touch("two", -2))
    assert "promise_overdue" in passing(facts(tasks=late, touches=twice[:1]))
    assert "promise_overdue" not in passing(facts(tasks=late, touches=twice))
    assert "promise_overdue" not in passing(facts(tasks=late, touches=twice[:1], sends=(SendFact("contact", day(-1)),)))
    assert "promise_overdue" in passing(facts(tasks=late, touches=(touch("old", -15), twice[1])))
    assert "promise_overdue" in passing(
        facts(tasks=late, touches=tuple(replace(t, direction="inbound") for t in twice))
    )


def test_marketing_once_a_week() -> None:
    happy = {"surveys": (survey(),), "consents": (GRANTED,)}
    assert "referral_ask" not in passing(facts(**happy, sends=(SendFact("contact", day(-6)),)))
    assert "referral_ask" in passing(facts(**happy, sends=(SendFact("contact", day(-8)),)))


def event(kind: str, offset: int, until: int | None = None, person: str = ME) -> EventFact:
    return EventFact(person, "close_date_passed", "deal", kind, None if until is None else on(until), day(offset))


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ((event("not_useful", -13),), False),
        ((event("not_useful", -14),), True),
        ((event("not_useful", -60), event("not_useful", -27)), False),
        ((event("not_useful", -60), event("not_useful", -28)), True),
        ((event("not_useful", -1, person="other"),), True),
        ((event("snoozed", -9, until=1),), False),
        ((event("snoozed", -9, until=0),), True),
        ((event("done", -1),), False),
        ((event("done", -15),), True),
        ((event("shown", -1),), True),
    ],
)
def test_a_dismissed_action_stays_away_and_longer_each_time(events: Sequence[EventFact], shown: bool) -> None:
    known = facts(deals=(deal(close_date=on(-3)),), events=tuple(events))
    assert ("close_date_passed" in passing(known)) is shown


def test_one_action_an_account_with_the_others_as_further_reasons() -> None:
    known = facts(deals=(deal(close_date=on(-3), next_step_due=on(-2)),))
    found = plan(known)
    assert len(found.suggestions) == 1
    assert [other.rule for other in found.suggestions[0].also] == ["close_date_passed"]
    assert [refusal.gate for refusal in found.refused] == ["one per account"]


def test_an_open_complaint_blocks_asking_for_favours_and_doubles_making_good() -> None:
    calm = facts(surveys=(survey(),), consents=(GRANTED,), subscriptions=(subscription(),))
    angry = facts(surveys=(survey(),), consents=(GRANTED,), subscriptions=(subscription(),), cases=(case(),))
    assert {"referral_ask", "renewal_due"} <= passing(calm)
    assert "referral_ask" not in passing(angry)
    factor = {one.candidate.rule: one.factors.c for one in plan(angry, limit=3).suggestions}
    assert set(factor.values()) == {2.0}


def test_feedback_moves_a_rule_and_a_lever_turns_it_off() -> None:
    known = facts(deals=(deal(close_date=on(-3)),))
    before = plan(known).suggestions[0].factors
    shown = tuple(EventFact(ME, "close_date_passed", f"deal-{n}", "shown", None, day(-n)) for n in range(20))
    after = plan(replace(known, events=shown)).suggestions[0].factors
    assert after.p < before.p
    assert plan(known, levers={"close_date_passed": -100}).suggestions == ()


CHANNELS, PURPOSES = ("email", "phone", "post"), ("marketing", "service")
PEOPLE = tuple(f"contact-{n}" for n in range(4))


def crowded(seed: int) -> Facts:
    """Four accounts where everything is due, over random ledgers of consent, contact, campaigns and feedback."""
    random = Random(seed)
    rows: dict[str, Any] = {
        "accounts": [],
        "contacts": [],
        "deals": [],
        "roles": [],
        "tasks": [],
        "subscriptions": [],
        "cases": [],
        "surveys": [],
        "touches": [],
        "sends": [],
        "consents": [],
        "events": [],
    }
    for n, person in enumerate(PEOPLE):
        account, key = f"account-{n}", f"deal-{n}"
        rows["accounts"].append(AccountFact(account, account, "customer", ME, random.randrange(10**7)))
        left = on(-random.randrange(30)) if random.random() < 0.2 else None
        rows["contacts"].append(contact(person, account_id=account, do_not_contact=random.random() < 0.2, left_on=left))
        rows["deals"].append(
            deal(
                key,
                account_id=account,
                close_date=on(random.randrange(-9, 9)),
                next_step=random.choice(["", "Call"]),
                next_step_due=on(random.randrange(-9, 9)),
                amount_minor=random.randrange(10**7),
            )
        )
        rows["roles"].append(RoleFact(key, person, "champion"))
        rows["tasks"].append(
            task(f"task-{n}", due=on(random.randrange(-9, 2)), account_id=account, deal_id=key, contact_id=person)
        )
        rows["subscriptions"].append(
            subscription(id=f"subscription-{n}", account_id=account, ends_on=on(random.randrange(100)))
        )
        rows["surveys"].append(
            survey(id=f"survey-{n}", account_id=account, contact_id=person, score=random.choice([8, 9, 10]))
        )
        if random.random() < 0.4:
            rows["cases"].append(
                case(id=f"case-{n}", account_id=account, contact_id=person, satisfaction=random.randrange(1, 6))
            )
        for place in range(random.randrange(5)):
            rows["touches"].append(
                touch(
                    f"touch-{n}-{place}",
                    -random.randrange(40),
                    account_id=account,
                    deal_id=key,
                    contact_ids=frozenset({person}),
                    direction=random.choice(["inbound", "outbound"]),
                    channel=random.choice(["email", "call", "meeting", "note"]),
                )
            )
        rows["sends"] += [SendFact(person, day(-random.randrange(20))) for _ in range(random.randrange(2))]
        for place in range(random.randrange(8)):
            rows["consents"].append(
                ConsentFact(
                    person,
                    random.choice(CHANNELS),
                    random.choice(PURPOSES),
                    random.choice(["granted", "granted", "withdrawn"]),
                    day(-random.randrange(300)),
                    f"{n}-{place}",
                )
            )
        for rule in random.sample(RULES, 3):
            subject = random.choice([key, person, f"task-{n}", f"subscription-{n}"])
            kind = random.choice(["shown", "done", "snoozed", "not_useful"])
            rows["events"].append(
                EventFact(ME, rule.name, subject, kind, on(random.randrange(-5, 9)), day(-random.randrange(60)))
            )
    known: dict[str, Any] = {name: tuple(found) for name, found in rows.items()}
    return Facts(now=day(0, 12), owner_ids=frozenset({ME}), **known)


def violations(known: Facts, one: Suggestion) -> list[str]:
    """What the catalogue forbids, checked from the ledgers alone."""
    candidate, rule, broken = one.candidate, RULE[one.candidate.rule], []
    if rule.customer_facing and candidate.contact_id is not None:
        person = next(c for c in known.contacts if c.id == candidate.contact_id)
        lines = [
            c for c in known.consents if (c.contact_id, c.channel, c.purpose) == (person.id, one.channel, rule.purpose)
        ]
        newest = max(lines, key=lambda line: (line.at, line.id), default=None)
        status = newest.status if newest else None
        if status == "withdrawn" or (rule.purpose == "marketing" and status != "granted"):
            broken.append("consent")
        if person.do_not_contact or person.left_on is not None:
            broken.append("objection")
        reached: list[datetime] = [
            t.at
            for t in known.touches
            if person.id in t.contact_ids and t.direction == "outbound" and t.channel != "note"
        ] + [send.at for send in known.sends if send.contact_id == person.id]
        if sum(known.now - timedelta(days=14) < at <= known.now for at in reached) >= 2:
            broken.append("contact cap")
        sent = [send.at for send in known.sends if send.contact_id == person.id]
        if rule.purpose == "marketing" and any(known.now - timedelta(days=7) < at for at in sent):
            broken.append("marketing cap")
    mine = [e for e in known.events if (e.rule, e.subject_id) == (candidate.rule, candidate.subject_id)]
    dismissed = [e for e in mine if e.event == "not_useful"]
    if dismissed and (TODAY - max(e.at for e in dismissed).date()).days < 14 * 2 ** (len(dismissed) - 1):
        broken.append("cool-down")
    if any(e.event == "snoozed" and e.until is not None and e.until > TODAY for e in mine):
        broken.append("snooze")
    return broken


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9))
def test_no_ledger_makes_a_gate_give_way(seed: int) -> None:
    known = crowded(seed)
    found = plan(known)
    assert [violations(known, one) for one in found.suggestions] == [[] for _ in found.suggestions]
    assert len(found.suggestions) <= 3
    accounts = [one.candidate.account_id for one in found.suggestions]
    assert len(set(accounts)) == len(accounts)
    assert all(refusal.reason.endswith(".") and refusal.gate for refusal in found.refused)
    further = [Suggestion(other, one.factors, None) for one in found.suggestions for other in one.also]
    assert all("cool-down" not in violations(known, one) and "snooze" not in violations(known, one) for one in further)


def test_the_random_ledgers_reach_every_gate() -> None:
    gates = {refusal.gate for seed in range(60) for refusal in plan(crowded(seed)).refused}
    assert {"consent", "objection", "contact cap", "cool-down", "suitable", "one per account", "three at most"} <= gates


def test_the_same_facts_give_the_same_list() -> None:
    known = crowded(7)
    shuffled = replace(known, deals=known.deals[::-1], touches=known.touches[::-1], consents=known.consents[::-1])
    assert plan(known).suggestions == plan(shuffled).suggestions
    assert all(isinstance(refusal, Refusal) for refusal in plan(known).refused)
