"""Somebody whose first or last name is that of a known person is not that person."""

import pytest

from tests.agent.embedded.record import plan


@pytest.mark.parametrize(
    ("text", "tool", "key", "value"),
    [
        ("log a call with Priya Sharma: wants a demo", "log_interaction", "contacts", ["Priya Sharma"]),
        ("Priya Sharma wants a demo", "log_interaction", "contacts", ["Priya Sharma"]),
        ("who is Priya Sharma", "contact_details", "contact", "Priya Sharma"),
        ("what's the email of Tomas Karim", "contact_details", "contact", "Tomas Karim"),
        ("may I email Priya Sharma?", "may_contact", "contact", "Priya Sharma"),
        ("task: email Priya Sharma tomorrow", "create_task", "contact", "Priya Sharma"),
    ],
)
def test_an_unknown_name_stays_as_it_was_typed(text: str, tool: str, key: str, value: object) -> None:
    call = plan(text).calls[0]
    assert (call.tool, call.args[key]) == (tool, value)


@pytest.mark.parametrize(
    "text", ["log a call with Priya Raman: wants a demo", "log a call with Priya Ramann: wants a demo", "log a call with Priya: wants a demo", "Log a Call with Priya: Wants a Demo", "met Priya Tuesday, wants a demo", "log call Priya Bluewater wants demo"]
)
def test_the_person_of_the_record_is_still_meant(text: str) -> None:
    assert plan(text).calls[0].args["contacts"] == ["priya-bluewater"]


def test_a_new_contact_may_share_a_first_name() -> None:
    assert dict(plan("add Priya Sharma as contact at Bluewater, head of IT").calls[0].args) == {"name": "Priya Sharma", "account": "bluewater", "title": "head of IT"}


def test_a_namesake_in_small_letters_is_not_taken_for_the_person_of_the_record() -> None:
    (call,) = plan("log a call with priya sharma: wants a demo").calls
    assert call.args["contacts"] == ["priya sharma"]
    (known,) = plan("log a call with priya raman: wants a demo").calls
    assert known.args["contacts"] == ["priya-bluewater"]
    (task,) = plan("call priya tomorrow about the rollout").calls
    assert task.args["contact"] == "priya-bluewater"
