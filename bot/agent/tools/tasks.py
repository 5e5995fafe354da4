"""Tools about what is to be done."""

from datetime import date
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_task
from bot.agent.tools.resolving import account_of, asking, owners_of
from bot.agent.tools.shaping import due_words, finished, follow_ups, shown, task_line
from bot.agent.turn import Found, Subject, Turn
from bot.cards import TasksCard
from crm_store.queries import tasks
from crm_store.queries.tasks import TaskFilter


@asking
def list_tasks(
    turn: Turn,
    owner: str = "me",
    due_since: date | None = None,
    due_until: date | None = None,
    overdue: bool = False,
    account: str | None = None,
    status: str = "open",
) -> Found:
    """Tasks by due date. What is overdue is listed first whatever the period, since it is due all the more."""
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        owners = owners_of(session, turn, owner, team_of_manager=False)
        until = _before(turn.today) if overdue else due_until
        include_late = status == "open" and due_since is not None and due_since <= turn.today
        wanted = TaskFilter(
            owner_ids=owners.ids,
            account_id=known.id if known else None,
            status=None if status == "any" else status,
            due_since=None if include_late or overdue else due_since,
            due_until=until,
        )
        page = tasks.tasks(session, wanted, limit=30)
    sources = Sources()
    at = f" at {known.name}" if known else ""
    subjects = [Subject("account", known.id, known.name)] if known else []
    kind = "overdue task" if overdue else "task" if status == "any" else f"{status} task"
    period = "" if overdue else _period(turn, due_since, due_until)
    sources.figure(f"{owners.whose} {kind}s{at}{period}", page.total, "tasks")
    if not page.rows:
        for_whom = "You have" if owners.own else f"{owners.by[:1].upper()}{owners.by[1:]}: "
        return finished(f"**{for_whom} no {kind}s{at}{period}.**", sources, *subjects)
    late = [task for task in page.rows if task.overdue_days(turn.today)]
    lead = f"**{wording.plural(page.total, kind)}{at}{period}**"
    if late and not overdue:
        lead += f", {len(late)} overdue"
        sources.figure("Overdue", len(late), "tasks")
    lines = [lead + (":" if owners.own else f" ({owners.by}):")]
    for task in page.rows[:4]:
        about = f" ({task.account})" if task.account and not known else ""
        lines.append(f"- {task.title}{about}, {due_words(task, turn.today)} {sources.mark(cite_task(task))}")
    if page.total > 4:
        lines.append(f"and {page.total - 4} more below.")
    shown_lines = tuple(task_line(task, turn.today) for task in page.rows[:15])
    sources.cards.append(
        TasksCard(title=f"{kind.capitalize()}s{at}", tasks=shown_lines, more=max(0, page.total - len(shown_lines)))
    )
    first = page.rows[0]
    subjects = [*(Subject("task", task.id, task.title) for task in page.rows[: len(shown_lines)]), *subjects]
    if first.status == "open":
        done = ("Done: first one", f"Complete the task “{first.title}”")
        sources.cards.append(follow_ups(("What next?", "What should I do next?"), done))
    return finished("\n".join(lines), sources, *subjects)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _period(turn: Turn, since: date | None, until: date | None) -> str:
    if since and until:
        if since == until:
            return f" due {'today' if since == turn.today else wording.day(since, turn.today)}"
        return f" due {wording.day(since, turn.today)} to {wording.day(until, turn.today)}"
    if until:
        return f" due by {wording.day(until, turn.today)}"
    return f" due from {wording.day(since, turn.today)}" if since else ""


@tool("list_tasks", response_format="content_and_artifact")
def _list_tasks(
    runtime: ToolRuntime[Turn],
    owner: str = "me",
    due_since: date | None = None,
    due_until: date | None = None,
    overdue: bool = False,
    account: str | None = None,
    status: Literal["open", "done", "any"] = "open",
) -> tuple[str, Found]:
    """List tasks and promises of somebody by due date; `overdue` lists only late ones."""
    return shown(list_tasks(runtime.context, owner, due_since, due_until, overdue, account, status))


TOOLS = [_list_tasks]
