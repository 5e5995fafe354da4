"""Whole requests of reps and managers, in their own words: the calls must be exact."""

import pytest

from bot.agent.embedded.plans import Plan
from tests.agent.embedded.more_cases import IN_A_THREAD, MANAGER_ASKS, NO_WRITES, OUTSIDE, REP_ASKS, Told
from tests.agent.embedded.record import MANAGER, after, plan
from tests.agent.embedded.test_understanding import WRITING


def _calls(found: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(call.tool, dict(call.args)) for call in found.calls]


def _of_a_manager(calls: list[tuple[str, dict[str, object]]]) -> list[tuple[str, dict[str, object]]]:
    """A manager's own is the team's."""
    return [(tool, {**args, "owner": "team"} if args.get("owner") == "me" else args) for tool, args in calls]


@pytest.mark.parametrize("told", REP_ASKS, ids=lambda told: told[0][:50])
def test_a_rep_is_understood(told: Told) -> None:
    assert _calls(plan(told[0])) == told[1]


@pytest.mark.parametrize("told", MANAGER_ASKS, ids=lambda told: told[0][:50])
def test_a_manager_is_understood(told: Told) -> None:
    assert _of_a_manager(_calls(plan(told[0], caller=MANAGER))) == told[1]


@pytest.mark.parametrize("told", IN_A_THREAD, ids=lambda told: told[0][:50])
def test_what_is_meant_follows_from_the_conversation(told: Told) -> None:
    memory = after("bluewater", "priya-bluewater", "bw-renewal")
    assert _calls(plan(told[0], memory=memory)) == told[1]


@pytest.mark.parametrize("text", NO_WRITES)
def test_what_is_asked_supposed_or_forbidden_writes_nothing(text: str) -> None:
    assert not [call for call in plan(text).calls if call.tool in WRITING]


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_a_customer_record_cannot_answer_is_refused(text: str) -> None:
    found = plan(text)
    assert (found.calls, found.understood) == ((), False)
