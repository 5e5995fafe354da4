"""Tools that propose changes to deals, tasks, contacts and accounts. None of them writes."""

from datetime import date
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot.agent.tools.creating import create_account, create_contact, update_contact
from bot.agent.tools.deal_updates import create_deal, set_role, update_deal
from bot.agent.tools.shaping import shown
from bot.agent.tools.task_updates import complete_task, create_task, update_task
from bot.agent.turn import Found, Turn


@tool("update_deal", response_format="content_and_artifact")
def _update_deal(
    deal: str,
    runtime: ToolRuntime[Turn],
    stage: str | None = None,
    amount_minor: int | None = None,
    currency: str | None = None,
    close_date: date | None = None,
    forecast_category: Literal["pipeline", "best_case", "commit", "omitted"] | None = None,
    next_step: str | None = None,
    next_step_due: date | None = None,
    owner: str | None = None,
    lost_reason: str | None = None,
) -> tuple[str, Found]:
    """Propose a change of a deal: stage (also won or lost), amount in minor units (cents), close date, next step,
    owner."""
    return shown(
        update_deal(
            runtime.context, deal, stage, amount_minor, currency, close_date, forecast_category, next_step,
            next_step_due, owner, lost_reason,
        )
    )  # fmt: skip


@tool("create_task", response_format="content_and_artifact")
def _create_task(
    title: str,
    runtime: ToolRuntime[Turn],
    due: date | None = None,
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    owner: str = "me",
    repeats: str | None = None,
    unless_answered: bool = False,
) -> tuple[str, Found]:
    """Propose a new task or reminder. ``repeats`` ("day", "week", "2 weeks", "month"…) proposes its next few times;
    ``unless_answered`` proposes none when they have answered since our last word."""
    return shown(
        create_task(runtime.context, title, due, account, contact, deal, owner, repeats, unless_answered)
    )


@tool("complete_task", response_format="content_and_artifact")
def _complete_task(task: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Propose to mark a task as done, named by words of its title."""
    return shown(complete_task(runtime.context, task))


@tool("update_task", response_format="content_and_artifact")
def _update_task(
    task: str,
    runtime: ToolRuntime[Turn],
    due: date | None = None,
    shift_days: int | None = None,
    owner: str | None = None,
    title: str | None = None,
    cancel: bool = False,
) -> tuple[str, Found]:
    """Propose a change of one task, named by words of its title: another day (or `shift_days` later, negative for earlier),
    owner or title, or that it is cancelled. Never make a new task of a change."""
    return shown(update_task(runtime.context, task, due, shift_days, owner, title, cancel))


@tool("update_contact", response_format="content_and_artifact")
def _update_contact(
    contact: str,
    runtime: ToolRuntime[Turn],
    email: str | None = None,
    phone: str | None = None,
    title: str | None = None,
    left: bool = False,
) -> tuple[str, Found]:
    """Propose a change of a contact: e-mail, phone, title, or that they left their company."""
    return shown(update_contact(runtime.context, contact, email, phone, title, left))


@tool("create_contact", response_format="content_and_artifact")
def _create_contact(
    name: str,
    account: str,
    runtime: ToolRuntime[Turn],
    title: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    role: str | None = None,
    deal: str | None = None,
) -> tuple[str, Found]:
    """Propose a new contact at an account, with their role on a deal where given."""
    return shown(create_contact(runtime.context, name, account, title, email, phone, role, deal))


@tool("create_deal", response_format="content_and_artifact")
def _create_deal(
    name: str,
    account: str,
    runtime: ToolRuntime[Turn],
    amount_minor: int | None = None,
    currency: str | None = None,
    close_date: date | None = None,
    stage: str | None = None,
) -> tuple[str, Found]:
    """Propose a new deal at an account; the amount is in minor units (cents)."""
    return shown(create_deal(runtime.context, name, account, amount_minor, currency, close_date, stage))


@tool("create_account", response_format="content_and_artifact")
def _create_account(
    name: str,
    runtime: ToolRuntime[Turn],
    kind: Literal["prospect", "customer", "partner", "influencer", "former"] = "prospect",
    domain: str | None = None,
    industry: str | None = None,
    city: str | None = None,
    country: str | None = None,
    phone: str | None = None,
) -> tuple[str, Found]:
    """Propose a new account, owned by the person who asks."""
    return shown(create_account(runtime.context, name, kind, domain, industry, city, country, phone))


@tool("set_role", response_format="content_and_artifact")
def _set_role(
    contact: str, role: str, runtime: ToolRuntime[Turn], deal: str | None = None, account: str | None = None
) -> tuple[str, Found]:
    """Propose which part a contact plays in a deal: champion, economic_buyer, decision_maker, influencer,
    technical_evaluator, legal, procurement, user, blocker."""
    return shown(set_role(runtime.context, contact, role, deal, account))


TOOLS = [
    _update_deal,
    _create_task,
    _complete_task,
    _update_task,
    _update_contact,
    _create_contact,
    _create_deal,
    _create_account,
    _set_role,
]
