"""What matters to a person today, for Slack's home tab."""

from datetime import timedelta

from bot.agent.tools.deals import list_deals
from bot.agent.tools.next_actions import next_actions
from bot.agent.tools.tasks import list_tasks
from bot.agent.turn import Turn
from bot.cards import Card

DAYS_AHEAD = 30


def home_cards(turn: Turn) -> list[Card]:
    """Next actions, tasks that are due, and the deals that close soon; only what there is."""
    found = (
        next_actions(turn, "me"),
        list_tasks(turn, "me", due_until=turn.today),
        list_deals(turn, "me", closing_since=turn.today, closing_until=turn.today + timedelta(days=DAYS_AHEAD)),
    )
    return [card for each in found for card in each.cards if card.type != "follow_ups"]
