"""One proposal that changes every task, or every account, that meets a condition."""

from datetime import date, timedelta
from typing import Any

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.choosing import (
    MOST_ROWS,
    Line,
    Where,
    condition_words,
    conditions_of,
    excluded_ids,
    fitting,
    period_words,
    proposed_for_all,
)
from bot.agent.tools.resolving import Owners, account_of, asking, owners_of, person_of
from bot.agent.tools.shaping import shown
from bot.agent.turn import Found, Turn
from bot.errors import BadInput
from crm_store.changes import Draft
from crm_store.queries import accounts, tasks
from crm_store.queries.tasks import TaskFacts, TaskFilter


@asking
def change_tasks(
    turn: Turn,
    owner: str = "me",
    account: str | None = None,
    overdue: bool = False,
    due_since: date | None = None,
    due_until: date | None = None,
    where: Where | None = None,
    excluding: list[str] | None = None,
    done: bool = False,
    to_due: date | None = None,
    shift_days: int | None = None,
    to_owner: str | None = None,
    delete: bool = False,
) -> Found:
    """A proposal that changes the open tasks that fit."""
    conditions = conditions_of(where)
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        owners = owners_of(session, turn, owner, team_of_manager=False)
        spared = excluded_ids(session, turn, excluding)
        wanted = TaskFilter(
            ids=fitting(session, turn, "tasks", owners.ids, conditions), owner_ids=owners.ids,
            account_id=known.id if known else None, status="open", due_since=due_since,
            due_until=turn.today - timedelta(days=1) if overdue else due_until,
        )  # fmt: skip
        page = tasks.tasks(session, wanted, limit=MOST_ROWS + 1)
        rows = [row for row in page.rows if not spared & {row.account_id, row.deal_id, row.contact_id}]
        new_owner = person_of(session, turn, to_owner, missing="to_owner") if to_owner else None
    values: dict[str, Any] = {}
    said = []
    if done:
        values["status"] = "done"
        said.append("mark as done")
    if to_due is not None:
        values["due"] = to_due
        said.append(f"due → **{wording.day(to_due, turn.today)}**")
    if shift_days:
        said.append(f"due **{wording.plural(abs(shift_days), 'day')} {'later' if shift_days > 0 else 'earlier'}**")
    if new_owner is not None:
        values["owner_id"] = new_owner.id
        said.append(f"owner → **{new_owner.name}**")
    if not said and not delete:
        raise BadInput("What shall become of them: done, another day, or somebody else's?")
    dated = [row for row in rows if not shift_days or row.due is not None]
    lines = []
    for row in dated:
        new = dict(values)
        if shift_days and row.due is not None:
            new["due"] = row.due + timedelta(days=shift_days)
        if delete:
            lines.append(Line(Draft("delete", "task", {}, entity_id=row.id, label=row.title), _words(row, turn)))
        elif any(getattr(row, name) != value for name, value in new.items()):
            lines.append(Line(Draft("update", "task", new, entity_id=row.id, label=row.title), _words(row, turn)))
    change = "delete" if delete else "; ".join(said)
    total = page.total if page.total > MOST_ROWS else len(dated)
    what = _what(owners, known.name if known else "", "overdue " if overdue else "open ", "tasks")
    extra = [period_words(due_since, due_until, "due", turn), condition_words(conditions)]
    what += "".join(f" {part}" for part in extra if part)
    left_out = f"\n{len(rows) - len(dated)} without a day are left out." if len(dated) < len(rows) else ""
    return proposed_for_all(turn, lines, total, what, "task", change[:1].upper() + change[1:], "", left_out)


