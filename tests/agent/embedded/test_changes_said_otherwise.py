"""Changes of deals, tasks and records in orders and words that few use, and what must not become one."""

import pytest

from tests.agent.embedded.record import MANAGER, plan


def _calls(text: str, *, manager: bool = False) -> list[tuple[str, dict[str, object]]]:
    found = plan(text, caller=MANAGER) if manager else plan(text)
    return [(call.tool, dict(call.args)) for call in found.calls]


GERMAN = {"field": "country", "op": "eq", "value": "Germany"}


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("all my deals in Germany to omitted", "change_deals", {"owner": "me", "where": [GERMAN], "to_forecast_category": "omitted"}),
        ("reassign all deals in Germany to Mei", "change_deals", {"owner": "me", "where": [GERMAN], "to_owner": "mei"}),
        ("all my dels closng this month to commit", "change_deals", {"owner": "me", "closing_since": "2026-11-01", "closing_until": "2026-11-30", "to_forecast_category": "commit"}),
        ("commit all my Tessera deals", "change_deals", {"owner": "me", "account": "tessera", "to_forecast_category": "commit"}),
        ("everything of mine untouched for 90 days, omit it from the forecast please", "change_deals", {"owner": "me", "untouched_days": 90, "to_forecast_category": "omitted"}),
        ("my deals over 100k, put every one into best case", "change_deals", {"owner": "me", "min_amount_minor": 10_000_000, "to_forecast_category": "best_case"}),
        ("any deal of mine older than a year should be set to lost", "change_deals", {"owner": "me", "older_than_days": 365, "to_stage": "lost"}),
        ("everything of mine in proposal: new close date 31 december", "change_deals", {"owner": "me", "stage": "Proposal", "to_close_date": "2026-12-31"}),
        ("push all my December closes out by a week", "change_deals", {"owner": "me", "closing_since": "2026-12-01", "closing_until": "2026-12-31", "shift_days": 7}),
        ("time for a clear out, close lost all my deals sitting in Qualification", "change_deals", {"owner": "me", "stage": "Qualification", "to_stage": "lost"}),
        ("kill everything of mine untouched for 90 days, mark them lost", "change_deals", {"owner": "me", "untouched_days": 90, "to_stage": "lost"}),
        ("move all my deals in qualification back to discovery, they're not ready", "change_deals", {"owner": "me", "stage": "Qualification", "to_stage": "Discovery"}),
        ("Juno Analytics is sorted, tick off every task I have there", "change_tasks", {"owner": "me", "account": "juno", "done": True}),
        ("get rid of every overdue task I have", "change_tasks", {"owner": "me", "overdue": True, "delete": True}),
        ("I'm off for surgery, so Mei gets all my overdue tasks", "change_tasks", {"owner": "me", "overdue": True, "to_owner": "mei"}),
        ("move all my tasks that are overdue or due today to Monday", "change_tasks", {"owner": "me", "due_until": "2026-11-20", "to_due": "2026-11-23"}),
        ("move everything on my list for tomorrow to Wednesday", "change_tasks", {"owner": "me", "due_since": "2026-11-21", "due_until": "2026-11-21", "to_due": "2026-11-25"}),
        ("this week's tasks of mine +3 days", "change_tasks", {"owner": "me", "due_since": "2026-11-16", "due_until": "2026-11-22", "shift_days": 3}),
        ("can all my overdue tasks be moved to Monday", "change_tasks", {"owner": "me", "overdue": True, "to_due": "2026-11-23"}),
    ],
)  # fmt: skip
def test_many_are_changed_in_whatever_order_it_is_said(text: str, tool: str, args: dict[str, object]) -> None:
    assert _calls(text) == [(tool, args)]


@pytest.mark.parametrize(
    "text",
    [
        "reassign all deals in Narnia to Mei",
        "Juno Analytics is sorted, move all my deals to commit",
        "move all my deals to commit, only those over 50k",
        "should all my deals in proposal be lost?",
        "are any of my deals in Germany to be omitted",
        "if all my deals slip, what then",
    ],
)
def test_with_a_word_left_unread_or_a_question_nothing_is_changed(text: str) -> None:
    assert not [tool for tool, _ in _calls(text) if tool.startswith(("change_", "update_"))]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("commit Tessera LIMS upgrade and set the close to 30 dec", {"deal": "tessera-lims", "forecast_category": "commit", "close_date": "2026-12-30"}),
        ("stage on the Bluewater renewal should say qualification", {"deal": "bw-renewal", "stage": "Qualification"}),
        ("The Bluewater renewal slipped, new close date 31 march 2027", {"deal": "bw-renewal", "close_date": "2027-03-31"}),
        ("close date 11 december, stage negotiation, both for the Bluewater dock pilot", {"deal": "bw-pilot", "stage": "Negotiation", "close_date": "2026-12-11"}),
        ("can Falcon Ridge grid monitoring be set to close on the 11th of december", {"deal": "falcon-grid", "close_date": "2026-12-11"}),
        ("forecast category pipeline for Tessera LIMS upgrade please", {"deal": "tessera-lims", "forecast_category": "pipeline"}),
        ("should be commit in the forecast now, Tessera LIMS upgrade", {"deal": "tessera-lims", "forecast_category": "commit"}),
        ("Schedule the kickoff, that's the next step now on Tessera LIMS upgrade", {"deal": "tessera-lims", "next_step": "Schedule the kickoff"}),
        ("we're negotiating Tessera LIMS upgrade now and it grew to 70k, update stage and amount", {"deal": "tessera-lims", "stage": "Negotiation", "amount_minor": 7_000_000}),
        ("set the Bluewater renewal to lost, reason lost to Kolvane", {"deal": "bw-renewal", "stage": "lost", "lost_reason": "Lost to Kolvane"}),
    ],
)  # fmt: skip
def test_a_deal_is_changed_however_it_is_said(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("update_deal", args)]


