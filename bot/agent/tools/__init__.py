"""What the agent can do: one module per noun, each ending in ``TOOLS``. A new tool is one function there."""

from langchain_core.tools import BaseTool

from bot.agent.tools import (
    accounts,
    bulk_deals,
    bulk_tasks,
    cases,
    contacts,
    custom,
    custom_lists,
    deals,
    duplicates,
    help,
    interactions,
    logging,
    managers,
    next_actions,
    passages,
    purchases,
    reports,
    slips,
    tasks,
    updates,
)

TOOLS: tuple[BaseTool, ...] = (
    *accounts.TOOLS,
    *contacts.TOOLS,
    *interactions.TOOLS,
    *passages.TOOLS,
    *deals.TOOLS,
    *tasks.TOOLS,
    *purchases.TOOLS,
    *cases.TOOLS,
    *custom.TOOLS,
    *custom_lists.TOOLS,
    *logging.TOOLS,
    *updates.TOOLS,
    *bulk_deals.TOOLS,
    *bulk_tasks.TOOLS,
    *next_actions.TOOLS,
    *managers.TOOLS,
    *reports.TOOLS,
    *slips.TOOLS,
    *duplicates.TOOLS,
    *help.TOOLS,
)

__all__ = ["TOOLS"]