@asking
def change_accounts(
    turn: Turn,
    owner: str = "me",
    kind: str | None = None,
    industry: str | None = None,
    untouched_days: int | None = None,
    where: Where | None = None,
    excluding: list[str] | None = None,
    to_owner: str | None = None,
    to_kind: str | None = None,
) -> Found:
    """A proposal that gives every account that fits another owner or kind."""
    conditions = conditions_of(where)
    with turn.read() as session:
        owners = owners_of(session, turn, owner, team_of_manager=False)
        spared = excluded_ids(session, turn, excluding)
        page = accounts.accounts(
            session, now=turn.now, limit=MOST_ROWS + 1, account_ids=fitting(session, turn, "accounts", owners.ids, conditions),
            owner_ids=owners.ids, kind=kind, industry=industry,
            untouched_since=turn.now - timedelta(days=untouched_days) if untouched_days else None,
        )  # fmt: skip
        rows = [row for row in page.rows if row.id not in spared]
        new_owner = person_of(session, turn, to_owner, missing="to_owner") if to_owner else None
    values: dict[str, Any] = {}
    said = []
    if new_owner is not None:
        values["owner_id"] = new_owner.id
        said.append(f"owner → **{new_owner.name}**")
    if to_kind:
        values["kind"] = to_kind
        said.append(f"kind → **{to_kind}**")
    if not values:
        raise BadInput("What shall become of them: another owner or another kind?")
    lines = []
    for row in rows:
        if any(getattr(row, name) != value for name, value in values.items()):
            words = f"{row.name} ({row.kind}{f', {row.owner}' if row.owner else ''})"
            lines.append(Line(Draft("update", "account", values, entity_id=row.id, label=row.name), words))
    what = _what(owners, "", f"{kind} " if kind else "", "accounts")
    extra = [
        f"in {industry}" if industry else "",
        f"untouched for {wording.plural(untouched_days, 'day')}" if untouched_days else "",
        condition_words(conditions),
    ]
    what += "".join(f" {part}" for part in extra if part)
    change = "; ".join(said)
    total = page.total if page.total > MOST_ROWS else len(rows)
    return proposed_for_all(turn, lines, total, what, "account", change[:1].upper() + change[1:], "")


def _what(owners: Owners, account: str, adjective: str, noun: str) -> str:
    mine = "your " if owners.own else ""
    whose = f" of {owners.by}" if not owners.own and owners.ids is not None else ""
    return f"{mine}{adjective}{noun}{whose}{f' for {account}' if account else ''}"


def _words(row: TaskFacts, turn: Turn) -> str:
    about = f" ({row.account})" if row.account else ""
    due = f", due {wording.day(row.due, turn.today)}" if row.due else ""
    whose = f", {row.owner}'s" if row.owner and row.owner_id != turn.caller.person_id else ""
    return f"{row.title}{about}{due}{whose}"


@tool("change_tasks", response_format="content_and_artifact")
def _change_tasks(
    runtime: ToolRuntime[Turn],
    owner: str = "me",
    account: str | None = None,
    overdue: bool = False,
    due_since: date | None = None,
    due_until: date | None = None,
    where: list[dict[str, Any]] | None = None,
    excluding: list[str] | None = None,
    done: bool = False,
    to_due: date | None = None,
    shift_days: int | None = None,
    to_owner: str | None = None,
    delete: bool = False,
) -> tuple[str, Found]:
    """Propose one change of every open task that meets the conditions (owner to excluding), listed row by row: done, another day,
    another owner, or deleted."""
    return shown(
        change_tasks(
            runtime.context, owner, account, overdue, due_since, due_until, where, excluding, done, to_due, shift_days,
            to_owner, delete,
        )
    )  # fmt: skip


@tool("change_accounts", response_format="content_and_artifact")
def _change_accounts(
    runtime: ToolRuntime[Turn],
    owner: str = "me",
    kind: str | None = None,
    industry: str | None = None,
    untouched_days: int | None = None,
    where: list[dict[str, Any]] | None = None,
    excluding: list[str] | None = None,
    to_owner: str | None = None,
    to_kind: str | None = None,
) -> tuple[str, Found]:
    """Propose another owner or kind for every account that meets the conditions (owner to excluding), listed row by row."""
    return shown(
        change_accounts(runtime.context, owner, kind, industry, untouched_days, where, excluding, to_owner, to_kind)
    )


TOOLS = [_change_tasks, _change_accounts]