def test_what_i_did_with_a_deal_is_changed_beside_what_i_log() -> None:
    assert [tool for tool, _ in _calls("I called Rashid and moved Tessera LIMS upgrade to Proposal")] == ["log_interaction", "update_deal"]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("should Tessera LIMS upgrade be 50k or less, then best case for it", {"deal": "tessera-lims", "max_amount_minor": 5_000_000, "to_forecast_category": "best_case"}),
        ("Tessera LIMS upgrade to commit, but only if it's in best case today", {"deal": "tessera-lims", "forecast_category": "best_case", "to_forecast_category": "commit"}),
        ('in case Tessera LIMS upgrade has no next step, set it to "call the buyer"', {"deal": "tessera-lims", "without_next_step": True, "to_next_step": "call the buyer"}),
    ],
)  # fmt: skip
def test_a_condition_is_checked_however_it_is_said(text: str, args: dict[str, object]) -> None:
    assert _calls(text) == [("change_deals", args)]


@pytest.mark.parametrize(
    ("text", "keep", "other"),
    [
        ("Helio GmbH and Helio are the same company, fold them together and keep Helio GmbH", "Helio GmbH", "Helio"),
        ("keep Orbis Logistics, the record Orbis Log is a duplicate of it, so merge them", "Orbis Logistics", "Orbis Log"),
        ("pls combine the two accounts Marlow and Marlow Foods, Marlow Foods should be the one that stays", "Marlow Foods", "Marlow"),
    ],
)
def test_which_record_stays_in_a_merge_is_heard(text: str, keep: str, other: str) -> None:
    assert _calls(text) == [("merge_records", {"keep": keep, "other": other})]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("contact list is a mess, find the dupes", "contact"),
        ("are there people who were entered two times?", "contact"),
        ("dupe accounts?", "account"),
        ("any chance we've got the same customer company listed under two names somewhere", "account"),
    ],
)
def test_what_is_there_twice_is_looked_for(text: str, kind: str) -> None:
    assert _calls(text) == [("find_duplicates", {"kind": kind})]


def test_who_asks_for_what_we_hold_on_them_gets_an_export() -> None:
    assert _calls("Nadine Okoro wants a copy of everything we've stored on them") == [("export_person", {"contact": "nadine-solstice"})]


@pytest.mark.parametrize("text", ["Copperline Rail wants more! create a new deal there, 15k", "met them at the trade fair, please create account Lindhaven Tools, prospect"])
def test_what_leads_to_a_new_record_is_no_request(text: str) -> None:
    ((tool, _),) = _calls(text)
    assert tool.startswith("create_")


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("draft something short to Priya about the renewal, he went quiet", "draft_email", {"contact": "priya-bluewater", "topic": "renewal"}),
        ("pricing mail to Oliver Quist, could you knock one up there", "draft_email", {"contact": "oliver-northgate", "topic": "pricing"}),
        ("Rashid wants to hear about onboarding, prepare an email that I can check later", "draft_email", {"contact": "rashid-quanta", "topic": "onboarding"}),
        ("email draft to Marcus, topic is the renewal", "draft_email", {"contact": "marcus-falcon", "topic": "renewal"}),
        ("give me 3 things to mention to Priya", "account_brief", {"account": "bluewater"}),
        ("subject access request in from Jun Takeda, can you run the export", "export_person", {"contact": "jun-vireo"}),
        ("legal is on my back, they need the GDPR export for Oliver Quist today", "export_person", {"contact": "oliver-northgate"}),
        ("Priya wants a copy of all the personal data we hold, pull it", "export_person", {"contact": "priya-bluewater"}),
        ("fold Quanta into Quanta Textiles, the second one is the real record", "merge_records", {"keep": "Quanta Textiles", "other": "Quanta"}),
        ("Unfortunately we have lost the Bluewater renewal, please close it as lost, reason budget frozen", "update_deal", {"deal": "bw-renewal", "stage": "lost", "lost_reason": "Budget frozen"}),
        ("Change Grace's title to VP of Operations, just got promoted", "update_contact", {"contact": "grace-cedar", "title": "VP of Operations"}),
        ("As new account please open Osterkamp Metallbau", "create_account", {"name": "Osterkamp Metallbau"}),
        ("Viktor keeps nagging so fine, the Quanta deal goes into commit", "update_deal", {"deal": "quanta-loom", "forecast_category": "commit"}),
        ("Procurement shaved a bit off, new value for Falcon Ridge grid monitoring is 88 000", "update_deal", {"deal": "falcon-grid", "amount_minor": 8_800_000}),
    ],
)  # fmt: skip
def test_what_is_said_around_a_change_is_no_part_of_it(text: str, tool: str, args: dict[str, object]) -> None:
    assert _calls(text) == [(tool, args)]
