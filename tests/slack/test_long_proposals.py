"""A proposal of many rows is one list that names every row."""

import json
from datetime import date
from zoneinfo import ZoneInfo

from bot.cards import FieldChange, ProposalView, ProposedItem
from bot.slack.blocks_proposals import MOST_SINGLE_ITEMS, proposal


def _view(count: int) -> ProposalView:
    change = FieldChange(field="stage_id", label="Stage", old="a", new="b", old_text="Proposal", new_text="Lost")
    items = tuple(
        ProposedItem(id=f"i{at}", action="update", entity="deal", entity_id=f"d{at}", label=f"Deal number {at} & co", changes=(change,))
        for at in range(count)
    )
    return ProposalView(id="p", summary=f"{count} deals: stage Lost", items=items)


def test_every_row_of_a_long_proposal_is_listed_within_what_slack_takes() -> None:
    blocks = proposal(_view(100), ZoneInfo("UTC"), date(2026, 11, 20))
    told = json.dumps(blocks)
    assert all(f"Deal number {at} &amp; co" in told for at in range(100))
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3_000 for block in blocks if block["type"] == "section")
    assert "Confirm all" in told
    assert '"Edit"' not in told


def test_a_short_proposal_keeps_a_button_for_each_row() -> None:
    told = json.dumps(proposal(_view(MOST_SINGLE_ITEMS), ZoneInfo("UTC"), date(2026, 11, 20)))
    assert told.count("Confirm this") == MOST_SINGLE_ITEMS


def test_a_new_line_of_a_ledger_shows_what_it_replaces() -> None:
    """Other new rows have no old values to show."""
    status = FieldChange(field="status", label="Status", old="granted", new="withdrawn", old_text="granted", new_text="withdrawn")
    source = FieldChange(field="source", label="Source", old=None, new="said so", old_text="—", new_text="said so")
    label = "Rosa Blume: email, marketing"
    item = ProposedItem(id="i", action="create", entity="consent", entity_id="c", label=label, changes=(status, source))
    told = json.dumps(proposal(ProposalView(id="p", summary="Consent", items=(item,)), ZoneInfo("UTC"), date(2026, 11, 20)))
    assert "Status \\u2192 *withdrawn* (was: granted)" in told
    assert "Source: said so" in told
