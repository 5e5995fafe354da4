"""What the agent can do: one module per noun, each ending in ``TOOLS``. A new tool is one function there."""

from langchain_core.tools import BaseTool

from bot.agent.tools import (
    accounts,
    cases,
    contacts,
    deals,
    help,
    interactions,
    logging,
    managers,
    next_actions,
    passages,
    purchases,
    reports,
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
    *logging.TOOLS,
    *updates.TOOLS,
    *next_actions.TOOLS,
    *managers.TOOLS,
    *reports.TOOLS,
    *help.TOOLS,
)

__all__ = ["TOOLS"]
